// The exchange's rules for full closures and early closes, and the days on which it broke them.
import { addDays, dayNumber, dayOfNumber, type TradingDay, tradingDay, weekday } from '../domain/time.ts';

/** What the rules say of one day. `early` carries the close on the New York wall clock. */
export type DayRule =
  | { readonly kind: 'regular' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'early'; readonly hour: number; readonly minute: number };

const closed: DayRule = { kind: 'closed' };
const regular: DayRule = { kind: 'regular' };
const halfDay: DayRule = { kind: 'early', hour: 13, minute: 0 };

/** Days the rules below do not give: closures of the moment, and half days of years with a custom of their own. */
const oneOffs: ReadonlyMap<string, DayRule> = new Map<string, DayRule>([
  ['2001-09-11', closed],
  ['2001-09-12', closed],
  ['2001-09-13', closed],
  ['2001-09-14', closed], // attacks of 11 September
  ['2002-07-03', regular],
  ['2002-07-05', halfDay], // the half day followed Independence Day instead
  ['2003-12-26', halfDay],
  ['2004-06-11', closed],
  ['2007-01-02', closed],
  ['2018-12-05', closed],
  ['2025-01-09', closed], // days of mourning for a president
  ['2012-10-29', closed],
  ['2012-10-30', closed], // hurricane Sandy
]);

const date = (year: number, month: number, day: number): TradingDay =>
  tradingDay(`${String(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

/** The `nth` given weekday (0 Sunday) of a month. */
function nthWeekday(year: number, month: number, dayOfWeek: number, nth: number): TradingDay {
  const first = date(year, month, 1);
  return addDays(first, ((dayOfWeek - weekday(first) + 7) % 7) + 7 * (nth - 1));
}

function lastMonday(year: number, month: number): TradingDay {
  const last = date(year, month, 31);
  return addDays(last, -((weekday(last) + 6) % 7));
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm as given by Meeus, Astronomical Algorithms, ch. 8). */
export function easter(year: number): TradingDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return date(year, Math.floor(n / 31), (n % 31) + 1);
}

/** A fixed date as it is kept: the Friday before a Saturday, the Monday after a Sunday. */
function observed(day: TradingDay): TradingDay {
  const w = weekday(day);
  return w === 6 ? addDays(day, -1) : w === 0 ? addDays(day, 1) : day;
}

/** Full closures by rule in a year; New Year's Day is not kept when it falls on a Saturday. */
export function holidays(year: number): readonly TradingDay[] {
  const newYear = date(year, 1, 1);
  const days = [
    nthWeekday(year, 2, 1, 3),
    addDays(easter(year), -2),
    lastMonday(year, 5),
    observed(date(year, 7, 4)),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(date(year, 12, 25)),
  ];
  if (weekday(newYear) !== 6) days.push(observed(newYear));
  if (year >= 1998) days.push(nthWeekday(year, 1, 1, 3));
  if (year >= 2022) days.push(observed(date(year, 6, 19)));
  return days.sort((a, b) => dayNumber(a) - dayNumber(b));
}

/** Half days by rule in a year, ignoring holidays: the day after Thanksgiving, Christmas Eve, and 3 July from Monday to Thursday. */
function halfDays(year: number): readonly TradingDay[] {
  const third = date(year, 7, 3);
  const eve = date(year, 12, 24);
  const days = [addDays(nthWeekday(year, 11, 4, 4), 1)];
  if (weekday(third) >= 1 && weekday(third) <= 4) days.push(third);
  if (weekday(eve) >= 1 && weekday(eve) <= 5) days.push(eve);
  return days;
}

/** What the rules say of each day of a year that is not a regular weekday, weekends left out. */
export function specialDays(year: number): ReadonlyMap<TradingDay, DayRule> {
  const result = new Map<TradingDay, DayRule>();
  for (const day of halfDays(year)) result.set(day, halfDay);
  for (const day of holidays(year)) result.set(day, closed);
  for (const [day, rule] of oneOffs) if (day.startsWith(String(year))) result.set(tradingDay(day), rule);
  return result;
}

/** True on Saturday and Sunday. */
export const isWeekend = (day: TradingDay): boolean => weekday(day) === 0 || weekday(day) === 6;

/** The third Friday of a month, or the Thursday before when the exchange is closed that Friday: the standard monthly expiry. */
export function monthlyExpiry(year: number, month: number): TradingDay {
  const friday = nthWeekday(year, month, 5, 3);
  return specialDays(year).get(friday)?.kind === 'closed' ? dayOfNumber(dayNumber(friday) - 1) : friday;
}
