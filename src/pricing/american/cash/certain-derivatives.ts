// The derivatives of an option on a share that pays cash, without uncertainty: differences of the one path's value.
import type { BsInput, Derivatives } from '../../black-scholes.ts';
import type { CashDividend } from '../contract.ts';
import { certainCashPrice } from './certain-cash.ts';
import { later } from './schedule.ts';

/** Steps: relative ones in spot and time, an absolute one in rate and yield. */
const SPOT_STEP = 1e-6;
const RATE_STEP = 1e-4;
const TIME_STEP = 1e-3;

/** Differences in spot, rate and yield, and what the day has cost. */
export function certainCashDerivatives(input: BsInput, schedule: readonly CashDividend[], european: boolean): Derivatives {
  const price = (bumped: BsInput): number => certainCashPrice(bumped, schedule, european);
  const slope = (step: number, bump: (by: number) => BsInput): number => (price(bump(step)) - price(bump(-step))) / (2 * step);
  const years = TIME_STEP * input.years;
  const here = price(input);
  return {
    price: here,
    delta: slope(SPOT_STEP * input.spot, (by) => ({ ...input, spot: input.spot + by })),
    gamma: 0,
    vega: 0,
    theta: years > 0 ? (here - certainCashPrice(...later(input, schedule, -years), european)) / years : 0,
    rho: slope(RATE_STEP, (by) => ({ ...input, rate: input.rate + by })),
    phi: slope(RATE_STEP, (by) => ({ ...input, dividendYield: input.dividendYield + by })),
    vanna: 0,
    volga: 0,
    charm: 0,
  };
}
