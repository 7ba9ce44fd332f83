// The stream that tests a connection at any hour: one symbol that exists nowhere, with a price that is a plain function of time. It has
// every kind of message there is, so that a client meets those too that the exchange's own shares never give rise to.
import { DAY, type EpochMs, MINUTE, SECOND } from '../../domain/time.ts';
import { newYorkOffset } from '../../market/new-york.ts';
import type { ExchangeClock } from '../clock.ts';
import type { MarketBar, MarketQuote } from '../market.ts';
import { type DataFeed, type DataFrame, endedMinutes, paced } from './data-feed.ts';
import type { Channel } from './data-subscriptions.ts';
import { real } from './encode.ts';
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

const A_MINUTE = 6_000;
const A_TRADE = 100;

/** The bar of a minute, in which the price goes one way only. */
function barOf(minute: number): Omit<MarketBar, 'at' | 'day'> {
  const [open, close] = [priceAt(minute), priceAt(minute + MINUTE - SECOND)];
  return { open, high: Math.max(open, close), low: Math.min(open, close), close, volume: A_MINUTE };
}

/** New York's day up to the end of a minute: the price has been everywhere it goes once two minutes are over. */
function dayFrame(minute: number): DataFrame {
  const offset = newYorkOffset(minute as EpochMs);
  const start = Math.floor((minute + offset) / DAY) * DAY - offset;
  const minutes = (minute + MINUTE - start) / MINUTE;
  const first = barOf(start);
  const high = minutes === 1 ? first.high : BASE + 60 * CENT;
  const low = minutes === 1 ? first.low : BASE;
  const bar = { open: first.open, high, low, close: barOf(minute).close, volume: minutes * A_MINUTE };
  return frame('dailyBars', 'd', start, barFields(bar));
}

/**
 * What a minute that has ended gives rise to: its bar; the bar of the one before with a trade that came late; the day so far; a trade that
 * is put right by a cent and one that is taken back; price bands of five percent, an imbalance, and word that trading goes on.
 */
function minuteFrames(minute: number): readonly DataFrame[] {
  const [bar, before, end] = [barOf(minute), barOf(minute - MINUTE), minute + MINUTE];
  const trade = printFields({ at: minute, close: bar.close, volume: A_TRADE }, TAPE);
  const { x, p, s, i, z } = trade as { readonly x: string; readonly p: number; readonly s: number; readonly i: number; readonly z: string };
  const right = { ci: i + 1, cp: real(bar.close + CENT), cs: s, cc: ['@'] };
  return [
    frame('bars', 'b', minute, barFields(bar)),
    frame('updatedBars', 'u', minute - MINUTE, barFields({ ...before, volume: A_MINUTE + A_TRADE })),
    dayFrame(minute),
    frame('corrections', 'c', end, { x, oi: i, op: p, os: s, oc: ['@'], ...right, z }),
    frame('cancelErrors', 'x', end, { i: i + 1, x, p: right.cp, s, a: 'C', z }),
    frame('lulds', 'l', end, { u: real(Math.round(bar.close * 1.05)), d: real(Math.round(bar.close * 0.95)), i: 'B', z }),
    frame('imbalances', 'i', end, { p, z }),
    frame('statuses', 's', end, { sc: 'T', sm: 'Trading Resumption', rc: '', rm: '', z }),
  ];
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
      for (let at = from; at < to; at += MINUTE) bars.push(...minuteFrames(at));
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
