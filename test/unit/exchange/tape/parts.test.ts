import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket } from '../../../../src/exchange/market.ts';
import { openTape } from '../../../../src/exchange/tape/tape.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { folderOf, type Part } from './folder-of.ts';

const calendar = usCalendar();
const day = tradingDay('2026-02-11');
const at = (hour: number, minute: number): number => calendar.instant(day, hour, minute);
const folders: string[] = [];
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true });
});

function open(parts: readonly Part[], from?: string): ExchangeMarket {
  const dir = folderOf(parts);
  folders.push(dir);
  return openTape({ dir, calendar, quotes: 'held', ...(from === undefined ? {} : { from: tradingDay(from) }) });
}

const bars = (symbol: string, from: string, to: string, days: readonly string[]): Part => ({
  path: `bars/daily/${symbol}.raw.csv`,
  kind: 'daily bars (raw)',
  symbol,
  from,
  to,
  text: ['date,open,high,low,close,volume,adj_close', ...days.map((d) => `${d},100,101,99,100.5,1000000,100.5`), ''].join('\n'),
});

describe('a tape of daily bars alone', () => {
  const spy = bars('SPY', '2026-02-09', '2026-02-12', ['2026-02-09', '2026-02-10', '2026-02-11', '2026-02-12']);
  it('is played from the day asked for to the last bar', () => {
    const tape = open([spy], '2026-02-11');
    expect([tape.firstInstant, tape.lastInstant]).toEqual([at(9, 30), calendar.instant(tradingDay('2026-02-12'), 16, 0)]);
    expect(tape.equities()).toMatchObject([{ symbol: 'SPY', optionable: false }]);
    expect(tape.quote('SPY', at(12, 0))).toMatchObject({ mark: 'assumed' });
    expect(tape.dailyBars('SPY', tradingDay('2026-02-09'), day, at(12, 0)).map((b) => b.day)).toEqual(['2026-02-09', '2026-02-10']);
  });
  it.each([
    ['without a day', undefined, /name a day with --from; its bars reach from 2026-02-09 to 2026-02-12/],
    ['on a day beyond its bars', '2026-02-13', /no bars on 2026-02-13: its bars reach from 2026-02-09 to 2026-02-12/],
  ] as const)('says %s where it could begin', (_, from, words) => {
    expect(() => open([spy], from)).toThrow(words);
  });
  it('holds something to trade', () => {
    expect(() => open([{ ...spy, path: 'index/SPX.csv', kind: 'index daily' }], '2026-02-11')).toThrow(/nothing to trade on this tape/);
  });
});

const HEADER =
  'ts,occ,underlying,expiry,strike,right,style,bid,ask,bid_size,ask_size,last,volume,open_interest,iv,delta,gamma,theta,vega,underlying_price,underlying_src';
/** Calls from 80 to 120 about a share at 100, the last `ghosts` of them quoted as they were before a split of ten for one. */
function chain(ts: string, ghosts: number, spot = 100): readonly string[] {
  const strikes = Array.from({ length: 41 }, (_, i) => 80 + i);
  return strikes.map((strike, i) => {
    const worth = i >= strikes.length - ghosts ? 1000 - strike : Math.max(0, 100 - strike) + 1;
    const occ = `XYZ260320C${String(strike * 1000).padStart(8, '0')}`;
    return `${ts},${occ},XYZ,2026-03-20,${String(strike)},C,american,${worth.toFixed(2)},${(worth + 0.1).toFixed(2)},,,,1,10,,,,,,${String(spot)},bar`;
  });
}
const chains = (...rows: readonly string[]): Part => ({
  path: 'options/chains/XYZ.csv',
  kind: 'option chain',
  symbol: 'XYZ',
  from: '2026-02-11',
  to: '2026-02-11',
  text: [HEADER, ...rows, ''].join('\n'),
});

describe('a chain that was not cleaned', () => {
  const GHOST = 'XYZ260320C00120000';
  const CALL = 'XYZ260320C00100000';
  const daily = bars('XYZ', '2026-02-10', '2026-02-11', ['2026-02-10', '2026-02-11']);
  it('is left out whole, and said to be', () => {
    const tape = open([daily, chains(...chain('2026-02-11T10:00-05:00', 6), ...chain('2026-02-11T12:00-05:00', 0))]);
    expect([tape.quote(CALL, at(10, 1)), tape.contract(CALL, at(10, 1))]).toEqual([undefined, undefined]);
    expect(tape.contracts('XYZ', day, tradingDay('2026-12-31'), at(10, 1), false)).toEqual([]);
    expect(tape.quote(CALL, at(12, 1))).toMatchObject({ bid: 1_000_000, ask: 1_100_000 });
    expect(tape.contracts('XYZ', day, tradingDay('2026-12-31'), at(12, 1), false)).toHaveLength(41);
    expect(tape.report().assumptions).toContain(
      'XYZ: chain of 2026-02-11T10:00-05:00 left out: 6 of 41 quotes cannot be of a share at 100.00',
    );
  });
  it('is left out with the price of the share that it gives, where that is what is wrong', () => {
    const tape = open([daily, chains(...chain('2026-02-11T10:00-05:00', 0, 700))]);
    expect(tape.quote(CALL, at(10, 1))).toBeUndefined();
    expect(tape.quote('XYZ', at(10, 1))?.bid).toBeLessThan(100_500_000);
    expect(tape.report().assumptions.find((words) => words.includes('left out'))).toMatch(/of a share at 700\.00$/);
  });
  it('is played where few of its quotes are wrong: those are for whoever trades on it to judge', () => {
    const tape = open([daily, chains(...chain('2026-02-11T10:00-05:00', 2))]);
    expect(tape.quote(GHOST, at(10, 1))?.bid).toBe(880_000_000);
    expect(tape.report().assumptions.filter((words) => words.includes('left out'))).toEqual([]);
  });
});
