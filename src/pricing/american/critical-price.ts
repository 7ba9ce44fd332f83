// Closed approximations of a put's critical price: Barone-Adesi and Whaley's, and Li's QD+ that starts the boundary.
//
// Both look for the spot B, in units of the strike, where an approximate early-exercise premium joins the intrinsic value smoothly:
//   B (1 - e^(-qT) N(-d1)) + slope (1 - B - p) + thetaWeight theta = 0
// with p and theta the European put's value and theta at B. Only the two constants differ.
import { exp, log } from '../elementary.ts';
import { density, tailGiven } from './tail.ts';

export interface PremiumShape {
  /** The exponent of the spot in the premium at the critical price. */
  slope: number;
  /** The weight of the European theta; 0 in Barone-Adesi and Whaley's shape. */
  thetaWeight: number;
}

/** The put's carrying terms over a time: rate, yield, volatility, and what a search needs of them again and again. */
export interface Carry {
  rate: number;
  dividendYield: number;
  sigma: number;
  rootYears: number;
  /** e^(-rT) and e^(-qT). */
  bondFactor: number;
  assetFactor: number;
}

/** Below this rate x time, 1 - e^(-rT) is taken from its series. */
const SMALL = 1e-5;

/** Sets `carry` for a time of `rootYears`^2; the other figures stand already. */
export function setTime(carry: Carry, rootYears: number): void {
  const years = rootYears * rootYears;
  carry.rootYears = rootYears;
  carry.bondFactor = exp(-carry.rate * years);
  carry.assetFactor = exp(-carry.dividendYield * years);
}

/** 2 r / (sigma^2 (1 - e^(-rT))), also for a rate of 0. */
function discountRatio(carry: Carry): number {
  const years = carry.rootYears * carry.rootYears;
  const grown = carry.rate * years;
  const loss = Math.abs(grown) < SMALL ? years * (1 - grown / 2) : (1 - carry.bondFactor) / carry.rate;
  return 2 / (carry.sigma * carry.sigma * loss);
}

/** (lead + root) / 2 where root^2 = lead^2 + 4 ratio, without the digits that a negative lead would cost; at least 0. */
const halfSum = (lead: number, root: number, ratio: number): number => (lead < 0 ? (2 * ratio) / (root - lead) : (lead + root) / 2);

/**
 * G. Barone-Adesi and R. E. Whaley, "Efficient Analytic Approximation of American Option Values", Journal of Finance 42 (1987): the
 * premium is (S / B)^slope.
 */
export function quadraticShape(carry: Carry, out: PremiumShape): void {
  const lead = (2 * (carry.rate - carry.dividendYield)) / (carry.sigma * carry.sigma) - 1;
  const ratio = discountRatio(carry);
  out.slope = -halfSum(lead, Math.sqrt(lead * lead + 4 * ratio), ratio);
  out.thetaWeight = 0;
}

/**
 * M. Li, "Analytical approximations for the critical stock prices of American options: a performance comparison", Review of
 * Derivatives Research 13 (2010), the QD+ shape: it keeps the change of the premium's exponent with time.
 */
export function extendedShape(carry: Carry, out: PremiumShape): void {
  const variance = carry.sigma * carry.sigma;
  const lead = (2 * (carry.rate - carry.dividendYield)) / variance - 1;
  const ratio = discountRatio(carry);
  const square = lead * lead + 4 * ratio;
  const root = Math.sqrt(square);
  out.slope = -halfSum(lead, root, ratio) + (carry.bondFactor / root) * (ratio - (ratio * ratio) / square);
  out.thetaWeight = -2 / (variance * root);
}

/** No step lowers the critical price to less than this part of itself. */
const LEAST_PART = 0.2;

/**
 * -ln B of the critical price B by Newton's method from the depth `guess` > `floor`, where `floor` is the depth at expiry. At most
 * `steps` steps; fewer when one moves the depth by less than `tolerance` standard deviations.
 */
export function criticalDepth(carry: Carry, shape: PremiumShape, floor: number, guess: number, steps: number, tolerance: number): number {
  const { rate, dividendYield, sigma, rootYears, bondFactor, assetFactor } = carry;
  const { slope, thetaWeight } = shape;
  const deviation = sigma * rootYears;
  const centre = ((rate - dividendYield) / sigma) * rootYears + deviation / 2;
  const bleed = sigma / (2 * rootYears);
  const top = exp(-floor);
  let depth = guess;
  for (let step = 0; step < steps; step++) {
    const price = exp(-depth);
    const d1 = centre - depth / deviation;
    const d2 = d1 - deviation;
    const thick = assetFactor * density(d1);
    const assetTail = tailGiven(d1, thick, assetFactor);
    const bondTail = tailGiven(d2, thick * price, bondFactor);
    const held = 1 - assetTail;
    const gain = 1 - price - (bondTail - price * assetTail);
    const theta = rate * bondTail - price * (dividendYield * assetTail + bleed * thick);
    const value = price * held + slope * gain + thetaWeight * theta;
    const thetaSlope = thick * ((dividendYield - rate) / deviation - bleed * (1 - d1 / deviation)) - dividendYield * assetTail;
    const derivative = held + thick / deviation - slope * held + thetaWeight * thetaSlope;
    let next = price - value / derivative;
    if (!(next > LEAST_PART * price)) next = LEAST_PART * price;
    if (next >= top) next = price + 0.9 * (top - price);
    const moved = -log(next) - depth;
    depth += moved;
    if (Math.abs(moved) < tolerance * deviation) break;
  }
  return depth;
}
