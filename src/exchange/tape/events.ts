// What a tape records of companies, rates and the central bank: splits, dividends, report dates, yields and decision days.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { EarningsDate } from '../market.ts';
import { eachRow } from './csv.ts';
import type { Split } from './daily-bars.ts';

export interface RecordedDividend {
  readonly symbol: string;
  readonly exDay: TradingDay;
  /** Micros per share. */
  readonly perShare: number;
}
export interface CorporateActions {
  readonly splits: readonly Split[];
  readonly dividends: readonly RecordedDividend[];
  /** The last day on which any action is recorded; null on a tape without them. */
  readonly until: TradingDay | null;
}

/** The first of two spellings that exists, plain or gzipped. */
function present(dir: string, name: string): string | undefined {
  return [join(dir, name), join(dir, `${name}.gz`)].find((file) => existsSync(file));
}

export function readCorporateActions(dir: string): CorporateActions {
  const file = present(dir, 'events/corporate_actions.csv');
  const splits: Split[] = [];
  const dividends: RecordedDividend[] = [];
  let until: TradingDay | null = null;
  if (file === undefined) return { splits, dividends, until };
  eachRow(file, ['symbol', 'ex_date', 'type', 'amount', 'ratio'], (cells) => {
    const symbol = cells.required('symbol');
    const exDay = cells.day('ex_date');
    const type = cells.required('type');
    if (until === null || exDay > until) until = exDay;
    if (type === 'split') splits.push({ symbol, exDay, ratio: cells.number('ratio') ?? cells.fail('ratio', 'a split needs its ratio') });
    else if (type === 'dividend')
      dividends.push({ symbol, exDay, perShare: cells.micros('amount') ?? cells.fail('amount', 'a dividend needs its amount') });
    else cells.fail('type', `neither split nor dividend: "${type}"`);
  });
  return { splits, dividends, until };
}

const REPORT_TIMES: ReadonlyMap<string, EarningsDate['time']> = new Map([
  ['bmo', 'BMO'],
  ['amc', 'AMC'],
  ['dmh', 'DMH'],
  ['', 'UNKNOWN'],
]);

/**
 * Report dates of a tape's events/earnings.csv(.gz), with the columns symbol, date, session (`bmo`, `amc`, `dmh` or empty);
 * further columns are ignored. Empty when the tape has no such file.
 * @throws Error naming file, line and column of a wrong row
 */
export function tapeEarnings(dir: string): readonly EarningsDate[] {
  const file = present(dir, 'events/earnings.csv');
  const dates: EarningsDate[] = [];
  if (file === undefined) return dates;
  eachRow(file, ['symbol', 'date', 'session'], (cells) => {
    const session = cells.text('session');
    const time = REPORT_TIMES.get(session.toLowerCase()) ?? cells.fail('session', `must be bmo, amc, dmh or empty, not "${session}"`);
    dates.push({ symbol: cells.required('symbol'), day: cells.day('date'), time });
  });
  return dates;
}

/** Scheduled days of rate decisions from a tape's events/fomc.csv(.gz), columns date and kind; undefined without the file. Decisions nobody had scheduled are left out: they were not known ahead. */
export function readDecisions(dir: string): readonly TradingDay[] | undefined {
  const file = present(dir, 'events/fomc.csv');
  if (file === undefined) return undefined;
  const days: TradingDay[] = [];
  eachRow(file, ['date', 'kind'], (cells) => {
    const day = cells.day('date');
    if (cells.required('kind') === 'scheduled') days.push(day);
  });
  return days;
}

/** Three-month Treasury par yields by day, a fraction a year, oldest first; empty when the tape has none. */
export function readRates(dir: string): readonly { readonly day: TradingDay; readonly rate: number }[] {
  const file = present(dir, 'rates/treasury_par_yields.csv');
  const rates: { readonly day: TradingDay; readonly rate: number }[] = [];
  if (file === undefined) return rates;
  eachRow(file, ['date', 'm3'], (cells) => {
    const percent = cells.number('m3');
    if (percent !== null) rates.push({ day: cells.day('date'), rate: percent / 100 });
  });
  return rates;
}

/**
 * Holds the tape's own calendar against the one in use, for the days that will be played.
 * @throws Error at the first row that disagrees
 */
export function checkCalendar(dir: string, calendar: Calendar, first: TradingDay, last: TradingDay): void {
  const file = present(dir, 'calendar/us_market.csv');
  if (file === undefined) return;
  eachRow(file, ['date', 'status', 'close_time'], (cells) => {
    const day = cells.day('date');
    if (day < first || day > last) return;
    const status = cells.required('status');
    const session = calendar.session(day);
    const ours = session === undefined ? 'closed' : session.early ? 'early' : 'open';
    if (status !== ours)
      cells.fail('status', `the tape says ${day} is ${status}, the calendar says ${ours}: give the calendar this exception`);
  });
}
