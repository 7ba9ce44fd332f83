// The rare statuses of a bad day: a guaranteed trade that is printed later, an order suspended by a halt, sums made up in the evening.
import { describe, expect, it } from 'vitest';
import { type FillModel, fillModels } from '../../../../src/exchange/core/fill-model.ts';
import { at, type Bench, bench, CALL105, limit, MONDAY, market, placed, quiet, usd } from './scripted-market.ts';

const ten = at(MONDAY, 10);
const told = (b: Bench, id: string): readonly string[] => b.events.filter((one) => one.order.id === id).map((one) => one.event);
/** The exact model with the habits of the adverse one that are looked at here. */
const slowPrint: FillModel = { ...fillModels.exact, stopped: () => 1_500 };
const pausing: FillModel = { ...fillModels.exact, tellsPauses: true };

describe('a trade that is guaranteed', () => {
  const moving = { ...quiet, quotes: { ...quiet.quotes, ACME: [[0, 99.98, 100] as const, [ten + 1_000, 104, 104.02] as const] } };
  it('is printed later at the price it was guaranteed at', () => {
    const b = bench(moving, { fills: slowPrint });
    const id = placed(b.core, market('buy', 'ACME', 10), ten);
    b.core.advance(ten + 1_400);
    expect(b.core.order('a', id)).toMatchObject({ status: 'stopped', filledQty: 0 });
    b.core.advance(ten + 2_000);
    expect(b.core.order('a', id)).toMatchObject({ status: 'filled', filledCash: 10 * usd(100) });
    expect(told(b, id)).toEqual(['new', 'stopped', 'fill']);
  });
  it('can be overtaken by its cancel, and is printed before the day ends', () => {
    const b = bench(quiet, { fills: slowPrint });
    const first = placed(b.core, market('buy', 'ACME', 10), ten);
    b.core.advance(ten + 100);
    b.core.cancel('a', first, ten + 100);
    const close = at(MONDAY, 16);
    const last = placed(b.core, market('buy', 'ACME', 10), close - 200);
    b.core.advance(close + 5_000);
    expect(told(b, first)).toEqual(['new', 'stopped', 'canceled']);
    expect(told(b, last)).toEqual(['new', 'stopped', 'fill']);
  });
  it('does not fill what has gone in the meantime', () => {
    const b = bench(quiet, { fills: slowPrint });
    placed(b.core, market('buy', 'ACME', 10), ten);
    b.core.advance(ten + 5_000);
    const sale = placed(b.core, market('sell', 'ACME', 10), ten + 5_000);
    b.core.advance(ten + 5_100);
    b.core.cancelNow('a', ten + 5_100);
    b.core.advance(ten + 60_000);
    expect(b.core.order('a', sale)).toMatchObject({ status: 'canceled', filledQty: 0 });
  });
});

describe('a halt', () => {
  const halted = (symbol: string, instant: number): boolean => symbol === 'ACME' && instant >= ten + 60_000 && instant < ten + 120_000;
  it('suspends what works there, and lets it go on afterwards', () => {
    const b = bench(quiet, { fills: pausing, isHalted: halted });
    const id = placed(b.core, limit('buy', 'ACME', 10, 99), ten);
    b.core.advance(ten + 90_000);
    expect(b.core.order('a', id)?.status).toBe('suspended');
    b.core.advance(ten + 180_000);
    expect(told(b, id)).toEqual(['new', 'suspended', 'new']);
  });
  it('lets a suspended order be canceled', () => {
    const b = bench(quiet, { fills: pausing, isHalted: halted });
    const id = placed(b.core, limit('buy', 'ACME', 10, 99), ten);
    b.core.advance(ten + 90_000);
    expect(b.core.cancel('a', id, ten + 90_000).ok).toBe(true);
    b.core.advance(ten + 180_000);
    expect(told(b, id)).toEqual(['new', 'suspended', 'canceled']);
  });
});

describe('a night', () => {
  it('is told of what lives through it: done for the day, calculated, new again', () => {
    const b = bench(quiet, { fills: pausing });
    const id = placed(b.core, limit('buy', 'ACME', 10, 90, { timeInForce: 'gtc' }), ten);
    b.core.advance(at(MONDAY, 17));
    expect(b.core.order('a', id)?.status).toBe('calculated');
    b.core.advance(at('2026-03-03', 9, 31));
    expect(told(b, id)).toEqual(['new', 'done_for_day', 'calculated', 'new']);
  });
});

describe('the adverse model', () => {
  it('brings all three about, and the others none', () => {
    const seen = (fills: FillModel): ReadonlySet<string> => {
      const b = bench(quiet, {
        fills,
        startingCash: usd(10_000_000),
        isHalted: (_symbol, instant) => instant >= at(MONDAY, 14) && instant < at(MONDAY, 14, 5),
      });
      placed(b.core, limit('buy', 'ACME', 10, 90, { timeInForce: 'gtc' }), ten);
      placed(b.core, limit('buy', 'ACME', 10, 91, { timeInForce: 'gtc' }), ten);
      for (let i = 0; i < 60; i++) placed(b.core, market('buy', 'FUND', 1), ten + i * 60_000);
      b.core.advance(at('2026-03-03', 10));
      return new Set(b.events.map((event) => event.event));
    };
    const rare = ['stopped', 'suspended', 'calculated'];
    expect(rare.filter((one) => seen(fillModels.adverse).has(one))).toEqual(rare);
    for (const model of [fillModels.exact, fillModels.paper]) expect(rare.filter((one) => seen(model).has(one))).toEqual([]);
  });
});

describe('an order that is turned down while its cancel is on the way', () => {
  it('is canceled: nothing leads from a cancel to a rejection', () => {
    const refusing: FillModel = {
      ...fillModels.exact,
      delays: () => ({ ack: 500, match: 600, cancel: 1_000 }),
      refusal: () => 'rejected by the venue',
    };
    const b = bench(quiet, { fills: refusing });
    const id = placed(b.core, market('buy', 'ACME', 1), ten);
    b.core.cancel('a', id, ten + 11);
    b.core.advance(ten + 60_000);
    expect(told(b, id)).toEqual(['pending_cancel', 'canceled']);
    expect(b.core.order('a', id)).toMatchObject({ status: 'canceled', rejectReason: null });
  });
});

describe('the sale of the broker on the last afternoon', () => {
  it('is not turned down by the venue that turns down every other', () => {
    let orders = 0;
    // The first order is let through, so that there is something to sell.
    const refusing: FillModel = { ...fillModels.exact, refusal: () => (orders++ === 0 ? null : 'rejected by the venue') };
    const friday = '2026-03-06';
    const deep = {
      ...quiet,
      quotes: {
        ...quiet.quotes,
        [CALL105]: [[0, 1, 1.15] as const],
        ACME: [[0, 99.98, 100] as const, [at(friday, 10), 119, 119.02] as const],
      },
    };
    const b = bench(deep, { fills: refusing, startingCash: usd(5_000) });
    placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
    b.core.advance(at(friday, 15, 20));
    expect(b.core.positions('a', b.core.at)).toEqual([]);
  });
});
