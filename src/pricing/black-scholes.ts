// European option values after Black, Scholes and Merton, with a continuous dividend yield.
import type { Right } from '../domain/instrument.ts';
import { millsRatio, normalCdf, normalPdf } from './normal.ts';

/**
 * One option on one share. Years may be 0 or less (expired) and sigma 0 or less (no uncertainty): then the forward's
 * intrinsic value holds.
 */
export interface BsInput {
  readonly right: Right;
  readonly spot: number;
  readonly strike: number;
  /** Years to expiry. */
  readonly years: number;
  /** Continuous risk-free rate, a fraction a year. */
  readonly rate: number;
  /** Continuous dividend yield, a fraction a year. */
  readonly dividendYield: number;
  /** Annual volatility, 0.25 is 25 %. */
  readonly sigma: number;
}

export interface BsGreeks {
  /** Dollars per share. */
  readonly price: number;
  /** Dollars per dollar of spot. */
  readonly delta: number;
  readonly gamma: number;
  /** Dollars per calendar day: negative when time costs the holder. */
  readonly theta: number;
  /** Dollars per volatility point (0.01). */
  readonly vega: number;
  /** Dollars per percentage point of the rate. */
  readonly rho: number;
  readonly d1: number;
  readonly d2: number;
}

/** +1 for a call, -1 for a put: the phi of the formulas. */
export const phi = (right: Right): 1 | -1 => (right === 'call' ? 1 : -1);

/** The figures every formula shares: spot and strike discounted to today, log-moneyness of the forward, total volatility. */
export interface Terms {
  /** S e^(-qT). */
  readonly asset: number;
  /** K e^(-rT). */
  readonly bond: number;
  /** ln(F/K). */
  readonly moneyness: number;
  /** sigma sqrt(T); 0 when there is no uncertainty left. */
  readonly deviation: number;
  readonly years: number;
}

export function termsOf(input: Omit<BsInput, 'right'>): Terms {
  const years = Math.max(0, input.years);
  const asset = input.spot * Math.exp(-input.dividendYield * years);
  const bond = input.strike * Math.exp(-input.rate * years);
  const moneyness = Math.log(input.spot / input.strike) + (input.rate - input.dividendYield) * years;
  const deviation = Number.isFinite(moneyness) ? Math.max(0, input.sigma) * Math.sqrt(years) : 0;
  return { asset, bond, moneyness, deviation, years };
}

/**
 * Today's value of the out-of-the-money option of a strike: the call when `moneyness` <= 0, else the put.
 * Reckoned on that side because its value carries no intrinsic part that would swamp it.
 */
export function otmValue(terms: Terms): number {
  const x = -Math.abs(terms.moneyness);
  const v = terms.deviation;
  if (v <= 0) return 0;
  const small = Math.min(terms.asset, terms.bond);
  const large = Math.max(terms.asset, terms.bond);
  const d1 = x / v + v / 2;
  const d2 = x / v - v / 2;
  // Far out the two products share the factor small x n(d1) = large x n(d2); taken out, its rounding no longer differs between them.
  if (d1 < -1) return Math.max(0, small * normalPdf(d1) * (millsRatio(-d1) - millsRatio(-d2)));
  return Math.max(0, small * normalCdf(d1) - large * normalCdf(d2));
}

/** What the forward is worth over the strike today, on the option's side; negative when out of the money. */
export const forwardIntrinsic = (right: Right, terms: Terms): number => phi(right) * (terms.asset - terms.bond);

/** The option's value today, dollars per share; never throws on finite input. */
export function bsPrice(input: BsInput): number {
  const terms = termsOf(input);
  return otmValue(terms) + Math.max(0, forwardIntrinsic(input.right, terms));
}

/** Greeks where nothing is uncertain: those of the forward in the money, nothing out of it or exactly at it. */
function certainGreeks(input: BsInput, terms: Terms): BsGreeks {
  const side = phi(input.right);
  const value = forwardIntrinsic(input.right, terms);
  const inside = value > 0 ? side : 0;
  const carry = input.dividendYield * terms.asset - input.rate * terms.bond;
  const d = value === 0 ? 0 : side * Math.sign(value) * Infinity;
  return {
    price: Math.max(0, value),
    delta: inside * Math.exp(-input.dividendYield * terms.years) + 0,
    gamma: 0,
    theta: terms.years > 0 ? (inside * carry) / 365 + 0 : 0,
    vega: 0,
    rho: (inside * terms.years * terms.bond) / 100 + 0,
    d1: d,
    d2: d,
  };
}

/** Value and sensitivities (units on BsGreeks); never throws on finite input. */
export function bsGreeks(input: BsInput): BsGreeks {
  const terms = termsOf(input);
  const { asset, bond, moneyness, deviation, years } = terms;
  if (deviation <= 0) return certainGreeks(input, terms);
  const side = phi(input.right);
  const d1 = moneyness / deviation + deviation / 2;
  const d2 = moneyness / deviation - deviation / 2;
  const density = normalPdf(d1);
  const n1 = normalCdf(side * d1);
  const n2 = normalCdf(side * d2);
  const decay = (asset * density * input.sigma) / (2 * Math.sqrt(years));
  return {
    price: otmValue(terms) + Math.max(0, side * (asset - bond)),
    delta: side * Math.exp(-input.dividendYield * years) * n1,
    gamma: (Math.exp(-input.dividendYield * years) * density) / (input.spot * deviation),
    theta: (-decay - side * input.rate * bond * n2 + side * input.dividendYield * asset * n1) / 365,
    vega: (asset * density * Math.sqrt(years)) / 100,
    rho: (side * years * bond * n2) / 100,
    d1,
    d2,
  };
}

/** Risk-neutral probability that the option ends in the money, N(phi d2). This is not its delta. */
export function probabilityItm(input: BsInput): number {
  const terms = termsOf(input);
  if (terms.deviation <= 0) return forwardIntrinsic(input.right, terms) > 0 ? 1 : 0;
  return normalCdf(phi(input.right) * (terms.moneyness / terms.deviation - terms.deviation / 2));
}
