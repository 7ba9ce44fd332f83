// The arithmetic of performance: returns net of flows, ratios against a benchmark, and what a list of trades says. Floats only.
import { absent, type Known, known } from '../domain/reasons.ts';

const SESSIONS_A_YEAR = 252;

/** One day: value at its end and the external flow at its start, both in dollars. */
export interface Valuation {
  readonly value: number;
  readonly flow: number;
}

/** R_t = V_t / (V_(t-1) + F_t) - 1: a deposit is no gain. One return fewer than valuations. */
export const dailyReturns = (days: readonly Valuation[]): readonly number[] =>
  days.slice(1).map((day, i) => day.value / ((days[i]?.value ?? Number.NaN) + day.flow) - 1);

/** Time-weighted return: the daily returns chained. */
export const timeWeighted = (returns: readonly number[]): number => returns.reduce((growth, r) => growth * (1 + r), 1) - 1;

/** Shares after a dividend is reinvested at the ex-date's close. */
export const reinvested = (shares: number, dividend: number, close: number): number => shares * (1 + dividend / close);

const mean = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0) / xs.length;

/** Sample standard deviation, divisor n - 1. */
const deviation = (xs: readonly number[]): number => {
  const m = mean(xs);
  return Math.sqrt(xs.reduce((total, x) => total + (x - m) ** 2, 0) / (xs.length - 1));
};

const covariance = (xs: readonly number[], ys: readonly number[]): number => {
  const mx = mean(xs);
  const my = mean(ys);
  return xs.reduce((total, x, i) => total + (x - mx) * ((ys[i] ?? my) - my), 0) / (xs.length - 1);
};

/** A fall from a running high of chained returns. Indices count values, not returns: 0 is the value before the first return. */
export interface Drawdown {
  /** A positive fraction of the high. */
  readonly depth: number;
  readonly peak: number;
  readonly trough: number;
  /** The first value at or above the high again; null while it is below. */
  readonly recovered: number | null;
}

/** A dollar after each of the returns, the dollar itself in front. */
function grown(returns: readonly number[]): readonly number[] {
  const values = [1];
  for (const r of returns) values.push((values.at(-1) ?? 1) * (1 + r));
  return values;
}

/** The largest fall, the earlier of two alike; null where nothing fell. */
export function largestDrawdown(returns: readonly number[]): Drawdown | null {
  const values = grown(returns);
  let high = { at: 0, value: 1 };
  let worst = { depth: 0, peak: 0, trough: 0, high: 1 };
  for (const [at, value] of values.entries()) {
    if (value > high.value) high = { at, value };
    const depth = 1 - value / high.value;
    if (depth > worst.depth) worst = { depth, peak: high.at, trough: at, high: high.value };
  }
  const { depth, peak, trough } = worst;
  if (depth === 0) return null;
  const recovered = values.findIndex((value, at) => at > trough && value >= worst.high);
  return { depth, peak, trough, recovered: recovered === -1 ? null : recovered };
}

/** Largest fall from a running high of the chained returns, a positive fraction; 0 where nothing fell. */
export const maxDrawdown = (returns: readonly number[]): number => largestDrawdown(returns)?.depth ?? 0;

/** A ratio whose denominator is nothing says nothing. */
const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

export interface OwnMetrics {
  readonly cagr: number;
  readonly volatility: number;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly maxDrawdown: number;
}

export interface RelativeMetrics {
  readonly beta: number | null;
  /** Jensen's, a year. */
  readonly alpha: number | null;
  readonly trackingError: number;
  readonly informationRatio: number | null;
  /** t statistic of the mean active return. */
  readonly t: number | null;
}

interface Sample {
  readonly returns: readonly number[];
  /** Risk-free return of one session. */
  readonly riskFree: number;
  readonly observationsMin: number;
}

const tooFew = (n: number, least: number): Known<never> => absent('INSUFFICIENT_OBS', `${n} daily returns, ${least} are needed`);

/** Metrics of one series alone. Sharpe = mean(R - rf)/sd x sqrt 252; Sortino divides by the root mean square of min(0, R - rf) over all n. */
export function ownMetrics({ returns, riskFree, observationsMin }: Sample): Known<OwnMetrics> {
  const n = returns.length;
  if (n < Math.max(2, observationsMin)) return tooFew(n, Math.max(2, observationsMin));
  const excess = returns.map((r) => r - riskFree);
  const downside = Math.sqrt(mean(excess.map((x) => Math.min(0, x) ** 2)));
  const year = Math.sqrt(SESSIONS_A_YEAR);
  const sharpe = ratio(mean(excess), deviation(returns));
  const sortino = ratio(mean(excess), downside);
  return known({
    cagr: (1 + timeWeighted(returns)) ** (SESSIONS_A_YEAR / n) - 1,
    volatility: deviation(returns) * year,
    sharpe: sharpe === null ? null : sharpe * year,
    sortino: sortino === null ? null : sortino * year,
    maxDrawdown: maxDrawdown(returns),
  });
}

/** Metrics against a benchmark of the same days: beta = cov/var, alpha = (mean(R - rf) - beta mean(B - rf)) x 252. */
export function relativeMetrics({ returns, riskFree, observationsMin }: Sample, benchmark: readonly number[]): Known<RelativeMetrics> {
  const n = returns.length;
  if (n < Math.max(2, observationsMin) || benchmark.length !== n)
    return tooFew(Math.min(n, benchmark.length), Math.max(2, observationsMin));
  const beta = ratio(covariance(returns, benchmark), covariance(benchmark, benchmark));
  const active = returns.map((r, i) => r - (benchmark[i] ?? 0));
  const spread = deviation(active);
  const perDay = ratio(mean(active), spread);
  return known({
    beta,
    alpha: beta === null ? null : (mean(returns) - riskFree - beta * (mean(benchmark) - riskFree)) * SESSIONS_A_YEAR,
    trackingError: spread * Math.sqrt(SESSIONS_A_YEAR),
    informationRatio: perDay === null ? null : perDay * Math.sqrt(SESSIONS_A_YEAR),
    t: perDay === null ? null : perDay * Math.sqrt(n),
  });
}

export interface TradeStats {
  readonly count: number;
  readonly winRate: number;
  /** Gains over losses; null without a loss. */
  readonly profitFactor: number | null;
  /** Mean result of a trade, dollars. */
  readonly expectancy: number;
  /** t statistic of the mean result; null without spread. */
  readonly t: number | null;
}

/** What closed trades say, dollars each; absent without one. */
export function tradeStats(results: readonly number[]): Known<TradeStats> {
  if (results.length === 0) return absent('INSUFFICIENT_OBS', 'no closed trade');
  const gains = results.reduce((total, r) => total + Math.max(0, r), 0);
  const losses = results.reduce((total, r) => total - Math.min(0, r), 0);
  const spread = results.length > 1 ? deviation(results) : 0;
  const t = ratio(mean(results), spread);
  return known({
    count: results.length,
    winRate: results.filter((r) => r > 0).length / results.length,
    profitFactor: ratio(gains, losses),
    expectancy: mean(results),
    t: t === null ? null : t * Math.sqrt(results.length),
  });
}
