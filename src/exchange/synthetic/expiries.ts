// Which sessions are expiries of a name, and from when on each is listed.
import { addDays, daysBetween, type TradingDay, tradingDay, weekday } from '../../domain/time.ts';
import type { SyntheticName } from './names.ts';
import { earlierDay, LAST_DAY, type SessionIndex } from './session-index.ts';

/** A session's rank among expiries: every session is at least a daily one, for names that have those. */
export type ExpiryClass = 'daily' | 'weekly' | 'monthly' | 'january';

/** Calendar days ahead of its expiry at which a class is listed. */
const MIDWEEK_AHEAD = 14;
const WEEKLY_AHEAD = 45;
const MONTHLY_AHEAD = 275;
/** January and June of names with long-dated options: more than two and a half years. */
const LEAPS_AHEAD = 960;
/** The largest names have had contracts that end on Mondays and Wednesdays since this day. */
const MIDWEEK_SINCE = tradingDay('2026-01-26');

/** What decides which expiries a name has. */
export type Habits = Pick<SyntheticName, 'dailies' | 'midweek' | 'leaps'>;

export interface Expiries {
  classOf(index: number): ExpiryClass;
  /** The number of the first session on which an expiry of a name is listed; undefined when it never is. */
  listedFrom(expiry: number, name: Habits, reports: boolean): number | undefined;
}

const MONDAY = 1;
const WEDNESDAY = 3;
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
    listedFrom(expiry, { dailies, midweek, leaps }, reports) {
      const { day } = sessions.session(expiry);
      const june = day.slice(5, 7) === '06';
      switch (classOf(expiry)) {
        case 'daily': {
          if (dailies) return sessions.from(addDays(day, -WEEKLY_AHEAD));
          // None ends on the day of its name's own report.
          const due = midweek && (weekday(day) === MONDAY || weekday(day) === WEDNESDAY) && day >= MIDWEEK_SINCE && !reports;
          return due ? sessions.from(addDays(day, -MIDWEEK_AHEAD)) : undefined;
        }
        case 'weekly':
          return sessions.from(addDays(day, -WEEKLY_AHEAD));
        case 'monthly':
          return sessions.from(addDays(day, -(leaps && june ? LEAPS_AHEAD : MONTHLY_AHEAD)));
        case 'january':
          if (leaps) return sessions.from(addDays(day, -LEAPS_AHEAD));
          return sessions.from(`${Number(day.slice(0, 4)) - 2}-01-01` as TradingDay);
      }
    },
  };
}

/** The last day on which anything can be listed that is listed on `day`. */
export function furthestExpiry(day: TradingDay, leaps: boolean): TradingDay {
  const january = daysBetween(day, tradingDay(`${String(Number(day.slice(0, 4)) + 2)}-01-21`));
  return earlierDay(addDays(day, leaps ? LEAPS_AHEAD : Math.max(MONTHLY_AHEAD, january)), LAST_DAY);
}
