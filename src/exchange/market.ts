// What an exchange needs of a market, synthetic or recorded: prices as a function of time, and what is listed.
// All instants are UTC milliseconds of exchange time, all prices integer micros (1e-6 USD), all days New York dates.
// Nothing answers with anything later than the instant it is asked for.
import type { Right } from '../domain/instrument.ts';
import type { TradingDay } from '../domain/time.ts';

/** How a figure came about: live, standing from an earlier record, or assumed (by rule or by the operator's file). */
export type Mark = 'live' | 'held' | 'assumed';

export interface MarketQuote {
  /** 0 when nobody bids. */
  readonly bid: number;
  readonly ask: number;
  /** Shares or contracts; null when the record does not say. */
  readonly bidSize: number | null;
  readonly askSize: number | null;
  /** When it was quoted. A held quote on a tape carries the present instant, unless quotes are aged. */
  readonly at: number;
  readonly mark: Mark;
}

export interface MarketBar {
  /** Start of the bar; a daily bar starts at New York midnight. */
  readonly at: number;
  readonly day: TradingDay;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ListedEquity {
  readonly symbol: string;
  readonly name: string;
  readonly venue: 'NASDAQ' | 'NYSE' | 'ARCA';
  readonly optionable: boolean;
  readonly pennyProgram: boolean;
}

/** What an adjusted contract delivers, in place of 100 shares. */
export interface Deliverable {
  /** Whole shares. */
  readonly shares: number;
  /** Micros paid for the fraction of a share that cannot be delivered. */
  readonly cash: number;
}

export interface ListedContract {
  /** OCC symbol; the root of an adjusted contract ends in a digit. */
  readonly symbol: string;
  readonly underlying: string;
  readonly expiry: TradingDay;
  readonly right: Right;
  readonly strike: number;
  readonly style: 'american' | 'european';
  readonly settlement: 'physical' | 'cash';
  readonly pennyProgram: boolean;
  /** As of the previous session; null when the record does not say. */
  readonly openInterest: number | null;
  readonly openInterestDay: TradingDay | null;
  /** Absent: 100 shares. The price of a contract stays that of a hundredth of it, and its strike is paid a hundred times. */
  readonly deliverable?: Deliverable;
}

export interface OptionStats {
  /** Contracts traded so far today and in the session before; null when not known. */
  readonly volume: number | null;
  readonly previousVolume: number | null;
  /** The newest trade; `size` is what was traded since the one before it, null when the record does not say. */
  readonly last: { readonly price: number; readonly at: number; readonly size: number | null } | null;
  /** Annualised implied volatility and greeks of the present quote; null where they cannot be solved. */
  readonly iv: number | null;
  readonly greeks: {
    readonly delta: number;
    readonly gamma: number;
    readonly theta: number;
    readonly vega: number;
    readonly rho: number;
  } | null;
}

export interface CashDividend {
  readonly symbol: string;
  readonly exDay: TradingDay;
  readonly payDay: TradingDay;
  readonly perShare: number;
}
/** Shares that become others: `to` new ones for `from` old ones, from the morning of the ex-day on. */
export interface ShareSplit {
  readonly symbol: string;
  readonly exDay: TradingDay;
  readonly from: number;
  readonly to: number;
}

/** Bars as traded, or with the splits up to the day of the question taken out. */
export type BarAdjustment = 'raw' | 'split';

export interface EarningsDate {
  readonly symbol: string;
  readonly day: TradingDay;
  readonly time: 'BMO' | 'AMC' | 'DMH' | 'UNKNOWN';
}

export interface MarketNews {
  readonly id: number;
  readonly at: number;
  readonly headline: string;
  readonly symbols: readonly string[];
}

export interface MacroDate {
  readonly day: TradingDay;
  /** `FOMC`, `CPI`, `NFP`. */
  readonly event: string;
  /** New York time `HH:MM`; null when not known. */
  readonly time: string | null;
}
export interface MacroDates {
  readonly dates: readonly MacroDate[];
  /** Days on which no event is missing; null when that cannot be said of any. */
  readonly complete: { readonly from: TradingDay; readonly to: TradingDay } | null;
}

/** Counts of what a market had to stand in for, for reports. */
export interface MarketReport {
  readonly heldQuotes: number;
  readonly assumedQuotes: number;
  readonly assumptions: readonly string[];
}

export interface ExchangeMarket {
  /** `synthetic-<seed>` or `tape-<id>`. */
  readonly id: string;
  /** Where a run starts when nothing else is said, and where it must end: with the record, or with the calendar's rules (null: never). */
  readonly firstInstant: number;
  readonly lastInstant: number | null;
  equities(): readonly ListedEquity[];
  /** Shares or option; undefined when there is no market in it at that instant. */
  quote(symbol: string, at: number): MarketQuote | undefined;
  /** Completed and, when its session is running, the partial daily bars in [from, to], as of an instant; split-adjusted unless `raw`. */
  dailyBars(symbol: string, from: TradingDay, to: TradingDay, asOf: number, adjustment?: BarAdjustment): readonly MarketBar[];
  /** One-minute bars that have ended by `asOf`, as traded. */
  minuteBars(symbol: string, from: number, to: number, asOf: number): readonly MarketBar[];
  /** Contracts listed as of an instant, expiry in [from, to]; expired ones only when `expired`. Sorted by symbol. */
  contracts(underlying: string, from: TradingDay, to: TradingDay, asOf: number, expired: boolean): readonly ListedContract[];
  contract(symbol: string, asOf: number): ListedContract | undefined;
  optionDailyBars(symbol: string, from: TradingDay, to: TradingDay, asOf: number): readonly MarketBar[];
  optionStats(symbol: string, at: number): OptionStats;
  /** Official close of the underlying on a session, which decides exercise; undefined before it is known. */
  officialClose(symbol: string, day: TradingDay, asOf: number): number | undefined;
  /** The price of the opening auction of a session, micros; undefined before it is held, and where it is not known. */
  officialOpen(symbol: string, day: TradingDay, asOf: number): number | undefined;
  /** The level of an index in points, e.g. 18.23: no price, so not micros. */
  indexValue(symbol: string, at: number): number | undefined;
  dividends(from: TradingDay, to: TradingDay, asOf: number): readonly CashDividend[];
  /** Splits with their ex-day in [from, to] that were announced by `asOf`, oldest first. */
  splits(from: TradingDay, to: TradingDay, asOf: number): readonly ShareSplit[];
  /** All report dates known, past and future; what an operator's earnings file would hold. */
  earnings(): readonly EarningsDate[];
  /** Headlines published in [from, to] and by `asOf`, oldest first, that name one of the symbols (any, when undefined); undefined when the market keeps none. */
  news(symbols: readonly string[] | undefined, from: number, to: number, asOf: number): readonly MarketNews[] | undefined;
  /** All scheduled macro events known, past and future; what an operator's macro file would hold. */
  macro(): MacroDates;
  report(): MarketReport;
}
