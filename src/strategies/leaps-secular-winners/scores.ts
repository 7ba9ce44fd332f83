// Trend, momentum and timing of a name, 0 to 100 each, from completed daily closes, and the composite of the three.
import { assert } from '../../base/assert.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { runningSma, sma } from '../../market/indicators.ts';
import type { LeapsParams } from './params.ts';

type Windows = Pick<
  LeapsParams,
  'trend_short_sessions' | 'trend_middle_sessions' | 'trend_long_sessions' | 'cross_lookback_sessions' | 'closes_min'
>;

export interface Means {
  readonly close: number;
  readonly short: number;
  readonly middle: number;
  readonly long: number;
}

/** 100 for close > short > middle > long, 75 without the last, 50 for a close above the short mean, else 25. */
export function trendScore({ close, short, middle, long }: Means): number {
  if (close <= short) return 25;
  if (short <= middle) return 50;
  return middle > long ? 100 : 75;
}

/** Sessions looked back over and their weights: the longer, the heavier. */
const spans = [
  [21, 0.1],
  [63, 0.2],
  [126, 0.3],
  [252, 0.4],
] as const;

/** 50 and the weighted mean of the returns, in percent, over the spans that the closes reach, one at least; held within 0 and 100. */
export function momentumScore(returns: readonly (number | undefined)[]): number {
  let [total, weights] = [0, 0];
  for (const [i, [, weight]] of spans.entries()) {
    const grown = returns[i];
    if (grown === undefined) continue;
    total += weight * grown;
    weights += weight;
  }
  assert(weights > 0, 'momentum of closes that reach no span');
  return Math.min(100, Math.max(0, 50 + total / weights));
}

/** Returns over the spans in percent; undefined where the closes do not reach. */
export const returnsOf = (closes: readonly number[]): readonly (number | undefined)[] =>
  spans.map(([sessions]) => {
    const then = closes.at(-1 - sessions);
    const now = closes.at(-1);
    return then === undefined || now === undefined ? undefined : 100 * (now / then - 1);
  });

export interface Cross {
  /** `golden`: the middle mean rose above the long one; `death`: it fell under it. */
  readonly kind: 'golden' | 'death';
  /** Sessions since; 0 is the last completed one. */
  readonly ago: number;
  /** A thousand times the distance of the means, as a part of the long one, at the cross; 100 at most. */
  readonly strength: number;
}

export interface Timing {
  /** 0 to 100: how good a time it is to enter, and to leave. */
  readonly entry: number;
  readonly exit: number;
}

export type Alignment = 'bullish' | 'bearish' | 'sideways';

/** bullish: close > middle > long; bearish: close < middle < long. */
export function alignment({ close, middle, long }: Pick<Means, 'close' | 'middle' | 'long'>): Alignment {
  if (close > middle && middle > long) return 'bullish';
  return close < middle && middle < long ? 'bearish' : 'sideways';
}

function baseTiming(cross: Cross | null, { close, middle, long }: Pick<Means, 'close' | 'middle' | 'long'>): Timing {
  if (cross === null) {
    if (close <= middle || close <= long) return { entry: 35, exit: 65 };
    return middle < long ? { entry: 55, exit: 45 } : { entry: 65, exit: 35 };
  }
  const { kind, ago, strength } = cross;
  if (kind === 'golden') {
    if (ago <= 30) return { entry: 85 + 0.15 * strength, exit: 20 };
    return ago <= 60 ? { entry: 75 + 0.1 * strength, exit: 25 } : { entry: 65, exit: 35 };
  }
  if (ago <= 30) return { entry: 15, exit: 90 };
  return ago <= 90 ? { entry: 25, exit: 75 } : { entry: 40, exit: 60 };
}

/** The timing of a cross, or of none in sight, corrected for how price and means stand to one another now. */
export function timingScore(cross: Cross | null, means: Pick<Means, 'close' | 'middle' | 'long'>): Timing {
  const { entry, exit } = baseTiming(cross, means);
  switch (alignment(means)) {
    case 'bullish':
      return { entry: Math.min(95, entry + 5), exit: Math.max(5, exit - 5) };
    case 'bearish':
      return { entry: Math.max(5, entry - 10), exit: Math.min(95, exit + 10) };
    case 'sideways':
      return { entry, exit };
  }
}

export const compositeScore = (trend: number, momentum: number, entryTiming: number): number =>
  0.35 * trend + 0.35 * momentum + 0.3 * entryTiming;

/** Means nearer than this part of one another are one: sums of the same closes differ in their last bits. */
const SAME = 1e-9;

/**
 * The last cross of the middle and the long mean inside the lookback; null when there is none. BARS_SHORT when none is found in closes that
 * do not reach so far back: "none" cannot be said then.
 */
export function lastCross(closes: readonly number[], windows: Windows): Known<Cross | null> {
  const { trend_middle_sessions, trend_long_sessions, cross_lookback_sessions } = windows;
  const [middle, long] = [runningSma(trend_middle_sessions), runningSma(trend_long_sessions)];
  let above: boolean | undefined;
  let found: Cross | null = null;
  let pairs = 0;
  for (const [i, close] of closes.entries()) {
    const [m, l] = [middle.next(close), long.next(close)];
    if (m === undefined || l === undefined) continue;
    const now = m - l > SAME * l;
    if (above !== undefined) pairs++;
    const ago = closes.length - 1 - i;
    if (above !== undefined && now !== above && ago <= cross_lookback_sessions) {
      found = { kind: now ? 'golden' : 'death', ago, strength: Math.min(100, (1_000 * Math.abs(m - l)) / l) };
    }
    above = now;
  }
  if (found === null && pairs <= cross_lookback_sessions) {
    return absent(
      'BARS_SHORT',
      `no cross of the means in ${pairs} sessions, and no more are known: ${cross_lookback_sessions + 1} are needed`,
    );
  }
  return known(found);
}

export interface Scores {
  readonly means: Means;
  readonly trend: number;
  readonly momentum: number;
  readonly cross: Cross | null;
  readonly timing: Timing;
  readonly composite: number;
}

/** All scores of completed closes, oldest first. BARS_SHORT under `closes_min` of them: a score that is missing is never taken for 50. */
export function scoresOf(closes: readonly number[], windows: Windows): Known<Scores> {
  if (closes.length < windows.closes_min) return absent('BARS_SHORT', `${closes.length} daily closes, ${windows.closes_min} are needed`);
  const cross = lastCross(closes, windows);
  if (!cross.known) return cross;
  const mean = (sessions: number): number => sma(closes, sessions) ?? Number.NaN;
  const means: Means = {
    close: closes.at(-1) ?? Number.NaN,
    short: mean(windows.trend_short_sessions),
    middle: mean(windows.trend_middle_sessions),
    long: mean(windows.trend_long_sessions),
  };
  const trend = trendScore(means);
  const momentum = momentumScore(returnsOf(closes));
  const timing = timingScore(cross.value, means);
  return known({ means, trend, momentum, cross: cross.value, timing, composite: compositeScore(trend, momentum, timing.entry) });
}

/** Completed closes in a row, the last included, under the mean of `sessions`. */
export function closesUnderMean(closes: readonly number[], sessions: number): number {
  const mean = runningSma(sessions);
  let inRow = 0;
  for (const close of closes) {
    const m = mean.next(close);
    inRow = m !== undefined && close < m ? inRow + 1 : 0;
  }
  return inRow;
}
