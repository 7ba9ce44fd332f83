// The earnings calendar: the operator's file, and what it can and cannot say about a span of days.
import { type Symbol, symbol } from '../domain/ids.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { daysBetween, type TradingDay } from '../domain/time.ts';
import { dayFromText } from './day-text.ts';
import { groupBy } from './group.ts';
import type { EarningsReport } from './quote.ts';

export type ParsedEarnings =
  | { readonly ok: true; readonly reports: readonly EarningsReport[] }
  | { readonly ok: false; readonly errors: readonly string[] };

const times: ReadonlyMap<string, EarningsReport['time']> = new Map([
  ['bmo', 'BMO'],
  ['amc', 'AMC'],
  ['dmh', 'DMH'],
  ['', 'UNKNOWN'],
]);

/** Days after a report from which the next quarterly one may come. */
const NEXT_REPORT_DAYS = 70;
/** Two dates of one name nearer than this are two opinions on one quarter's report, not two reports. */
const SAME_REPORT_DAYS = 45;
/** What the operator states without naming a source; it overrides every source that is named. */
const OPERATOR = 'operator';

interface Columns {
  readonly symbol: number;
  readonly date: number;
  readonly session: number;
  readonly source: number;
  readonly count: number;
}

/** Where the columns stand, or what the header lacks. Further columns are allowed and not read. */
function columnsOf(header: string): Columns | string {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  const missing = ['symbol', 'date', 'session'].filter((name) => !names.includes(name));
  if (missing.length > 0) return `the header lacks ${missing.join(', ')}; it must read symbol,date,session[,source]`;
  return {
    symbol: names.indexOf('symbol'),
    date: names.indexOf('date'),
    session: names.indexOf('session'),
    source: names.indexOf('source'),
    count: names.length,
  };
}

function parseLine(line: string, columns: Columns): EarningsReport | string {
  const fields = line.split(',').map((field) => field.trim());
  if (fields.length !== columns.count) return `${String(fields.length)} fields where the header has ${String(columns.count)}`;
  const ticker = fields[columns.symbol] ?? '';
  const day = dayFromText(fields[columns.date] ?? '');
  const session = fields[columns.session] ?? '';
  const time = times.get(session.toLowerCase());
  if (!/^[A-Z][A-Z.]{0,9}$/.test(ticker)) return `'${ticker}' is not a ticker; write it in capitals, as AAPL`;
  if (day === undefined) return `'${fields[columns.date] ?? ''}' is not a date; write it as 2026-07-30`;
  if (time === undefined) return `'${session}' is not a session; write bmo, amc, dmh or nothing`;
  const source = columns.source < 0 ? '' : (fields[columns.source] ?? '');
  return { symbol: symbol(ticker), day, time, sources: [source === '' ? OPERATOR : source], confirmed: true };
}

/** Two lines for one report: their sources together when they agree on the time, else what they disagree on. */
function merge(a: EarningsReport, b: EarningsReport): EarningsReport | string {
  if (a.time !== b.time && a.time !== 'UNKNOWN' && b.time !== 'UNKNOWN') {
    return `${b.symbol} on ${b.day} is ${b.time} here and ${a.time} further up; keep the right one`;
  }
  return { ...a, time: a.time === 'UNKNOWN' ? b.time : a.time, sources: [...new Set([...a.sources, ...b.sources])] };
}

const stated = (report: EarningsReport): boolean => report.sources.includes(OPERATOR);

/** One name's reports with disputes marked: the operator's word settles one, else both dates stand, unconfirmed. */
function disputed(reports: readonly EarningsReport[]): readonly EarningsReport[] {
  const sameQuarter = (a: EarningsReport, b: EarningsReport): boolean =>
    a !== b && Math.abs(daysBetween(a.day, b.day)) < SAME_REPORT_DAYS && !a.sources.some((source) => b.sources.includes(source));
  return reports.flatMap((report): readonly EarningsReport[] => {
    const others = reports.filter((other) => sameQuarter(report, other));
    if (others.length === 0 || stated(report)) return [report];
    return others.some(stated) ? [] : [{ ...report, confirmed: false, conflict: true }];
  });
}

/**
 * The operator's earnings file: CSV with a header `symbol,date,session[,source]`, sessions bmo (before the open), amc (after the
 * close), dmh (during market hours) or empty. Blank lines and lines starting with # are skipped. All errors are listed, each
 * with `path` and its line number. What the operator states counts as confirmed; where two named sources give dates of one
 * quarter that differ, both are kept, unconfirmed and in conflict, so that a blackout covers both.
 */
export function parseEarnings(text: string, path: string): ParsedEarnings {
  const errors: string[] = [];
  const reports = new Map<string, EarningsReport>();
  let columns: Columns | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const where = `${path}:${String(index + 1)}`;
    if (columns === undefined) {
      const found = columnsOf(line);
      if (typeof found === 'string') return { ok: false, errors: [`${where}: ${found}`] };
      columns = found;
      continue;
    }
    const parsed = parseLine(line, columns);
    const key = typeof parsed === 'string' ? '' : `${parsed.symbol} ${parsed.day}`;
    const earlier = reports.get(key);
    const report = typeof parsed === 'string' || earlier === undefined ? parsed : merge(earlier, parsed);
    if (typeof report === 'string') errors.push(`${where}: ${report}`);
    else reports.set(key, report);
  }
  if (columns === undefined) return { ok: false, errors: [`${path}: the file is empty; it must start with symbol,date,session[,source]`] };
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, reports: [...groupBy(reports.values(), (report) => report.symbol).values()].flatMap(disputed) };
}

/**
 * A name's reports in [from, to]. EARNINGS_UNKNOWN when the calendar does not hold the name, or when it knows no report after
 * today although the next quarterly one may come by the end of the span (70 days or more after the last one): a gap in
 * the calendar is not a quiet quarter.
 */
export function earningsIn(
  reports: readonly EarningsReport[] | undefined,
  name: Symbol,
  from: TradingDay,
  to: TradingDay,
  today: TradingDay,
): Known<readonly EarningsReport[]> {
  if (reports === undefined || reports.length === 0)
    return absent('EARNINGS_UNKNOWN', `${name}: the earnings calendar does not hold this name`);
  const upcoming = reports.some((r) => r.day > today);
  const last = reports.reduce<TradingDay | undefined>(
    (latest, r) => (r.day <= today && (latest === undefined || r.day > latest) ? r.day : latest),
    undefined,
  );
  if (!upcoming && last !== undefined) {
    const until = to > today ? to : today;
    const age = daysBetween(last, until);
    if (age >= NEXT_REPORT_DAYS) {
      return absent(
        'EARNINGS_UNKNOWN',
        `${name}: the last known report is of ${last}, ${String(age)} days before ${until}, and none is known to follow`,
      );
    }
  }
  return known(reports.filter((r) => r.day >= from && r.day <= to));
}
