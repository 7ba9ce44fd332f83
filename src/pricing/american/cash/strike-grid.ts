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
import { cubicAt, throughFive } from './five-points.ts';
import { type GridSize, type GridValue, STAGE, STAGE_WEIGHTS, stepsFor, twice } from './grid-value.ts';
import type { ValueAndSlopes } from './induction.ts';

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

/** The grid reaches so many standard deviations past spot and strike. */
const REACH = 5.5;
/** Around the strike, over this part of a standard deviation, nodes are evenly close; beyond, they spread. */
const DENSE = 0.5;
/** A log spot so far below another is a spot of nothing. */
const NOTHING = 30;

/** The grid under work: y = side x ln(spot / strike) = width sinh(first + i spacing). */
const grid = { last: 0, side: 1, strike: 0, width: 0, first: 0, spacing: 0, edgeRise: 0 };

/** The node number, with its fraction, of a spot. */
const placeOf = (spot: number): number => (Math.asinh((grid.side * log(spot / grid.strike)) / grid.width) - grid.first) / grid.spacing;

/** The distance of a node from the strike in the log, on the side that is out of the money. */
const distanceOf = (i: number): number => grid.width * Math.sinh(grid.first + i * grid.spacing);

/**
 * How much farther than from the known path the far side of a call's grid must lie: a wide law has much of its value there, about a path
 * that grows by the variance.
 */
function callReach(drift: number, deviation: number): number {
  const variance = deviation * deviation;
  return Math.max(0, drift + variance / 2 - deviation - Math.max(0, drift - variance / 2));
}

/** Beyond this deviation nodes lie so far apart that the spot itself is no straight line between them. */
const WIDE = 1;

/**
 * The operator's weights on a node's outward and inward neighbours, `down` and `up` away: exact for the log of the spot, and to second
 * order for its square, or, on wide grids, exact for the spot. Where the drift outruns the diffusion from node to node, as much more
 * diffusion keeps both weights from turning negative.
 */
function weightsOf(wide: boolean, up: number, down: number, side: number, velocity: number, half: number): readonly [number, number] {
  // What the spot, relative, moves by more than its log, per neighbour.
  const outer = wide ? exp(-side * down) - 1 + side * down : (down * down) / 2;
  const inner = wide ? exp(side * up) - 1 - side * up : (up * up) / 2;
  const spread = Math.max(half, (velocity * inner) / up, (-velocity * outer) / down);
  const out = (spread - (velocity * inner) / up) / (outer + (inner * down) / up);
  return [out, (velocity + out * down) / up];
}

/** Lays the nodes, the strike on one, the payoff on both values, and the operator's weights. */
function layGrid(input: BsInput, paid: number, intervals: number): void {
  const { sigma, years, rate, dividendYield, strike } = input;
  const side = input.right === 'put' ? 1 : -1;
  const deviation = sigma * Math.sqrt(years);
  const velocity = side * (rate - dividendYield - 0.5 * sigma * sigma);
  const spot = side * log(input.spot / strike);
  const drop = Math.min(NOTHING, paid / input.spot);
  const outer = side === 1 ? drop : callReach((rate - dividendYield) * years, deviation);
  const low = Math.min(0, spot, spot + velocity * years) - REACH * deviation - outer;
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
    const [out, into] = weightsOf(deviation > WIDE, up, down, side, velocity, 0.5 * sigma * sigma);
    outward[i] = out;
    inward[i] = into;
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
  const [late, early] = STAGE_WEIGHTS;
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
  for (let i = 1; i < last; i++) right[i] = late * (stage[i] as number) - early * (values[i] as number);
  solve(values, scale, exercisable);
}

/** The value at a spot between nodes, by the cubic through the four nearest. */
function valueAt(values: Float64Array, spot: number): number {
  const { last, side } = grid;
  const at = spot > 0 ? placeOf(spot) : side === 1 ? -1 : last;
  if (at <= 0) return (values[0] as number) + Math.abs((spots[0] as number) - spot);
  if (at >= last) return 0;
  return cubicAt(values, at, last);
}

/** Carries the values over an ex-date, backwards: before it the share still holds the amount. */
function payDividend(values: Float64Array, amount: number, exercisable: boolean): void {
  for (let i = 0; i <= grid.last; i++) stage[i] = valueAt(values, Math.max(0, (spots[i] as number) - amount));
  for (let i = 0; i <= grid.last; i++) values[i] = exercisable ? Math.max(stage[i] as number, payoff[i] as number) : (stage[i] as number);
}

/** Steps back over `length` years, shrinking with the square towards the later end. */
function stepBack(length: number, steps: number, early: boolean): void {
  for (let k = 0; k < steps && length > 0; k++) {
    const scale = (STAGE * length * (2 * k + 1)) / (steps * steps);
    eliminate(scale);
    if (early) advance(american, scale, true);
    advance(european, scale, false);
  }
}

/**
 * How long before an ex-date a put deep in the money waits for it: until then the fall in the spot is worth more than the interest on the
 * strike. There the exercise region opens at once over all low spots, and steps must be small again.
 */
const waitBefore = (input: BsInput, amount: number): number =>
  input.right === 'put' && input.rate > 0 ? log(1 + amount / input.strike) / input.rate : 0;

/** Both options on one grid. */
function onGrid(input: BsInput, schedule: readonly CashDividend[], size: GridSize, early: boolean): GridValue {
  const paid = schedule.reduce((sum, { amount }) => sum + amount, 0);
  layGrid(input, paid, size.intervals);
  const back = (length: number): void => stepBack(length, stepsFor(length, input, schedule, size), early);
  let later = input.years;
  let waits = 0;
  for (let index = schedule.length - 1; index >= -1; index--) {
    const dividend = schedule[index];
    const length = later - (dividend?.years ?? 0);
    const quiet = Math.min(waits, length);
    back(quiet);
    back(length - quiet);
    if (dividend === undefined) break;
    if (early) payDividend(american, dividend.amount, true);
    payDividend(european, dividend.amount, false);
    later = dividend.years;
    waits = early ? waitBefore(input, dividend.amount) : 0;
  }
  const place = placeOf(input.spot);
  const node = Math.max(1, Math.ceil(place));
  const exercised = early && (payoff[node] as number) > 0 && american[node] === payoff[node];
  const read = (value: (i: number) => number): ValueAndSlopes => readAt(input.spot, place, value);
  return {
    premium: read((i) => (american[i] as number) - (european[i] as number)),
    european: read((i) => european[i] as number),
    exercised,
  };
}

/** A column's value at a spot, and its slopes, by the polynomial through the five nearest nodes. */
function readAt(spot: number, place: number, value: (i: number) => number): ValueAndSlopes {
  const middle = Math.min(grid.last - 2, Math.max(2, Math.round(place)));
  const at = throughFive(
    (k) => log((spots[middle + k] as number) / spot),
    (k) => value(middle + k),
  );
  return { price: at.value, delta: at.slope / spot, gamma: (2 * at.bend - at.slope) / (spot * spot) };
}

/** Both options, or without `early` the European alone, by two such grids. */
export const strikeGrid = (input: BsInput, schedule: readonly CashDividend[], size: GridSize, early: boolean): GridValue =>
  twice((part) => onGrid(input, schedule, part, early), size);
