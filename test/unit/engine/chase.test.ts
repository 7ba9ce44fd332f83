// Orders of uncertain fate: asked about on a schedule, counted until the end, never guessed at.
import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '../../../src/domain/ids.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { lookUpSchedule } from '../../../src/engine/chase.ts';
import { buy, cover } from '../risk/contexts.ts';
import { market, put, shortPuts } from './scenes.ts';
import type { EngineWorld } from './world.ts';

function lost(): readonly [EngineWorld, ClientOrderId] {
  const w = market();
  w.open(buy('ABC', 10, 5));
  const { id } = w.posted();
  w.answer(id, { kind: 'unknown', because: 'timeout' });
  return [w, id];
}
function lostExit(): readonly [EngineWorld, ClientOrderId] {
  const w = shortPuts(1);
  w.close(cover(put, 1.05));
  const { id } = w.posted();
  w.answer(id, { kind: 'unknown', because: 'timeout' });
  return [w, id];
}
/** Lets `ms` pass in small steps, answering each look-up at once. */
function asked(w: EngineWorld, id: ClientOrderId, ms: number, answer: 'absent' | 'failed'): readonly number[] {
  const start = w.now().mono;
  const at: number[] = [];
  while (w.now().mono - start < ms) {
    w.advance(50);
    for (const find of w.take('find')) {
      at.push(w.now().mono - start);
      w.push({ kind: 'found', id: find.id, answer: answer === 'absent' ? { kind: 'absent' } : { kind: 'unknown', because: 'timeout' } });
    }
    if (w.order(id).state !== 'unknown') break;
  }
  return at;
}

describe('an order whose answer was lost', () => {
  it('is looked up at 0.25, 0.5, 1, 2, 4, 8, 15 and 30 seconds', () => {
    const [w, id] = lost();
    expect(lookUpSchedule).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]);
    expect(asked(w, id, 40 * SECOND, 'absent')).toEqual(lookUpSchedule);
  });
  it('counts against every limit until its fate is known', () => {
    const [w, id] = lost();
    expect(w.order(id).reserve).toBe(50_000_000);
    asked(w, id, 40 * SECOND, 'absent');
    expect(w.order(id)).toMatchObject({ state: 'absent_watch', reserve: 50_000_000 });
    w.tick('manage', []);
    expect(w.script.seen?.book.reserved).toBe(50_000_000);
  });
  it('that is found is working, and is never sent again', () => {
    const [w, id] = lost();
    w.advance(250);
    w.take('find');
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.accept(w.order(id)) } });
    expect(w.order(id).state).toBe('working');
    w.advance(9_000);
    expect(w.take('find')).toEqual([]);
    w.advance(MINUTE);
    expect(w.take('post')).toEqual([]);
  });
  it('is watched for fifteen minutes after eight clean absences, once a minute, and dropped at their end', () => {
    const [w, id] = lost();
    asked(w, id, 40 * SECOND, 'absent');
    expect(w.order(id).state).toBe('absent_watch');
    expect(w.take('post')).toEqual([]);
    w.advance(15 * MINUTE - 1);
    expect(w.take('find')).toHaveLength(14);
    expect(w.order(id).state).toBe('absent_watch');
    w.advance(1);
    expect(w.order(id)).toMatchObject({ state: 'dropped', reason: 'absent to the end of the watch', reserve: 0 });
    expect(w.take('post')).toEqual([]);
  });
  it('that turns up during the watch is owned, and taken back since its time is long up', () => {
    const [w, id] = lost();
    asked(w, id, 40 * SECOND, 'absent');
    w.push({ kind: 'report', report: w.desk.accept(w.order(id)) });
    expect(w.order(id)).toMatchObject({ state: 'canceling', brokerId: expect.any(String) });
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
  });
  it('that turns up after it was dropped is owned and taken back, and what it traded is ours', () => {
    const [w, id] = lost();
    asked(w, id, 40 * SECOND, 'absent');
    w.advance(15 * MINUTE);
    w.desk.accept(w.order(id));
    w.fill(id, 2, 10);
    expect(w.order(id)).toMatchObject({ state: 'canceling', cumQty: 2 });
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    expect(w.notes('order.zombie')).toHaveLength(1);
    expect(w.beliefs.positions()).toMatchObject([{ owner: 'base', qty: 2 }]);
  });
  it('is quarantined after a minute without one clean answer: a failed look-up is no evidence', () => {
    const [w, id] = lost();
    const at = asked(w, id, 2 * MINUTE, 'failed');
    expect(w.order(id).state).toBe('quarantined');
    expect(at.at(-1)).toBeGreaterThanOrEqual(60 * SECOND);
    expect(at.at(-1)).toBeLessThan(66 * SECOND);
    expect(w.notes('order.quarantined')).toMatchObject([{ severity: 'critical' }]);
    expect(w.order(id).reserve).toBe(50_000_000);
  });
  it('in quarantine is looked up on, until there is evidence', () => {
    const [w, id] = lost();
    asked(w, id, 2 * MINUTE, 'failed');
    w.advance(MINUTE);
    expect(w.take('find').length).toBeGreaterThanOrEqual(10);
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.accept(w.order(id)) } });
    expect(w.order(id)).toMatchObject({ state: 'canceling', brokerId: expect.any(String) });
  });
  it('in quarantine is watched after eight clean absences', () => {
    const [w, id] = lost();
    asked(w, id, 2 * MINUTE, 'failed');
    for (let i = 0; i < 8; i++) {
      expect(w.order(id).state).toBe('quarantined');
      w.push({ kind: 'found', id, answer: { kind: 'absent' } });
    }
    expect(w.order(id).state).toBe('absent_watch');
  });
  it('in quarantine keeps its strategy from opening in the name', () => {
    const [w, id] = lost();
    asked(w, id, 2 * MINUTE, 'failed');
    w.reconcile();
    expect(w.order(id).state).toBe('quarantined');
    w.open(buy('ABC', 9.99, 1));
    expect(w.take('post')).toEqual([]);
  });
  it('is not absent because of absences that came in less than thirty seconds', () => {
    const [w, id] = lost();
    for (let i = 0; i < 20; i++) w.push({ kind: 'found', id, answer: { kind: 'absent' } });
    expect(w.order(id).state).toBe('unknown');
  });
  it('stays unknown while clean and failed look-ups mix, and is asked about every five seconds', () => {
    const [w, id] = lost();
    w.push({ kind: 'found', id, answer: { kind: 'absent' } });
    asked(w, id, 2 * MINUTE, 'failed');
    expect(w.order(id).state).toBe('unknown');
    w.advance(20 * SECOND);
    expect(w.take('find').length).toBeGreaterThanOrEqual(3);
  });
});

describe('an exit whose answer was lost', () => {
  it('is sent again with its id out of a clean absence, three attempts at most', () => {
    const [w, id] = lostExit();
    const attempts: number[] = [];
    for (let round = 0; round < 4; round++) {
      asked(w, id, 40 * SECOND, 'absent');
      for (const post of w.take('post')) {
        expect(post.id).toBe(id);
        attempts.push(post.attempt);
        w.answer(id, { kind: 'unknown', because: 'timeout' });
      }
    }
    expect(attempts).toEqual([2, 3]);
    expect(w.order(id).state).toBe('absent_watch');
  });
  it('is not sent again while look-ups fail', () => {
    const [w, id] = lostExit();
    asked(w, id, 2 * MINUTE, 'failed');
    expect(w.order(id).state).toBe('quarantined');
    expect(w.take('post')).toEqual([]);
  });
  it('that was there after all counts once', () => {
    const [w, id] = lostExit();
    asked(w, id, 40 * SECOND, 'absent');
    w.take('post');
    w.desk.accept(w.order(id));
    w.fill(id, 1, 1.05);
    w.answer(id, { kind: 'duplicate' });
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 1 });
    expect(w.beliefs.positions()).toEqual([]);
  });
});
