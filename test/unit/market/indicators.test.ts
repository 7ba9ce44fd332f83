import { describe, expect, it } from 'vitest';
import {
  atrWilder,
  bollinger,
  ema,
  lastOf,
  realizedVolatility,
  rsiWilder,
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
