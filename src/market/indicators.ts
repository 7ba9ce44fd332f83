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

/**
 * Mean and sum of squared deviations of the last `n` values, updated in constant time and reckoned afresh from the window once
 * per `n` values, so that rounding cannot pile up over a long run. A class, as the averages below: numbers that change live in
 * fields, which costs a bar no allocation.
 */
class Moments {
  mean = 0;
  squares = 0;
  private readonly values: Float64Array;
  private readonly n: number;
  /** Where the next value goes: the oldest stands there once the ring is full. */
  private at = 0;
  private full = false;

  constructor(n: number) {
    this.n = n;
    this.values = new Float64Array(n);
  }

  /** Takes a value; true when `mean` and `squares` speak of `n` values. */
  push(value: number): boolean {
    const { n, values, at } = this;
    const dropped = values[at] as number;
    values[at] = value;
    this.at = at + 1 === n ? 0 : at + 1;
    if (this.at === 0) {
      this.full = true;
      this.refresh();
      return true;
    }
    if (!this.full) return false;
    const change = value - dropped;
    const moved = this.mean + change / n;
    this.squares = Math.max(0, this.squares + change * (value - moved + dropped - this.mean));
    this.mean = moved;
    return true;
  }

  /** Only where the ring begins anew, so that the oldest value is the first. */
  private refresh(): void {
    const { n, values } = this;
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (values[i] as number) / n;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const off = (values[i] as number) - mean;
      squares += off * off;
    }
    this.mean = mean;
    this.squares = squares;
  }
}

/** The mean alone, by the same arithmetic: half the work where no deviation is asked for. */
class Sma implements Running<number> {
  private mean = 0;
  private readonly values: Float64Array;
  private readonly n: number;
  private at = 0;
  private full = false;

  constructor(n: number) {
    this.n = n;
    this.values = new Float64Array(n);
  }

  next(value: number): number | undefined {
    const { n, values, at } = this;
    const dropped = values[at] as number;
    values[at] = value;
    if (at + 1 < n) {
      this.at = at + 1;
      if (!this.full) return undefined;
      this.mean += (value - dropped) / n;
      return this.mean;
    }
    this.at = 0;
    this.full = true;
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (values[i] as number) / n;
    this.mean = mean;
    return mean;
  }
}

/** An average that begins as the mean of its first `n` values and then moves towards each by `weight` of the way. */
class Smoothed implements Running<number> {
  private average = 0;
  private count = 0;
  private readonly n: number;
  private readonly weight: number;
  constructor(n: number, weight: number) {
    this.n = n;
    this.weight = weight;
  }
  next(value: number): number | undefined {
    if (this.count < this.n) {
      this.average += value / this.n;
      this.count++;
      return this.count === this.n ? this.average : undefined;
    }
    this.average += this.weight * (value - this.average);
    return this.average;
  }
}

/** Simple moving average of the last `n` values. */
export function runningSma(n: number): Running<number> {
  checkLength(n);
  return new Sma(n);
}

/** Exponential average: seeded with the mean of the first `n`, then alpha = 2/(n + 1). */
export function runningEma(n: number): Running<number> {
  checkLength(n);
  return new Smoothed(n, 2 / (n + 1));
}

/** Wilder's average: seeded with the mean of the first `n`, then (previous x (n - 1) + value) / n. */
export function runningWilder(n: number): Running<number> {
  checkLength(n);
  return new Smoothed(n, 1 / n);
}

class Rsi implements Running<number> {
  private readonly gains: Smoothed;
  private readonly losses: Smoothed;
  private previous = Number.NaN;
  constructor(n: number) {
    this.gains = new Smoothed(n, 1 / n);
    this.losses = new Smoothed(n, 1 / n);
  }
  next(close: number): number | undefined {
    const change = close - this.previous;
    this.previous = close;
    if (Number.isNaN(change)) return undefined;
    const gain = this.gains.next(Math.max(0, change));
    const loss = this.losses.next(Math.max(0, -change));
    if (gain === undefined || loss === undefined) return undefined;
    if (loss === 0) return gain === 0 ? 50 : 100;
    return 100 - 100 / (1 + gain / loss);
  }
}

/**
 * Wilder's relative strength index over `n` changes, 0 to 100: 100 without a loss, 50 without any change. First value at
 * the (n + 1)th close.
 */
export function runningRsi(n: number): Running<number> {
  checkLength(n);
  return new Rsi(n);
}

/** The day's range, its gap from the previous close included. */
export const trueRange = (bar: HighLowClose, previousClose: number): number =>
  Math.max(bar.high - bar.low, Math.abs(bar.high - previousClose), Math.abs(bar.low - previousClose));

class Atr implements Running<HighLowClose> {
  private readonly average: Smoothed;
  private previous = Number.NaN;
  constructor(n: number) {
    this.average = new Smoothed(n, 1 / n);
  }
  next(bar: HighLowClose): number | undefined {
    const before = this.previous;
    this.previous = bar.close;
    return Number.isNaN(before) ? undefined : this.average.next(trueRange(bar, before));
  }
}

/** Wilder's average true range over `n` ranges. The first bar has no range: `n` + 1 bars give the first value. */
export function runningAtr(n: number): Running<HighLowClose> {
  checkLength(n);
  return new Atr(n);
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
  const window = new Moments(n);
  let previous: number | undefined;
  return {
    next(close) {
      assert(close > 0, `a close is positive: ${String(close)}`);
      const before = previous;
      previous = close;
      if (before === undefined) return undefined;
      return window.push(Math.log(close / before)) ? Math.sqrt((window.squares / (n - 1)) * SESSIONS_PER_YEAR) : undefined;
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

class Bands implements Running<number, Bollinger> {
  private readonly window: Moments;
  private readonly n: number;
  private readonly width: number;
  constructor(n: number, width: number) {
    this.window = new Moments(n);
    this.n = n;
    this.width = width;
  }
  next(close: number): Bollinger | undefined {
    if (!this.window.push(close)) return undefined;
    const { mean, squares } = this.window;
    const deviation = Math.sqrt(squares / this.n);
    const lower = mean - this.width * deviation;
    const upper = mean + this.width * deviation;
    return { mean, deviation, lower, upper, percentB: upper > lower ? (close - lower) / (upper - lower) : 0.5 };
  }
}

/** Bollinger bands of `width` population deviations about the mean of the last `n` closes. */
export function runningBollinger(n: number, width = 2): Running<number, Bollinger> {
  checkLength(n);
  return new Bands(n, width);
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
