// How near a company's report may be to an entry, and by when a position must be out before one.
import type { Symbol } from '../../domain/ids.ts';
import { type Known, known } from '../../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import { movesWithin, reachOf } from '../../market/report-gap.ts';
import type { AnyContext } from './context.ts';
import { holds, need, type Trial } from './gates.ts';

export interface QuietSpan {
  /** Closed sessions whose opening gap counts as well; 0 asks of today and what follows only. */
  readonly back: number;
  /** Sessions after today whose opening gap counts. */
  readonly ahead: number;
}

type Dated = Pick<AnyContext, 'market' | 'day' | 'sessionAt' | 'calendar'>;

/**
 * No report moves the price from the close before the first session looked back on to the close of the last one ahead:
 * EARNINGS_UNKNOWN where the calendar cannot say, EARNINGS_WINDOW where one does. What may lie there counts as lying there.
 */
export function* noReportNear(ctx: Dated, name: Symbol, span: QuietSpan): Trial<void> {
  const from = ctx.sessionAt(ctx.day, -span.back - 1);
  const until = ctx.sessionAt(ctx.day, span.ahead);
  const reports = yield* need('earnings calendar', ctx.market.earnings(name, from.day, until.day));
  const inside = reports.find((report) => movesWithin(report, from.close, until.close, ctx.calendar));
  yield holds(
    'no report near',
    { observed: inside?.day ?? 'none', threshold: `${from.day} to ${until.day}`, pass: inside === undefined },
    'EARNINGS_WINDOW',
    `the report of ${name} on ${inside?.day ?? ''} (${inside?.time ?? ''}) moves the price between the closes of ${from.day} and ${until.day}`,
  );
}

/** The instant at which the price may first move on a report between now and the close of a day; null when none is known to. */
export function nextReportMove(
  ctx: Pick<AnyContext, 'market' | 'day' | 'now' | 'calendar'>,
  name: Symbol,
  until: { readonly day: TradingDay; readonly close: EpochMs },
): Known<{ readonly from: EpochMs; readonly day: TradingDay } | null> {
  const reports = ctx.market.earnings(name, ctx.day, until.day);
  if (!reports.known) return reports;
  const moves = reports.value
    .filter((report) => movesWithin(report, ctx.now.exchange, until.close, ctx.calendar))
    .map((report) => ({ from: reachOf(report, ctx.calendar).from, day: report.day }));
  const [first] = moves.sort((a, b) => a.from - b.from);
  return known(first ?? null);
}
