// The paced clock on a hand-turned wall clock: pace, nights, weekends, stops and refusals.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import type { ClockState } from '../../../src/exchange/clock.ts';
import { type PacedClockOptions, pacedClock } from '../../../src/exchange/paced-clock.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2027-12-31') });
const ny = (day: string, hour: number, minute: number): number => calendar.instant(tradingDay(day), hour, minute);

function hung(options: Partial<PacedClockOptions> = {}) {
  let wall = 1_000;
  const clock = pacedClock({ start: ny('2026-11-19', 15, 5), speed: 60, wallNow: () => wall, calendar, ...options });
  const heard: ClockState[] = [];
  clock.onChange((state) => heard.push(state));
  return {
    clock,
    heard,
    /** Lets wall time pass, reading the clock every 25 ms as a runner does. */
    pass(ms: number): void {
      for (let gone = 0; gone < ms; gone += 25) {
        wall += Math.min(25, ms - gone);
        clock.now();
      }
    },
  };
}

describe('the paced clock', () => {
  it('runs at its speed inside the session and announces nothing', () => {
    const { clock, heard, pass } = hung();
    pass(10_000);
    expect(clock.now()).toBe(ny('2026-11-19', 15, 15));
    expect(heard).toEqual([]);
  });

  it('comes to stand at its end, says so once, and goes nowhere beyond it', () => {
    const end = ny('2026-11-19', 15, 10);
    let told = 0;
    const { clock, heard, pass } = hung({ end, onEnd: () => (told += 1) });
    pass(4_900);
    expect([clock.now() < end, told]).toEqual([true, 0]);
    pass(600_000);
    expect([clock.now(), told, heard]).toEqual([end, 1, []]);
    expect(() => clock.jumpTo(end + 1)).toThrow(/time ends before it/);
    clock.setSpeed(1);
    pass(60_000);
    expect([clock.now(), told]).toEqual([end, 1]);
  });

  it('steps through a night no further than to its end', () => {
    const end = ny('2026-11-20', 3, 0);
    const { clock, pass } = hung({ end });
    pass(600_000);
    expect(clock.now()).toBe(end);
  });

  it('runs on to 20 minutes after the close and passes the night in about two seconds of announced steps', () => {
    const { clock, heard, pass } = hung();
    pass(75_000 - 25);
    expect(clock.now()).toBe(ny('2026-11-19', 16, 20) - 1_500);
    expect(heard).toEqual([]);
    pass(25 + 1_750);
    expect(clock.now()).toBeGreaterThanOrEqual(ny('2026-11-20', 9, 0));
    expect(clock.now()).toBeLessThan(ny('2026-11-20', 9, 1));
    expect(heard).toHaveLength(8);
    expect(heard.every((state) => state.why === 'jump' && state.speed === 60)).toBe(true);
    pass(30_000);
    expect(heard).toHaveLength(8);
  });

  it.each([
    ['a weekend', '2026-11-20', [16, 0], '2026-11-23'],
    ['a holiday', '2026-11-25', [16, 0], '2026-11-27'],
    ['a half day', '2026-11-27', [13, 0], '2026-11-30'],
  ] as const)('passes %s from the close to 09:00 of the next session', (_name, from, [hour, minute], to) => {
    const { clock, pass } = hung({ start: ny(from, hour, minute) });
    pass(20_000 - 25);
    expect(clock.now()).toBeLessThan(ny(from, hour, minute + 20));
    pass(25 + 2_000);
    expect(clock.now()).toBeGreaterThanOrEqual(ny(to, 9, 0));
    expect(clock.now()).toBeLessThan(ny(to, 9, 5));
  });

  it('starts in the night as well', () => {
    const { clock, pass } = hung({ start: ny('2026-11-19', 23, 0) });
    pass(2_000);
    expect(clock.now()).toBeGreaterThanOrEqual(ny('2026-11-20', 9, 0));
    expect(clock.now()).toBeLessThan(ny('2026-11-20', 9, 2));
  });

  it('stops a step at each instant at which something happens', () => {
    const midnight = ny('2026-11-20', 0, 0);
    const run = ny('2026-11-19', 18, 0);
    const nextEvent = (after: number): number => [run, midnight].find((one) => one > after) ?? Infinity;
    const { heard, pass } = hung({ start: ny('2026-11-19', 16, 19), nextEvent });
    pass(5_000);
    const times = heard.map((state) => state.exchange);
    expect(times).toContain(run);
    expect(times).toContain(midnight);
    expect(times.length).toBeLessThanOrEqual(10);
  });

  it('takes its night speed from its owner', () => {
    const { heard, pass } = hung({ start: ny('2026-11-19', 16, 20), nightSpeed: 24_000 });
    pass(10_000);
    expect((heard[2]?.exchange ?? 0) - (heard[1]?.exchange ?? 0)).toBe(250 * 24_000 + 250 * 60);
  });

  it('never goes back, whatever is done to it', () => {
    const { clock, pass } = hung();
    let last = clock.now();
    const look = (): void => {
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    };
    for (const speed of [1, 600, 0.5, 6_000, 1]) {
      clock.setSpeed(speed);
      look();
      pass(7_000);
      look();
      clock.jumpTo(clock.now() + 3_600_000);
      look();
    }
  });

  it('announces a change of speed and a jump, and refuses a jump back', () => {
    const { clock, heard } = hung();
    const start = clock.now();
    clock.setSpeed(1);
    clock.jumpTo(start + 5_000);
    expect(heard).toEqual([
      { exchange: start, speed: 1, why: 'speed' },
      { exchange: start + 5_000, speed: 1, why: 'jump' },
    ]);
    expect(() => clock.jumpTo(start)).toThrow('cannot jump back');
    expect(() => clock.jumpTo(Number.NaN)).toThrow('not an instant');
    expect(() => clock.setSpeed(0)).toThrow('above 0');
    expect(() => hung({ speed: -1 })).toThrow('above 0');
  });

  it('stops telling who no longer listens', () => {
    const { clock } = hung();
    const heard: ClockState[] = [];
    const stop = clock.onChange((state) => heard.push(state));
    stop();
    clock.setSpeed(2);
    expect(heard).toEqual([]);
  });
});
