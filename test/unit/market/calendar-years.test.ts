import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { calendarYears, tradingMinutesLeft, yearsToExpiry } from '../../../src/market/expiry.ts';

const calendar = usCalendar();
const at = (day: string, hour: number, minute = 0) => calendar.instant(tradingDay(day), hour, minute);

describe('calendar years, whatever is left', () => {
  it.each([
    ['2027-01-26', 16, '2027-01-29', 3],
    ['2027-01-28', 16, '2027-01-29', 1], // the session clock would say 390 minutes
    ['2027-01-27', 10, '2027-01-29', 2.25],
    ['2026-11-26', 13, '2026-11-27', 1], // to the early close
    ['2027-01-29', 16, '2027-01-29', 0],
    ['2027-01-30', 12, '2027-01-29', 0],
  ])('from %s at %d to %s: %d days', (day, hour, expiry, days) => {
    expect(calendarYears(at(day, hour), tradingDay(expiry), calendar)).toBeCloseTo(days / 365, 12);
  });
  it('are those of `yearsToExpiry` from two days on', () => {
    const [now, expiry] = [at('2027-01-26', 15, 20), tradingDay('2027-01-29')];
    expect(calendarYears(now, expiry, calendar)).toBe(yearsToExpiry(now, expiry, calendar));
  });
});

describe('regular minutes left', () => {
  it.each([
    ['2027-01-29', 10, '2027-01-29', 360],
    ['2027-01-28', 10, '2027-01-29', 750],
    ['2026-11-27', 10, '2026-11-27', 180],
    ['2027-01-29', 17, '2027-01-29', 0],
  ])('from %s at %d to %s: %d', (day, hour, expiry, minutes) => {
    expect(tradingMinutesLeft(at(day, hour), tradingDay(expiry), calendar)).toBe(minutes);
  });
});
