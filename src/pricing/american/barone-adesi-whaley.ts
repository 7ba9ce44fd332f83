// The quadratic approximation of an American option: the cheap screen, right to 0.1 % to 1 % of the price.
import { exp, log } from '../elementary.ts';
import type { Put } from './boundary.ts';
import { type Carry, criticalDepth, type PremiumShape, quadraticShape, setTime } from './critical-price.ts';
import { density, tailGiven } from './tail.ts';

const carry: Carry = { rate: 0, dividendYield: 0, sigma: 0, rootYears: 0, bondFactor: 1, assetFactor: 1 };
const shape: PremiumShape = { slope: 0, thetaWeight: 0 };

const MOST_STEPS = 12;
/** In standard deviations; what is left after a step this small is its square. */
const TOLERANCE = 1e-4;

/** A first depth: between the strike and the perpetual option's critical price, by the authors' rule. */
function guessDepth(put: Put, rootYears: number): number {
  const { rate, dividendYield, sigma, floor } = put;
  const variance = sigma * sigma;
  const lead = (2 * (rate - dividendYield)) / variance - 1;
  const slope = -(lead + Math.sqrt(lead * lead + (8 * rate) / variance)) / 2;
  const perpetual = slope / (slope - 1);
  const deviation = sigma * rootYears;
  const pull = ((rate - dividendYield) * put.years - 2 * deviation) / (1 - perpetual);
  const depth = -log(perpetual + (1 - perpetual) * exp(Math.min(0, pull)));
  return Math.max(depth, floor + 0.3 * deviation);
}

/**
 * The premium of a put over its European value at the log spot `x`, in units of the strike; 0 at or below the critical price,
 * where the put is worth its intrinsic value, if that is more. G. Barone-Adesi and R. E. Whaley (1987).
 */
export function quadraticPremium(put: Put, x: number): number {
  const rootYears = Math.sqrt(put.years);
  carry.rate = put.rate;
  carry.dividendYield = put.dividendYield;
  carry.sigma = put.sigma;
  setTime(carry, rootYears);
  quadraticShape(carry, shape);
  const depth = criticalDepth(carry, shape, put.floor, guessDepth(put, rootYears), MOST_STEPS, TOLERANCE);
  if (x <= -depth) return 0;
  const deviation = put.sigma * rootYears;
  const d1 = (put.rate - put.dividendYield) * (put.years / deviation) + deviation / 2 - depth / deviation;
  const held = 1 - tailGiven(d1, carry.assetFactor * density(d1), carry.assetFactor);
  return (-held / shape.slope) * exp(shape.slope * (x + depth) - depth);
}
