// The watermark law: whatever order the reports of one order come in, and however often, it ends where the broker's order ended.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, symbol } from '../../src/domain/ids.ts';
import { usd } from '../../src/domain/money.ts';
import { isTerminal, type Order, type OrderEvent, orderStates } from '../../src/domain/order.ts';
import { step } from '../../src/domain/order-machine.ts';
import { epochMs, tradingDay } from '../../src/domain/time.ts';
import { fillRows } from '../../src/execution/fills.ts';
import { orderOf } from '../unit/domain/orders.ts';

const boid = brokerOrderId('b-1');
const filled = (cumQty: number, cash: number): OrderEvent => ({
  kind: 'filled',
  brokerId: boid,
  cumQty,
  cumCash: usd(-cash),
  fills: [{ legNo: 0, symbol: symbol('ABC'), cumQty, cumCash: usd(-cash) }],
});

/** The parts an order of ten trades in, and the price of each, as cumulative reports. */
const story = fc
  .array(fc.record({ qty: fc.integer({ min: 1, max: 4 }), price: fc.integer({ min: 9_900_000, max: 10_100_000 }) }), { maxLength: 6 })
  .map((parts) => {
    let cum = 0;
    let cash = 0;
    return parts.flatMap(({ qty, price }) => {
      const now = Math.min(qty, 10 - cum);
      cum += now;
      cash += now * price;
      return now === 0 ? [] : [filled(cum, cash) as Extract<OrderEvent, { kind: 'filled' }>];
    });
  });
const ending = fc.constantFrom('none' as const, 'canceled' as const, 'expired' as const);
const asked: fc.Arbitrary<OrderEvent> = fc.constantFrom<OrderEvent>(
  { kind: 'answer_lost' },
  { kind: 'cancel_sent' },
  { kind: 'accepted', brokerId: boid },
  { kind: 'cancel_refused' },
);

function run(events: readonly OrderEvent[]): { readonly order: Order; readonly rows: ReturnType<typeof fillRows> } {
  let order = orderOf({ state: 'submitting' });
  const rows = [];
  for (const event of events) {
    const result = step(order, event);
    if (result.kind !== 'moved') continue;
    rows.push(...fillRows(order, result.order, epochMs(0), tradingDay('2026-03-10')));
    order = result.order;
  }
  return { order, rows };
}

describe('an order', () => {
  it('ends as the broker says, with its executions counted once, in whatever order and number the reports come', () => {
    const accepted: OrderEvent = { kind: 'accepted', brokerId: boid };
    const scene = fc.tuple(story, ending, fc.array(asked, { maxLength: 4 })).chain(([fills, end, noise]) => {
      const open = (fills.at(-1)?.cumQty ?? 0) < 10;
      const close: OrderEvent[] = end === 'none' || !open ? [] : [{ kind: 'closed', as: end, brokerId: boid, reason: null }];
      const told = [accepted, ...fills, ...close, ...noise];
      const again = fc.array(fc.constantFrom(...told), { maxLength: told.length });
      return fc.record({
        fills: fc.constant(fills),
        end: fc.constant(close.length === 0 ? null : end),
        events: again.chain((more) => fc.shuffledSubarray([...told, ...more], { minLength: told.length + more.length })),
      });
    });
    fc.assert(
      fc.property(scene, ({ fills, end, events }) => {
        const { order, rows } = run(events);
        const last = fills.at(-1);
        expect(order.cumQty).toBe(last?.cumQty ?? 0);
        expect(order.cumCash).toBe(last?.cumCash ?? 0);
        if (last?.cumQty === 10) expect(order.state).toBe('filled');
        else if (end !== null) expect(order.state).toBe(end);
        else expect(isTerminal(order.state)).toBe(false);
        expect(rows.reduce((n, r) => n + r.qty, 0)).toBe(order.cumQty);
        expect(rows.reduce((n, r) => n + r.cash, 0)).toBe(order.cumCash);
        let cum = 0;
        for (const row of rows) {
          cum += row.qty;
          expect(row.cumQty).toBe(cum);
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it('never reopens once closed, and its quantity never falls, whatever happens to it', () => {
    const any: fc.Arbitrary<OrderEvent> = fc.oneof(
      asked,
      fc.integer({ min: 0, max: 12 }).map((n) => filled(n, n * 10_000_000)),
      fc.constantFrom<OrderEvent>(
        { kind: 'send_begun' },
        { kind: 'unsent' },
        { kind: 'absent' },
        { kind: 'unreachable' },
        { kind: 'mismatch' },
        { kind: 'dropped', reason: '' },
        { kind: 'refused', reason: '' },
        { kind: 'closed', as: 'canceled', brokerId: boid, reason: null },
        { kind: 'closed', as: 'rejected', brokerId: boid, reason: null },
        { kind: 'closed', as: 'replaced', brokerId: boid, reason: null },
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...orderStates), fc.array(any, { maxLength: 30 }), (state, events) => {
        let order = orderOf({ state });
        for (const event of events) {
          const result = step(order, event);
          if (result.kind !== 'moved') continue;
          const next = result.order;
          expect(next.cumQty).toBeGreaterThanOrEqual(order.cumQty);
          expect(next.cumQty).toBeLessThanOrEqual(order.qty);
          const final = isTerminal(order.state) && order.state !== 'dropped' && order.state !== 'refused';
          if (final) expect([order.state, 'filled']).toContain(next.state);
          order = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
