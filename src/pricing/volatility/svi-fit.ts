// The raw SVI curve nearest the quotes of one expiry, whatever one bad quote among them says.
import { exp, log } from '../elementary.ts';
import { leastInPlane } from './nelder-mead.ts';
import { type MoneynessRange, type SmileArbitrage, type Svi, smileArbitrage, sviVariance } from './svi.ts';

/** What one strike's quote says of total variance. */
export interface SmileQuote {
  /** ln(strike / forward). */
  readonly k: number;
  /** Total variance of the mid: volatility^2 x years; positive. */
  readonly variance: number;
  /** Half the spread in total variance; not negative. */
  readonly halfWidth: number;
}

export type SviFit =
  | {
      readonly kind: 'fitted';
      readonly svi: Svi;
      /** Log-moneyness of the outermost strikes given. */
      readonly range: MoneynessRange;
      /** Quotes that the fit heeds; the others lie too far from it to be believed. */
      readonly heeded: number;
      /** Root mean square distance of the heeded from the curve, in half spreads. */
      readonly rms: number;
      /** What the curve would allow among the strikes given; undefined when nothing. */
      readonly arbitrage: SmileArbitrage | undefined;
      /** What it would allow where it is continued beyond them: a reason not to. */
      readonly arbitrageBeyond: SmileArbitrage | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: 'too_few_strikes'; readonly needed: number }
  | { readonly kind: 'refused'; readonly reason: 'not_positive' };

/** One more than the curve has parameters. */
const STRIKES_MIN = 6;
/** A quote's spread counts as at least this share of the median one, so that no single tight quote draws the curve to itself. */
const WIDTH_FLOOR = 0.5;
/** Tightest wings the search allows: |rho| as a share of 1, and the slope beyond which arbitrage is certain. */
const RHO_MAX = 0.999;
const WING_MAX = 2;
/** Tukey's cut-off in robust standard deviations, at which 95 % of the efficiency on clean data is kept. */
const TUKEY = 4.685;
/** Median absolute deviation to standard deviation. */
const MAD = 1.4826;
/** A robust deviation counts as at least this many half spreads: what lies within its own spread is believed. */
const SCALE_MIN = 0.5;
const ROUNDS_ABSOLUTE = 3;
const ROUNDS_BIWEIGHT = 3;
/** How closely m and sigma are searched while the weights still move, and at the end. */
const ROUGH = 1e-3;
const FINE = 1e-8;

/** Columns of one expiry and the weights of the round. */
interface Columns {
  readonly k: Float64Array;
  readonly w: Float64Array;
  readonly tolerance: Float64Array;
  readonly weight: Float64Array;
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Weighted second moments of y, z = sqrt(y^2 + 1) and w about their means. */
interface Moments {
  readonly meanY: number;
  readonly meanZ: number;
  readonly meanW: number;
  readonly yy: number;
  readonly yz: number;
  readonly zz: number;
  readonly yw: number;
  readonly zw: number;
}

function momentsOf({ k, w, weight }: Columns, m: number, sigma: number): Moments {
  let [total, sumY, sumZ, sumW] = [0, 0, 0, 0];
  for (let i = 0; i < k.length; i++) {
    const y = ((k[i] as number) - m) / sigma;
    const g = weight[i] as number;
    total += g;
    sumY += g * y;
    sumZ += g * Math.sqrt(y * y + 1);
    sumW += g * (w[i] as number);
  }
  const [meanY, meanZ, meanW] = [sumY / total, sumZ / total, sumW / total];
  let [yy, yz, zz, yw, zw] = [0, 0, 0, 0, 0];
  for (let i = 0; i < k.length; i++) {
    const y = ((k[i] as number) - m) / sigma;
    const dy = y - meanY;
    const dz = Math.sqrt(y * y + 1) - meanZ;
    const dw = (w[i] as number) - meanW;
    const g = weight[i] as number;
    yy += g * dy * dy;
    yz += g * dy * dz;
    zz += g * dz * dz;
    yw += g * dy * dw;
    zw += g * dz * dw;
  }
  return { meanY, meanZ, meanW, yy, yz, zz, yw, zw };
}

interface Wings {
  /** rho b sigma. */
  readonly d: number;
  /** b sigma. */
  readonly c: number;
}

/** The least of the quadratic on the segment between two corners; it is convex, so the nearer end stands for what lies beyond. */
function leastOnEdge(s: Moments, p: Wings, q: Wings): Wings {
  const [u, v] = [q.d - p.d, q.c - p.c];
  const bend = u * u * s.yy + 2 * u * v * s.yz + v * v * s.zz;
  const pull = u * (s.yw - p.d * s.yy - p.c * s.yz) + v * (s.zw - p.d * s.yz - p.c * s.zz);
  const t = bend > 0 ? Math.min(1, Math.max(0, pull / bend)) : 0;
  return { d: p.d + t * u, c: p.c + t * v };
}

/**
 * The linear half of the problem: d and c of least squares for a given m and sigma, within |d| <= 0.999 c and c + |d| <= 2 sigma.
 * The bounds make a convex quadrangle, so the answer is the free one or lies on an edge.
 */
function bestWings(s: Moments, sigma: number): Wings {
  const determinant = s.yy * s.zz - s.yz * s.yz;
  if (determinant > 1e-14 * s.yy * s.zz) {
    const d = (s.yw * s.zz - s.zw * s.yz) / determinant;
    const c = (s.zw * s.yy - s.yw * s.yz) / determinant;
    if (Math.abs(d) <= RHO_MAX * c && c + Math.abs(d) <= WING_MAX * sigma) return { d, c };
  }
  const top: Wings = { d: 0, c: WING_MAX * sigma };
  const shoulder = top.c / (1 + RHO_MAX);
  const corners: readonly Wings[] = [{ d: 0, c: 0 }, { d: RHO_MAX * shoulder, c: shoulder }, top, { d: -RHO_MAX * shoulder, c: shoulder }];
  let best: Wings = { d: 0, c: 0 };
  let least = Infinity;
  for (const [i, corner] of corners.entries()) {
    const found = leastOnEdge(s, corner, corners[(i + 1) % corners.length] as Wings);
    const { d, c } = found;
    const cost = d * (d * s.yy + 2 * c * s.yz - 2 * s.yw) + c * (c * s.zz - 2 * s.zw);
    if (cost < least) [best, least] = [found, cost];
  }
  return best;
}

/** The whole curve for a given m and sigma; the level is raised where the least variance would be negative. */
function curveAt(columns: Columns, m: number, sigma: number): Svi {
  const s = momentsOf(columns, m, sigma);
  const { d, c } = bestWings(s, sigma);
  const a = Math.max(s.meanW - d * s.meanY - c * s.meanZ, -Math.sqrt(Math.max(0, c * c - d * d)));
  return { a, b: c / sigma, rho: c > 0 ? d / c : 0, m, sigma };
}

function costOf({ k, w, weight }: Columns, svi: Svi): number {
  let cost = 0;
  for (let i = 0; i < k.length; i++) {
    const miss = (w[i] as number) - sviVariance(svi, k[i] as number);
    cost += (weight[i] as number) * miss * miss;
  }
  return cost;
}

const COARSE_M = 9;
const COARSE_SIGMA = 7;

/** Where the search for m and sigma begins and how far it goes. */
interface Start {
  readonly m: number;
  readonly sigma: number;
  readonly tolerance: number;
}

/** m and sigma of least cost on a coarse grid over what the strikes can show. */
function coarseStart(columns: Columns, tolerance: number): Start {
  const from = columns.k[0] as number;
  const range = (columns.k[columns.k.length - 1] as number) - from;
  let best: Start = { m: from + range / 2, sigma: range / 4, tolerance };
  let least = Infinity;
  for (let i = 0; i < COARSE_M; i++) {
    for (let j = 0; j < COARSE_SIGMA; j++) {
      const m = from + range * (-0.25 + (1.5 * i) / (COARSE_M - 1));
      const sigma = 0.01 * range * exp((log(200) * j) / (COARSE_SIGMA - 1));
      const cost = costOf(columns, curveAt(columns, m, sigma));
      if (cost < least) [best, least] = [{ m, sigma, tolerance }, cost];
    }
  }
  return best;
}

/** The non-linear half: m and sigma by the simplex method from a start, within bounds beyond which the strikes show nothing of either. */
function fitFrom(columns: Columns, start: Start): Svi {
  const from = columns.k[0] as number;
  const range = (columns.k[columns.k.length - 1] as number) - from;
  const [least, most] = [log(1e-3 * range), log(10 * range)];
  const cost = (x: number, y: number): number => {
    if (Math.abs(x - 0.5) > 1.5 || y < least || y > most) return Infinity;
    return costOf(columns, curveAt(columns, from + x * range, exp(y)));
  };
  const { m, sigma, tolerance } = start;
  const { x, y } = leastInPlane(cost, { x: (m - from) / range, y: log(sigma), stepX: 0.1, stepY: 0.4, tolerance });
  return curveAt(columns, from + x * range, exp(y));
}

/** Distances from a curve in half spreads. */
const missesOf = ({ k, w, tolerance }: Columns, svi: Svi): Float64Array =>
  k.map((at, i) => ((w[i] as number) - sviVariance(svi, at)) / (tolerance[i] as number));

/** Neighbours that a quote is first judged by. */
const NEIGHBOURS = 6;
/** Half spreads by which a quote may leave its neighbours' range whatever that is. */
const NEIGHBOUR_SLACK = 3;

/**
 * Which quotes lie so far off their six nearest that a curve is first drawn without them: beyond the neighbours' range, the highest and the
 * lowest of them left out, by more than that range again. The curve itself cannot tell at first: near an end it can bend to a single strike.
 */
function grossOf({ k, w, tolerance }: Columns): readonly boolean[] {
  const found = Array.from(k, (_, i) => {
    const first = Math.max(0, Math.min(i - NEIGHBOURS / 2, k.length - 1 - NEIGHBOURS));
    const around = w.slice(first, first + NEIGHBOURS + 1).filter((__, j) => first + j !== i);
    const inner = around.sort().subarray(1, -1);
    const [low, high] = [inner[0] as number, inner[inner.length - 1] as number];
    const room = high - low + NEIGHBOUR_SLACK * (tolerance[i] as number);
    return (w[i] as number) < low - room || (w[i] as number) > high + room;
  });
  // Where half of them or more stand out, nothing stands out.
  return 2 * found.filter(Boolean).length < found.length ? found : found.map(() => false);
}

/** Weights by absolute distance, which one far quote cannot rule. */
function weighAbsolute({ tolerance, weight }: Columns, misses: Float64Array, gross: readonly boolean[]): void {
  const scale = Math.max(SCALE_MIN, MAD * median(misses.map(Math.abs)));
  for (let i = 0; i < misses.length; i++) {
    const factor = 1 / Math.max(1, Math.abs(misses[i] as number) / scale);
    weight[i] = gross[i] === true ? 0 : factor / (tolerance[i] as number) ** 2;
  }
}

/** Tukey's biweight, which heeds nothing far away at all. */
function weighBiweight({ tolerance, weight }: Columns, misses: Float64Array): void {
  const scale = Math.max(SCALE_MIN, MAD * median(misses.map(Math.abs)));
  for (let i = 0; i < misses.length; i++) {
    const inside = Math.max(0, 1 - ((misses[i] as number) / (scale * TUKEY)) ** 2);
    weight[i] = (inside * inside) / (tolerance[i] as number) ** 2;
  }
}

function columnsOf(quotes: readonly SmileQuote[]): Columns {
  const sorted = [...quotes].sort((p, q) => p.k - q.k);
  const k = Float64Array.from(sorted, (q) => q.k);
  const w = Float64Array.from(sorted, (q) => q.variance);
  const widths = Float64Array.from(sorted, (q) => q.halfWidth);
  const floor = Math.max(WIDTH_FLOOR * median(widths), 1e-6 * median(w));
  const tolerance = widths.map((width) => Math.max(width, floor));
  return { k, w, tolerance, weight: tolerance.map((t) => 1 / (t * t)) };
}

/**
 * The raw SVI curve of least weighted squares through one expiry's quotes, by the quasi-explicit split (Zeliade Systems, "Quasi-explicit
 * calibration of Gatheral's SVI model", 2009): for given m and sigma the rest is linear with bounds and solved exactly; m and sigma are
 * searched. Weights are the inverse squared spreads, reweighed over seven rounds so that quotes far from the rest lose their say. The
 * curve has least variance >= 0, |rho| <= 0.999 and wings no steeper than 2; a negative density is not fitted away but reported.
 * @param quotes six strikes or more, in any order
 */
export function fitSvi(quotes: readonly SmileQuote[]): SviFit {
  if (!quotes.every(({ k, variance, halfWidth }) => Number.isFinite(k) && variance > 0 && variance < Infinity && halfWidth >= 0))
    return { kind: 'refused', reason: 'not_positive' };
  if (new Set(quotes.map((q) => q.k)).size < STRIKES_MIN) return { kind: 'refused', reason: 'too_few_strikes', needed: STRIKES_MIN };
  const columns = columnsOf(quotes);
  const gross = grossOf(columns);
  weighAbsolute(columns, new Float64Array(quotes.length), gross);
  let svi = fitFrom(columns, coarseStart(columns, ROUGH));
  for (let round = 0; round < ROUNDS_ABSOLUTE; round++) {
    weighAbsolute(columns, missesOf(columns, svi), gross);
    svi = fitFrom(columns, { m: svi.m, sigma: svi.sigma, tolerance: ROUGH });
  }
  for (let round = 0; round < ROUNDS_BIWEIGHT; round++) {
    weighBiweight(columns, missesOf(columns, svi));
    svi = fitFrom(columns, round === 0 ? coarseStart(columns, ROUGH) : { m: svi.m, sigma: svi.sigma, tolerance: FINE });
  }
  const misses = missesOf(columns, svi);
  let [heeded, squares] = [0, 0];
  for (const [i, miss] of misses.entries()) {
    if (columns.weight[i] === 0) continue;
    heeded++;
    squares += miss * miss;
  }
  const range = { from: columns.k[0] as number, to: columns.k[columns.k.length - 1] as number };
  const [arbitrage, arbitrageBeyond] = [smileArbitrage(svi, range), smileArbitrage(svi)];
  return { kind: 'fitted', svi, range, heeded, rms: Math.sqrt(squares / heeded), arbitrage, arbitrageBeyond };
}
