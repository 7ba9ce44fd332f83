// What the order-level rules look at beside the intent, the book and the quotes: how we have behaved, and what is known of the instrument.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Usd } from '../domain/money.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import type { MarketView } from '../market/view.ts';
import type { Fault } from './trips.ts';

/** Where orders of a run go, from play money to money; each is asked more of than the one before. */
export const venues = ['sim', 'dry-run', 'paper', 'live'] as const;
export type Venue = (typeof venues)[number];

export interface Approval {
  /** Where the orders of this run go. */
  readonly requested: Venue;
  /** The furthest the strategy may go by what is on record; null where the records hold none of it. */
  readonly approved: Venue | null;
}

/** What is on record of every strategy. */
export interface Approvals extends Pick<Approval, 'requested'> {
  readonly of: ReadonlyMap<StrategyId, Venue>;
}

/** A walk of an opening that was sent, at its first order. */
export interface SentOpening {
  readonly ladder: string;
  readonly strategy: StrategyId;
  readonly underlying: Symbol;
  readonly at: EpochMs;
}

export interface RoundTrips {
  /** Opened and closed within one session, over the last five. */
  readonly done: number;
  /** Closings at work of what was opened today. */
  readonly working: number;
}

export interface Conduct {
  /** null where nobody keeps approvals. */
  readonly approval: Approval | null;
  /** 0 to 3 as the broker grants it; null while the account has not been read. */
  readonly optionsLevel: number | null;
  /** Does the exchange take orders in it? null where that is not known. */
  readonly tradable: (instrument: Instrument) => boolean | null;
  /** Mean shares a session over the last twenty; null where they are not known. */
  readonly averageVolume: (symbol: Symbol) => number | null;
  /** Contracts; null where not known. */
  readonly openInterest: (symbol: Symbol) => number | null;
  /** Of this session, by instant. */
  readonly sent: readonly SentOpening[];
  /** Of this session, by instant: what the broker refused, and what it failed to answer. */
  readonly faults: readonly Fault[];
  /** What the asking strategy has won today, micros, negative where it lost: closed today, or opened today and still held. */
  readonly strategyDay: () => number;
  readonly previousSession: TradingDay;
  readonly roundTrips: () => RoundTrips;
  /** Cash the broker takes for settled, less what was set aside since it said so. */
  readonly settled: Usd;
  readonly calendar: Calendar;
  readonly market: Pick<MarketView, 'earnings' | 'dividends' | 'macro'>;
}
