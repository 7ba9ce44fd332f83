// Intent to order to the body that leaves: option symbols exact, limits kept, a spread one order.
import { describe, expect, it } from 'vitest';
import { orderBody } from '../../../src/alpaca/order-body.ts';
import type { Close, Open } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { instrumentOf, occSymbol } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { parsePrice, price } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { known } from '../../../src/domain/reasons.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { Cleared } from '../../../src/domain/verdict.ts';
import { type Placement, planOrder } from '../../../src/execution/planner.ts';
import { judge } from '../../../src/risk/gate.ts';
import { buy, contextOf, micros, opening, owner, positionOf, putSpread, quoteOf, sell, write } from '../risk/contexts.ts';

const placement: Placement = {
  account: 'PA3SIM0001',
  strategy: owner,
  purpose: 'O',
  day: tradingDay('2026-03-10'),
  ladder: 'entry:1:key',
  slice: 0,
  rung: 0,
  retry: 0,
  type: 'limit',
  tif: 'day',
  limit: null,
  stop: null,
  at: epochMs(1_773_158_400_000),
  turnSeq: 7,
};

function cleared(intent: Open | Close, held = 0): Cleared {
  const [first] = intent.legs;
  const positions = held === 0 ? [] : [positionOf(first.instrument.symbol, held)];
  const mid = Math.abs(intent.prices.rungs[0]) / 1e6 / (intent.legs.length === 1 ? 1 : 2);
  const verdict = judge(contextOf(intent, { positions, quote: (of) => known(quoteOf(of, mid * 0.99, mid * 1.01)) }));
  if (verdict.kind === 'denied') throw new Error(`${verdict.denial.code}: ${verdict.denial.why}`);
  return verdict.cleared;
}
const plan = (intent: Open | Close, over: Partial<Placement> = {}, held = 0): Order =>
  planOrder(cleared(intent, held), { ...placement, limit: intent.prices.rungs[0], ...over });

describe('an intent becomes an order', () => {
  it('of an option with the exact contract, strike 64.10 included', () => {
    const occ = occSymbol(symbol('XYZ'), tradingDay('2026-04-17'), 'put', parsePrice('64.10') ?? price(0));
    expect(occ).toBe('XYZ260417P00064100');
    const order = plan(write(occ, 1.25));
    const { clientOrderId, ...body } = orderBody(order);
    expect(clientOrderId).toBe(order.id);
    expect(body).toEqual({
      symbol: 'XYZ260417P00064100',
      side: 'sell',
      positionIntent: 'sell_to_open',
      qty: '1',
      type: 'limit',
      timeInForce: 'day',
      limitPrice: '1.25',
    });
  });
  it('of a spread as one order of two legs, its credit a negative limit', () => {
    const { clientOrderId: _id, ...body } = orderBody(plan(putSpread('ABC260417P00170000', 'ABC260417P00160000', -0.95, 2)));
    expect(body).toEqual({
      orderClass: 'mleg',
      qty: '2',
      type: 'limit',
      timeInForce: 'day',
      limitPrice: '-0.95',
      legs: [
        { symbol: 'ABC260417P00170000', ratioQty: '1', side: 'sell', positionIntent: 'sell_to_open' },
        { symbol: 'ABC260417P00160000', ratioQty: '1', side: 'buy', positionIntent: 'buy_to_open' },
      ],
    });
  });
  it('of shares whose limit stays a limit', () => {
    const { clientOrderId: _id, ...body } = orderBody(plan(buy('ABC', 180.01, 3)));
    expect(body).toEqual({ symbol: 'ABC', side: 'buy', qty: '3', type: 'limit', timeInForce: 'day', limitPrice: '180.01' });
  });
  it('of a sale whose net price collects, and whose limit on the wire is the price', () => {
    const { clientOrderId: _id, ...body } = orderBody(plan(sell('ABC', 179.99, 3), { purpose: 'C' }, 3));
    expect(body).toEqual({ symbol: 'ABC', side: 'sell', qty: '3', type: 'limit', timeInForce: 'day', limitPrice: '179.99' });
  });
  it('of a resting stop without a limit', () => {
    const { clientOrderId: _id, ...body } = orderBody(
      plan(sell('ABC', 150, 3), { purpose: 'P', type: 'stop', tif: 'gtc', limit: null, stop: price(micros(150)) }, 3),
    );
    expect(body).toEqual({ symbol: 'ABC', side: 'sell', qty: '3', type: 'stop', timeInForce: 'gtc', stopPrice: '150.00' });
  });
  it('that is recorded, unsent, and sets its cash aside', () => {
    const order = plan(write('XYZ260417P00064100', 1.25, 2));
    expect(order).toMatchObject({
      state: 'recorded',
      brokerId: null,
      attempts: 0,
      cumQty: 0,
      cumCash: 0,
      fills: [],
      closedAt: null,
      verdictSeq: 7,
    });
    expect(order.reserve).toBe(micros(2 * 6_410));
  });
  it('of the quantity that risk left, not of the one asked for', () => {
    expect(plan(opening(legs(leg(instrumentOf(symbol('ABC')), 'buy', 'open')), { qty: 100, rungs: [180] })).qty).toBe(55);
  });
});

describe('the id of an order', () => {
  const asked = buy('ABC', 180, 3);
  it('is the same for another price and quantity, while its payload is not', () => {
    const one = plan(asked);
    const other = plan(buy('ABC', 181, 2));
    expect(other.id).toBe(one.id);
    expect(other.payloadHash).not.toBe(one.payloadHash);
    expect(plan(asked).payloadHash).toBe(one.payloadHash);
  });
  it.each([
    ['rung', { rung: 1 }],
    ['slice', { slice: 1 }],
    ['try', { retry: 1 }],
    ['walk', { ladder: 'entry:2:key' }],
  ])('is another for each %s', (_name, over) => {
    expect(plan(asked, over).id).not.toBe(plan(asked).id);
  });
  it('does not depend on the moment, nor on the turn', () => {
    expect(plan(asked, { at: epochMs(1), turnSeq: 99 }).id).toBe(plan(asked).id);
  });
});
