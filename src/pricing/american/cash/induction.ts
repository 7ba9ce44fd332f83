// Options on a share that pays cash, where nobody exercises between ex-dates: European ones, and American calls without a yield.
//
// The model: between ex-dates the share follows the lognormal law of the contract's rate, yield and volatility; at an ex-date it falls by
// the amount, or to nothing if it is worth less, and stays there. (Taking the dividends' present value off the spot instead prices
// another share, of less volatility, and misses prices here by cents.) From the last ex-date on the Black-Scholes formula holds.
// Backwards from there the value before each ex-date is carried to the one before by integrating it against the lognormal density on
// Gauss-Legendre panels: no interpolation in between, because each ex-date's values are wanted exactly at that date's own nodes.
// Panels are as narrow as the density of the step, and narrower where the value bends sharply: at the strike and at the exercise spot.
import { type BsInput, bsPrice, phi } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import { normalCdf } from '../../normal.ts';
import type { CashDividend } from '../contract.ts';
import { gaussLegendre } from '../gauss-legendre.ts';
import { density } from '../tail.ts';

/** The value just before an ex-date, on nodes in the log of the spot. */
interface Slice {
  readonly years: number;
  readonly amount: number;
  readonly nodes: Float64Array;
  /** Quadrature weight x value. */
  readonly weighted: Float64Array;
  /** Below this log spot the dividend takes the whole share; the value there is `lost` times the strike's worth. */
  readonly ruin: number;
  readonly lost: number;
}

export interface ValueAndSlopes {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
}

const PANEL = gaussLegendre(10);
/** Panel width in standard deviations of the step: ten points then integrate the density to about 1e-13. */
const PANEL_WIDTH = 2;
/** The density beyond this many deviations is left out: 1e-15 of the value. */
const REACH = 8;

/** No bend is resolved closer than this part of the widest panel. */
const LEAST_BEND = 1e-6;

type Law = Pick<BsInput, 'rate' | 'dividendYield' | 'sigma'>;

/** The discounted expectation of a slice's value seen from the log spot `x`, `years` before it, with its derivatives in the spot. */
function expectation(slice: Slice, law: Law, x: number, years: number): ValueAndSlopes {
  const deviation = law.sigma * Math.sqrt(years);
  const centre = x + (law.rate - law.dividendYield - 0.5 * law.sigma * law.sigma) * years;
  const { nodes, weighted, ruin, lost } = slice;
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
  const spot = exp(x);
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

/** A point where the value bends within about `width`. */
interface Bend {
  readonly at: number;
  readonly width: number;
}

/** Panel ends from `low` to `high`, no panel wider than `widest`, and about a bend growing from its width by doubling. */
function panelEnds(low: number, high: number, widest: number, bends: readonly Bend[]): readonly number[] {
  const panels = Math.max(1, Math.ceil((high - low) / widest));
  const ends = Array.from({ length: panels + 1 }, (_, i) => low + ((high - low) * i) / panels);
  for (const { at, width } of bends) {
    ends.push(at);
    for (let away = 2 * width; away < 2 * widest; away *= 2) ends.push(at - away, at + away);
  }
  return ends.filter((end) => end >= low && end <= high).sort((a, b) => a - b);
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

/** Where a call before an ex-date is worth its intrinsic value: from this log spot on; undefined when nowhere up to `high`. */
function exerciseAt(strike: number, low: number, high: number, held: (x: number) => number): number | undefined {
  const gain = (x: number): number => exp(x) - strike - held(x);
  if (!(gain(high) > 0)) return undefined;
  let below = Math.max(low, Math.min(high, log(strike)));
  let above = high;
  // Exercise gains ever more with the spot: the held call's delta is below 1.
  while (above - below > 1e-13 * (1 + Math.abs(above))) {
    const middle = (below + above) / 2;
    if (middle <= below || middle >= above) break;
    if (gain(middle) > 0) above = middle;
    else below = middle;
  }
  return above;
}

/** The contract's value `years` before expiry with no dividend left, at the spot of the log `x`. */
const plainValue = (input: BsInput, years: number, x: number): number => bsPrice({ ...input, spot: exp(x), years });

/** What the ex-dates before `index` take, dollars per share. */
const earlierAmounts = (schedule: readonly CashDividend[], index: number): number =>
  schedule.slice(0, index).reduce((sum, { amount }) => sum + amount, 0);

/** The slice before the ex-date at `index`, from the one after it. */
function sliceAt(input: BsInput, schedule: readonly CashDividend[], index: number, after: Slice | undefined, exercisable: boolean): Slice {
  const { years, amount } = schedule[index] as CashDividend;
  const before = index === 0 ? 0 : (schedule[index - 1] as CashDividend).years;
  const rest = (after?.years ?? input.years) - years;
  const held = (x: number): number => {
    const left = exp(x) - amount;
    if (!(left > 0)) return 0;
    return after === undefined ? plainValue(input, rest, log(left)) : expectation(after, input, log(left), rest).price;
  };
  const total = input.sigma * Math.sqrt(years);
  const centre = log(input.spot) + (input.rate - input.dividendYield - 0.5 * input.sigma * input.sigma) * years;
  const ruin = log(amount);
  // Paid for by earlier falls, the spot may start lower; a share about to be lost is still worth exercising.
  const fallen = centre - (REACH + 1) * total - (2 * earlierAmounts(schedule, index)) / input.spot;
  const low = exercisable ? fallen : Math.max(ruin, fallen);
  const high = Math.max(low, centre + (REACH + 1 + total) * total);
  const widest = PANEL_WIDTH * input.sigma * Math.sqrt(years - before);
  const width = Math.max(input.sigma * Math.sqrt(rest), LEAST_BEND * widest);
  const exercise = exercisable ? exerciseAt(input.strike, low, high, held) : undefined;
  const bends: Bend[] = [{ at: log(input.strike + amount), width }];
  if (exercise !== undefined) bends.push({ at: exercise, width });
  if (exercisable) bends.push({ at: ruin, width });
  const value = (x: number): number => (exercise !== undefined && x >= exercise ? exp(x) - input.strike : held(x));
  const lost = input.right === 'put' ? input.strike * exp(-input.rate * (input.years - years)) : 0;
  return { years, amount, ...fillPanels(panelEnds(low, high, widest, bends), value), ruin, lost };
}

/**
 * Price, delta and gamma in the cash-dividend model. `exercisable`: an American call, which is exercised just before an ex-date or at
 * expiry (its rate must be at least its yield and the yield not above 0, or exercise in between could pay). Sigma and years must be
 * positive, the schedule not empty. Right to about 1e-9 of the spot.
 */
export function inductionValue(input: BsInput, schedule: readonly CashDividend[], exercisable: boolean): ValueAndSlopes {
  let slice: Slice | undefined;
  for (let index = schedule.length - 1; index >= 0; index--) slice = sliceAt(input, schedule, index, slice, exercisable);
  if (slice === undefined) throw new RangeError('no dividend in the schedule');
  const value = expectation(slice, input, log(input.spot), slice.years);
  const intrinsic = exercisable ? phi(input.right) * (input.spot - input.strike) : 0;
  return value.price >= intrinsic ? value : { price: intrinsic, delta: phi(input.right), gamma: 0 };
}
