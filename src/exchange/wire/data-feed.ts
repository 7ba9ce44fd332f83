// What there is to say on a data stream since the last time: quotes that changed and minutes that ended.
import { MINUTE } from '../../domain/time.ts';
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket, MarketQuote } from '../market.ts';
import type { Channel, Subscriptions } from './data-subscriptions.ts';
import type { Listing } from './listing.ts';
import { barFields, stockQuoteFields, tapeOf } from './market-json.ts';

export interface DataFrame {
  readonly channel: Channel;
  readonly symbol: string;
  readonly at: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface DataFeed {
  /** Frames up to an instant for all that the subscriptions name. */
  next(now: number, wanted: readonly Subscriptions[]): readonly DataFrame[];
}

/** An unchanged quote that is still being renewed is repeated at most this often, in wall time. */
const REPEAT_MS = 250;
/** After a jump of the clock, minutes older than this are history: they are to be read, not streamed. */
const OLDEST_BAR = 30 * MINUTE;

const sameQuote = (a: MarketQuote, b: MarketQuote): boolean =>
  a.bid === b.bid && a.ask === b.ask && a.bidSize === b.bidSize && a.askSize === b.askSize && a.mark === b.mark;

function namesOf(wanted: readonly Subscriptions[], channel: Channel, listing: Listing): readonly string[] {
  const names = new Set<string>();
  for (const one of wanted) {
    for (const name of one.symbols(channel)) {
      if (name === '*') for (const equity of listing.equities()) names.add(equity.symbol);
      else if (listing.equity(name) !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}

export function dataFeed(market: ExchangeMarket, clock: ExchangeClock, listing: Listing): DataFeed {
  const quotes = new Map<string, MarketQuote>();
  let barsUntil: number | undefined;

  const quoteFrames = (now: number, symbols: readonly string[]): readonly DataFrame[] =>
    symbols.flatMap((symbol) => {
      const quote = market.quote(symbol, now);
      const last = quotes.get(symbol);
      if (quote === undefined) return [];
      if (last !== undefined && sameQuote(last, quote) && quote.at - last.at < REPEAT_MS * clock.speed) return [];
      quotes.set(symbol, quote);
      const fields = { T: 'q', S: symbol, ...stockQuoteFields(quote, tapeOf(symbol, listing)) };
      return [{ channel: 'quotes', symbol, at: quote.at, fields }];
    });

  const barFrames = (now: number, symbols: readonly string[]): readonly DataFrame[] => {
    const minute = now - (now % MINUTE);
    const from = Math.max(barsUntil ?? minute, minute - OLDEST_BAR);
    barsUntil = minute;
    if (from >= minute) return [];
    return symbols.flatMap((symbol) =>
      market
        .minuteBars(symbol, from, minute - 1, now)
        .filter((bar) => bar.at >= from && bar.at < minute)
        .map((bar): DataFrame => ({ channel: 'bars', symbol, at: bar.at, fields: { T: 'b', S: symbol, ...barFields(bar) } })),
    );
  };

  return {
    next(now, wanted) {
      const wantedQuotes = namesOf(wanted, 'quotes', listing);
      // A symbol nobody listens to any more starts afresh when somebody does.
      for (const symbol of quotes.keys()) if (!wantedQuotes.includes(symbol)) quotes.delete(symbol);
      return [...quoteFrames(now, wantedQuotes), ...barFrames(now, namesOf(wanted, 'bars', listing))];
    },
  };
}
