// American options under a continuous dividend yield: price, derivatives and exercise boundary.
import { type BsInput, bsDerivatives, bsPrice, type Derivatives } from '../black-scholes.ts';
import { exp, log } from '../elementary.ts';
import { quadraticPremium } from './barone-adesi-whaley.ts';
import { type Put, solveBoundary, solveNearby } from './boundary.ts';
import { certainDerivatives, certainPrice } from './certain.ts';
import type { Level } from './collocation.ts';
import { exerciseRegime, intrinsicValue, toPut } from './contract.ts';
import { outOfReach, type PremiumSlopes, premiumSlopes, premiumValue } from './premium.ts';
import { ACCURATE, type Scheme, SMOOTH } from './schemes.ts';

/** The put under work; nothing but this file sees it. */
const put: Put = { rate: 0, dividendYield: 0, sigma: 0, years: 0, floor: 0 };

/** A deviation that moves no price by more than 1e-10 of the strike. */
const LEAST_DEVIATION = 1e-10;

/** Nothing, or next to nothing, is left to chance or to time: the best moment to exercise is known. */
const isCertain = ({ sigma, years }: BsInput): boolean => !(sigma > 0 && years > 0 && sigma * Math.sqrt(years) > LEAST_DEVIATION);

/** Beyond so many deviations of drift, what is still to come of the law is e^-35 of it. */
const DECIDED = 8.4;

/**
 * The contract, with no more time than it takes the drift to carry the put that stands for it away from exercise for good: what time is
 * left after that is worth nothing, and would take the boundary's first moments out of the scheme's sight.
 */
function undecided(input: BsInput): BsInput {
  const carry = input.right === 'call' ? input.dividendYield - input.rate : input.rate - input.dividendYield;
  const drift = carry - 0.5 * input.sigma * input.sigma;
  if (!(drift > 0)) return input;
  const root = (DECIDED * input.sigma) / drift;
  return root * root < input.years ? { ...input, years: root * root } : input;
}

/** The price then; at least the European one, which may still see the deviation. */
const pathPrice = (input: BsInput): number => Math.max(certainPrice(input), bsPrice(input));

/** The spot over the strike of the put that stands for the contract, as a logarithm. */
const putMoneyness = (input: BsInput): number => (input.right === 'call' ? log(input.strike / input.spot) : log(input.spot / input.strike));

/** The strike of that put. */
const putStrike = (input: BsInput): number => (input.right === 'call' ? input.spot : input.strike);

/** The European price with the premium over it; at least what exercise at once pays. */
function withPremium(input: BsInput, premium: number): number {
  return Math.max(bsPrice(input) + putStrike(input) * premium, intrinsicValue(input.right, input.spot, input.strike));
}

/**
 * The price by a scheme of the boundary method, dollars per share. The input must be without fault (`fault`) and not of two boundaries
 * (`exerciseRegime`).
 */
export function continuousPrice(input: BsInput, scheme: Scheme): number {
  if (isCertain(input)) return pathPrice(input);
  if (exerciseRegime(input.right, input.rate, input.dividendYield) === 'never') return bsPrice(input);
  const near = undecided(input);
  if (near !== input) return Math.max(continuousPrice(near, scheme), bsPrice(input));
  toPut(input, put);
  const x = putMoneyness(input);
  if (outOfReach(put, x + put.floor)) return bsPrice(input);
  const level = solveBoundary(scheme, put);
  return withPremium(input, x <= -(level.depths[0] as number) ? 0 : premiumValue(scheme, level, put, x));
}

/** The price by the quadratic approximation, on the same terms as `continuousPrice`. */
export function screenPrice(input: BsInput): number {
  if (isCertain(input)) return pathPrice(input);
  if (exerciseRegime(input.right, input.rate, input.dividendYield) === 'never') return bsPrice(input);
  const near = undecided(input);
  if (near !== input) return Math.max(screenPrice(near), bsPrice(input));
  toPut(input, put);
  return withPremium(input, quadraticPremium(put, putMoneyness(input)));
}

/**
 * The spot at and beyond which (above for a call, below for a put) exercise at once is best; undefined where it never is before expiry.
 * At expiry, the strike. On the same terms as `continuousPrice`; the input's spot does not matter.
 */
export function continuousBoundary(input: BsInput): number | undefined {
  if (!(input.years > 0)) return input.strike;
  if (exerciseRegime(input.right, input.rate, input.dividendYield) === 'never') return undefined;
  toPut(isCertain(input) ? input : undecided(input), put);
  const depth = isCertain(input) ? put.floor : (solveBoundary(ACCURATE, put).depths[0] as number);
  return input.strike * exp(input.right === 'call' ? depth : -depth);
}

/** Whether exercise at once is best for an option in the money; on the same terms as `continuousPrice`. */
export function continuousExercised(input: BsInput): boolean {
  if (isCertain(input)) return pathPrice(input) <= intrinsicValue(input.right, input.spot, input.strike);
  const boundary = continuousBoundary(input);
  return boundary !== undefined && (input.right === 'call' ? input.spot >= boundary : input.spot <= boundary);
}

/** The premium and its slopes at the moneyness `x` of `put`, whose boundary `level` holds; beyond it, what makes the put intrinsic. */
function slopesAt(level: Level, x: number): PremiumSlopes {
  if (x > -(level.depths[0] as number)) return premiumSlopes(SMOOTH, level, put, x);
  const { rate, dividendYield, sigma, years } = put;
  const spot = exp(x);
  const plain = bsDerivatives({ right: 'put', spot, strike: 1, years, rate, dividendYield, sigma });
  return { value: 1 - spot - plain.price, delta: -1 - plain.delta, gamma: -plain.gamma };
}

/** Relative steps of the differences: what they leave out is a millionth part of the premium's own derivative or less. */
const SIGMA_STEP = 3e-4;
const YEARS_STEP = 3e-4;
/** The largest step of rate and yield; smaller where one is nearly 0, which it must not cross. */
const RATE_STEP = 1e-4;

/** Nearer to 0 a step that stays on its side would drown in the last bits. */
const LEAST_RATE = 1e-8;

const rateStep = (rate: number): number => (Math.abs(rate) < LEAST_RATE ? RATE_STEP : Math.min(RATE_STEP, Math.abs(rate) / 2));

/** The premium's slopes at a contract and at its neighbours, one step down and up in a quantity. */
type Bumps = Readonly<
  Record<'here' | 'lessSigma' | 'moreSigma' | 'sooner' | 'later' | 'lessRate' | 'moreRate' | 'lessYield' | 'moreYield', PremiumSlopes>
>;

/** The premium's slopes all around a contract: one boundary from scratch, the others from their neighbour's. */
function premiumBumps(input: BsInput, r: number, q: number): Bumps {
  const x = putMoneyness(input);
  toPut(input, put);
  const level = solveBoundary(SMOOTH, put);
  const here = slopesAt(level, x);
  const at = (change: Partial<BsInput>): PremiumSlopes => {
    const bumped = { ...input, ...change };
    // A step into rates that never call for exercise leaves no premium, and no boundary to continue from.
    if (exerciseRegime(bumped.right, bumped.rate, bumped.dividendYield) !== 'once') return { value: 0, delta: 0, gamma: 0 };
    const { floor } = put;
    toPut(bumped, put);
    return slopesAt(solveNearby(SMOOTH, level, put, floor), x);
  };
  const { rate, dividendYield, sigma, years } = input;
  return {
    here,
    lessSigma: at({ sigma: sigma * (1 - SIGMA_STEP) }),
    moreSigma: at({ sigma: sigma * (1 + SIGMA_STEP) }),
    sooner: at({ years: years * (1 - YEARS_STEP) }),
    later: at({ years: years * (1 + YEARS_STEP) }),
    lessRate: at({ rate: rate - r }),
    moreRate: at({ rate: rate + r }),
    lessYield: at({ dividendYield: dividendYield - q }),
    moreYield: at({ dividendYield: dividendYield + q }),
  };
}

/** The premium's derivatives in dollars a share, to be added to those of the European option: all but theta. */
function premiumDerivatives(input: BsInput): Omit<Derivatives, 'theta'> {
  const { rate, dividendYield, sigma, years, spot } = input;
  const call = input.right === 'call';
  const strike = putStrike(input);
  // A call's spot is the strike of its put: the slope in it follows from the premium being homogeneous in both.
  const ratio = call ? input.strike / spot : spot / strike;
  const deltaOf = (p: PremiumSlopes): number => (call ? p.value - ratio * p.delta : p.delta);
  const r = rateStep(rate);
  const q = rateStep(dividendYield);
  const bumps = premiumBumps(input, r, q);
  const { here, lessSigma, moreSigma } = bumps;
  const s = SIGMA_STEP * sigma;
  return {
    price: strike * here.value,
    delta: deltaOf(here),
    gamma: call ? (ratio * ratio * here.gamma) / spot : here.gamma / strike,
    vega: (strike * (moreSigma.value - lessSigma.value)) / (2 * s),
    rho: (strike * (bumps.moreRate.value - bumps.lessRate.value)) / (2 * r),
    phi: (strike * (bumps.moreYield.value - bumps.lessYield.value)) / (2 * q),
    vanna: (deltaOf(moreSigma) - deltaOf(lessSigma)) / (2 * s),
    volga: (strike * (moreSigma.value - 2 * here.value + lessSigma.value)) / (s * s),
    charm: (deltaOf(bumps.sooner) - deltaOf(bumps.later)) / (2 * YEARS_STEP * years),
  };
}

/** Where exercise at once is best the option is the share and the strike: nothing else moves it. */
const exercised = (input: BsInput, price: number): Derivatives => ({
  price,
  delta: input.right === 'call' ? 1 : -1,
  gamma: 0,
  vega: 0,
  theta: 0,
  rho: 0,
  phi: 0,
  vanna: 0,
  volga: 0,
  charm: 0,
});

/**
 * Price and derivatives, on the same terms as `continuousPrice`. Delta and gamma are integrated; vega, rho, phi, vanna, volga and charm
 * are the European option's plus central differences of the premium (relative error of the premium's part near 1e-6; volga's 1e-4);
 * theta is what the pricing equation leaves for it.
 */
export function continuousDerivatives(input: BsInput): Derivatives {
  if (isCertain(input)) return certainDerivatives(input);
  if (exerciseRegime(input.right, input.rate, input.dividendYield) === 'never') return bsDerivatives(input);
  const near = undecided(input);
  if (near !== input) return continuousDerivatives(near);
  const plain = bsDerivatives(input);
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  if (intrinsic > 0 && continuousExercised(input)) return exercised(input, intrinsic);
  const early = premiumDerivatives(input);
  const price = Math.max(plain.price + early.price, intrinsic);
  const delta = plain.delta + early.delta;
  const gamma = plain.gamma + early.gamma;
  const { rate, dividendYield, sigma, spot } = input;
  return {
    price,
    delta,
    gamma,
    vega: plain.vega + early.vega,
    theta: rate * price - (rate - dividendYield) * spot * delta - 0.5 * sigma * sigma * spot * spot * gamma,
    rho: plain.rho + early.rho,
    phi: plain.phi + early.phi,
    vanna: plain.vanna + early.vanna,
    volga: plain.volga + early.volga,
    charm: plain.charm + early.charm,
  };
}
