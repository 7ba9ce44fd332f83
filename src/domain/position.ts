// What we hold and why: positions by owner, wheel-like cycles by underlying, and the ledger rows that are not trades.
import type { BrokerOrderId, ClientOrderId, Owner, StrategyId, Symbol } from './ids.ts';
import type { Instrument } from './instrument.ts';
import type { NetQty, Price, Usd } from './money.ts';
import type { EpochMs, TradingDay } from './time.ts';

export interface Position {
  readonly owner: Owner;
  readonly instrument: Instrument;
  /** Signed: negative is short. Zero rows are not kept. */
  readonly qty: NetQty;
  /** Net cash paid (negative) or received (positive) for what is held now, at average cost. */
  readonly cost: Usd;
  readonly openedDay: TradingDay;
}

/** All a strategy did in one underlying since it was last flat there: derived from executions and activities alone. */
export interface Cycle {
  readonly owner: StrategyId;
  readonly underlying: Symbol;
  readonly startedDay: TradingDay;
  /** Option premium received less premium paid, signed from our side. */
  readonly premium: Usd;
  /** Cash of share trades, assignments included, signed from our side. */
  readonly stock: Usd;
  readonly contractsTraded: number;
  readonly sharesSinceDay: TradingDay | null;
}

/** One execution, keyed (client order id, leg, cumulative quantity after it): it cannot be counted twice. */
export interface FillRow {
  readonly order: ClientOrderId;
  readonly legNo: number;
  readonly cumQty: number;
  readonly symbol: Symbol;
  readonly owner: Owner;
  /** Signed quantity of this execution. */
  readonly qty: number;
  readonly price: Price;
  /** Signed cash of this execution. */
  readonly cash: Usd;
  readonly at: EpochMs;
  readonly day: TradingDay;
  readonly brokerId: BrokerOrderId;
  readonly assumed: readonly string[];
}

export const ledgerKinds = [
  'opening',
  'assignment',
  'exercise',
  'expiry',
  'dividend',
  'fee',
  'interest',
  'transfer',
  'split',
  'adjust',
  'external',
] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** A change of position or cash that is no fill of ours. `key` makes a second booking of the same event a no-op. */
export interface LedgerRow {
  readonly key: string;
  readonly kind: LedgerKind;
  readonly owner: Owner;
  readonly symbol: Symbol | null;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
  readonly at: EpochMs;
  readonly why: string;
}

/** What a fill or a ledger row moved. */
export interface Movement {
  readonly owner: Owner;
  readonly kind: 'fill' | LedgerKind;
  readonly symbol: Symbol | null;
  /** Signed. */
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
}

/** Calendar days for which movements stay in memory: a dividend is paid some weeks after its ex-day. */
export const MOVEMENT_DAYS = 60;
