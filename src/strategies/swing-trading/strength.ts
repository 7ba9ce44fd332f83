// How strong a setup is, 0 to 100, on one scale for all three: each part a fraction of what would be a full mark, and weighted.
import { clamp01 } from '../toolkit/trend.ts';

export interface BreakoutReading {
  /** Close beyond the level, a fraction of it, positive. */
  readonly distance: number;
  /** Volume of two bars against the usual. */
  readonly rvol: number;
  /** Change over five bars, in the direction of the break. */
  readonly roc: number;
}

/** A break by 2 %, on four times the volume, after 2 % in five bars, is a full mark. */
export const breakoutStrength = ({ distance, rvol, roc }: BreakoutReading): number =>
  100 * (0.4 * clamp01(distance / 0.02) + 0.35 * clamp01((rvol - 1) / 3) + 0.25 * clamp01(roc / 0.02));

export interface MomentumReading {
  /** The fast mean beyond the slow one, a fraction of it, positive. */
  readonly spread: number;
  /** Volume of six bars against the usual. */
  readonly rvol: number;
  readonly adx: number;
}

/** Means 1.5 % apart, three times the volume, and a directional index of 40 are a full mark. */
export const momentumStrength = ({ spread, rvol, adx }: MomentumReading): number =>
  100 * (0.45 * clamp01(spread / 0.015) + 0.3 * clamp01((rvol - 1) / 2) + 0.25 * clamp01((adx - 15) / 25));

export interface ReversalReading {
  /** From the extreme, a fraction of it, positive. */
  readonly bounce: number;
  /** Volume of two bars against the usual. */
  readonly rvol: number;
  /** The most exhausted reading of the look-back, as of a fall: for the way down 100 less it. */
  readonly rsi: number;
}

/** A bounce of 4 %, on four times the volume, from an index of 15, is a full mark. */
export const reversalStrength = ({ bounce, rvol, rsi }: ReversalReading): number =>
  100 * (0.4 * clamp01(bounce / 0.04) + 0.3 * clamp01((rvol - 1) / 3) + 0.3 * clamp01((35 - rsi) / 20));
