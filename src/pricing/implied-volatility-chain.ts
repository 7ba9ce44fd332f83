// Columns of prices to columns of volatilities: every inversion of the project runs through here, also that of a single price.
//
// The out-of-the-money value over the smaller of S e^(-qT) and K e^(-rT) is p = n(a) (M(a) - M(b)), with a, b = x/s -+ s/2, M Mills' ratio
// and x = |ln(F/K)|; over the inflection 1 - p = n(a) (M(-a) + M(b)). So ln p, or ln(1 - p), needs no exponential, its derivatives in s
// are rational in x, s and the ratios, and Householder's iteration (after P. Jaeckel, "Let's Be Rational", 2013-2024) is carried to order six.
// Rows go through in blocks, stage by stage, since small loops over columns are what a compiler does best.
import { NEAR_RATIO_MAX, nearStart, rationalStart } from './deviation-start.ts';
import { exp, log } from './elementary.ts';
import type { ContractColumns } from './european-kernel.ts';
import { millsAt, millsGap } from './mills-gap.ts';

/** What a status byte says: 0 is solved, any other names why there is no volatility. */
export const volatilityStatuses = [
  'solved',
  'nan',
  'bad_input',
  'negative',
  'expired',
  'below_intrinsic',
  'zero',
  'at_intrinsic',
  'above_max',
] as const;
export type VolatilityStatus = (typeof volatilityStatuses)[number];

/** Contracts with the share they stand on and what they cost, dollars a share; all columns of one length. */
export interface PriceColumns extends ContractColumns {
  readonly spot: Float64Array;
  readonly price: Float64Array;
}

export interface VolatilityColumns {
  /** Annual volatility; 0 where there is none. */
  readonly sigma: Float64Array;
  /** Index into `volatilityStatuses`. */
  readonly status: Uint8Array;
}

const INV_ROOT_TAU = 0.3989422804014327;
/** Rows a block: its columns fit the first cache beside the tables. */
const BLOCK = 128;
/**
 * Steps after which a root from a cold start must stand to its last bits: one suffices by the table of starts, two by its four branches,
 * and one is margin. A row that did not settle would be refused, not answered.
 */
const MOST_STEPS = 3;
/**
 * The last step tells the error it leaves: with v its Newton part relative to s, at most half of (v max(1, 0.45 s))^6. Under COLD that is a
 * tenth of the last bit, under WARM 1e-12.
 */
const COLD = 0.0019;
const WARM = 0.011;
/** Parity leaves that much of the larger of asset and bond in doubt: an in-the-money price nearer to intrinsic says nothing. */
const PARITY_DOUBT = 2 ** -51;

// The block's columns: log-moneyness, n(0)/p or -n(0)/(1 - p), root of the years, the deviation sought, the last step's size.
const moneyness = new Float64Array(BLOCK);
const scale = new Float64Array(BLOCK);
const rootYears = new Float64Array(BLOCK);
const deviation = new Float64Array(BLOCK);
const lastStep = new Float64Array(BLOCK);

const code = (status: VolatilityStatus): number => volatilityStatuses.indexOf(status);
const SOLVED = code('solved');
const BAD_INPUT = code('bad_input');

/** Least p the arithmetic carries: the smallest normal double. */
const P_MIN = 2.2250738585072014e-308;
/** Strike and forward further apart than e^700 are no contract. */
const MONEYNESS_MAX = 700;

/** Which status a row without a volatility has; the caller has found that something forbids one. */
function refusal(columns: PriceColumns, row: number): number {
  const side = columns.side[row] as number;
  const spot = columns.spot[row] as number;
  const strike = columns.strike[row] as number;
  const years = columns.years[row] as number;
  const price = columns.price[row] as number;
  const carry = (columns.rate[row] as number) - (columns.dividendYield[row] as number);
  if (Number.isNaN(price)) return code('nan');
  const sound = side * side === 1 && spot > 0 && strike > 0 && spot + strike < Number.POSITIVE_INFINITY;
  if (!sound || !Number.isFinite(carry) || !Number.isFinite(years)) return BAD_INPUT;
  if (price < 0) return code('negative');
  if (years <= 0) return code('expired');
  const asset = spot * exp(-(columns.dividendYield[row] as number) * years);
  const bond = strike * exp(-(columns.rate[row] as number) * years);
  if (!(Math.abs(log(spot / strike) + carry * years) <= MONEYNESS_MAX && asset + bond < Number.POSITIVE_INFINITY)) return BAD_INPUT;
  const intrinsic = side * (asset - bond);
  if (price >= (side > 0 ? asset : bond)) return code('above_max');
  if (intrinsic <= 0) return code('zero');
  return price < intrinsic - PARITY_DOUBT * Math.max(asset, bond) ? code('below_intrinsic') : code('at_intrinsic');
}

/** Stage 1: a row's figures that do not depend on the volatility, and whether it has one. */
function prepare(columns: PriceColumns, first: number, count: number, status: Uint8Array): void {
  const { side, spot, strike, years, rate, dividendYield, price } = columns;
  for (let j = 0; j < count; j++) {
    const i = first + j;
    const w = side[i] as number;
    const t = years[i] as number;
    const asset = (spot[i] as number) * exp(-(dividendYield[i] as number) * t);
    const bond = (strike[i] as number) * exp(-(rate[i] as number) * t);
    const value = price[i] as number;
    const ahead = w * (asset - bond);
    const small = Math.min(asset, bond);
    const large = Math.max(asset, bond);
    const excess = ahead > 0 ? value - ahead : value;
    // What is missing to the bound, from the price itself: one rounding fewer than small - excess.
    const missing = (w > 0 ? asset : bond) - value;
    const p = excess / small;
    const x = Math.abs(log((spot[i] as number) / (strike[i] as number)) + ((rate[i] as number) - (dividendYield[i] as number)) * t);
    const solvable =
      p >= P_MIN && small > 0 && missing > 0 && t > 0 && x <= MONEYNESS_MAX && w * w === 1 && (ahead <= 0 || excess > PARITY_DOUBT * large);
    status[i] = solvable ? SOLVED : refusal(columns, i);
    // A refused row goes on as some harmless one.
    moneyness[j] = solvable ? x : 0;
    scale[j] = !solvable ? 1 : p < 0.5 ? INV_ROOT_TAU / p : (-INV_ROOT_TAU * small) / missing;
    rootYears[j] = Math.sqrt(t);
  }
}

/** Where the table of starts does not reach. */
function startAfar(j: number): number {
  const part = INV_ROOT_TAU / Math.abs(scale[j] as number);
  return (scale[j] as number) > 0
    ? rationalStart(moneyness[j] as number, part, 1 - part)
    : rationalStart(moneyness[j] as number, 1 - part, part);
}

/** Stage 2: where the search starts without knowledge of an earlier volatility, for rows from..to of the block. */
function start(from: number, to: number): void {
  for (let j = from; j < to; j++) {
    const x = moneyness[j] as number;
    const beta = (INV_ROOT_TAU / (scale[j] as number)) * exp(-0.5 * x);
    const ratio = x / beta;
    const near = ratio >= 0 && ratio < NEAR_RATIO_MAX ? nearStart(x, beta, ratio) : 0;
    deviation[j] = near > 0 ? near : startAfar(j);
  }
}

/**
 * Stage 3: one step of Householder's iteration of order six towards the root of ln p, or of ln(1 - p), for rows from..to of the block.
 * All derivatives are times their power of s, so that steps are relative to s.
 */
function step(from: number, to: number): void {
  for (let j = from; j < to; j++) {
    const x = moneyness[j] as number;
    const s = deviation[j] as number;
    const weight = scale[j] as number;
    const h = x / s;
    const t = 0.5 * s;
    const a = h - t;
    const low = weight > 0;
    if (!((low ? a : -a) > -1.4 && s > 0)) {
      lastStep[j] = Number.POSITIVE_INFINITY;
      continue;
    }
    const mass = low ? millsGap(a, h + t, s) : millsAt(-a) + millsAt(h + t);
    const inverse = mass / s;
    const miss = 0.5 * a * a - log(mass * Math.abs(weight));
    const newton = low ? miss * inverse : -miss * inverse;
    const m1 = low ? 1 / inverse : -1 / inverse;
    // Logarithmic derivatives of the value's slope n(a), then of the slope of its logarithm.
    const h2 = h * h;
    const t2 = t * t;
    const w1 = h2 - t2 - m1;
    const m2 = m1 * w1;
    const w2 = -3 * h2 - t2 - m2;
    const m3 = m1 * (w1 * w1 + w2);
    const w3 = 12 * h2 - m3;
    const w4 = -60 * h2 - m1 * (w1 * w1 * w1 + 3 * w1 * w2 + w3);
    // Taylor coefficients of the objective over its slope, in units of the Newton step; then those of its reciprocal, whose last two give the step.
    const n2 = newton * newton;
    const square = w1 * w1;
    const c2 = newton * w1 * 0.5;
    const c3 = n2 * (square + w2) * (1 / 6);
    const c4 = n2 * newton * (square * w1 + 3 * w1 * w2 + w3) * (1 / 24);
    const c5 = n2 * n2 * (square * square + 6 * square * w2 + 4 * w1 * w3 + 3 * w2 * w2 + w4) * (1 / 120);
    const r2 = 1 + c2;
    const r3 = r2 + c2 + c3;
    const r4 = r3 + c2 * r2 + c3 + c4;
    const r5 = r4 + c2 * r3 + c3 * r2 + c4 + c5;
    deviation[j] = s + (s * newton * r4) / r5;
    lastStep[j] = Math.abs(newton) * Math.max(1, 0.45 * s);
  }
}

/** Steps a row on until the last step is within `tolerance`, at most `most` times; false where it never was. */
function settles(j: number, tolerance: number, most: number): boolean {
  for (let taken = 0; taken < most; taken++) {
    step(j, j + 1);
    if ((lastStep[j] as number) <= tolerance) return true;
  }
  return false;
}

function writeBlock(out: VolatilityColumns, first: number, count: number): void {
  for (let j = 0; j < count; j++) {
    out.sigma[first + j] = out.status[first + j] === SOLVED ? (deviation[j] as number) / (rootYears[j] as number) : 0;
  }
}

/**
 * Volatilities of the rows from..to, without knowledge of earlier ones: |error| is within a few last bits times the condition of the
 * volatility in the row's inputs. Never throws on columns of one length, never writes a NaN: a row without a volatility gets 0 and a status.
 */
export function impliedVolatilityChain(columns: PriceColumns, out: VolatilityColumns, from = 0, to = columns.price.length): void {
  for (let first = from; first < to; first += BLOCK) {
    const count = Math.min(BLOCK, to - first);
    prepare(columns, first, count, out.status);
    start(0, count);
    step(0, count);
    for (let j = 0; j < count; j++) {
      if ((lastStep[j] as number) <= COLD || out.status[first + j] !== SOLVED) continue;
      if (!settles(j, COLD, MOST_STEPS - 1)) out.status[first + j] = BAD_INPUT;
    }
    writeBlock(out, first, count);
  }
}

/**
 * The same with the volatility each contract had at the last tick: within 1e-12 of `impliedVolatilityChain`, relative to sigma, in one
 * step where the volatility moved by about 1 % or less, two where one does not prove the error, and from a cold start where neither
 * does. What `previous` holds (0, a NaN, nonsense) costs time, never the answer. `previous` may be `out.sigma`.
 */
export function impliedVolatilityChainFrom(
  columns: PriceColumns,
  previous: Float64Array,
  out: VolatilityColumns,
  from = 0,
  to = columns.price.length,
): void {
  for (let first = from; first < to; first += BLOCK) {
    const count = Math.min(BLOCK, to - first);
    prepare(columns, first, count, out.status);
    for (let j = 0; j < count; j++) deviation[j] = (previous[first + j] as number) * (rootYears[j] as number);
    step(0, count);
    for (let j = 0; j < count; j++) {
      if ((lastStep[j] as number) <= WARM || out.status[first + j] !== SOLVED || settles(j, WARM, 1)) continue;
      start(j, j + 1);
      if (!settles(j, COLD, MOST_STEPS)) out.status[first + j] = BAD_INPUT;
    }
    writeBlock(out, first, count);
  }
}
