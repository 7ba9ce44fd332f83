// European option values after Black, Scholes and Merton, with a continuous dividend yield.
//
// Sources: F. Black and M. Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973); R. C. Merton,
// "Theory of rational option pricing", Bell Journal of Economics 4 (1973).
import { assert } from '../base/assert.ts';
import type { Right } from '../domain/instrument.ts';
import { type ChainColumns, type DerivativeColumns, deriveChain, priceChain } from './chain.ts';
import { exp, log } from './elementary.ts';
import { type RowStatus, rowStatuses } from './european-kernel.ts';
import { normalCdf } from './normal.ts';

/**
 * One option on one share. Years may be 0 or less (expired) and sigma 0 or less (no uncertainty): then the forward's
 * intrinsic value holds. Spot, strike, years and sigma below 1e-60 count as 0. There is no value where one is no finite number, where one
 * of the four reaches 1e60 (years 1e10), or where rate and yield, times the years, reach 200 together.
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

/** Value per share and its partial derivatives, each per 1.00 of what it is taken by; years and calendar time in years. */
export interface Derivatives {
  readonly price: number;
  /** dV/dS, the spot delta. */
  readonly delta: number;
  /** d2V/dS2. */
  readonly gamma: number;
  /** dV/dsigma. */
  readonly vega: number;
  /** -dV/dT: negative where time costs the holder. */
  readonly theta: number;
  /** dV/dr. */
  readonly rho: number;
  /** dV/dq. */
  readonly phi: number;
  /** d2V/dS dsigma. */
  readonly vanna: number;
  /** d2V/dsigma2. */
  readonly volga: number;
  /** -d2V/dS dT: what delta gains as calendar time passes. */
  readonly charm: number;
}

export type Valuation =
  | { readonly kind: 'valued'; readonly derivatives: Derivatives }
  | { readonly kind: 'invalid'; readonly reason: Exclude<RowStatus, 'ok'> };

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
  const asset = input.spot * exp(-input.dividendYield * years);
  const bond = input.strike * exp(-input.rate * years);
  const moneyness = log(input.spot / input.strike) + (input.rate - input.dividendYield) * years;
  const deviation = Number.isFinite(moneyness) ? Math.max(0, input.sigma) * Math.sqrt(years) : 0;
  return { asset, bond, moneyness, deviation, years };
}

/** What the forward is worth over the strike today, on the option's side; negative when out of the money. */
export const forwardIntrinsic = (right: Right, terms: Terms): number => phi(right) * (terms.asset - terms.bond);

const column = (): Float64Array => new Float64Array(1);
// One row of columns: the scalar functions are the batch on it, so that both agree to the bit.
const row: ChainColumns = {
  spot: column(),
  strike: column(),
  years: column(),
  rate: column(),
  dividendYield: column(),
  sigma: column(),
  side: column(),
};
const answer: DerivativeColumns = {
  price: column(),
  delta: column(),
  gamma: column(),
  vega: column(),
  theta: column(),
  rho: column(),
  phi: column(),
  vanna: column(),
  volga: column(),
  charm: column(),
  status: new Uint8Array(1),
};

function loadRow(input: BsInput, spot = input.spot, strike = input.strike): void {
  row.spot[0] = spot;
  row.strike[0] = strike;
  row.years[0] = input.years;
  row.rate[0] = input.rate;
  row.dividendYield[0] = input.dividendYield;
  row.sigma[0] = input.sigma;
  row.side[0] = phi(input.right);
}

const status = (): RowStatus => rowStatuses[answer.status[0] as number] as RowStatus;

function readRow(): Derivatives {
  return {
    price: answer.price[0] as number,
    delta: answer.delta[0] as number,
    gamma: answer.gamma[0] as number,
    vega: answer.vega[0] as number,
    theta: answer.theta[0] as number,
    rho: answer.rho[0] as number,
    phi: answer.phi[0] as number,
    vanna: answer.vanna[0] as number,
    volga: answer.volga[0] as number,
    charm: answer.charm[0] as number,
  };
}

/** Loads the row for a caller that vouches for the input: a spot or strike below 0 counts as 0. */
const loadVouched = (input: BsInput): void => loadRow(input, Math.max(0, input.spot), Math.max(0, input.strike));

function assertValued(): void {
  const reason = status();
  assert(reason === 'ok', `no value: ${reason}`);
}

/** Value and derivatives in raw units, or the reason why the input has none; for input nobody has checked. Never throws. */
export function valueOption(input: BsInput): Valuation {
  loadRow(input);
  deriveChain(row, answer);
  const reason = status();
  return reason === 'ok' ? { kind: 'valued', derivatives: readRow() } : { kind: 'invalid', reason };
}

/**
 * The option's value today, dollars per share; within a few units of the last bit times the price's own condition number.
 * Throws on input that has no value: `valueOption` names the reason.
 */
export function bsPrice(input: BsInput): number {
  loadVouched(input);
  priceChain(row, answer);
  assertValued();
  return answer.price[0] as number;
}

/**
 * Value and derivatives in raw units (`bsGreeks` has the desk's). Without uncertainty they are those of the forward in the money and zero
 * out of it; exactly at the money, where none exists, they are zero too. Throws on input that has no value.
 */
export function bsDerivatives(input: BsInput): Derivatives {
  loadVouched(input);
  deriveChain(row, answer);
  assertValued();
  return readRow();
}

/** d1 and d2; without uncertainty their limits, 0 exactly at the money. */
function deviates(input: BsInput): { readonly d1: number; readonly d2: number } {
  const terms = termsOf(input);
  if (terms.deviation <= 0) {
    const value = terms.asset - terms.bond;
    const d = value === 0 ? 0 : Math.sign(value) * Infinity;
    return { d1: d, d2: d };
  }
  const d1 = terms.moneyness / terms.deviation + terms.deviation / 2;
  return { d1, d2: d1 - terms.deviation };
}

/** Value and sensitivities in the desk's units (on BsGreeks); throws on input that has no value. */
export function bsGreeks(input: BsInput): BsGreeks {
  const { price, delta, gamma, vega, theta, rho } = bsDerivatives(input);
  return { price, delta, gamma, theta: theta / 365, vega: vega / 100, rho: rho / 100, ...deviates(input) };
}

/** Risk-neutral probability that the option ends in the money, N(phi d2). This is not its delta. */
export function probabilityItm(input: BsInput): number {
  const terms = termsOf(input);
  if (terms.deviation <= 0) return forwardIntrinsic(input.right, terms) > 0 ? 1 : 0;
  return normalCdf(phi(input.right) * (terms.moneyness / terms.deviation - terms.deviation / 2));
}
