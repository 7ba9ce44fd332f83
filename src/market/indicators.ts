// Indicators as running machines of constant cost a bar, and as the last value of a series. Floats: they feed judgement, never cash.
import { assert } from '../base/assert.ts';
import { SESSIONS_PER_YEAR } from '../pricing/volatility/realized.ts';

/** Takes one value and answers the indicator as of it; undefined until enough values have been seen. */
export interface Running<In, Out = number> {
  next(value: In): Out | undefined;
}

/** High, low and close of a bar, in dollars. */
export interface HighLowClose {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const checkLength = (n: number): void =>
  assert(Number.isInteger(n) && n >= 1, `an indicator's length is a whole number from 1: ${String(n)}`);

/** The last `n` values in a ring. */
function ring(n: number): {
  push(value: number): void;
  readonly full: boolean;
  fold(each: (value: number) => void): void;
  readonly oldest: number;
} {
  const values = new Float64Array(n);
  let count = 0;
  return {
    push(value) {
      values[count % n] = value;
      count++;
    },
    get full() {
      return count >= n;
    },
    /** The value that the next push drops; only when full. */
    get oldest() {
      return values[count % n] as number;
    },
    fold(each) {
      const held = Math.min(count, n);
      for (let i = count - held; i < count; i++) each(values[i % n] as number);
    },
  };
}

/**
 * Mean and sum of squared deviations of the last `n` values, updated in constant time and reckoned afresh from the window once
 * per `n` values, so that rounding cannot pile up over a long run.
 */
function moments(n: number): Running<number, { readonly mean: number; readonly squares: number }> {
  const window = ring(n);
  let mean = 0;
  let squares = 0;
  let sinceFresh = 0;
  const refresh = (): void => {
    mean = 0;
    squares = 0;
    window.fold((v) => {
      mean += v / n;
    });
    window.fold((v) => {
      squares += (v - mean) ** 2;
    });
    sinceFresh = 0;
  };
  return {
    next(value) {
      const wasFull = window.full;
      const dropped = wasFull ? window.oldest : 0;
      window.push(value);
      if (!window.full) return undefined;
      sinceFresh++;
      if (!wasFull || sinceFresh >= n) refresh();
      else {
        const moved = mean + (value - dropped) / n;
        squares = Math.max(0, squares + (value - dropped) * (value - moved + dropped - mean));
        mean = moved;
      }
      return { mean, squares };
    },
  };
}

/** Simple moving average of the last `n` values. */
export function runningSma(n: number): Running<number> {
  checkLength(n);
  const window = moments(n);
  return { next: (value) => window.next(value)?.mean };
}

/** Exponential average: seeded with the mean of the first `n`, then alpha = 2/(n + 1). */
export function runningEma(n: number): Running<number> {
  checkLength(n);
  const seed = runningSma(n);
  let average: number | undefined;
  return {
    next(value) {
      average = average === undefined ? seed.next(value) : average + (2 / (n + 1)) * (value - average);
      return average;
    },
  };
}

/** Wilder's average: seeded with the mean of the first `n`, then (previous x (n - 1) + value) / n. */
export function runningWilder(n: number): Running<number> {
  checkLength(n);
  const seed = runningSma(n);
  let average: number | undefined;
  return {
    next(value) {
      average = average === undefined ? seed.next(value) : (average * (n - 1) + value) / n;
      return average;
    },
  };
}

/**
 * Wilder's relative strength index over `n` changes, 0 to 100: 100 without a loss, 50 without any change. First value at
 * the (n + 1)th close.
 */
export function runningRsi(n: number): Running<number> {
  const gains = runningWilder(n);
  const losses = runningWilder(n);
  let previous: number | undefined;
  return {
    next(close) {
      const change = previous === undefined ? undefined : close - previous;
      previous = close;
      if (change === undefined) return undefined;
      const gain = gains.next(Math.max(0, change));
      const loss = losses.next(Math.max(0, -change));
      if (gain === undefined || loss === undefined) return undefined;
      if (loss === 0) return gain === 0 ? 50 : 100;
      return 100 - 100 / (1 + gain / loss);
    },
  };
}

/** The day's range, its gap from the previous close included. */
export const trueRange = (bar: HighLowClose, previousClose: number): number =>
  Math.max(bar.high - bar.low, Math.abs(bar.high - previousClose), Math.abs(bar.low - previousClose));

/** Wilder's average true range over `n` ranges. The first bar has no range: `n` + 1 bars give the first value. */
export function runningAtr(n: number): Running<HighLowClose> {
  const average = runningWilder(n);
  let previous: number | undefined;
  return {
    next(bar) {
      const before = previous;
      previous = bar.close;
      return before === undefined ? undefined : average.next(trueRange(bar, before));
    },
  };
}

/**
 * Wilder's average directional index over `n` bars, 0 to 100: how one-sided the moves are, whichever way. A bar moves up by what its
 * high gains and down by what its low loses, the greater alone counting; of both averages the difference over the sum (the average
 * true range that divides each falls out of it); that averaged again, its first `n` with equal weights. 2n bars give the first value.
 */
export function runningAdx(n: number): Running<HighLowClose> {
  const [rises, falls, index] = [runningWilder(n), runningWilder(n), runningWilder(n)];
  let previous: HighLowClose | undefined;
  return {
    next(bar) {
      const before = previous;
      previous = bar;
      if (before === undefined) return undefined;
      const up = bar.high - before.high;
      const down = before.low - bar.low;
      const plus = rises.next(up > down && up > 0 ? up : 0);
      const minus = falls.next(down > up && down > 0 ? down : 0);
      if (plus === undefined || minus === undefined) return undefined;
      return index.next(plus + minus > 0 ? (100 * Math.abs(plus - minus)) / (plus + minus) : 0);
    },
  };
}

/**
 * Realised volatility, annualised: standard deviation (n - 1) of the last `n` log returns of closes, times sqrt 252.
 * Closes must be positive.
 */
export function runningRealizedVolatility(n: number): Running<number> {
  assert(n >= 2, `a standard deviation needs two returns: ${String(n)}`);
  checkLength(n);
  const window = moments(n);
  let previous: number | undefined;
  return {
    next(close) {
      assert(close > 0, `a close is positive: ${String(close)}`);
      const before = previous;
      previous = close;
      if (before === undefined) return undefined;
      const spread = window.next(Math.log(close / before));
      return spread === undefined ? undefined : Math.sqrt((spread.squares / (n - 1)) * SESSIONS_PER_YEAR);
    },
  };
}

export interface Bollinger {
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
  readonly lower: number;
  readonly upper: number;
  /** Where the close stands between the bands, 0 lower, 1 upper, not clamped; 0.5 when the bands coincide. */
  readonly percentB: number;
}

/** Bollinger bands of `width` population deviations about the mean of the last `n` closes. */
export function runningBollinger(n: number, width = 2): Running<number, Bollinger> {
  checkLength(n);
  const window = moments(n);
  return {
    next(close) {
      const spread = window.next(close);
      if (spread === undefined) return undefined;
      const { mean } = spread;
      const deviation = Math.sqrt(spread.squares / n);
      const lower = mean - width * deviation;
      const upper = mean + width * deviation;
      return { mean, deviation, lower, upper, percentB: upper > lower ? (close - lower) / (upper - lower) : 0.5 };
    },
  };
}

/** What a running indicator says after the last value of a series; undefined when the series is too short. */
export function lastOf<In, Out>(running: Running<In, Out>, values: Iterable<In>): Out | undefined {
  let last: Out | undefined;
  for (const value of values) last = running.next(value);
  return last;
}

/** Mean of the last `n` values; undefined when there are fewer. */
export const sma = (values: readonly number[], n: number): number | undefined => lastOf(runningSma(n), values.slice(-n));
export const ema = (values: readonly number[], n: number): number | undefined => lastOf(runningEma(n), values);
export const rsiWilder = (closes: readonly number[], n = 14): number | undefined => lastOf(runningRsi(n), closes);
export const atrWilder = (bars: readonly HighLowClose[], n = 14): number | undefined => lastOf(runningAtr(n), bars);
export const adxWilder = (bars: readonly HighLowClose[], n = 14): number | undefined => lastOf(runningAdx(n), bars);
export const realizedVolatility = (closes: readonly number[], n: number): number | undefined =>
  lastOf(runningRealizedVolatility(n), closes.slice(-n - 1));
export const bollinger = (closes: readonly number[], n = 20, width = 2): Bollinger | undefined =>
  lastOf(runningBollinger(n, width), closes.slice(-n));
