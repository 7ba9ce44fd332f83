import { describe, expect, it } from 'vitest';
import {
  adxWilder,
  atrWilder,
  bollinger,
  ema,
  lastOf,
  realizedVolatility,
  rsiWilder,
  runningAdx,
  runningBollinger,
  runningRsi,
  runningSma,
  sma,
  trueRange,
} from '../../../src/market/indicators.ts';

const closes = [44, 44.5, 44.2, 43.9, 44.6, 45.1, 45.4, 45, 45.6, 46.1, 45.8, 46, 45.5, 46.2, 46.4, 46, 45.7, 46.3, 46.8, 46.5];
const bars = closes.map((close) => ({ high: close + 0.4, low: close - 0.5, close }));

describe('indicators on the reference series', () => {
  it('gives Wilder RSI(14) at the last six closes, which is not the simple-average RSI', () => {
    const rsi = runningRsi(14);
    const values = closes.map((close) => rsi.next(close)).filter((v) => v !== undefined);
    expect(values.map((v) => Number(v.toFixed(6)))).toEqual([70, 65.311005, 61.958799, 65.745623, 68.554797, 65.104854]);
  });

  it.each([
    ['SMA(5)', sma(closes, 5), 46.26],
    ['EMA(5)', ema(closes, 5), 46.361574],
    ['ATR(5)', atrWilder(bars, 5), 0.930957],
    ['ATR(14)', atrWilder(bars), 0.935746],
    ['RV(10)', realizedVolatility(closes, 10), 0.156076],
    ['the Bollinger mean', bollinger(closes)?.mean, 45.48],
    ['the Bollinger deviation', bollinger(closes)?.deviation, 0.847113],
    ['%b', bollinger(closes)?.percentB, 0.801023],
  ])('gives %s at the end', (_, value, expected) => expect(value).toBeCloseTo(expected, 6));
});

/** Sixteen closes more, and ranges that lean now one way, now the other: both kinds of movement, and bars inside the one before. */
const longer = [...closes, 46.9, 47.4, 47.1, 47.8, 48.3, 48, 48.6, 48.2, 48.9, 49.3, 49, 48.4, 48.7, 49.6, 50.1, 49.7];
const uneven = longer.map((close, i) => ({
  high: Math.round((close + ([0.4, 0.3, 0.55, 0.2, 0.45][i % 5] as number)) * 100) / 100,
  low: Math.round((close - ([0.5, 0.35, 0.25, 0.6][i % 4] as number)) * 100) / 100,
  close,
}));

/** The index by the sums of Wilder's worksheet: a fourteenth of each sum is dropped and the newest value added; both lines over the range. */
function worksheet(rows: readonly { readonly high: number; readonly low: number; readonly close: number }[], n: number): readonly number[] {
  const moves = rows.slice(1).map((row, i) => {
    const before = rows[i] as (typeof rows)[number];
    const up = row.high - before.high;
    const down = before.low - row.low;
    const range = Math.max(row.high - row.low, Math.abs(row.high - before.close), Math.abs(row.low - before.close));
    return { range, plus: up > down && up > 0 ? up : 0, minus: down > up && down > 0 ? down : 0 };
  });
  const sums = (of: (m: (typeof moves)[number]) => number): readonly number[] => {
    const column = [moves.slice(0, n).reduce((total, m) => total + of(m), 0)];
    for (const move of moves.slice(n)) column.push((column.at(-1) as number) * (1 - 1 / n) + of(move));
    return column;
  };
  const [ranges, plus, minus] = [sums((m) => m.range), sums((m) => m.plus), sums((m) => m.minus)];
  const directional = ranges.map((range, i) => {
    const [up, down] = [(100 * (plus[i] as number)) / range, (100 * (minus[i] as number)) / range];
    return (100 * Math.abs(up - down)) / (up + down);
  });
  const index = [directional.slice(0, n).reduce((total, x) => total + x, 0) / n];
  for (const x of directional.slice(n)) index.push(((index.at(-1) as number) * (n - 1) + x) / n);
  return index;
}

describe('the average directional index', () => {
  const running = (n: number): readonly number[] => {
    const adx = runningAdx(n);
    return uneven.map((bar) => adx.next(bar)).filter((v) => v !== undefined);
  };
  // Reckoned once in exact fractions from the sums of the worksheet.
  it.each([
    [14, [19.435434, 18.564073, 18.29103, 18.52557, 19.333245, 19.138668]],
    [5, [29.72855, 27.10975, 23.102182, 23.661479, 27.913118, 24.273701]],
  ])('over %i bars gives the reckoned values at the last six', (n, expected) => {
    expect(
      running(n)
        .slice(-6)
        .map((v) => Number(v.toFixed(6))),
    ).toEqual(expected);
  });
  it.each([14, 5, 2])('over %i bars agrees with the worksheet from its first value, at bar 2n, to its last', (n) => {
    const sheet = worksheet(uneven, n);
    const values = running(n);
    expect(values).toHaveLength(uneven.length - 2 * n + 1);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(sheet[i] as number, 9);
  });
  it('is 100 where every bar goes the same way, and 0 where none goes anywhere', () => {
    const bar = (at: number) => ({ high: at + 1, low: at - 1, close: at });
    const up = Array.from({ length: 28 }, (_, i) => bar(10 + i));
    expect(adxWilder(up)).toBeCloseTo(100, 9);
    expect(adxWilder(up.slice(0, 27))).toBeUndefined();
    expect(adxWilder(Array.from({ length: 28 }, () => bar(10)))).toBe(0);
  });
});

describe('indicators at their edges', () => {
  it('are silent until they have enough', () => {
    expect(sma([1, 2], 3)).toBeUndefined();
    expect(rsiWilder(closes.slice(0, 14))).toBeUndefined();
    expect(atrWilder(bars.slice(0, 14))).toBeUndefined();
    expect(atrWilder(bars.slice(0, 15))).toBeDefined();
    expect(realizedVolatility(closes.slice(0, 10), 10)).toBeUndefined();
  });

  it('call a rise without a loss 100 and no change 50', () => {
    expect(rsiWilder([1, 2, 3, 4], 3)).toBe(100);
    expect(rsiWilder([4, 4, 4, 4], 3)).toBe(50);
    expect(rsiWilder([4, 3, 2, 1], 3)).toBe(0);
  });

  it('put a close that never moved in the middle of its bands', () =>
    expect(bollinger([7, 7, 7, 7], 4)).toMatchObject({ deviation: 0, percentB: 0.5 }));

  it('count a gap into the range', () => {
    expect(trueRange({ high: 12, low: 11, close: 11.5 }, 9)).toBe(3);
    expect(trueRange({ high: 12, low: 11, close: 11.5 }, 14)).toBe(3);
  });

  it('refuse a length that is none', () => {
    expect(() => sma([1], 0)).toThrow("an indicator's length is a whole number from 1: 0");
    expect(() => realizedVolatility([1, 2], 1)).toThrow('needs two returns');
    expect(() => realizedVolatility([1, 0, 1], 2)).toThrow('a close is positive: 0');
  });

  it('do not drift over a long run', () => {
    const series = Array.from({ length: 50_000 }, (_, i) => 1e6 + Math.sin(i) * 0.01);
    const window = series.slice(-20);
    const mean = window.reduce((a, b) => a + b, 0) / 20;
    const deviation = Math.sqrt(window.reduce((a, b) => a + (b - mean) ** 2, 0) / 20);
    expect(lastOf(runningSma(20), series)).toBeCloseTo(mean, 6);
    expect(lastOf(runningBollinger(20), series)?.deviation).toBeCloseTo(deviation, 6);
  });
});
