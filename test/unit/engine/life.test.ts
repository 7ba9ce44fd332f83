// Assignment, exercise and expiry: seen as positions that moved, confirmed by activities, booked once whichever comes first.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { buy, micros, write } from '../risk/contexts.ts';
import { call, holding, market, put, shortPuts, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const held = (w: EngineWorld) => w.beliefs.positions().map((p) => [p.owner, p.instrument.symbol, p.qty]);
const lives = (w: EngineWorld) =>
  w.ledger.rows.filter((r) => r.key.startsWith('life:')).map((r) => [r.kind, r.symbol, r.qty, r.cash / 1e6]);
const clean = (w: EngineWorld): void => {
  w.reconcile();
  w.reconcile();
  expect(w.beliefs.ready()).toBe(true);
  expect(w.notes('reconcile.drift')).toEqual([]);
  expect(w.notes('reconcile.cash')).toEqual([]);
  expect(w.beliefs.cash).toBe(w.desk.cash);
};
/** The broker assigns short puts of strike 50: the option goes, shares come, the strike's cash leaves. */
const assign = (w: EngineWorld, n: number): void => {
  w.desk.move(put, n);
  w.desk.move('ABC', 100 * n, -5_000 * n);
};
const told = (w: EngineWorld, type: string, of: string, n: number, id = `20260311000000000::${type}${w.desk.activities.length}`) =>
  w.desk.book({ id, type, symbol: symbol(of), qty: n });

describe('an assigned put', () => {
  it('known by its positions alone: the option leaves, the shares come to its owner at the strike', () => {
    const w = shortPuts(1);
    assign(w, 1);
    w.reconcile();
    expect(held(w)).toEqual([['wheel', 'ABC', 100]]);
    expect(lives(w)).toEqual([
      ['assignment', 'ABC', 100, -5_000],
      ['assignment', put, 1, 0],
    ]);
    expect(w.beliefs.positions()[0]?.cost).toBe(micros(-5_000));
    clean(w);
  });
  it('confirmed by its activities later is not booked again', () => {
    const w = shortPuts(1);
    assign(w, 1);
    w.reconcile();
    told(w, 'OPASN', put, 1);
    told(w, 'OPTRD', 'ABC', 100);
    clean(w);
    expect(held(w)).toEqual([['wheel', 'ABC', 100]]);
    expect(lives(w)).toHaveLength(2);
    expect(w.ledger.rows.filter((r) => r.key.startsWith('conf:'))).toHaveLength(1);
  });
  it('told by its activities in the same read is booked once', () => {
    const w = shortPuts(1);
    assign(w, 1);
    told(w, 'OPASN', put, 1);
    told(w, 'OPTRD', 'ABC', 100);
    clean(w);
    expect(held(w)).toEqual([['wheel', 'ABC', 100]]);
    expect(lives(w)).toHaveLength(2);
  });
  it('one of two: the other stays', () => {
    const w = shortPuts(2);
    assign(w, 1);
    clean(w);
    expect(held(w)).toEqual([
      ['wheel', put, -1],
      ['wheel', 'ABC', 100],
    ]);
    told(w, 'OPASN', put, 1);
    clean(w);
    assign(w, 1);
    told(w, 'OPASN', put, 1);
    clean(w);
    expect(held(w)).toEqual([['wheel', 'ABC', 200]]);
    expect(lives(w)).toHaveLength(4);
  });
  it('one assigned, one expired worthless, after the last session', () => {
    const w = shortPuts(2, { day: '2026-04-17', hour: 14 });
    w.advance(3 * 3_600_000);
    w.desk.move(put, 2);
    w.desk.move('ABC', 100, -5_000);
    clean(w);
    expect(held(w)).toEqual([['wheel', 'ABC', 100]]);
    expect(w.notes('position.assignment')).toMatchObject([{ detail: { contracts: 1 } }]);
    expect(w.notes('position.expiry')).toMatchObject([{ detail: { contracts: 1 } }]);
  });
  it('is not booked again by the run after a crash', () => {
    const w = shortPuts(1);
    assign(w, 1);
    w.reconcile();
    w.crash();
    told(w, 'OPASN', put, 1);
    w.ready();
    clean(w);
    w.crash();
    w.ready();
    clean(w);
    expect(lives(w)).toHaveLength(2);
    expect(w.ledger.rows.filter((r) => r.key.startsWith('conf:'))).toHaveLength(1);
  });
  it('keeps its premium in the cycle, and its shares at the strike', () => {
    const w = shortPuts(1);
    assign(w, 1);
    w.reconcile();
    expect(w.beliefs.cycles()).toMatchObject([
      { owner: 'wheel', underlying: 'ABC', premium: micros(102), stock: micros(-5_000), contractsTraded: 1, sharesSinceDay: '2026-03-10' },
    ]);
  });
});

describe('a call that is assigned', () => {
  it('takes the shares that covered it, and ends the cycle', () => {
    const w = holding(100, { strategies: ['wheel'], optionsLevel: 2 });
    w.open(write(call, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    w.desk.move(call, 1);
    w.desk.move('ABC', -100, 5_500);
    told(w, 'OPASN', call, 1);
    clean(w);
    expect(held(w)).toEqual([]);
    expect(w.beliefs.cycles()).toEqual([]);
    expect(w.notes('cycle.closed')).toMatchObject([{ detail: { premium: micros(102), stock: micros(4_500) } }]);
  });
});

describe('a long option', () => {
  it('exercised brings its shares', () => {
    const w = market({ optionsLevel: 2 });
    w.open(buy(call, 1.05));
    const { id } = working(w);
    w.fill(id, 1, 1.05);
    w.desk.move(call, -1);
    w.desk.move('ABC', 100, -5_500);
    told(w, 'OPEXC', call, -1);
    clean(w);
    expect(held(w)).toEqual([['base', 'ABC', 100]]);
    expect(lives(w)).toEqual([
      ['exercise', 'ABC', 100, -5_500],
      ['exercise', call, -1, 0],
    ]);
  });
});

describe('an expired option', () => {
  const atExpiry = { day: '2026-04-17', hour: 14 } as const;
  it('leaves once its last session is over', () => {
    const w = shortPuts(1, atExpiry);
    w.advance(3 * 3_600_000);
    w.desk.move(put, 1);
    clean(w);
    expect(held(w)).toEqual([]);
    expect(lives(w)).toEqual([['expiry', put, 1, 0]]);
    expect(w.beliefs.cycles()).toEqual([]);
  });
  it('told by an activity alone leaves as well, and once', () => {
    const w = shortPuts(1, atExpiry);
    w.advance(3 * 3_600_000);
    w.desk.move(put, 1);
    told(w, 'OPEXP', put, 1);
    clean(w);
    expect(lives(w)).toEqual([['expiry', put, 1, 0]]);
  });
  it('gone while its session still runs is disputed, not expired', () => {
    const w = shortPuts(1, atExpiry);
    w.desk.move(put, 1);
    w.reconcile();
    expect(held(w)).toEqual([['wheel', put, -1]]);
    expect(w.beliefs.positions()).toHaveLength(1);
    expect(lives(w)).toEqual([]);
  });
  it('on a half day leaves after the early close', () => {
    const eve = 'ABC261127P00050000';
    const w = market({ strategies: ['wheel'], mayBeAssigned: true, optionsLevel: 2, day: '2026-11-27', hour: 11, minute: 30 });
    w.quote(eve, 1, 1.05);
    w.open(write(eve, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    w.advance(92 * 60_000);
    w.desk.move(eve, 1);
    clean(w);
    expect(lives(w)).toEqual([['expiry', eve, 1, 0]]);
  });
});

describe('an option that is nobody’s of ours', () => {
  it('assigned brings shares that are nobody’s either', () => {
    const w = market();
    w.desk.move(put, -1);
    w.reconcile();
    w.reconcile();
    assign(w, 1);
    w.reconcile();
    expect(held(w)).toEqual([['EXTERNAL', 'ABC', 100]]);
  });
});
