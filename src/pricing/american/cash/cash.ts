// Options on a share that pays cash dividends: which method prices which contract, and the derivatives.
import type { BsInput, Derivatives } from '../../black-scholes.ts';
import { type CashDividend, type ExerciseRegime, exerciseRegime, intrinsicValue } from '../contract.ts';
import { certainCashPrice } from './certain-cash.ts';
import { type GridSize, gridPremium } from './grid.ts';
import { inductionValue, type ValueAndSlopes } from './induction.ts';

export type ExerciseStyle = 'american' | 'european';
type Schedule = readonly CashDividend[];

/** Leaves an error near 1e-6 of the spot over a year, at a few milliseconds a contract. */
const SIZE: GridSize = { intervals: 280, steps: 120 };
/** For a search: near 1e-5 of the spot at a quarter of the cost. */
const ROUGH_SIZE: GridSize = { intervals: 140, steps: 60 };

interface CashValue extends ValueAndSlopes {
  /** Exercise at once is best. */
  readonly exercised: boolean;
}

/** By induction as a European option or as a call exercised on the eve of an ex-date, or by induction and the grid's premium. */
type Method = 'european' | 'eves' | 'grid';

function methodOf(input: BsInput, style: ExerciseStyle): Method {
  if (style === 'european') return 'european';
  const regime: ExerciseRegime = exerciseRegime(input.right, input.rate, input.dividendYield);
  if (regime !== 'never') return 'grid';
  // A put that earns nothing by waiting less is not exercised after a fall in the spot either.
  return input.right === 'call' ? 'eves' : 'european';
}

function cashValue(input: BsInput, schedule: Schedule, method: Method, size = SIZE): CashValue {
  const plain = inductionValue(input, schedule, method === 'eves');
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  if (method === 'eves') return { ...plain, exercised: intrinsic > 0 && plain.price <= intrinsic };
  if (method === 'european') return { ...plain, exercised: false };
  const early = gridPremium(input, schedule, size);
  if (early.exercised) return { price: intrinsic, delta: input.right === 'call' ? 1 : -1, gamma: 0, exercised: true };
  const price = Math.max(plain.price + Math.max(0, early.price), intrinsic);
  return { price, delta: plain.delta + early.delta, gamma: plain.gamma + early.gamma, exercised: false };
}

/** A deviation that moves no price by more than 1e-7 of the strike, and that nodes in the log of the spot hardly resolve. */
const LEAST_DEVIATION = 1e-7;

const isCertain = ({ sigma, years }: BsInput): boolean => !(sigma > 0 && years > 0 && sigma * Math.sqrt(years) > LEAST_DEVIATION);

/** An American option nobody exercises early is still worth its intrinsic value, whatever quadrature's last bits say. */
const atLeast = (input: BsInput, style: ExerciseStyle, price: number): number =>
  style === 'european' ? price : Math.max(price, intrinsicValue(input.right, input.spot, input.strike));

/** The price, dollars per share. The input must be without fault and not of two boundaries, the schedule not empty. */
export const cashPrice = (input: BsInput, schedule: Schedule, style: ExerciseStyle): number =>
  isCertain(input)
    ? certainCashPrice(input, schedule, style === 'european')
    : atLeast(input, style, cashValue(input, schedule, methodOf(input, style)).price);

/** `cashPrice` of an American option on a coarser grid, for searches. */
export const roughCashPrice = (input: BsInput, schedule: Schedule): number =>
  isCertain(input) ? certainCashPrice(input, schedule, false) : cashValue(input, schedule, methodOf(input, 'american'), ROUGH_SIZE).price;

/** Whether an American option is best exercised at once; on the terms of `cashPrice`. */
export function cashExercised(input: BsInput, schedule: Schedule): boolean {
  if (!isCertain(input)) return cashValue(input, schedule, methodOf(input, 'american')).exercised;
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  return intrinsic > 0 && certainCashPrice(input, schedule, false) <= intrinsic;
}

/** Steps of the differences: relative ones in sigma and spot, absolute in rate and yield. The grid's noise wants wide ones. */
interface Steps {
  readonly sigma: number;
  readonly rate: number;
  readonly time: number;
}
const FINE_STEPS: Steps = { sigma: 1e-3, rate: 1e-4, time: 1e-3 };
const WIDE_STEPS: Steps = { sigma: 0.03, rate: 2e-3, time: 0.02 };
const CERTAIN_SPOT_STEP = 1e-6;

/** The contract and its ex-dates `years` later in calendar time. */
const later = (input: BsInput, schedule: Schedule, years: number): readonly [BsInput, Schedule] => [
  { ...input, years: input.years - years },
  schedule.map((dividend) => ({ years: dividend.years - years, amount: dividend.amount })),
];

const NONE = { gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0, vanna: 0, volga: 0, charm: 0 } as const;

/** Without uncertainty: differences of the one path's value in spot, rate and yield, and what the day costs. */
function certainCashDerivatives(input: BsInput, schedule: Schedule, european: boolean): Derivatives {
  const price = (bumped: BsInput): number => certainCashPrice(bumped, schedule, european);
  const slope = (step: number, bump: (by: number) => BsInput): number => (price(bump(step)) - price(bump(-step))) / (2 * step);
  const years = Math.min(FINE_STEPS.time * Math.max(0, input.years), ...schedule.map((dividend) => dividend.years / 2));
  const here = price(input);
  return {
    ...NONE,
    price: here,
    delta: slope(CERTAIN_SPOT_STEP * input.spot, (by) => ({ ...input, spot: input.spot + by })),
    theta: years > 0 ? (certainCashPrice(...later(input, schedule, years), european) - here) / years : 0,
    rho: slope(FINE_STEPS.rate, (by) => ({ ...input, rate: input.rate + by })),
    phi: slope(FINE_STEPS.rate, (by) => ({ ...input, dividendYield: input.dividendYield + by })),
  };
}

/**
 * Price and derivatives, on the terms of `cashPrice`. Delta and gamma are those of the quadrature and the grid; theta is what the pricing
 * equation leaves for it; the others are central differences: six digits where quadrature alone prices, two or three with the grid.
 */
export function cashDerivatives(input: BsInput, schedule: Schedule, style: ExerciseStyle): Derivatives {
  if (isCertain(input)) return certainCashDerivatives(input, schedule, style === 'european');
  const method = methodOf(input, style);
  const here = cashValue(input, schedule, method);
  if (here.exercised) return { ...NONE, price: here.price, delta: here.delta };
  const steps = method === 'grid' ? WIDE_STEPS : FINE_STEPS;
  const { rate, dividendYield, sigma, spot } = input;
  // The rate that pays for early exercise must not change its sign.
  const earned = input.right === 'put' ? rate : dividendYield;
  const rateStep = method === 'grid' && earned > 0 ? Math.min(steps.rate, earned / 2) : steps.rate;
  const bumped = (change: Partial<BsInput>): CashValue => cashValue({ ...input, ...change }, schedule, method);
  const more = bumped({ sigma: sigma * (1 + steps.sigma) });
  const less = bumped({ sigma: sigma * (1 - steps.sigma) });
  const time = Math.min(steps.time * input.years, ...schedule.map((dividend) => dividend.years / 2));
  const ahead = cashValue(...later(input, schedule, time), method);
  const behind = cashValue(...later(input, schedule, -time), method);
  const sigmaStep = steps.sigma * sigma;
  return {
    price: here.price,
    delta: here.delta,
    gamma: here.gamma,
    vega: (more.price - less.price) / (2 * sigmaStep),
    theta: rate * here.price - (rate - dividendYield) * spot * here.delta - 0.5 * sigma * sigma * spot * spot * here.gamma,
    rho: (bumped({ rate: rate + rateStep }).price - bumped({ rate: rate - rateStep }).price) / (2 * rateStep),
    phi:
      (bumped({ dividendYield: dividendYield + rateStep }).price - bumped({ dividendYield: dividendYield - rateStep }).price) /
      (2 * rateStep),
    vanna: (more.delta - less.delta) / (2 * sigmaStep),
    volga: (more.price - 2 * here.price + less.price) / (sigmaStep * sigmaStep),
    charm: (ahead.delta - behind.delta) / (2 * time),
  };
}
