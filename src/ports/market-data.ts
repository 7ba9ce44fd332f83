// What a data source must offer. Absent symbols are absent from the answer, never invented.
import type { Symbol } from '../domain/ids.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { IndexLevel } from '../market/index-level.ts';
import type { BarMinutes } from '../market/intraday.ts';
import type { NewsItem } from '../market/news.ts';
import type { Bar, Chain, Contract, Dividend, Quote } from '../market/quote.ts';
import type { Answer } from './broker.ts';

export interface StreamEvents {
  quote(quote: Quote): void;
  link(up: boolean, why: string): void;
  /** A minute that has just ended, of one of `symbols`. */
  readonly minuteBars?: { readonly symbols: readonly Symbol[]; bar(symbol: Symbol, bar: Bar): void };
}

/** Strikes in dollars, both ends included. */
export interface StrikeRange {
  readonly least: number;
  readonly most: number;
}

export interface MarketData {
  /** Latest quotes of shares and options alike (at most 100 options a request on the wire; the adapter pages). */
  quotes(symbols: readonly Symbol[]): Promise<Answer<ReadonlyMap<Symbol, Quote>>>;
  /** Daily bars with day in [from, to], split-adjusted, oldest first. */
  dailyBars(symbols: readonly Symbol[], from: TradingDay, to: TradingDay): Promise<Answer<ReadonlyMap<Symbol, readonly Bar[]>>>;
  /** Bars of shares that start in [from, to], split-adjusted, oldest first, those outside of regular hours and the running one included. */
  intradayBars(
    symbols: readonly Symbol[],
    minutes: BarMinutes,
    from: EpochMs,
    to: EpochMs,
  ): Promise<Answer<ReadonlyMap<Symbol, readonly Bar[]>>>;
  /** Contracts and their quotes and volumes, expiry in [from, to]. */
  chain(underlying: Symbol, from: TradingDay, to: TradingDay): Promise<Answer<Chain>>;
  /** Contracts with expiry in [from, to], expired ones included when `inactive`, and of these strikes alone where they are given. */
  contracts(
    underlying: Symbol,
    from: TradingDay,
    to: TradingDay,
    inactive: boolean,
    strikes?: StrikeRange,
  ): Promise<Answer<readonly Contract[]>>;
  /** Daily bars of options, for the IV back-fill. */
  optionBars(symbols: readonly Symbol[], from: TradingDay, to: TradingDay): Promise<Answer<ReadonlyMap<Symbol, readonly Bar[]>>>;
  dividends(symbols: readonly Symbol[], from: TradingDay, to: TradingDay): Promise<Answer<readonly Dividend[]>>;
  assets(symbols: readonly Symbol[]): Promise<Answer<ReadonlyMap<Symbol, { readonly tradable: boolean; readonly options: boolean }>>>;
  /** Index levels by name, e.g. VIX; absent where the source has none. */
  indexValues(symbols: readonly Symbol[]): Promise<Answer<ReadonlyMap<Symbol, IndexLevel>>>;
  /** Headlines that name any of the symbols, published since an instant, oldest first. A failure where the source serves none. */
  news(symbols: readonly Symbol[], since: EpochMs): Promise<Answer<readonly NewsItem[]>>;
  /** Streams quotes of shares, and minute bars of those that `minuteBars` names, until closed; replaces the set. */
  subscribe(symbols: readonly Symbol[], on: StreamEvents): void;
  close(): Promise<void>;
}
