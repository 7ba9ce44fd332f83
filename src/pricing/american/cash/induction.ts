// Options on a share that pays cash, where nobody exercises between ex-dates: European ones, and American calls without a yield.
//
// The model: between ex-dates the share follows the lognormal law of the contract's rate, yield and volatility; at an ex-date it falls by
// the amount, or to nothing if it is worth less, and stays there. (Taking the dividends' present value off the spot instead prices
// another share, of less volatility, and misses prices here by cents.) From the last ex-date on the Black-Scholes formula holds.
// Backwards from there the value before each ex-date is carried to the one before by integrating it against the lognormal density on
// Gauss-Legendre panels: no interpolation in between, because each ex-date's values are wanted exactly at that date's own nodes.
// Panels are as narrow as the density of the step, and narrower where the value bends sharply: at the strike and at the exercise spot.
// Nodes are logs over a reference spot of their date, on the known path, so that a narrow density loses no digits.
import { type BsInput, bsPrice, phi } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import { normalCdf } from '../../normal.ts';
import type { CashDividend } from '../contract.ts';
import { gaussLegendre } from '../gauss-legendre.ts';
import { density } from '../tail.ts';
import { expm1, log1p } from './near-one.ts';
import { type Bend, type Extent, extentOf, panelEnds, REACH } from './panels.ts';

/** The value just before an ex-date, on nodes. */
interface Slice {
  readonly years: number;
  /** The spot after the ex-date before (or now) whose forward is the reference of the nodes. */
  readonly base: number;
  readonly nodes: Float64Array;
  /** Quadrature weight x value. */
  readonly weighted: Float64Array;
  /** Below this node the dividend takes the whole share; the value there is `lost`. */
  readonly ruin: number;
  readonly lost: number;
}

export interface ValueAndSlopes {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
}

const PANEL = gaussLegendre(10);

type Law = Pick<BsInput, 'rate' | 'dividendYield' | 'sigma'>;

/** The discounted expectation of a slice's value, seen `years` before it from a spot `excess` above the slice's base, with its slopes. */
function expectation(slice: Slice, law: Law, excess: number, years: number): ValueAndSlopes {
  const deviation = law.sigma * Math.sqrt(years);
  const { nodes, weighted, ruin, lost, base } = slice;
  const centre = log1p(excess / base) - 0.5 * law.sigma * law.sigma * years;
  const last = centre + (REACH + deviation) * deviation;
  let price = 0;
  let first = 0;
  let second = 0;
  for (let j = firstAbove(nodes, centre - REACH * deviation); j < nodes.length; j++) {
    const node = nodes[j] as number;
    if (node > last) break;
    const z = (node - centre) / deviation;
    const mass = density(z) * (weighted[j] as number);
    price += mass;
    first += z * mass;
    second += z * z * mass;
  }
  const toRuin = (ruin - centre) / deviation;
  const ruined = lost === 0 ? 0 : lost * normalCdf(toRuin);
  const ruinedSlope = lost === 0 ? 0 : lost * density(toRuin);
  const scale = exp(-law.rate * years);
  const spot = base + excess;
  // In the log spot: the density moves with it.
  const slope = first / (deviation * deviation) - ruinedSlope / deviation;
  const bend = (second - price) / deviation ** 3 - (toRuin * ruinedSlope) / deviation ** 2;
  return {
    price: scale * (price / deviation + ruined),
    delta: (scale * slope) / spot,
    gamma: (scale * (bend - slope)) / (spot * spot),
  };
}

/** The first index whose node is above `x`. */
function firstAbove(nodes: Float64Array, x: number): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle] as number) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gauss-Legendre nodes on the panels, and the weight of each times what `value` says there. */
function fillPanels(ends: readonly number[], value: (x: number) => number): Pick<Slice, 'nodes' | 'weighted'> {
  const nodes: number[] = [];
  const weighted: number[] = [];
  for (let i = 1; i < ends.length; i++) {
    const start = ends[i - 1] as number;
    const half = ((ends[i] as number) - start) / 2;
    if (!(half > 0)) continue;
    for (let j = 0; j < PANEL.nodes.length; j++) {
      const x = start + half * (1 + (PANEL.nodes[j] as number));
      nodes.push(x);
      weighted.push(half * (PANEL.weights[j] as number) * value(x));
    }
  }
  return { nodes: Float64Array.from(nodes), weighted: Float64Array.from(weighted) };
}

/** Bisection ends at this part of the extent. */
const EXERCISE_TOLERANCE = 1e-13;

/** Where a call before an ex-date is worth its intrinsic value: from this node on; undefined when nowhere up to `high`. */
function exerciseAt({ low, high }: Extent, gain: (x: number) => number, from: number): number | undefined {
  if (!(gain(high) > 0)) return undefined;
  let below = Math.max(low, Math.min(high, from));
  let above = high;
  // Exercise gains ever more with the spot: the held call's delta is below 1.
  while (above - below > EXERCISE_TOLERANCE * (high - low)) {
    const middle = (below + above) / 2;
    if (middle <= below || middle >= above) break;
    if (gain(middle) > 0) above = middle;
    else below = middle;
  }
  return above;
}

/** A spot above which the formula is asked in units of it, since it holds no spot beyond 1e60. */
const MOST_SPOT = 1e55;

/** The contract's value `years` before expiry with no dividend left. */
const plainValue = (input: BsInput, years: number, spot: number): number =>
  spot < MOST_SPOT ? bsPrice({ ...input, spot, years }) : spot * bsPrice({ ...input, spot: 1, strike: input.strike / spot, years });

/** What a share without worth is worth to the holder at expiry, discounted over `years`. */
const lostValue = (input: BsInput, years: number): number => (input.right === 'put' ? input.strike * exp(-input.rate * years) : 0);

/** The slice before the ex-date at `index`, from the one after it. */
function sliceAt(input: BsInput, schedule: readonly CashDividend[], index: number, after: Slice | undefined, exercisable: boolean): Slice {
  const { years, amount } = schedule[index] as CashDividend;
  const rest = (after?.years ?? input.years) - years;
  const extent = extentOf(input, schedule, index, exercisable);
  const { reference, base, widest } = extent;
  const left = reference - amount;
  const gap = left - (after?.base ?? left);
  const held = (x: number): number => {
    const rise = reference * expm1(x);
    const spot = left + rise;
    if (!(spot > 0)) return 0;
    return after === undefined ? plainValue(input, rest, spot) : expectation(after, input, gap + rise, rest).price;
  };
  const paid = (x: number): number => reference - input.strike + reference * expm1(x);
  const bends: Bend[] = [];
  const width = input.sigma * Math.sqrt(rest);
  const bendAt = (spot: number): void => void bends.push({ at: log(spot / reference), width });
  bendAt(input.strike + amount);
  const exercise = exercisable ? exerciseAt(extent, (x) => paid(x) - held(x), log(input.strike / reference)) : undefined;
  if (exercise !== undefined) bends.push({ at: exercise, width });
  if (exercisable) bendAt(amount);
  const value = (x: number): number => (exercise !== undefined && x >= exercise ? paid(x) : held(x));
  return {
    years,
    base,
    ...fillPanels(panelEnds(extent.low, extent.high, widest, bends), value),
    ruin: extent.ruin,
    lost: lostValue(input, input.years - years),
  };
}

/**
 * Price, delta and gamma in the cash-dividend model. `exercisable`: an American call, which is exercised just before an ex-date or at
 * expiry (its rate must be at least its yield and the yield not above 0, or exercise in between could pay). Sigma and years must be
 * positive, the schedule not empty, no ex-date at once (`isAtOnce`), and the panels not too many (`fitsPanels`). Right to about 1e-9 of
 * the spot.
 */
export function inductionValue(input: BsInput, schedule: readonly CashDividend[], exercisable: boolean): ValueAndSlopes {
  let slice: Slice | undefined;
  for (let index = schedule.length - 1; index >= 0; index--) slice = sliceAt(input, schedule, index, slice, exercisable);
  if (slice === undefined) throw new RangeError('no dividend in the schedule');
  const value = expectation(slice, input, 0, slice.years);
  const intrinsic = exercisable ? phi(input.right) * (input.spot - input.strike) : 0;
  return value.price >= intrinsic ? value : { price: intrinsic, delta: phi(input.right), gamma: 0 };
}
