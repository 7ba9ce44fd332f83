// The calendar of macro events: the operator's file, and what it can and cannot say about a span of days.
import { absent, type Known, known } from '../domain/reasons.ts';
import { daysBetween, type TradingDay } from '../domain/time.ts';
import { dayFromText } from './day-text.ts';

export interface MacroEvent {
  readonly day: TradingDay;
  /** `FOMC`, `CPI`, `NFP` or another name in capitals. */
  readonly event: string;
  /** New York time `HH:MM`; null when the file does not say. */
  readonly time: string | null;
}

export interface MacroCalendar {
  /** By day, then name. */
  readonly events: readonly MacroEvent[];
  /** The day on which somebody, or the source itself, last vouched for it. */
  readonly confirmed: TradingDay | null;
  /** Days on which nothing is missing, whatever the rows say; null when the file does not claim any. */
  readonly complete: { readonly from: TradingDay; readonly to: TradingDay } | null;
}

export type ParsedMacro =
  | { readonly ok: true; readonly calendar: MacroCalendar }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Without all of these a calendar does not know a quiet day from a missing row. */
export const requiredEvents = ['FOMC', 'CPI', 'NFP'] as const;
const CONFIRMED_MAX_DAYS = 7;
const WHAT_TO_DO = 'name a CSV of date,event[,time] in data.macro_file and keep its first line, # confirmed: YYYY-MM-DD, up to date';

interface Remarks {
  confirmed: TradingDay | null;
  complete: MacroCalendar['complete'];
}

/** Takes in `# confirmed: DAY` and `# complete: DAY..DAY`; what is wrong with it, or undefined. Other comments are passed over. */
function remark(line: string, remarks: Remarks): string | undefined {
  const match = /^#\s*(confirmed|complete)\s*:\s*(\S+)\s*$/i.exec(line);
  if (match === null) return undefined;
  const [first = '', last] = (match[2] ?? '').split('..');
  const from = dayFromText(first);
  if (match[1]?.toLowerCase() === 'confirmed') {
    if (from === undefined || last !== undefined) return `'${match[2] ?? ''}' is not a date; write # confirmed: 2026-07-30`;
    remarks.confirmed = from;
    return undefined;
  }
  const to = dayFromText(last ?? '');
  if (from === undefined || to === undefined || from > to)
    return `'${match[2] ?? ''}' is not a span of days; write # complete: 2026-01-01..2026-12-31`;
  remarks.complete = { from, to };
  return undefined;
}

interface Columns {
  readonly date: number;
  readonly event: number;
  readonly time: number;
  readonly count: number;
}

function columnsOf(header: string): Columns | string {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  const missing = ['date', 'event'].filter((name) => !names.includes(name));
  if (missing.length > 0) return `the header lacks ${missing.join(', ')}; it must read date,event[,time]`;
  return { date: names.indexOf('date'), event: names.indexOf('event'), time: names.indexOf('time'), count: names.length };
}

function parseLine(line: string, columns: Columns): MacroEvent | string {
  const fields = line.split(',').map((field) => field.trim());
  if (fields.length !== columns.count) return `${String(fields.length)} fields where the header has ${String(columns.count)}`;
  const day = dayFromText(fields[columns.date] ?? '');
  const event = fields[columns.event] ?? '';
  const time = columns.time < 0 ? '' : (fields[columns.time] ?? '');
  if (day === undefined) return `'${fields[columns.date] ?? ''}' is not a date; write it as 2026-07-30`;
  if (!/^[A-Z][A-Z0-9_]{1,19}$/.test(event)) return `'${event}' is not an event; write it in capitals, as FOMC, CPI or NFP`;
  if (!/^(([01]\d|2[0-3]):[0-5]\d)?$/.test(time)) return `'${time}' is not a New York time; write it as 08:30, or nothing`;
  return { day, event, time: time === '' ? null : time };
}

/**
 * A file of macro events: CSV with a header `date,event[,time]`. Comment lines start with #; `# confirmed: DAY` says when the
 * file was last held against its sources, `# complete: DAY..DAY` that nothing is missing on those days. All errors are
 * listed, each with `path` and its line number.
 */
export function parseMacro(text: string, path: string): ParsedMacro {
  const errors: string[] = [];
  const remarks: Remarks = { confirmed: null, complete: null };
  const events: MacroEvent[] = [];
  let columns: Columns | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const where = `${path}:${String(index + 1)}`;
    if (line === '' || line.startsWith('#')) {
      const wrong = remark(line, remarks);
      if (wrong !== undefined) errors.push(`${where}: ${wrong}`);
      continue;
    }
    if (columns === undefined) {
      const found = columnsOf(line);
      if (typeof found === 'string') return { ok: false, errors: [...errors, `${where}: ${found}`] };
      columns = found;
      continue;
    }
    const event = parseLine(line, columns);
    if (typeof event === 'string') errors.push(`${where}: ${event}`);
    else events.push(event);
  }
  if (columns === undefined) return { ok: false, errors: [...errors, `${path}: no header; the file must hold date,event[,time]`] };
  if (errors.length > 0) return { ok: false, errors };
  events.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.event < b.event ? -1 : 1));
  return { ok: true, calendar: { events, ...remarks } };
}

/**
 * Events in [from, to]. MACRO_UNKNOWN when there is no calendar, it was not confirmed within seven days, or it does not reach
 * over the span: beyond the days it calls complete, each of FOMC, CPI and NFP must be listed on the last day asked for or
 * after it, since a list that has run out is not a quiet month.
 */
export function macroIn(
  calendar: MacroCalendar | undefined,
  from: TradingDay,
  to: TradingDay,
  today: TradingDay,
): Known<readonly MacroEvent[]> {
  if (calendar === undefined) return absent('MACRO_UNKNOWN', `no calendar of macro events: ${WHAT_TO_DO}`);
  const { events, confirmed, complete } = calendar;
  if (confirmed === null) return absent('MACRO_UNKNOWN', `the calendar of macro events does not say when it was confirmed: ${WHAT_TO_DO}`);
  if (daysBetween(confirmed, today) > CONFIRMED_MAX_DAYS)
    return absent(
      'MACRO_UNKNOWN',
      `the calendar of macro events was confirmed on ${confirmed}, more than ${String(CONFIRMED_MAX_DAYS)} days before ${today}: ${WHAT_TO_DO}`,
    );
  const covered = complete !== null && complete.from <= from && to <= complete.to;
  const runOut = covered ? [] : requiredEvents.filter((name) => !events.some((e) => e.event === name && e.day >= to));
  if (runOut.length > 0)
    return absent('MACRO_UNKNOWN', `the calendar of macro events lists no ${runOut.join(', no ')} on or after ${to}: add what comes next`);
  return known(events.filter((e) => e.day >= from && e.day <= to));
}
