import { describe, expect, it } from 'vitest';
import type { AccountFacts, BrokerPosition, BrokerSnapshot } from '../../../src/domain/account.ts';
import { brokerOrderId, type ClientOrderId, clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { OrderReport } from '../../../src/domain/order-report.ts';
import type { Position } from '../../../src/domain/position.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import { explain, orderDifference, positionDifference } from '../../../src/execution/reconcile.ts';
import { orderOf } from '../domain/orders.ts';

const report = (id: string): OrderReport => ({
  id: clientOrderId(id),
  brokerId: brokerOrderId(`b-${id}`),
  status: 'working',
  type: 'limit',
  symbol: symbol('ABC'),
  side: 'buy',
  qty: 10,
  limit: null,
  cumQty: 0,
  cumCash: usd(0),
  fills: [],
  replacedBy: null,
  reason: null,
  submittedAt: null,
  updatedAt: null,
});
const snapshot = (orders: readonly OrderReport[]): BrokerSnapshot => ({
  takenAt: { exchange: epochMs(0), mono: monoMs(0), speed: 1 },
  account: {} as AccountFacts,
  orders,
  positions: [],
  activities: [],
});
const id = (letter: string): ClientOrderId => clientOrderId(`wsb1-ba-O-260310-${letter.repeat(16)}`);

describe('orders of a read', () => {
  const ours: Order[] = [
    orderOf({ id: id('a'), state: 'working' }),
    orderOf({ id: id('b'), state: 'unknown' }),
    orderOf({ id: id('c'), state: 'recorded' }),
  ];
  const difference = orderDifference(
    snapshot([report(id('a')), report(id('z')), report('manual-1')]),
    new Map(ours.map((o) => [o.id, o])),
    ours,
  );
  it('are ours, ours without an intent, or somebody else’s', () => {
    expect(difference.known.map((r) => r.id)).toEqual([id('a')]);
    expect(difference.orphans.map((r) => r.id)).toEqual([id('z')]);
    expect(difference.foreign.map((r) => r.id)).toEqual(['manual-1']);
  });
  it('leave those to look up that are not there; what never left is not looked for', () => {
    expect(difference.unseen.map((o) => o.id)).toEqual([id('b')]);
  });
});

const theirs = (of: string, n: number | string): BrokerPosition => ({
  symbol: symbol(of),
  net: typeof n === 'number' ? netQty(n) : { fractional: n },
  cost: usd(0),
  mark: null,
});
const mine = (of: string, n: number, owner = 'wheel'): Position => ({
  owner: strategyId(owner),
  instrument: instrumentOf(symbol(of)),
  qty: netQty(n),
  cost: usd(0),
  openedDay: tradingDay('2026-03-10'),
});

describe('positions of a read', () => {
  it.each([
    ['that agree', [theirs('ABC', 10)], [mine('ABC', 10)], []],
    ['are compared summed over their owners', [theirs('ABC', 10)], [mine('ABC', 4), mine('ABC', 6, 'base')], []],
    ['that we lack', [theirs('ABC', 10)], [], [['ABC', 0, 10]]],
    ['that they lack', [], [mine('ABC', 10)], [['ABC', 10, 0]]],
    ['of another size', [theirs('ABC', 7)], [mine('ABC', 10)], [['ABC', 10, 7]]],
    ['that are fractional are shown, never compared', [theirs('ABC', '0.5')], [mine('ABC', 10)], []],
    [
      'in the order of their names',
      [theirs('ZZZ', 1), theirs('AAA', 1)],
      [],
      [
        ['AAA', 0, 1],
        ['ZZZ', 0, 1],
      ],
    ],
  ] as const)('%s', (_name, broker, book, expected) => {
    expect(positionDifference(broker, book)).toEqual(expected.map(([of, ours, at]) => ({ symbol: of, ours, theirs: at })));
  });
});

const put = 'ABC260320P00050000';
const call = 'ABC260320C00060000';
const over = () => true;
const running = () => false;
const d = (of: string, ours: number, at: number) => ({ symbol: symbol(of), ours, theirs: at });

describe('what is gone without an order', () => {
  it.each([
    ['a short put and shares that came: assigned', [d('ABC', 0, 100), d(put, -1, 0)], running, [['assignment', 1, 100]], []],
    [
      'two short puts and shares of one: one assigned, one expired',
      [d('ABC', 0, 100), d(put, -2, 0)],
      over,
      [
        ['assignment', 1, 100],
        ['expiry', 1, 0],
      ],
      [],
    ],
    ['one of two short puts: one assigned', [d('ABC', 0, 100), d(put, -2, -1)], running, [['assignment', 1, 100]], []],
    ['a short call and shares that went: called away', [d('ABC', 100, 0), d(call, -1, 0)], running, [['assignment', 1, -100]], []],
    ['a long call and shares that came: exercised', [d('ABC', 0, 100), d(call, 1, 0)], running, [['exercise', 1, 100]], []],
    ['a long put and shares that went: exercised', [d('ABC', 100, 0), d(put, 1, 0)], running, [['exercise', 1, -100]], []],
    ['an option after its last session: expired', [d(put, -1, 0)], over, [['expiry', 1, 0]], []],
    ['an option before its last session is over: unexplained', [d(put, -1, 0)], running, [], [d(put, -1, 0)]],
    ['shares that came the wrong way: unexplained', [d('ABC', 100, 0), d(put, -1, 0)], running, [], [d(put, -1, 0), d('ABC', 100, 0)]],
    [
      'more shares than contracts account for: the rest is unexplained',
      [d('ABC', 0, 150), d(put, -1, 0)],
      running,
      [['assignment', 1, 100]],
      [d('ABC', 100, 150)],
    ],
    ['an option that changed sides: unexplained', [d(put, -1, 1)], over, [], [d(put, -1, 1)]],
    ['an option that grew: unexplained', [d(put, -1, -2)], over, [], [d(put, -1, -2)]],
    ['shares alone: unexplained', [d('ABC', 10, 20)], over, [], [d('ABC', 10, 20)]],
  ] as const)('%s', (_name, differences, isOver, events, rest) => {
    const found = explain(differences, isOver);
    expect(found.events.map((e) => [e.kind, e.contracts, e.shares])).toEqual(events);
    expect(found.rest).toEqual(rest);
  });
  it('shares one delivery between two contracts of a name', () => {
    const found = explain([d('ABC', 0, 200), d(put, -1, 0), d('ABC260327P00050000', -1, 0)], running);
    expect(found.events.map((e) => [e.kind, e.option.symbol, e.shares])).toEqual([
      ['assignment', put, 100],
      ['assignment', 'ABC260327P00050000', 100],
    ]);
    expect(found.rest).toEqual([]);
  });
});
