// Splits and changes of symbol, told by the broker's record or shown by its positions, in either order: nothing is won, lost or adjusted.
import { describe, expect, it } from 'vitest';
import type { Activity, BrokerSnapshot } from '../../../src/domain/account.ts';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { buy, micros } from '../risk/contexts.ts';
import { holding, put, shortPuts } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const held = (w: EngineWorld) =>
  w.beliefs
    .positions()
    .map((p) => [p.owner, p.instrument.symbol, p.qty, p.cost])
    .sort(([a], [b]) => (String(a) < String(b) ? 1 : -1));
const lots = (w: EngineWorld) => w.beliefs.lots().map((l) => [l.instrument.symbol, l.qtyLeft, l.cashLeft, l.openedDay, l.trade !== null]);
const drift = (w: EngineWorld) => [...w.notes('reconcile.drift'), ...w.notes('reconcile.cash')];

/** What the broker shows: units and cost in dollars by symbol. */
function show(w: EngineWorld, positions: Readonly<Record<string, readonly [number, number]>>): BrokerSnapshot {
  const rows = Object.entries(positions).map(([of, [n, cost]]) => ({
    symbol: symbol(of),
    net: netQty(n),
    cost: usd(micros(cost)),
    mark: null,
  }));
  return { ...w.desk.snapshot(w.now()), positions: rows };
}
const read = (w: EngineWorld, positions: Readonly<Record<string, readonly [number, number]>>): void => {
  w.take('reconcile');
  w.push({ kind: 'snapshot', snapshot: show(w, positions) });
  w.advance(1_500);
};
let serial = 0;
const split = (w: EngineWorld, of: string, qty: number, over: Partial<Activity> = {}): Activity =>
  w.desk.book({ id: `20260310000000000::${String(++serial)}`, type: 'SPLIT', symbol: symbol(of), qty, ...over });

describe('a split of shares', () => {
  it('told with the positions that show it: count changes, cost, day and trade do not', () => {
    const w = holding(100);
    const before = w.beliefs.trades()[0];
    split(w, 'ABC', 100);
    read(w, { ABC: [200, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 200, micros(-1_000)]]);
    expect(lots(w)).toEqual([['ABC', 200, micros(-1_000), '2026-03-10', true]]);
    expect(w.beliefs.trades()[0]).toMatchObject({ id: before?.id, realized: 0, closedAt: null, entryCash: micros(-1_000) });
    expect(w.beliefs.trades()[0]?.held).toMatchObject([{ qty: 200, cash: micros(-1_000) }]);
    expect(w.beliefs.ready()).toBe(true);
    expect(drift(w)).toEqual([]);
    expect(w.notes('position.converted')).toMatchObject([
      { detail: { symbol: 'ABC', into: 'ABC', before: 100, after: 200, source: 'activity' } },
    ]);
  });
  it('told as a row that takes the old units and one that brings the new', () => {
    const w = holding(100);
    split(w, 'ABC', -100);
    split(w, 'ABC', 300);
    read(w, { ABC: [300, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 300, micros(-1_000)]]);
    expect(drift(w)).toEqual([]);
  });
  it('told first: the positions are waited for, and nothing is taken back, not even after a restart', () => {
    const w = holding(100);
    split(w, 'ABC', 100);
    for (let i = 0; i < 4; i++) read(w, { ABC: [100, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 200, micros(-1_000)]]);
    w.crash();
    w.boot();
    w.link(true);
    for (let i = 0; i < 3; i++) read(w, { ABC: [100, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 200, micros(-1_000)]]);
    expect(w.beliefs.ready()).toBe(false);
    read(w, { ABC: [200, 1_000] });
    expect(w.beliefs.ready()).toBe(true);
    expect(drift(w)).toEqual([]);
  });
  it('shown first: booked at the second sight, and its activity only confirms it', () => {
    const w = holding(100);
    read(w, { ABC: [200, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 100, micros(-1_000)]]);
    read(w, { ABC: [200, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 200, micros(-1_000)]]);
    split(w, 'ABC', 100);
    read(w, { ABC: [200, 1_000] });
    w.crash();
    w.boot();
    w.link(true);
    read(w, { ABC: [200, 1_000] });
    expect(held(w)).toEqual([['base', 'ABC', 200, micros(-1_000)]]);
    expect(w.ledger.rows.filter((r) => r.kind === 'adjust')).toEqual([]);
    expect(drift(w)).toEqual([]);
  });
  it.each([
    ['activity', true],
    ['positions', false],
  ])('in reverse with a fraction paid in cash, %s first', (_name, told) => {
    const w = holding(15);
    const tell = (): void => {
      split(w, 'ABC', -14);
      split(w, 'ABC', 0, { netAmount: usd(micros(51)) });
      w.desk.cash += micros(51);
    };
    if (told) tell();
    read(w, { ABC: [1, 100] });
    read(w, { ABC: [1, 100] });
    if (!told) tell();
    read(w, { ABC: [1, 100] });
    expect(held(w)).toEqual([['base', 'ABC', 1, micros(-150)]]);
    expect(w.beliefs.cash).toBe(micros(100_000 - 150 + 51));
    expect(w.ledger.rows.filter((r) => r.kind === 'split' && r.cash !== 0)).toMatchObject([{ owner: 'base', cash: micros(51), qty: 0 }]);
    expect(w.ledger.closures.map((c) => c.realized)).toEqual([0]);
    expect(drift(w)).toEqual([]);
  });
  it('is shared among owners in proportion', () => {
    const w = holding(100);
    w.desk.move('ABC', 50, -500);
    w.reconcile();
    w.reconcile();
    split(w, 'ABC', 300);
    read(w, { ABC: [450, 1_500] });
    expect(held(w).map(([owner, , qty]) => [owner, qty])).toEqual([
      ['base', 300],
      ['EXTERNAL', 150],
    ]);
  });
  it('is not seen in a purchase or a sale by somebody else', () => {
    const w = holding(100);
    read(w, { ABC: [200, 2_000] });
    read(w, { ABC: [200, 2_000] });
    expect(held(w).map(([owner, , qty]) => [owner, qty])).toEqual([
      ['base', 100],
      ['EXTERNAL', 100],
    ]);
    const sold = holding(3);
    read(sold, { ABC: [2, 20] });
    read(sold, { ABC: [2, 20] });
    expect(held(sold)).toEqual([['base', 'ABC', 2, micros(-20)]]);
    expect(sold.notes('position.converted')).toEqual([]);
  });
  it('keeps each lot apart, first in, first out', () => {
    const w = holding(10);
    w.quote('ABC', 10.99, 11.01);
    w.open(buy('ABC', 11, 20));
    const { id } = w.posted();
    w.accept(id);
    w.fill(id, 20, 11);
    split(w, 'ABC', 15);
    read(w, { ABC: [45, 320] });
    expect(lots(w).map(([, qty, cash]) => [qty, cash])).toEqual([
      [15, micros(-100)],
      [30, micros(-220)],
    ]);
  });
});

describe('a split of what an option is written on', () => {
  const half = 'ABC260417P00025000' as Symbol;
  it('halves the strike and doubles the count, told by activities', () => {
    const w = shortPuts(2);
    const trade = w.beliefs.trades()[0];
    split(w, put, 2, { type: 'OPCA' });
    split(w, half, -4, { type: 'OPCA' });
    read(w, { [half]: [-4, -204] });
    expect(held(w)).toEqual([['wheel', half, -4, micros(204)]]);
    expect(w.beliefs.trades()[0]).toMatchObject({ id: trade?.id, realized: 0, closedAt: null });
    expect(w.beliefs.trades()[0]?.held).toMatchObject([{ instrument: { symbol: half, strike: micros(25) }, qty: -4, cash: micros(204) }]);
    expect(w.beliefs.ready()).toBe(true);
    expect(drift(w)).toEqual([]);
  });
  it('is seen in the positions, too', () => {
    const w = shortPuts(2);
    read(w, { [half]: [-4, -204] });
    read(w, { [half]: [-4, -204] });
    expect(held(w)).toEqual([['wheel', half, -4, micros(204)]]);
    split(w, put, 2);
    split(w, half, -4);
    read(w, { [half]: [-4, -204] });
    expect(held(w)).toEqual([['wheel', half, -4, micros(204)]]);
    expect(drift(w)).toEqual([]);
  });
  it('changes the root of a contract that becomes another deliverable', () => {
    const w = shortPuts(1);
    const adjusted = put.replace('ABC', 'ABC1');
    read(w, { [adjusted]: [-1, -102] });
    read(w, { [adjusted]: [-1, -102] });
    expect(held(w)).toEqual([['wheel', adjusted, -1, micros(102)]]);
    expect(drift(w)).toEqual([]);
  });
});

describe('a change of symbol', () => {
  it('keeps position, lots, trade and cycle together', () => {
    const w = holding(100);
    split(w, 'ABC', -100, { type: 'NC' });
    split(w, 'NEW', 100, { type: 'NC' });
    read(w, { NEW: [100, 1_000] });
    expect(held(w)).toEqual([['base', 'NEW', 100, micros(-1_000)]]);
    expect(lots(w)).toEqual([['NEW', 100, micros(-1_000), '2026-03-10', true]]);
    expect(w.beliefs.cycles()).toMatchObject([{ underlying: 'NEW', stock: micros(-1_000) }]);
    expect(w.beliefs.trades()[0]).toMatchObject({ realized: 0, closedAt: null });
    expect(drift(w)).toEqual([]);
  });
  it('is told by the id of the asset alone, at first sight, and the activity confirms it', () => {
    const w = holding(100);
    const named = (of: string): BrokerSnapshot => {
      const snapshot = show(w, { [of]: [100, 1_000] });
      return { ...snapshot, positions: snapshot.positions.map((p) => ({ ...p, asset: 'a-1' })) };
    };
    w.push({ kind: 'snapshot', snapshot: named('ABC') });
    w.crash();
    w.boot();
    w.link(true);
    w.push({ kind: 'snapshot', snapshot: named('NEW') });
    expect(held(w)).toEqual([['base', 'NEW', 100, micros(-1_000)]]);
    split(w, 'ABC', -100, { type: 'NC' });
    split(w, 'NEW', 100, { type: 'NC' });
    w.push({ kind: 'snapshot', snapshot: named('NEW') });
    expect(held(w)).toEqual([['base', 'NEW', 100, micros(-1_000)]]);
    expect(w.turns.flatMap((t) => t.names)).toMatchObject([
      { asset: 'a-1', symbol: 'ABC' },
      { asset: 'a-1', symbol: 'NEW' },
    ]);
    expect(drift(w)).toEqual([]);
  });
});

describe('cash of a name', () => {
  it('is shared by who held the shares as the ex-day began, whoever holds them when it is paid', () => {
    const w = holding(100);
    w.desk.move('ABC', 50, -500);
    w.reconcile();
    w.reconcile();
    w.desk.cash += micros(1.5);
    // Bought on the ex-day: what was held before it is nobody's, so that the present holders share it.
    w.desk.book({ id: '20260310000000000::d1', type: 'DIV', symbol: symbol('ABC'), qty: 150, netAmount: usd(micros(1.5)) });
    w.reconcile();
    expect(w.ledger.rows.filter((r) => r.kind === 'dividend').map((r) => [r.owner, r.cash, r.key])).toEqual([
      ['EXTERNAL', micros(0.5), 'act:20260310000000000::d1'],
      ['base', micros(1), 'act:20260310000000000::d1:base'],
    ]);
  });
  it('a fee on a name is of who traded it that day', () => {
    const w = holding(100);
    w.desk.move('ABC', 900, -9_000);
    w.reconcile();
    w.reconcile();
    w.desk.cash -= micros(0.04);
    w.desk.book({ id: '20260310000000000::f1', type: 'FEE', symbol: symbol('ABC'), netAmount: usd(micros(-0.04)) });
    w.reconcile();
    expect(w.ledger.rows.filter((r) => r.kind === 'fee').map((r) => [r.owner, r.cash])).toEqual([['base', micros(-0.04)]]);
  });
});

describe('settled cash', () => {
  it('lacks what was sold today, and not what was paid: the smaller of ours and the broker’s', () => {
    const w = shortPuts(1);
    w.tick('manage', []);
    expect(w.script.seen?.account).toMatchObject({ cash: micros(100_102), settledCash: micros(100_000) });
  });
});
