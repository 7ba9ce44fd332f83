// A market for load: as many symbols as asked for, each with a new quote at every step of time, none of it worth anything.
import type { ExchangeMarket, ListedEquity } from '../src/exchange/market.ts';

const CENT = 10_000;

/** Names of four letters, in order: AAAA, AAAB, ... */
export const loadSymbol = (i: number): string =>
  String.fromCharCode(...[17_576, 676, 26, 1].map((place) => 65 + (Math.floor(i / place) % 26)));

/** @param stepMs exchange milliseconds for which a quote stands */
export function loadMarket(symbols: number, stepMs: number, firstInstant: number): ExchangeMarket {
  const numbers = new Map(Array.from({ length: symbols }, (_, i) => [loadSymbol(i), i]));
  const equities: readonly ListedEquity[] = [...numbers.keys()].map((symbol) => ({
    symbol,
    name: symbol,
    venue: 'NASDAQ',
    optionable: false,
    pennyProgram: false,
  }));
  return {
    id: `load-${String(symbols)}`,
    firstInstant,
    lastInstant: null,
    equities: () => equities,
    quote(symbol, at) {
      const number = numbers.get(symbol);
      if (number === undefined) return undefined;
      const step = Math.floor(at / stepMs);
      // Consecutive steps always differ, by one cent at least.
      const bid = 10_000 + ((step + number) % 50);
      return { bid: bid * CENT, ask: (bid + 1) * CENT, bidSize: 100_000, askSize: 100_000, at: step * stepMs, mark: 'live' };
    },
    dailyBars: () => [],
    minuteBars: () => [],
    contracts: () => [],
    contract: () => undefined,
    optionDailyBars: () => [],
    optionStats: () => ({ volume: null, previousVolume: null, last: null, iv: null, greeks: null }),
    officialOpen: () => undefined,
    splits: () => [],
    officialClose: () => undefined,
    indexValue: () => undefined,
    dividends: () => [],
    earnings: () => [],
    news: () => undefined,
    macro: () => ({ dates: [], complete: null }),
    report: () => ({ heldQuotes: 0, assumedQuotes: 0, assumptions: [] }),
  };
}
