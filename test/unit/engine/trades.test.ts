// A trade is one decision to open and all that came of it: its executions, its exits with their reasons, assignments, and what it brought.
import { describe, expect, it } from 'vitest';
import { brokerOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { qty, usd } from '../../../src/domain/money.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import { qtyLeft, type Trade } from '../../../src/domain/trade.ts';
import { advanceOrder } from '../../../src/engine/booking.ts';
import { newDraft } from '../../../src/engine/draft.ts';
import { stateFrom } from '../../../src/engine/load.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, cover, limits, micros, putSpread, sell, write } from '../risk/contexts.ts';
import { emptyLedger } from './ledger.ts';
import { call, holding, market, put, shortPuts, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const trades = (w: EngineWorld): readonly Trade[] => [...w.ledger.trades.values()];
const only = (w: EngineWorld): Trade => {
  expect(trades(w)).toHaveLength(1);
  return trades(w)[0] as Trade;
};
const held = (trade: Trade) => trade.held.map((h) => [h.instrument.symbol, h.qty, h.cash / 1e6]);
/** Closes with one order that fills whole, in a market that has come to its price. */
function exit(w: EngineWorld, intent: Parameters<EngineWorld['close']>[0], code: 'STOP' | 'TARGET' | 'SCALE_OUT', at: number): void {
  w.quote(intent.legs[0].instrument.symbol, at - 0.01, at + 0.01);
  w.close({ ...intent, code, key: code });
  const { id } = working(w);
  w.fill(id, intent.qty, at);
}
/** The context the strategy is given when it is asked now. */
function seen(w: EngineWorld) {
  w.tick('manage', []);
  if (w.script.seen === null) throw new Error('the strategy was not asked');
  return w.script.seen;
}

describe('a trade', () => {
  it('begins with its first execution and keeps what was decided', () => {
    const w = market();
    w.open({ ...buy('ABC', 10, 5), maxLoss: usd(12_340_000), thesis: { low: 9.5, setup: 'REVERSAL' }, why: 'a bounce' });
    const order = working(w);
    expect(trades(w)).toEqual([]);
    w.advance(2_000);
    const at = w.now().exchange;
    w.fill(order.id, 2, 9.99);
    expect(only(w)).toEqual({
      id: order.ladder,
      owner: 'base',
      underlying: 'ABC',
      legs: order.legs,
      code: 'ENTRY',
      why: 'a bounce',
      maxLoss: 12_340_000,
      thesis: { low: 9.5, setup: 'REVERSAL' },
      openedAt: at,
      openedDay: '2026-03-10',
      units: 2,
      entryCash: micros(-19.98),
      held: [{ instrument: instrumentOf(symbol('ABC')), qty: 2, cash: micros(-19.98) }],
      realized: 0,
      closedAt: null,
      closedDay: null,
      exit: null,
    });
  });

  it('gathers the executions of all rungs of its walk', () => {
    const w = market();
    const intent = buy('ABC', 10, 5);
    w.open({ ...intent, prices: { rungs: [micros(9.98), micros(9.99)] as never, stepMs: 10_000 } });
    const first = working(w);
    w.fill(first.id, 2, 9.98);
    w.advance(10_000);
    w.push({ kind: 'report', report: w.desk.end(first.id, 'canceled') });
    const second = working(w);
    w.fill(second.id, 3, 9.99);
    expect(only(w)).toMatchObject({ units: 5, entryCash: micros(-2 * 9.98 - 3 * 9.99), thesis: null });
    expect([...w.ledger.lots.values()].map((lot) => [lot.id, lot.qty, lot.trade])).toEqual([
      [`${first.id}/0/2`, 2, first.ladder],
      [`${second.id}/0/3`, 3, first.ladder],
    ]);
  });

  it('ends when nothing is left, with the reason of the last exit', () => {
    const w = holding(10);
    exit(w, sell('ABC', 12, 4), 'SCALE_OUT', 12);
    expect(only(w)).toMatchObject({ realized: micros(8), closedAt: null, exit: null });
    expect(qtyLeft(only(w), symbol('ABC'))).toBe(6);
    w.advance(61_000);
    const at = w.now().exchange;
    exit(w, sell('ABC', 9, 6), 'STOP', 9);
    expect(only(w)).toMatchObject({ realized: micros(8 - 6), held: [], closedAt: at, closedDay: '2026-03-10', exit: 'STOP' });
    expect(w.ledger.closures.map((c) => [c.qty, c.realized / 1e6, c.code])).toEqual([
      [4, 8, 'SCALE_OUT'],
      [6, -6, 'STOP'],
    ]);
    expect(w.notes('trade.closed')).toMatchObject([{ detail: { strategy: 'base', underlying: 'ABC', realized: micros(2), code: 'STOP' } }]);
  });

  it('is one for each decision: an exit takes from the oldest first', () => {
    const w = holding(10);
    w.open({ ...buy('ABC', 10, 10), key: 'again' });
    const { id } = working(w);
    w.fill(id, 10, 11);
    exit(w, sell('ABC', 12, 15), 'TARGET', 12);
    expect(trades(w).map((t) => [t.exit, t.realized / 1e6, qtyLeft(t, symbol('ABC'))])).toEqual([
      ['TARGET', 20, 0],
      [null, 5, 5],
    ]);
  });

  it('opens again when a fill of its walk is told after all was sold', () => {
    const w = market();
    w.open({ ...buy('ABC', 10, 10), prices: { rungs: [micros(10)] as never, stepMs: 3_600_000 } });
    const { id } = working(w);
    w.fill(id, 4, 10);
    w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
    exit(w, sell('ABC', 11, 4), 'TARGET', 11);
    expect(only(w)).toMatchObject({ units: 4, exit: 'TARGET', realized: micros(4) });
    w.fill(id, 10, 10);
    expect(only(w)).toMatchObject({ units: 10, exit: null, closedAt: null, closedDay: null, realized: micros(4) });
    expect(qtyLeft(only(w), symbol('ABC'))).toBe(6);
  });

  it('sold short and bought back in parts says what each part brought', () => {
    const w = shortPuts(3);
    exit(w, cover(put, 0.5, 1), 'TARGET', 0.5);
    w.advance(61_000);
    exit(w, cover(put, 2, 2), 'STOP', 2);
    expect(only(w)).toMatchObject({ entryCash: micros(306), realized: micros(52 - 196), exit: 'STOP', units: 3 });
  });

  it('closed at a stop of the house is closed by that reason', () => {
    const w = holding(10);
    w.operate({ action: 'shutdown', policy: 'flatten', reason: 'test', marketOpen: true, budgetMs: 60_000 });
    w.advance(30_000);
    const { id } = working(w);
    w.fill(id, 10, 9.99);
    expect(only(w)).toMatchObject({ exit: 'SHUTDOWN', realized: micros(-0.1) });
  });
});

describe('a package', () => {
  const lower = 'ABC260417P00045000';
  const spread = (n: number): EngineWorld => {
    const w = market({ optionsLevel: 3 });
    w.quote(lower, 0.4, 0.45);
    w.open({ ...putSpread(put, lower, -0.55, n), prices: { rungs: [micros(-0.55)] as never, stepMs: 3_600_000 } });
    return w;
  };

  it('that fills in parts holds both legs in step', () => {
    const w = spread(4);
    const { id } = working(w);
    w.fill(id, 1, 1, 0.45);
    expect(only(w)).toMatchObject({ units: 1, entryCash: micros(55) });
    expect(held(only(w))).toEqual([
      [put, -1, 100],
      [lower, 1, -45],
    ]);
    w.fill(id, 4, 1, 0.45);
    expect(only(w)).toMatchObject({ units: 4, entryCash: micros(220), underlying: 'ABC' });
    expect(qtyLeft(only(w), symbol(put))).toBe(-4);
  });

  it('is open until its last leg is gone', () => {
    const w = spread(1);
    const { id } = working(w);
    w.fill(id, 1, 1, 0.45);
    w.advance(61_000);
    exit(w, cover(put, 1.05, 1), 'STOP', 1.04);
    expect(only(w)).toMatchObject({ exit: null, realized: micros(-4) });
    expect(held(only(w))).toEqual([[lower, 1, -45]]);
    exit(w, sell(lower, 0.4, 1), 'TARGET', 0.4);
    expect(only(w)).toMatchObject({ exit: 'TARGET', realized: micros(-9) });
  });

  it('in a ratio counts packages, and units of each leg by its ratio', () => {
    const state = stateFrom(emptyLedger().loaded(), limits);
    const order = orderOf({
      legs: legs(leg(instrumentOf(symbol(put)), 'buy', 'open'), leg(instrumentOf(symbol(lower)), 'sell', 'open', 2)),
      qty: qty(3),
      purpose: 'O',
      state: 'working',
      brokerId: brokerOrderId('b'),
    });
    state.orders.set(order.id, order);
    state.decided.set(order.id, { code: 'ENTRY', why: 'a test', maxLoss: usd(1), thesis: [1] });
    const draft = newDraft(1, { exchange: epochMs(1_000), mono: monoMs(1), speed: 1 }, tradingDay('2026-03-10'), { kind: 'wake' });
    const filled = (n: number) => ({
      kind: 'filled' as const,
      brokerId: brokerOrderId('b'),
      cumQty: n,
      cumCash: usd(-7 * n),
      fills: [
        { legNo: 0, symbol: symbol(put), cumQty: n, cumCash: usd(-101 * n) },
        { legNo: 1, symbol: symbol(lower), cumQty: 2 * n, cumCash: usd(94 * n) },
      ],
    });
    const partly = advanceOrder(state, draft, order, filled(1));
    expect(state.trades.get(order.ladder)).toMatchObject({ units: 1, entryCash: -7 });
    advanceOrder(state, draft, partly ?? order, filled(3));
    const trade = state.trades.get(order.ladder) as Trade;
    expect(trade).toMatchObject({ units: 3, entryCash: -21, thesis: [1] });
    expect(trade.held.map((h) => [h.instrument.symbol, h.qty, h.cash])).toEqual([
      [put, 3, -303],
      [lower, -6, 282],
    ]);
    expect([...draft.lots.values()].map((lot) => lot.qty)).toEqual([1, -2, 2, -4]);
  });
});

/** The broker assigns short puts of strike 50. */
const assign = (w: EngineWorld, n: number): void => {
  w.desk.move(put, n);
  w.desk.move('ABC', 100 * n, -5_000 * n);
  w.reconcile();
};

describe('an assignment', () => {
  it('goes on in the trade of the option: it leaves, its shares come, the premium is won', () => {
    const w = shortPuts(1);
    assign(w, 1);
    expect(only(w)).toMatchObject({ realized: micros(102), entryCash: micros(102), units: 1, closedAt: null, exit: null });
    expect(held(only(w))).toEqual([['ABC', 100, -5_000]]);
    expect(w.ledger.closures).toMatchObject([{ qty: -1, cash: 0, realized: micros(102), code: 'ASSIGNED', kind: 'assignment' }]);
    expect([...w.ledger.lots.values()].at(-1)).toMatchObject({ origin: 'assignment', trade: only(w).id, qty: 100, cash: micros(-5_000) });
  });

  it('of one contract of two leaves the other where it was', () => {
    const w = shortPuts(2);
    assign(w, 1);
    expect(held(only(w))).toEqual([
      [put, -1, 102],
      ['ABC', 100, -5_000],
    ]);
  });

  it('takes the oldest contract, and brings its shares to that one’s trade', () => {
    const w = shortPuts(1);
    w.open({ ...write(put, 1.02, 1), key: 'again' });
    const { id } = working(w);
    w.fill(id, 1, 1.03);
    assign(w, 1);
    expect(trades(w).map(held)).toEqual([[['ABC', 100, -5_000]], [[put, -1, 103]]]);
    assign(w, 1);
    expect(trades(w).map(held)).toEqual([[['ABC', 100, -5_000]], [['ABC', 100, -5_000]]]);
  });

  it('of a covered call ends both trades: the shares are called away', () => {
    const w = shortPuts(1);
    assign(w, 1);
    w.reconcile();
    w.take('reconcile');
    w.open(write(call, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    w.desk.move(call, 1);
    w.desk.move('ABC', -100, 5_500);
    w.reconcile();
    expect(trades(w).map((t) => [t.exit, t.realized / 1e6])).toEqual([
      ['CALLED_AWAY', 102 + 500],
      ['ASSIGNED', 102],
    ]);
    expect(w.beliefs.lots()).toEqual([]);
  });

  it('known from its activity alone does the same', () => {
    const w = shortPuts(1);
    w.desk.move(put, 1);
    w.desk.move('ABC', 100, -5_000);
    w.desk.book({ id: '20260311000000000::OPASN', type: 'OPASN', symbol: symbol(put), qty: 1 });
    w.reconcile();
    w.crash();
    w.ready();
    expect(held(only(w))).toEqual([['ABC', 100, -5_000]]);
  });
});

describe('an option that ends', () => {
  it('worthless ends its trade as expired, at its whole premium', () => {
    const w = shortPuts(1, { day: '2026-04-17', hour: 14 });
    w.advance(3 * 3_600_000);
    w.desk.move(put, 1);
    w.reconcile();
    expect(only(w)).toMatchObject({ exit: 'EXPIRED', realized: micros(102), held: [] });
  });

  it('exercised brings its shares into its trade, and what it cost is lost', () => {
    const w = market({ optionsLevel: 2 });
    w.open(buy(call, 1.05));
    const { id } = working(w);
    w.fill(id, 1, 1.05);
    w.desk.move(call, -1);
    w.desk.move('ABC', 100, -5_500);
    w.reconcile();
    expect(only(w)).toMatchObject({ realized: micros(-105), exit: null });
    expect(held(only(w))).toEqual([['ABC', 100, -5_500]]);
    w.advance(61_000);
    exit(w, sell('ABC', 60, 100), 'TARGET', 60);
    expect(only(w)).toMatchObject({ realized: micros(-105 + 500), exit: 'TARGET' });
  });

  it('that the broker took without a word ends its trade as adjusted', () => {
    const w = shortPuts(1);
    w.desk.move(put, 1);
    w.reconcile();
    w.reconcile();
    expect(only(w)).toMatchObject({ exit: 'ADJUSTED', realized: micros(102) });
  });
});

describe('what is nobody’s', () => {
  it('has lots, and no trade', () => {
    const w = market();
    w.desk.move('XYZ', 7);
    w.reconcile();
    w.reconcile();
    expect(w.beliefs.lots()).toMatchObject([{ owner: 'EXTERNAL', trade: null, origin: 'adjust', qty: 7 }]);
    expect(trades(w)).toEqual([]);
  });
});

describe('a restart', () => {
  it('finds trades and lots as they were, and books a late fill with what was decided', () => {
    const w = market();
    w.open({ ...buy('ABC', 10, 5), maxLoss: usd(77), thesis: { level: 9.5 } });
    const order = working(w);
    w.crash();
    w.ready();
    w.fill(order.id, 3, 10);
    expect(only(w)).toMatchObject({ id: order.ladder, maxLoss: 77, thesis: { level: 9.5 }, code: 'ENTRY', units: 3 });
    w.crash();
    w.ready();
    expect(w.beliefs.trades()).toEqual(trades(w));
    expect(w.beliefs.lots()).toHaveLength(1);
  });

  it('in the middle of an exit does not lose its reason', () => {
    const w = holding(10);
    w.close({ ...sell('ABC', 9.9, 10), code: 'INVALIDATION' });
    const { id } = working(w);
    w.crash();
    w.ready();
    w.fill(id, 10, 9.9);
    expect(only(w)).toMatchObject({ exit: 'INVALIDATION', realized: micros(-1) });
  });
});

describe('a strategy', () => {
  it('sees its own trades, open ones by when they were opened, closed ones for 45 days', () => {
    const w = holding(10, { strategies: ['base', 'wheel'], optionsLevel: 2 });
    w.open(write(put, 1.02), 'wheel');
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    expect(seen(w).trades.map((t) => t.owner)).toEqual(['base']);
    expect(seen(w).closedTrades).toEqual([]);
    exit(w, sell('ABC', 11, 10), 'TARGET', 11);
    expect(seen(w).trades).toEqual([]);
    expect(seen(w).closedTrades).toMatchObject([{ owner: 'base', exit: 'TARGET', realized: micros(10) }]);
    w.tick('manage', [], 'wheel');
    expect(w.scripts.get('wheel')?.seen?.trades).toMatchObject([{ owner: 'wheel', exit: null }]);
    w.advance(45 * 86_400_000);
    expect(seen(w).closedTrades).toHaveLength(1);
    w.advance(86_400_000);
    expect(seen(w).closedTrades).toEqual([]);
  });

  it('is not shown closed trades that memory has forgotten, and open ones for ever', () => {
    const w = holding(10);
    w.open({ ...buy('ABC', 10, 1), key: 'keep' });
    const kept = working(w);
    w.fill(kept.id, 1, 10);
    exit(w, sell('ABC', 11, 10), 'TARGET', 11);
    w.advance(60 * 86_400_000);
    w.crash();
    w.ready();
    expect(seen(w).trades).toMatchObject([{ id: kept.ladder }]);
    expect(strategyId('base')).toBe(seen(w).trades[0]?.owner);
  });
});
