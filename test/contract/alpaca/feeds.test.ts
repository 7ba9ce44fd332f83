// From the exchange's wire to what a strategy reads: the feeds over the adapter over loopback sockets, judged by the view.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dailyFeed } from '../../../src/daemon/daily-feed.ts';
import type { FeedOptions } from '../../../src/daemon/feed.ts';
import { intradayFeed } from '../../../src/daemon/intraday-feed.ts';
import { referenceFeed } from '../../../src/daemon/reference-feed.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { HOUR } from '../../../src/domain/time.ts';
import { createBoard } from '../../../src/market/board.ts';
import { parseEarnings } from '../../../src/market/earnings.ts';
import { parseMacro } from '../../../src/market/macro.ts';
import { relativeVolume } from '../../../src/market/rvol.ts';
import { defaultViewLimits, type MarketView, viewOf } from '../../../src/market/view.ts';
import { vwap } from '../../../src/market/vwap.ts';
import { calendar, keys, type ServedAlpaca, serveAlpaca } from './served-alpaca.ts';

const [spy, nvda, vix] = [symbol('SPY'), symbol('NVDA'), symbol('VIX')];

let server: ServedAlpaca['server'];
let clock: ServedAlpaca['clock'];
let alpaca: ServedAlpaca['alpaca'];
let served: ServedAlpaca;
let options: FeedOptions;
let missing: string[];

beforeEach(async () => {
  missing = [];
  served = await serveAlpaca(20, 'opra');
  ({ server, clock, alpaca } = served);
  options = { board: createBoard(), data: alpaca.data, calendar, clock, missing: (what, why) => missing.push(`${what}: ${why}`) };
});
afterEach(async () => {
  await served.close();
  expect(served.faults).toEqual([]);
});

const owner = async (path: string): Promise<string> => {
  const headers = { 'APCA-API-KEY-ID': keys.id, 'APCA-API-SECRET-KEY': keys.secret };
  return (await fetch(`${server.url}${path}`, { headers })).text();
};
const view = (): MarketView =>
  viewOf(options.board, {
    now: clock.now(),
    calendar,
    rate: 0.04,
    dividendYields: new Map(),
    limits: defaultViewLimits,
    assumed: new Map(),
    optionFeed: 'opra',
  });
const known = <T>(
  answer: { readonly known: true; readonly value: T } | { readonly known: false; readonly code: string; readonly why: string },
): T => {
  if (!answer.known) throw new Error(`${answer.code}: ${answer.why}`);
  return answer.value;
};

it('a strategy of minutes finds its bars, its relative volume and its session’s price', async () => {
  const intraday = intradayFeed(options);
  await intraday.fetch([
    { symbol: nvda, minutes: 5, sessions: 21 },
    { symbol: nvda, minutes: 15, sessions: 21 },
    { symbol: nvda, minutes: 1, sessions: 1 },
  ]);
  expect(missing).toEqual([]);
  const now = view();
  const five = known(now.intradayBars(nvda, 5, 21));
  expect(new Set(five.map((b) => b.day)).size).toBe(21);
  expect(known(now.intradayBars(nvda, 15, 21)).length).toBe(20 * 26 + 22);
  const today = known(now.intradayBars(nvda, 1, 1));
  const rvol = known(relativeVolume(five, 3, calendar));
  expect(rvol).toBeGreaterThan(0.1);
  expect(rvol).toBeLessThan(10);
  const price = known(vwap(today, calendar.dayOf(clock.now().exchange)));
  const lows = Math.min(...today.map((b) => b.low));
  const highs = Math.max(...today.map((b) => b.high));
  expect(price * 1e6).toBeGreaterThan(lows);
  expect(price * 1e6).toBeLessThan(highs);
});

it('a strategy of the day’s last hour finds the volatility index, macro events and headlines', async () => {
  const reference = referenceFeed(options, async () => {
    const parsed = parseMacro(await owner('/sim/v1/macro'), 'macro');
    return parsed.ok
      ? { ok: true, value: parsed.calendar }
      : { ok: false, fault: 'MACRO_FILE', auth: false, why: parsed.errors.join('; ') };
  });
  await Promise.all([reference.indexValues([vix]), reference.news([spy, nvda]), reference.macro()]);
  expect(missing).toEqual([]);
  const now = view();
  expect(known(now.indexValue(vix))).toBeGreaterThan(8);
  expect(known(now.news(spy, 24 * HOUR)).every((n) => n.symbols.includes(spy))).toBe(true);
  const today = calendar.dayOf(clock.now().exchange);
  expect(known(now.macro(today, calendar.offset(today, 30).day)).map((e) => e.event)).toEqual(
    expect.arrayContaining(['FOMC', 'CPI', 'NFP']),
  );
  expect(now.optionFeed()).toBe('opra');
});

it('a strategy of reports finds years of bars and eight reports whose moves it can measure', async () => {
  const parsed = parseEarnings(await owner('/sim/v1/earnings'), 'earnings');
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  options.board.setEarnings(parsed.reports);
  await dailyFeed(options)([{ symbol: nvda, sessions: 1_500 }]);
  expect(missing).toEqual([]);
  const now = view();
  const bars = known(now.dailyBars(nvda, 1_500));
  const reports = known(now.earningsHistory(nvda, 8, 6));
  expect(reports).toHaveLength(8);
  expect(reports.every((r) => bars.some((b) => b.day === r.day))).toBe(true);
});
