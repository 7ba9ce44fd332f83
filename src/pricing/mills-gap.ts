// Differences M(a) - M(b) of Mills' ratio M(y) = N(-y) / n(y), right relative to themselves however close a and b lie.
//
// In units of the density the value of an out-of-the-money option is such a difference, so its rounding is that of the implied volatility.
import { exp } from './elementary.ts';
import { millsFar } from './mills-table.ts';

/** The least y in reach: past it the callers sum ratios of positive arguments instead. */
const START = -1.5;
/** From here on the asymptotic series is as good as a table. */
const END = 16;
const NODES_PER_UNIT = 8;
const SPACING = 1 / NODES_PER_UNIT;
/** Coefficients a node: thirteen powers span an eighth on either side of it to a last bit, ten of them a sixteenth. */
const TERMS = 14;
/** a and b this close share a node. */
const NEAR = 1 / 8;
/** Above this y the coefficients come from a recurrence run downwards, below it from one run upwards: each where it is stable. */
const DOWNWARD_FROM = 0.5;
const ROOT_HALF_PI = 1.2533141373155003;

/**
 * Moments I_n / n! of t^n exp(-y t - t^2/2) over t > 0, which are M's Taylor coefficients but for the sign, by J. C. P. Miller's method:
 * the recurrence that M' = y M - 1 gives, run downwards from far out (all its terms are positive), then scaled so that I_1 + y I_0 = 1.
 */
function coefficientsDownward(y: number): Float64Array {
  const terms = new Float64Array(TERMS);
  let second = 0;
  let first = 1;
  // What the arbitrary first terms spoil dies out like e^(-2 y sqrt n).
  for (let n = 40 + Math.ceil((25 / y) ** 2); n >= 2; n--) {
    const next = n * second + y * first;
    second = first;
    first = next;
    if (n - 2 < TERMS) terms[n - 2] = next;
    else if (next > 1e200) {
      second *= 1e-250;
      first *= 1e-250;
    }
  }
  const norm = 1 / ((terms[1] as number) + y * (terms[0] as number));
  return terms.map((term, n) => (n % 2 === 0 ? norm : -norm) * term);
}

/** The same from M(y) = sqrt(pi/2) e^(y^2/2) - (y + y^3/3 + y^5/15 + ...) upwards, for y near 0. */
function coefficientsUpward(y: number): Float64Array {
  let series = 0;
  for (let k = 1, term = y; k < 60; k += 2, term *= (y * y) / k) series += term;
  const terms = new Float64Array(TERMS);
  const value = ROOT_HALF_PI * exp((y * y) / 2) - series;
  terms[0] = value;
  terms[1] = y * value - 1;
  for (let n = 2; n < TERMS; n++) terms[n] = (y * (terms[n - 1] as number) + (terms[n - 2] as number)) / n;
  return terms;
}

function tabulate(): Float64Array {
  const nodes = (END - START) * NODES_PER_UNIT + 1;
  const table = new Float64Array(nodes * TERMS);
  for (let k = 0; k < nodes; k++) {
    const y = START + k * SPACING;
    table.set(y < DOWNWARD_FROM ? coefficientsUpward(y) : coefficientsDownward(y), k * TERMS);
  }
  return table;
}
const TABLE = tabulate();

/** M(y) for y >= -1.5, within about 1 of the last bit. */
export function millsAt(y: number): number {
  if (!(y < END)) return millsFar(y);
  const node = ((y - START) * NODES_PER_UNIT + 0.5) | 0;
  const u = y - (START + node * SPACING);
  const i = node * TERMS;
  const t = TABLE;
  const w = u * u;
  const odd =
    (t[i + 1] as number) + w * ((t[i + 3] as number) + w * ((t[i + 5] as number) + w * ((t[i + 7] as number) + w * (t[i + 9] as number))));
  const high = (t[i + 6] as number) + w * ((t[i + 8] as number) + w * (t[i + 10] as number));
  return (t[i] as number) + (u * odd + w * ((t[i + 2] as number) + w * ((t[i + 4] as number) + w * high)));
}

/** By the polynomial of one node: its difference over b - a, formed without subtracting the two values. */
function gapNear(a: number, b: number, width: number): number {
  const node = ((a + width / 2 - START) * NODES_PER_UNIT + 0.5) | 0;
  const centre = START + node * SPACING;
  const u = a - centre;
  const v = b - centre;
  const i = node * TERMS;
  let value = TABLE[i + TERMS - 1] as number;
  let slope = 0;
  for (let j = i + TERMS - 2; j >= i; j--) {
    slope = slope * v + value;
    value = value * u + (TABLE[j] as number);
  }
  return -slope * width;
}

/** Both beyond the table: M(y) = S(1/y^2) / y by the asymptotic series, S differenced as a polynomial is. */
function gapFar(a: number, b: number, width: number): number {
  const za = 1 / (a * a);
  const zb = 1 / (b * b);
  let sum = 1;
  let slope = 0;
  for (let n = 21; n >= 1; n -= 2) {
    slope = -n * (sum + za * slope);
    sum = 1 - n * zb * sum;
  }
  return (width * (sum + slope * (a + b) * b * za * zb)) / (a * b);
}

/** M(a) - M(b) for -1.5 <= a < b, where `width` is b - a before rounding. */
export function millsGap(a: number, b: number, width: number): number {
  if (width > NEAR) return a < END ? millsAt(a) - millsAt(b) : gapFar(a, b, width);
  return b < END ? gapNear(a, b, width) : gapFar(a, b, width);
}
