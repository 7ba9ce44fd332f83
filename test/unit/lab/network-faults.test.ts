import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import type { RequestFault } from '../../../src/exchange/wire/memory.ts';
import { empty, json, type WireRequest } from '../../../src/exchange/wire/message.ts';
import { type NetworkFault, networkFaults, troubled } from '../../../src/lab/network-faults.ts';

const request = (): WireRequest => ({ method: 'POST', url: '/v2/orders', headers: {}, body: '{}' });
const answer = json({ id: 'one', qty: '5' });

/** The network's hooks, and how many requests it has struck so far. */
function network(ways: readonly NetworkFault[], { perMille = 1000, seed = 1, on = true } = {}) {
  let count = 0;
  const hooks = troubled(
    { perMille, ways },
    seededRng(seed),
    () => on,
    () => {
      count += 1;
    },
  );
  return { ...hooks, struck: () => count };
}

/** What befalls one request where every request is struck in one way. */
function fateOf(way: NetworkFault, { on = true, answered = answer } = {}) {
  const { before, afterwards, struck } = network([way], { on });
  const one = request();
  return { early: before(one), late: afterwards(one, answered), struck: struck() };
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
    expect(fateOf(way, { answered: empty() }).late).toEqual({ kind: 'answer', response: empty() });
  });

  it.each(networkFaults)('%s: nothing while no fault is on', (way) => {
    expect(fateOf(way, { on: false })).toEqual({ early: undefined, late: undefined, struck: 0 });
  });

  it("leaves alone what stands for the operator's own files", () => {
    expect(network(networkFaults).before({ ...request(), method: 'GET', url: 'http://exchange.lab/sim/v1/earnings' })).toBeUndefined();
  });

  it('strikes about its share of requests, and draws each way there is', () => {
    const { before, afterwards, struck } = network(networkFaults, { perMille: 30, seed: 7 });
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const one = request();
      const early = before(one);
      seen.add(`${said(early)} ${said(afterwards(one, answer))}`);
    }
    expect(struck()).toBeGreaterThan(500);
    expect(struck()).toBeLessThan(700);
    expect(seen.size).toBe(networkFaults.length + 1);
  });
});
