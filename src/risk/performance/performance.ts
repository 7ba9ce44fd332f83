// The performance of an account and of each of its strategies, from its journal alone: everything that a report of it shows.
import type { Owner } from '../../domain/ids.ts';
import { dollars, type Usd, usd } from '../../domain/money.ts';
import type { EndedTrade, PerformanceJournal } from '../../domain/performance-journal.ts';
import type { Known } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { TradeStats } from '../../pricing/performance.ts';
import { benchmarkReturns, type IndexDay } from './benchmark.ts';
import { type CurveDay, type EquityMark, equityCurve, equityMarks } from './equity-curve.ts';
import { type AgainstBenchmark, againstBenchmark, type DayReturn, type ReturnFigures, returnFigures, tradeFigures } from './figures.ts';
import { type SessionSpan, sessionSpans, type Window } from './session-spans.ts';
import { heldByAll, standingsOf } from './standings.ts';
import { type Caps, exposureOver, type StrategyDay, strategyDaily, within } from './strategy-daily.ts';
import { type Together, togetherOf } from './together.ts';

/** How much was held and traded, as parts of equity (the account's) or of the cap (a strategy's). Null where it is not known. */
export interface Activity {
  /** Mean over the days of gross market value over capital. */
  readonly exposureAvg: number | null;
  readonly exposureMax: number | null;
  /** Half of all that was bought and sold, over the mean capital. */
  readonly turnover: number | null;
}

export interface Performance {
  readonly pnl: Usd | null;
  readonly returns: ReturnFigures;
  readonly trades: Known<TradeStats>;
  readonly activity: Activity;
}

export interface StrategyPerformance extends Performance {
  readonly owner: Owner;
}

export interface PerformanceReport {
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Where it began. */
  readonly start: EquityMark;
  readonly curve: readonly CurveDay[];
  readonly account: Performance;
  readonly strategies: readonly StrategyPerformance[];
  readonly daily: readonly StrategyDay[];
  /** How the strategies move together; null while fewer than two have a record long enough. */
  readonly together: Together | null;
  /** By day; days without a close are not in it. */
  readonly benchmarkDaily: ReadonlyMap<TradingDay, number>;
  /** Null where no day can be compared. */
  readonly benchmark: AgainstBenchmark | null;
}

export interface PerformanceQuestion {
  readonly calendar: Calendar;
  readonly window?: Window;
  readonly caps?: Caps;
  /** Of a year, a fraction. */
  readonly riskFree: number;
  readonly benchmark: { readonly symbol: string; readonly index: readonly IndexDay[] };
}

const SESSIONS_A_YEAR = 252;

interface Moved {
  readonly avg: Usd | null;
  readonly max: Usd | null;
  readonly traded: Usd;
  readonly capital: Usd;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Activity of a series of days; a part of a capital that is not positive is not known. */
function activityOf(days: readonly Moved[]): Activity {
  const parts = (of: (day: Moved) => Usd | null): readonly number[] | null => {
    const values = days.map((day) => ({ value: of(day), capital: day.capital }));
    const known = values.flatMap(({ value, capital }) => (value === null || !(capital > 0) ? [] : [value / capital]));
    return known.length === 0 || known.length < values.length ? null : known;
  };
  const [averages, peaks] = [parts(({ avg }) => avg), parts(({ max }) => max)];
  const capital = mean(days.map((day) => day.capital));
  const traded = days.reduce((sum, day) => sum + day.traded, 0);
  return {
    exposureAvg: averages === null ? null : mean(averages),
    exposureMax: peaks === null ? null : Math.max(...peaks),
    turnover: capital > 0 ? traded / 2 / capital : null,
  };
}

const resultsOf = (ended: readonly EndedTrade[]): readonly number[] => ended.map(({ result }) => dollars(result));

const sumKnown = (amounts: readonly (Usd | null)[]): Usd | null =>
  amounts.includes(null) ? null : usd(amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0));

function ofStrategy(owner: Owner, days: readonly StrategyDay[], ended: readonly EndedTrade[]): StrategyPerformance {
  const returns = days.map(({ day, returnOnCap, sessions }): DayReturn => ({ day, value: returnOnCap, sessions }));
  return {
    owner,
    pnl: sumKnown(days.map(({ pnl }) => pnl)),
    returns: returnFigures(returns, 0),
    trades: tradeFigures(resultsOf(ended.filter((trade) => trade.owner === owner))),
    activity: activityOf(
      days.map(({ exposureAvg, exposureMax, traded, capital }) => ({ avg: exposureAvg, max: exposureMax, traded, capital })),
    ),
  };
}

function movedBy(journal: PerformanceJournal, span: SessionSpan): Moved {
  const traded = within(journal.traded, span).reduce((sum, { value }) => sum + value, 0);
  return { ...exposureOver(span.during, (standing) => heldByAll(standing).gross), traded: usd(traded), capital: span.from.read.equity };
}

/** Returns of the account's days, as figures are made of. */
export const curveReturns = (curve: readonly CurveDay[]): readonly DayReturn[] =>
  curve.map(({ day, dayReturn, sessions }) => ({ day, value: dayReturn, sessions }));

/** The whole report; null where the window has no day with a read before it. */
export function performanceOf(journal: PerformanceJournal, question: PerformanceQuestion): PerformanceReport | null {
  const { calendar, window, caps, benchmark } = question;
  const riskFree = question.riskFree / SESSIONS_A_YEAR;
  const spans = sessionSpans(standingsOf(journal), calendar, window);
  const marks = equityMarks(journal, spans);
  const curve = equityCurve(marks);
  const [start, first, last] = [marks[0], curve[0], curve.at(-1)];
  if (start === undefined || first === undefined || last === undefined) return null;
  const daily = strategyDaily(journal, spans, caps);
  const ended = spans.flatMap((span) => within(journal.ended, span));
  const benchmarkDaily = benchmarkReturns(benchmark.index, marks);
  const ours = curveReturns(curve);
  return {
    from: first.day,
    to: last.day,
    start,
    curve,
    account: {
      pnl: usd(curve.reduce((sum, { pnl }) => sum + pnl, 0)),
      returns: returnFigures(ours, riskFree),
      trades: tradeFigures(resultsOf(ended)),
      activity: activityOf(spans.map((span) => movedBy(journal, span))),
    },
    strategies: [...new Set(daily.map(({ owner }) => owner))].map((owner) =>
      ofStrategy(
        owner,
        daily.filter((day) => day.owner === owner),
        ended,
      ),
    ),
    daily,
    together: togetherOf(daily, caps ?? new Map()),
    benchmarkDaily,
    benchmark: benchmarkDaily.size === 0 ? null : againstBenchmark(benchmark.symbol, ours, benchmarkDaily, riskFree),
  };
}
