import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import type { RequestFault } from '../../../src/exchange/wire/memory.ts';
import { empty, json, type WireRequest } from '../../../src/exchange/wire/message.ts';
import { type NetworkFault, networkFaults, troubled } from '../../../src/lab/network-faults.ts';

const request = (): WireRequest => ({ method: 'POST', url: '/v2/orders', headers: {}, body: '{}' });
const answer = json({ id: 'one', qty: '5' });

interface Fate {
  readonly early: RequestFault | undefined;
  readonly late: RequestFault | undefined;
  readonly struck: number;
}

/** What befalls one request where every request is struck in one way. */
function fateOf(way: NetworkFault, on = true): Fate {
  let struck = 0;
  const hooks = troubled(
    { perMille: 1000, ways: [way] },
    seededRng(1),
    () => on,
    () => {
      struck += 1;
    },
  );
  const one = request();
  return { early: hooks.before(one), late: hooks.afterwards(one, answer), struck };
}

const said = (fault: RequestFault | undefined): string =>
  fault?.kind === 'answer' ? `${String(fault.response.status)} ${fault.response.body ?? ''}` : (fault?.kind ?? 'nothing');

describe('a request in a troubled network', () => {
  it.each([
    ['lost', 'hang', 'nothing'],
    ['broken', 'reset', 'nothing'],
    ['unheard', 'nothing', 'hang'],
    ['cut_off', 'nothing', 'reset'],
    ['throttled', '429 {"code":42910000,"message":"rate limit exceeded"}', 'nothing'],
    ['failed', '500 {"code":50000000,"message":"internal server error occurred"}', 'nothing'],
    ['failed_late', 'nothing', '503 {"code":50310000,"message":"service unavailable"}'],
    ['truncated', 'nothing', '200 {"id":"one"'],
    ['wrong_types', 'nothing', '200 {"id":17,"qty":17}'],
  ] as const)('%s: %s before the exchange, %s after it', (way, early, late) => {
    const fate = fateOf(way);
    expect([said(fate.early), said(fate.late), fate.struck]).toEqual([early, late, 1]);
  });

  it('html: a page where the answer was, under its status', () => {
    expect(said(fateOf('html').late)).toMatch(/^200 <html>/);
  });

  it.each(['html', 'truncated', 'wrong_types'] as const)('%s: an answer without a body has none to spoil', (way) => {
    const hooks = troubled(
      { perMille: 1000, ways: [way] },
      seededRng(1),
      () => true,
      () => undefined,
    );
    const one = request();
    hooks.before(one);
    expect(hooks.afterwards(one, empty())).toEqual({ kind: 'answer', response: empty() });
  });

  it.each(networkFaults)('%s: nothing while no fault is on', (way) => {
    expect(fateOf(way, false)).toEqual({ early: undefined, late: undefined, struck: 0 });
  });

  it("leaves alone what stands for the operator's own files", () => {
    const hooks = troubled(
      { perMille: 1000, ways: networkFaults },
      seededRng(1),
      () => true,
      () => undefined,
    );
    expect(hooks.before({ ...request(), method: 'GET', url: 'http://exchange.lab/sim/v1/earnings' })).toBeUndefined();
  });

  it('strikes about its share of requests, and draws each way there is', () => {
    let struck = 0;
    const hooks = troubled(
      { perMille: 30, ways: networkFaults },
      seededRng(7),
      () => true,
      () => {
        struck += 1;
      },
    );
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const one = request();
      const early = hooks.before(one);
      seen.add(`${said(early)} ${said(hooks.afterwards(one, answer))}`);
    }
    expect(struck).toBeGreaterThan(500);
    expect(struck).toBeLessThan(700);
    expect(seen.size).toBe(networkFaults.length + 1);
  });
});
