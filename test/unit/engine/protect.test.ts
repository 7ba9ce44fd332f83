// Resting stops: there after a fill, away before a trade of what they protect, sized to what is held, and never in a storm.
import { describe, expect, it } from 'vitest';
import type { Order } from '../../../src/domain/order.ts';
import { buy, sell } from '../risk/contexts.ts';
import { holding, market, working } from './scenes.ts';
import { type EngineWorld, engineWorld } from './world.ts';

const protectedBy = { stopBelow: 0.15 } as const;
const stops = (w: EngineWorld): readonly Order[] => [...w.beliefs.orders.values()].filter((o) => o.purpose === 'P');
const live = (w: EngineWorld): readonly Order[] =>
  stops(w).filter((o) => ['recorded', 'submitting', 'working', 'canceling'].includes(o.state));
/** Shares bought and their stop working at the desk. */
function guarded(n: number): { readonly w: EngineWorld; readonly stop: Order } {
  const w = holding(n, protectedBy);
  return { w, stop: working(w) };
}

describe('a resting stop', () => {
  it('follows a fill at once: good till canceled, 15 % below the last close, on the cent', () => {
    const w = market(protectedBy);
    w.bar('ABC', 9.97);
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.fill(entry.id, 5, 10);
    expect(w.posted()).toMatchObject({
      purpose: 'P',
      type: 'stop',
      tif: 'gtc',
      qty: 5,
      limit: null,
      stop: 8_470_000,
      legs: [{ side: 'sell', effect: 'close' }],
    });
  });
  it('lies 15 % below the bid after a fall within the day: above the market no broker takes it', () => {
    const w = market(protectedBy);
    w.bar('ABC', 12);
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.fill(entry.id, 5, 10);
    expect(w.posted()).toMatchObject({ purpose: 'P', stop: 8_490_000 });
  });
  it('waits for the walk that is buying', () => {
    const w = market(protectedBy);
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.fill(entry.id, 2, 10);
    w.advance(5_000);
    expect(stops(w)).toEqual([]);
  });
  it('is not wanted by a strategy with a waiver', () => {
    const w = holding(5);
    w.advance(60_000);
    expect(stops(w)).toEqual([]);
  });
  it('that nobody can find is not in the way of a sale, and is in the way of a buy', () => {
    const lost = (): { readonly w: EngineWorld; readonly stop: Order } => {
      const w = holding(5, protectedBy);
      const stop = w.posted();
      const unheard = (id: Order['id']) => w.answer(id, { kind: 'unknown', because: 'cut off' });
      unheard(stop.id);
      // It is sent three times in all, and every time lost.
      for (let i = 0; i < 200 && !(w.order(stop.id).state === 'absent_watch' && w.order(stop.id).attempts === 3); i++) {
        for (const { id } of w.take('find')) w.push({ kind: 'found', id, answer: { kind: 'absent' } });
        for (const { id } of w.take('post')) unheard(id);
        w.advance(1_000);
      }
      expect(w.order(stop.id)).toMatchObject({ state: 'absent_watch', attempts: 3 });
      return { w, stop };
    };
    const out = lost().w;
    out.close(sell('ABC', 10, 5));
    expect(out.take('post').map(({ id }) => out.order(id).purpose)).toEqual(['C']);
    const in_ = lost().w;
    in_.open(buy('ABC', 10.01, 3));
    expect(in_.take('post')).toEqual([]);
  });
  it('is taken back before a buy of the same shares, and set again for all of them after', () => {
    const { w, stop } = guarded(5);
    w.open(buy('ABC', 10.01, 3));
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: stop.id }]);
    expect(w.take('post')).toEqual([]);
    w.push({ kind: 'report', report: w.desk.end(stop.id, 'canceled') });
    const entry = w.posted();
    expect(entry).toMatchObject({ purpose: 'O', qty: 3 });
    w.accept(entry.id);
    w.fill(entry.id, 3, 10.01);
    w.advance(5_000);
    const again = w.posted();
    expect(again).toMatchObject({ purpose: 'P', qty: 8 });
    expect(again.id).not.toBe(stop.id);
  });
  it('is taken back before a sale, and set again for the rest', () => {
    const { w, stop } = guarded(5);
    w.close(sell('ABC', 10, 2));
    w.push({ kind: 'report', report: w.desk.end(stop.id, 'canceled') });
    const exit = working(w);
    w.fill(exit.id, 2, 10);
    w.advance(5_000);
    expect(w.posted()).toMatchObject({ purpose: 'P', qty: 3 });
  });
  it('is not set again when nothing is left to protect', () => {
    const { w, stop } = guarded(5);
    w.close(sell('ABC', 10, 5));
    w.push({ kind: 'report', report: w.desk.end(stop.id, 'canceled') });
    const exit = working(w);
    w.fill(exit.id, 5, 10);
    w.advance(60_000);
    expect(live(w)).toEqual([]);
    expect(w.take('post')).toEqual([]);
  });
  it('that filled while it was being taken back leaves nothing to sell', () => {
    const { w, stop } = guarded(5);
    w.close(sell('ABC', 10, 5));
    w.fill(stop.id, 5, 8.5);
    expect(w.beliefs.positions()).toEqual([]);
    expect(w.take('post')).toEqual([]);
  });
  it('is followed by another when a person takes it away', () => {
    const { w, stop } = guarded(5);
    w.push({ kind: 'report', report: w.desk.end(stop.id, 'canceled') });
    w.advance(10_000);
    expect(w.posted()).toMatchObject({ purpose: 'P', qty: 5 });
  });
  it('shrinks with what is held', () => {
    const { w, stop } = guarded(5);
    w.desk.move('ABC', -2, 20);
    w.reconcile();
    w.reconcile();
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: stop.id }]);
    w.push({ kind: 'report', report: w.desk.end(stop.id, 'canceled') });
    w.advance(10_000);
    expect(w.posted()).toMatchObject({ qty: 3 });
  });
  it('that keeps being refused is tried with doubling pauses', () => {
    const w = market(protectedBy);
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.fill(entry.id, 5, 10);
    const at: number[] = [];
    const start = w.now().mono;
    for (let i = 0; i < 20 * 60; i++) {
      for (const { id } of w.take('post')) {
        at.push(w.now().mono - start);
        w.answer(id, { kind: 'refused', code: 'ALPACA_REFUSED', message: 'no' });
      }
      w.advance(1_000);
    }
    const pauses = at.slice(1).map((t, i) => Math.round((t - (at[i] ?? 0)) / 1_000));
    expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 80, 160]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(600);
    expect(new Set(stops(w).map((o) => o.id)).size).toBe(at.length);
  });
  it('waits for a bar to reckon from, and says so', () => {
    const w = engineWorld(protectedBy);
    w.quote('ABC', 9.99, 10.01);
    w.ready();
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.fill(entry.id, 5, 10);
    w.advance(12_000);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('protection.waiting')).toHaveLength(3);
    w.bar('ABC', 10);
    w.advance(5_000);
    expect(w.posted()).toMatchObject({ purpose: 'P', stop: 8_500_000 });
  });
  it('is set while openings are halted', () => {
    const w = market(protectedBy);
    w.open(buy('ABC', 10, 5));
    const entry = working(w);
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'stop' });
    w.fill(entry.id, 5, 10);
    expect(w.posted().purpose).toBe('P');
  });
  it('is not placed twice after a restart', () => {
    const { w } = guarded(5);
    w.crash();
    w.ready();
    w.advance(60_000);
    expect(live(w)).toHaveLength(1);
    expect(w.take('cancel')).toEqual([]);
    expect(w.take('post')).toEqual([]);
  });
  it('of shares that are not ours is none', () => {
    const w = market(protectedBy);
    w.desk.move('ABC', 50);
    w.reconcile();
    w.reconcile();
    w.advance(60_000);
    expect(w.beliefs.positions()).toMatchObject([{ owner: 'EXTERNAL', qty: 50 }]);
    expect(stops(w)).toEqual([]);
  });
});
