// The whole table, written out a second time: a cell changes here and there, or not at all.
import { describe, expect, it } from 'vitest';
import { brokerOrderId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { isTerminal, type Order, type OrderEvent, type OrderState, orderStates } from '../../../src/domain/order.ts';
import { isLive, moves, step } from '../../../src/domain/order-machine.ts';
import { orderOf } from './orders.ts';

const boid = brokerOrderId('b-1');
const fill = (cumQty: number): Extract<OrderEvent, { kind: 'filled' }> => ({
  kind: 'filled',
  brokerId: boid,
  cumQty,
  cumCash: usd(-cumQty * 10_000_000),
  fills: [{ legNo: 0, symbol: symbol('ABC'), cumQty, cumCash: usd(-cumQty * 10_000_000) }],
});
const events: readonly OrderEvent[] = [
  { kind: 'send_begun' },
  { kind: 'unsent' },
  { kind: 'dropped', reason: 'why' },
  { kind: 'refused', reason: 'why' },
  { kind: 'answer_lost' },
  { kind: 'absent' },
  { kind: 'unreachable' },
  { kind: 'mismatch' },
  { kind: 'accepted', brokerId: boid },
  { kind: 'cancel_sent' },
  { kind: 'cancel_refused' },
  fill(4),
  { kind: 'closed', as: 'canceled', brokerId: boid, reason: 'why' },
];

// `-` is ignored, `!` an anomaly, a word the state it moves to. Columns stand in the order of `events`.
const expected = `
state        | send_begun | unsent   | dropped | refused | answer_lost | absent       | unreachable | mismatch    | accepted | cancel_sent | cancel_refused | filled    | closed
recorded     | submitting | -        | dropped | !       | !           | -            | -           | !           | working  | !           | -              | working   | canceled
submitting   | !          | recorded | !       | refused | unknown     | -            | -           | quarantined | working  | !           | -              | working   | canceled
unknown      | !          | -        | !       | !       | -           | absent_watch | quarantined | quarantined | working  | !           | -              | working   | canceled
absent_watch | submitting | !        | dropped | !       | -           | -            | -           | quarantined | working  | !           | -              | working   | canceled
quarantined  | !          | !        | dropped | !       | -           | absent_watch | -           | -           | working  | !           | -              | working   | canceled
working      | !          | -        | !       | !       | -           | -            | -           | quarantined | -        | canceling   | -              | working   | canceled
canceling    | !          | -        | !       | !       | -           | -            | -           | quarantined | -        | -           | working        | canceling | canceled
filled       | !          | -        | -       | -       | -           | -            | -           | -           | -        | -           | -              | -         | -
canceled     | !          | -        | -       | -       | -           | -            | -           | -           | -        | -           | -              | canceled  | -
expired      | !          | -        | -       | -       | -           | -            | -           | -           | -        | -           | -              | expired   | -
rejected     | !          | -        | -       | -       | -           | -            | -           | -           | -        | -           | -              | !         | -
replaced     | !          | -        | -       | -       | -           | -            | -           | -           | -        | -           | -              | replaced  | -
refused      | !          | -        | -       | -       | -           | -            | -           | -           | working  | -           | -              | working   | canceled
dropped      | !          | -        | -       | -       | -           | -            | -           | -           | working  | -           | -              | working   | canceled
`;
const [header = [], ...body] = expected
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const cells = body.flatMap(([state = '', ...row]) => row.map((cell, i) => [state as OrderState, header[i + 1] ?? '', cell] as const));

describe('the order machine', () => {
  it('has a written cell for every state and every event', () => {
    expect(body.map((row) => row[0])).toEqual(orderStates);
    expect(header.slice(1)).toEqual(events.map((event) => event.kind));
    expect(Object.keys(moves).sort()).toEqual([...orderStates].sort());
    for (const state of orderStates) expect(Object.keys(moves[state]).sort()).toEqual(events.map((event) => event.kind).sort());
    expect(cells).toHaveLength(orderStates.length * events.length);
  });
  it.each(cells)('in %s, %s: %s', (state, kind, cell) => {
    const event = events.find((e) => e.kind === kind) as OrderEvent;
    const before = orderOf({ state, cumQty: 2, fills: fill(2).fills, cumCash: fill(2).cumCash });
    const result = step(before, event);
    const told = result.kind === 'moved' ? result.order.state : result.kind === 'ignored' ? '-' : '!';
    expect(told).toBe(cell);
  });
  it.each(['canceled', 'expired', 'rejected', 'replaced'] as const)('closes as the broker says: %s', (as) => {
    const result = step(orderOf({ state: 'working' }), { kind: 'closed', as, brokerId: boid, reason: 'said so' });
    expect(result).toMatchObject({ kind: 'moved', order: { state: as, brokerId: boid, reason: 'said so' } });
  });
  it('has exactly the seven closed states', () => {
    const closed = orderStates.filter(isTerminal);
    expect(closed).toEqual(['filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped']);
    for (const state of orderStates) expect(isLive(orderOf({ state }))).toBe(!closed.includes(state));
  });
});

describe('a fill', () => {
  const at = (state: OrderState, cumQty: number): Order =>
    orderOf({ state, cumQty, brokerId: boid, cumCash: fill(cumQty).cumCash, fills: cumQty === 0 ? [] : fill(cumQty).fills });
  it('that says less than is known changes nothing', () => {
    expect(step(at('working', 5), fill(3)).kind).toBe('ignored');
  });
  it('that says what is known changes nothing', () => {
    expect(step(at('working', 3), fill(3)).kind).toBe('ignored');
    expect(step(at('canceled', 3), fill(3)).kind).toBe('ignored');
  });
  it('up to the ordered quantity fills the order, even while its cancel is out', () => {
    expect(step(at('canceling', 3), fill(10))).toMatchObject({
      kind: 'moved',
      order: { state: 'filled', cumQty: 10, cumCash: -100_000_000 },
    });
  });
  it('that overtakes its cancel is counted, and the order stays closed', () => {
    expect(step(at('canceled', 3), fill(7))).toMatchObject({ kind: 'moved', order: { state: 'canceled', cumQty: 7 } });
  });
  it('that completes an order said to be canceled makes it filled', () => {
    expect(step(at('canceled', 3), fill(10))).toMatchObject({ kind: 'moved', order: { state: 'filled', cumQty: 10 } });
  });
  it('beyond the ordered quantity is an anomaly and books nothing', () => {
    const result = step(at('working', 3), fill(11));
    expect(result).toEqual({ kind: 'anomaly', why: expect.stringContaining('filled 11 of 10') });
  });
  it('of an order that was given up makes it ours again', () => {
    expect(step(at('dropped', 0), fill(2))).toMatchObject({ kind: 'moved', order: { state: 'working', cumQty: 2, brokerId: boid } });
  });
  it('before the acceptance carries the broker id along', () => {
    expect(step(orderOf({ state: 'unknown' }), fill(1))).toMatchObject({ kind: 'moved', order: { state: 'working', brokerId: boid } });
  });
});

describe('an attempt', () => {
  it('is counted each time it begins', () => {
    expect(step(orderOf({ state: 'recorded' }), { kind: 'send_begun' })).toMatchObject({ order: { attempts: 1 } });
    expect(step(orderOf({ state: 'absent_watch', attempts: 1 }), { kind: 'send_begun' })).toMatchObject({ order: { attempts: 2 } });
  });
  it('that is refused keeps the broker words', () => {
    expect(step(orderOf({ state: 'submitting' }), { kind: 'refused', reason: '403: no buying power' })).toMatchObject({
      order: { state: 'refused', reason: '403: no buying power' },
    });
  });
});
