// From a price back to the volatility that explains it, or to the bound that forbids one.
import type { Right } from '../domain/instrument.ts';
import { type BsInput, forwardIntrinsic, otmValue, type Terms, termsOf } from './black-scholes.ts';
import { normalPdf, sqrtTwoPi } from './normal.ts';

export type ImpliedVolatilityInput = Omit<BsInput, 'sigma'> & {
  /** Dollars per share, usually the mid. */
  readonly price: number;
};

export type ImpliedVolatility =
  | { readonly kind: 'solved'; readonly sigma: number }
  /** The price does not exceed what the forward alone is worth. */
  | { readonly kind: 'below_intrinsic'; readonly bound: number }
  /** The price reaches what no volatility can: S e^(-qT) for a call, K e^(-rT) for a put; at expiry, any time value at all. */
  | { readonly kind: 'above_bound'; readonly bound: number };

/** Time value under this many dollars carries no volatility a quote could mean. */
const LEAST_TIME_VALUE = 1e-6;
const MAX_STEPS = 100;
/** Beyond this total deviation the normal tail is below 1e-300: no double can tell two deviations apart. */
const WIDEST = 75;

/**
 * One Newton step for total deviation. The objective is changed with the regime so that it is nearly straight there:
 * the reciprocal of the logarithm far out of the money, the logarithm of the missing rest near the bound, else the value itself
 * (the first two after P. Jaeckel, "Let's Be Rational", Wilmott 2015).
 */
function newtonStep(value: number, target: number, bound: number, slope: number, low: boolean): number {
  if (low) {
    const have = Math.log(value / bound);
    const want = Math.log(target / bound);
    return ((have - (have * have) / want) * value) / slope;
  }
  if (target > bound / 2) return (Math.log((bound - value) / (bound - target)) * (bound - value)) / slope;
  return (target - value) / slope;
}

/** sigma sqrt(T) that gives the out-of-the-money option of `terms` the value `target`, in (0, min(asset, bond)). */
function solveDeviation(terms: Terms, target: number): number {
  const bound = Math.min(terms.asset, terms.bond);
  const x = -Math.abs(terms.moneyness);
  const valueAt = (deviation: number): number => otmValue({ ...terms, deviation });
  // The value's one inflection in deviation: on each side of it Newton's method runs towards the root without turning.
  const inflection = Math.sqrt(2 * -x);
  const low = inflection > 0 && target < valueAt(inflection);
  let v = inflection > 0 ? inflection : (sqrtTwoPi * target) / bound;
  let lo = 0;
  let hi = WIDEST + 2 * inflection;
  for (let i = 0; i < MAX_STEPS; i++) {
    const value = valueAt(v);
    if (value < target) lo = v;
    else hi = v;
    const step = newtonStep(value, target, bound, bound * normalPdf(x / v + v / 2), low);
    let next = v + step;
    if (!(next > lo && next < hi)) next = lo + (hi - lo) / 2;
    if (Math.abs(next - v) <= 2 * Number.EPSILON * v || hi - lo <= Number.EPSILON * hi) return next;
    v = next;
  }
  return v;
}

/** What no volatility can reach: the asset itself for a call, the discounted strike for a put. */
const upperBound = (right: Right, terms: Terms): number => (right === 'call' ? terms.asset : terms.bond);

/**
 * The annual volatility at which the option is worth `price`, on the out-of-the-money side by put-call parity.
 * Never throws: what has no volatility answers with the bound it offends; a price that is no number counts as below intrinsic.
 */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatility {
  const terms = termsOf({ ...input, sigma: 1 });
  const intrinsic = Math.max(0, forwardIntrinsic(input.right, terms));
  if (!(input.price > intrinsic + LEAST_TIME_VALUE)) return { kind: 'below_intrinsic', bound: intrinsic };
  if (terms.deviation <= 0) return { kind: 'above_bound', bound: intrinsic };
  const bound = upperBound(input.right, terms);
  if (input.price >= bound) return { kind: 'above_bound', bound };
  const target = input.price - intrinsic;
  // The parity difference may round up to the bound itself when a price lies a last bit under it.
  if (target >= Math.min(terms.asset, terms.bond)) return { kind: 'above_bound', bound };
  return { kind: 'solved', sigma: solveDeviation(terms, target) / Math.sqrt(terms.years) };
}
