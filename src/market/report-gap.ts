// When a report moves the price: between which close and which open, which expiries feel it, and which past ones can be measured.
import type { Symbol } from '../domain/ids.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Calendar, Session } from './calendar.ts';
import type { EarningsReport } from './quote.ts';

/** The price before a report is the close of one session, the price after it the open of another. */
export interface ReportGap {
  /** The close of `before`, and the open of `after`. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly before: Session;
  readonly after: Session;
}

const between = (before: Session, after: Session): ReportGap => ({ from: before.close, to: after.open, before, after });

/** The last session on or before a day. */
const onOrBefore = (calendar: Calendar, day: TradingDay): Session => calendar.session(day) ?? calendar.offset(day, -1);

/**
 * The gap of a report: after the close of day d it lies between that close and the next open, before the open between the
 * previous close and the open of d. Undefined for a report during the session and for one whose time is not known: they have none
 * that could be told from the day's own moves.
 */
export function gapOf(report: Pick<EarningsReport, 'day' | 'time'>, calendar: Calendar): ReportGap | undefined {
  const { day, time } = report;
  if (time === 'BMO') return between(calendar.offset(day, -1), calendar.offset(day, 0));
  if (time !== 'AMC') return undefined;
  const before = onOrBefore(calendar, day);
  return between(before, calendar.offset(before.day, 1));
}

/** Everything a report may move, whatever is known of its time: its gap, else from the close before its day to the open after it. */
export function reachOf(report: Pick<EarningsReport, 'day' | 'time'>, calendar: Calendar): Pick<ReportGap, 'from' | 'to'> {
  const gap = gapOf(report, calendar);
  if (gap !== undefined) return gap;
  const own = onOrBefore(calendar, report.day);
  return { from: calendar.offset(report.day, -1).close, to: calendar.offset(own.day, 1).open };
}

/** Does a report move the price between two instants? Where its time or its date is in doubt, what may lie there counts as lying there. */
export function movesWithin(report: Pick<EarningsReport, 'day' | 'time'>, from: EpochMs, to: EpochMs, calendar: Calendar): boolean {
  const reach = reachOf(report, calendar);
  return reach.from < to && reach.to > from;
}

/** The first of the listed expiries that is still alive when the gap has opened; undefined when none is. An earlier one feels nothing. */
export const firstAffectedExpiry = (gap: ReportGap, expiries: readonly TradingDay[]): TradingDay | undefined =>
  [...expiries].sort().find((expiry) => expiry >= gap.after.day);

/**
 * The first report of a span, fit to trade on: EARNINGS_DATE_CONFLICT when sources disagree on its date, EARNINGS_TIME_UNKNOWN when
 * nobody says whether it comes before the open or after the close. Null when the span has none.
 */
export function eventReport(reports: readonly EarningsReport[]): Known<EarningsReport | null> {
  const [first] = [...reports].sort((a, b) => (a.day < b.day ? -1 : 1));
  if (first === undefined) return known(null);
  if (first.conflict === true)
    return absent('EARNINGS_DATE_CONFLICT', `${first.symbol}: ${first.sources.join(', ')} say ${first.day}, another source says otherwise`);
  if (first.time === 'UNKNOWN')
    return absent(
      'EARNINGS_TIME_UNKNOWN',
      `${first.symbol}: nobody says whether the report of ${first.day} comes before the open or after the close`,
    );
  return known(first);
}

/**
 * The last `count` reports whose gap lies behind us, the newest last. Reports without a gap of their own, or with a date in
 * dispute, cannot be measured and are left out. EARNINGS_UNKNOWN when the calendar does not hold the name,
 * EARNINGS_HISTORY_SHORT when fewer than `atLeast` are left.
 */
export function pastReports(
  reports: readonly EarningsReport[] | undefined,
  name: Symbol,
  count: number,
  atLeast: number,
  calendar: Calendar,
  now: EpochMs,
): Known<readonly EarningsReport[]> {
  if (reports === undefined || reports.length === 0)
    return absent('EARNINGS_UNKNOWN', `${name}: the earnings calendar does not hold this name`);
  const past = reports
    .filter((report) => report.conflict !== true && (gapOf(report, calendar)?.to ?? Infinity) <= now)
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .slice(-count);
  if (past.length < atLeast)
    return absent(
      'EARNINGS_HISTORY_SHORT',
      `${name}: ${String(past.length)} past reports with a known time, needed are ${String(atLeast)}: add them to data.earnings_file`,
    );
  return known(past);
}
