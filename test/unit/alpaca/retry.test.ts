import FakeTimers, { type Clock as Timers } from '@sinonjs/fake-timers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlpacaFault, type FaultCode, faultKinds } from '../../../src/alpaca/faults.ts';
import { cancelPolicy, isWorthRetrying, readPolicy, retry, retryDelay } from '../../../src/alpaca/retry.ts';
import { AssertionError } from '../../../src/base/assert.ts';
import { seededRng } from '../../../src/base/rng.ts';
import { systemClock } from '../../../src/net/system-clock.ts';

let timers: Timers;
beforeEach(() => {
  timers = FakeTimers.install({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => timers.uninstall());

const codes = Object.keys(faultKinds) as FaultCode[];
const policies = [readPolicy, cancelPolicy] as const;
const faultArb = fc.record({
  code: fc.constantFrom(...codes),
  status: fc.option(fc.constantFrom(400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504), { nil: null }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: null }),
});
const make = (f: { code: FaultCode; status: number | null; retryAfterMs: number | null }): AlpacaFault =>
  new AlpacaFault(f.code, 'x', { status: f.code === 'ALPACA_RATE' ? 429 : f.status, retryAfterMs: f.retryAfterMs });

describe('what may be tried again', () => {
  it.each(codes)('%s', (code) => {
    const yes = ['ALPACA_RATE', 'ALPACA_CONNECT', 'ALPACA_SERVER', 'ALPACA_TIMEOUT', 'ALPACA_RESET', 'ALPACA_SHAPE', 'ALPACA_UNSTABLE'];
    expect(isWorthRetrying(new AlpacaFault(code, 'x'), readPolicy)).toBe(yes.includes(code));
  });
  it('is never a 4xx but 429', () => {
    for (let status = 400; status < 500; status++)
      expect(isWorthRetrying(new AlpacaFault('ALPACA_TIMEOUT', 'x', { status }), readPolicy)).toBe(false);
  });
});

it('never comes back too soon, too late, or too often, whatever goes wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(faultArb, { maxLength: 8 }), fc.constantFrom(...policies), fc.integer(), async (script, policy, seed) => {
      const random = seededRng(seed).float;
      const calls: number[] = [];
      const thrown: AlpacaFault[] = [];
      const task = async (): Promise<string> => {
        const next = script[calls.length];
        calls.push(Date.now());
        if (next === undefined) return 'done';
        const fault = make(next);
        thrown.push(fault);
        throw fault;
      };
      const outcome = retry(task, policy, systemClock(), random).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      await timers.runAllAsync();
      const result = await outcome;
      expect(calls.length).toBeLessThanOrEqual(policy.attempts);
      for (let i = 1; i < calls.length; i++) {
        const waited = (calls[i] ?? 0) - (calls[i - 1] ?? 0);
        const fault = thrown[i - 1];
        if (fault === undefined) throw new Error('a retry without a fault');
        expect(isWorthRetrying(fault, policy)).toBe(true);
        expect(waited).toBeGreaterThanOrEqual(Math.floor(Math.max(policy.leastMs, fault.retryAfterMs ?? 0)));
        expect(waited).toBeLessThanOrEqual(Math.ceil(Math.max(policy.mostMs, fault.retryAfterMs ?? 0)) + 1);
      }
      if ('error' in result) {
        expect(result.error).toBe(thrown.at(-1));
        expect(calls.length === policy.attempts || !isWorthRetrying(result.error as AlpacaFault, policy)).toBe(true);
      } else expect(calls).toHaveLength(script.length + 1);
    }),
    { numRuns: 200 },
  );
});

it('spreads its delays over the whole range', () => {
  const fault = new AlpacaFault('ALPACA_SERVER', 'x', { status: 500 });
  for (const [n, ms] of [
    [1, 250],
    [2, 500],
    [3, 1_000],
    [4, 2_000],
    [9, 2_000],
  ] as const)
    expect(retryDelay(n, fault, readPolicy, () => 0.999_999)).toBeCloseTo(ms, 0);
  expect(retryDelay(3, fault, readPolicy, () => 0)).toBe(0);
  expect(retryDelay(1, fault, cancelPolicy, () => 0)).toBe(200);
});

it('takes its chance from the given source only', async () => {
  const saved = Math.random;
  Math.random = () => {
    throw new Error('the global source of chance was used');
  };
  try {
    let calls = 0;
    const outcome = retry(
      async () => {
        calls += 1;
        if (calls < 3) throw new AlpacaFault('ALPACA_SERVER', 'x', { status: 500 });
        return calls;
      },
      readPolicy,
      systemClock(),
      () => 0.3,
    );
    await timers.runAllAsync();
    expect(await outcome).toBe(3);
  } finally {
    Math.random = saved;
  }
});

it('lets a bug through at once', async () => {
  let calls = 0;
  const bug = retry(
    async () => {
      calls += 1;
      throw new AssertionError('no');
    },
    readPolicy,
    systemClock(),
    () => 0,
  );
  await expect(bug).rejects.toThrow(AssertionError);
  expect(calls).toBe(1);
});
