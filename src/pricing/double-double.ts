// Arithmetic on unevaluated pairs of doubles (about 106 bits), for tables that must be right to the last bit of a double.

/** A number as the exact sum of `hi` and `lo`, `lo` no larger than half the last bit of `hi`. */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** 2^27 + 1 splits a double into two halves of 26 bits (G. W. Veltkamp, in T. J. Dekker, Numer. Math. 18, 1971). */
const SPLITTER = 134217729;

export const LN_2: DoubleDouble = { hi: Math.LN2, lo: 2.3190468138462996e-17 };

export const dd = (hi: number): DoubleDouble => ({ hi, lo: 0 });

function twoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

function quickTwoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

function twoProduct(a: number, b: number): DoubleDouble {
  const hi = a * b;
  const sa = SPLITTER * a;
  const ah = sa - (sa - a);
  const al = a - ah;
  const sb = SPLITTER * b;
  const bh = sb - (sb - b);
  const bl = b - bh;
  return { hi, lo: ah * bh - hi + ah * bl + al * bh + al * bl };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const sum = quickTwoSum(high.hi, high.lo + low.hi);
  return quickTwoSum(sum.hi, sum.lo + low.lo);
}

export function mul(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.hi, b.hi);
  return quickTwoSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

/** `a` times the double `b`. */
export function scale(a: DoubleDouble, b: number): DoubleDouble {
  const product = twoProduct(a.hi, b);
  return quickTwoSum(product.hi, product.lo + a.lo * b);
}

/** `a` divided by the double `b`. */
export function over(a: DoubleDouble, b: number): DoubleDouble {
  const first = a.hi / b;
  const rest = add(a, scale(dd(b), -first));
  return quickTwoSum(first, rest.hi / b);
}
