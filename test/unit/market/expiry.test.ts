import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { dte, expirySession, yearsToExpiry } from '../../../src/market/expiry.ts';

const calendar = usCalendar({ from: tradingDay('2014-01-01'), to: tradingDay('2027-12-31') });
const day = tradingDay;
const years = (now: readonly [string, number, number], expiry: string) =>
  yearsToExpiry(calendar.instant(day(now[0]), now[1], now[2]), day(expiry), calendar);

describe('yearsToExpiry', () => {
  it.each([
    ['thirty days to the minute', ['2026-01-21', 16, 0], '2026-02-20', 30 / 365],
    ['a change of the clock is an hour less', ['2026-02-20', 16, 0], '2026-03-20', (28 - 1 / 24) / 365],
    ['the last 240 minutes on the session clock', ['2026-02-20', 12, 0], '2026-02-20', 240 / 98280],
    ['the eve counts what is left today and the whole of tomorrow', ['2026-02-19', 15, 30], '2026-02-20', 420 / 98280],
    ['before the open all of the session', ['2026-02-20', 8, 0], '2026-02-20', 390 / 98280],
    ['a half day has 210 minutes', ['2026-11-27', 9, 30], '2026-11-27', 210 / 98280],
    ['and ends at 13:00', ['2026-11-20', 13, 0], '2026-11-27', 7 / 365],
    ['over a weekend the calendar clock', ['2026-02-20', 16, 0], '2026-02-23', 3 / 365],
    ['at the close', ['2026-02-20', 16, 0], '2026-02-20', 0],
    ['long after', ['2026-02-27', 16, 0], '2026-02-20', 0],
    ['an expiry on a Saturday ends with Friday', ['2014-06-06', 16, 0], '2014-06-21', 14 / 365],
  ] as const)('%s', (_, now, expiry, expected) => expect(years(now, expiry)).toBeCloseTo(expected, 12));
});

describe('dte', () => {
  it('counts calendar days', () => {
    expect(dte(day('2026-02-13'), day('2026-02-20'))).toBe(7);
    expect(dte(day('2026-02-21'), day('2026-02-20'))).toBe(-1);
    expect(expirySession(day('2014-06-21'), calendar).day).toBe('2014-06-20');
  });
});
