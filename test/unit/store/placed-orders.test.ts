// The way of an order read back from a real file: the turns that judged, sent, acknowledged and filled it, on both clocks.
import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId, strategyId } from '../../../src/domain/ids.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { addDays, monoMs } from '../../../src/domain/time.ts';
import type { DecisionRow, SeenQuote } from '../../../src/domain/turn.ts';
import { fillQuality } from '../../../src/execution/fill-quality.ts';
import { type PlacedFilter, readPlacedOrders } from '../../../src/store/placed-orders.ts';
import { openReader } from '../../../src/store/reader.ts';
import { base, everyRule, fill, ledgerFile, order, running, SPY, today, turn, wheel } from './fixture.ts';

const quoted = (bid: number, ask: number): SeenQuote => ({
  kind: 'quoted',
  symbol: SPY,
  bid: price(bid * 1e6),
  ask: price(ask * 1e6),
  ageMs: 12,
});

/** The judgement that an order came of. */
const judged = ({ id, legs, limit, strategy, qty: count }: Order, quotes: readonly SeenQuote[]): DecisionRow => ({
  strategy,
  slot: 'check',
  decision: {
    kind: 'open',
    subject: SPY,
    code: 'ENTRY',
    why: 'below its weight',
    gates: [],
    key: 'core',
    legs,
    qty: count,
    prices: { rungs: [limit ?? price(1)], stepMs: 0 },
    maxLoss: usd(1),
  },
  verdict: 'cleared',
  denial: null,
  checks: everyRule,
  orders: [id],
  quotes,
});

const placedIn = (file: string, filter: PlacedFilter = {}) => {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  try {
    return readPlacedOrders(opened.reader, filter);
  } finally {
    opened.reader.close();
  }
};

/** Two rungs of one walk: the first is taken back, the second is filled in two parts. Turns are 16.5 ms apart. */
function story(): string {
  const file = ledgerFile();
  const store = running(file);
  const brokerId = brokerOrderId('b-1');
  const first = order({ id: clientOrderId('wsb1-1') });
  const second = order({ id: clientOrderId('wsb1-2'), rung: 1, limit: price(500_200_000) });
  store.commit(turn(1, { orders: [first], decisions: [judged(first, [quoted(499.9, 500)])] }));
  store.commit(turn(2, { orders: [{ ...first, state: 'submitting', attempts: 1 }] }));
  store.commit(turn(3, { orders: [{ ...first, state: 'working', attempts: 1, brokerId: brokerOrderId('b-0') }] }));
  store.commit(turn(4, { orders: [{ ...first, state: 'canceled', attempts: 1, brokerId: brokerOrderId('b-0') }] }));
  store.commit(turn(5, { orders: [second], decisions: [judged(second, [quoted(500, 500.1)])] }));
  store.commit(turn(7, { orders: [{ ...second, state: 'submitting', attempts: 1 }] }));
  const working = { ...second, state: 'working', attempts: 1, brokerId } as const;
  store.commit(turn(9, { orders: [working] }));
  const part = { order: second.id, qty: 4, cumQty: 4, price: price(500_100_000), cash: usd(-2_000_400_000) };
  store.commit(turn(12, { orders: [{ ...working, cumQty: 4, cumCash: part.cash }], fills: [fill(part)] }));
  const rest = { ...part, qty: 6, cumQty: 10, price: price(500_050_000), cash: usd(-3_000_300_000) };
  store.commit(turn(15, { orders: [{ ...working, state: 'filled', cumQty: qty(10), cumCash: usd(-5_000_700_000) }], fills: [fill(rest)] }));
  return file;
}

describe('orders on their way', () => {
  it('have the turns of their judgement, leaving, acknowledgement and executions', () => {
    const [first, second] = placedIn(story());
    expect(first).toMatchObject({
      id: 'wsb1-1',
      state: 'canceled',
      decided: { seq: 1 },
      submitted: { seq: 2 },
      acknowledged: { seq: 3 },
      executions: [],
    });
    expect(second).toMatchObject({
      id: 'wsb1-2',
      strategy: 'base',
      decided: { seq: 5, mono: 82.5, run: 1 },
      submitted: { seq: 7 },
      acknowledged: { seq: 9 },
      quotes: [{ bid: 500_000_000, ask: 500_100_000 }],
      firstQuotes: [{ bid: 499_900_000, ask: 500_000_000 }],
      executions: [
        { legNo: 0, qty: 4, heard: { seq: 12 } },
        { legNo: 0, qty: 6, heard: { seq: 15 } },
      ],
    });
  });

  it('make executions that are judged by their own rung: what was paid beyond the mid is a cost', () => {
    const [, second] = placedIn(story());
    const quality = second === undefined ? [] : fillQuality(second);
    // The mid was 500.05, ten cents wide: four at 500.10 cost half the spread, six at 500.05 nothing.
    expect(quality).toMatchObject([
      {
        units: 4,
        decisionMid: 499_950_000,
        arrivalMid: 500_050_000,
        slippage: -200_000,
        spreadPaid: 1,
        decideToSubmitMs: 33,
        submitToAckMs: 33,
        ackToFillMs: 49.5,
      },
      { units: 6, slippage: 0, spreadPaid: 0, improvement: 300_000, ackToFillMs: 99 },
    ]);
  });

  it('are read by strategy and by the day they were decided or executed on', () => {
    const file = story();
    expect(placedIn(file, { strategy: strategyId('wheel') })).toEqual([]);
    expect(placedIn(file, { strategy: base, since: today })).toHaveLength(2);
    expect(placedIn(file, { since: addDays(today, 1) })).toEqual([]);
  });

  it('that were laid days ago come with what is executed today', () => {
    const file = ledgerFile();
    const store = running(file);
    const laid = order({
      id: clientOrderId('wsb1-s'),
      purpose: 'P',
      type: 'stop',
      limit: null,
      stop: price(450_000_000),
      tif: 'gtc',
      strategy: wheel,
      day: addDays(today, -4),
    });
    store.commit(turn(1, { orders: [laid] }));
    store.commit(
      turn(2, {
        orders: [{ ...laid, state: 'filled', attempts: 1, brokerId: brokerOrderId('b-9'), cumQty: 4 }],
        fills: [fill({ order: laid.id, owner: wheel })],
      }),
    );
    expect(placedIn(file, { since: today })).toMatchObject([{ id: 'wsb1-s', decided: null, quotes: null, executions: [{ qty: 4 }] }]);
  });

  it("have no duration over a restart of the machine's clock", () => {
    const file = ledgerFile();
    const one = running(file);
    const sent = order({ state: 'submitting', attempts: 1 });
    one.commit(turn(1, { orders: [sent] }));
    one.close();
    const two = running(file);
    two.commit(
      turn(2, { at: { ...turn(2).at, mono: monoMs(3) }, orders: [{ ...sent, state: 'working', brokerId: brokerOrderId('b-1') }] }),
    );
    const [found] = placedIn(file);
    expect([found?.submitted?.run, found?.acknowledged?.run]).toEqual([1, 2]);
  });
});
