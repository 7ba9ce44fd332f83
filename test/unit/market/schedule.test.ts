import { describe, expect, it } from 'vitest';
import { after, MINUTE, SECOND, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { dueSlot, nextInstant, slotInstants, type Timing } from '../../../src/market/schedule.ts';

const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') });
const session = calendar.offset(tradingDay('2026-02-11'), 0);
const half = calendar.offset(tradingDay('2026-11-27'), 0);
const time = (hour: number, minute: number, second = 0) => calendar.instant(session.day, hour, minute, second);
const clock = (instants: readonly number[], of = session) => instants.map((i) => (i - of.open) / MINUTE);

const entries: Timing = {
  at: [
    { from: 'open', minutes: 45 },
    { from: 'open', minutes: 210 },
    { from: 'close', minutes: -45 },
  ],
};
const manage: Timing = { everyMs: MINUTE, start: { from: 'open', minutes: 5 }, end: { from: 'close', minutes: -5 } };
const mark: Timing = { at: [{ from: 'close', minutes: 15 }] };

describe('slotInstants', () => {
  it('moves with an early close, and drops what a half day has no room for', () => {
    expect(clock(slotInstants(entries, session))).toEqual([45, 210, 345]);
    expect(clock(slotInstants(entries, half), half)).toEqual([45, 165]);
    expect(clock(slotInstants(mark, half), half)).toEqual([225]);
  });

  it('fills a window, both ends included', () => {
    const instants = clock(slotInstants(manage, session));
    expect([instants[0], instants[1], instants.at(-1), instants.length]).toEqual([5, 6, 385, 381]);
  });

  it('cuts a window at the early close, or leaves it out', () => {
    const afternoon: Timing = { everyMs: 30 * MINUTE, start: { from: 'open', minutes: 150 }, end: { from: 'open', minutes: 330 } };
    expect(clock(slotInstants(afternoon, half), half)).toEqual([150, 180, 210]);
    const evening: Timing = { everyMs: MINUTE, start: { from: 'open', minutes: 300 }, end: { from: 'open', minutes: 330 } };
    expect(slotInstants(evening, half)).toEqual([]);
    expect(dueSlot(evening, half, after(half.open, 301 * MINUTE), undefined, MINUTE)).toBeUndefined();
  });

  it('finds the next instant', () => {
    expect(nextInstant(entries, session, time(10, 15))).toBe(time(13, 0));
    expect(nextInstant(entries, session, time(15, 15))).toBeUndefined();
  });
});

describe('dueSlot', () => {
  it.each([
    ['a second before its instant', time(10, 14, 59), undefined],
    ['at its instant', time(10, 15), 0],
    ['within five minutes', time(10, 19, 59), 0],
    ['five minutes later', time(10, 20), undefined],
  ])('of a fixed instant, %s', (_, now, missed) => {
    expect(dueSlot(entries, session, now, undefined, 30 * SECOND)).toEqual(
      missed === undefined ? undefined : { slotAt: time(10, 15), missed },
    );
  });

  it('waits as long as one beat when a beat is longer than the grace', () => {
    expect(dueSlot(entries, session, time(10, 24), undefined, 10 * MINUTE)?.slotAt).toBe(time(10, 15));
    expect(dueSlot(entries, session, time(10, 25), undefined, 10 * MINUTE)).toBeUndefined();
  });

  it('is run once', () => {
    expect(dueSlot(entries, session, time(10, 16), time(10, 15), MINUTE)).toBeUndefined();
    expect(dueSlot(manage, session, time(10, 0, 59), time(10, 0), MINUTE)).toBeUndefined();
    expect(dueSlot(manage, session, time(10, 1), time(10, 0), MINUTE)).toEqual({ slotAt: time(10, 1), missed: 0 });
  });

  it('runs the newest and counts the older ones', () => {
    expect(dueSlot(manage, session, time(10, 30, 5), time(10, 0), 30 * SECOND)).toEqual({ slotAt: time(10, 30), missed: 29 });
    expect(dueSlot(entries, session, time(15, 16), time(10, 15), MINUTE)).toEqual({ slotAt: time(15, 15), missed: 1 });
  });

  it('owes nothing to a daemon that has never run, and counts only this session', () => {
    expect(dueSlot(manage, session, time(15, 5), undefined, MINUTE)).toEqual({ slotAt: time(15, 5), missed: 0 });
    const yesterday = calendar.offset(session.day, -1);
    expect(dueSlot(manage, session, time(9, 37), yesterday.close, MINUTE)).toEqual({ slotAt: time(9, 37), missed: 2 });
  });

  it('refuses a cadence that is none', () => {
    expect(() => dueSlot({ ...manage, everyMs: 0 }, session, time(10, 0), undefined, MINUTE)).toThrow('a cadence is positive: 0');
  });
});
