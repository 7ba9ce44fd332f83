// The stream that tests a connection at any hour: one symbol that exists nowhere, with a price that is a plain function of time.
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { ExchangeClock } from '../clock.ts';
import type { MarketQuote } from '../market.ts';
import { type DataFeed, type DataFrame, endedMinutes, paced } from './data-feed.ts';
import type { Channel } from './data-subscriptions.ts';
import { barFields, stockQuoteFields } from './market-json.ts';
import { printFields } from './minute-prints.ts';

const TEST_SYMBOL = 'FAKEPACA';
const TAPE = 'C';
const BASE = 134_560_000;
const CENT = 10_000;
/** The price climbs a cent a second for a minute, then falls back as slowly. */
const priceAt = (at: number): number => {
  const second = Math.floor(at / SECOND) % 120;
  return BASE + CENT * (second < 60 ? second : 120 - second);
};

/** The bar of a minute, in which the price goes one way only. */
function barOf(minute: number): DataFrame {
  const [open, close] = [priceAt(minute), priceAt(minute + MINUTE - SECOND)];
  const bar = { open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 6_000 };
  return frame('bars', 'b', minute, barFields(bar));
}

const frame = (channel: Channel, kind: string, at: number, fields: DataFrame['fields']): DataFrame => ({
  channel,
  symbols: [TEST_SYMBOL],
  fields: { T: kind, S: TEST_SYMBOL, ...fields },
  stamps: { t: at },
});

export function testFeed(clock: ExchangeClock): DataFeed {
  const due = paced(() => clock.speed);
  const ended = endedMinutes();
  return {
    next(now) {
      const { from, to } = ended(now);
      const bars: DataFrame[] = [];
      for (let at = from; at < to; at += MINUTE) bars.push(barOf(at));
      if (!due(now)) return bars;
      const price = priceAt(now);
      const quote: MarketQuote = { bid: price - CENT, ask: price + CENT, bidSize: 100, askSize: 100, at: now, mark: 'live' };
      return [
        ...bars,
        frame('quotes', 'q', now, stockQuoteFields(quote, TAPE)),
        frame('trades', 't', now, { ...printFields({ at: now, close: price, volume: 100 }, TAPE), c: ['@'] }),
      ];
    },
  };
}
