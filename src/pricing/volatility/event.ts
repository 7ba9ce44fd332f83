// What a dated event adds to volatility: the total variance that one expiry holds beyond what the time to it explains.
import { STRADDLE_PER_DEVIATION } from '../expected-move.ts';

/** At-the-money volatility of one expiry. Both points on one clock, or their variances cannot be compared. */
export interface VariancePoint {
  /** To expiry, calendar days over 365. */
  readonly years: number;
  /** Annual, 0.25 is 25 %. */
  readonly sigma: number;
}

export interface EventVariance {
  readonly kind: 'event';
  /** Annual variance and volatility of the days without the event. */
  readonly baseVariance: number;
  readonly baseSigma: number;
  /** Variance of the event's jump; not annual. */
  readonly variance: number;
  /** One standard deviation of the jump, as a part of the share price. */
  readonly deviation: number;
  /** Mean absolute jump, 0.7979 of the deviation. */
  readonly expectedMove: number;
}

export type EventVarianceResult =
  | EventVariance
  | {
      readonly kind: 'refused';
      readonly reason: 'not_positive' | 'out_of_order' | 'base_not_positive' | 'event_not_positive';
    };

/** Mean absolute value of a jump of this deviation. */
export const meanAbsoluteJump = (deviation: number): number => STRADDLE_PER_DEVIATION * deviation;

/** The deviation of a jump of this mean absolute value. */
export const jumpDeviation = (meanAbsolute: number): number => meanAbsolute / STRADDLE_PER_DEVIATION;

/**
 * The event between now and the nearer expiry. Both expiries hold it once and the base variance for as long as they run, so the slope
 * between their total variances is the base, and what is left at the nearer one is the event.
 * Refused where the points are no two positive expiries in order, or where the split leaves nothing for either part.
 */
export function eventVariance(near: VariancePoint, far: VariancePoint): EventVarianceResult {
  if (![near.years, near.sigma, far.years, far.sigma].every((v) => v > 0 && v < Infinity))
    return { kind: 'refused', reason: 'not_positive' };
  if (far.years <= near.years) return { kind: 'refused', reason: 'out_of_order' };
  const nearTotal = near.sigma * near.sigma * near.years;
  const farTotal = far.sigma * far.sigma * far.years;
  const baseVariance = (farTotal - nearTotal) / (far.years - near.years);
  if (!(baseVariance > 0)) return { kind: 'refused', reason: 'base_not_positive' };
  const variance = nearTotal - baseVariance * near.years;
  if (!(variance > 0)) return { kind: 'refused', reason: 'event_not_positive' };
  const deviation = Math.sqrt(variance);
  const baseSigma = Math.sqrt(baseVariance);
  return { kind: 'event', baseVariance, baseSigma, variance, deviation, expectedMove: meanAbsoluteJump(deviation) };
}
