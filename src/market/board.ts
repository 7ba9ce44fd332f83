// The last known state of the market, by symbol: what was seen and when. It judges nothing; the view does.

import type { IvReading } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { MINUTE, type MonoMs, type Now, type TradingDay } from '../domain/time.ts';
import { groupBy } from './group.ts';
import type { IndexLevel } from './index-level.ts';
import type { BarMinutes, SeenIntraday } from './intraday.ts';
import type { MacroCalendar } from './macro.ts';
import type { SeenNews } from './news.ts';
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

/** Mutated between turns only, by the one writer that feeds it. */
export interface Board {
  /** Grows with every change. */
  readonly version: number;
  /** The last known, unjudged. */
  quote(symbol: Symbol): Quote | undefined;
  dailyBars(symbol: Symbol): SeenBars | undefined;
  /** Completed bars of regular sessions, by their length. */
  intradayBars(symbol: Symbol, minutes: BarMinutes): SeenIntraday | undefined;
  chain(underlying: Symbol): Chain | undefined;
  contract(symbol: Symbol): Contract | undefined;
  asset(symbol: Symbol): Asset | undefined;
  dividends(symbol: Symbol): SeenDividends | undefined;
  /** All known reports of a name, by day; undefined when the calendar does not hold the name. */
  earnings(symbol: Symbol): readonly EarningsReport[] | undefined;
  indexLevel(symbol: Symbol): IndexLevel | undefined;
  news(symbol: Symbol): SeenNews | undefined;
  macro(): MacroCalendar | undefined;
  /** Readings by day, one a day. */
  ivHistory(symbol: Symbol): readonly IvReading[];

  /** Kept unless a quote with a later instant of its own is already there (stream and request race). */
  setQuote(quote: Quote): void;
  setDailyBars(symbol: Symbol, bars: readonly Bar[], seen: MonoMs): void;
  /** Replaces the record of one length. */
  setIntradayBars(symbol: Symbol, minutes: BarMinutes, record: SeenIntraday): void;
  /**
   * Replaces the underlying's chain inside its window of expiries; rows outside of it stay for a minute of wall time, so that two
   * who look at different expiries of a name do not take each other's away. Contracts and quotes become known one by one too.
   */
  setChain(chain: Chain): void;
  setContract(contract: Contract): void;
  setAsset(symbol: Symbol, asset: Asset): void;
  setDividends(symbol: Symbol, dividends: SeenDividends): void;
  /** Replaces the whole earnings calendar. */
  setEarnings(reports: readonly EarningsReport[]): void;
  setIndexLevel(symbol: Symbol, level: IndexLevel): void;
  setNews(symbol: Symbol, news: SeenNews): void;
  /** Replaces the whole calendar of macro events. */
  setMacro(calendar: MacroCalendar): void;
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

/** Rows of a chain outside of a newer one's window are kept this long, wall milliseconds. */
const OTHER_ROWS_MS = MINUTE;

/** A newer chain, with what an earlier one still knows of other expiries. */
function mergeChain(before: Chain | undefined, chain: Chain): Chain {
  const others = (before?.rows ?? []).filter(({ contract: { option }, quote }) => {
    const outside = option.expiry < chain.from || option.expiry > chain.to;
    return outside && quote !== null && chain.seen - quote.seen <= OTHER_ROWS_MS;
  });
  if (before === undefined || others.length === 0) return chain;
  const [from = chain.from] = [before.from, chain.from].sort();
  const [, to = chain.to] = [before.to, chain.to].sort();
  return { ...chain, from, to, rows: [...others, ...chain.rows] };
}

const inOrder = (list: readonly Bar[], seen: MonoMs): SeenBars => ({ bars: [...list].sort(byDay), seen });

function keepQuote(quotes: Map<Symbol, Quote>, quote: Quote): void {
  const known = quotes.get(quote.symbol);
  if (known === undefined || known.at <= quote.at) quotes.set(quote.symbol, quote);
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
  const intraday = new Map<string, SeenIntraday>();
  const levels = new Map<Symbol, IndexLevel>();
  const headlines = new Map<Symbol, SeenNews>();
  let macro: MacroCalendar | undefined;
  const readings = new Map<Symbol, readonly IvReading[]>();
  let earnings: ReadonlyMap<Symbol, readonly EarningsReport[]> = new Map();

  const changing =
    <A extends readonly unknown[]>(change: (...args: A) => void) =>
    (...args: A): void => {
      change(...args);
      version++;
    };
  const putting = <K, V>(shelf: Map<K, V>): ((key: K, value: V) => void) =>
    changing((key: K, value: V) => {
      shelf.set(key, value);
    });

  return {
    get version() {
      return version;
    },
    quote: (symbol) => quotes.get(symbol),
    dailyBars: (symbol) => bars.get(symbol),
    intradayBars: (symbol, minutes) => intraday.get(`${symbol} ${String(minutes)}`),
    chain: (underlying) => chains.get(underlying),
    contract: (symbol) => contracts.get(symbol),
    asset: (symbol) => assets.get(symbol),
    dividends: (symbol) => dividends.get(symbol),
    earnings: (symbol) => earnings.get(symbol),
    indexLevel: (symbol) => levels.get(symbol),
    news: (symbol) => headlines.get(symbol),
    macro: () => macro,
    ivHistory: (symbol) => readings.get(symbol) ?? [],
    setQuote: changing((quote: Quote) => keepQuote(quotes, quote)),
    setDailyBars: changing((name: Symbol, list: readonly Bar[], seen: MonoMs) => void bars.set(name, inOrder(list, seen))),
    setIntradayBars: changing((symbol: Symbol, minutes: BarMinutes, record: SeenIntraday) => {
      intraday.set(`${symbol} ${String(minutes)}`, record);
    }),
    setChain: changing((chain: Chain) => {
      chains.set(chain.underlying, mergeChain(chains.get(chain.underlying), chain));
      for (const { contract, quote } of chain.rows) {
        contracts.set(contract.option.symbol, contract);
        if (quote !== null) keepQuote(quotes, quote);
      }
    }),
    setContract: changing((contract: Contract) => void contracts.set(contract.option.symbol, contract)),
    setAsset: putting(assets),
    setDividends: putting(dividends),
    setEarnings: changing((reports: readonly EarningsReport[]) => {
      earnings = groupBy([...reports].sort(byDay), (r) => r.symbol);
    }),
    setIndexLevel: putting(levels),
    setNews: putting(headlines),
    setMacro: changing((calendar: MacroCalendar) => {
      macro = calendar;
    }),
    addIvReadings: changing((added: readonly IvReading[]) => {
      for (const [symbol, group] of groupBy(added, (r) => r.symbol)) readings.set(symbol, mergeReadings(readings.get(symbol) ?? [], group));
    }),
  };
}
