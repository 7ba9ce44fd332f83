import { EventEmitter } from 'node:events';
import FakeTimers, { type Clock as Timers } from '@sinonjs/fake-timers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Breaker, BUCKET_MS, createBreaker, entryPolicy, readBreakerPolicy } from '../../../src/alpaca/breaker.ts';
import { AlpacaFault, type FaultCode } from '../../../src/alpaca/faults.ts';
import { systemClock } from '../../../src/net/system-clock.ts';

let timers: Timers;
const beat = new EventEmitter();
const made: Breaker[] = [];
beforeEach(() => {
  timers = FakeTimers.install({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  for (const one of made.splice(0)) one.shutdown();
  timers.uninstall();
});

const breaker = (policy = entryPolicy, log: string[] = []): Breaker => {
  const one = createBreaker(policy, beat, systemClock(), (state) => log.push(state));
  made.push(one);
  return one;
};
const fail = (code: FaultCode) => async (): Promise<never> => {
  throw new AlpacaFault(code, 'x');
};
const hit = (of: Breaker, code: FaultCode): Promise<string> =>
  of.run(fail(code)).then(
    () => 'ok',
    (e: unknown) => (e as AlpacaFault).code,
  );
/** Lets time pass with the statistics' beat. */
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= BUCKET_MS) {
    await timers.tickAsync(Math.min(left, BUCKET_MS));
    beat.emit('rotate');
  }
};
const closed = async (policy = entryPolicy, log: string[] = []): Promise<Breaker> => {
  const one = breaker(policy, log);
  await one.run(async () => 'ok');
  log.length = 0;
  return one;
};

describe('entries', () => {
  it('begin half-open, and one answer closes it, even a refusal', async () => {
    const one = breaker();
    expect(one.state).toBe('half_open');
    expect(await hit(one, 'ALPACA_REFUSED')).toBe('ALPACA_REFUSED');
    expect(one.state).toBe('closed');
  });
  it('begin half-open, and proof that nothing was sent is no answer', async () => {
    const one = breaker();
    await hit(one, 'ALPACA_CONNECT');
    expect(one.state).toBe('open');
  });
  it('half-open lets one through at a time', async () => {
    const one = breaker();
    let release = (): void => undefined;
    const first = one.run(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    expect(await hit(one, 'ALPACA_REFUSED')).toBe('ALPACA_BREAKER_OPEN');
    release();
    await first;
    expect(one.state).toBe('closed');
  });
  it('open on three ambiguous outcomes in a minute, and then fail fast without trying', async () => {
    const one = await closed();
    for (const code of ['ALPACA_TIMEOUT', 'ALPACA_SERVER', 'ALPACA_RESET'] as const) await hit(one, code);
    expect(one.state).toBe('open');
    let tried = false;
    await expect(
      one.run(async () => {
        tried = true;
      }),
    ).rejects.toMatchObject({ code: 'ALPACA_BREAKER_OPEN' });
    expect(tried).toBe(false);
  });
  it('do not open on three spread over more than a minute', async () => {
    const one = await closed();
    for (let i = 0; i < 4; i++) {
      await hit(one, 'ALPACA_TIMEOUT');
      for (let good = 0; good < 2; good++) await one.run(async () => 'ok');
      await pass(31_000);
    }
    expect(one.state).toBe('closed');
  });
  it('open at half of six', async () => {
    const one = await closed({ ...entryPolicy, failures: 99 });
    for (let i = 0; i < 2; i++) await one.run(async () => 'ok');
    for (let i = 0; i < 2; i++) await hit(one, 'ALPACA_TIMEOUT');
    expect(one.state).toBe('closed'); // two of five
    await hit(one, 'ALPACA_TIMEOUT');
    expect(one.state).toBe('open'); // three of six
  });
  it.each(['ALPACA_REFUSED', 'ALPACA_RATE', 'ALPACA_DUPLICATE', 'ALPACA_AUTH', 'ALPACA_CONNECT'] as const)(
    'never count %s',
    async (code) => {
      const one = await closed();
      for (let i = 0; i < 20; i++) await hit(one, code);
      expect(one.state).toBe('closed');
    },
  );
  it('double their pause with every opening in a row, five minutes at most, and start over once closed', async () => {
    const log: string[] = [];
    const one = await closed(entryPolicy, log);
    one.open();
    for (const ms of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      await timers.tickAsync(ms - 1);
      expect(one.state).toBe('open');
      await timers.tickAsync(1);
      expect(one.state).toBe('half_open');
      await hit(one, 'ALPACA_TIMEOUT');
    }
    await timers.tickAsync(300_000);
    await one.run(async () => 'ok');
    expect(one.state).toBe('closed');
    one.open();
    await timers.tickAsync(30_000);
    expect(one.state).toBe('half_open');
    expect(log.slice(0, 4)).toEqual(['open', 'half_open', 'open', 'half_open']);
  });
});

describe('reads', () => {
  it('open on five failures in thirty seconds, an unreachable host among them, and try again after five', async () => {
    const one = breaker(readBreakerPolicy);
    expect(one.state).toBe('closed');
    for (const code of ['ALPACA_SERVER', 'ALPACA_CONNECT', 'ALPACA_TIMEOUT', 'ALPACA_SHAPE'] as const) await hit(one, code);
    expect(one.state).toBe('closed');
    await hit(one, 'ALPACA_RESET');
    expect(one.state).toBe('open');
    await timers.tickAsync(5_000);
    expect(one.state).toBe('half_open');
    await one.run(async () => 'ok');
    expect(one.state).toBe('closed');
  });
});

it('reports what its window holds, and forgets what has left it', async () => {
  const one = await closed();
  await hit(one, 'ALPACA_TIMEOUT');
  expect(one.counts()).toEqual({ failures: 1, calls: 2 });
  await pass(61_000);
  expect(one.counts()).toEqual({ failures: 0, calls: 0 });
});

it('puts no deadline of its own on a call', async () => {
  const one = await closed();
  let release = (value: string): void => void value;
  const slow = one.run(
    () =>
      new Promise<string>((resolve) => {
        release = resolve;
      }),
  );
  await timers.tickAsync(3_600_000);
  release('late');
  expect(await slow).toBe('late');
});
