// Sessions of the US equity market: which days trade, from when to when, and what New York's clock says.
import { assert, ensure } from '../base/assert.ts';
import { dayNumber, dayOfNumber, type EpochMs, MINUTE, type TradingDay, tradingDay } from '../domain/time.ts';
import { newYorkDay, newYorkInstant, newYorkTimeOfDay } from './new-york.ts';
import { type DayRule, isWeekend, specialDays } from './us-holidays.ts';

/** One regular session. `early` is true for a half day. */
export interface Session {
  readonly day: TradingDay;
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly early: boolean;
}

/** A calendar over a range of days; built from rules and the broker's own list (the broker wins). */
export interface Calendar {
  /** The session on a day; undefined when closed. AssertionError outside the calendar's range. */
  session(day: TradingDay): Session | undefined;
  /** The session in progress at an instant; undefined outside regular hours. */
  inSession(at: EpochMs): Session | undefined;
  /** The session in progress or, when closed, the next one to open. */
  currentOrNext(at: EpochMs): Session;
  /** The last session that has closed at or before an instant. */
  lastClosed(at: EpochMs): Session;
  /** `n` sessions after a day (negative: before); 0 is the day's own session or, if closed, the next. */
  offset(day: TradingDay, n: number): Session;
  /** Sessions with day in [from, to]. */
  between(from: TradingDay, to: TradingDay): readonly Session[];
  /** The New York date at an instant. */
  dayOf(at: EpochMs): TradingDay;
  /** The instant of a New York wall-clock time on a date, e.g. ('2026-03-09', 15, 5). */
  instant(day: TradingDay, hour: number, minute: number, second?: number): EpochMs;
}

/**
 * What the broker says of a day against our rules. Hours are New York wall time; a session opens at 09:30 unless `hours`
 * says otherwise.
 */
export type CalendarException =
  | { readonly day: TradingDay; readonly kind: 'closed' }
  | { readonly day: TradingDay; readonly kind: 'regular' }
  | { readonly day: TradingDay; readonly kind: 'early'; readonly hour: number; readonly minute: number }
  | { readonly day: TradingDay; readonly kind: 'hours'; readonly open: WallTime; readonly close: WallTime };

export interface WallTime {
  readonly hour: number;
  readonly minute: number;
}

export interface CalendarOptions {
  /** First day of the range, 1998-01-01 when absent (the earliest whose rules are known). */
  readonly from?: TradingDay;
  /** Last day of the range, 2035-12-31 when absent. */
  readonly to?: TradingDay;
  /** The broker's own list; it wins over the rules, and of two for one day the later one wins. */
  readonly exceptions?: readonly CalendarException[];
}

const EARLIEST = tradingDay('1998-01-01');
const LATEST = tradingDay('2035-12-31');
const OPENS: WallTime = { hour: 9, minute: 30 };
const CLOSES: WallTime = { hour: 16, minute: 0 };

function makeSession(day: TradingDay, open: WallTime, close: WallTime): Session {
  return {
    day,
    open: newYorkInstant(day, open.hour, open.minute),
    close: newYorkInstant(day, close.hour, close.minute),
    early: close.hour * 60 + close.minute < CLOSES.hour * 60 + CLOSES.minute,
  };
}

function sessionOn(day: TradingDay, rule: DayRule | CalendarException): Session | undefined {
  switch (rule.kind) {
    case 'closed':
      return undefined;
    case 'regular':
      return makeSession(day, OPENS, CLOSES);
    case 'early':
      return makeSession(day, OPENS, rule);
    case 'hours':
      return makeSession(day, rule.open, rule.close);
  }
}

function buildSessions(from: TradingDay, to: TradingDay, exceptions: readonly CalendarException[]): readonly Session[] {
  const rules = new Map<TradingDay, DayRule | CalendarException>();
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    for (const [day, rule] of specialDays(year)) rules.set(day, rule);
  }
  for (const exception of exceptions) rules.set(exception.day, exception);
  const sessions: Session[] = [];
  for (let n = dayNumber(from); n <= dayNumber(to); n++) {
    const day = dayOfNumber(n);
    const session = sessionOn(day, rules.get(day) ?? (isWeekend(day) ? { kind: 'closed' } : { kind: 'regular' }));
    if (session === undefined) continue;
    assert(session.open < session.close, `calendar: the session of ${day} closes before it opens`);
    sessions.push(session);
  }
  assert(sessions.length > 0, `calendar: no session from ${from} to ${to}`);
  return sessions;
}

/** The first index whose session satisfies a test that, once true, stays true. */
function firstIndex(sessions: readonly Session[], test: (session: Session) => boolean): number {
  let lo = 0;
  let hi = sessions.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (test(sessions[mid] as Session)) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

/**
 * The US equity calendar. Its rules: exchange holidays with their observed days, half days, and the one-off closures since 1998.
 * @throws AssertionError for a range that is empty, starts before 1998-01-01, or for an exception outside it
 */
export function usCalendar(options: CalendarOptions = {}): Calendar {
  const from = options.from ?? EARLIEST;
  const to = options.to ?? LATEST;
  assert(from >= EARLIEST && from <= to, `calendar: no rules for ${from} to ${to}; the range starts on ${EARLIEST} or later`);
  const exceptions = options.exceptions ?? [];
  for (const { day } of exceptions) assert(day >= from && day <= to, `calendar: the exception of ${day} lies outside ${from}..${to}`);
  const sessions = buildSessions(from, to, exceptions);
  const byDay = new Map(sessions.map((s) => [s.day, s]));
  const at = (index: number, asked: string): Session => ensure(sessions[index], `session for ${asked} inside the calendar ${from}..${to}`);
  const inRange = (day: TradingDay): void => assert(day >= from && day <= to, `calendar: ${day} lies outside ${from}..${to}`);
  const notClosedAt = (instant: EpochMs): number => firstIndex(sessions, (s) => s.close > instant);

  return {
    session(day) {
      inRange(day);
      return byDay.get(day);
    },
    inSession(instant) {
      inRange(newYorkDay(instant));
      const session = sessions[notClosedAt(instant)];
      return session !== undefined && session.open <= instant ? session : undefined;
    },
    currentOrNext: (instant) => at(notClosedAt(instant), `the instant ${String(instant)}`),
    lastClosed: (instant) => at(notClosedAt(instant) - 1, `the instant ${String(instant)}`),
    offset(day, n) {
      inRange(day);
      return at(firstIndex(sessions, (s) => s.day >= day) + n, `${day} ${n < 0 ? '-' : '+'} ${String(Math.abs(n))}`);
    },
    between(first, last) {
      inRange(first);
      inRange(last);
      return sessions.slice(
        firstIndex(sessions, (s) => s.day >= first),
        firstIndex(sessions, (s) => s.day > last),
      );
    },
    dayOf: newYorkDay,
    instant: newYorkInstant,
  };
}

/** A session as the broker lists it. */
export interface ListedSession {
  readonly day: TradingDay;
  readonly open: EpochMs;
  readonly close: EpochMs;
}

/** A day on which the broker's list and ours part; `exception` is what makes ours agree. */
export interface CalendarDifference {
  readonly day: TradingDay;
  readonly ours: Session | undefined;
  readonly theirs: ListedSession | undefined;
  readonly exception: CalendarException;
}

const wallTime = (at: EpochMs): WallTime => {
  const minutes = Math.floor(newYorkTimeOfDay(at) / MINUTE);
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
};

const same = (a: WallTime, b: WallTime): boolean => a.hour === b.hour && a.minute === b.minute;

function exceptionFor(day: TradingDay, theirs: ListedSession | undefined): CalendarException {
  if (theirs === undefined) return { day, kind: 'closed' };
  const open = wallTime(theirs.open);
  const close = wallTime(theirs.close);
  if (!same(open, OPENS)) return { day, kind: 'hours', open, close };
  return same(close, CLOSES) ? { day, kind: 'regular' } : { day, kind: 'early', ...close };
}

/**
 * Where the broker's sessions differ from ours on the days [from, to] that its list covers. Feed the exceptions to
 * `usCalendar` and the calendars agree: the broker wins. Sessions outside [from, to] are ignored.
 */
export function diffCalendars(
  ours: Calendar,
  theirs: readonly ListedSession[],
  from: TradingDay,
  to: TradingDay,
): readonly CalendarDifference[] {
  const listed = new Map(theirs.map((s) => [s.day, s]));
  const differences: CalendarDifference[] = [];
  for (let n = dayNumber(from); n <= dayNumber(to); n++) {
    const day = dayOfNumber(n);
    const mine = ours.session(day);
    const other = listed.get(day);
    if (mine?.open === other?.open && mine?.close === other?.close) continue;
    differences.push({ day, ours: mine, theirs: other, exception: exceptionFor(day, other) });
  }
  return differences;
}
