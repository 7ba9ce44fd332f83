// How much of an opening is left at a level of the volatility index.
import type { VolatilityLimits } from './limits-losses.ts';

/**
 * Part of each opening that is left: by the level in points and its rise over the day, a fraction. Null where either is not known: an
 * unknown level has a factor of its own, an unknown rise is left out. A figure that is no number allows nothing.
 */
export function volatilityFactor(level: number | null, rise: number | null, limits: VolatilityLimits): number {
  const { levels, factors, dayRisePct, unknownFactor } = limits;
  if (rise !== null && !(rise < dayRisePct)) return 0;
  if (level === null) return unknownFactor;
  if (!(level > 0)) return 0;
  const last = levels.length - 1;
  const band = levels.filter((from, i) => (i === last ? level > from : level >= from)).length;
  return factors[band] ?? 0;
}
