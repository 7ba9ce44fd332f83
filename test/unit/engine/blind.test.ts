// Held without a quote: told after a minute, called out after five, and nothing more of that strategy until it is quoted again.
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { buy } from '../risk/contexts.ts';
import { holding } from './scenes.ts';
import type { EngineWorld } from './world.ts';

/** Time passes, the engine turns now and then, and no quote comes. */
function dark(w: EngineWorld, ms: number): void {
  for (let spent = 0; spent < ms; spent += 5 * SECOND) {
    w.advance(5 * SECOND, 'stale');
    w.push({ kind: 'wake' });
  }
}
const said = (w: EngineWorld) => w.notes('position.blind').map((n) => n.severity);

describe('a position without a quote', () => {
  it('is told of after a minute and called out after five, once each', () => {
    const w = holding(5);
    dark(w, 60 * SECOND);
    expect(said(w)).toEqual([]);
    dark(w, 10 * SECOND);
    expect(said(w)).toEqual(['major']);
    dark(w, 4 * MINUTE);
    expect(said(w)).toEqual(['major', 'critical']);
    dark(w, 20 * MINUTE);
    expect(said(w)).toEqual(['major', 'critical']);
  });
  it('lets its strategy open nothing, manage what it holds, and others go on', () => {
    const w = holding(5, { strategies: ['base', 'dip'] });
    dark(w, 70 * SECOND);
    w.quote('XYZ', 9.99, 10.01);
    w.reconcile();
    w.script.seen = null;
    expect(w.open(buy('XYZ', 10, 5), 'base').decisions).toMatchObject([{ decision: { kind: 'pass', code: 'BLIND' } }]);
    expect(w.script.seen).toBeNull();
    w.script.evaluate = [];
    w.tick('manage', [], 'base');
    expect(w.script.seen).toMatchObject({ slot: 'manage' });
    w.open(buy('XYZ', 10, 5), 'dip');
    expect(w.take('post')).toHaveLength(1);
  });
  it('stops a walk in of its strategy at the next rung', () => {
    const w = holding(5);
    w.quote('XYZ', 9.99, 10.01);
    w.open({ ...buy('XYZ', 10, 5), prices: { rungs: [9_980_000, 9_990_000] as never, stepMs: 90 * SECOND } });
    const { id } = w.posted();
    w.accept(id);
    dark(w, 90 * SECOND);
    const turn = w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
    expect(turn.decisions).toMatchObject([{ denial: { code: 'NOT_READY', why: expect.stringContaining('BLIND') } }]);
  });
  it('is seen again at the second quote, and its strategy opens again', () => {
    const w = holding(5);
    dark(w, 70 * SECOND);
    w.quote('ABC', 9.99, 10.01);
    w.reconcile();
    w.push({ kind: 'wake' });
    expect(w.notes('position.seen')).toEqual([]);
    w.advance(SECOND);
    w.push({ kind: 'wake' });
    expect(w.notes('position.seen')).toHaveLength(1);
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toHaveLength(1);
  });
  it('for less than a minute is nothing to speak of', () => {
    const w = holding(5);
    dark(w, 50 * SECOND);
    w.advance(SECOND);
    w.push({ kind: 'wake' });
    dark(w, 50 * SECOND);
    expect([said(w), w.notes('position.seen')]).toEqual([[], []]);
  });
  it('after the close is nothing to speak of', () => {
    const w = holding(5, { hour: 15, minute: 50 });
    w.advance(10 * MINUTE);
    dark(w, 30 * MINUTE);
    expect(said(w)).toEqual([]);
  });
});
