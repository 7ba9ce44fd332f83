// Where the search for a total deviation starts: from the normal (Bachelier) model by one table where that is close, else by the four
// branches of P. Jaeckel, "Let's Be Rational" (www.jaeckel.org), whose notice is:
//
//   Copyright (c) 2013-2024 Peter Jaeckel. Permission to use, copy, modify, and distribute this software is freely granted, provided that
//   this notice is preserved. The software is provided "as is" without warranty of any kind.
//
//
// Lengths: x = |ln(F/K)|; p = the out-of-the-money value over the smaller of S e^(-qT) and K e^(-rT), in (0, 1).
import { exp, log } from './elementary.ts';
import { millsAt, millsGap } from './mills-gap.ts';
import { inverseNormalCdf } from './normal.ts';

const INV_ROOT_TAU = 0.3989422804014327;
const ROOT_TAU = 2.5066282746310002;
const ROOT_HALF_PI = 1.2533141373155003;
const ROOT_3 = 1.7320508075688772;
const TAU = 6.283185307179586;
/** Control parameters of the rational cubic stay above -1, where its denominator would vanish. */
const LEAST_CONTROL = -0.999;

const density = (y: number): number => INV_ROOT_TAU * exp(-0.5 * y * y);

/** Rows of the table over ln(1 + x/beta), half a unit each, up to 40: there x/s is 8.3. */
const ROWS = 80;
const ROWS_PER_UNIT = 2;
/** Four coefficients of s/(x + beta), three of the bend, one unused so that a row is a line of the cache. */
const WIDTH = 8;
/** x/beta up to which the table reaches: a little under e^40. */
export const NEAR_RATIO_MAX = 2.35e17;
/** Relative correction of the normal model up to which three orders of it serve. */
const NEAR_BEND_MAX = 0.09;

interface NormalModel {
  readonly h: number;
  /** ln(1 + h/g), which rises with h, and its slope in h. */
  readonly place: number;
  readonly rise: number;
  /** s/(x + beta) and its slope in place. */
  readonly deviation: number;
  readonly slope: number;
  /** Coefficient of s^2 in the correction of s for the lognormal model. */
  readonly bend: number;
}

/** The normal model at h = x/s: beta = s g(h) with g(h) = n(h) (1 - h M(h)). */
function normalModel(h: number): NormalModel {
  const n = density(h);
  // -M'(h) from a difference about h: 1 - h M(h) would cancel.
  const reach = 1 / 1024;
  const fall = millsGap(h - reach, h + reach, 2 * reach) / (2 * reach);
  const g = n * fall;
  const sum = g + h;
  const rise = n / (g * sum);
  const slope = (n * millsAt(h) - 1) / (sum * sum * rise);
  return { h, place: log(sum / g), rise, deviation: 1 / sum, slope, bend: (1 - h * h * fall) / 24 };
}

/** The model at a place of the table, by Newton's method from the one at a place half a row lower. */
function modelAt(place: number, before: NormalModel): NormalModel {
  let model = before;
  for (let i = 0; i < 8; i++) model = normalModel(model.h + (place - model.place) / model.rise);
  return model;
}

/** Each row: Hermite's cubic of s/(x + beta) and a parabola of the bend, in the position within the row. */
function tabulate(): Float64Array {
  const table = new Float64Array(ROWS * WIDTH);
  let left = normalModel(0);
  for (let k = 0; k < ROWS; k++) {
    const middle = modelAt((k + 0.5) / ROWS_PER_UNIT, left);
    const right = modelAt((k + 1) / ROWS_PER_UNIT, middle);
    const rise = right.deviation - left.deviation;
    const from = left.slope / ROWS_PER_UNIT;
    const to = right.slope / ROWS_PER_UNIT;
    const curve = 2 * (left.bend + right.bend - 2 * middle.bend);
    const bend = [left.bend, right.bend - left.bend - curve, curve];
    table.set([left.deviation, from, 3 * rise - 2 * from - to, from + to - 2 * rise, ...bend], k * WIDTH);
    left = right;
  }
  return table;
}
const TABLE = tabulate();

/**
 * The start from the normal model, whose implied deviation is a function of x/beta alone, corrected for e^(-u^2/8) in the lognormal
 * value: beta = int_0^s n(x/u) e^(-u^2/8) du, expanded and reverted to s = s0 (1 + b s0^2 + ...). Within 0.0003 of the root up to
 * s = 1.2, within 0.02 beyond; 0 where the correction is too large for that. `beta` is p e^(-x/2) and x/beta must lie under NEAR_RATIO_MAX.
 */
export function nearStart(x: number, beta: number, ratio: number): number {
  const position = log(1 + ratio) * ROWS_PER_UNIT;
  const row = position | 0;
  const v = position - row;
  const i = row * WIDTH;
  const t = TABLE;
  const scaled = (t[i] as number) + v * ((t[i + 1] as number) + v * ((t[i + 2] as number) + v * (t[i + 3] as number)));
  const b = (t[i + 4] as number) + v * ((t[i + 5] as number) + v * (t[i + 6] as number));
  const s = (x + beta) * scaled;
  const first = b * s * s;
  if (!(first < NEAR_BEND_MAX)) return 0;
  const h = x / s;
  const q = h * h * b;
  const second = b * (0.125 - 0.5 * q) - (1 - 8 * q) / 640;
  return s * (1 + first + s * s * s * s * second + 5.4 * first * first * first);
}

/** The rational cubic of R. Delbourgo and J. A. Gregory (1985) through two points with slopes, at share `t` of the way. */
function rationalCubic(t: number, width: number, yl: number, yr: number, dl: number, dr: number, control: number): number {
  const r = Math.max(control, LEAST_CONTROL);
  const m = 1 - t;
  const ends = yr * t * t * t + yl * m * m * m;
  return (ends + (r * yr - width * dr) * t * t * m + (r * yl + width * dl) * t * m * m) / (1 + (r - 3) * t * m);
}

/** Control parameter that gives the cubic a second derivative at its left end; `secant` is the mean slope. */
const controlLeft = (secant: number, dl: number, dr: number, curve: number): number => (0.5 * curve + (dr - dl)) / (secant - dl);
/** The same at its right end. `curve` is the second derivative times the width. */
const controlRight = (secant: number, dl: number, dr: number, curve: number): number => (0.5 * curve + (dr - dl)) / (dr - secant);

/** Where p e^(-x/2) leaves the doubles: ln p = -a^2/2 + ln(n(0) D(a)) solved for a by repeated insertion, D hardly depending on it. */
function deepStart(x: number, p: number): number {
  const level = -log(p);
  let a = Math.sqrt(2 * level);
  for (let i = 0; i < 4; i++) {
    const b = Math.sqrt(a * a + 2 * x);
    const width = (2 * x) / (a + b);
    a = Math.sqrt(Math.max(1, 2 * (level + log(INV_ROOT_TAU * millsGap(a, b, width)))));
  }
  return (2 * x) / (a + Math.sqrt(a * a + 2 * x));
}

/** Under the tangent point `sl`: p is mapped to (2 pi x / (3 sqrt 3)) N(-x/(s sqrt 3))^3, nearly straight in p, and back. */
function lowStart(x: number, p: number, sl: number, pl: number): number {
  const z = x / (ROOT_3 * sl);
  const mills = millsAt(z);
  const tail = density(z) * mills;
  const unit = (TAU * x) / (3 * ROOT_3);
  const end = unit * tail * tail * tail;
  const y = z * z;
  const s2 = sl * sl;
  // Slope at 0 is 1 in units of beta = p e^(-x/2), and both derivatives at the right end are brought to p by the same factor.
  const atZero = exp(-0.5 * x);
  const slope = TAU * y * tail * tail * exp(y + s2 / 8 - 0.5 * x);
  const bracket = 8 * ROOT_3 * sl * x + (3 * s2 * (s2 - 8) - 8 * x * x) * mills;
  const curve = ((TAU / 12) * y * tail * bracket * exp(2 * y + s2 / 4 - x)) / (s2 * sl);
  const mapped = rationalCubic(p / pl, pl, 0, end, atZero, slope, controlRight(end / pl, atZero, slope, curve * pl));
  if (!(mapped > 1e-280)) return deepStart(x, p);
  return x / (-ROOT_3 * inverseNormalCdf(exp(log(mapped / unit) / 3)));
}

/** Over the tangent point `sh`: p is mapped to N(-s/2) and back. */
function highStart(x: number, q: number, sh: number, qh: number): number {
  const half = 0.5 * sh;
  const end = density(half) * millsAt(half);
  const w = (x / sh) * (x / sh);
  const slope = -0.5 * exp(0.5 * (w - x));
  const curve = (ROOT_HALF_PI * exp(w + (sh * sh) / 8 - x) * w) / sh;
  const atOne = -0.5 * exp(-0.5 * x);
  const mapped = rationalCubic(1 - q / qh, qh, end, 0, slope, atOne, controlLeft(-end / qh, slope, atOne, curve * qh));
  return -2 * inverseNormalCdf(mapped > 0 ? mapped : (end * q) / qh);
}

/** The start by four branches, for every x and p in (0, 1); q is 1 - p. Within 40 % of the root, far closer but next to x = 0. */
export function rationalStart(x: number, p: number, q: number): number {
  // The value has its inflection at sc; the tangent there meets p = 0 at sl and p = 1 at sh.
  const sc = Math.sqrt(2 * x);
  const pc = x > 0 ? INV_ROOT_TAU * millsGap(0, sc, sc) : 0;
  if (p < pc) {
    const sl = sc - pc / INV_ROOT_TAU;
    const a = x / sl - 0.5 * sl;
    const nl = density(a);
    const pl = nl * millsGap(a, a + sl, sl);
    if (p < pl) return lowStart(x, p, sl, pl);
    const width = pc - pl;
    return rationalCubic((p - pl) / width, width, sl, sc, 1 / nl, ROOT_TAU, controlLeft((sc - sl) / width, 1 / nl, ROOT_TAU, 0));
  }
  const sh = sc + (1 - pc) / INV_ROOT_TAU;
  const a = 0.5 * sh - x / sh;
  const nh = density(a);
  const qh = nh * (millsAt(a) + millsAt(0.5 * sh + x / sh));
  if (q < qh) return highStart(x, q, sh, qh);
  const width = 1 - qh - pc;
  return rationalCubic((p - pc) / width, width, sc, sh, ROOT_TAU, 1 / nh, controlRight((sh - sc) / width, ROOT_TAU, 1 / nh, 0));
}
