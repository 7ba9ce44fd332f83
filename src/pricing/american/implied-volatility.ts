// The volatility that explains an American option's price: a bracketed root of any pricing function that rises with volatility.
import { log } from '../elementary.ts';

/** Prices at most this far apart, relative to the larger, are one. */
const SAME_PRICE = 4 * Number.EPSILON;
const MOST_STEPS = 60;
/** Total deviation beyond which no double price tells two volatilities apart. */
const WIDEST = 16;
/** No annual volatility beyond this is looked at, however short the time. */
const GREATEST_SIGMA = 1e49;

/** The greatest volatility looked at. */
export const widestSigma = (years: number): number => Math.min(GREATEST_SIGMA, WIDEST / Math.sqrt(years));

/** How a contract is priced: quickly to find the root, then exactly to place it. */
export interface Pricers {
  readonly quick: (sigma: number) => number;
  readonly exact: (sigma: number) => number;
}

interface Point {
  readonly sigma: number;
  readonly gap: number;
}

/**
 * The next guess inside the bracket: by inverse quadratic interpolation through the last three points where T. R. Chandrupatla's criterion
 * ("A new hybrid quadratic/bisection algorithm", Advances in Engineering Software 28, 1997) trusts it, else the middle.
 */
function nextSigma(a: Point, b: Point, c: Point): number {
  const across = (a.sigma - b.sigma) / (c.sigma - b.sigma);
  const along = (a.gap - b.gap) / (c.gap - b.gap);
  const trusted = along * along < across && (1 - along) * (1 - along) < 1 - across;
  if (!trusted) return (a.sigma + b.sigma) / 2;
  const t =
    (a.gap / (b.gap - a.gap)) * (c.gap / (b.gap - c.gap)) +
    ((c.sigma - a.sigma) / (b.sigma - a.sigma)) * (a.gap / (c.gap - a.gap)) * (b.gap / (c.gap - b.gap));
  return a.sigma + t * (b.sigma - a.sigma);
}

/** The root of `gap` between two points of unlike sign, to the relative tolerance. */
function bracketedRoot(gap: (sigma: number) => number, low: Point, high: Point, tolerance: number): number {
  let a = high;
  let b = low;
  let c = low;
  for (let step = 0; step < MOST_STEPS; step++) {
    const width = Math.abs(a.sigma - b.sigma);
    const best = Math.abs(a.gap) < Math.abs(b.gap) ? a : b;
    if (best.gap === 0 || width <= tolerance * best.sigma) return best.sigma;
    const guess = step === 0 ? (a.sigma + b.sigma) / 2 : nextSigma(a, b, c);
    const least = 0.5 * tolerance * best.sigma;
    const from = Math.min(a.sigma, b.sigma);
    const sigma = Math.min(from + width - least, Math.max(from + least, guess));
    const point = { sigma, gap: gap(sigma) };
    if (point.gap > 0 === a.gap > 0) c = a;
    else {
      c = b;
      b = a;
    }
    a = point;
  }
  return a.sigma;
}

/** The first step of the bracket's growth; each further one is the square of the one before. */
const FIRST_GROWTH = 1.05;
const LEAST_SIGMA = 1e-9;

/** A bracket about the root grown from a guess ever faster; undefined when none up to `widest`, nor the least, reaches the price. */
function bracket(gap: (sigma: number) => number, guess: number, widest: number): readonly [Point, Point] | undefined {
  let point: Point = { sigma: guess, gap: gap(guess) };
  const rising = point.gap < 0;
  for (let growth = FIRST_GROWTH; ; growth *= growth) {
    const sigma = rising ? Math.min(widest, point.sigma * growth) : point.sigma / growth;
    if (sigma === point.sigma || sigma < LEAST_SIGMA) return undefined;
    const next: Point = { sigma, gap: gap(sigma) };
    if (next.gap >= 0 === rising) return rising ? [point, next] : [next, point];
    point = next;
  }
}

const QUICK_TOLERANCE = 1e-6;
const EXACT_TOLERANCE = 1e-12;
/** Where only a search by the exact pricer is left, prices jump by the pricer's own error, and no more digits are to be had. */
const SEARCH_TOLERANCE = 1e-9;
const SLOPE_STEP = 1e-3;
const MOST_SECANTS = 12;
/** No secant moves the volatility by more than this part of itself. */
const LONGEST_MOVE = 0.1;

/**
 * The volatility at which the exact price is `price`, given that it lies above `floor` = the price without volatility. The quick pricer
 * finds it to a millionth, in the logarithm of the value over the floor, which is straighter than the value; from there the secant
 * method, with the quick pricer's slope, places it by the exact one; where the two are too far apart for that, the exact one is searched
 * like the quick. Undefined when no volatility has the price.
 */
export function solveVolatility(pricers: Pricers, price: number, floor: number, years: number, guess: number): number | undefined {
  const wanted = log(price - floor);
  const gapBy =
    (pricer: Pricers['quick']) =>
    (sigma: number): number => {
      const value = pricer(sigma) - floor;
      return value > 0 ? log(value) - wanted : -1e3;
    };
  const search = (pricer: Pricers['quick'], from: number, tolerance: number): number | undefined => {
    const gap = gapBy(pricer);
    const ends = bracket(gap, Math.min(from, widestSigma(years)), widestSigma(years));
    return ends === undefined ? undefined : bracketedRoot(gap, ends[0], ends[1], tolerance);
  };
  const near = search(pricers.quick, guess, QUICK_TOLERANCE);
  const placed = near === undefined ? undefined : placeExactly(pricers, price, floor, near, widestSigma(years));
  if (placed !== undefined || (near === undefined && pricers.quick === pricers.exact)) return placed;
  return search(pricers.exact, near ?? guess, SEARCH_TOLERANCE);
}

/** A price this far off, relative to what volatility adds to it, has not been placed: the quick pricer's root was too far from the exact one's for secants. */
const MISPLACED = 1e-9;

/**
 * From a volatility near the root of the exact price to the root itself, by the secant method from the quick pricer's slope; undefined
 * where that does not lead there.
 */
function placeExactly({ quick, exact }: Pricers, price: number, floor: number, near: number, widest: number): number | undefined {
  let slope = (quick(near * (1 + SLOPE_STEP)) - quick(near * (1 - SLOPE_STEP))) / (2 * SLOPE_STEP * near);
  let sigma = near;
  let missing = price - exact(sigma);
  for (let step = 0; step < MOST_SECANTS && slope > 0 && Math.abs(missing) > SAME_PRICE * price; step++) {
    const move = Math.max(-LONGEST_MOVE * sigma, Math.min(LONGEST_MOVE * sigma, missing / slope));
    if (Math.abs(move) <= EXACT_TOLERANCE * sigma) return sigma + move;
    sigma += move;
    if (sigma > widest) return undefined;
    const left = price - exact(sigma);
    slope = (missing - left) / move;
    missing = left;
  }
  return Math.abs(missing) <= Math.max(SAME_PRICE * price, MISPLACED * (price - floor)) ? sigma : undefined;
}
