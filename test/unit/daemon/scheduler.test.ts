// The heartbeat on virtual timers: the real cron runs, only the machine's time is moved by hand.
import FakeTimers, { type Clock as Timers } from '@sinonjs/fake-timers';
import { afterEach, describe, expect, it } from 'vitest';
import { createScheduler, type DueTick } from '../../../src/daemon/scheduler.ts';
import { strategyId } from '../../../src/domain/ids.ts';
import { epochMs, HOUR, MINUTE, monoMs, SECOND, tradingDay } from '../../../src/domain/time.ts';
import type { AnyStrategy, Slot } from '../../../src/strategies/strategy.ts';
import { calendar } from '../risk/contexts.ts';

let timers: Timers | null = null;
afterEach(() => {
  timers?.uninstall();
  timers = null;
});

const strategyOf = (id: string, slots: readonly Slot[]) => ({
  strategy: { id: strategyId(id), schedule: () => slots } as unknown as AnyStrategy,
  params: {},
  enabled: true,
});
const fixed = (name: string, from: 'open' | 'close', ...minutes: readonly number[]): Slot => ({
  name,
  phase: 'entry',
  at: minutes.map((m) => ({ from, minutes: m })),
});
const each = (name: string, everyMs: number): Slot => ({
  name,
  phase: 'manage',
  everyMs,
  start: { from: 'open', minutes: 0 },
  end: { from: 'close', minutes: 0 },
});

function setUp(
  day: string,
  hour: number,
  minute: number,
  enlisted: readonly ReturnType<typeof strategyOf>[],
  heartbeatMs = 30 * SECOND,
  run?: (tick: DueTick) => Promise<void>,
) {
  const start = calendar.instant(tradingDay(day), hour, minute);
  const fake = FakeTimers.install({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  timers = fake;
  const ticks: DueTick[] = [];
  const pushed: string[] = [];
  let beats = 0;
  const scheduler = createScheduler({
    clock: {
      now: () => ({ exchange: epochMs(Date.now()), mono: monoMs(Date.now() - start), speed: 1 }),
      after: () => () => {},
      wallUntil: () => 0,
    },
    calendar,
    strategies: enlisted,
    heartbeatMs,
    prepare: (tick) => {
      ticks.push(tick);
      return run?.(tick) ?? Promise.resolve();
    },
    push: (tick) => void pushed.push(`${tick.strategy} ${tick.slot}`),
    beat: () => void beats++,
  });
  scheduler.start();
  const at = (tick: DueTick | undefined): string =>
    tick === undefined ? '' : new Date(tick.slotAt).toLocaleTimeString('en-GB', { timeZone: 'America/New_York' });
  return { fake, scheduler, ticks, pushed, at, beats: () => beats };
}

describe('the scheduler', () => {
  it('runs a fixed instant once, in its session', async () => {
    const { fake, ticks, at } = setUp('2026-03-10', 9, 0, [strategyOf('base', [fixed('entry', 'open', 45)])]);
    await fake.tickAsync(HOUR + 14 * MINUTE);
    expect(ticks).toEqual([]);
    await fake.tickAsync(2 * HOUR);
    expect(ticks.map(at)).toEqual(['10:15:00']);
    expect(ticks[0]).toMatchObject({ strategy: 'base', phase: 'entry', slot: 'entry', missed: 0 });
  });
  it('moves with the close of a half day, and has no place for what falls behind it', async () => {
    const slots = [fixed('late', 'close', -45), fixed('afternoon', 'open', 240)];
    const half = setUp('2026-11-27', 9, 0, [strategyOf('base', slots)]);
    await half.fake.tickAsync(10 * HOUR);
    expect(half.ticks.map((t) => `${t.slot} ${half.at(t)}`)).toEqual(['late 12:15:00']);
    timers?.uninstall();
    const whole = setUp('2026-11-30', 9, 0, [strategyOf('base', slots)]);
    await whole.fake.tickAsync(10 * HOUR);
    expect(whole.ticks.map((t) => `${t.slot} ${whole.at(t)}`)).toEqual(['afternoon 13:30:00', 'late 15:15:00']);
  });
  it('runs nothing on a holiday, and runs again the day after', async () => {
    const { fake, ticks } = setUp('2026-11-26', 9, 0, [strategyOf('base', [fixed('entry', 'open', 45)])]);
    await fake.tickAsync(8 * HOUR);
    expect(ticks).toEqual([]);
    fake.setSystemTime(calendar.instant(tradingDay('2026-11-27'), 10, 0));
    await fake.tickAsync(HOUR);
    expect(ticks).toHaveLength(1);
  });
  it('runs a cadence from the open to the close', async () => {
    const { fake, ticks, at } = setUp('2026-03-10', 9, 0, [strategyOf('base', [each('manage', 15 * MINUTE)])]);
    await fake.tickAsync(10 * HOUR);
    expect([at(ticks[0]), at(ticks[1]), at(ticks.at(-1))]).toEqual(['09:30:00', '09:45:00', '16:00:00']);
    expect(ticks).toHaveLength(27);
  });
  it('does not overlap a slot with itself, and counts what it missed meanwhile', async () => {
    let finish: () => void = () => {};
    const slow = (tick: DueTick) =>
      tick.strategy === 'slow'
        ? new Promise<void>((resolve) => {
            finish = resolve;
          })
        : Promise.resolve();
    const { fake, ticks } = setUp(
      '2026-03-10',
      12,
      0,
      [strategyOf('slow', [each('manage', MINUTE)]), strategyOf('base', [each('manage', MINUTE)])],
      SECOND,
      slow,
    );
    await fake.tickAsync(5 * MINUTE + 30 * SECOND);
    expect(ticks.filter((t) => t.strategy === 'slow')).toHaveLength(1);
    expect(ticks.filter((t) => t.strategy === 'base')).toHaveLength(6);
    finish();
    await fake.tickAsync(SECOND);
    const again = ticks.filter((t) => t.strategy === 'slow');
    expect(again.map((t) => t.missed)).toEqual([0, 4]);
  });
  it('runs the newest of what passed while the machine slept, if it is not too late for it', async () => {
    const { fake, ticks, at } = setUp(
      '2026-03-10',
      12,
      0,
      [strategyOf('base', [each('manage', MINUTE), fixed('entry', 'open', 165)])],
      SECOND,
    );
    const { warn } = console;
    const printed: unknown[] = [];
    console.warn = (...words: readonly unknown[]) => void printed.push(words);
    try {
      await fake.tickAsync(30 * SECOND);
      fake.setSystemTime(calendar.instant(tradingDay('2026-03-10'), 13, 0, 20));
      await fake.tickAsync(5 * SECOND);
    } finally {
      console.warn = warn;
    }
    expect(printed).toEqual([]); // not a line for each beat of an hour
    expect(ticks.map((t) => `${t.slot} ${at(t)} ${t.missed}`)).toEqual(['manage 12:00:00 0', 'manage 13:00:00 59']);
  });
  it('brings what manages before what enters, and entries in the order of the strategies, whichever was ready first', async () => {
    const noon = fixed('entry', 'open', 150);
    const enlisted = ['zdte', 'wheel', 'dip'].map((id) => strategyOf(id, [noon, each('manage', 15 * MINUTE)]));
    const took: Readonly<Record<string, number>> = { 'zdte manage': 900, 'zdte entry': 700, 'wheel manage': 300, 'dip entry': 10 };
    const slow = (tick: DueTick) => new Promise<void>((done) => setTimeout(done, took[`${tick.strategy} ${tick.slot}`] ?? 50));
    const { fake, pushed } = setUp('2026-03-10', 11, 59, enlisted, SECOND, slow);
    await fake.tickAsync(5 * MINUTE);
    expect(pushed).toEqual(['dip manage', 'wheel manage', 'zdte manage', 'zdte entry', 'wheel entry', 'dip entry']);
  });
  it('beats every second, says when it last did, and is silent once stopped', async () => {
    const { fake, scheduler, beats } = setUp('2026-03-08', 12, 0, [], SECOND);
    expect(scheduler.lastBeat()).toBeNull();
    await fake.tickAsync(10 * SECOND);
    expect(beats()).toBe(10);
    expect(scheduler.lastBeat()?.exchange).toBe(Date.now());
    scheduler.stop();
    await fake.tickAsync(10 * SECOND);
    expect(beats()).toBe(10);
  });
});
