// The exercise boundary of an American put with continuous carry, in units of the strike.
//
// After L. Andersen, M. Lake and D. Offengenden, "High-performance American option pricing", Journal of Computational Finance 20
// (2016): smooth pasting as an integral equation ("equation A") collocated at Chebyshev points in the square root of time, with the
// square of the log boundary interpolated. Two things are done otherwise. The log is taken against the strike, not against the
// boundary at expiry: then the square stays smooth where rate and yield are nearly equal, and the boundary leaves its value at expiry in
// a thin layer. And the collocated system is solved by Newton's method in all nodes at once, whose matrix costs little more than one
// fixed-point sweep: it converges where the fixed point is only marginally stable.
import { log } from '../elementary.ts';
import type { Level } from './collocation.ts';
import { expColumn, millsColumn } from './columns.ts';
import { type Carry, criticalDepth, extendedShape, type PremiumShape, setTime } from './critical-price.ts';
import { solveLinear } from './linear-solve.ts';
import type { Refinement, Scheme } from './schemes.ts';
import { INV_SQRT_2PI } from './tail.ts';

/** The put under work, in units of the strike. */
export interface Put {
  rate: number;
  dividendYield: number;
  sigma: number;
  years: number;
  /** The depth -ln B of the boundary at expiry. */
  floor: number;
}

const carry: Carry = { rate: 0, dividendYield: 0, sigma: 0, rootYears: 0, bondFactor: 1, assetFactor: 1 };
const shape: PremiumShape = { slope: 0, thetaWeight: 0 };

/** At expiry the boundary is the strike, or r / q of it where the yield is above the rate: the depth of that. */
export const depthAtExpiry = (rate: number, dividendYield: number): number => (dividendYield > rate ? log(dividendYield / rate) : 0);

/** The start's effort a node, and when it is good enough: Newton's method on the whole boundary does the rest. */
const START_STEPS = 4;
const START_TOLERANCE = 0.02;

/**
 * How far below its value at expiry the boundary lies after a short time, in standard deviations, to start a search with: the leading
 * terms of J. D. Evans, R. Kuske and J. B. Keller, "American options on assets with dividends near expiry", Mathematical Finance 12 (2002).
 */
function earlyDeviations(put: Put, deviation: number, years: number): number {
  const gap = put.rate - put.dividendYield;
  if (gap < 0) return 0.6388;
  const square = gap > 0 ? 2 * log(deviation / (gap * years)) - 3.2242 : -2 * log(7.0898 * Math.abs(put.rate) * years);
  return square > 0.5 ? Math.sqrt(square) : 0.7;
}

/** Depths by the QD+ shape at the nodes from `first` on, the shortest time first, each guessed from the one before. */
function startDepths(level: Level, put: Put, first: number): void {
  const { nodes, fractions, depths, squares } = level;
  const rootYears = Math.sqrt(put.years);
  carry.rate = put.rate;
  carry.dividendYield = put.dividendYield;
  carry.sigma = put.sigma;
  let below = 0;
  for (let k = nodes - 1; k >= first; k--) {
    const fraction = fractions[k] as number;
    const root = fraction * rootYears;
    setTime(carry, root);
    extendedShape(carry, shape);
    if (k === nodes - 1) below = put.sigma * root * earlyDeviations(put, put.sigma * root, root * root);
    else below *= fraction / (fractions[k + 1] as number);
    const depth = criticalDepth(carry, shape, put.floor, put.floor + below, START_STEPS, START_TOLERANCE);
    below = depth - put.floor;
    depths[k] = depth;
    squares[k] = depth * depth - put.floor * put.floor;
  }
}

// Equation A over the whole level, a column a quantity: a place for each node and angle, by rows, then one for each node's European part.
const ROOM = 2048;
/** q e^(q u) x weight of the integral, by node and angle; the same for all sweeps. */
const grown = new Float64Array(ROOM);
const deviates = new Float64Array(ROOM);
/** 0.5 / depth of the past: how that depth answers to its square. */
const halves = new Float64Array(ROOM);
/** Exponents that become e^(r u) n(d2) and n(d1) but for the constant, and |d1| that becomes Mills' ratio. */
const bonds = new Float64Array(ROOM);
const assets = new Float64Array(ROOM);
const ratios = new Float64Array(ROOM);
/** By angle, for one row: how the residual answers to the square of the depth there. */
const pulls = new Float64Array(64);

/** Fills `grown` for a put on a level. */
function growYield(level: Level, put: Put): void {
  const { nodes, points, cosineSquares, weights, fractions } = level;
  const { dividendYield, years } = put;
  if (dividendYield === 0) return;
  for (let i = 0; i < nodes; i++) {
    const tau = years * (fractions[i] as number) ** 2;
    for (let j = 0; j < points; j++) grown[i * points + j] = dividendYield * tau * (cosineSquares[j] as number);
  }
  expColumn(grown, 0, nodes * points);
  for (let i = 0; i < nodes; i++) {
    const scale = dividendYield * years * (fractions[i] as number) ** 2;
    for (let j = 0; j < points; j++) grown[i * points + j] = (grown[i * points + j] as number) * scale * (weights[j] as number);
  }
}

/** Fills `deviates`, `halves` and the exponents of row i from the squares. */
function lookBack(level: Level, put: Put, i: number): void {
  const { nodes, points, sines, inverseSines, sineSquares, cosineSquares, past, squares } = level;
  const { rate, dividendYield, sigma, floor } = put;
  const depth = level.depths[i] as number;
  const tau = put.years * (level.fractions[i] as number) ** 2;
  const deviation = sigma * Math.sqrt(tau);
  const inverse = 1 / deviation;
  const drift = (rate - dividendYield - 0.5 * sigma * sigma) * tau;
  for (let j = 0; j < points; j++) {
    const place = i * points + j;
    const row = place * nodes;
    let square = floor * floor;
    for (let k = 0; k < nodes; k++) square += (past[row + k] as number) * (squares[k] as number);
    const then = square > 0 ? Math.sqrt(square) : 0;
    const d2 = (then - depth + drift * (sineSquares[j] as number)) * inverse * (inverseSines[j] as number);
    const d1 = d2 + deviation * (sines[j] as number);
    halves[place] = then > 0 ? 0.5 / then : 0;
    deviates[place] = d2;
    bonds[place] = rate * tau * (cosineSquares[j] as number) - 0.5 * d2 * d2;
    assets[place] = -0.5 * d1 * d1;
    ratios[place] = Math.abs(d1);
  }
  const place = nodes * points + i;
  const d2 = (drift - depth) * inverse;
  const d1 = d2 + deviation;
  deviates[place] = d2;
  bonds[place] = -0.5 * d2 * d2;
  assets[place] = -0.5 * d1 * d1;
  ratios[place] = Math.abs(d1);
}

/** Row i of Newton's system from the columns: the residual ln(B D / N) + (r - q) tau, and its derivatives in the squares of all nodes. */
function closeRow(level: Level, put: Put, i: number): void {
  const { nodes, points, sines, inverseSines, weights, past, matrix, step } = level;
  const { rate, dividendYield, sigma } = put;
  const depth = level.depths[i] as number;
  const tau = put.years * (level.fractions[i] as number) ** 2;
  const deviation = sigma * Math.sqrt(tau);
  const inverse = 1 / deviation;
  const own = nodes * points + i;
  const d2 = deviates[own] as number;
  const d1 = d2 + deviation;
  const thick = INV_SQRT_2PI * (assets[own] as number);
  const tail = thick * (ratios[own] as number);
  // Numerator N and denominator D, and their derivatives in the node's own log boundary.
  let upper = INV_SQRT_2PI * (bonds[own] as number) * inverse;
  let upperSlope = -d2 * inverse * upper;
  let lower = thick * inverse + (d1 < 0 ? tail : 1 - tail);
  let lowerSlope = thick * inverse * (1 - d1 * inverse);
  const scale = rate * tau * inverse * INV_SQRT_2PI;
  for (let j = 0; j < points; j++) {
    const place = i * points + j;
    const per = inverse * (inverseSines[j] as number);
    const bond = scale * (weights[j] as number) * (inverseSines[j] as number) * (bonds[place] as number);
    upper += bond;
    pulls[j] = -(deviates[place] as number) * per * bond;
    upperSlope += pulls[j] as number;
  }
  const perUpper = 1 / upper;
  let base = i * nodes;
  for (let k = 0; k < nodes; k++) matrix[base + k] = 0;
  if (dividendYield !== 0) {
    for (let j = 0; j < points; j++) {
      const place = i * points + j;
      const per = inverse * (inverseSines[j] as number);
      const plus = (deviates[place] as number) + deviation * (sines[j] as number);
      const whole = grown[place] as number;
      const asset = INV_SQRT_2PI * whole * (assets[place] as number);
      const beyond = asset * (ratios[place] as number);
      lower += asset * per + (plus < 0 ? beyond : whole - beyond);
      assets[place] = asset * per * (1 - plus * per);
      lowerSlope += assets[place];
    }
  }
  const perLower = dividendYield === 0 ? 0 : 1 / lower;
  for (let j = 0; j < points; j++) {
    const place = i * points + j;
    const pull =
      ((dividendYield === 0 ? 0 : (assets[place] as number) * perLower) - (pulls[j] as number) * perUpper) * (halves[place] as number);
    const row = place * nodes;
    for (let k = 0; k < nodes; k++) matrix[base + k] = (matrix[base + k] as number) + pull * (past[row + k] as number);
  }
  base += i;
  matrix[base] = (matrix[base] as number) - (0.5 * (1 + lowerSlope / lower - upperSlope * perUpper)) / depth;
  step[i] = depth - (rate - dividendYield) * tau - log(lower * perUpper);
}

/** Fills Newton's system of the level. */
function assemble(level: Level, put: Put): void {
  const { nodes, points } = level;
  const inner = nodes * points;
  for (let i = 0; i < nodes; i++) lookBack(level, put, i);
  const from = put.dividendYield === 0 ? inner : 0;
  expColumn(bonds, 0, inner + nodes);
  expColumn(assets, from, inner + nodes);
  millsColumn(ratios, from, inner + nodes);
  for (let i = 0; i < nodes; i++) closeRow(level, put, i);
}

/** No step takes a square below this part of itself, nor above this multiple: far from the solution the matrix may promise anything. */
const LEAST_PART = 0.1;
const MOST_TIMES = 4;

/** Takes a part of Newton's step in all nodes at once; the largest move of a depth in it, in standard deviations of the whole time. */
function improve(level: Level, put: Put, part: number): number {
  const { nodes, depths, squares, step } = level;
  assemble(level, put);
  solveLinear(level.matrix, step, nodes);
  const least = put.floor * put.floor;
  let farthest = 0;
  for (let k = 0; k < nodes; k++) {
    const before = depths[k] as number;
    const old = before * before;
    const wanted = old + part * (step[k] as number);
    const square = Math.min(MOST_TIMES * old, wanted > LEAST_PART * old ? Math.max(wanted, least) : Math.max(LEAST_PART * old, least));
    depths[k] = Math.sqrt(square);
    squares[k] = square - least;
    farthest = Math.max(farthest, Math.abs((depths[k] as number) - before));
  }
  return farthest / (put.sigma * Math.sqrt(put.years));
}

/**
 * Carries the boundary from the coarse nodes to the fine. Fine nodes before the first coarse time start anew: there the square bends
 * too much to be extrapolated.
 */
function refine(coarse: Level, refinement: Refinement, put: Put): void {
  const { level: fine, weights, shared } = refinement;
  const { floor } = put;
  startDepths(fine, put, shared);
  for (let i = 0; i < shared; i++) {
    let square = 0;
    for (let k = 0; k < coarse.nodes; k++) square += (weights[i * coarse.nodes + k] as number) * (coarse.squares[k] as number);
    fine.squares[i] = Math.max(0, square);
    fine.depths[i] = Math.sqrt(floor * floor + Math.max(0, square));
  }
}

/** The layer after expiry is felt while the boundary there is less than this many deviations below the strike. */
const LAYER_REACH = 7;

/** So many sweeps take Newton's whole step. What has not settled by then swings about the layer after expiry; half a step ends that. */
const FULL_SWEEPS = 4;
const DAMPED_PART = 0.5;

function settle(scheme: Scheme, level: Level, put: Put): Level {
  growYield(level, put);
  for (let sweep = 0; sweep < scheme.mostSweeps; sweep++)
    if (improve(level, put, sweep < FULL_SWEEPS ? 1 : DAMPED_PART) < scheme.settled) break;
  return level;
}

/**
 * Solves for the boundary of `put` on the nodes of one of the scheme's fine levels and returns that level, whose figures stand until
 * the next call. The put must have a single boundary: rate > 0, or rate 0 with a negative yield.
 */
export function solveBoundary(scheme: Scheme, put: Put): Level {
  const { coarse } = scheme;
  startDepths(coarse, put, 0);
  growYield(coarse, put);
  improve(coarse, put, 1);
  const layered = put.floor > 0 && put.floor < LAYER_REACH * put.sigma * Math.sqrt(put.years);
  const refinement = layered ? scheme.layered : scheme.smooth;
  refine(coarse, refinement, put);
  return settle(scheme, refinement.level, put);
}

/**
 * Solves again for a put that differs little from the one whose boundary, of depth `floor` at expiry, the level holds: on the same nodes,
 * so that the discretisation's error hardly changes between the two.
 */
export function solveNearby(scheme: Scheme, level: Level, put: Put, floor: number): Level {
  const { nodes, depths, squares } = level;
  for (let k = 0; k < nodes; k++) {
    const depth = (depths[k] as number) - floor + put.floor;
    depths[k] = depth;
    squares[k] = depth * depth - put.floor * put.floor;
  }
  return settle(scheme, level, put);
}
