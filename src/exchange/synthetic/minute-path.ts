// One session of one name by the minute: a bridge of small steps from its open to its close, and the seconds inside each minute.
import type { DailyStep } from './daily-path.ts';
import { draw, roughNormal, uniform } from './draws.ts';

/** A session's minutes, in logs of dollars. */
export interface MinutePath {
  readonly count: number;
  /** Prices between minutes: one entry more than there are minutes. */
  readonly points: Float64Array;
  readonly highs: Float64Array;
  readonly lows: Float64Array;
  /** The price some seconds into a minute; at the last point only second 0 exists. */
  second(minute: number, seconds: number): number;
  /** Part of the session's volume traded before a minute. */
  tradedBefore(minute: number): number;
}

/** Where a name's draws come from. */
export interface MinuteStreams {
  readonly minutes: number;
  readonly seconds: number;
  readonly volumes: number;
}

/** Busy at both ends: 1 at midday, 3 at the open and at the close. */
const bustle = (fraction: number): number => 1 + 2 * (2 * fraction - 1) ** 2;

/** How a session's variance and volume spread over its minutes; the same for every session of a length. */
export interface Profile {
  /** Square roots of the parts of the session's variance that fall in each minute. */
  readonly roots: Float64Array;
  /** Part that has fallen before each minute; one entry more. */
  readonly passed: Float64Array;
}

export function profileOf(count: number): Profile {
  const weights = Float64Array.from({ length: count }, (_, m) => bustle((m + 0.5) / count));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const passed = new Float64Array(count + 1);
  for (let m = 0; m < count; m++) passed[m + 1] = (passed[m] as number) + (weights[m] as number) / total;
  return { roots: weights.map((weight) => Math.sqrt(weight / total)), passed };
}

/** A bridge from the open to the close: free steps of each minute's size, less their drift in proportion to the variance passed. */
function pointsOf({ roots, passed }: Profile, step: DailyStep, stream: number, index: number): Float64Array {
  const count = roots.length;
  const points = new Float64Array(count + 1);
  for (let m = 0; m < count; m++) {
    points[m + 1] = (points[m] as number) + step.deviation * (roots[m] as number) * roughNormal(stream, index, 2 * m);
  }
  const correction = step.close - step.open - (points[count] as number);
  for (let m = 0; m <= count; m++) points[m] = step.open + (points[m] as number) + (passed[m] as number) * correction;
  return points;
}

/** Highs and lows of the minutes: the points at both ends, and a wick beyond them. */
function extremesOf(
  points: Float64Array,
  { roots }: Profile,
  step: DailyStep,
  stream: number,
  index: number,
): readonly [Float64Array, Float64Array] {
  const highs = new Float64Array(roots.length);
  const lows = new Float64Array(roots.length);
  for (let m = 0; m < roots.length; m++) {
    // One draw serves both ends: its halves are independent, and squaring makes long wicks rare.
    const bits = draw(stream, index, 2 * m + 1);
    const wick = (0.8 * step.deviation * (roots[m] as number)) / (65536 * 65536);
    const up = bits >>> 16;
    const down = bits & 65535;
    highs[m] = Math.max(points[m] as number, points[m + 1] as number) + wick * (up * up);
    lows[m] = Math.min(points[m] as number, points[m + 1] as number) - wick * (down * down);
  }
  return [highs, lows];
}

/** @param index the session's number: with the streams, the address of its draws */
export function minutePath(profile: Profile, step: DailyStep, streams: MinuteStreams, index: number): MinutePath {
  const { roots, passed } = profile;
  const count = roots.length;
  const points = pointsOf(profile, step, streams.minutes, index);
  const [highs, lows] = extremesOf(points, profile, step, streams.minutes, index);
  return {
    count,
    points,
    highs,
    lows,
    // The straight line between two points plus noise that vanishes at both, held inside the minute's extremes.
    second(m, s) {
      const from = points[m] as number;
      if (s === 0 || m >= count) return from;
      const part = s / 60;
      const noise = step.deviation * (roots[m] as number) * Math.sqrt(part * (1 - part)) * roughNormal(streams.seconds, index, m * 60 + s);
      const log = from + part * ((points[m + 1] as number) - from) + noise;
      return Math.min(highs[m] as number, Math.max(lows[m] as number, log));
    },
    // The profile, shaken by up to a third of a minute's share either way.
    tradedBefore(m) {
      if (m <= 0 || m >= count) return m <= 0 ? 0 : 1;
      const shake = (uniform(streams.volumes, index, m) - 0.5) / 1.5;
      return (passed[m] as number) + shake * ((passed[m] as number) - (passed[m - 1] as number));
    },
  };
}
