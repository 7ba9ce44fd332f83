// Which sessions are expiries of a name, and from when on each is listed.
import { addDays, dayNumber, type TradingDay, weekday } from '../../domain/time.ts';
import type { SessionIndex } from './session-index.ts';

/** A session's rank among expiries: every session is at least a daily one, for names that have those. */
export type ExpiryClass = 'daily' | 'weekly' | 'monthly' | 'january';

const WEEKLY_AHEAD = 45;
const MONTHLY_AHEAD = 275;

export interface Expiries {
  classOf(index: number): ExpiryClass;
  /** The number of the first session on which an expiry is listed; undefined when it never is. */
  listedFrom(expiry: number, dailies: boolean): number | undefined;
}

const FRIDAY = 5;

/** True for the Friday on which weekly contracts would expire, or the Thursday before when that Friday is closed. */
function endsWeek(sessions: SessionIndex, day: TradingDay): boolean {
  if (weekday(day) === FRIDAY) return true;
  return weekday(day) === FRIDAY - 1 && sessions.of(addDays(day, 1)) === undefined;
}

export function expiries(sessions: SessionIndex): Expiries {
  const classes = new Map<number, ExpiryClass>();
  function classify(index: number): ExpiryClass {
    const { day } = sessions.session(index);
    if (!endsWeek(sessions, day)) return 'daily';
    const friday = addDays(day, FRIDAY - weekday(day));
    const date = Number(friday.slice(8, 10));
    if (date < 15 || date > 21) return 'weekly';
    return friday.slice(5, 7) === '01' ? 'january' : 'monthly';
  }
  function classOf(index: number): ExpiryClass {
    const found = classes.get(index) ?? classify(index);
    classes.set(index, found);
    return found;
  }
  return {
    classOf,
    listedFrom(expiry, dailies) {
      const { day } = sessions.session(expiry);
      switch (classOf(expiry)) {
        case 'daily':
          return dailies ? sessions.from(addDays(day, -WEEKLY_AHEAD)) : undefined;
        case 'weekly':
          return sessions.from(addDays(day, -WEEKLY_AHEAD));
        case 'monthly':
          return sessions.from(addDays(day, -MONTHLY_AHEAD));
        case 'january':
          return sessions.from(`${Number(day.slice(0, 4)) - 2}-01-01` as TradingDay);
      }
    },
  };
}

/** The last day on which anything can be listed that is listed on `day`: the second January ahead. */
export const furthestExpiry = (day: TradingDay): TradingDay => addDays(day, Math.max(MONTHLY_AHEAD, januaryDistance(day)));

const januaryDistance = (day: TradingDay): number => dayNumber(`${Number(day.slice(0, 4)) + 2}-01-21` as TradingDay) - dayNumber(day);
