// The daily mark: closes, dividends and flows into the shadow ledger, and what the series says so far.
import type { Gate, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { ownMetrics, relativeMetrics } from '../../pricing/performance.ts';
import { noted, pass } from '../toolkit/gates.ts';
import type { BaselineContext } from './core.ts';
import { washRows } from './harvesting.ts';
import { judgeStrategies } from './judging.ts';
import { type DayFigures, type Ledger, pairedReturns, withDay } from './ledger.ts';

const SESSIONS_A_YEAR = 252;

interface Close {
  readonly close: number;
  readonly dividends: readonly { readonly day: string; readonly amount: number }[];
}

/** A benchmark's official close of today and the dividends since the last mark; absent while either is not known. */
function closeOf(ctx: BaselineContext, benchmark: Symbol, book: Ledger): Known<Close> {
  const bars = ctx.market.dailyBars(benchmark, 1);
  if (!bars.known) return bars;
  const bar = bars.value.at(-1);
  if (bar === undefined || bar.day !== ctx.day)
    return absent('BARS_STALE', `${benchmark}: today's close is not out, the last bar is of ${bar?.day ?? 'no day'}`);
  const from = book.marks.at(-1)?.shadows[benchmark]?.day;
  if (from === undefined) return known({ close: dollars(bar.close), dividends: [] });
  const dividends = ctx.market.dividends(benchmark, ctx.calendar.offset(from as typeof ctx.day, 1).day, ctx.day);
  if (!dividends.known) return dividends;
  return known({ close: dollars(bar.close), dividends: dividends.value.map((d) => ({ day: d.exDay, amount: dollars(d.amount) })) });
}

const sessionsSince = (ctx: BaselineContext, book: Ledger): number => {
  const last = book.marks.at(-1);
  return last === undefined ? 0 : ctx.calendar.between(last.day as typeof ctx.day, ctx.day).length - 1;
};

/** What the series says of ours against one benchmark; the numbers that need more days than there are say so. */
function seriesGates(ctx: BaselineContext, book: Ledger, benchmark: Symbol): readonly Gate[] {
  const { ours, theirs } = pairedReturns(book, benchmark);
  const sample = { returns: ours, riskFree: ctx.market.rate() / SESSIONS_A_YEAR, observationsMin: ctx.params.observations_min };
  const shadow = book.marks.at(-1)?.shadows[benchmark];
  const first: Gate[] = [
    {
      name: 'observations',
      threshold: ctx.params.observations_min,
      observed: ours.length,
      pass: ours.length >= ctx.params.observations_min,
    },
    noted('equity', book.marks.at(-1)?.value ?? null),
    noted('time-weighted return', book.growth - 1),
    noted('shadow value', shadow === undefined ? null : shadow.units * shadow.close),
    noted('shadow return', shadow === undefined ? null : shadow.index - 1),
  ];
  const own = ownMetrics(sample);
  const relative = relativeMetrics(sample, theirs);
  if (!own.known || !relative.known) return first;
  return [...first, ...Object.entries({ ...own.value, ...relative.value }).map(([name, value]) => noted(name, value))];
}

/** Marks the session once: a pass for every benchmark, with its own reason where its close is missing, and one for every strategy judged. */
export function markDay(ctx: BaselineContext, before: Ledger): { readonly decisions: readonly Pass[]; readonly book: Ledger } {
  const closes = ctx.params.benchmarks.map((benchmark) => ({ benchmark, close: closeOf(ctx, benchmark, before) }));
  const figures: DayFigures = {
    day: ctx.day,
    value: dollars(ctx.account.equity),
    sessions: sessionsSince(ctx, before),
    flows: ctx.book.flows.map((flow) => ({ day: flow.day, amount: dollars(flow.amount) })),
    benchmarks: Object.fromEntries(closes.flatMap(({ benchmark, close }) => (close.known ? [[benchmark, close.value]] : []))),
  };
  const stale = ctx.account.ageMs > ctx.params.account_age_ms_max;
  const marked = stale ? before : withDay(before, figures, ctx.params.series_sessions_max);
  const decisions = closes.map(({ benchmark, close }) => {
    if (stale) return pass(benchmark, 'ACCOUNT_STALE', `not marked: the account was read ${ctx.account.ageMs} ms ago`);
    if (!close.known) return pass(benchmark, close.code, `no shadow today: ${close.why}`);
    return pass(
      benchmark,
      'MARK',
      `marked at the close of ${ctx.day}`,
      seriesGates(ctx, marked, benchmark),
      ctx.market.assumptions(benchmark),
    );
  });
  if (stale) return { decisions, book: marked }; // a ceiling is a part of equity
  const judged = judgeStrategies(ctx, marked);
  return { decisions: [...decisions, ...washRows(ctx, judged.book), ...judged.decisions], book: judged.book };
}
