// The table behind Mills' ratio M(y) = N(-y) / n(y): short polynomials about every thirty-second of y up to 16.
//
// M' = y M - 1 gives each Taylor coefficient from the two before it, so a node needs M alone. Errors of M grow with rising y like
// e^(y^2/2) and die out with falling y: the nodes are walked down from 16, where the asymptotic series is exact to a pair.
import { add, type DoubleDouble, dd, over, scale } from './double-double.ts';

/** Nodes per unit of y. */
export const MILLS_STEPS = 32;
/** The last node: from there on the asymptotic series of `millsFar` is as good. */
export const MILLS_END = 16;
/** The table has room for a power of two of nodes: the mask shows the compiler that no index leaves it. */
export const MILLS_MASK = 1023;
/** Coefficients a node, constant first. */
export const MILLS_TERMS = 7;

/** Terms of the walk from node to node: enough for a pair of doubles at a step of 1/32. */
const WALK_TERMS = 20;
/** Half the distance between nodes: the reach of a polynomial. */
const REACH = 1 / 64;

/** M(y) = (1 - 1/y^2 + 3/y^4 - 15/y^6 ...) / y to the precision of a pair, for y = 16. */
function asymptotic(y: number): DoubleDouble {
  let term = over(dd(1), y);
  let sum = term;
  for (let n = 1; n <= 40; n++) {
    term = over(scale(term, -(2 * n - 1)), y * y);
    sum = add(sum, term);
  }
  return sum;
}

/** Taylor coefficients of M about y, from M(y). */
function expand(y: number, value: DoubleDouble): DoubleDouble[] {
  let before = value;
  let last = add(scale(value, y), dd(-1));
  const terms = [before, last];
  for (let n = 2; n <= WALK_TERMS; n++) {
    const next = over(add(scale(last, y), before), n);
    terms.push(next);
    before = last;
    last = next;
  }
  return terms;
}

function evaluate(terms: readonly DoubleDouble[], h: number): DoubleDouble {
  return terms.reduceRight((sum, term) => add(scale(sum, h), term), dd(0));
}

/** The seventh power folded into the odd ones below it, as Chebyshev's polynomial T7 allows: its own error is 1/64 of the term dropped. */
function economised(terms: readonly DoubleDouble[]): number[] {
  const t = terms.map((term) => term.hi);
  const seventh = t[MILLS_TERMS] as number;
  const square = REACH * REACH;
  const folded = [0, 7 * square * square * square, 0, -56 * square * square, 0, 112 * square, 0];
  return folded.map((weight, i) => (t[i] as number) + (seventh * weight) / 64);
}

function tabulate(): Float64Array {
  const table = new Float64Array((MILLS_MASK + 1) * MILLS_TERMS);
  let value = asymptotic(MILLS_END);
  for (let k = MILLS_END * MILLS_STEPS; k >= 0; k--) {
    const terms = expand(k / MILLS_STEPS, value);
    table.set(economised(terms), k * MILLS_TERMS);
    value = evaluate(terms, -1 / MILLS_STEPS);
  }
  return table;
}

/** Coefficients in powers of y - k/32, those of node k from 7 k on. */
export const MILLS_TABLE: Float64Array = tabulate();

/** M(y) for y >= 16 by eleven terms of its asymptotic series; 0 at infinity. */
export function millsFar(y: number): number {
  const z = 1 / (y * y);
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = (1 + sum) * -n * z;
  return (1 + sum) / y;
}
