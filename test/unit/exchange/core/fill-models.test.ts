// The named fill models: what each does to orders, from a seed and no other chance.
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../../src/base/rng.ts';
import type { ExchangeCoreOptions } from '../../../../src/exchange/core/core.ts';
import { delaysOf, fillModelNames, fillModels } from '../../../../src/exchange/core/fill-model.ts';
import type { XOrderRequest } from '../../../../src/exchange/types.ts';
import { at, type Bench, bench, limit, MONDAY, market, mleg, PUT90, PUT95, placed, quiet, type Script, usd } from './scripted-market.ts';

const TEN = at(MONDAY, 10);
const rich: Partial<ExchangeCoreOptions> = { startingCash: usd(1_000_000_000) };
const sized = (bid: number, ask: number, more: Partial<Script> = {}): Script => ({ ...quiet, sizes: { ACME: [[0, bid, ask]] }, ...more });
const filled = (b: Bench, id: string): readonly [string, number] => {
  const order = b.core.order('a', id);
  return [order?.status ?? '', order?.filledQty ?? 0];
};

describe('the exact model', () => {
  const exact = (script: Script): Bench => bench(script, { ...rich, fills: fillModels.exact });

  it('gives no more than is shown, at the far side of the spread, and the rest when it is shown again', () => {
    const b = exact(sized(500, 300));
    const id = placed(b.core, market('buy', 'ACME', 700), TEN);
    b.core.advance(TEN + 1_000);
    expect(filled(b, id)).toEqual(['partially_filled', 300]);
    b.core.advance(at(MONDAY, 10, 3));
    expect(filled(b, id)).toEqual(['filled', 700]);
    expect(b.core.order('a', id)?.filledCash).toBe(700 * usd(100));
  });

  it('leaves nothing to chance: an order for what is shown fills at once, in one piece, however many there are', () => {
    const b = exact(sized(500, 300, { quotes: { ...quiet.quotes } }));
    const ids = Array.from({ length: 40 }, (_, i) => {
      const now = at(MONDAY, 10, i);
      const id = placed(b.core, market('buy', 'ACME', 2), now);
      b.core.advance(now + 1_000);
      return id;
    });
    expect(ids.every((id) => filled(b, id)[0] === 'filled')).toBe(true);
    expect(b.events.some((event) => event.event === 'partial_fill')).toBe(false);
  });

  /** The ask comes down to the bid at 10:05 and shows 100 shares there; at 10:10 it goes on down, or not. */
  const comesDown = (then: number): Script => ({
    ...sized(250, 100),
    quotes: {
      ...quiet.quotes,
      ACME: [
        [0, 99.98, 100],
        [at(MONDAY, 10, 5), 99.96, 99.98],
        [at(MONDAY, 10, 10), then - 0.02, then],
      ],
    },
  });

  it('lets what stood at a price before an order trade before it', () => {
    const b = exact(comesDown(99.98));
    const id = placed(b.core, limit('buy', 'ACME', 50, 99.98), TEN);
    b.core.advance(at(MONDAY, 10, 4));
    expect(filled(b, id)).toEqual(['new', 0]);
    // 250 stand before it; the touch shows 100, a minute later another 100, and a minute later the last 50 and the order's.
    b.core.advance(at(MONDAY, 10, 6, 50));
    expect(filled(b, id)).toEqual(['new', 0]);
    b.core.advance(at(MONDAY, 10, 7, 10));
    expect(filled(b, id)).toEqual(['filled', 50]);
    expect(b.core.order('a', id)?.filledCash).toBe(50 * usd(99.98));
  });

  it('has taken the whole queue when the touch goes through the price', () => {
    const script = comesDown(99.98);
    const b = exact({
      ...script,
      quotes: {
        ...script.quotes,
        ACME: [
          [0, 99.98, 100],
          [at(MONDAY, 10, 5), 99.95, 99.97],
        ],
      },
    });
    const id = placed(b.core, limit('buy', 'ACME', 50, 99.98), TEN);
    b.core.advance(at(MONDAY, 10, 5, 1));
    expect(filled(b, id)).toEqual(['filled', 50]);
  });

  it('puts an order that improves the touch before all others', () => {
    const script = comesDown(99.99);
    const b = exact({
      ...script,
      quotes: {
        ...script.quotes,
        ACME: [
          [0, 99.98, 100],
          [at(MONDAY, 10, 5), 99.97, 99.99],
        ],
      },
    });
    const id = placed(b.core, limit('buy', 'ACME', 50, 99.99), TEN);
    b.core.advance(at(MONDAY, 10, 5, 1));
    expect(filled(b, id)).toEqual(['filled', 50]);
  });

  it('queues a sale behind what is offered', () => {
    const script: Script = {
      ...sized(100, 250),
      quotes: {
        ...quiet.quotes,
        ACME: [
          [0, 99.98, 100],
          [at(MONDAY, 10, 5), 100, 100.02],
        ],
      },
    };
    const b = exact(script);
    const bought = placed(b.core, market('buy', 'ACME', 100), TEN);
    b.core.advance(TEN + 1_000);
    expect(filled(b, bought)).toEqual(['filled', 100]);
    const id = placed(b.core, limit('sell', 'ACME', 100, 100), TEN + 2_000);
    b.core.advance(at(MONDAY, 10, 5, 30));
    expect(filled(b, id)).toEqual(['new', 0]);
    b.core.advance(at(MONDAY, 10, 8));
    expect(filled(b, id)[0]).toBe('filled');
  });
});

describe('the paper model', () => {
  it('does not mind the size shown, has no queue, and fills one order in ten in two parts', () => {
    const b = bench(sized(1, 1), { ...rich, fills: fillModels.paper });
    const ids = Array.from({ length: 300 }, (_, i) => placed(b.core, market('buy', 'ACME', 10), TEN + i * 10_000));
    b.core.advance(TEN + 300 * 10_000 + 60_000);
    expect(ids.every((id) => filled(b, id)[0] === 'filled')).toBe(true);
    const parts = b.events.filter((event) => event.event === 'partial_fill').length;
    expect(parts).toBeGreaterThan(15);
    expect(parts).toBeLessThan(50);
  });

  it('is what a house that asks for partial fills gives: the same events under the same seed', () => {
    const run = (options: Partial<ExchangeCoreOptions>): string => {
      const b = bench(sized(5, 5), { ...rich, ...options });
      const requests: readonly XOrderRequest[] = [
        market('buy', 'ACME', 30),
        limit('buy', 'ACME', 7, 99.98),
        mleg([`sto ${PUT95}`, `bto ${PUT90}`], 4, -0.7),
      ];
      for (let i = 0; i < 60; i++) b.core.submit('a', requests[i % 3] as XOrderRequest, TEN + i * 20_000);
      b.core.advance(at(MONDAY, 16, 30));
      return JSON.stringify(b.events);
    };
    expect(run({ fills: fillModels.paper })).toBe(run({ partialFills: true }));
  });
});

describe('the adverse model', () => {
  const day = (seed: number): Bench => {
    const b = bench(sized(500, 500), { ...rich, seed, fills: fillModels.adverse });
    for (let i = 0; i < 200; i++) {
      const id = placed(b.core, market('buy', 'ACME', 10), TEN + i * 30_000);
      if (i % 4 === 0) b.core.cancel('a', id, TEN + i * 30_000 + 5);
    }
    b.core.advance(at(MONDAY, 16, 30));
    return b;
  };

  it('is slow, turns orders down, fills in parts, and lets fills overtake cancels', () => {
    const { events } = day(7);
    const count = (name: string): number => events.filter((event) => event.event === name).length;
    expect(count('rejected')).toBeGreaterThan(2);
    expect(count('rejected')).toBeLessThan(20);
    expect(events.find((event) => event.event === 'rejected')?.order.rejectReason).toBe('rejected by the venue');
    expect(count('partial_fill')).toBeGreaterThan(25);
    const acks = events.filter((event) => event.event === 'new').map(({ at: now, order }) => now - order.submittedAt);
    expect(Math.min(...acks)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...acks)).toBeGreaterThan(500);
    const asked = new Set(events.filter((event) => event.event === 'pending_cancel').map(({ order }) => order.id));
    const overtaken = events.filter((event) => event.event === 'fill' && asked.has(event.order.id));
    expect(overtaken.length).toBeGreaterThan(0);
  });

  it('is the same day under the same seed, another under another', () => {
    const told = (seed: number): string => JSON.stringify(day(seed).events.map(({ event, at: now }) => [event, now]));
    expect(told(7)).toBe(told(7));
    expect(told(7)).not.toBe(told(8));
  });
});

describe('every model', () => {
  it.each(fillModelNames)('%s acknowledges before it tries, and has parts that are parts', (name) => {
    const rng = seededRng(3);
    for (let ordinal = 1; ordinal < 500; ordinal++) {
      const delays = delaysOf(fillModels[name], rng, { ordinal });
      expect(delays.match).toBeGreaterThan(delays.ack);
      expect(Math.min(delays.ack, delays.cancel)).toBeGreaterThan(0);
      const part = fillModels[name].firstPart(5, rng.fork(String(ordinal)));
      expect(part === null || (part >= 1 && part <= 4)).toBe(true);
    }
  });

  it('may be another one for an account', () => {
    const b = bench(sized(5, 5), { ...rich, fills: fillModels.exact, accountFills: new Map([['a', fillModels.paper]]) });
    const id = placed(b.core, market('buy', 'ACME', 9), TEN);
    b.core.advance(TEN + 30_000);
    expect(filled(b, id)).toEqual(['filled', 9]);
  });
});

describe('a halt', () => {
  const halted = (symbol: string, more: Partial<ExchangeCoreOptions> = {}): Bench =>
    bench(quiet, { ...rich, ...more, isHalted: (one, now) => one.startsWith(symbol) && now >= TEN && now < at(MONDAY, 10, 5) });

  it('keeps orders waiting, which trade when it ends', () => {
    const b = halted('ACME');
    const ids = [market('buy', 'ACME', 5), limit('buy', 'ACME', 5, 101)].map((request) => placed(b.core, request, TEN));
    b.core.advance(at(MONDAY, 10, 4, 59));
    expect(ids.map((id) => filled(b, id))).toEqual([
      ['new', 0],
      ['new', 0],
    ]);
    b.core.advance(at(MONDAY, 10, 5, 1));
    expect(ids.map((id) => filled(b, id)[0])).toEqual(['filled', 'filled']);
  });

  it('ends what trades now or never, wakes no stop, and leaves other symbols alone', () => {
    const b = halted('ACME');
    const now = placed(b.core, limit('buy', 'ACME', 5, 101, { timeInForce: 'ioc' }), TEN);
    const other = placed(b.core, market('buy', 'FUND', 5), TEN);
    b.core.advance(TEN + 1_000);
    expect(filled(b, now)[0]).toBe('canceled');
    expect(filled(b, other)[0]).toBe('filled');
  });
});
