// The raw SVI curve: total variance of one expiry over log-moneyness, and the two ways in which it can allow arbitrage.
import { exp, log } from '../elementary.ts';

/**
 * w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(strike / forward), w = volatility^2 x years (J. Gatheral, "A parsimonious
 * arbitrage-free implied volatility parameterization", 2004).
 */
export interface Svi {
  readonly a: number;
  readonly b: number;
  readonly rho: number;
  readonly m: number;
  readonly sigma: number;
}

export interface SviPoint {
  readonly variance: number;
  /** dw/dk. */
  readonly slope: number;
  /** d2w/dk2. */
  readonly curvature: number;
}

export function sviPoint(svi: Svi, k: number): SviPoint {
  const { a, b, rho, m, sigma } = svi;
  const x = k - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  return { variance: a + b * (rho * x + root), slope: b * (rho + x / root), curvature: (b * sigma * sigma) / (root * root * root) };
}

export function sviVariance(svi: Svi, k: number): number {
  const x = k - svi.m;
  return svi.a + svi.b * (svi.rho * x + Math.sqrt(x * x + svi.sigma * svi.sigma));
}

/** The steeper wing's slope of total variance, b (1 + |rho|). */
export const wingSlope = (svi: Svi): number => svi.b * (1 + Math.abs(svi.rho));

/**
 * g(k) = (1 - k w'/2w)^2 - (w'^2/4)(1/w + 1/4) + w''/2: the risk-neutral density up to a positive factor (J. Gatheral and A. Jacquier,
 * "Arbitrage-free SVI volatility surfaces", 2014). A butterfly at k costs less than nothing exactly where it is negative.
 */
export function densityFactor({ variance, slope, curvature }: SviPoint, k: number): number {
  const tilt = 1 - (k * slope) / (2 * variance);
  return tilt * tilt - ((slope * slope) / 4) * (1 / variance + 1 / 4) + curvature / 2;
}

export type SmileArbitrage =
  /** Total variance falls to nothing or below at log-moneyness `at`. */
  | { readonly kind: 'no_variance'; readonly at: number; readonly variance: number }
  /** A wing is steeper than 2. */
  | { readonly kind: 'steep_wing'; readonly slope: number }
  /** g is negative at log-moneyness `at`. */
  | { readonly kind: 'butterfly'; readonly at: number; readonly density: number };

/**
 * Far out g tends to 1/4 - s^2/16 with the wing's slope s, so no wing may be steeper than 2, the bound of R. Lee, "The moment formula for
 * implied volatility at extreme strikes" (2004). The 4 that is often quoted with the curve is looser: necessary, not sufficient.
 */
const WING_MAX = 2;
const GRID = 200;
/** Log-moneyness up to which g is looked at, in units of the curve's own size: beyond, it has its wing's sign. */
const REACH = 1000;
/** Rounding by which g, a difference of numbers of order 1, may be below zero. */
const DENSITY_SLACK = 1e-9;
/** Rounding by which a wing held to the bound may exceed it. */
const WING_SLACK = 1e-12;

/** Strikes from wing to wing, closest where the curve bends: m + sigma sinh(t), evenly in t. */
function everywhere(svi: Svi): readonly number[] {
  const reach = log(2 * REACH * (1 + (1 + Math.abs(svi.m)) / svi.sigma));
  return Array.from({ length: 2 * GRID + 1 }, (_, i) => {
    const t = (reach * (i - GRID)) / GRID;
    return svi.m + (svi.sigma * (exp(t) - exp(-t))) / 2;
  });
}

const between = ({ from, to }: MoneynessRange): readonly number[] =>
  Array.from({ length: 2 * GRID + 1 }, (_, i) => from + ((to - from) * i) / (2 * GRID));

/** Log-moneyness from and to, both included. */
export interface MoneynessRange {
  readonly from: number;
  readonly to: number;
}

function noVariance(svi: Svi, range: MoneynessRange): SmileArbitrage | undefined {
  const lowest = svi.m - (svi.rho * svi.sigma) / Math.sqrt(Math.max(Number.MIN_VALUE, 1 - svi.rho * svi.rho));
  const at = Math.min(range.to, Math.max(range.from, lowest));
  const variance = sviVariance(svi, at);
  return variance > 0 ? undefined : { kind: 'no_variance', at, variance };
}

/**
 * The first breach of no butterfly arbitrage: total variance not positive; a wing steeper than 2; else the deepest g < 0 on a grid of 401
 * strikes from one far wing to the other, densest at the bend. With a range, within it only: what a curve does beyond the strikes it was
 * fitted to is nobody's quote. Undefined when there is none.
 * @param svi `sigma` positive
 */
export function smileArbitrage(svi: Svi, range?: MoneynessRange): SmileArbitrage | undefined {
  const empty = noVariance(svi, range ?? { from: -Infinity, to: Infinity });
  if (empty !== undefined) return empty;
  if (range === undefined && !(wingSlope(svi) <= WING_MAX * (1 + WING_SLACK))) return { kind: 'steep_wing', slope: wingSlope(svi) };
  let worst: SmileArbitrage | undefined;
  let least = -DENSITY_SLACK;
  for (const k of range === undefined ? everywhere(svi) : between(range)) {
    const density = densityFactor(sviPoint(svi, k), k);
    if (density >= least) continue;
    least = density;
    worst = { kind: 'butterfly', at: k, density };
  }
  return worst;
}

export interface CalendarArbitrage {
  /** Log-moneyness of the deepest breach. */
  readonly at: number;
  readonly near: number;
  readonly far: number;
}

/**
 * Where a later expiry holds less total variance than a nearer one at the same forward moneyness, the deepest such place on a grid of 401
 * strikes: calendar spreads there cost less than nothing. Give it the range that both expiries quote: curves cross freely in wings that
 * nobody trades. Undefined when there is none.
 */
export function calendarArbitrage(near: Svi, far: Svi, range: MoneynessRange): CalendarArbitrage | undefined {
  let worst: CalendarArbitrage | undefined;
  let deepest = 0;
  for (const at of between(range)) {
    const found = { at, near: sviVariance(near, at), far: sviVariance(far, at) };
    const breach = found.near - found.far;
    if (breach <= deepest + 4 * Number.EPSILON * found.near) continue;
    deepest = breach;
    worst = found;
  }
  return worst;
}
