// Which way out comes first: a more urgent reason takes the place of a less urgent one, and a way in gives way to a way out.
import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../../src/domain/reasons.ts';
import { buy } from '../risk/contexts.ts';
import { holding, working } from './scenes.ts';
import { c105, c110, closes, having, opens, optionMarket } from './structures.ts';
import type { EngineWorld } from './world.ts';

const vertical = [`-${c105}`, `+${c110}`] as const;
const out = (code: ReasonCode, rungs: readonly number[] = [0.6], qty = 3) =>
  closes([`+${c105}`, `-${c110}`], { qty, rungs, code, key: code.toLowerCase() });
const canceled = (w: EngineWorld, id: Parameters<EngineWorld['order']>[0]) =>
  w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
const cancel = (over: object) =>
  ({ kind: 'cancel', subject: 'ABC', code: 'SIGNAL_GONE', why: 'the signal is gone', gates: [], ...over }) as never;

describe('an exit', () => {
  it('of a higher rank takes the place of one of a lower: abandoned, confirmed, sent again at once', () => {
    const w = having(vertical, 3);
    w.close(out('TARGET', [0.55, 0.6]));
    const patient = w.posted();
    w.accept(patient.id);
    w.close(out('STOP', [0.65]));
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: patient.id }]);
    w.advance(1_000);
    expect(w.take('post')).toEqual([]);
    canceled(w, patient.id);
    const urgent = w.posted();
    expect(urgent).toMatchObject({ limit: 650_000, qty: 3, rung: 0 });
    expect(w.notes('ladder.replaced')).toMatchObject([{ detail: { was: 'TARGET', by: 'STOP' } }]);
  });
  it('that takes the place of another closes what that one left', () => {
    const w = having(vertical, 3);
    w.close(out('TARGET'));
    const patient = w.posted();
    w.accept(patient.id);
    w.close(out('STOP', [0.65]));
    w.fill(patient.id, 2, 1, 0.5);
    canceled(w, patient.id);
    expect(w.posted().qty).toBe(1);
  });
  it('that comes when the other has closed everything is over without a word of denial', () => {
    const w = having(vertical, 3);
    w.close(out('TARGET'));
    const patient = w.posted();
    w.accept(patient.id);
    w.close(out('STOP', [0.65]));
    w.fill(patient.id, 3, 1, 0.5);
    w.advance(2_000);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('intent.denied')).toEqual([]);
    expect(w.notes('ladder.done').map((n) => n.detail.how)).toEqual(['filled', 'filled', 'nothing is left to close']);
  });
  it.each([
    ['an equal', 'STOP', 'THESIS_STOP'],
    ['a lower', 'STOP', 'TARGET'],
    ['a lower', 'EXPIRY_DEADLINE', 'STOP'],
  ] as const)('is left alone by one of %s rank', (_rank, walking, later) => {
    const w = having(vertical, 3);
    w.close(out(walking));
    const { id } = w.posted();
    w.accept(id);
    w.close(out(later));
    expect(w.take('cancel')).toEqual([]);
    expect(w.take('post')).toEqual([]);
  });
  it('said again goes on by the prices of now: a walk does not trail a market that runs away', () => {
    const w = having(vertical, 3);
    w.close(out('STOP', [0.6, 0.62, 0.64]));
    const first = w.posted();
    w.accept(first.id);
    w.close(out('STOP', [0.8, 0.82, 0.84]));
    expect(w.take('post')).toEqual([]);
    w.advance(10_000);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: first.id }]);
    canceled(w, first.id);
    expect(w.posted()).toMatchObject({ limit: 820_000, rung: 1 });
  });
  it('said again never asks for better than what already works', () => {
    const w = having(vertical, 3);
    w.close(out('STOP', [0.6, 0.62]));
    const first = w.posted();
    w.accept(first.id);
    w.close(out('STOP', [0.5, 0.52]));
    w.advance(10_000);
    canceled(w, first.id);
    expect(w.posted()).toMatchObject({ limit: 600_000, rung: 1 });
  });
  it('waits for an order of the one before it whose fate is not known', () => {
    const w = having(vertical, 3);
    w.close(out('TARGET'));
    const { id } = w.posted();
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    w.close(out('STOP', [0.65]));
    w.advance(20_000);
    expect(w.take('post')).toEqual([]);
    w.push({ kind: 'report', report: w.desk.accept(w.order(id)) });
    expect(w.take('cancel').length).toBeGreaterThan(0);
    canceled(w, id);
    expect(w.posted().limit).toBe(650_000);
  });
  it('takes a way in of another strategy back that works across it', () => {
    const w = having([`+${c110}`], 2, { strategies: ['zdte', 'dip'] });
    w.open(opens([`+${c110}`], { rungs: [0.42] }), 'dip');
    const across = w.posted();
    w.accept(across.id);
    w.close(closes([`-${c110}`], { qty: 2, rungs: [-0.4] }), 'zdte');
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: across.id }]);
    canceled(w, across.id);
    w.advance(1_000);
    expect(w.posted()).toMatchObject({ strategy: 'zdte', purpose: 'C' });
  });
});

describe('a walk in', () => {
  it('is taken back by its subject, and by its key where one is given', () => {
    const w = optionMarket();
    w.open(opens(vertical, { rungs: [-0.6, -0.55], key: 'this' }));
    const { id } = w.posted();
    w.accept(id);
    w.tick('entry', [cancel({ walk: 'open', key: 'that' })]);
    expect(w.take('cancel')).toEqual([]);
    w.tick('entry', [cancel({ walk: 'open', key: 'this' })]);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    canceled(w, id);
    w.advance(30_000);
    expect(w.take('post')).toEqual([]);
  });
  it('that has no order yet is over at once', () => {
    const w = holding(5, { stopBelow: 0.15 });
    const guard = working(w);
    w.open(buy('ABC', 10, 5));
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: guard.id }]); // the stop goes first
    w.tick('entry', [cancel({ walk: 'open' })]);
    canceled(w, guard.id);
    w.advance(10_000);
    expect([...w.beliefs.orders.values()].filter((o) => o.purpose === 'O')).toHaveLength(1);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'the signal is gone', filled: 0 });
  });
  it('that waits between two tries is over at once', () => {
    const w = having(vertical, 1);
    w.close(out('TARGET', [0.6], 1));
    const { id } = w.posted();
    w.answer(id, { kind: 'refused', code: 'ALPACA_REFUSED', message: 'no' });
    w.tick('manage', [cancel({ walk: 'close' })]);
    w.advance(120_000);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'the signal is gone' });
  });
  it('is not taken back by another strategy, nor by a cancel of the way out', () => {
    const w = optionMarket({ strategies: ['zdte', 'dip'] });
    w.open(opens(vertical, { rungs: [-0.6] }), 'zdte');
    w.accept(w.posted().id);
    w.tick('entry', [cancel({ walk: 'open' })], 'dip');
    w.tick('entry', [cancel({ walk: 'close' })], 'zdte');
    expect(w.take('cancel')).toEqual([]);
  });
  it('that nobody takes is tried three times a day, over a restart too', () => {
    const w = optionMarket();
    const attempt = (): string => {
      const turn = w.open(opens(vertical, { rungs: [-0.6], key: 'one intent' }));
      for (const { id } of w.take('post')) {
        w.accept(id);
        w.advance(10_000);
        canceled(w, id);
      }
      return turn.decisions.map((d) => d.decision.code).join();
    };
    expect([attempt(), attempt()]).toEqual(['ENTRY', 'ENTRY']);
    w.crash();
    w.ready();
    expect([attempt(), attempt()]).toEqual(['ENTRY', 'ENTRY_UNFILLED']);
    expect(w.notes('entry.unfilled').map((n) => n.detail.walks)).toEqual([1, 2, 3]);
    w.open(opens(vertical, { rungs: [-0.6], key: 'another intent' }));
    expect(w.take('post')).toHaveLength(1);
  });
  it('that filled is no failed try', () => {
    const w = optionMarket({ limits: { duplicateWindowMs: 0 } });
    for (let i = 0; i < 4; i++) {
      w.open(opens(vertical, { rungs: [-0.6], key: 'one intent' }));
      const { id } = w.posted();
      w.accept(id);
      w.fill(id, 1, 1, 0.5);
      w.advance(61_000);
      w.reconcile();
    }
    expect(w.beliefs.positions()).toMatchObject([{ qty: -4 }, { qty: 4 }]);
  });
});
