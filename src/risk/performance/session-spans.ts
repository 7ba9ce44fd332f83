// The account's days: each from the last read before it to the last read on it, so that no cent falls between two of them.
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { Standing } from './standings.ts';

export interface SessionSpan {
  readonly day: TradingDay;
  readonly from: Standing;
  readonly to: Standing;
  /** Reads in regular hours of the day; all of its reads where there was none. */
  readonly during: readonly Standing[];
  /** Sessions it covers: more than one where nobody looked in between. Such a return is chained, but is no daily observation. */
  readonly sessions: number;
}

export interface Window {
  /** Inclusive; all there is where it is not given. */
  readonly from?: TradingDay;
  readonly to?: TradingDay;
}

/** The last read of each session day with the very first read before them; reads on other days belong to the session after. */
function closesOf(standings: readonly Standing[], calendar: Calendar): readonly Standing[] {
  const [first] = standings;
  if (first === undefined) return [];
  const last = new Map<TradingDay, Standing>();
  for (const standing of standings) if (calendar.session(standing.read.day) !== undefined) last.set(standing.read.day, standing);
  return [first, ...[...last.values()].filter((standing) => standing !== first)];
}

const sessionsFrom = (from: Standing, to: Standing, first: boolean, calendar: Calendar): number => {
  if (first) return 1; // from wherever the ledger begins: a day, if not a whole one
  return calendar.between(from.read.day, to.read.day).filter(({ day }) => day > from.read.day).length;
};

/** The spans of a window, oldest first. The first of all begins with the very first read. */
export function sessionSpans(standings: readonly Standing[], calendar: Calendar, window: Window = {}): readonly SessionSpan[] {
  const closes = closesOf(standings, calendar);
  return closes.flatMap((to, i) => {
    const from = closes[i - 1];
    const { day } = to.read;
    if (from === undefined || (window.from !== undefined && day < window.from) || (window.to !== undefined && day > window.to)) return [];
    const today = standings.filter(({ read }) => read.day === day);
    const open = today.filter(({ read }) => calendar.inSession(read.at) !== undefined);
    return [{ day, from, to, during: open.length > 0 ? open : today, sessions: sessionsFrom(from, to, i === 1, calendar) }];
  });
}
