// The normal density and tail as the loops here need them: one exponential shared by both.
import { exp } from '../elementary.ts';
import { millsRatio } from '../normal.ts';

export const INV_SQRT_2PI = 0.3989422804014327;

/** n(d), to about d^2 / 2 units of the last bit: its relative error weighs only where it is small. */
export const density = (d: number): number => INV_SQRT_2PI * exp(-0.5 * d * d);

/** N(-d) from the density at d, or c N(-d) from `scaled` = c n(d) and `whole` = c. */
export function tailGiven(d: number, scaled: number, whole: number): number {
  return d > 0 ? scaled * millsRatio(d) : whole - scaled * millsRatio(-d);
}
