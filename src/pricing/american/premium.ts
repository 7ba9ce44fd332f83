// What the right to exercise early is worth: the integral of the carry saved below the boundary (I. J. Kim, "The analytic valuation of
// American options", 1990), and its derivatives in the spot.
//
// The integral runs over the time u from now in the variable y with u = T / cosh^2 y, so that the square roots of u and of T - u are
// smooth at both ends, and only up to the y beyond which the spot is too many deviations above the boundary for a double to notice.
import { exp, log } from '../elementary.ts';
import type { Put } from './boundary.ts';
import { type Level, squareAt } from './collocation.ts';
import { expColumn, millsColumn } from './columns.ts';
import type { Scheme } from './schemes.ts';
import { INV_SQRT_2PI } from './tail.ts';

/** The boundary is out of reach beyond this many deviations: N(-8.5) is 1e-17. */
const REACH = 8.5;
/** The least part of the root of time that is looked at: what is left out is its square. */
const LEAST_ROOT = 2e-6;

/** The end of the integral in y for a spot `distance` (> 0, a logarithm) above today's boundary; 0 when the boundary is out of reach. */
function lastY(put: Put, distance: number): number {
  const root = Math.sqrt(put.years);
  const drift = Math.abs((put.rate - put.dividendYield) / put.sigma - put.sigma / 2) * root;
  const part = Math.max(LEAST_ROOT, distance / (put.sigma * root * (REACH + drift)));
  return part < 1 ? log((1 + Math.sqrt(1 - part * part)) / part) : 0;
}

/** Whether no spot path that a double can tell from nothing reaches the boundary: `distance` from its highest level, its start. */
export const outOfReach = (put: Put, distance: number): boolean => distance > 0 && lastY(put, distance) === 0;

// The integrand over the rule's nodes, a column a quantity.
const ROOM = 128;
const roots = new Float64Array(ROOM);
const measures = new Float64Array(ROOM);
const spreads = new Float64Array(ROOM);
const deviates = new Float64Array(ROOM);
/** r e^(-ru), that x n(d2) and x N(-d2); q S e^(-qu), that x n(d1) and x N(-d1). */
const bonds = new Float64Array(ROOM);
const bondDensities = new Float64Array(ROOM);
const bondTails = new Float64Array(ROOM);
const assets = new Float64Array(ROOM);
const assetDensities = new Float64Array(ROOM);
const assetTails = new Float64Array(ROOM);

/** Exponents and ratios to what they stand for: whole, density and tail, over `count` nodes; `scale` times them all. */
function finish(whole: Float64Array, densities: Float64Array, tails: Float64Array, shift: number, scale: number, count: number): void {
  expColumn(whole, 0, count);
  expColumn(densities, 0, count);
  millsColumn(tails, 0, count);
  for (let j = 0; j < count; j++) {
    const all = scale * (whole[j] as number);
    const thick = INV_SQRT_2PI * all * (densities[j] as number);
    const beyond = thick * (tails[j] as number);
    whole[j] = all;
    densities[j] = thick;
    tails[j] = (deviates[j] as number) + shift * (spreads[j] as number) > 0 ? beyond : all - beyond;
  }
}

/** Fills the columns for a put at the log spot `x`; the factor of the integral. `level` holds the solved boundary. */
function sample(scheme: Scheme, level: Level, put: Put, x: number): number {
  const { rate, dividendYield, sigma, years, floor } = put;
  const { nodes, weights } = scheme.premium;
  const count = nodes.length;
  const half = lastY(put, x + (level.depths[0] as number)) / 2;
  const deviation = sigma * Math.sqrt(years);
  const drift = (rate - dividendYield - 0.5 * sigma * sigma) * years;
  for (let j = 0; j < count; j++) roots[j] = -half * (1 + (nodes[j] as number));
  expColumn(roots, 0, count);
  for (let j = 0; j < count; j++) {
    const e = roots[j] as number;
    const scale = 1 / (1 + e * e);
    const secant = 2 * e * scale;
    const tangent = (1 - e * e) * scale;
    roots[j] = tangent;
    spreads[j] = deviation * secant;
    measures[j] = (weights[j] as number) * secant * secant * tangent;
    bonds[j] = -rate * years * secant * secant;
    assets[j] = -dividendYield * years * secant * secant;
    deviates[j] = drift * secant * secant;
  }
  for (let j = 0; j < count; j++) {
    const depth = Math.sqrt(Math.max(0, floor * floor + squareAt(level, roots, j)));
    const spread = spreads[j] as number;
    const d2 = (x + depth + (deviates[j] as number)) / spread;
    const d1 = d2 + spread;
    deviates[j] = d2;
    bondDensities[j] = -0.5 * d2 * d2;
    bondTails[j] = Math.abs(d2);
    assetDensities[j] = -0.5 * d1 * d1;
    assetTails[j] = Math.abs(d1);
  }
  finish(bonds, bondDensities, bondTails, 0, rate, count);
  if (dividendYield !== 0) finish(assets, assetDensities, assetTails, 1, dividendYield * exp(x), count);
  return 2 * years * half;
}

/** The premium of a put at the log spot `x` above the boundary, in units of the strike. `level` holds the solved boundary. */
export function premiumValue(scheme: Scheme, level: Level, put: Put, x: number): number {
  const scale = sample(scheme, level, put, x);
  const count = scheme.premium.nodes.length;
  let sum = 0;
  for (let j = 0; j < count; j++) sum += (measures[j] as number) * (bondTails[j] as number);
  if (put.dividendYield !== 0) for (let j = 0; j < count; j++) sum -= (measures[j] as number) * (assetTails[j] as number);
  return Math.max(0, scale * sum);
}

/** The premium and its first two derivatives in the spot over the strike. */
export interface PremiumSlopes {
  readonly value: number;
  readonly delta: number;
  readonly gamma: number;
}

/** As `premiumValue`, with the derivatives: those of the integrand, integrated. Gamma loses digits within 1e-4 of the boundary. */
export function premiumSlopes(scheme: Scheme, level: Level, put: Put, x: number): PremiumSlopes {
  const scale = sample(scheme, level, put, x);
  const count = scheme.premium.nodes.length;
  const spot = exp(x);
  const pays = put.dividendYield === 0 ? 0 : 1;
  let value = 0;
  let delta = 0;
  let gamma = 0;
  for (let j = 0; j < count; j++) {
    const spread = spreads[j] as number;
    const bond = bondDensities[j] as number;
    const tail = pays * (assetTails[j] as number);
    const net = (bond - pays * (assetDensities[j] as number)) / spread;
    const measure = measures[j] as number;
    value += measure * ((bondTails[j] as number) - tail);
    delta -= measure * (net + tail);
    gamma += measure * (bond / spread + ((deviates[j] as number) / spread) * net);
  }
  return { value: Math.max(0, scale * value), delta: (scale * delta) / spot, gamma: (scale * gamma) / (spot * spot) };
}
