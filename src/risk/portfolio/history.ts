// Daily moves of names beside the market's, day by day, and what follows from them: betas, correlations.
import type { Symbol } from '../../domain/ids.ts';
import type { TradingDay } from '../../domain/time.ts';
import { correlation } from './correlation.ts';
import { meanOf } from './moments.ts';

/** A session's official close: dollars or micros, as only ratios are taken. */
export interface Close {
  readonly day: TradingDay;
  readonly close: number;
}

/** Daily moves that are looked back on. */
export const MOVES_MAX = 250;
/** Fewer common moves than this say nothing of a beta or a correlation; the correlation is taken over the last so many. */
export const COMMON_MIN = 60;

export interface History {
  /** The market's moves, oldest first, at most 250. */
  readonly market: Float64Array;
  /** A name's moves on the same days; NaN where it has none. */
  readonly moves: (name: Symbol) => Float64Array;
}

/**
 * Moves close / previous close - 1 over the market's own days. A name has one on a day if it closed on that day and on the market's day
 * before: a move over a gap is not a day's. Nothing is padded.
 * @param closes oldest first, a bar a session; empty where none are known
 */
export function historyOf(marketIndex: Symbol, closes: (name: Symbol) => readonly Close[]): History {
  const days = closes(marketIndex).slice(-MOVES_MAX - 1);
  const at = new Map(days.map(({ day }, i) => [day, i] as const));
  const moves = (name: Symbol): Float64Array => {
    const found = new Float64Array(Math.max(0, days.length - 1)).fill(Number.NaN);
    let before: { readonly i: number; readonly close: number } | undefined;
    for (const { day, close } of closes(name)) {
      const i = at.get(day);
      if (i === undefined) continue;
      if (before !== undefined && before.i === i - 1 && before.close > 0 && close > 0) found[i - 1] = close / before.close - 1;
      before = { i, close };
    }
    return found;
  };
  return { market: moves(marketIndex), moves };
}

/** Moves of days on which both moved. */
interface Pairs {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** The last `most` days on which both moved, the latest first. */
function common(a: Float64Array, b: Float64Array, most = a.length): Pairs {
  const [x, y] = [new Float64Array(most), new Float64Array(most)];
  let n = 0;
  for (let i = a.length - 1; i >= 0 && n < most; i--) {
    const [p, q] = [a[i] as number, b[i] ?? Number.NaN];
    if (!Number.isFinite(p) || !Number.isFinite(q)) continue;
    x[n] = p;
    y[n] = q;
    n++;
  }
  return { a: x.subarray(0, n), b: y.subarray(0, n) };
}

/** Beta = cov(name, market) / var(market) over all common days; undefined for fewer than sixty, or a market that stood still. */
export function betaOf(name: Float64Array, market: Float64Array): number | undefined {
  const { a, b } = common(name, market);
  if (a.length < COMMON_MIN) return undefined;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [covariance, variance] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const dy = (b[i] as number) - meanB;
    covariance += ((a[i] as number) - meanA) * dy;
    variance += dy * dy;
  }
  const beta = covariance / variance;
  return Number.isFinite(beta) ? beta : undefined;
}

/** Correlation over the last sixty common days; undefined for fewer, or where one of the two stood still. */
export function recentCorrelation(a: Float64Array, b: Float64Array): number | undefined {
  const pair = common(a, b, COMMON_MIN);
  if (pair.a.length < COMMON_MIN) return undefined;
  const rho = correlation(pair.a, pair.b);
  return Number.isNaN(rho) ? undefined : rho;
}

/**
 * A name's moves with no day left out: where it has none of its own it moves as its beta times the market, which is the one-factor
 * stand-in for what is not known, and never zero.
 */
export const filledMoves = (name: Float64Array, market: Float64Array, beta: number): Float64Array =>
  name.map((move, i) => (Number.isNaN(move) ? beta * (market[i] as number) : move));
