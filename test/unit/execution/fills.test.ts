import { describe, expect, it } from 'vitest';
import { brokerOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { netQty, qty, usd } from '../../../src/domain/money.ts';
import type { LegFill } from '../../../src/domain/order.ts';
import type { Cycle, Position } from '../../../src/domain/position.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import { applyExecution, applyToCycle, type Execution, fillRows } from '../../../src/execution/fills.ts';
import { orderOf } from '../domain/orders.ts';

const owner = strategyId('wheel');
const shares = instrumentOf(symbol('ABC'));
const put = instrumentOf(symbol('ABC260417P00170000'));
const day = tradingDay('2026-03-10');
const later = tradingDay('2026-03-11');
const held = (n: number, cost: number): Position | null =>
  n === 0 ? null : { owner, instrument: shares, qty: netQty(n), cost: usd(cost), openedDay: day };
const traded = (n: number, cash: number): Execution => ({ owner, instrument: shares, qty: n, cash: usd(cash), day: later });

describe('a position after an execution', () => {
  it.each([
    ['opens at what was paid', [0, 0], [10, -1_000], [10, -1_000, later]],
    ['grows by what was paid', [10, -1_000], [5, -600], [15, -1_600, day]],
    ['shrinks in proportion, whatever was received', [10, -1_000], [-4, 9_999], [6, -600, day]],
    ['is gone when all is sold', [10, -1_000], [-10, 1_100], null],
    ['passing through zero opens the rest at its own price', [10, -1_000], [-15, 1_650], [-5, 550, later]],
    ['short opens at what was received', [0, 0], [-2, 400], [-2, 400, later]],
    ['short shrinks in proportion', [-4, 800], [1, -500], [-3, 600, day]],
    ['rounds towards zero where it cannot be shared evenly', [3, -1_000], [-1, 400], [2, -666, day]],
    ['without a quantity is what it was', [10, -1_000], [0, 55], [10, -1_000, day]],
  ] as const)('%s', (_name, [n, cost], [dq, cash], after) => {
    const result = applyExecution(held(n, cost), traded(dq, cash));
    if (after === null) expect(result).toBeNull();
    else expect(result).toEqual({ owner, instrument: shares, qty: after[0], cost: after[1], openedDay: after[2] });
  });
  it('shares amounts exactly even where their product leaves the safe integers', () => {
    const cost = -8_999_999_999_999_999;
    expect(applyExecution(held(1_000_000, cost), traded(-1, 0))?.cost).toBe(Number((BigInt(cost) * 999_999n) / 1_000_000n));
  });
});

describe('execution rows', () => {
  const fill = (legNo: number, of: string, cumQty: number, cumCash: number): LegFill => ({
    legNo,
    symbol: symbol(of),
    cumQty,
    cumCash: usd(cumCash),
  });
  const package_ = orderOf({
    legs: legs(leg(put, 'sell', 'open'), leg(instrumentOf(symbol('ABC260417P00160000')), 'buy', 'open', 2)),
    qty: qty(5),
    brokerId: brokerOrderId('b'),
  });
  const rows = (before: readonly LegFill[], after: readonly LegFill[]) =>
    fillRows({ ...package_, fills: before }, { ...package_, fills: after }, epochMs(5), day);

  it('are one for each leg that traded more, with what this execution moved', () => {
    const before = [fill(0, 'ABC260417P00170000', 1, 200_000_000), fill(1, 'ABC260417P00160000', 2, -200_000_000)];
    const after = [fill(0, 'ABC260417P00170000', 3, 620_000_000), fill(1, 'ABC260417P00160000', 6, -640_000_000)];
    expect(rows(before, after)).toMatchObject([
      { legNo: 0, cumQty: 3, qty: -2, price: 2_100_000, cash: 420_000_000, symbol: 'ABC260417P00170000' },
      { legNo: 1, cumQty: 6, qty: 4, price: 1_100_000, cash: -440_000_000, symbol: 'ABC260417P00160000' },
    ]);
  });
  it('are none when nothing traded', () => {
    const same = [fill(0, 'ABC260417P00170000', 1, 200_000_000)];
    expect(rows(same, same)).toEqual([]);
    expect(rows([], [])).toEqual([]);
  });
  it('carry the inputs that their decision assumed', () => {
    const order = orderOf({ brokerId: brokerOrderId('b'), assumed: ['iv_history:ABC'] });
    const [row] = fillRows(order, { ...order, fills: [fill(0, 'ABC', 10, -100_000_000)] }, epochMs(5), day);
    expect(row).toMatchObject({ qty: 10, price: 10_000_000, assumed: ['iv_history:ABC'], owner: 'base', day });
  });
});

describe('a cycle', () => {
  const at = (over: Partial<Cycle>): Cycle => ({
    owner,
    underlying: symbol('ABC'),
    startedDay: day,
    premium: usd(200),
    stock: usd(0),
    contractsTraded: 1,
    sharesSinceDay: null,
    ...over,
  });
  const step = (of: typeof put | typeof shares, n: number, cash: number, sharesAfter: number, flatAfter = false) => ({
    owner,
    instrument: of,
    qty: n,
    cash: usd(cash),
    day: later,
    sharesAfter: netQty(sharesAfter),
    flatAfter,
  });
  it.each([
    [
      'begins with the first option sold',
      null,
      step(put, -1, 200, 0),
      { premium: 200, stock: 0, contractsTraded: 1, startedDay: later, sharesSinceDay: null },
    ],
    ['counts premium paid back', at({}), step(put, 1, -50, 0), { premium: 150, contractsTraded: 2, startedDay: day }],
    ['does not count contracts that left without a trade', at({}), step(put, 1, 0, 0), { premium: 200, contractsTraded: 1 }],
    [
      'takes assigned shares at the strike',
      at({}),
      step(shares, 100, -17_000, 100),
      { premium: 200, stock: -17_000, sharesSinceDay: later },
    ],
    ['keeps the day its shares came', at({ sharesSinceDay: day }), step(shares, 100, -16_000, 200), { sharesSinceDay: day }],
    [
      'forgets that day when the shares are gone',
      at({ sharesSinceDay: day }),
      step(shares, -100, 17_500, 0),
      { sharesSinceDay: null, stock: 17_500 },
    ],
  ] as const)('%s', (_name, before, one, after) => {
    expect(applyToCycle(before, one)).toMatchObject(after);
  });
  it('is over when nothing in the name is left', () => {
    expect(applyToCycle(at({}), step(put, 1, -50, 0, true))).toBeNull();
  });
});
