// Trades, what would close them, the lots they hold, and the closures that end them.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Json } from '../../domain/decision.ts';
import { type ArmedExit, type ExitKind, exitKinds } from '../../domain/exit-rule.ts';
import type { ClientOrderId, StrategyId, Symbol } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Legs } from '../../domain/legs.ts';
import type { LotCause, LotOrigin } from '../../domain/lot.ts';
import type { NetQty } from '../../domain/money.ts';
import { ledgerKinds } from '../../domain/position.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import type { TradeHolding } from '../../domain/trade.ts';
import { at, day, holds, integers, json, oneOf, owner, usd } from '../columns.ts';
import { orders } from './order.ts';
import { ofTurn } from './run.ts';

const units = (name: string) => integer(name).$type<NetQty>().notNull();

export const trades = sqliteTable(
  'trades',
  {
    /** The ladder key of the walk that opened it. */
    id: text('id').primaryKey(),
    owner: text('owner').$type<StrategyId>().notNull(),
    underlying: text('underlying').$type<Symbol>().notNull(),
    legs: json<Legs>('legs').notNull(),
    code: text('code').$type<ReasonCode>().notNull(),
    why: text('why').notNull(),
    maxLoss: usd('max_loss'),
    thesis: json<Json>('thesis').notNull(),
    openedAt: at('opened_at'),
    openedDay: day('opened_day'),
    units: integer('units').notNull(),
    entryCash: usd('entry_cash'),
    held: json<readonly TradeHolding[]>('held').notNull(),
    realized: usd('realized'),
    /** The last three are NULL while anything is held; the reason also when the decision behind the last exit is not on record. */
    closedAt: integer('closed_at').$type<EpochMs>(),
    closedDay: text('closed_day').$type<TradingDay>(),
    exit: text('exit').$type<ReasonCode>(),
    /** The turn that last changed this row. */
    seq: ofTurn(),
  },
  (t) => [
    index('trades_by_owner').on(t.owner, t.openedAt),
    index('trades_by_closing').on(t.closedDay),
    holds('trades_closed', '(closed_at IS NULL) = (closed_day IS NULL) AND (exit IS NULL OR closed_at IS NOT NULL)'),
    integers('trades', ['max_loss', 'opened_at', 'units', 'entry_cash', 'realized'], ['closed_at']),
  ],
);

/** What would close a trade: a row for each reason, at its present levels. */
export const exitRules = sqliteTable(
  'exit_rules',
  {
    trade: text('trade_id')
      .notNull()
      .references(() => trades.id),
    code: text('code').$type<ReasonCode>().notNull(),
    owner: text('owner').$type<StrategyId>().notNull(),
    kind: text('kind').$type<ExitKind>().notNull(),
    when: json<ArmedExit['when']>('terms').notNull(),
    /** Packages it closes; NULL for all that are left. */
    units: integer('units'),
    /** The order that rests at the broker for it. */
    order: text('order_id')
      .$type<ClientOrderId>()
      .references(() => orders.id),
    /** Since when it stands at these levels. */
    armedAt: at('armed_at'),
    /** How often it began to close something, and when it last did. */
    fired: integer('fired').notNull(),
    firedAt: integer('fired_at').$type<EpochMs>(),
    /** NULL while it is armed. */
    disarmedAt: integer('disarmed_at').$type<EpochMs>(),
    /** The turn that last changed this row. */
    seq: ofTurn(),
  },
  (t) => [
    primaryKey({ columns: [t.trade, t.code] }),
    oneOf('exit_rules', 'kind', exitKinds),
    holds('exit_rules_fired', '(fired = 0) = (fired_at IS NULL) AND fired >= 0'),
    integers('exit_rules', ['armed_at', 'fired'], ['units', 'fired_at', 'disarmed_at']),
  ],
);

export const lots = sqliteTable(
  'lots',
  {
    /** Key of the fill or ledger row that opened it. */
    id: text('id').primaryKey(),
    owner: owner(),
    symbol: text('symbol').$type<Symbol>().notNull(),
    underlying: text('underlying').$type<Symbol>().notNull(),
    instrument: json<Instrument>('instrument').notNull(),
    trade: text('trade_id').references(() => trades.id),
    origin: text('origin').$type<LotOrigin>().notNull(),
    openedAt: at('opened_at'),
    openedDay: day('opened_day'),
    /** The turn that opened it; for lots of one turn the order of their rows decides which is older. */
    openedSeq: ofTurn('opened_seq'),
    qty: units('qty'),
    cash: usd('cash'),
    qtyLeft: units('qty_left'),
    cashLeft: usd('cash_left'),
    /** The turn that last changed this row. */
    seq: ofTurn(),
  },
  (t) => [
    index('lots_by_holding').on(t.owner, t.symbol),
    index('lots_by_trade').on(t.trade),
    oneOf('lots', 'origin', ['fill', 'held', ...ledgerKinds]),
    holds('lots_left', 'qty <> 0 AND abs(qty_left) <= abs(qty) AND qty_left * qty >= 0 AND (qty_left <> 0 OR cash_left = 0)'),
    integers('lots', ['opened_at', 'qty', 'cash', 'qty_left', 'cash_left']),
  ],
);

export const closures = sqliteTable(
  'closures',
  {
    lot: text('lot_id')
      .notNull()
      .references(() => lots.id),
    /** Key of the fill or ledger row that closed it. */
    by: text('by_key').notNull(),
    kind: text('kind').$type<LotCause>().notNull(),
    at: at(),
    day: day(),
    qty: units('qty'),
    cash: usd('cash'),
    realized: usd('realized'),
    code: text('code').$type<ReasonCode>(),
    seq: ofTurn(),
  },
  (t) => [
    primaryKey({ columns: [t.lot, t.by] }),
    index('closures_by_day').on(t.day),
    oneOf('closures', 'kind', ['fill', ...ledgerKinds]),
    holds('closures_counted', 'qty <> 0'),
    integers('closures', ['at', 'qty', 'cash', 'realized']),
  ],
);
