// The volatility at any level of the share, from the strikes that are quoted.
import type { Right } from '../../domain/instrument.ts';

export interface StrikeVolatility {
  /** Dollars. */
  readonly strike: number;
  /** Annual, 0.25 is 25 %. */
  readonly sigma: number;
}

export type Smile =
  | {
      readonly kind: 'smile';
      /** Ascending, each strike once. */
      readonly points: readonly StrikeVolatility[];
      /** Straight in strike between neighbours, flat beyond the outermost. */
      readonly sigmaAt: (level: number) => number;
    }
  | { readonly kind: 'refused'; readonly reason: 'no_strikes' | 'not_positive' | 'strike_twice' };

/** Index of the last strike at or below the level; the first strike is. */
function lastAtOrBelow(points: readonly StrikeVolatility[], level: number): number {
  let lo = 0;
  let hi = points.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if ((points[mid] as StrikeVolatility).strike <= level) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

function interpolate(points: readonly StrikeVolatility[], level: number): number {
  const first = points[0] as StrikeVolatility;
  if (level <= first.strike) return first.sigma;
  const i = lastAtOrBelow(points, level);
  const below = points[i] as StrikeVolatility;
  const above = points[i + 1];
  if (above === undefined) return below.sigma;
  const weight = (level - below.strike) / (above.strike - below.strike);
  return below.sigma + weight * (above.sigma - below.sigma);
}

/** The smile through volatilities already chosen, in any order; one a strike. */
export function smileThrough(volatilities: readonly StrikeVolatility[]): Smile {
  const points = [...volatilities].sort((a, b) => a.strike - b.strike);
  if (points.length === 0) return { kind: 'refused', reason: 'no_strikes' };
  if (!points.every(({ strike, sigma }) => strike > 0 && strike < Infinity && sigma > 0 && sigma < Infinity))
    return { kind: 'refused', reason: 'not_positive' };
  if (points.some(({ strike }, i) => points[i - 1]?.strike === strike)) return { kind: 'refused', reason: 'strike_twice' };
  return { kind: 'smile', points, sigmaAt: (level) => interpolate(points, level) };
}

/**
 * The smile of the quoted out-of-the-money options, puts at or below the forward and calls above it: in the money the price hardly carries
 * the volatility, and early exercise distorts what it carries.
 */
export function outOfTheMoneySmile(quoted: readonly (StrikeVolatility & { readonly right: Right })[], forward: number): Smile {
  return smileThrough(quoted.filter(({ right, strike }) => (right === 'put' ? strike <= forward : strike > forward)));
}
