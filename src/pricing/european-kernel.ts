// The one reckoning of European values: blocks of rows pass through a few short loops, which every entrance, scalar or batch, shares.
//
// Short loops, because a row's figures wait for one another: in a short one the processor works on many rows at a time. No calls in them,
// and every column's length is asked before: then the compiler need not check the columns again at each row. Rows out of the ordinary are
// reckoned like all others, to no meaning, and set right afterwards.
//
// With Mills' ratio
// M(y) = N(-y) / n(y) and S e^(-qT) n(d1) = K e^(-rT) n(d2) a row needs one density; both tails are that density times a ratio, and their
// difference does not suffer from two exponentials rounded apart.
import { AssertionError } from '../base/assert.ts';
import { exp, expNear, splitLog } from './elementary.ts';
import { millsNear, millsRatio } from './normal.ts';

/** What a row's status says: `ok`, or why the row has no value and holds zeros. A code is an index here. */
export const rowStatuses = [
  'ok',
  'invalid_spot',
  'invalid_strike',
  'invalid_years',
  'invalid_rate',
  'invalid_yield',
  'invalid_sigma',
  'invalid_side',
  'out_of_range',
] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** What a contract is, a column a quantity. */
export interface ContractColumns {
  readonly strike: Float64Array;
  /** Years to expiry; 0 or less is expired. */
  readonly years: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
  /** +1 a call, -1 a put. */
  readonly side: Float64Array;
}

/** Raw units: derivatives per 1.00 of spot, volatility and rate, theta per year of calendar time. */
export interface GreekColumns {
  readonly price: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly rho: Float64Array;
  /** Indices into `rowStatuses`. */
  readonly status: Uint8Array;
}

export interface CrossColumns {
  readonly delta: Float64Array;
  readonly vega: Float64Array;
  readonly phi: Float64Array;
  readonly vanna: Float64Array;
  readonly volga: Float64Array;
  readonly charm: Float64Array;
}

/** Figures kept a contract that neither spot nor volatility moves, side by side: one column is one check of it and few cache lines. */
export const TERM_COUNT = 9;

/** Rows a block: its scratch stays in the first-level cache. */
export const BLOCK = 128;

/** Between these bounds of strike, spot, years and volatility no figure of a row can overflow; what lies under them counts as nothing. */
const LEAST = 1e-60;
const MOST = 1e60;
const MOST_YEARS = 1e10;
/** The most that rate and yield, times the years, may amount to together. */
const MOST_CARRY = 200;

const INV_SQRT_2PI = 0.3989422804014327;

/** A deviation sigma sqrt T that volatility and years in range cannot fall below. */
const LEAST_DEVIATION = LEAST * 1e-30;
/** Below this Mills' ratio comes from its table, and the density is a normal double. */
const NEAR = 16;

// Kinds of contracts: a regular one, one without uncertainty, one still to be judged, or else the code of its fault.
const REGULAR = 0;
const CERTAIN = 255;
const PENDING = 254;

const code = (status: RowStatus): number => rowStatuses.indexOf(status);
const INVALID_SPOT = code('invalid_spot');
const INVALID_STRIKE = code('invalid_strike');
const INVALID_YEARS = code('invalid_years');
const INVALID_RATE = code('invalid_rate');
const INVALID_YIELD = code('invalid_yield');
const INVALID_SIGMA = code('invalid_sigma');
const INVALID_SIDE = code('invalid_side');
const OUT_OF_RANGE = code('out_of_range');

// A block's figures between the loops. Constants of this module, and every index below SIZE, so that an access is one instruction.
const SIZE = BLOCK;
const scratch = (): Float64Array => new Float64Array(SIZE);
const spots = scratch();
const spotHeads = scratch();
const spotTails = scratch();
const roots = scratch();
const heads = scratch();
const tails = scratch();
const growths = scratch();
const bonds = scratch();
const terms = scratch();
const rates = scratch();
const yields = scratch();
const sides = scratch();
const sigmas = scratch();
const d1s = scratch();
/** n(d1). */
const densities = scratch();
/** M(|d1|) and M(|d2|). */
const ratios1 = scratch();
const ratios2 = scratch();
/** 1 / (sigma sqrt T). */
const inverses = scratch();
const parts = new Float64Array(2);
const spotParts = new Float64Array(2);
const kinds = new Uint8Array(SIZE);
/** 0 for an ordinary row. */
const oddities = new Uint8Array(SIZE);
const FAR = 1;
const ODD = 2;

const tooShort = (): AssertionError => new AssertionError('a column is shorter than the rows asked for');

/** One spot for every row of the blocks that follow. */
export function loadOneSpot(spot: number): void {
  splitLog(spot, parts, 0);
  spots.fill(spot);
  spotHeads.fill(spot > LEAST && spot < MOST ? (parts[0] as number) : Number.NaN);
  spotTails.fill(parts[1] as number);
}

/** The kind of a contract that is not regular; for one without uncertainty the terms are set right. */
function oddContract(c: ContractColumns, i: number, j: number): number {
  const strike = c.strike[i] as number;
  const years = Math.max(0, c.years[i] as number);
  const rate = c.rate[i] as number;
  const dividendYield = c.dividendYield[i] as number;
  if (!(strike >= 0 && strike < Infinity)) return INVALID_STRIKE;
  if (!Number.isFinite(c.years[i])) return INVALID_YEARS;
  if (!Number.isFinite(rate)) return INVALID_RATE;
  if (!Number.isFinite(dividendYield)) return INVALID_YIELD;
  if (Math.abs(c.side[i] as number) !== 1) return INVALID_SIDE;
  const carry = Math.abs(rate) + Math.abs(dividendYield);
  if (!(strike < MOST && years < MOST_YEARS && carry * years < MOST_CARRY && carry < MOST)) return OUT_OF_RANGE;
  growths[j] = exp(-dividendYield * years);
  bonds[j] = strike * exp(-rate * years);
  return CERTAIN;
}

/** Reckons a block's terms from its contracts, and takes its spots in the same loop. */
export function makeTerms(c: ContractColumns, spot: Float64Array, from: number, count: number): void {
  const { strike, years, rate, dividendYield, side } = c;
  const rows = Math.min(count, SIZE);
  const shortest = Math.min(strike.length, years.length, rate.length, dividendYield.length, side.length, spot.length);
  if (shortest < from + rows) throw tooShort();
  let pending = 0;
  for (let j = 0; j < rows; j++) {
    const i = from + j;
    const k = strike[i] as number;
    const t = years[i] as number;
    const r = rate[i] as number;
    const q = dividendYield[i] as number;
    const w = side[i] as number;
    const s = spot[i] as number;
    const rt = r * t;
    const qt = q * t;
    splitLog(s, spotParts, 0);
    splitLog(k, parts, 0);
    spots[j] = s;
    spotHeads[j] = s > LEAST && s < MOST ? (spotParts[0] as number) : Number.NaN;
    spotTails[j] = spotParts[1] as number;
    roots[j] = Math.sqrt(t);
    tails[j] = rt - qt - (parts[1] as number);
    growths[j] = expNear(-qt);
    bonds[j] = k * expNear(-rt);
    terms[j] = t;
    rates[j] = r;
    yields[j] = q;
    const regular = k > LEAST && k < MOST && t > LEAST && t < MOST_YEARS && Math.abs(rt) + Math.abs(qt) < MOST_CARRY && w * w === 1;
    heads[j] = regular ? (parts[0] as number) : Number.NaN;
    kinds[j] = regular ? REGULAR : PENDING;
    if (!regular) pending++;
  }
  for (let j = 0; pending > 0 && j < rows; j++) {
    if (kinds[j] === PENDING) kinds[j] = oddContract(c, from + j, j);
  }
}

/** Keeps the terms that `makeTerms` has just reckoned, in rows `from` and up of `kept`. */
export function keepTerms(kept: Float64Array, from: number, count: number): void {
  for (let j = 0; j < count; j++) {
    const figures = [roots, heads, tails, growths, bonds, terms, rates, yields, kinds].map((column) => column[j] as number);
    kept.set(figures, (from + j) * TERM_COUNT);
  }
}

/** Takes a block's terms from where `keepTerms` put them. */
export function loadTerms(kept: Float64Array, from: number, count: number): void {
  const rows = Math.min(count, SIZE);
  if (kept.length < (from + rows) * TERM_COUNT) throw tooShort();
  for (let j = 0; j < rows; j++) {
    const x = (from + j) * TERM_COUNT;
    roots[j] = kept[x] as number;
    heads[j] = kept[x + 1] as number;
    tails[j] = kept[x + 2] as number;
    growths[j] = kept[x + 3] as number;
    bonds[j] = kept[x + 4] as number;
    terms[j] = kept[x + 5] as number;
    rates[j] = kept[x + 6] as number;
    yields[j] = kept[x + 7] as number;
    kinds[j] = kept[x + 8] as number;
  }
}

/**
 * As `loadTerms`, and takes the block's spots from a column in the same loop; equal neighbours share one logarithm. A spot out of range
 * shows as no number in every figure.
 */
export function loadTermsAndSpots(kept: Float64Array, spot: Float64Array, from: number, count: number): void {
  const rows = Math.min(count, SIZE);
  if (kept.length < (from + rows) * TERM_COUNT || spot.length < from + rows) throw tooShort();
  let last = Number.NaN;
  for (let j = 0; j < rows; j++) {
    const x = (from + j) * TERM_COUNT;
    const s = spot[from + j] as number;
    if (s !== last) splitLog(s, parts, 0);
    last = s;
    spots[j] = s;
    spotHeads[j] = s > LEAST && s < MOST ? (parts[0] as number) : Number.NaN;
    spotTails[j] = parts[1] as number;
    roots[j] = kept[x] as number;
    heads[j] = kept[x + 1] as number;
    tails[j] = kept[x + 2] as number;
    growths[j] = kept[x + 3] as number;
    bonds[j] = kept[x + 4] as number;
    terms[j] = kept[x + 5] as number;
    rates[j] = kept[x + 6] as number;
    yields[j] = kept[x + 7] as number;
    kinds[j] = kept[x + 8] as number;
  }
}

/** What a row comes to that is not regular: CERTAIN, or the code of its fault. */
function oddKind(kind: number, spot: number, sigma: number): number {
  if (kind !== REGULAR && kind !== CERTAIN) return kind;
  if (!(spot >= 0 && spot < Infinity)) return INVALID_SPOT;
  if (!Number.isFinite(sigma)) return INVALID_SIGMA;
  return spot < MOST && sigma < MOST ? CERTAIN : OUT_OF_RANGE;
}

/** A row without uncertainty, the discounted intrinsic value of the forward, or one with a fault, all zeros. */
function writeOddRow(out: GreekColumns, i: number, j: number): void {
  const w = sides[j] as number;
  const s = spots[j] as number;
  const fate = oddKind(kinds[j] as number, s, sigmas[j] as number);
  const growth = growths[j] as number;
  const bond = bonds[j] as number;
  for (const column of [out.price, out.delta, out.gamma, out.vega, out.theta, out.rho]) column[i] = 0;
  out.status[i] = fate === CERTAIN ? 0 : fate;
  if (fate !== CERTAIN || !(w * (s * growth - bond) > 0)) return;
  const years = Math.max(0, terms[j] as number);
  out.price[i] = w * (s * growth - bond);
  out.delta[i] = w * growth;
  if (years === 0) return;
  out.theta[i] = w * ((yields[j] as number) * s * growth - (rates[j] as number) * bond);
  out.rho[i] = w * years * bond;
}

/** d1, density and Mills' ratios of a block's rows; how many of them are out of the ordinary. */
function measure(side: Float64Array, sigma: Float64Array, from: number, count: number): number {
  const rows = Math.min(count, SIZE);
  if (Math.min(side.length, sigma.length) < from + rows) throw tooShort();
  let odd = 0;
  for (let j = 0; j < rows; j++) {
    const v = sigma[from + j] as number;
    const deviation = v * (roots[j] as number);
    const inverse = 1 / deviation;
    const moneyness = (spotHeads[j] as number) - (heads[j] as number) + ((spotTails[j] as number) + (tails[j] as number));
    const d1 = moneyness * inverse + 0.5 * deviation;
    const y1 = Math.abs(d1);
    const y2 = Math.abs(d1 - deviation);
    sides[j] = side[from + j] as number;
    sigmas[j] = v;
    d1s[j] = d1;
    inverses[j] = inverse;
    densities[j] = INV_SQRT_2PI * expNear(-0.5 * d1 * d1);
    ratios1[j] = millsNear(y1);
    ratios2[j] = millsNear(y2);
    const ordinary = y1 < NEAR && y2 < NEAR && deviation > LEAST_DEVIATION && v > LEAST;
    oddities[j] = ordinary ? 0 : ODD;
    if (!ordinary) odd++;
  }
  // Judges the rows that are not ordinary, and reckons again those that are only far out. It stands here and not in a function of its
  // own: shorter, this one would be built into its caller, where the budget for building in its own callees is spent.
  for (let j = 0; odd > 0 && j < rows; j++) {
    if (oddities[j] === 0) continue;
    const s = spots[j] as number;
    const v = sigmas[j] as number;
    const d1 = d1s[j] as number;
    const regular = kinds[j] === REGULAR && s > LEAST && s < MOST && v > LEAST && v < MOST;
    oddities[j] = regular ? FAR : ODD;
    densities[j] = INV_SQRT_2PI * exp(-0.5 * d1 * d1);
    ratios1[j] = millsRatio(Math.abs(d1));
    ratios2[j] = millsRatio(Math.abs(d1 - v * (roots[j] as number)));
  }
  return odd;
}

/** Price, delta, gamma, vega, theta, rho and status of the block whose spots and terms stand ready. */
export function writeValues(side: Float64Array, sigma: Float64Array, out: GreekColumns, from: number, count: number): void {
  const odd = measure(side, sigma, from, count);
  const { price, delta, gamma, vega, theta, rho, status } = out;
  const rows = Math.min(count, SIZE);
  const shortest = Math.min(price.length, delta.length, gamma.length, vega.length, theta.length, rho.length, status.length);
  if (shortest < from + rows) throw tooShort();
  for (let j = 0; j < rows; j++) {
    const i = from + j;
    const w = sides[j] as number;
    const s = spots[j] as number;
    const v = sigmas[j] as number;
    const root = roots[j] as number;
    const growth = growths[j] as number;
    const bond = bonds[j] as number;
    const inverse = inverses[j] as number;
    const d1 = d1s[j] as number;
    const d2 = d1 - v * root;
    const slope = growth * (densities[j] as number);
    const asset = s * growth;
    const peak = s * slope;
    const tail1 = peak * (ratios1[j] as number);
    const tail2 = peak * (ratios2[j] as number);
    const held = w * (w * d1 > 0 ? asset - tail1 : tail1);
    const paid = w * (w * d2 > 0 ? bond - tail2 : tail2);
    const perSpot = 1 / s;
    price[i] = Math.max(held - paid, 0);
    delta[i] = held * perSpot;
    gamma[i] = slope * inverse * perSpot;
    vega[i] = peak * root;
    theta[i] = (yields[j] as number) * held - (rates[j] as number) * paid - 0.5 * peak * v * v * inverse;
    rho[i] = (terms[j] as number) * paid;
    status[i] = 0;
  }
  for (let j = 0; odd > 0 && j < rows; j++) {
    if (oddities[j] === ODD) writeOddRow(out, from + j, j);
  }
}

/** phi, vanna, volga and charm of the block whose other figures `writeValues` has just written. */
export function writeCross(out: CrossColumns, from: number, count: number): void {
  const { delta, vega, phi, vanna, volga, charm } = out;
  const rows = Math.min(count, SIZE);
  for (let j = 0; j < rows; j++) {
    const i = from + j;
    const d = delta[i] as number;
    const t = terms[j] as number;
    const odd = oddities[j] === ODD;
    phi[i] = d === 0 || (odd && t <= 0) ? 0 : -t * (spots[j] as number) * d;
    charm[i] = d === 0 || (odd && t <= 0) ? 0 : (yields[j] as number) * d;
    vanna[i] = 0;
    volga[i] = 0;
    if (odd) continue;
    const v = sigmas[j] as number;
    const d1 = d1s[j] as number;
    const d2 = d1 - v * (roots[j] as number);
    const slope = (growths[j] as number) * (densities[j] as number);
    const drift = ((rates[j] as number) - (yields[j] as number)) * (inverses[j] as number) - d2 / (2 * t);
    charm[i] = charm[i] - slope * drift;
    vanna[i] = (-slope * d2) / v;
    volga[i] = ((vega[i] as number) * d1 * d2) / v;
  }
}
