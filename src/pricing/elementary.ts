// exp and log by tables and short polynomials: the same bits on every machine, and small enough to be inlined into a loop.
//
// The method is that of P. T. P. Tang, "Table-driven implementation of the exponential function" and "... of the logarithm function"
// (ACM TOMS 15, 1989, and 16, 1990). Only + - * / on doubles are used, also to make the tables, so no platform's own exp shows through.
import { add, type DoubleDouble, dd, LN_2, mul, over, scale } from './double-double.ts';

/** Powers of two from 2^-1074 to 2^1023, 2^e at e + 1074, and zeros up to a power of two of entries, so that a mask bounds any index. */
const POWERS = new Float64Array(4096);
const POWER_MASK = 4095;
const POWER_ZERO = 1074;
/** 2^(j/512) rounded to a double, and what the rounding left out over the power itself, side by side. */
const ROOTS = new Float64Array(1024);
/** By the first seven bits of the mantissa: centre c, 1/c, and log c as a part of 32 bits after the point and a rest. */
const CENTRES = new Float64Array(512);

/** ln 2 / 512 as a part whose product with any k below 2^21 is exact, and a rest. */
const STEP_HI = Math.round(LN_2.hi * 2 ** 32) / 2 ** 41;
const STEP_LO = (LN_2.hi - STEP_HI * 512 + LN_2.lo) / 512;
const STEPS_PER_UNIT = 512 / LN_2.hi;
/** Adding and subtracting 1.5 x 2^52 rounds to the nearest integer. */
const ROUNDER = 6755399441055744;
const LN2_HI = STEP_HI * 512;
const LN2_LO = STEP_LO * 512;

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);
scratch[0] = 1;
/** Where the word with sign and exponent lies depends on the machine's byte order. */
const HIGH = words[1] === 0 ? 0 : 1;
/** High word of 0.6875, where the range of the reduced argument of `log` begins. */
const RANGE_START = 0x3fe60000;

/** e^x for |x| well below 1, to the precision of a pair. */
function expSeries(x: DoubleDouble): DoubleDouble {
  let term = dd(1);
  let sum = dd(1);
  for (let n = 1; n <= 14; n++) {
    term = over(mul(term, x), n);
    sum = add(sum, term);
  }
  return sum;
}

/** ln c = 2 artanh((c - 1) / (c + 1)), to the precision of a pair. */
function logSeries(c: number): DoubleDouble {
  const ratio = over(dd(c - 1), c + 1);
  const square = mul(ratio, ratio);
  let power = scale(ratio, 2);
  let sum = power;
  for (let n = 3; n <= 41; n += 2) {
    power = mul(power, square);
    sum = add(sum, over(power, n));
  }
  return sum;
}

function fillTables(): void {
  for (let e = 0, up = 1; e <= 1023; e++, up *= 2) POWERS[POWER_ZERO + e] = up;
  for (let e = 1, down = 0.5; e <= 1074; e++, down *= 0.5) POWERS[POWER_ZERO - e] = down;
  const root = expSeries(over(LN_2, 512));
  for (let j = 0, power = dd(1); j < 512; j++, power = mul(power, root)) {
    ROOTS[2 * j] = power.hi;
    ROOTS[2 * j + 1] = power.lo / power.hi;
  }
  for (let i = 0; i < 128; i++) {
    const start = 0.6875 + (i < 80 ? i / 256 : 80 / 256 + (i - 80) / 128);
    // The two cells that meet at 1 share it as their centre: there the result is the series alone, right relative to itself.
    const centre = i === 79 || i === 80 ? 1 : start + (i < 80 ? 1 / 512 : 1 / 256);
    const logarithm = logSeries(centre);
    const head = Math.round(logarithm.hi * 2 ** 32) / 2 ** 32;
    CENTRES.set([centre, 1 / centre, head, logarithm.hi - head + logarithm.lo], 4 * i);
  }
}
fillTables();

/** e^x over the power of two it lies at, in about [1, 2), where x is `steps` x ln 2 / 512 and a rest below half of that. */
function significand(x: number, steps: number): number {
  const r = x - steps * STEP_HI - steps * STEP_LO;
  const j = (steps & 511) << 1;
  const head = ROOTS[j] as number;
  const rest = (ROOTS[j + 1] as number) + (r + r * r * (0.5 + r * (0.16666666666666666 + r * 0.041666666666666664)));
  return head + head * rest;
}

/** e^x where the result may leave the normal range: past -708 or 709, infinite, or no number. */
function expAtEdge(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const steps = x * STEPS_PER_UNIT + ROUNDER - ROUNDER;
  // Scaled in two powers, the first exact: only the last product may round, and neither power leaves the doubles.
  const first = x < 0 ? -512 : 512;
  return significand(x, steps) * (POWERS[first + POWER_ZERO] as number) * (POWERS[(steps >> 9) - first + POWER_ZERO] as number);
}

/** e^x, within 0.6 of the last bit; infinities, zero, overflow and subnormal results as Math.exp; NaN in, NaN out. */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expAtEdge(x);
  const steps = x * STEPS_PER_UNIT + ROUNDER - ROUNDER;
  return significand(x, steps) * (POWERS[(steps >> 9) + POWER_ZERO] as number);
}

/** log(1 + r) - r for |r| <= 1/128. */
function logRest(r: number): number {
  const square = r * r;
  const odd = 0.3333333333333333 + square * (0.2 + square * 0.14285714285714285);
  const even = 0.5 + square * (0.25 + square * (0.16666666666666666 + square * 0.125));
  return square * (r * odd - even);
}

/**
 * `exp` without its edges, for loops: the same bits for |x| <= 700, and figures without meaning, but no harm, for anything else.
 */
export function expNear(x: number): number {
  const steps = x * STEPS_PER_UNIT + ROUNDER - ROUNDER;
  return significand(x, steps) * (POWERS[((steps >> 9) + POWER_ZERO) & POWER_MASK] as number);
}

function logAtEdge(x: number): number {
  if (x > 0 && x < 1) return log(x * 2 ** 54) - 54 * LN2_HI - 54 * LN2_LO;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}

/** The natural logarithm, within 1 of the last bit, also next to 1; zero, infinity and negatives as Math.log; NaN in, NaN out. */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x <= 1.7976931348623157e308)) return logAtEdge(x);
  scratch[0] = x;
  const offset = (words[HIGH] as number) - RANGE_START;
  const exponent = offset >> 20;
  const i = (offset >> 11) & 508;
  const r = (x * (POWERS[POWER_ZERO - exponent] as number) - (CENTRES[i] as number)) * (CENTRES[i + 1] as number);
  const tail = r + (exponent * LN2_LO + (CENTRES[i + 3] as number) + logRest(r));
  return exponent * LN2_HI + (CENTRES[i + 2] as number) + tail;
}

/**
 * ln x as a multiple of 2^-32 in `out[at]` and a rest of at most 1/128 in `out[at + 1]`. The heads of two logarithms subtract without
 * rounding, so that a difference is right to about 2^-59 where ln(x / y) carries the rounding of the quotient.
 * For positive doubles of the normal range; anything else leaves figures without meaning.
 */
export function splitLog(x: number, out: Float64Array, at: number): void {
  scratch[0] = x;
  const offset = (words[HIGH] as number) - RANGE_START;
  const exponent = offset >> 20;
  const i = (offset >> 11) & 508;
  const r = (x * (POWERS[(POWER_ZERO - exponent) & POWER_MASK] as number) - (CENTRES[i] as number)) * (CENTRES[i + 1] as number);
  out[at] = exponent * LN2_HI + (CENTRES[i + 2] as number);
  out[at + 1] = r + (exponent * LN2_LO + (CENTRES[i + 3] as number) + logRest(r));
}
