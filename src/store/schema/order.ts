// Orders with everything that ever happened to them.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { BrokerOrderId, ClientOrderId, Symbol } from '../../domain/ids.ts';
import type { Legs } from '../../domain/legs.ts';
import type { Price, Qty } from '../../domain/money.ts';
import { type LegFill, type OrderState, type OrderType, orderStates, type Purpose, type TimeInForce } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import { at, day, holds, integers, json, oneOf, owner, strategy, usd } from '../columns.ts';
import { ofTurn } from './run.ts';

export const orders = sqliteTable(
  'orders',
  {
    id: text('id').$type<ClientOrderId>().primaryKey(),
    strategy: strategy(),
    purpose: text('purpose').$type<Purpose>().notNull(),
    day: day(),
    /** Of the first leg; for look-ups by name. */
    underlying: text('underlying').$type<Symbol>().notNull(),
    legs: json<Legs>('legs').notNull(),
    qty: integer('qty').$type<Qty>().notNull(),
    type: text('type').$type<OrderType>().notNull(),
    tif: text('tif').$type<TimeInForce>().notNull(),
    limit: integer('limit_price').$type<Price>(),
    stop: integer('stop_price').$type<Price>(),
    ladder: text('ladder').notNull(),
    rung: integer('rung').notNull(),
    verdictSeq: integer('verdict_seq').notNull(),
    payloadHash: text('payload_hash').notNull(),
    state: text('state').$type<OrderState>().notNull(),
    brokerId: text('broker_id').$type<BrokerOrderId>(),
    reserve: usd('reserve'),
    attempts: integer('attempts').notNull(),
    recordedAt: at('recorded_at'),
    closedAt: integer('closed_at').$type<EpochMs>(),
    reason: text('reason'),
    cumQty: integer('cum_qty').notNull(),
    cumCash: usd('cum_cash'),
    fills: json<readonly LegFill[]>('fills').notNull(),
    assumed: json<readonly string[]>('assumed').notNull(),
    /** The turn that last changed this row. */
    seq: ofTurn(),
  },
  (t) => [
    uniqueIndex('orders_by_broker_id').on(t.brokerId),
    index('orders_by_state').on(t.state),
    index('orders_by_day').on(t.day),
    index('orders_by_ladder').on(t.ladder),
    oneOf('orders', 'state', orderStates),
    oneOf('orders', 'purpose', ['O', 'C', 'P', 'R']),
    oneOf('orders', 'type', ['limit', 'market', 'stop']),
    oneOf('orders', 'tif', ['day', 'gtc']),
    holds('orders_cumulative', 'qty >= 1 AND cum_qty BETWEEN 0 AND qty'),
    integers(
      'orders',
      ['qty', 'rung', 'verdict_seq', 'reserve', 'attempts', 'recorded_at', 'cum_qty', 'cum_cash'],
      ['limit_price', 'stop_price', 'closed_at'],
    ),
  ],
);

/** A column that names an order. */
export const orderId = () =>
  text('order_id')
    .$type<ClientOrderId>()
    .notNull()
    .references(() => orders.id);

/** Each after-image of an order, in short. */
export const orderEvents = sqliteTable(
  'order_events',
  {
    orderId: orderId(),
    seq: ofTurn(),
    at: at(),
    state: text('state').$type<OrderState>().notNull(),
    cumQty: integer('cum_qty').notNull(),
    cumCash: usd('cum_cash'),
    attempts: integer('attempts').notNull(),
    brokerId: text('broker_id').$type<BrokerOrderId>(),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.seq] }),
    oneOf('order_events', 'state', orderStates),
    integers('order_events', ['cum_qty', 'cum_cash']),
  ],
);

/** Each time an order's bytes may have left, and what came back. */
export const attempts = sqliteTable(
  'attempts',
  {
    orderId: orderId(),
    attempt: integer('attempt').notNull(),
    seq: ofTurn(),
    at: at(),
    outcome: text('outcome'),
    detail: text('detail'),
    outcomeSeq: integer('outcome_seq'),
    outcomeAt: integer('outcome_at').$type<EpochMs>(),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.attempt] }), integers('attempts', ['attempt', 'at'], ['outcome_seq', 'outcome_at'])],
);

export const fills = sqliteTable(
  'fills',
  {
    order: orderId(),
    legNo: integer('leg_no').notNull(),
    cumQty: integer('cum_qty').notNull(),
    symbol: text('symbol').$type<Symbol>().notNull(),
    owner: owner(),
    qty: integer('qty').notNull(),
    price: integer('price').$type<Price>().notNull(),
    cash: usd('cash'),
    at: at(),
    day: day(),
    brokerId: text('broker_id').$type<BrokerOrderId>().notNull(),
    assumed: json<readonly string[]>('assumed').notNull(),
    seq: ofTurn(),
  },
  (t) => [
    primaryKey({ columns: [t.order, t.legNo, t.cumQty] }),
    index('fills_by_day').on(t.day),
    index('fills_by_symbol').on(t.symbol),
    holds('fills_counted', 'leg_no >= 0 AND cum_qty >= 1 AND qty <> 0'),
    integers('fills', ['leg_no', 'cum_qty', 'qty', 'price', 'cash', 'at']),
  ],
);
