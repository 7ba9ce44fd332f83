// Which methods price an option on a share that pays cash.
import type { BsInput } from '../../black-scholes.ts';
import { type CashDividend, exerciseRegime } from '../contract.ts';
import { fitsPanels } from './panels.ts';
import { pathReach } from './path.ts';

export type ExerciseStyle = 'american' | 'european';
type Schedule = readonly CashDividend[];

/** How one contract is valued; chosen once for a price and all its differences. */
export interface Method {
  /** When it may pay to exercise: at expiry only, for a call also on the eve of an ex-date, or at any time. */
  readonly exercise: 'expiry' | 'eves' | 'any';
  /** Whether quadrature gives the part without exercise in between; else the grid gives the whole. */
  readonly quadrature: boolean;
  /** Which grid: fixed to the strike, or about the known path. */
  readonly grid: 'strike' | 'path';
}

/** A deviation that moves no price by more than 1e-9 of spot and strike. */
const LEAST_DEVIATION = 2e-9;

/** Nothing, or next to nothing, is left to chance. */
export const isCertain = ({ sigma, years }: BsInput): boolean => !(sigma > 0 && years > 0 && sigma * Math.sqrt(years) > LEAST_DEVIATION);

function exerciseOf(input: BsInput, style: ExerciseStyle): Method['exercise'] {
  if (style === 'european') return 'expiry';
  if (exerciseRegime(input.right, input.rate, input.dividendYield) !== 'never') return 'any';
  // A put that earns nothing by waiting less is not exercised after a fall in the spot either.
  return input.right === 'call' ? 'eves' : 'expiry';
}

/** Beyond this deviation even nodes fixed to the strike see any law; about the path they would lie too far apart. */
const WIDE = 0.5;
/** Below it, or where the known path goes so many deviations away, nodes fixed to the strike would miss the law. */
const NARROW = 0.01;
const FAR = 8;

function gridOf(input: BsInput, schedule: Schedule): Method['grid'] {
  const deviation = input.sigma * Math.sqrt(input.years);
  if (deviation > WIDE) return 'strike';
  return deviation < NARROW || pathReach(input, schedule) > FAR * deviation ? 'path' : 'strike';
}

/** The most panels worth their time, over all ex-dates, for a price (some twenty ex-dates, about 10 ms) and for each of its differences. */
const MOST_PANELS = 700;
const MOST_PANELS_OF_DIFFERENCE = 250;

/** The method for the differences of a contract's price that `method` values. */
export const differenceMethod = (input: BsInput, schedule: Schedule, method: Method): Method => ({
  ...method,
  quadrature: method.quadrature && fitsPanels(input, schedule, method.exercise === 'eves', MOST_PANELS_OF_DIFFERENCE),
});

/** Below this deviation the quadrature's derivatives lose digits, and the grid about the path has as many of the price. */
const NARROWEST = 1e-3;

/** The method for a contract of some deviation, its schedule not empty. */
export function methodOf(input: BsInput, schedule: Schedule, style: ExerciseStyle): Method {
  const exercise = exerciseOf(input, style);
  const narrow = input.sigma * Math.sqrt(input.years) < NARROWEST;
  return { exercise, quadrature: !narrow && fitsPanels(input, schedule, exercise === 'eves', MOST_PANELS), grid: gridOf(input, schedule) };
}
