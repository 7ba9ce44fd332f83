import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, after, dayNumber, dayOfNumber, daysBetween, epochMs, monoMs, tradingDay, weekday } from '../../../src/domain/time.ts';

describe('days', () => {
  it.each([
    ['2026-03-07', 1, '2026-03-08'],
    ['2026-03-08', 1, '2026-03-09'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-01', -1, '2026-02-28'],
  ])('%s moved by %d is %s', (day, n, moved) => {
    expect(addDays(tradingDay(day), n)).toBe(moved);
  });
  it('are counted the same in both directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -20_000, max: 20_000 }), (n, by) => {
        const day = dayOfNumber(n);
        expect(dayNumber(day)).toBe(n);
        if (n + by >= 0) expect(daysBetween(day, addDays(day, by))).toBe(by);
      }),
    );
  });
  it.each([
    ['1970-01-01', 4],
    ['2026-03-08', 0],
    ['2026-11-27', 5],
  ])('%s is weekday %d', (day, of) => {
    expect(weekday(tradingDay(day))).toBe(of);
  });
  it.each(['2026-3-1', '20260301', '', 'today'])('are not written %j', (text) => {
    expect(() => tradingDay(text)).toThrow('not a day');
  });
});

describe('instants', () => {
  it('are whole and finite', () => {
    expect(() => epochMs(1.5)).toThrow('not an instant');
    expect(() => epochMs(Number.NaN)).toThrow('not an instant');
    expect(() => monoMs(Number.POSITIVE_INFINITY)).toThrow('not a monotonic instant');
    expect(after(epochMs(1_000), -250)).toBe(750);
  });
});
