// American options on a share that pays cash, where exercise can pay at any time: finite differences in the log of the spot.
//
// A put's exercise region comes and goes: none before an ex-date, since the fall is worth waiting for, then again from some moment
// earlier. Quadrature has nothing to hold on to there, a grid does. Steps are TR-BDF2, which damps the payoff's kink, and each stage
// solves the constrained system exactly by M. Brennan and E. Schwartz, "The valuation of American put options" (1977): the region reaches
// to one edge, so elimination from the other leaves a recursion in which the payoff can be enforced node by node. The European option runs
// along on the same grid: the grid gives only the difference of the two, and the European value comes from quadrature.
import type { BsInput } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import type { CashDividend } from '../contract.ts';
import type { ValueAndSlopes } from './induction.ts';

/** How fine: intervals in space, and time steps in all. */
export interface GridSize {
  readonly intervals: number;
  readonly steps: number;
}

/** What early exercise adds to the European value and its slopes, and whether the spot lies in the exercise region now. */
export interface GridPremium extends ValueAndSlopes {
  readonly exercised: boolean;
}

/** Room for the nodes of the finest grid. */
const ROOM = 2049;
/** By node, from the exercise edge: spot, payoff, the two values. */
const spots = new Float64Array(ROOM);
const payoff = new Float64Array(ROOM);
const american = new Float64Array(ROOM);
const european = new Float64Array(ROOM);
/** By node: the pricing operator's weights on the neighbour towards the exercise edge, on the node, and on the other neighbour. */
const outward = new Float64Array(ROOM);
const centre = new Float64Array(ROOM);
const inward = new Float64Array(ROOM);
/** Room of the solver. */
const right = new Float64Array(ROOM);
const stage = new Float64Array(ROOM);
const pivots = new Float64Array(ROOM);

/** 1 - 1 / sqrt 2: both stages of TR-BDF2 then have the same matrix. */
const STAGE = 1 - Math.SQRT1_2;
/** The intermediate time as a part of the step, and the two weights of the second stage. */
const GAMMA = 2 * STAGE;
const LATE_WEIGHT = 1 / (GAMMA * (2 - GAMMA));
const EARLY_WEIGHT = ((1 - GAMMA) * (1 - GAMMA)) / (GAMMA * (2 - GAMMA));
/** The grid reaches so many standard deviations past spot and strike. */
const REACH = 5.5;
/** Around the strike, over this part of a standard deviation, nodes are evenly close; beyond, they spread. */
const DENSE = 0.5;
/** A segment takes no fewer steps; they shrink towards its start, seen from expiry, where the boundary moves like a square root. */
const LEAST_STEPS = 8;

/** The grid under work: y = side x ln(spot / strike) = width sinh(first + i spacing). */
const grid = { last: 0, side: 1, strike: 0, width: 0, first: 0, spacing: 0, edgeRise: 0 };

/** The node number, with its fraction, of a spot. */
const placeOf = (spot: number): number => (Math.asinh((grid.side * log(spot / grid.strike)) / grid.width) - grid.first) / grid.spacing;

/** The distance of a node from the strike in the log, on the side that is out of the money. */
const distanceOf = (i: number): number => grid.width * Math.sinh(grid.first + i * grid.spacing);

/** Lays the nodes, the strike on one, the payoff on both values, and the operator's weights. */
function layGrid(input: BsInput, paid: number, intervals: number): void {
  const { sigma, years, rate, dividendYield, strike } = input;
  const side = input.right === 'put' ? 1 : -1;
  const deviation = sigma * Math.sqrt(years);
  const velocity = side * (rate - dividendYield - 0.5 * sigma * sigma);
  const spot = side * log(input.spot / strike);
  const drop = paid / input.spot;
  const low = Math.min(0, spot, spot + velocity * years) - REACH * deviation - (side === 1 ? drop : 0);
  const high = Math.max(0, spot, spot + velocity * years) + REACH * deviation + (side === 1 ? 0 : drop);
  grid.side = side;
  grid.strike = strike;
  grid.width = DENSE * deviation;
  const from = Math.asinh(low / grid.width);
  grid.spacing = (Math.asinh(high / grid.width) - from) / intervals;
  const before = Math.ceil(-from / grid.spacing);
  grid.first = -before * grid.spacing;
  grid.last = intervals + 1;
  for (let i = 0; i <= grid.last; i++) {
    const y = distanceOf(i);
    const up = distanceOf(i + 1) - y;
    const down = y - distanceOf(i - 1);
    spots[i] = strike * exp(side * y);
    payoff[i] = Math.max(0, side * (strike - (spots[i] as number)));
    american[i] = payoff[i] as number;
    european[i] = payoff[i] as number;
    outward[i] = (sigma * sigma - velocity * up) / (down * (up + down));
    inward[i] = (sigma * sigma + velocity * down) / (up * (up + down));
    centre[i] = -(outward[i] as number) - (inward[i] as number) - rate;
  }
  grid.edgeRise = Math.abs((spots[0] as number) - (spots[1] as number));
}

/** The matrix I - scale x operator, eliminated from the far edge towards the exercise edge. */
function eliminate(scale: number): void {
  const square = scale * scale;
  let pivot = 1 / (1 - scale * (centre[grid.last - 1] as number));
  pivots[grid.last - 1] = pivot;
  for (let i = grid.last - 2; i > 1; i--) {
    pivot = 1 / (1 - scale * (centre[i] as number) - square * (inward[i] as number) * (outward[i + 1] as number) * pivot);
    pivots[i] = pivot;
  }
  // Beyond the exercise edge the value goes on straight in the spot.
  const own = 1 - scale * ((centre[1] as number) + (outward[1] as number));
  pivots[1] = 1 / (own - square * (inward[1] as number) * (outward[2] as number) * pivot);
}

/** Solves for the next values from `right`, into `values`; not below the payoff where `exercisable`. */
function solve(values: Float64Array, scale: number, exercisable: boolean): void {
  for (let i = grid.last - 2; i >= 1; i--)
    right[i] = (right[i] as number) + scale * (inward[i] as number) * (pivots[i + 1] as number) * (right[i + 1] as number);
  let value = ((right[1] as number) + scale * (outward[1] as number) * grid.edgeRise) * (pivots[1] as number);
  if (exercisable) value = Math.max(value, payoff[1] as number);
  values[1] = value;
  values[0] = value + grid.edgeRise;
  for (let i = 2; i < grid.last; i++) {
    value = ((right[i] as number) + scale * (outward[i] as number) * value) * (pivots[i] as number);
    if (exercisable && value < (payoff[i] as number)) value = payoff[i] as number;
    values[i] = value;
  }
  values[grid.last] = 0;
}

/** One step of TR-BDF2 back in time; the matrix is eliminated already. */
function advance(values: Float64Array, scale: number, exercisable: boolean): void {
  const { last } = grid;
  for (let i = 1; i < last; i++) {
    const value = values[i] as number;
    const change =
      (outward[i] as number) * (values[i - 1] as number) +
      (centre[i] as number) * value +
      (inward[i] as number) * (values[i + 1] as number);
    right[i] = value + scale * change;
  }
  solve(stage, scale, exercisable);
  for (let i = 1; i < last; i++) right[i] = LATE_WEIGHT * (stage[i] as number) - EARLY_WEIGHT * (values[i] as number);
  solve(values, scale, exercisable);
}

/** The value at a spot between nodes, by the cubic through the four nearest. */
function valueAt(values: Float64Array, spot: number): number {
  const { last, side } = grid;
  const at = spot > 0 ? placeOf(spot) : side === 1 ? -1 : last;
  if (at <= 0) return (values[0] as number) + Math.abs((spots[0] as number) - spot);
  if (at >= last) return 0;
  const i = Math.min(last - 2, Math.max(1, Math.floor(at)));
  const t = at - i;
  const before = ((values[i - 1] as number) * t * (t - 1) * (t - 2)) / -6;
  const here = ((values[i] as number) * (t + 1) * (t - 1) * (t - 2)) / 2;
  const next = ((values[i + 1] as number) * (t + 1) * t * (t - 2)) / -2;
  const after = ((values[i + 2] as number) * (t + 1) * t * (t - 1)) / 6;
  return before + here + next + after;
}

/** Carries the values over an ex-date, backwards: before it the share still holds the amount. */
function payDividend(values: Float64Array, amount: number, exercisable: boolean): void {
  for (let i = 0; i <= grid.last; i++) stage[i] = valueAt(values, Math.max(0, (spots[i] as number) - amount));
  for (let i = 0; i <= grid.last; i++) values[i] = exercisable ? Math.max(stage[i] as number, payoff[i] as number) : (stage[i] as number);
}

/** Steps back over `length` years, shrinking with the square towards the later end. */
function stepBack(length: number, steps: number): void {
  for (let k = 0; k < steps && length > 0; k++) {
    const scale = (STAGE * length * (2 * k + 1)) / (steps * steps);
    eliminate(scale);
    advance(american, scale, true);
    advance(european, scale, false);
  }
}

/**
 * How long before an ex-date a put deep in the money waits for it: until then the fall in the spot is worth more than the interest on the
 * strike. There the exercise region opens at once over all low spots, and steps must be small again.
 */
const waitBefore = (input: BsInput, amount: number): number =>
  input.right === 'put' && input.rate > 0 ? log(1 + amount / input.strike) / input.rate : 0;

/** What the American option is worth over the European one, with its slopes in the spot: on one grid. */
function onGrid(input: BsInput, schedule: readonly CashDividend[], size: GridSize): GridPremium {
  const paid = schedule.reduce((sum, { amount }) => sum + amount, 0);
  layGrid(input, paid, size.intervals);
  const stepsFor = (length: number): number =>
    Math.max(LEAST_STEPS, Math.round(size.steps * Math.sqrt(length / input.years / (schedule.length + 1))));
  let later = input.years;
  let waits = 0;
  for (let index = schedule.length - 1; index >= -1; index--) {
    const dividend = schedule[index];
    const length = later - (dividend?.years ?? 0);
    const quiet = Math.min(waits, length);
    stepBack(quiet, stepsFor(quiet));
    stepBack(length - quiet, stepsFor(length - quiet));
    if (dividend === undefined) break;
    payDividend(american, dividend.amount, true);
    payDividend(european, dividend.amount, false);
    later = dividend.years;
    waits = waitBefore(input, dividend.amount);
  }
  return readAt(input.spot);
}

/** The difference of the two values at a spot, and its slopes, by the polynomial through the five nearest nodes. */
function readAt(spot: number): GridPremium {
  const place = placeOf(spot);
  const middle = Math.min(grid.last - 2, Math.max(2, Math.round(place)));
  const x = (k: number): number => log((spots[middle + k] as number) / spot);
  const table = [-2, -1, 0, 1, 2].map((k) => (american[middle + k] as number) - (european[middle + k] as number));
  for (let order = 1; order < 5; order++)
    for (let k = 4; k >= order; k--) table[k] = ((table[k] as number) - (table[k - 1] as number)) / (x(k - 2) - x(k - 2 - order));
  let price = table[4] as number;
  let slope = 0;
  let bend = 0;
  // Horner's rule of Newton's form at 0, with the first and half the second derivative carried along.
  for (let k = 3; k >= 0; k--) {
    bend = slope - x(k - 2) * bend;
    slope = price - x(k - 2) * slope;
    price = (table[k] as number) - x(k - 2) * price;
  }
  const node = Math.max(1, Math.ceil(place));
  const exercised = (payoff[node] as number) > 0 && american[node] === payoff[node];
  return { price, delta: slope / spot, gamma: (2 * bend - slope) / (spot * spot), exercised };
}

/** The same by two grids, one twice as fine as the other in space and time, extrapolated to none by their second order. */
export function gridPremium(input: BsInput, schedule: readonly CashDividend[], size: GridSize): GridPremium {
  const rough = onGrid(input, schedule, { intervals: size.intervals / 2, steps: size.steps / 2 });
  const fine = onGrid(input, schedule, size);
  const beyond = (a: number, b: number): number => b + (b - a) / 3;
  return {
    price: beyond(rough.price, fine.price),
    delta: beyond(rough.delta, fine.delta),
    gamma: beyond(rough.gamma, fine.gamma),
    exercised: fine.exercised,
  };
}
