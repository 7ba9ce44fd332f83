// Options on a share that pays cash dividends: price, exercise and derivatives.
import { type BsInput, bsDerivatives, type Derivatives } from '../../black-scholes.ts';
import { exp } from '../../elementary.ts';
import { continuousDerivatives } from '../continuous.ts';
import { type CashDividend, greatestPrice, intrinsicValue } from '../contract.ts';
import { certainCashPrice } from './certain-cash.ts';
import { certainCashDerivatives } from './certain-derivatives.ts';
import type { GridSize, GridValue } from './grid-value.ts';
import { inductionValue, type ValueAndSlopes } from './induction.ts';
import { differenceMethod, type ExerciseStyle, isCertain, type Method, methodOf } from './method.ts';
import { pathGrid } from './path-grid.ts';
import { isAtOnce, later } from './schedule.ts';
import { strikeGrid } from './strike-grid.ts';

type Schedule = readonly CashDividend[];

/** Leaves an error near 1e-6 of the spot over a year, at a few milliseconds a contract. */
const SIZE: GridSize = { intervals: 280, steps: 120 };
/** For a search: near 1e-5 of the spot at a quarter of the cost. */
const ROUGH_SIZE: GridSize = { intervals: 140, steps: 60 };

interface CashValue extends ValueAndSlopes {
  /** Exercise at once is best. */
  readonly exercised: boolean;
}

const gridValue = (input: BsInput, schedule: Schedule, { grid, exercise }: Method, size: GridSize): GridValue =>
  (grid === 'path' ? pathGrid : strikeGrid)(input, schedule, size, exercise !== 'expiry');

const sum = (a: ValueAndSlopes, b: ValueAndSlopes): ValueAndSlopes => ({
  price: a.price + b.price,
  delta: a.delta + b.delta,
  gamma: a.gamma + b.gamma,
});

/** Where exercise at once is best the option is the share and the strike. */
const exercisedNow = (input: BsInput, price: number): CashValue => ({
  price,
  delta: input.right === 'call' ? 1 : -1,
  gamma: 0,
  exercised: true,
});

/** The value where nobody exercises between ex-dates. */
function seldomValue(input: BsInput, schedule: Schedule, method: Method, size: GridSize): CashValue {
  const eves = method.exercise === 'eves';
  const value = method.quadrature ? inductionValue(input, schedule, eves) : gridValue(input, schedule, method, size).european;
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  return { ...value, exercised: eves && intrinsic > 0 && value.price <= intrinsic };
}

/** The value after an ex-date at once, of what is then left of the share and the schedule. */
function valueAfter(input: BsInput, schedule: Schedule, method: Method, size: GridSize): ValueAndSlopes {
  const european = method.exercise === 'expiry';
  if (!(input.spot > 0)) {
    const waiting = european ? -input.rate * input.years : Math.max(0, -input.rate * input.years);
    return { price: input.right === 'put' ? input.strike * exp(waiting) : 0, delta: 0, gamma: 0 };
  }
  if (schedule.length > 0) return cashValue(input, schedule, method, size);
  return european ? bsDerivatives(input) : continuousDerivatives(input);
}

/** The value on the eve of an ex-date at once. */
function valueOnEve(input: BsInput, schedule: Schedule, method: Method, size: GridSize): CashValue {
  const [next, ...rest] = schedule as readonly [CashDividend, ...CashDividend[]];
  const after = valueAfter({ ...input, spot: input.spot - next.amount }, rest, method, size);
  const intrinsic = method.exercise === 'expiry' ? 0 : intrinsicValue(input.right, input.spot, input.strike);
  return intrinsic > 0 && intrinsic >= after.price ? exercisedNow(input, intrinsic) : { ...after, exercised: false };
}

function cashValue(input: BsInput, schedule: Schedule, method: Method, size = SIZE): CashValue {
  if (isAtOnce(schedule[0] as CashDividend, input.years)) return valueOnEve(input, schedule, method, size);
  if (method.exercise === 'expiry' || (method.exercise === 'eves' && method.quadrature)) return seldomValue(input, schedule, method, size);
  const grid = gridValue(input, schedule, method, size);
  if (grid.exercised) return exercisedNow(input, intrinsicValue(input.right, input.spot, input.strike));
  const plain = method.quadrature ? inductionValue(input, schedule, false) : grid.european;
  const premium = grid.premium.price > 0 ? grid.premium : { ...grid.premium, price: 0 };
  return { ...sum(plain, premium), exercised: false };
}

/** The price between what the option pays at once or nothing, and all there is to get: quadrature's and grids' last bits know no bounds. */
function bounded(input: BsInput, style: ExerciseStyle, price: number): number {
  const least = style === 'european' ? 0 : intrinsicValue(input.right, input.spot, input.strike);
  return Math.max(least, Math.min(price, greatestPrice(input)));
}

/** The price, dollars per share. The input must be without fault and not of two boundaries, the schedule not empty. */
export const cashPrice = (input: BsInput, schedule: Schedule, style: ExerciseStyle): number =>
  isCertain(input)
    ? certainCashPrice(input, schedule, style === 'european')
    : bounded(input, style, cashValue(input, schedule, methodOf(input, schedule, style)).price);

/** `cashPrice` of an American option for searches: by a coarse grid alone, or by quadrature alone where that is all it takes, and little. */
export function roughCashPrice(input: BsInput, schedule: Schedule): number {
  if (isCertain(input)) return certainCashPrice(input, schedule, false);
  const whole = methodOf(input, schedule, 'american');
  const method = whole.exercise === 'any' ? { ...whole, quadrature: false } : differenceMethod(input, schedule, whole);
  return bounded(input, 'american', cashValue(input, schedule, method, ROUGH_SIZE).price);
}

/** Whether an American option is best exercised at once; on the terms of `cashPrice`. */
export function cashExercised(input: BsInput, schedule: Schedule): boolean {
  if (!isCertain(input)) return cashValue(input, schedule, methodOf(input, schedule, 'american')).exercised;
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  return intrinsic > 0 && certainCashPrice(input, schedule, false) <= intrinsic;
}

/** Steps of the differences: relative ones in sigma and time, absolute in rate and yield. The grid's noise wants wide ones. */
interface Steps {
  readonly sigma: number;
  readonly rate: number;
  readonly time: number;
}
const FINE_STEPS: Steps = { sigma: 1e-3, rate: 1e-4, time: 1e-3 };
const WIDE_STEPS: Steps = { sigma: 0.03, rate: 2e-3, time: 0.02 };
/** No step takes the forward farther than this part of a deviation. */
const LONGEST_MOVE = 0.1;
const LEAST_RATE = 1e-8;

function stepsOf(input: BsInput, method: Method): Steps {
  const wide = method.exercise === 'any' || !method.quadrature;
  const { sigma, rate, time } = wide ? WIDE_STEPS : FINE_STEPS;
  const deviation = LONGEST_MOVE * input.sigma * Math.sqrt(input.years);
  // The rate that pays for early exercise must not change its sign, unless it is next to nothing.
  const earned = input.right === 'put' ? input.rate : input.dividendYield;
  const least = method.exercise === 'any' && earned > LEAST_RATE ? earned / 2 : rate;
  return {
    sigma,
    rate: Math.min(rate, least, deviation / input.years),
    time: Math.min(time, deviation / ((Math.abs(input.rate) + Math.abs(input.dividendYield)) * input.years)),
  };
}

/** What delta gains a year as time passes: a central difference, or, where an ex-date is nearer than its step, one from before. */
function charmOf(input: BsInput, schedule: Schedule, method: Method, here: ValueAndSlopes, step: number): number {
  const delta = (by: number): number => cashValue(...later(input, schedule, by), method).delta;
  const near = schedule.some((dividend) => dividend.years <= step && !isAtOnce(dividend, input.years));
  return near ? (3 * here.delta - 4 * delta(-step) + delta(-2 * step)) / (2 * step) : (delta(step) - delta(-step)) / (2 * step);
}

/**
 * Price and derivatives, on the terms of `cashPrice`. Delta and gamma are those of the quadrature and the grid; theta is what the pricing
 * equation leaves for it; the others are central differences: six digits where quadrature alone prices, two or three with the grid.
 */
export function cashDerivatives(input: BsInput, schedule: Schedule, style: ExerciseStyle): Derivatives {
  if (isCertain(input)) return certainCashDerivatives(input, schedule, style === 'european');
  const method = methodOf(input, schedule, style);
  const here = cashValue(input, schedule, method);
  const price = bounded(input, style, here.price);
  const { rate, dividendYield, sigma, spot } = input;
  if (here.exercised) return { price, delta: here.delta, gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0, vanna: 0, volga: 0, charm: 0 };
  const nearby = differenceMethod(input, schedule, method);
  const middle = nearby.quadrature === method.quadrature ? here : cashValue(input, schedule, nearby);
  const steps = stepsOf(input, nearby);
  const bumped = (change: Partial<BsInput>): CashValue => cashValue({ ...input, ...change }, schedule, nearby);
  const slope = (change: (by: number) => Partial<BsInput>): number =>
    (bumped(change(steps.rate)).price - bumped(change(-steps.rate)).price) / (2 * steps.rate);
  const more = bumped({ sigma: sigma * (1 + steps.sigma) });
  const less = bumped({ sigma: sigma * (1 - steps.sigma) });
  const sigmaStep = steps.sigma * sigma;
  return {
    price,
    delta: here.delta,
    gamma: here.gamma,
    vega: (more.price - less.price) / (2 * sigmaStep),
    theta: rate * price - (rate - dividendYield) * spot * here.delta - 0.5 * sigma * sigma * spot * spot * here.gamma,
    rho: slope((by) => ({ rate: rate + by })),
    phi: slope((by) => ({ dividendYield: dividendYield + by })),
    vanna: (more.delta - less.delta) / (2 * sigmaStep),
    volga: (more.price - 2 * middle.price + less.price) / (sigmaStep * sigmaStep),
    charm: charmOf(input, schedule, nearby, middle, steps.time * input.years),
  };
}
