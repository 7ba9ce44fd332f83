// New York wall time as pure arithmetic: the US daylight-saving rules in force since 1987, and nothing of the host's time zones.
import { ensure } from '../base/assert.ts';
import { DAY, dayNumber, dayOfNumber, type EpochMs, epochMs, HOUR, MINUTE, type TradingDay, tradingDay } from '../domain/time.ts';

/** The day number of the `nth` Sunday of a month (1 is the first). */
function nthSunday(year: number, month: number, nth: number): number {
  const first = dayNumber(tradingDay(`${String(year)}-${String(month).padStart(2, '0')}-01`));
  const weekdayOfFirst = (first + 4) % 7;
  return first + ((7 - weekdayOfFirst) % 7) + 7 * (nth - 1);
}

/** The day number of the last Sunday of a month of 31 days. */
function lastSundayOf31(year: number, month: number): number {
  const last = dayNumber(tradingDay(`${String(year)}-${String(month).padStart(2, '0')}-31`));
  return last - ((last + 4) % 7);
}

interface Daylight {
  readonly start: number;
  readonly end: number;
}

/**
 * First and last instant (exclusive) of daylight time in a year: 02:00 local both ways. Energy Policy Act of 2005 from
 * 2007, the act of 1986 before.
 */
function daylight(year: number): Daylight {
  const startDay = year >= 2007 ? nthSunday(year, 3, 2) : nthSunday(year, 4, 1);
  const endDay = year >= 2007 ? nthSunday(year, 11, 1) : lastSundayOf31(year, 10);
  return { start: startDay * DAY + 7 * HOUR, end: endDay * DAY + 6 * HOUR };
}

const FIRST_YEAR = 1987;
const LAST_YEAR = 2099;
// Reckoned once: every instant the daemon looks at asks for its year.
const table: readonly Daylight[] = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => daylight(FIRST_YEAR + i));

/** New York's offset from UTC at an instant, in milliseconds: -5 h, or -4 h under daylight time. AssertionError outside 1987..2099. */
export function newYorkOffset(at: EpochMs): number {
  // A mean year is near enough: it errs by a day about New Year, when both years say standard time.
  const year = 1970 + Math.floor(at / (365.2425 * DAY));
  const { start, end } = ensure(table[year - FIRST_YEAR], `daylight-saving rule of the year ${String(year)}`);
  return at >= start && at < end ? -4 * HOUR : -5 * HOUR;
}

/** The New York date at an instant. */
export const newYorkDay = (at: EpochMs): TradingDay => dayOfNumber(Math.floor((at + newYorkOffset(at)) / DAY));

/** Milliseconds since New York midnight on the wall clock at an instant. */
export const newYorkTimeOfDay = (at: EpochMs): number => {
  const local = at + newYorkOffset(at);
  return local - Math.floor(local / DAY) * DAY;
};

/** `2026-03-06 15:00`: an instant on the New York clock, to the minute. */
export function newYorkMinute(at: EpochMs): string {
  const minutes = Math.floor(newYorkTimeOfDay(at) / MINUTE);
  return `${newYorkDay(at)} ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * The instant of a wall-clock time. The hour that occurs twice in November is its first pass (daylight time); the hour
 * that is skipped in March is read with the standard offset, i.e. one hour later on the clock.
 */
export function newYorkInstant(day: TradingDay, hour: number, minute: number, second = 0): EpochMs {
  const local = dayNumber(day) * DAY + hour * HOUR + minute * MINUTE + second * 1000;
  const summer = epochMs(local + 4 * HOUR);
  return newYorkOffset(summer) === -4 * HOUR ? summer : epochMs(local + 5 * HOUR);
}
