// An American option as asked for, and how it maps to the one problem solved: a put in units of its strike.
import type { Right } from '../../domain/instrument.ts';
import type { BsInput } from '../black-scholes.ts';
import { exp, log } from '../elementary.ts';
import { depthAtExpiry, type Put } from './boundary.ts';

/** A cash amount that the share pays: at the ex-date its price falls by it. */
export interface CashDividend {
  /** Years from now to the ex-date. */
  readonly years: number;
  /** Dollars per share. */
  readonly amount: number;
}

/** As the European input; `dividends` come on top of the yield. Ex-dates not after now or after expiry do not matter. */
export type AmericanInput = BsInput & { readonly dividends?: readonly CashDividend[] };

/** Why an option has no price here. */
export type UnpriceableReason =
  /** A figure is NaN or infinite. */
  | 'not_finite'
  | 'spot_not_positive'
  | 'strike_not_positive'
  /** Spot and strike, or what rates or volatility make of them, are so far apart that a double does not hold the ratio. */
  | 'out_of_range'
  /** A dividend's amount is negative. */
  | 'dividend_negative'
  /** Exercise pays between two boundaries, not beyond one: a put with yield < rate < 0, a call with rate < yield < 0. */
  | 'two_boundaries';
export interface Unpriceable {
  readonly kind: 'unpriceable';
  readonly reason: UnpriceableReason;
}
export const unpriceable = (reason: UnpriceableReason): Unpriceable => ({ kind: 'unpriceable', reason });

/** What an exercise at once pays, dollars per share, at least 0. */
export const intrinsicValue = (right: Right, spot: number, strike: number): number =>
  Math.max(0, right === 'call' ? spot - strike : strike - spot);

/** What no volatility can reach, dollars per share; `years` must be at least 0. */
export const greatestPrice = ({ right, spot, strike, rate, dividendYield, years }: BsInput): number =>
  right === 'call' ? spot * exp(Math.max(0, -dividendYield * years)) : strike * exp(Math.max(0, -rate * years));

/** The widest ratio of spot and strike, as a logarithm, with all that may still move it; and how much of that the rates may do. */
const WIDEST = 600;
const WIDEST_CARRY = 150;
/** The largest spot, strike or sigma, and the inverse of the smallest price. */
const GREATEST = 1e50;
/** The largest rate or yield, and the most years. */
const GREATEST_RATE = 1e3;
const MOST_YEARS = 1e4;

function outOfRange({ spot, strike, years, rate, dividendYield, sigma }: BsInput): boolean {
  const span = Math.max(0, years);
  const carry = Math.abs(rate) + Math.abs(dividendYield);
  const reach = Math.abs(log(spot / strike)) + carry * span + Math.max(0, sigma) ** 2 * span;
  const sized = Math.max(spot, strike, sigma) < GREATEST && Math.min(spot, strike) > 1 / GREATEST;
  return !(sized && reach < WIDEST && carry * span < WIDEST_CARRY && carry < GREATEST_RATE && span < MOST_YEARS);
}

/** What is wrong with the figures themselves; undefined when nothing is. */
export function fault(input: AmericanInput): UnpriceableReason | undefined {
  const { spot, strike, years, rate, dividendYield, sigma } = input;
  // One sum is finite only if all its terms are.
  if (!Number.isFinite(spot + strike + years + rate + dividendYield + sigma)) return 'not_finite';
  if (!(spot > 0)) return 'spot_not_positive';
  if (!(strike > 0)) return 'strike_not_positive';
  if (outOfRange(input)) return 'out_of_range';
  for (const { years: at, amount } of input.dividends ?? []) {
    if (!Number.isFinite(at + amount)) return 'not_finite';
    if (amount < 0) return 'dividend_negative';
  }
  return undefined;
}

/** What a rate below this earns on the strike in a century is less than its last bits. */
const LEAST_RATE = 1e-18;
const rounded = (rate: number): number => (Math.abs(rate) < LEAST_RATE ? 0 : rate);

/**
 * When exercise before expiry can pay, under a continuous yield: `once` the spot is beyond one boundary, `never`, or `between` two
 * boundaries. On the put's side: exercising earns the rate on the strike and gives up the yield on the spot.
 */
export type ExerciseRegime = 'once' | 'never' | 'between';

export function exerciseRegime(right: Right, rate: number, dividendYield: number): ExerciseRegime {
  const earned = rounded(right === 'put' ? rate : dividendYield);
  const foregone = rounded(right === 'put' ? dividendYield : rate);
  if (earned > 0) return 'once';
  if (foregone >= earned) return 'never';
  return earned === 0 ? 'once' : 'between';
}

/**
 * Sets `put` to the put that the contract is a strike of: C(S, K, r, q) = P(K, S, q, r) (R. McDonald and M. Schroder, "A parity result
 * for American options", 1998), so a call is a put on the strike's worth of shares. Sigma and years must be positive.
 */
export function toPut(input: BsInput, put: Put): void {
  const call = input.right === 'call';
  put.rate = call ? input.dividendYield : input.rate;
  put.dividendYield = call ? input.rate : input.dividendYield;
  put.sigma = input.sigma;
  put.years = input.years;
  put.floor = depthAtExpiry(put.rate, put.dividendYield);
}
