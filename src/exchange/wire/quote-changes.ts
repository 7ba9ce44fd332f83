// Which quotes of a market are new to a stream: those that changed, and those that have stood unrepeated for a while.
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket, MarketQuote } from '../market.ts';
import { REPEAT_MS } from './data-feed.ts';

export interface QuoteChange {
  readonly symbol: string;
  readonly quote: MarketQuote;
}

const sameQuote = (a: MarketQuote, b: MarketQuote): boolean =>
  a.bid === b.bid && a.ask === b.ask && a.bidSize === b.bidSize && a.askSize === b.askSize && a.mark === b.mark;

/**
 * Asked with all symbols that anybody wants, the same list while they are the same; one nobody listens to any more starts afresh when
 * somebody does.
 */
export function quoteChanges(
  market: ExchangeMarket,
  clock: ExchangeClock,
): (now: number, symbols: readonly string[]) => readonly QuoteChange[] {
  const quotes = new Map<string, MarketQuote>();
  let asked: readonly string[] = [];
  return (now, symbols) => {
    if (symbols !== asked) {
      const wanted = new Set(symbols);
      for (const symbol of quotes.keys()) if (!wanted.has(symbol)) quotes.delete(symbol);
      asked = symbols;
    }
    return symbols.flatMap((symbol) => {
      const quote = market.quote(symbol, now);
      const last = quotes.get(symbol);
      if (quote === undefined) return [];
      if (last !== undefined && sameQuote(last, quote) && quote.at - last.at < REPEAT_MS * clock.speed) return [];
      quotes.set(symbol, quote);
      return [{ symbol, quote }];
    });
  };
}
