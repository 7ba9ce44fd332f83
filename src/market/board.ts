// The last known state of the market, by symbol: what was seen and when. It judges nothing; the view does.

import type { IvReading } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import type { MonoMs, Now, TradingDay } from '../domain/time.ts';
import { groupBy } from './group.ts';
import type { Bar, Chain, Contract, Dividend, EarningsReport, Quote } from './quote.ts';

export interface SeenBars {
  /** Oldest first; the running session's partial bar may be the last. */
  readonly bars: readonly Bar[];
  readonly seen: MonoMs;
}

export interface Asset {
  readonly tradable: boolean;
  readonly options: boolean;
}

export interface SeenDividends {
  /** The ex-days asked for; nothing is known of days outside. */
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly dividends: readonly Dividend[];
  /** Both clocks: an announcement ages with the market's time, not with ours. */
  readonly seen: Now;
}

export interface SeenValue {
  readonly value: number;
  readonly seen: MonoMs;
}

/** Mutated between turns only, by the one writer that feeds it. */
export interface Board {
  /** Grows with every change. */
  readonly version: number;
  /** The last known, unjudged. */
  quote(symbol: Symbol): Quote | undefined;
  dailyBars(symbol: Symbol): SeenBars | undefined;
  chain(underlying: Symbol): Chain | undefined;
  contract(symbol: Symbol): Contract | undefined;
  asset(symbol: Symbol): Asset | undefined;
  dividends(symbol: Symbol): SeenDividends | undefined;
  /** All known reports of a name, by day; undefined when the calendar does not hold the name. */
  earnings(symbol: Symbol): readonly EarningsReport[] | undefined;
  indexValue(symbol: Symbol): SeenValue | undefined;
  /** Readings by day, one a day. */
  ivHistory(symbol: Symbol): readonly IvReading[];

  /** Kept unless a quote with a later instant of its own is already there (stream and request race). */
  setQuote(quote: Quote): void;
  setDailyBars(symbol: Symbol, bars: readonly Bar[], seen: MonoMs): void;
  /** Replaces the underlying's chain; its rows' contracts and quotes become known one by one too. */
  setChain(chain: Chain): void;
  setContract(contract: Contract): void;
  setAsset(symbol: Symbol, asset: Asset): void;
  setDividends(symbol: Symbol, dividends: SeenDividends): void;
  /** Replaces the whole earnings calendar. */
  setEarnings(reports: readonly EarningsReport[]): void;
  setIndexValue(symbol: Symbol, value: number, seen: MonoMs): void;
  /** Adds readings; one for a day already there replaces it. */
  addIvReadings(readings: readonly IvReading[]): void;
}

const byDay = (a: { readonly day: TradingDay }, b: { readonly day: TradingDay }): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);

/** Readings of one name with newer ones merged in, by day. */
function mergeReadings(known: readonly IvReading[], added: readonly IvReading[]): readonly IvReading[] {
  const merged = new Map(known.map((r) => [r.day, r]));
  for (const reading of added) merged.set(reading.day, reading);
  return [...merged.values()].sort(byDay);
}

/** An empty board. */
export function createBoard(): Board {
  let version = 0;
  const quotes = new Map<Symbol, Quote>();
  const bars = new Map<Symbol, SeenBars>();
  const chains = new Map<Symbol, Chain>();
  const contracts = new Map<Symbol, Contract>();
  const assets = new Map<Symbol, Asset>();
  const dividends = new Map<Symbol, SeenDividends>();
  const values = new Map<Symbol, SeenValue>();
  const readings = new Map<Symbol, readonly IvReading[]>();
  let earnings: ReadonlyMap<Symbol, readonly EarningsReport[]> = new Map();

  const keepQuote = (quote: Quote): void => {
    const known = quotes.get(quote.symbol);
    if (known === undefined || known.at <= quote.at) quotes.set(quote.symbol, quote);
  };
  const changing =
    <A extends readonly unknown[]>(change: (...args: A) => void) =>
    (...args: A): void => {
      change(...args);
      version++;
    };

  return {
    get version() {
      return version;
    },
    quote: (symbol) => quotes.get(symbol),
    dailyBars: (symbol) => bars.get(symbol),
    chain: (underlying) => chains.get(underlying),
    contract: (symbol) => contracts.get(symbol),
    asset: (symbol) => assets.get(symbol),
    dividends: (symbol) => dividends.get(symbol),
    earnings: (symbol) => earnings.get(symbol),
    indexValue: (symbol) => values.get(symbol),
    ivHistory: (symbol) => readings.get(symbol) ?? [],
    setQuote: changing(keepQuote),
    setDailyBars: changing((symbol: Symbol, list: readonly Bar[], seen: MonoMs) => {
      bars.set(symbol, { bars: [...list].sort(byDay), seen });
    }),
    setChain: changing((chain: Chain) => {
      chains.set(chain.underlying, chain);
      for (const { contract, quote } of chain.rows) {
        contracts.set(contract.option.symbol, contract);
        if (quote !== null) keepQuote(quote);
      }
    }),
    setContract: changing((contract: Contract) => {
      contracts.set(contract.option.symbol, contract);
    }),
    setAsset: changing((symbol: Symbol, asset: Asset) => {
      assets.set(symbol, asset);
    }),
    setDividends: changing((symbol: Symbol, seen: SeenDividends) => {
      dividends.set(symbol, seen);
    }),
    setEarnings: changing((reports: readonly EarningsReport[]) => {
      earnings = groupBy([...reports].sort(byDay), (r) => r.symbol);
    }),
    setIndexValue: changing((symbol: Symbol, value: number, seen: MonoMs) => {
      values.set(symbol, { value, seen });
    }),
    addIvReadings: changing((added: readonly IvReading[]) => {
      for (const [symbol, group] of groupBy(added, (r) => r.symbol)) readings.set(symbol, mergeReadings(readings.get(symbol) ?? [], group));
    }),
  };
}
