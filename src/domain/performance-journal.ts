// What performance is reckoned from: reads of the account in order, and everything the ledger booked between them, each with its turn.
import type { Owner, Symbol } from './ids.ts';
import type { Multiplier, Price, Usd } from './money.ts';
import type { LedgerKind } from './position.ts';
import type { EpochMs, TradingDay } from './time.ts';

/** The account as the broker stated it in one read: equity and the prices of what it holds. */
export interface AccountRead {
  /** The turn that took it in: what was booked up to and with it is in the read. */
  readonly seq: number;
  readonly at: EpochMs;
  /** New York date. */
  readonly day: TradingDay;
  readonly equity: Usd;
  /** Micros a share; a holding whose price the broker did not state is not in it. */
  readonly marks: ReadonlyMap<Symbol, Price>;
}

/** Units that a turn opened. */
export interface LotOpening {
  readonly seq: number;
  readonly id: string;
  readonly owner: Owner;
  readonly symbol: Symbol;
  readonly multiplier: Multiplier;
  /** Signed: short is negative. */
  readonly qty: number;
  /** Signed: paid is negative. */
  readonly cash: Usd;
}

/** Units of a lot that a turn closed. */
export interface LotClosing {
  readonly seq: number;
  readonly lot: string;
  /** Signed as the lot. */
  readonly qty: number;
  /** Of the closing itself, and of it together with the lot's share: what was won or lost. */
  readonly cash: Usd;
  readonly realized: Usd;
}

/** Cash that a turn booked and which is no execution. */
export interface CashRow {
  readonly seq: number;
  readonly owner: Owner;
  readonly kind: LedgerKind;
  readonly cash: Usd;
}

/** What an owner's executions of a turn moved, both ways added up, not negative. */
export interface Traded {
  readonly seq: number;
  readonly owner: Owner;
  readonly value: Usd;
}

/** A trade whose last unit a turn closed: what it brought, after the fees that name its instruments. */
export interface EndedTrade {
  readonly seq: number;
  readonly owner: Owner;
  readonly result: Usd;
}

/** Everything in the order of its turns. */
export interface PerformanceJournal {
  readonly reads: readonly AccountRead[];
  readonly openings: readonly LotOpening[];
  readonly closings: readonly LotClosing[];
  readonly rows: readonly CashRow[];
  readonly traded: readonly Traded[];
  readonly ended: readonly EndedTrade[];
}

/** Ledger rows that move cash without anything having been earned or lost by it. */
export const flowKinds: ReadonlySet<LedgerKind> = new Set(['transfer', 'opening', 'adjust', 'external']);
export const incomeKinds: ReadonlySet<LedgerKind> = new Set(['dividend', 'interest']);
