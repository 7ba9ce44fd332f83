// Our indicators against a library that others wrote, over series of many shapes.
import { ADX, ATR, BollingerBands, EMA, RSI, SMA, WSMA } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import {
  type HighLowClose,
  runningAdx,
  runningAtr,
  runningBollinger,
  runningEma,
  runningRsi,
  runningSma,
  runningWilder,
} from '../../../src/market/indicators.ts';

/** A share's bars: a walk in logs, rounded to so many parts of a dollar, ranges that open both ways. */
function walk(seed: number, bars: number, parts = 100): readonly HighLowClose[] {
  const rng = seededRng(seed);
  const rounded = (price: number): number => Math.round(parts * price) / parts;
  let close = 20 + 400 * rng.float();
  return Array.from({ length: bars }, () => {
    const open = close;
    close = Math.max(0.5, rounded(open * Math.exp(0.0002 + 0.02 * rng.normal())));
    const high = rounded(Math.max(open, close) * (1 + 0.01 * rng.float()));
    const low = rounded(Math.min(open, close) * (1 - 0.01 * rng.float()));
    return { high, low, close };
  });
}

interface Theirs<In> {
  add(value: In): unknown;
  getResult(): unknown;
}
interface Ours<In> {
  next(value: In): number | undefined;
}

/** How far apart the two are at most, relative to the value, once both speak and `settled` bars have gone by; and how many were compared. */
function apart<In>(
  ours: Ours<In>,
  theirs: Theirs<In>,
  values: readonly In[],
  settled: number,
): { readonly most: number; readonly compared: number } {
  let most = 0;
  let compared = 0;
  for (const [i, value] of values.entries()) {
    const mine = ours.next(value);
    theirs.add(value);
    const other = theirs.getResult();
    if (i < settled || mine === undefined || typeof other !== 'number') continue;
    most = Math.max(most, Math.abs(mine - other) / Math.max(1, Math.abs(other)));
    compared++;
  }
  return { most, compared };
}

const BARS = 2_000;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe.each([2, 5, 14, 50, 200])('over %i bars, an indicator of ours agrees with the library', (n) => {
  const closes = (seed: number): readonly number[] => walk(seed, BARS).map((bar) => bar.close);
  /** The library begins exponential averages elsewhere: twenty lifetimes later the beginning weighs under a billionth. */
  const forgotten = Math.min(BARS - 50, 1 + 20 * n);

  it.each(SEEDS)('in the simple average, from its first value (series %i)', (seed) => {
    const { most, compared } = apart(runningSma(n), new SMA(n), closes(seed), 0);
    expect(compared).toBe(BARS - n + 1);
    expect(most).toBeLessThan(1e-12);
  });

  it.each(SEEDS)("in Wilder's average, from its first value (series %i)", (seed) => {
    const { most, compared } = apart(runningWilder(n), new WSMA(n), closes(seed), 0);
    expect(compared).toBe(BARS - n + 1);
    expect(most).toBeLessThan(1e-12);
  });

  it.each(SEEDS)('in the exponential average, once beginnings are forgotten (series %i)', (seed) => {
    const { most, compared } = apart(runningEma(n), new EMA(n), closes(seed), forgotten);
    expect(compared).toBeGreaterThanOrEqual(50);
    expect(most).toBeLessThan(n < 100 ? 1e-9 : 1e-6);
  });

  it.each(SEEDS)('in the relative strength index, from its first value (series %i)', (seed) => {
    const { most, compared } = apart(runningRsi(n), new RSI(n), closes(seed), 0);
    expect(compared).toBe(BARS - n);
    expect(most).toBeLessThan(1e-11);
  });

  it.each(SEEDS)('in the average true range, once beginnings are forgotten (series %i)', (seed) => {
    const { most, compared } = apart(runningAtr(n), new ATR(n), walk(seed, BARS), forgotten);
    expect(compared).toBeGreaterThanOrEqual(50);
    expect(most).toBeLessThan(n < 100 ? 1e-9 : 1e-4);
  });

  it.each(SEEDS)('in the bands of Bollinger, from their first value (series %i)', (seed) => {
    const upper = runningBollinger(n);
    const bands = new BollingerBands(n, 2);
    const theirs: Theirs<number> = { add: (x) => bands.add(x), getResult: () => bands.getResult()?.upper };
    const { most, compared } = apart({ next: (x: number) => upper.next(x)?.upper }, theirs, closes(seed), 0);
    expect(compared).toBe(BARS - n + 1);
    // Where closes stand still, the deviation is the square root of a rounding error.
    expect(most).toBeLessThan(1e-8);
  });
});

describe.each([5, 14])('the average directional index over %i bars agrees with the library', (n) => {
  // Prices so fine that no high rises by exactly what the low falls: there Wilder counts neither and the library counts both.
  it.each(SEEDS)('once beginnings are forgotten (series %i)', (seed) => {
    const { most, compared } = apart(runningAdx(n), new ADX(n), walk(seed, BARS, 1e9), 40 * n);
    expect(compared).toBeGreaterThanOrEqual(1_000);
    expect(most).toBeLessThan(1e-9);
  });
});
