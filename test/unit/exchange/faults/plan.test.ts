// Fault plans as they are read: what is wrong with one, and where; and those that seeds make.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pathPattern, routePattern } from '../../../../src/exchange/faults/pattern.ts';
import { faultKinds, parseFaultPlan } from '../../../../src/exchange/faults/plan.ts';
import { adversePlan, planOfSeed } from '../../../../src/exchange/faults/seeded-plan.ts';
import { instantOf, triggerOf } from '../../../../src/exchange/faults/trigger.ts';

const problemsOf = (fault: unknown): readonly string[] => {
  const parsed = parseFaultPlan(JSON.stringify({ faults: [fault] }));
  return parsed.ok ? [] : parsed.problems;
};

describe('a fault plan', () => {
  it.each([
    ['{', /^not JSON: /],
    ['[]', /^the plan: /],
    ['{}', /^faults: /],
    ['{"faults":[],"sed":1}', /^the plan: .*sed/],
    ['{"faults":[],"seed":-1}', /^seed: /],
  ])('is refused as %s', (text, problem) => {
    const parsed = parseFaultPlan(text);
    expect(parsed.ok ? [] : parsed.problems).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    [{ kind: 'storm' }, 'faults[0].kind: '],
    [{ kind: 'latency', route: 'orders', ms: 5 }, 'faults[0].route: write a method and a path'],
    [{ kind: 'latency', route: '/v2/orders', ms: [9, 1] }, 'faults[0].ms: the least comes first'],
    [{ kind: 'status', route: '/v2/orders', status: 200 }, 'faults[0].status: '],
    [{ kind: 'status', route: '/v2/orders', status: 429, retryAfter: '3' }, 'faults[0].retryAfter: '],
    [{ kind: 'hang', route: '/v2/orders', nth: 0 }, 'faults[0].nth: '],
    [{ kind: 'hang', route: '/v2/orders', probability: 1.5 }, 'faults[0].probability: '],
    [{ kind: 'hang', route: '/v2/orders', at: 'noon' }, 'faults[0].at: write an RFC 3339 instant'],
    [{ kind: 'body', route: '/v2/orders', form: 'odd' }, 'faults[0].form: '],
    [{ kind: 'auth' }, 'faults[0].route: say either route or stream'],
    [{ kind: 'auth', route: '/v2/orders', stream: '/stream' }, 'faults[0].route: say either route or stream'],
    [{ kind: 'drop', stream: 'stream' }, 'faults[0].stream: write the path of a stream'],
    [{ kind: 'halt', symbol: 'SPY', seconds: 60 }, 'faults[0].at: say when'],
    [{ kind: 'halt', symbol: 'spy', seconds: 60, at: '+1m' }, 'faults[0].symbol: write a symbol'],
    [{ kind: 'cut', at: '+1m', nth: 2 }, 'faults[0].route: nth, count and probability count requests'],
    [{ kind: 'trade', account: 'sim', at: '+1m' }, 'faults[0].order: '],
    [{ kind: 'deposit', account: 'sim', at: '+1m', amount: 2_500 }, 'faults[0].amount: '],
    [{ kind: 'withdraw', account: 'sim', at: '+1m', amount: '0.00' }, 'faults[0].amount: write dollars and cents'],
    [{ kind: 'withdraw', account: 'sim', at: '+1m', amount: '-5' }, 'faults[0].amount: write dollars and cents'],
    [{ kind: 'drop', sometimes: true }, 'faults[0]: Unrecognized key'],
  ])('names what is wrong with %j, and where', (fault, problem) => {
    expect(problemsOf(fault)).toEqual([expect.stringContaining(problem)]);
  });

  it('says all that is wrong at once', () => {
    const parsed = parseFaultPlan('{"faults":[{"kind":"kill","nth":0},{"kind":"drop"},{"kind":"mute","seconds":-1}]}');
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.split(':')[0])).toEqual(['faults[0].nth', 'faults[2].seconds']);
  });

  it('is read with what it leaves out', () => {
    expect(parseFaultPlan('{"faults":[{"kind":"hang","route":"POST /v2/orders"},{"kind":"drop"}]}')).toEqual({
      ok: true,
      plan: {
        seed: 1,
        faults: [
          { kind: 'hang', route: 'POST /v2/orders', committed: true },
          { kind: 'drop', stream: '/stream' },
        ],
      },
    });
  });
});

describe('a pattern', () => {
  it.each([
    ['POST /v2/orders', 'POST', '/v2/orders', true],
    ['POST /v2/orders', 'GET', '/v2/orders', false],
    ['POST /v2/orders', 'POST', '/v2/orders/1', false],
    ['* /v2/orders/*', 'DELETE', '/v2/orders/1', true],
    ['/v2/orders/*', 'PATCH', '/v2/orders/1', true],
    ['/v2/orders/*', 'PATCH', '/v2/orders/1/2', false],
    ['GET /v2/**', 'get', '/v2/stocks/SPY/bars', true],
    ['/v2/orders:by_client_order_id', 'GET', '/v2/orders:by_client_order_id', true],
    ['/v2/account.', 'GET', '/v2/accounts', false],
  ])('%s of %s %s: %s', (pattern, method, path, fits) => {
    expect(routePattern(pattern)(method, path)).toBe(fits);
  });

  it('of streams knows paths alone', () => {
    expect(['/v2/iex', '/v2/sip', '/stream'].filter(pathPattern('/v2/*'))).toEqual(['/v2/iex', '/v2/sip']);
  });
});

describe('a trigger', () => {
  const of = (when: object) => triggerOf({ kind: 'drop', stream: '/stream', ...when }, 0, 1, 1_000_000);
  const hits = (when: object, times: readonly number[]): string => {
    const trigger = of(when);
    return times.map((now) => (trigger.strikes(now) ? 'x' : '.')).join('');
  };
  const ten = Array.from({ length: 10 }, (_, i) => 1_000_000 + i * 1_000);

  it.each([
    [{}, 'xxxxxxxxxx'],
    [{ nth: 3 }, '..x.......'],
    [{ nth: 3, count: 2 }, '..xx......'],
    [{ count: 2 }, 'xx........'],
    [{ at: '+4s' }, '....xxxxxx'],
    [{ at: '+4s', until: '+6s' }, '....xx....'],
    [{ at: '+4s', nth: 2 }, '.....x....'],
  ])('of %j strikes %s', (when, expected) => {
    expect(hits(when, ten)).toBe(expected);
  });

  it('draws about as often as its probability says', () => {
    const struck = hits(
      { probability: 0.2 },
      Array.from({ length: 1_000 }, () => 1_000_000),
    ).replaceAll('.', '').length;
    expect(struck).toBeGreaterThan(150);
    expect(struck).toBeLessThan(250);
  });

  it('reads instants of both forms', () => {
    expect(instantOf('2026-11-23T10:00:00-05:00', 0)).toBe(Date.UTC(2026, 10, 23, 15));
    expect(instantOf('+1.5h', 100)).toBe(100 + 5_400_000);
    expect(instantOf('+20ms', 100)).toBe(120);
  });
});

describe('the plan of a seed', () => {
  const setting = { account: 'sim', symbols: ['SPY', 'F'] };

  it('is one that could have been written, never empty, and the same each time', () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const plan = planOfSeed(seed, setting);
      expect(parseFaultPlan(JSON.stringify(plan))).toEqual({ ok: true, plan });
      expect(plan.faults.length).toBeGreaterThan(0);
      expect(planOfSeed(seed, setting)).toEqual(plan);
      for (const { kind } of plan.faults) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(
      [
        ...['auth', 'body', 'drop', 'duplicate', 'halt', 'hang', 'kill', 'latency', 'mute', 'reorder', 'reset', 'stale', 'status', 'trade'],
      ].sort(),
    );
  });

  it('halts and trades nothing where nothing is listed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const faults = planOfSeed(seed, { account: 'sim', symbols: [] }).faults;
      expect(faults.some(({ kind }) => kind === 'halt' || kind === 'trade' || kind === 'stale')).toBe(false);
    }
  });

  it('of the adverse model could have been written, too', () => {
    const plan = adversePlan(4);
    expect(parseFaultPlan(JSON.stringify(plan))).toEqual({ ok: true, plan });
  });
});

describe('the documented plan', () => {
  const text = readFileSync(new URL('../../../../docs/exchange.md', import.meta.url), 'utf8');
  const example = /```json\n(\{\n {2}"seed"[\s\S]*?)```/.exec(text)?.[1] ?? '';

  it('is one, and shows every kind', () => {
    const parsed = parseFaultPlan(example);
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(new Set(parsed.ok ? parsed.plan.faults.map(({ kind }) => kind) : [])).toEqual(new Set(faultKinds));
  });
});
