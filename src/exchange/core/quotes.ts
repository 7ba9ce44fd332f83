// Prices as the exchange needs them: the touch to trade at, and the mark to value at.
import { parseOcc } from '../../domain/instrument.ts';
import { addDays, epochMs } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeMarket, MarketQuote } from '../market.ts';

export interface QuoteDesk {
  quote(symbol: string, at: number): MarketQuote | undefined;
  /** Middle of the touch, else the last trade or close on record; undefined when the market knows neither. Micros per share. */
  mark(symbol: string, at: number): number | undefined;
}

/** How far back a last close is looked for, in calendar days. */
const LOOK_BACK_DAYS = 10;

/** Each symbol is asked for once at an instant: matching, marks and checks then agree. */
export function createQuoteDesk(market: ExchangeMarket, calendar: Calendar): QuoteDesk {
  let instant = Number.NaN;
  const seen = new Map<string, MarketQuote | undefined>();
  const quote = (symbol: string, at: number): MarketQuote | undefined => {
    if (at !== instant) {
      seen.clear();
      instant = at;
    }
    if (!seen.has(symbol)) seen.set(symbol, market.quote(symbol, at));
    return seen.get(symbol);
  };
  const last = (symbol: string, at: number): number | undefined => {
    const day = calendar.dayOf(epochMs(at));
    const from = addDays(day, -LOOK_BACK_DAYS);
    if (parseOcc(symbol) === undefined) return market.dailyBars(symbol, from, day, at).at(-1)?.close;
    return market.optionStats(symbol, at).last?.price ?? market.optionDailyBars(symbol, from, day, at).at(-1)?.close;
  };
  return {
    quote,
    mark: (symbol, at) => {
      const q = quote(symbol, at);
      return q !== undefined && q.ask > 0 ? Math.floor((q.bid + q.ask) / 2) : last(symbol, at);
    },
  };
}

/** The price one buys or sells at now; undefined when that side of the market is empty. */
export function takingPrice(quote: MarketQuote | undefined, side: 'buy' | 'sell'): number | undefined {
  const price = side === 'buy' ? quote?.ask : quote?.bid;
  return price !== undefined && price > 0 ? price : undefined;
}
