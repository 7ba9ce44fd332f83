// Prices as the exchange needs them: the touch to trade at, and the mark to value at.
import { parseOcc } from '../../domain/instrument.ts';
import { addDays, epochMs, MINUTE } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeMarket, MarketQuote } from '../market.ts';

export interface QuoteDesk {
  quote(symbol: string, at: number): MarketQuote | undefined;
  /** Middle of the touch, else the last trade or close on record; undefined when the market knows neither. Micros per share. */
  mark(symbol: string, at: number): number | undefined;
  /** Units that the touch shows to a taker on this side, less what was taken of it so far; Infinity where the market states no size. */
  shown(symbol: string, side: 'buy' | 'sell', at: number): number;
  /** Takes units away from what the touch shows. */
  take(symbol: string, side: 'buy' | 'sell', units: number, at: number): void;
}

/** How far back a last close is looked for, in calendar days. */
const LOOK_BACK_DAYS = 10;
/** A touch that was taken from shows its whole size again when it changes, at the latest after this long. */
const REFILL_MS = MINUTE;

/** What was taken of one side of a touch while it stood. */
interface Taken {
  readonly price: number;
  readonly size: number;
  readonly since: number;
  readonly units: number;
}

/** What is left of each touch. Kept in memory: to a file that is opened again every touch is whole. */
function depth(quote: QuoteDesk['quote']): Pick<QuoteDesk, 'shown' | 'take'> {
  const touches = new Map<string, Taken>();
  const present = (symbol: string, side: 'buy' | 'sell', at: number): Taken | undefined => {
    const found = quote(symbol, at);
    const size = side === 'buy' ? found?.askSize : found?.bidSize;
    if (found === undefined || size === null || size === undefined) return undefined;
    const price = side === 'buy' ? found.ask : found.bid;
    const before = touches.get(`${side} ${symbol}`);
    const stands = before !== undefined && before.price === price && before.size === size && at - before.since < REFILL_MS;
    return stands ? before : { price, size, since: at, units: 0 };
  };
  return {
    shown: (symbol, side, at) => {
      const touch = present(symbol, side, at);
      return touch === undefined ? Infinity : Math.max(0, touch.size - touch.units);
    },
    take: (symbol, side, units, at) => {
      const touch = present(symbol, side, at);
      if (touch !== undefined) touches.set(`${side} ${symbol}`, { ...touch, units: touch.units + units });
    },
  };
}

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
    ...depth(quote),
  };
}

/** The price one buys or sells at now; undefined when that side of the market is empty. */
export function takingPrice(quote: MarketQuote | undefined, side: 'buy' | 'sell'): number | undefined {
  const price = side === 'buy' ? quote?.ask : quote?.bid;
  return price !== undefined && price > 0 ? price : undefined;
}
