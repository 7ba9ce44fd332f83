// A start from what the disk holds, with the broker where it was left.
import { describe, expect, it } from 'vitest';
import { buy, cover } from '../risk/contexts.ts';
import { holding, market, put, shortPuts, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const reborn = (w: EngineWorld, unclean = 0): void => {
  w.crash();
  w.ready(unclean);
};

describe('a start finds an order', () => {
  it('recorded: it never left, so it is dropped', () => {
    const w = market();
    w.lag = 'never';
    w.open(buy('ABC', 10, 5));
    reborn(w);
    expect([...w.beliefs.orders.values()]).toMatchObject([{ state: 'dropped', reason: 'unsent at an earlier stop', attempts: 0 }]);
    expect(w.take('post')).toEqual([]);
  });
  it('submitting: its fate is not known, so it is looked up at once, and never sent again', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.desk.accept(w.order(id));
    w.crash();
    w.boot();
    expect(w.order(id).state).toBe('unknown');
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.report(id) } });
    expect(w.order(id).state).toBe('working');
    expect(w.take('post')).toEqual([]);
  });
  it('submitting that filled meanwhile: its fill is booked', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.desk.accept(w.order(id));
    w.desk.fill(id, 5, 10);
    reborn(w);
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 5 });
    expect(w.beliefs.positions()).toMatchObject([{ owner: 'base', qty: 5 }]);
    expect(w.notes('reconcile.drift')).toEqual([]);
  });
  it.each(['opening', 'closing'])('working, %s: it is taken back after the first clean read, and the strategy decides afresh', (which) => {
    const w = which === 'opening' ? market() : shortPuts(1);
    if (which === 'opening') w.open(buy('ABC', 10, 5));
    else w.close(cover(put, 1.05));
    const { id } = working(w);
    w.crash();
    w.boot();
    w.link(true);
    expect(w.take('cancel')).toEqual([]);
    w.reconcile();
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
  });
  it('working that filled in part meanwhile: the part is ours, the rest is taken back', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    w.desk.fill(id, 2, 10);
    reborn(w);
    expect(w.beliefs.positions()).toMatchObject([{ owner: 'base', qty: 2 }]);
    expect(w.order(id)).toMatchObject({ state: 'canceling', cumQty: 2 });
  });
  it('canceling: the cancel is looked up and repeated', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    w.advance(10_000);
    w.take('cancel');
    w.crash();
    w.boot();
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
    w.advance(3_000);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
  });
  it('in quarantine: it stays there, and is looked up', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    while (w.order(id).state === 'unknown') {
      w.advance(1_000);
      for (const find of w.take('find')) w.push({ kind: 'found', id: find.id, answer: { kind: 'unknown', because: 'timeout' } });
    }
    w.crash();
    w.boot();
    expect(w.order(id).state).toBe('quarantined');
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
  });
});

describe('a start', () => {
  it('has the positions, cycles and cash of the disk', () => {
    const w = shortPuts(2);
    const before = { positions: w.beliefs.positions(), cycles: w.beliefs.cycles(), cash: w.beliefs.cash };
    w.crash();
    expect({ positions: w.beliefs.positions(), cycles: w.beliefs.cycles(), cash: w.beliefs.cash }).toEqual(before);
    w.ready();
    expect({ positions: w.beliefs.positions(), cycles: w.beliefs.cycles(), cash: w.beliefs.cash }).toEqual(before);
  });
  it('yields the same id for the same decision, and does not send it twice', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const first = working(w);
    const slot = { kind: 'tick' as const, strategy: first.strategy, phase: 'entry' as const, slot: 'entry', slotAt: first.recordedAt };
    w.fill(first.id, 5, 10);
    w.advance(61_000);
    reborn(w);
    w.script.evaluate = [buy('ABC', 10, 5)];
    w.push(slot);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'the same decision was acted on before' });
    expect(w.beliefs.positions()).toMatchObject([{ qty: 5 }]);
  });
  it('keeps a halt, until a person lifts it', () => {
    const w = market();
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'loss' });
    reborn(w);
    expect([...w.beliefs.modes]).toEqual(['HALTED']);
    expect(w.beliefs.ready()).toBe(false);
    w.operate({ action: 'resume', scope: { kind: 'account' }, reason: 'looked at it' });
    expect(w.beliefs.ready()).toBe(true);
    expect(w.notes('halt.lifted')).toHaveLength(1);
    reborn(w);
    expect(w.beliefs.ready()).toBe(true);
  });
  it.each([
    [0, 0],
    [2, 0],
    [3, 1],
  ])('after %d unclean ones has %d halts', (unclean, halts) => {
    const w = market();
    reborn(w, unclean);
    expect(w.beliefs.halts).toHaveLength(halts);
    expect(w.beliefs.ready()).toBe(halts === 0);
  });
  it('resumes nothing by being clean after a crash loop', () => {
    const w = market();
    reborn(w, 3);
    reborn(w, 0);
    expect(w.beliefs.halts).toHaveLength(1);
  });
  it('forgets closed orders of more than seven sessions ago, and no live one', () => {
    const w = holding(5, { day: '2026-03-10' });
    const [id] = [...w.beliefs.orders.keys()];
    const sessions = 8 * 24 * 3_600;
    w.crash(sessions);
    w.boot();
    expect(w.beliefs.orders.has(id as never)).toBe(true);
    w.crash(4 * 24 * 3_600);
    w.boot();
    expect(w.beliefs.orders.has(id as never)).toBe(false);
  });
  it('reads activities from three days before the last one booked', () => {
    const w = market();
    w.desk.cash += 1;
    w.desk.book({ id: '20260310143000000::x', type: 'DIV', netAmount: 1 as never });
    w.reconcile();
    w.crash();
    w.boot();
    expect(new Date(w.beliefs.activitiesWatermark()).toISOString()).toBe('2026-03-07T00:00:00.000Z');
  });
  it('re-reads closed orders from a minute before the oldest live one', () => {
    const w = market();
    expect(w.beliefs.ordersWatermark()).toBeNull();
    w.open(buy('ABC', 10, 5));
    const order = working(w);
    expect(w.beliefs.ordersWatermark()).toBe(order.recordedAt - 60_000);
  });
});

describe('a halt', () => {
  it.each([
    ['of the account', { kind: 'account' }, false, false],
    ['of the strategy', { kind: 'strategy', id: 'base' }, false, true],
    ['of the symbol', { kind: 'symbol', symbol: 'ABC' }, false, true],
    ['of another strategy', { kind: 'strategy', id: 'dip' }, true, true],
    ['of another symbol', { kind: 'symbol', symbol: 'XYZ' }, true, true],
  ] as const)('%s', (_name, scope, opens, ready) => {
    const w = market();
    w.operate({ action: 'halt', scope: scope as never, reason: 'test' });
    expect(w.beliefs.ready()).toBe(ready);
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toHaveLength(opens ? 1 : 0);
  });
  it('asked for twice stands once, and one resume lifts all of its scope', () => {
    const w = market();
    for (const reason of ['one', 'one', 'two']) w.operate({ action: 'halt', scope: { kind: 'account' }, reason });
    expect(w.beliefs.halts.map((h) => h.reason)).toEqual(['one', 'two']);
    w.operate({ action: 'resume', scope: { kind: 'account' }, reason: 'fine' });
    expect(w.beliefs.halts).toEqual([]);
  });
});
