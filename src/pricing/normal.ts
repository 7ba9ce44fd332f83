// The standard normal distribution, to the last bits of a double in both tails.
import { exp, log } from './elementary.ts';
import { MILLS_END, MILLS_MASK, MILLS_STEPS, MILLS_TABLE, MILLS_TERMS, millsFar } from './mills-table.ts';

const INV_SQRT_2PI = 0.3989422804014327;

// Constants of this module the compiler builds into a loop; imported ones it would read and check anew at every use.
const RATIOS = MILLS_TABLE;
const END = MILLS_END;
const STEPS = MILLS_STEPS;
const MASK = MILLS_MASK;
const TERMS = MILLS_TERMS;

/** `millsRatio` without its end, for loops: the same bits for 0 <= y < 16, and figures without meaning for anything else. */
export function millsNear(y: number): number {
  const node = (y * STEPS + 0.5) & MASK;
  const h = y - node / STEPS;
  const i = node * TERMS;
  const high = (RATIOS[i + 4] as number) + h * ((RATIOS[i + 5] as number) + h * (RATIOS[i + 6] as number));
  const middle = (RATIOS[i + 2] as number) + h * ((RATIOS[i + 3] as number) + h * high);
  return (RATIOS[i] as number) + h * ((RATIOS[i + 1] as number) + h * middle);
}

/**
 * Mills' ratio N(-y) / n(y) for y >= 0, within 1 of the last bit: the tail in units of the density, which neither underflows nor
 * loses digits. 0 at infinity; NaN in, NaN out.
 */
export const millsRatio = (y: number): number => (y < END ? millsNear(y) : millsFar(y));

/** exp(-y^2 / 2) for y >= 0 without the rounding error of y^2: y is split into sixteenths, whose square is exact. */
function halfGauss(y: number): number {
  if (y > 39) return 0;
  const head = Math.trunc(y * 16) / 16;
  return exp(-0.5 * head * head) * exp(-0.5 * (y - head) * (y + head));
}

/** The standard normal density. NaN in, NaN out. */
export const normalPdf = (x: number): number => INV_SQRT_2PI * halfGauss(Math.abs(x));

/**
 * P(Z <= x) for a standard normal Z, within a few units of the last bit and relative to itself in the lower tail: hence take N(-x) for
 * the upper one. NaN in, NaN out.
 */
export function normalCdf(x: number): number {
  const y = Math.abs(x);
  if (y > 39) return x < 0 ? 0 : 1;
  const tail = INV_SQRT_2PI * halfGauss(y) * millsRatio(y);
  return x > 0 ? 1 - tail : tail;
}

// Coefficients of M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988),
// PPND16: the centre, the tail down to e^-25, and beyond; highest power first.
const CENTRE_P = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438,
  3.3871328727963665,
];
const CENTRE_Q = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
];
const TAIL_P = [
  7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
  4.630337846156546, 1.4234371107496835,
];
const TAIL_Q = [
  1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
  2.053191626637759, 1,
];
const FAR_P = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.2965605718285049, 1.7848265399172913,
  5.463784911164114, 6.657904643501103,
];
const FAR_Q = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 7.868691311456133e-4, 0.014875361290850615, 0.1369298809227358,
  0.599832206555888, 1,
];

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const c of coefficients) sum = sum * x + c;
  return sum;
}

/**
 * The x with P(Z <= x) = p, to a few units of the last bit, next to p = 1/2 as well; -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 * The upper tail is only as fine as the doubles below 1: take -inverseNormalCdf(1 - p) where 1 - p is known.
 */
export function inverseNormalCdf(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(CENTRE_P, r)) / horner(CENTRE_Q, r);
  }
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  const least = q < 0 ? p : 1 - p;
  if (least === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-log(least));
  const x = r <= 5 ? horner(TAIL_P, r - 1.6) / horner(TAIL_Q, r - 1.6) : horner(FAR_P, r - 5) / horner(FAR_Q, r - 5);
  return q < 0 ? -x : x;
}
