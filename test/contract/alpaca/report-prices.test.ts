// What `wsb report calibration --market` judges by, read from the embedded exchange over real loopback sockets.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Foreteller, outcomeOf } from '../../../src/cli/report/outcome.ts';
import { readPrices } from '../../../src/cli/report/prices.ts';
import type { Foretold } from '../../../src/domain/forecast.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { dollars } from '../../../src/domain/money.ts';
import { epochMs, MINUTE, tradingDay } from '../../../src/domain/time.ts';
import { calendar, type ServedAlpaca, serveAlpaca } from './served-alpaca.ts';

const SPY = symbol('SPY');
/** A session before the exchange's first instant: it remembers those, too. */
const day = tradingDay('2026-11-19');
const ten = calendar.instant(day, 10, 0);
const noon = calendar.instant(day, 12, 0);

let clock: ServedAlpaca['clock'];
let alpaca: ServedAlpaca['alpaca'];
let served: ServedAlpaca;

beforeEach(async () => {
  served = await serveAlpaca(1, 'indicative');
  ({ clock, alpaca } = served);
});
afterEach(async () => {
  await served.close();
  expect(served.faults).toEqual([]);
});

const about = (event: Foretold, spot: number): Foreteller => ({
  underlying: SPY,
  saidAt: ten,
  forecast: { name: 'gain_at_expiry', method: 'quoted_smile', probability: 0.5, spot, event },
});

describe('the prices that forecasts are judged by', () => {
  it("are the exchange's own: its close of the day, and the extremes of its minutes between decision and deadline", async () => {
    const daily = await alpaca.data.dailyBars([SPY], day, day);
    const minutes = await alpaca.data.intradayBars([SPY], 1, ten, noon);
    if (!daily.ok || !minutes.ok) throw new Error('no bars');
    const close = dollars(daily.value.get(SPY)?.[0]?.close ?? expect.fail('a daily bar'));
    const inside = (minutes.value.get(SPY) ?? []).filter((bar) => bar.at >= ten && bar.at + MINUTE <= noon);
    const top = Math.max(...inside.map((bar) => dollars(bar.high)));
    expect(inside).toHaveLength(120);

    const ends = (from: number): Foretold => ({ kind: 'ends', day, within: [{ from, to: null }] });
    const touches = (level: number): Foretold => ({ kind: 'touches', side: 'above', level, by: noon });
    const stands: Foretold = { kind: 'stands', side: 'above', level: close / 2, at: noon };
    const foretold = [ends(close - 0.01), ends(close + 0.01), touches(top), touches(top + 0.01), stands].map((e) => about(e, close));
    const now = clock.now().exchange;
    const prices = await readPrices(alpaca.data, foretold, calendar, now);
    const judged = foretold.map((one) => outcomeOf(one, { calendar, ends: new Map(), prices, asOf: now }));
    expect(judged).toEqual([true, false, true, false, true].map((happened) => ({ kind: 'known', happened, from: 'market' })));
  });
  it('are none of a day that is not over', async () => {
    const now = clock.now().exchange;
    const today = calendar.dayOf(now);
    const foretold = [{ ...about({ kind: 'ends', day: today, within: [{ from: 1, to: null }] }, 600), saidAt: epochMs(now - MINUTE) }];
    const prices = await readPrices(alpaca.data, foretold, calendar, now);
    expect(prices.close(SPY, today)).toBeUndefined();
  });
  it('need no question where nothing was foretold', async () => {
    const prices = await readPrices(alpaca.data, [], calendar, clock.now().exchange);
    expect(prices.close(SPY, day)).toBeUndefined();
    expect(prices.bars(SPY, ten, noon)).toEqual([]);
  });
});
