// The invented economy's calendar: rate decisions, consumer prices and payrolls, on days like those of the real one.
import { addDays, type TradingDay, tradingDay, weekday } from '../../domain/time.ts';
import type { MacroDate, MacroDates } from '../market.ts';
import { draw, streamOf } from './draws.ts';
import { FIRST_DAY, type SessionIndex } from './session-index.ts';

const WEDNESDAY = 3;
const FRIDAY = 5;
/** Months with a rate decision, and which Wednesday of theirs it is on; 0 is the last one. */
const DECISIONS: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [3, 3],
  [5, 1],
  [6, 3],
  [7, 0],
  [9, 3],
  [11, 1],
  [12, 2],
]);

const dayIn = (year: number, month: number, date: number): TradingDay =>
  tradingDay(`${String(year)}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`);

/** The nth weekday of a month (1 is the first); 0 is the last one. */
function nth(year: number, month: number, dayOfWeek: number, n: number): TradingDay {
  if (n === 0) {
    const next = month === 12 ? dayIn(year + 1, 1, 1) : dayIn(year, month + 1, 1);
    return addDays(next, -1 - ((weekday(addDays(next, -1)) - dayOfWeek + 7) % 7));
  }
  const first = dayIn(year, month, 1);
  return addDays(first, ((dayOfWeek - weekday(first) + 7) % 7) + 7 * (n - 1));
}

/**
 * Events from the first day of all paths to `last`: decisions (`FOMC`) at 14:00, consumer prices (`CPI`) about the second Wednesday
 * and payrolls (`NFP`) on the first Friday, both at 08:30; what falls on a closed day comes on the
 * session before it, or after it where that would be the month before.
 */
export function macroDates(seed: number, sessions: SessionIndex, last: TradingDay): MacroDates {
  const stream = streamOf(seed, 'macro');
  const onSession = (day: TradingDay): TradingDay => {
    const next = sessions.from(day);
    const before = sessions.session(Math.max(0, next - 1)).day;
    const moved = before.slice(0, 7) === day.slice(0, 7) ? before : sessions.session(next).day;
    return sessions.of(day) === undefined ? moved : day;
  };
  const dates: MacroDate[] = [];
  const add = (day: TradingDay, event: string, time: string): void => {
    const session = onSession(day);
    if (session >= FIRST_DAY && session <= last) dates.push({ day: session, event, time });
  };
  for (let year = Number(FIRST_DAY.slice(0, 4)); year <= Number(last.slice(0, 4)); year++) {
    for (let month = 1; month <= 12; month++) {
      const decision = DECISIONS.get(month);
      if (decision !== undefined) add(nth(year, month, WEDNESDAY, decision), 'FOMC', '14:00');
      add(addDays(nth(year, month, WEDNESDAY, 2), (draw(stream, year, month) % 3) - 1), 'CPI', '08:30');
      add(nth(year, month, FRIDAY, 1), 'NFP', '08:30');
    }
  }
  return { dates, complete: { from: FIRST_DAY, to: last } };
}
