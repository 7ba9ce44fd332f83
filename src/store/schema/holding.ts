// What is held and remembered between turns.
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Json } from '../../domain/decision.ts';
import type { IvReading } from '../../domain/event.ts';
import type { StrategyId, Symbol } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { NetQty } from '../../domain/money.ts';
import { type Cycle, type LedgerKind, ledgerKinds } from '../../domain/position.ts';
import { at, day, holds, integers, json, oneOf, owner, usd } from '../columns.ts';
import { ofTurn } from './run.ts';

export const ledger = sqliteTable(
  'ledger',
  {
    key: text('key').primaryKey(),
    kind: text('kind').$type<LedgerKind>().notNull(),
    owner: owner(),
    symbol: text('symbol').$type<Symbol>(),
    qty: integer('qty').notNull(),
    cash: usd('cash'),
    day: day(),
    at: at(),
    why: text('why').notNull(),
    seq: ofTurn(),
  },
  (t) => [
    index('ledger_by_day').on(t.day),
    oneOf('ledger', 'kind', ledgerKinds),
    holds('ledger_named', 'qty = 0 OR symbol IS NOT NULL'),
    integers('ledger', ['qty', 'cash', 'at']),
  ],
);

export const positions = sqliteTable(
  'positions',
  {
    owner: owner(),
    symbol: text('symbol').$type<Symbol>().notNull(),
    underlying: text('underlying').$type<Symbol>().notNull(),
    instrument: json<Instrument>('instrument').notNull(),
    qty: integer('qty').$type<NetQty>().notNull(),
    cost: usd('cost'),
    openedDay: day('opened_day'),
    seq: ofTurn(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.symbol] }), holds('positions_held', 'qty <> 0'), integers('positions', ['qty', 'cost'])],
);

export const cycles = sqliteTable(
  'cycles',
  {
    owner: text('owner').$type<StrategyId>().notNull(),
    underlying: text('underlying').$type<Symbol>().notNull(),
    startedDay: day('started_day'),
    premium: usd('premium'),
    stock: usd('stock'),
    contractsTraded: integer('contracts_traded').notNull(),
    sharesSinceDay: text('shares_since_day').$type<Cycle['sharesSinceDay']>(),
    seq: ofTurn(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.underlying] }), integers('cycles', ['premium', 'stock', 'contracts_traded'])],
);

export const memories = sqliteTable('memories', {
  strategy: text('strategy').$type<StrategyId>().primaryKey(),
  memory: json<Json>('memory').notNull(),
  seq: ofTurn(),
});

export const ivHistory = sqliteTable(
  'iv_history',
  {
    symbol: text('symbol').$type<Symbol>().notNull(),
    day: day(),
    iv30: real('iv30').notNull(),
    quality: text('quality').$type<IvReading['quality']>().notNull(),
    flags: json<readonly string[]>('flags').notNull(),
    seq: ofTurn(),
  },
  (t) => [primaryKey({ columns: [t.symbol, t.day] }), oneOf('iv_history', 'quality', ['quotes', 'bars', 'assumed'])],
);

/** How far the broker's own records have been booked, and the turn before which no lots were kept. */
export const watermarks = sqliteTable('watermarks', {
  name: text('name').$type<'activities' | 'lots'>().primaryKey(),
  value: text('value').notNull(),
  seq: ofTurn(),
});
