// What both grids of the cash-dividend model have in common: how fine they are, how they step in time, and what they answer.
import type { BsInput } from '../../black-scholes.ts';
import type { CashDividend } from '../contract.ts';
import type { ValueAndSlopes } from './induction.ts';

/** How fine: intervals in space, and time steps in all. */
export interface GridSize {
  readonly intervals: number;
  readonly steps: number;
}

/** The European option, what early exercise adds to it (nothing where it was not asked for), and whether the spot lies in the exercise region now. */
export interface GridValue {
  readonly european: ValueAndSlopes;
  readonly premium: ValueAndSlopes;
  readonly exercised: boolean;
}

/** 1 - 1 / sqrt 2: both stages of TR-BDF2 then have the same matrix. */
export const STAGE = 1 - Math.SQRT1_2;
/** The intermediate time as a part of the step, and the second stage's weights of the first and of the values before. */
export const GAMMA = 2 * STAGE;
export const STAGE_WEIGHTS = [1 / (GAMMA * (2 - GAMMA)), ((1 - GAMMA) * (1 - GAMMA)) / (GAMMA * (2 - GAMMA))] as const;

/**
 * A segment takes no fewer steps, of many segments as few as 2; they shrink towards its start, seen from expiry, where the boundary moves
 * like a square root.
 */
const LEAST_STEPS = 8;
const LEAST_OF_MANY = 2;
const LEAST_IN_ALL = 96;

/** The steps of a segment of `length` years between ex-dates. */
export function stepsFor(length: number, input: BsInput, schedule: readonly CashDividend[], size: GridSize): number {
  const least = Math.max(LEAST_OF_MANY, Math.min(LEAST_STEPS, Math.round(LEAST_IN_ALL / schedule.length)));
  return Math.max(least, Math.round(size.steps * Math.sqrt(length / input.years / (schedule.length + 1))));
}

/** A value from two grids, the second twice as fine in space and time: extrapolated to none by their second order. */
const beyond = (rough: ValueAndSlopes, fine: ValueAndSlopes): ValueAndSlopes => ({
  price: fine.price + (fine.price - rough.price) / 3,
  delta: fine.delta + (fine.delta - rough.delta) / 3,
  gamma: fine.gamma + (fine.gamma - rough.gamma) / 3,
});

/** The values of a grid of a size, by that and one half as fine. */
export function twice(solve: (size: GridSize) => GridValue, size: GridSize): GridValue {
  const rough = solve({ intervals: size.intervals / 2, steps: size.steps / 2 });
  const fine = solve(size);
  return {
    european: beyond(rough.european, fine.european),
    premium: beyond(rough.premium, fine.premium),
    exercised: fine.exercised,
  };
}
