// The account day by day: equity, what came and went from outside, profit, return, growth and the fall from its high.
import { type Usd, usd } from '../../domain/money.ts';
import { flowKinds, type PerformanceJournal } from '../../domain/performance-journal.ts';
import type { TradingDay } from '../../domain/time.ts';
import { dailyReturns } from '../../pricing/performance.ts';
import type { SessionSpan } from './session-spans.ts';
import { within } from './strategy-daily.ts';

/** Equity at the end of a day, and what deposits and withdrawals brought since the mark before it. */
export interface EquityMark {
  readonly day: TradingDay;
  readonly equity: Usd;
  /** Signed: deposited is positive. */
  readonly flow: Usd;
  /** Sessions since the mark before; of the first one it says nothing. */
  readonly sessions: number;
}

export interface CurveDay extends EquityMark {
  /** Change of equity less the flow. */
  readonly pnl: Usd;
  /** R = V / (V before + flow) - 1; null where that is not a positive amount. */
  readonly dayReturn: number | null;
  /** Of a dollar since the beginning, flows taken out; null from the first unknown return on. */
  readonly growth: number | null;
  /** Part of its high so far by which growth is below it, not negative. */
  readonly drawdown: number | null;
}

/** Marks of an account: where it began, and the end of each span. */
export function equityMarks({ rows }: Pick<PerformanceJournal, 'rows'>, spans: readonly SessionSpan[]): readonly EquityMark[] {
  const [first] = spans;
  if (first === undefined) return [];
  const { read } = first.from;
  const flows = rows.filter(({ kind }) => flowKinds.has(kind));
  return [
    { day: read.day, equity: read.equity, flow: usd(0), sessions: 0 },
    ...spans.map((span) => ({
      day: span.day,
      equity: span.to.read.equity,
      flow: usd(within(flows, span).reduce((sum, { cash }) => sum + cash, 0)),
      sessions: span.sessions,
    })),
  ];
}

const returnOf = (before: EquityMark, now: EquityMark): number | null =>
  before.equity + now.flow > 0
    ? (dailyReturns([
        { value: before.equity, flow: 0 },
        { value: now.equity, flow: now.flow },
      ])[0] ?? null)
    : null;

/** The curve of a series of marks: a day for each but the first. */
export function equityCurve(marks: readonly EquityMark[]): readonly CurveDay[] {
  let growth: number | null = 1;
  let high = 1;
  const days: CurveDay[] = [];
  for (const [i, now] of marks.entries()) {
    const before = marks[i - 1];
    if (before === undefined) continue;
    const dayReturn = returnOf(before, now);
    growth = growth === null || dayReturn === null ? null : growth * (1 + dayReturn);
    if (growth !== null) high = Math.max(high, growth);
    days.push({
      ...now,
      pnl: usd(now.equity - before.equity - now.flow),
      dayReturn,
      growth,
      drawdown: growth === null ? null : 1 - growth / high,
    });
  }
  return days;
}
