import { describe, expect, it } from 'vitest';
import { beginningFlag, dayFlag, untilFlag, untilInstant } from '../../../src/cli/flags.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') });
const now = calendar.instant(tradingDay('2026-11-23'), 15, 5);

describe('a day', () => {
  it.each(['2026-02-28', '2028-02-29'])('%s exists', (text) => {
    expect(dayFlag(text)).toBe(text);
  });
  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', 'today', ''])('%j does not', (text) => {
    expect(() => dayFlag(text)).toThrow('YYYY-MM-DD');
  });
});

describe('where to begin', () => {
  it('is a day, or a time of a day', () => {
    expect(beginningFlag('2025-11-26')).toEqual({ day: '2025-11-26', time: null });
    expect(beginningFlag('2025-11-26T15:05')).toEqual({ day: '2025-11-26', time: { hour: 15, minute: 5 } });
  });
  it.each(['15:05', '2025-11-26T', '2025-11-26T24:00', '2025-02-30T10:00', '2025-02-30', 'T10:00'])('%j is none', (text) => {
    expect(() => beginningFlag(text)).toThrow('YYYY-MM-DD');
  });
});

describe('a time to stop at', () => {
  it.each([
    ['15:45', '2026-11-23', 15, 45],
    ['9:31', '2026-11-24', 9, 31],
    ['15:05', '2026-11-24', 15, 5],
    ['2026-12-01T10:00', '2026-12-01', 10, 0],
  ] as const)('%s is the next such moment of the exchange', (text, day, hour, minute) => {
    expect(untilInstant(untilFlag(text), calendar, now)).toBe(calendar.instant(tradingDay(day), hour, minute));
  });
  it.each(['99:99', '24:00', '12:60', '2026-02-30T10:00', 'noon'])('%j is none', (text) => {
    expect(() => untilFlag(text)).toThrow();
  });
});
