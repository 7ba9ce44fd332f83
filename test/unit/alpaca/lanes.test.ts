import FakeTimers, { type Clock as Timers } from '@sinonjs/fake-timers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBucket, retryAfter } from '../../../src/alpaca/bucket.ts';
import { createLanes, type Lane, lanes } from '../../../src/alpaca/lanes.ts';
import { epochMs, monoMs } from '../../../src/domain/time.ts';
import { systemClock } from '../../../src/net/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';

let timers: Timers;
beforeEach(() => {
  timers = FakeTimers.install({ now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => timers.uninstall());

const told = (limit: number, remaining: number, more: Record<string, string> = {}): Headers =>
  new Headers({ 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': String(remaining), ...more });

/** A clock whose exchange runs `speed` times as fast as the wall. */
const fast = (speed: number): Clock => {
  const wall = systemClock();
  return { ...wall, now: () => ({ exchange: epochMs(Math.floor(performance.now() * speed)), mono: monoMs(performance.now()), speed }) };
};

/** Which lanes get a token at once with so many left. */
async function admitted(remaining: number): Promise<readonly Lane[]> {
  const open: Lane[] = [];
  for (const lane of lanes) {
    const queue = createLanes({ clock: systemClock(), reserved: true });
    queue.learn(told(200, remaining), 200);
    const outcome = queue.acquire(lane, 1).then(
      () => open.push(lane),
      () => undefined,
    );
    await timers.tickAsync(2);
    await outcome;
    queue.close();
  }
  return open;
}

describe('reserves', () => {
  it.each<[number, readonly Lane[]]>([
    [200, lanes],
    [71, lanes],
    [70, ['exit', 'cancel', 'lookup']],
    [50, ['exit', 'cancel', 'lookup']],
    [41, ['exit', 'cancel', 'lookup']],
    [40, ['exit', 'cancel']],
    [1, ['exit', 'cancel']],
    [0, []],
  ])('with %i left', async (remaining, open) => expect(await admitted(remaining)).toEqual(open));
});

it('hands tokens out by priority, then in order of asking', async () => {
  const queue = createLanes({ clock: systemClock(), reserved: false });
  queue.learn(told(60, 0), 200); // one a second
  const order: string[] = [];
  const asked: readonly (readonly [Lane, string])[] = [
    ['info', 'i'],
    ['entry', 'e1'],
    ['cancel', 'c'],
    ['entry', 'e2'],
    ['exit', 'x'],
    ['lookup', 'l'],
    ['reconcile', 'r'],
  ];
  for (const [lane, name] of asked) void queue.acquire(lane, 60_000).then(() => order.push(name));
  await timers.tickAsync(10_000);
  expect(order).toEqual(['x', 'c', 'l', 'r', 'e1', 'e2', 'i']);
});

it('gives up after the wait, and the one behind is served', async () => {
  const queue = createLanes({ clock: systemClock(), reserved: true });
  queue.learn(told(200, 10), 200);
  const entry = queue.acquire('entry', 2_000);
  const refused = expect(entry).rejects.toMatchObject({ code: 'ALPACA_LANE_FULL', kind: 'unsent' });
  await timers.tickAsync(2_000);
  await refused;
  await queue.acquire('exit', 1);
});

describe('the budget', () => {
  it.each([
    [1, 60_000],
    [60, 1_000],
    [600, 100],
  ])('refills in exchange time: at speed %i a window takes %i ms of wall', async (speed, wallMs) => {
    const queue = createLanes({ clock: fast(speed), reserved: false });
    queue.learn(told(200, 0), 200);
    let got = 0;
    for (let i = 0; i < 200; i++)
      void queue.acquire('info', 120_000).then(() => {
        got += 1;
      });
    await timers.tickAsync(Math.floor(wallMs / 2));
    expect(got).toBeGreaterThanOrEqual(90);
    expect(got).toBeLessThanOrEqual(101);
    await timers.tickAsync(Math.ceil(wallMs / 2) + 20);
    expect(got).toBeGreaterThanOrEqual(199);
  });
  it('takes the host at its word, less what is on its way', () => {
    const bucket = createBucket(systemClock());
    expect(bucket.remaining()).toBeNull();
    for (let i = 0; i < 3; i++) bucket.take(0, false);
    bucket.learn(told(1000, 950), 200);
    expect([bucket.limit(), bucket.remaining()]).toEqual([1000, 948]);
    bucket.done();
    bucket.learn(told(1000, 999), 200);
    expect(bucket.remaining()).toBe(998);
  });
  it('pauses after a 429 as long as it says, for all but exits and cancels', () => {
    const bucket = createBucket(systemClock());
    bucket.learn(told(200, 150, { 'Retry-After': '7' }), 429);
    expect([bucket.take(0, false), bucket.take(0, true)]).toEqual([false, true]);
    expect(bucket.wanting(0, false)).toBe(7_000);
    timers.tick(7_000);
    expect(bucket.take(0, false)).toBe(true);
  });
  it('reads Retry-After as seconds or as a date, and X-RateLimit-Reset when there is none', () => {
    const at = Date.parse('2026-11-20T15:31:00Z');
    expect(retryAfter(new Headers({ 'Retry-After': '2.5' }), at)).toBe(2_500);
    expect(retryAfter(new Headers({ 'Retry-After': 'Fri, 20 Nov 2026 15:31:09 GMT' }), at)).toBe(9_000);
    expect(retryAfter(new Headers({ 'Retry-After': 'soon' }), at)).toBeNull();
    const bucket = createBucket(systemClock());
    bucket.learn(new Headers({ 'X-RateLimit-Reset': '1012' }), 429); // the wall says 1,000 s
    expect(bucket.wanting(0, false)).toBe(12_000);
  });
  it('is scaled down with a smaller limit, so that look-ups and entries can still pass', async () => {
    const queue = createLanes({ clock: systemClock(), reserved: true });
    queue.learn(told(20, 9), 200); // 70 of 200 are 7 of 20
    await queue.acquire('entry', 1);
    await queue.acquire('entry', 1);
    const third = expect(queue.acquire('entry', 1)).rejects.toMatchObject({ code: 'ALPACA_LANE_FULL' });
    await timers.tickAsync(2);
    await third;
  });
});
