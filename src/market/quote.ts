// The shapes of market data as the core sees them: integers for prices, floats only for model figures.
import type { Symbol } from '../domain/ids.ts';
import type { Option } from '../domain/instrument.ts';
import type { Price } from '../domain/money.ts';
import type { EpochMs, MonoMs, TradingDay } from '../domain/time.ts';

/** How a figure came about: traded or quoted, standing from an earlier record, or supplied by the operator. */
export type Provenance = 'live' | 'held' | 'assumed';

export interface Quote {
  readonly symbol: Symbol;
  /** Micros; 0 when nobody bids. */
  readonly bid: Price;
  readonly ask: Price;
  /** Shares or contracts at the touch; null when the source does not say. */
  readonly bidSize: number | null;
  readonly askSize: number | null;
  /** The source's own instant for it, exchange time. */
  readonly at: EpochMs;
  /** When we had it, and how old it already was then, in wall milliseconds. */
  readonly seen: MonoMs;
  readonly ageAtSightMs: number;
  readonly provenance: Provenance;
}

/** A bar carries the instant at which it starts; daily bars carry their session. Prices in micros, as traded. */
export interface Bar {
  readonly at: EpochMs;
  readonly day: TradingDay;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
}

/** Static facts of a listed contract, from the trading host; the quote comes from the data host. */
export interface Contract {
  readonly option: Option;
  readonly tradable: boolean;
  readonly style: 'american' | 'european';
  /** Contract size differs from 100 shares, or it delivers something else: never traded. */
  readonly standard: boolean;
  readonly openInterest: number | null;
  readonly openInterestDay: TradingDay | null;
  /** null when the source does not say; then the wider ticks are assumed. */
  readonly pennyProgram: boolean | null;
}

export interface ChainRow {
  readonly contract: Contract;
  readonly quote: Quote | null;
  /** Contracts traded in this session so far, and in the one before; null when unknown. */
  readonly volume: number | null;
  readonly previousVolume: number | null;
}

/** One underlying's contracts inside the expiry window that was asked for. */
export interface Chain {
  readonly underlying: Symbol;
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly rows: readonly ChainRow[];
  readonly seen: MonoMs;
}

export interface Dividend {
  readonly symbol: Symbol;
  readonly exDay: TradingDay;
  /** Micros per share. */
  readonly amount: Price;
}

export interface EarningsReport {
  readonly symbol: Symbol;
  readonly day: TradingDay;
  readonly time: 'BMO' | 'AMC' | 'DMH' | 'UNKNOWN';
  readonly sources: readonly string[];
  readonly confirmed: boolean;
  /** Set where sources name different days for what must be one report: each of them is possible. */
  readonly conflict?: true;
}
