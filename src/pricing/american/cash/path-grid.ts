// The same finite differences about the known path, for a law narrow against the way it goes: nodes lie evenly in the spot, over what
// chance may make of it, and grow with the forward. So there is no drift left to lose the law in, and a dividend is a shift of the nodes.
// Values are those of today's dollars, so that whatever is straight in the spot stays as it is to the last bits.
import type { BsInput } from '../../black-scholes.ts';
import { exp } from '../../elementary.ts';
import type { CashDividend } from '../contract.ts';
import { cubicAt, throughFive } from './five-points.ts';
import { GAMMA, type GridSize, type GridValue, STAGE, STAGE_WEIGHTS, stepsFor, twice } from './grid-value.ts';
import type { ValueAndSlopes } from './induction.ts';
import { expm1 } from './near-one.ts';

/** Room for the nodes of the finest grid. */
const ROOM = 1025;
/** By node, from the exercise edge: the spot, the two values, what exercise pays, half the variance a year over the square of the spacing. */
const spots = new Float64Array(ROOM);
const american = new Float64Array(ROOM);
const european = new Float64Array(ROOM);
const paid = new Float64Array(ROOM);
const spread = new Float64Array(ROOM);
/** Room of the solver. */
const right = new Float64Array(ROOM);
const stage = new Float64Array(ROOM);
const pivots = new Float64Array(ROOM);

/** Nodes reach so many standard deviations about the path, which are at least this part of the spot. */
const REACH = 6.5;
const LEAST_DEVIATION = 1e-11;

/** The stretch of the path between two ex-dates: spots are those at its start, which grow with the forward until its end. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  /** The forward over the spot at the end. */
  readonly growth: number;
  /** What the ex-date at its end takes; 0 at expiry. */
  readonly amount: number;
  /** Only there to close in on now. */
  readonly isPart: boolean;
}

/** Each further part of the first stretch is this much shorter, so that nodes and steps close in on now; and so many there are at most. */
const CLOSER = 1 / 16;
const MOST_PARTS = 5;
/** Parts of less deviation would have nodes that doubles tell apart too badly. */
const LEAST_PART = 1e-7;

/**
 * Moments that part the time before the first ex-date. An option at the money is exercised, or never, within about (sigma / carry)^2 years:
 * the drift takes it away then.
 */
function partings({ sigma, rate, dividendYield }: BsInput, first: number): readonly CashDividend[] {
  const fleeting = (sigma / (Math.abs(rate) + Math.abs(dividendYield))) ** 2;
  const least = Math.max(CLOSER * fleeting, (LEAST_PART / sigma) ** 2);
  const parts: CashDividend[] = [];
  for (let years = first * CLOSER; years > least && parts.length < MOST_PARTS; years *= CLOSER) parts.unshift({ years, amount: 0 });
  return parts;
}

function stretchesOf(input: BsInput, schedule: readonly CashDividend[]): readonly Stretch[] {
  const ends = [...schedule, { years: input.years, amount: 0 }];
  let spot = input.spot;
  let from = 0;
  let spare = 0;
  const parts = partings(input, ends[0]?.years ?? 0);
  return [...parts, ...ends].map(({ years, amount }, i) => {
    // A share that the path has no more of moves with what chance has left of it.
    const typical = spot + 2 * spare;
    const own = typical * Math.max(LEAST_DEVIATION, input.sigma * Math.sqrt(years - from));
    spare = Math.sqrt(spare * spare + own * own);
    const growth = exp((input.rate - input.dividendYield) * (years - from));
    const low = Math.max(0, spot - REACH * spare);
    const high = spot + typical * expm1((REACH * spare) / typical);
    const stretch = { from, to: years, low, high, growth, amount, isPart: parts.length > 0 && i <= parts.length };
    spot = Math.max(0, spot * growth - amount);
    spare *= growth;
    from = years;
    return stretch;
  });
}

/** The work on one contract. */
interface Work {
  readonly input: BsInput;
  readonly side: 1 | -1;
  readonly last: number;
  /** Whether the American option is asked for too. */
  readonly early: boolean;
}

const spacingOf = ({ last }: Work, { low, high }: Stretch): number => (high - low) / last;

/** Lays the stretch's nodes, by the spots at its start: a put's exercise edge is the low one. */
function layNodes(work: Work, stretch: Stretch): void {
  const spacing = spacingOf(work, stretch);
  const perSpacing = work.input.sigma / spacing;
  for (let i = 0; i <= work.last; i++) {
    const spot = work.side === 1 ? stretch.low + i * spacing : stretch.high - i * spacing;
    spots[i] = spot;
    spread[i] = 0.5 * (perSpacing * spot) ** 2;
  }
}

/** The node number, with its fraction, of a spot, inside the grid. */
function placeOf(work: Work, stretch: Stretch, spot: number): number {
  const away = work.side === 1 ? spot - stretch.low : stretch.high - spot;
  return Math.max(0, Math.min(work.last, away / spacingOf(work, stretch)));
}

/** Fills `paid`: what exercise pays `years` from now, in today's dollars; negative out of the money. */
function payAt(work: Work, stretch: Stretch, years: number): void {
  const { rate, dividendYield, strike } = work.input;
  const discount = exp(-rate * years);
  const growth = exp((rate - dividendYield) * (years - stretch.from));
  const scale = work.side * discount;
  for (let i = 0; i <= work.last; i++) paid[i] = scale * (strike - growth * (spots[i] as number));
}

/** At expiry: the payoff, at the nodes next to its kink averaged over a spacing, so that the error does not turn on where the kink lies. */
function expire(work: Work, stretch: Stretch): void {
  payAt(work, stretch, stretch.to);
  const half = (exp(-work.input.rate * stretch.to) * stretch.growth * spacingOf(work, stretch)) / 2;
  for (let i = 0; i <= work.last; i++) {
    const pays = paid[i] as number;
    const value = Math.abs(pays) < half ? (pays + half) ** 2 / (4 * half) : Math.max(0, pays);
    american[i] = value;
    european[i] = value;
  }
}

/** The matrix I - scale x operator, eliminated from the far edge towards the exercise edge. */
function eliminate(last: number, scale: number): void {
  let pivot = 0;
  let beyond = 0;
  for (let i = last - 1; i >= 1; i--) {
    const own = scale * (spread[i] as number);
    pivot = 1 / (1 + 2 * own - own * beyond * pivot);
    pivots[i] = pivot;
    beyond = own;
  }
}

/** Solves for the next values from `right`, into `values`; not below `paid` where `exercisable`. The edges stay as they are but for that. */
function solve(values: Float64Array, last: number, scale: number, exercisable: boolean): void {
  if (exercisable) {
    values[0] = Math.max(values[0] as number, paid[0] as number);
    values[last] = Math.max(values[last] as number, paid[last] as number);
  }
  let after = values[last] as number;
  for (let i = last - 1; i >= 1; i--) {
    const through = i === last - 1 ? after : (pivots[i + 1] as number) * after;
    after = (right[i] as number) + scale * (spread[i] as number) * through;
    right[i] = after;
  }
  let value = values[0] as number;
  for (let i = 1; i < last; i++) {
    value = ((right[i] as number) + scale * (spread[i] as number) * value) * (pivots[i] as number);
    if (exercisable && value < (paid[i] as number)) value = paid[i] as number;
    values[i] = value;
  }
}

/** The first stage of TR-BDF2 from `values` into `stage`. */
function firstStage(values: Float64Array, last: number, scale: number, exercisable: boolean): void {
  const [late, early] = STAGE_WEIGHTS;
  for (let i = 1; i < last; i++) {
    const value = values[i] as number;
    right[i] = value + scale * (spread[i] as number) * ((values[i - 1] as number) - 2 * value + (values[i + 1] as number));
  }
  stage[0] = values[0] as number;
  stage[last] = values[last] as number;
  solve(stage, last, scale, exercisable);
  for (let i = 1; i < last; i++) right[i] = late * (stage[i] as number) - early * (values[i] as number);
}

/** Steps back over a stretch, in steps that shrink with the square towards its end. */
function stepBack(work: Work, stretch: Stretch, steps: number): void {
  const { last, early } = work;
  const length = stretch.to - stretch.from;
  if (!(length > 0)) return;
  const timeAt = (k: number): number => stretch.to - length * (k / steps) ** 2;
  for (let k = 0; k < steps; k++) {
    const start = timeAt(k);
    const step = start - timeAt(k + 1);
    const scale = STAGE * step;
    eliminate(last, scale);
    firstStage(european, last, scale, false);
    solve(european, last, scale, false);
    if (!early) continue;
    payAt(work, stretch, start - GAMMA * step);
    firstStage(american, last, scale, true);
    payAt(work, stretch, start - step);
    solve(american, last, scale, true);
  }
}

/** Carries the values over the ex-date at a stretch's end, backwards, onto the stretch's nodes. */
function payDividend(work: Work, stretch: Stretch, next: Stretch): void {
  const { last } = work;
  const carry = (values: Float64Array): void => {
    for (let i = 0; i <= last; i++) {
      const left = Math.max(0, (spots[i] as number) * stretch.growth - stretch.amount);
      stage[i] = cubicAt(values, placeOf(work, next, left), last);
    }
    values.set(stage.subarray(0, last + 1));
  };
  carry(european);
  if (!work.early) return;
  carry(american);
  payAt(work, stretch, stretch.to);
  for (let i = 0; i <= last; i++) american[i] = Math.max(american[i] as number, paid[i] as number);
}

/** Both options on one grid. */
function onGrid(input: BsInput, schedule: readonly CashDividend[], size: GridSize, early: boolean): GridValue {
  const work: Work = { input, side: input.right === 'put' ? 1 : -1, last: size.intervals, early };
  const stretches = stretchesOf(input, schedule);
  let next: Stretch | undefined;
  for (const stretch of [...stretches].reverse()) {
    layNodes(work, stretch);
    if (next === undefined) expire(work, stretch);
    else payDividend(work, stretch, next);
    const steps = stepsFor(stretch.to - stretch.from, input, schedule, size);
    stepBack(work, stretch, stretch.isPart ? Math.max(steps, size.steps / 5) : steps);
    next = stretch;
  }
  const first = stretches[0] as Stretch;
  payAt(work, first, 0);
  const place = placeOf(work, first, input.spot);
  const node = Math.ceil(place);
  const middle = Math.min(work.last - 2, Math.max(2, Math.round(place)));
  const read = (value: (i: number) => number): ValueAndSlopes => {
    const at = throughFive(
      (k) => (spots[middle + k] as number) - input.spot,
      (k) => value(middle + k),
    );
    return { price: at.value, delta: at.slope, gamma: 2 * at.bend };
  };
  return {
    premium: read((i) => (american[i] as number) - (european[i] as number)),
    european: read((i) => european[i] as number),
    exercised: early && (paid[node] as number) > 0 && american[node] === paid[node],
  };
}

/** Both options, or without `early` the European alone, by two such grids. */
export const pathGrid = (input: BsInput, schedule: readonly CashDividend[], size: GridSize, early: boolean): GridValue =>
  twice((part) => onGrid(input, schedule, part, early), size);
