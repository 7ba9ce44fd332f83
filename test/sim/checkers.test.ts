import { beforeAll, describe, expect, it } from 'vitest';
import { ensure } from '../../src/base/assert.ts';
import { symbol } from '../../src/domain/ids.ts';
import type { XOrder } from '../../src/exchange/types.ts';
import type { BrokerFacts } from '../../src/lab/broker-facts.ts';
import {
  checkAlarms,
  checkExit,
  checkFills,
  checkHoldings,
  checkLots,
  checkOrders,
  checkPosts,
  checkReserves,
  type Violation,
} from '../../src/lab/checkers.ts';
import type { LedgerFacts, LedgerFill, LedgerOrder } from '../../src/lab/ledger-facts.ts';
import type { Sent } from '../../src/lab/tap.ts';
import { createWorld } from '../../src/lab/world.ts';
import { afternoon } from './scenario.ts';

/** A true record: the index fund was bought, its stop rests, the day goes on. */
interface Record {
  readonly broker: BrokerFacts;
  readonly ledger: LedgerFacts;
  readonly sent: readonly Sent[];
}

let told: Record;
beforeAll(async () => {
  const world = createWorld({ swarm: afternoon() });
  try {
    world.boot();
    await world.until(() => world.broker().orders.some((order) => order.type === 'stop' && order.status === 'new'), 60_000);
    await world.run(3_000);
    told = { broker: world.broker(), ledger: world.ledger(), sent: [...world.sent] };
  } finally {
    world.close();
  }
}, 60_000);

const judged = ({ broker, ledger, sent }: Record): readonly Violation[] => [
  ...checkOrders(broker, ledger),
  ...checkFills(broker, ledger),
  ...checkHoldings(broker, ledger),
  ...checkPosts(sent),
  ...checkLots(ledger.holdings),
  ...checkReserves(ledger),
  ...checkAlarms(ledger),
];
const rules = (record: Record): readonly string[] => [...new Set(judged(record).map((violation) => violation.rule))].sort();

type Doctor = (record: Record) => Record;
const there =
  (change: (orders: readonly XOrder[]) => readonly XOrder[]): Doctor =>
  (r) => ({ ...r, broker: { ...r.broker, orders: change(r.broker.orders) } });
const orders =
  (change: (orders: readonly LedgerOrder[]) => readonly LedgerOrder[]): Doctor =>
  (r) => ({ ...r, ledger: { ...r.ledger, orders: change(r.ledger.orders) } });
const fills =
  (change: (fills: readonly LedgerFill[]) => readonly LedgerFill[]): Doctor =>
  (r) => ({ ...r, ledger: { ...r.ledger, fills: change(r.ledger.fills) } });
const ledger =
  (change: (facts: LedgerFacts) => Partial<LedgerFacts>): Doctor =>
  (r) => ({ ...r, ledger: { ...r.ledger, ...change(r.ledger) } });
const sent =
  (change: (sent: readonly Sent[]) => readonly Sent[]): Doctor =>
  (r) => ({ ...r, sent: change(r.sent) });
const first = <T>(list: readonly T[], change: (one: T) => T): readonly T[] => list.map((one, i) => (i === 0 ? change(one) : one));
const cleared = (change: (clearance: NonNullable<Sent['clearance']>) => NonNullable<Sent['clearance']>): Doctor =>
  sent((posts) => first(posts, (post) => ({ ...post, clearance: change(ensure(post.clearance, 'a clearance')) })));

const doctored: readonly (readonly [string, readonly string[], Doctor])[] = [
  ['an order twice at the broker', ['I1', 'I2'], there((list) => [...list, { ...ensure(list[0], 'order'), id: 'twin' }])],
  ['an order at the broker that the ledger forgot', ['I1', 'I3'], orders((list) => list.filter((order) => order.purpose !== 'P'))],
  [
    'an order of somebody else',
    ['I1', 'I2'],
    there((list) => first(list, (order) => ({ ...order, clientOrderId: 'by-hand', filledQty: 0, filledCash: 0 }))),
  ],
  ['a broker id of another order', ['I1'], orders((list) => first(list, (order) => ({ ...order, brokerId: 'another' })))],
  ['a fill that was lost', ['I2'], fills((list) => list.slice(1))],
  ['a fill that was counted twice', ['I2'], fills((list) => [...list, ensure(list[0], 'fill')])],
  ['a fill with a gap before it', ['I2'], fills((list) => first(list, (fill) => ({ ...fill, cumQty: fill.cumQty + 1 })))],
  ['a fill at another price', ['I2'], fills((list) => first(list, (fill) => ({ ...fill, cash: fill.cash - 2_000_000 })))],
  [
    'fills of an order nobody has',
    ['I2'],
    fills((list) => [...list, { ...ensure(list[0], 'fill'), order: 'wsb1-ba-O-000000-aaaaaaaaaaaaaaaa' }]),
  ],
  ['a position that differs', ['I3'], ledger((facts) => ({ positions: new Map([...facts.positions].map(([name, n]) => [name, n + 1])) }))],
  [
    'a lot that lost a unit',
    ['lots'],
    ledger(({ holdings }) => ({ holdings: { ...holdings, lots: new Map([...holdings.lots].map(([name, n]) => [name, n - 1])) } })),
  ],
  ['a holding without a lot', ['lots'], ledger(({ holdings }) => ({ holdings: { ...holdings, lots: new Map() } }))],
  ['cash that differs', ['I3'], ledger((facts) => ({ cash: (facts.cash ?? 0) + 5_000_000 }))],
  [
    'a ledger made to agree by an adjustment',
    ['I3'],
    ledger(() => ({ adjustments: [{ key: 'adjust:1:cash', why: 'cash at the broker differs' }] })),
  ],
  [
    'an order the ledger thinks open',
    ['I3'],
    orders((list) => list.map((order) => (order.purpose === 'O' ? { ...order, state: 'working' } : order))),
  ],
  ['a post without a verdict', ['I4'], cleared((clearance) => ({ ...clearance, verdictSeq: null }))],
  ['a post judged after it was sent', ['I4'], cleared((clearance) => ({ ...clearance, verdictSeq: (clearance.attemptSeq ?? 0) + 1 }))],
  [
    'a post of another size than was judged',
    ['I4'],
    sent((posts) => first(posts, (post) => ({ ...post, body: { ...post.body, qty: post.body.qty + 1 } }))),
  ],
  [
    'a post at another price than was judged',
    ['I4'],
    sent((posts) => first(posts, (post) => ({ ...post, body: { ...post.body, limit: 1 } }))),
  ],
  ['an opening that left while halted', ['I5'], cleared((clearance) => ({ ...clearance, halts: ['a person said stop'] }))],
  [
    'an exit that left while frozen',
    ['I5'],
    cleared((clearance) => ({ ...clearance, order: { ...clearance.order, purpose: 'C' }, freezes: ['a person said freeze'] })),
  ],
  ['a post whose row was not on disk', ['I10'], sent((posts) => first(posts, (post) => ({ ...post, clearance: null })))],
  ['a post whose attempt was not on disk', ['I10'], cleared((clearance) => ({ ...clearance, attemptSeq: null }))],
  ['an opening that was sent again', ['I22'], sent((posts) => [...posts, ...posts.slice(0, 1)])],
  ['a negative reserve', ['reserve'], orders((list) => first(list, (order) => ({ ...order, reserve: -1 })))],
  ['a halt that nothing called for', ['alarm'], ledger(() => ({ halts: [{ scope: 'account', reason: 'a twin daemon' }] }))],
  ['an alarm about an order nobody else could have sent', ['alarm'], ledger(() => ({ notes: new Map([['order.orphan', 2]]) }))],
  [
    'a reserve that outlived its order',
    ['reserve'],
    orders((list) => list.map((order) => (order.purpose === 'O' ? { ...order, reserve: 1 } : order))),
  ],
];

describe('the checkers', () => {
  it('find nothing in a true record', () => {
    expect(told.broker.fills.length).toBeGreaterThan(0);
    expect(told.sent.length).toBeGreaterThan(1);
    expect(judged(told)).toEqual([]);
  });

  it.each(doctored)('find %s', (_, expected, doctor) => {
    expect(rules(doctor(told))).toEqual(expected);
  });
});

describe('the check of the exit', () => {
  const flat = (record: Record): Record => ({
    ...record,
    broker: { ...record.broker, positions: new Map(), orders: [] },
    ledger: { ...record.ledger, orders: [] },
  });
  const lost = (state: LedgerOrder['state']): readonly LedgerOrder[] => [{ ...ensure(told.ledger.orders[0], 'order'), state }];

  it('lets pass a flat stop, and one that declares what no look-up could settle', () => {
    const { broker, ledger: facts } = flat(told);
    expect(checkExit(0, broker, facts)).toEqual([]);
    expect(checkExit(12, broker, { ...facts, orders: lost('absent_watch') })).toEqual([]);
  });

  it.each([
    ['a code that says it went wrong', 70, []],
    ['a declared remainder that is none', 12, []],
    ['an order declared lost that the broker has', 12, null],
  ] as const)('finds %s', (_, code, none) => {
    const { broker, ledger: facts } = flat(told);
    const seen = none === null ? { ...broker, orders: told.broker.orders.filter((order) => order.status === 'filled') } : broker;
    const id = seen.orders[0]?.clientOrderId;
    const ours = id === undefined ? [] : lost('absent_watch').map((order) => ({ ...order, id }));
    expect(checkExit(code, seen, { ...facts, orders: ours }).map((violation) => violation.rule)).toEqual(['I6']);
  });

  it('lets pass what nobody bids for, where the daemon lists it and says so', () => {
    const { broker, ledger: facts } = flat(told);
    const wing = symbol('SPY270419C00638000');
    const unsold = { ...broker, positions: new Map([[wing, 2]]), unbid: new Set([wing]) };
    const listed = [{ symbol: wing, qty: 2 }];
    const rules = (code: number, seen: typeof broker, left: typeof listed) =>
      checkExit(code, seen, facts, left).map(({ rule, where }) => `${rule} ${where}`);
    expect(rules(10, unsold, listed)).toEqual([]);
    expect(rules(10, unsold, [])).toEqual(['I6 exit', `I6 ${wing}`]);
    expect(rules(10, unsold, [{ symbol: wing, qty: 1 }])).toEqual(['I6 exit', `I6 ${wing}`]);
    expect(rules(10, { ...unsold, unbid: new Set() }, listed)).toEqual(['I6 exit', `I6 ${wing}`]);
    expect(rules(10, broker, [])).toEqual(['I6 exit']);
  });

  it('finds what is still held and what still rests', () => {
    expect(checkExit(0, told.broker, told.ledger).map((violation) => violation.where)).toEqual([
      'SPY',
      expect.stringMatching(/^wsb1-ba-P-/),
    ]);
  });
});
