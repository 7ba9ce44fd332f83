// The frames of a portfolio's history: which instants a period and a timeframe name.
import { addDays, DAY, dayNumber, dayOfNumber, type EpochMs, HOUR, MINUTE, type TradingDay } from '../../domain/time.ts';
import type { Session } from '../../market/calendar.ts';
import { badRequest } from './message.ts';
import { type Call, sessionsBetween } from './route.ts';

export type FrameName = '1Min' | '5Min' | '15Min' | '1H' | '1D';

export interface Frame {
  /** What the frame is labelled with: its start; of a day, New York's midnight. */
  readonly label: number;
  /** When its value is taken: its end, or now while it runs. */
  readonly at: number;
  readonly day: TradingDay;
}

const lengths: Readonly<Record<Exclude<FrameName, '1D'>, number>> = {
  '1Min': MINUTE,
  '5Min': 5 * MINUTE,
  '15Min': 15 * MINUTE,
  '1H': HOUR,
};
const LONGEST_INTRADAY_DAYS = 30;
const LONGEST_MINUTES_DAYS = 7;

const invalid = (message: string): Error => badRequest(422, 40010001, message);

/** The same day of an earlier month; the last one of a month that is too short. */
function monthsBefore(day: TradingDay, months: number): TradingDay {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return dayOfNumber(Math.floor(first.getTime() / DAY) + Math.min(date, last) - 1);
}

/** The first day of a period that ends with a day: `nD` counts sessions, `nW`, `nM` and `nA` count the calendar. */
function periodStart(call: Call, period: string, end: TradingDay): TradingDay {
  const match = /^([1-9]\d{0,2})([DWMA])$/.exec(period.toUpperCase());
  const count = Number(match?.[1]);
  switch (match?.[2]) {
    case 'D': {
      const sessions = sessionsBetween(call, addDays(end, -2 * count - 10), end);
      return sessions.at(-count)?.day ?? addDays(end, -count);
    }
    case 'W':
      return addDays(end, -7 * count);
    case 'M':
      return monthsBefore(end, count);
    case 'A':
      return monthsBefore(end, 12 * count);
    default:
      throw invalid(`invalid period: ${period}`);
  }
}

/** The day itself; a refusal when the calendar does not reach back to it. */
function inCalendar(call: Call, day: TradingDay, last: TradingDay): TradingDay {
  sessionsBetween(call, day, last);
  return day;
}

export interface HistoryWindow {
  readonly start: number;
  readonly end: number;
  readonly firstDay: TradingDay;
  readonly lastDay: TradingDay;
}

/** At most two of `start`, `end` and `period`; without any, the month that ends now. */
export function historyWindow(call: Call): HistoryWindow {
  const { query, calendar, now } = call;
  const wantedStart = query.instant('start', 'start') ?? query.instant('date_start', 'start');
  const wantedEnd = query.instant('end', 'end') ?? query.instant('date_end', 'end');
  const period = query.text('period');
  if (wantedStart !== undefined && wantedEnd !== undefined && period !== undefined) {
    throw invalid('only two of start, end and period may be given');
  }
  const end = Math.min(wantedEnd ?? now, now);
  const lastDay = calendar.dayOf(end as EpochMs);
  const start = wantedStart ?? calendar.instant(inCalendar(call, periodStart(call, period ?? '1M', lastDay), lastDay), 0, 0);
  if (start > end) throw invalid('end should not be before start');
  return { start, end, firstDay: calendar.dayOf(start as EpochMs), lastDay };
}

/** The frame asked for, or the one that suits the length of the window. */
export function frameName(call: Call, { start, end }: HistoryWindow): FrameName {
  const days = (end - start) / DAY;
  const standard: FrameName = days < LONGEST_MINUTES_DAYS ? '1Min' : days < LONGEST_INTRADAY_DAYS ? '15Min' : '1D';
  const name = call.query.oneOf<FrameName>('timeframe', ['1Min', '5Min', '15Min', '1H', '1D'], standard);
  const longest = name === '1Min' ? LONGEST_MINUTES_DAYS : LONGEST_INTRADAY_DAYS;
  if (name !== '1D' && days > longest + 1) throw invalid(`timeframe ${name} reaches back at most ${String(longest)} days`);
  return name;
}

export type Reporting = 'market_hours' | 'extended_hours' | 'continuous';

/** From when to when each day of a window reports. */
function stretches(call: Call, window: HistoryWindow, reporting: Reporting): readonly (readonly [TradingDay, number, number])[] {
  const { calendar } = call;
  if (reporting === 'continuous') {
    const days = dayNumber(window.lastDay) - dayNumber(window.firstDay) + 1;
    return Array.from({ length: days }, (_, i) => {
      const day = addDays(window.firstDay, i);
      return [day, calendar.instant(day, 0, 0), calendar.instant(addDays(day, 1), 0, 0)] as const;
    });
  }
  const hours = (session: Session): readonly [TradingDay, number, number] =>
    reporting === 'market_hours'
      ? [session.day, session.open, session.close]
      : [session.day, calendar.instant(session.day, 4, 0), calendar.instant(session.day, session.early ? 17 : 20, 0)];
  return sessionsBetween(call, window.firstDay, window.lastDay).map(hours);
}

/** The frames of a window that have begun, oldest first. */
export function framesOf(call: Call, window: HistoryWindow, name: FrameName, reporting: Reporting): readonly Frame[] {
  const { calendar, now } = call;
  if (name === '1D') {
    return sessionsBetween(call, window.firstDay, window.lastDay)
      .filter((session) => session.open <= window.end)
      .map(({ day, close }) => ({ day, label: calendar.instant(day, 0, 0), at: Math.min(close, now) }));
  }
  const length = lengths[name];
  const snapped = window.start - (window.start % length);
  return stretches(call, window, reporting).flatMap(([day, from, to]) => {
    const frames: Frame[] = [];
    for (let label = from; label < to && label <= window.end; label += length) {
      if (label >= snapped) frames.push({ day, label, at: Math.min(label + length, to, now) });
    }
    return frames;
  });
}
