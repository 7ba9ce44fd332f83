// Replacing orders: the chain of ids, the races with fills and cancels, and what it reserves meanwhile.
import { describe, expect, it } from 'vitest';
import type { XOrder, XOrderPatch, XOrderRequest } from '../../../../src/exchange/types.ts';
import {
  at,
  type Bench,
  bench,
  CALL105,
  CALL110,
  held,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  placed,
  quiet,
  stop,
  usd,
} from './scripted-market.ts';

const ten = at(MONDAY, 10);
const later = ten + 1_000;
const nothing: XOrderPatch = { clientOrderId: null, qty: null, limitPrice: null, stopPrice: null, trail: null, timeInForce: null };

function replaced(b: Bench, id: string, patch: Partial<XOrderPatch>, instant: number): XOrder {
  const answer = b.core.replace('a', id, { ...nothing, ...patch }, instant);
  if (!answer.ok) throw new Error(`refused: ${answer.message}`);
  return answer.value;
}
const status = (b: Bench, id: string): string => b.core.order('a', id)?.status ?? 'unknown';
const told = (b: Bench): readonly string[] => b.events.map((e) => e.event);

it('gives a new order the place of the old one, linked both ways', () => {
  const b = bench();
  const id = placed(b.core, limit('buy', 'ACME', 10, 90, { clientOrderId: 'first' }), ten);
  const next = replaced(b, id, { limitPrice: usd(91), qty: 12 }, later);
  expect([status(b, id), next.status, next.replaces, next.clientOrderId === 'first']).toEqual([
    'pending_replace',
    'pending_new',
    id,
    false,
  ]);
  b.core.advance(later + 20);
  expect(told(b)).toEqual(['new', 'pending_replace', 'replaced', 'new']);
  expect(b.core.order('a', id)).toMatchObject({ status: 'replaced', replacedBy: next.id, replacedAt: later + 20, held: 0 });
  expect(b.core.order('a', next.id)).toMatchObject({ status: 'new', qty: 12, limitPrice: usd(91), held: usd(12 * 91) });
});

it('reserves the larger of the two until it is settled', () => {
  const b = bench();
  const id = placed(b.core, limit('buy', 'ACME', 100, 90), ten);
  const power = (): number => b.core.account('a', b.core.at).buyingPower;
  replaced(b, id, { qty: 50 }, later);
  expect(power()).toBe(usd(200_000 - 9_000));
  b.core.advance(later + 20);
  expect(power()).toBe(usd(200_000 - 4_500));
});

it('may use what the order it replaces has reserved, and no more', () => {
  const b = bench();
  const id = placed(b.core, limit('buy', 'ACME', 2_200, 90), ten);
  b.core.advance(later);
  expect(b.core.replace('a', id, { ...nothing, qty: 2_223 }, later)).toMatchObject({ status: 403, message: 'insufficient buying power' });
  replaced(b, id, { qty: 2_222 }, later);
});

it('counts what was filled into the total, and trades the rest', () => {
  const b = bench({ ...quiet, sizes: { ACME: [[0, 500, 4]] } }, { displayedSizes: true });
  const id = placed(b.core, limit('buy', 'ACME', 10, 100), ten);
  b.core.advance(later);
  const next = replaced(b, id, { qty: 8, limitPrice: usd(100.5) }, later);
  b.core.advance(later + 70_000);
  expect(b.core.order('a', id)).toMatchObject({ status: 'replaced', filledQty: 4 });
  expect(b.core.order('a', next.id)).toMatchObject({ status: 'filled', qty: 8, filledQty: 8 });
  expect(held(b.core)).toEqual({ ACME: 8 });
});

describe('a race', () => {
  it('with a fill of the old order ends with the old one filled and the new one rejected', () => {
    const b = bench();
    const id = placed(b.core, limit('buy', 'ACME', 10, 100), ten);
    b.core.advance(ten + 15);
    const next = replaced(b, id, { limitPrice: usd(99) }, ten + 15);
    b.core.advance(ten + 100);
    expect(told(b)).toEqual(['new', 'pending_replace', 'fill', 'order_replace_rejected', 'rejected']);
    expect([status(b, id), status(b, next.id), held(b.core)]).toEqual(['filled', 'rejected', { ACME: 10 }]);
  });

  it('with a cancel is lost to it', () => {
    const b = bench();
    const id = placed(b.core, limit('buy', 'ACME', 10, 90), ten);
    b.core.advance(later);
    const next = replaced(b, id, { limitPrice: usd(91) }, later);
    expect(b.core.cancel('a', id, later + 5).ok).toBe(true);
    b.core.advance(later + 100);
    expect([status(b, id), status(b, next.id)]).toEqual(['canceled', 'rejected']);
    expect(told(b)).toEqual(['new', 'pending_replace', 'order_replace_rejected', 'rejected', 'pending_cancel', 'canceled']);
  });

  it('with a cancel of the new order lets it come, and then go', () => {
    const b = bench();
    const id = placed(b.core, limit('buy', 'ACME', 10, 90), ten);
    b.core.advance(later);
    const next = replaced(b, id, { limitPrice: usd(91) }, later);
    b.core.cancel('a', next.id, later + 5);
    b.core.advance(later + 100);
    expect([status(b, id), status(b, next.id)]).toEqual(['replaced', 'canceled']);
    expect(told(b)).toEqual(['new', 'pending_replace', 'replaced', 'new', 'pending_cancel', 'canceled']);
  });

  it('with fills that leave the new quantity nothing to do restores the old order', () => {
    const b = bench({ ...quiet, sizes: { ACME: [[0, 500, 4]] } }, { displayedSizes: true });
    const id = placed(b.core, limit('buy', 'ACME', 10, 100), ten);
    b.core.advance(ten + 15);
    const next = replaced(b, id, { qty: 3 }, ten + 15);
    b.core.advance(ten + 100);
    expect([status(b, id), status(b, next.id)]).toEqual(['partially_filled', 'rejected']);
    expect(told(b)).toEqual(['new', 'pending_replace', 'partial_fill', 'order_replace_rejected', 'rejected']);
  });

  it('with the close turns the new order down before the old one expires', () => {
    const b = bench();
    const id = placed(b.core, limit('buy', 'ACME', 10, 90), ten);
    const close = at(MONDAY, 16);
    b.core.advance(close - 10);
    const next = replaced(b, id, { limitPrice: usd(91) }, close - 10);
    b.core.advance(close);
    expect([status(b, id), status(b, next.id)]).toEqual(['expired', 'rejected']);
  });

  it('with the tick of an option: the venue refuses the new price and the old order stands', () => {
    const b = bench();
    const id = placed(b.core, limit('sell', PUT95, 1, 3), ten);
    b.core.advance(later);
    const next = replaced(b, id, { limitPrice: usd(3.01) }, later);
    b.core.advance(later + 100);
    expect([status(b, id), b.core.order('a', next.id)?.rejectReason]).toEqual(['new', 'limit price 3.01 is not a multiple of 0.05']);
  });
});

describe('a replacement is refused', () => {
  const waiting = limit('buy', 'ACME', 10, 90);
  const rows: readonly (readonly [string, XOrderRequest, Partial<XOrderPatch>, number])[] = [
    ['order parameters are not changed', waiting, { qty: 10, limitPrice: usd(90) }, 42210000],
    ['limit orders have no stop price to replace', waiting, { stopPrice: usd(80) }, 40010001],
    ['limit orders have no trail to replace', waiting, { trail: usd(1) }, 40010001],
    ['qty of fractional orders cannot be replaced', waiting, { qty: 9.5 }, 42210000],
    ['cannot replace order in filled status', market('buy', 'ACME', 1), { qty: 2 }, 42210000],
    ['time_in_force of mleg orders cannot be replaced', mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -2), { timeInForce: 'gtc' }, 42210000],
    ['notional orders cannot be replaced', limit('buy', 'ACME', 0, 90, { notional: usd(100) }), { limitPrice: usd(91) }, 42210000],
    [
      'invalid limit_price 90.001. sub-penny increment does not fulfill minimum pricing criteria',
      waiting,
      { limitPrice: usd(90.001) },
      42210000,
    ],
    ['client_order_id must be unique', { ...waiting, clientOrderId: 'mine' }, { qty: 11, clientOrderId: 'mine' }, 40010001],
  ];
  it.each(rows)('%s', (message, request, patch, code) => {
    const b = bench();
    const id = placed(b.core, request, ten);
    b.core.advance(later);
    expect(b.core.replace('a', id, { ...nothing, ...patch }, later)).toEqual({ ok: false, status: 422, code, message });
  });

  it('while the venue has not acknowledged the order, while another is under way, and afterwards', () => {
    const b = bench();
    const id = placed(b.core, waiting, ten);
    const ask = (which: string, instant: number): unknown => b.core.replace('a', which, { ...nothing, qty: 20 }, instant);
    expect(ask(id, ten + 5)).toMatchObject({ message: 'cannot replace order in accepted status' });
    b.core.advance(later);
    const next = replaced(b, id, { qty: 11 }, later);
    expect(ask(id, later + 5)).toMatchObject({ message: 'cannot replace order in pending_replace status' });
    expect(ask(next.id, later + 5)).toMatchObject({ message: 'order chain not fully replaced' });
    b.core.advance(later + 50);
    expect(ask(id, later + 50)).toMatchObject({ message: 'order already replaced' });
    b.core.cancel('a', next.id, later + 60);
    expect(ask(next.id, later + 65)).toMatchObject({ message: 'cannot replace order in pending_cancel status' });
    expect(ask('nobody', later + 65)).toMatchObject({ status: 404, message: 'order not found' });
  });

  it('when the new total is no more than what is filled', () => {
    const b = bench({ ...quiet, sizes: { ACME: [[0, 500, 4]] } }, { displayedSizes: true });
    const id = placed(b.core, limit('buy', 'ACME', 10, 100), ten);
    b.core.advance(later);
    expect(b.core.replace('a', id, { ...nothing, qty: 4 }, later)).toMatchObject({ message: 'qty must be > filled_qty' });
  });
});

describe('in a group', () => {
  const bracket = limit('buy', 'ACME', 10, 100, {
    orderClass: 'bracket',
    takeProfit: usd(110),
    stopLoss: { stopPrice: usd(95), limitPrice: null },
  });

  it('a leg keeps its partner and its place', () => {
    const b = bench();
    const id = placed(b.core, bracket, ten);
    b.core.advance(later);
    const [, loss] = b.core.order('a', id)?.children ?? [];
    const next = replaced(b, loss?.id ?? '', { stopPrice: usd(97) }, later);
    b.core.advance(later + 100);
    expect(b.core.order('a', id)?.children.map((leg) => [leg.type, leg.status, leg.stopPrice])).toEqual([
      ['limit', 'new', null],
      ['stop', 'new', usd(97)],
    ]);
    b.core.cancel('a', next.id, later + 200);
    b.core.advance(later + 300);
    expect(b.core.order('a', id)?.children.map((leg) => leg.status)).toEqual(['canceled', 'canceled']);
  });

  it('a new entry takes the legs with it, in its own quantity', () => {
    const b = bench();
    const id = placed(b.core, { ...bracket, limitPrice: usd(99) }, ten);
    b.core.advance(later);
    const next = replaced(b, id, { qty: 7, limitPrice: usd(100) }, later);
    b.core.advance(later + 100);
    expect(b.core.order('a', next.id)).toMatchObject({
      status: 'filled',
      children: [
        { qty: 7, status: 'new' },
        { qty: 7, status: 'new' },
      ],
    });
    expect([b.core.order('a', id)?.children, held(b.core)]).toEqual([[], { ACME: 7 }]);
  });

  it('legs follow the quantity of the order they belong to', () => {
    const b = bench();
    const id = placed(b.core, bracket, ten);
    b.core.advance(later);
    const [gain] = b.core.order('a', id)?.children ?? [];
    expect(b.core.replace('a', gain?.id ?? '', { ...nothing, qty: 5 }, later)).toMatchObject({
      message: 'qty of a leg follows the order it belongs to',
    });
  });
});

it('a package is replaced as a whole', () => {
  const b = bench();
  const id = placed(b.core, mleg([`sto ${CALL105}`, `bto ${CALL110}`], 2, -0.9), ten);
  b.core.advance(later);
  const next = replaced(b, id, { limitPrice: usd(-0.75), qty: 3 }, later);
  b.core.advance(later + 100);
  expect(b.core.order('a', next.id)).toMatchObject({ status: 'filled', orderClass: 'mleg', filledCash: usd(-225) });
  expect(held(b.core)).toEqual({ [CALL105]: -3, [CALL110]: 3 });
});

it('a trailing stop that is drawn closer trails from the best price the old one saw', () => {
  const b = bench({
    quotes: {
      ...quiet.quotes,
      ACME: [
        [0, 99.98, 100],
        [at(MONDAY, 10, 1), 105, 105.02],
        [at(MONDAY, 10, 2), 103, 103.02],
      ],
    },
  });
  placed(b.core, market('buy', 'ACME', 10), ten);
  const trailing = stop('sell', 'ACME', 10, 1, { type: 'trailing_stop', stopPrice: null, trail: { kind: 'price', amount: usd(5) } });
  const id = placed(b.core, trailing, ten + 500);
  b.core.advance(at(MONDAY, 10, 2, 30));
  const next = replaced(b, id, { trail: usd(3) }, at(MONDAY, 10, 2, 30));
  b.core.advance(at(MONDAY, 10, 2, 30) + 20);
  expect(b.core.order('a', next.id)).toMatchObject({ hwm: usd(105), stopPrice: usd(102) });
});
