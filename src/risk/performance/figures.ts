// The figures of one series of daily returns, and of one list of closed trades: what a report prints of the account and of each strategy.
import type { Known } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import { largestDrawdown, ownMetrics, relativeMetrics, type TradeStats, timeWeighted, tradeStats } from '../../pricing/performance.ts';

/** One day's return; null where it is not known. */
export interface DayReturn {
  readonly day: TradingDay;
  readonly value: number | null;
  /** Sessions it covers; one of more than one is chained, but is no daily observation. */
  readonly sessions: number;
}

export interface DatedDrawdown {
  /** A positive fraction of the high. */
  readonly depth: number;
  /** The day of the high; null where that was the beginning. */
  readonly peak: TradingDay | null;
  readonly trough: TradingDay;
  /** Null while it has not been made good. */
  readonly recovered: TradingDay | null;
}

/** Ratios a year of 252 sessions. What is null cannot be said: too few days, a return that is not known, or nothing to divide by. */
export interface ReturnFigures {
  readonly days: number;
  /** Days that count for the ratios. */
  readonly observations: number;
  /** Daily returns chained. */
  readonly timeWeighted: number | null;
  readonly cagr: number | null;
  readonly volatility: number | null;
  readonly sharpe: number | null;
  /** Downside is min(0, R - rf), its mean square taken over all days. */
  readonly sortino: number | null;
  /** CAGR over the largest drawdown. */
  readonly calmar: number | null;
  /** Null where nothing fell, and where a return is not known. */
  readonly drawdown: DatedDrawdown | null;
}

/** Two observations make a deviation; how little they say is for the reader to see in `observations`. */
const OBSERVATIONS_MIN = 2;

const observed = (days: readonly DayReturn[]): readonly number[] =>
  days.flatMap(({ value, sessions }) => (value !== null && sessions === 1 ? [value] : []));

function datedDrawdown(days: readonly DayReturn[], returns: readonly number[]): DatedDrawdown | null {
  const found = largestDrawdown(returns);
  const dayAt = (value: number): TradingDay | null => days[value - 1]?.day ?? null;
  const trough = found === null ? null : dayAt(found.trough);
  if (found === null || trough === null) return null;
  return { depth: found.depth, peak: dayAt(found.peak), trough, recovered: found.recovered === null ? null : dayAt(found.recovered) };
}

/**
 * Figures of a series.
 * @param riskFree of one session. A strategy's profit is earned beside what idle cash earns, so for it this is 0.
 */
export function returnFigures(days: readonly DayReturn[], riskFree: number): ReturnFigures {
  const all = days.map(({ value }) => value);
  const chained = all.filter((value) => value !== null);
  const whole = all.length > 0 && chained.length === all.length;
  const returns = observed(days);
  const own = ownMetrics({ returns, riskFree, observationsMin: OBSERVATIONS_MIN });
  const drawdown = whole ? datedDrawdown(days, chained) : null;
  const sessions = days.reduce((n, day) => n + day.sessions, 0);
  const grown = whole ? timeWeighted(chained) : null;
  const cagr = grown === null || returns.length < OBSERVATIONS_MIN || grown <= -1 ? null : (1 + grown) ** (252 / sessions) - 1;
  return {
    days: days.length,
    observations: returns.length,
    timeWeighted: grown,
    cagr,
    volatility: own.known ? own.value.volatility : null,
    sharpe: own.known ? own.value.sharpe : null,
    sortino: own.known ? own.value.sortino : null,
    calmar: cagr === null || drawdown === null ? null : cagr / drawdown.depth,
    drawdown,
  };
}

/** Ours against a benchmark, over the days that both have. */
export interface AgainstBenchmark {
  readonly symbol: string;
  readonly figures: ReturnFigures;
  /** Ours, over the same days. */
  readonly ours: ReturnFigures;
  readonly beta: number | null;
  /** Jensen's, a year. */
  readonly alpha: number | null;
  readonly trackingError: number | null;
  readonly informationRatio: number | null;
}

/** Days paired by date; what either lacks is left out of both. */
export function againstBenchmark(
  symbol: string,
  ours: readonly DayReturn[],
  theirs: ReadonlyMap<TradingDay, number>,
  riskFree: number,
): AgainstBenchmark {
  const paired = ours.filter(({ day, value }) => value !== null && theirs.has(day));
  const benchmark = paired.map(({ day, sessions }) => ({ day, sessions, value: theirs.get(day) ?? null }));
  const relative = relativeMetrics({ returns: observed(paired), riskFree, observationsMin: OBSERVATIONS_MIN }, observed(benchmark));
  return {
    symbol,
    figures: returnFigures(benchmark, riskFree),
    ours: returnFigures(paired, riskFree),
    beta: relative.known ? relative.value.beta : null,
    alpha: relative.known ? relative.value.alpha : null,
    trackingError: relative.known ? relative.value.trackingError : null,
    informationRatio: relative.known ? relative.value.informationRatio : null,
  };
}

/** What closed trades say, dollars each; absent without one. */
export const tradeFigures = (results: readonly number[]): Known<TradeStats> => tradeStats(results);
