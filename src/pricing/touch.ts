// The chance that a share touches a level before a time.
import { normalCdf } from './normal.ts';

export interface TouchInput {
  readonly spot: number;
  readonly barrier: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  /** The implied volatility at the barrier's level. */
  readonly sigma: number;
}

/** exp(a) x p without an overflow when p is nothing. */
const weighted = (exponent: number, p: number): number => (p === 0 ? 0 : Math.exp(exponent + Math.log(p)));

/**
 * Risk-neutral probability that the spot reaches the barrier within `years` under geometric Brownian motion (the
 * reflection principle with drift). 1 when the spot stands on the barrier; without volatility, whether the drift gets there.
 */
export function touchProbability(input: TouchInput): number {
  const { years, sigma } = input;
  const distance = Math.log(input.barrier / input.spot);
  if (distance === 0) return 1;
  if (years <= 0 || !Number.isFinite(distance)) return 0;
  const up = distance > 0 ? 1 : -1;
  const carry = input.rate - input.dividendYield;
  const b = up * distance;
  if (sigma <= 0) return up * carry * years >= b ? 1 : 0;
  const m = up * (carry - (sigma * sigma) / 2);
  const v = sigma * Math.sqrt(years);
  const straight = normalCdf((-b + m * years) / v);
  const reflected = weighted((2 * m * b) / (sigma * sigma), normalCdf((-b - m * years) / v));
  return Math.min(1, straight + reflected);
}
