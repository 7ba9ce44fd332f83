// A strategy that throws is caught in one place: its call is dropped, it waits, in the end it is halted, and the others trade on.
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { guarded } from '../../../src/engine/isolation.ts';
import type { AnyStrategy } from '../../../src/strategies/strategy.ts';
import { noNeeds } from '../../../src/strategies/strategy.ts';
import { buy, sell } from '../risk/contexts.ts';
import { holding, market } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const failure = (what = 'the sum of nothing'): never => {
  throw new RangeError(what);
};
const fails = (w: EngineWorld, phase: 'entry' | 'manage', strategy = 'base') => {
  const script = w.scripts.get(strategy);
  if (script !== undefined) script.throws = failure;
  return w.tick(phase, [], strategy);
};
const heals = (w: EngineWorld, strategy = 'base'): void => {
  const script = w.scripts.get(strategy);
  if (script !== undefined) script.throws = null;
};
const pair = (): EngineWorld => {
  const w = market({ strategies: ['base', 'dip'] });
  w.quote('XYZ', 9.99, 10.01);
  return w;
};

describe('a strategy that throws', () => {
  it('is said to have failed, with the words and the place of it', () => {
    const w = market();
    const turn = fails(w, 'entry');
    expect(turn.notes).toMatchObject([
      {
        event: 'strategy.failed',
        severity: 'major',
        detail: { strategy: 'base', call: 'evaluate', why: 'RangeError: the sum of nothing', inARow: 1 },
      },
    ]);
    expect(turn.notes[0]?.detail.at).toMatch(/isolation\.test\.ts:\d+:\d+/);
    expect(turn.notes[0]?.detail.at).not.toContain('/unit/');
    expect(turn.decisions).toMatchObject([{ decision: { kind: 'pass', code: 'STRATEGY_FAILED' } }]);
  });
  it('is not asked for entries for half a minute, then a minute, and is asked to manage all the while', () => {
    const w = holding(5);
    fails(w, 'entry');
    heals(w);
    w.advance(29 * SECOND);
    expect(w.open(buy('ABC', 10, 1)).decisions).toMatchObject([{ decision: { code: 'STRATEGY_FAILED' } }]);
    w.close(sell('ABC', 10, 5));
    expect(w.posted()).toMatchObject({ purpose: 'C' });
    w.advance(2 * SECOND);
    fails(w, 'entry');
    heals(w);
    w.advance(59 * SECOND);
    w.script.seen = null;
    w.tick('entry', []);
    expect(w.script.seen).toBeNull();
    w.advance(2 * SECOND);
    w.reconcile();
    w.tick('entry', []);
    expect(w.script.seen).not.toBeNull();
  });
  it('starts anew after one success', () => {
    const w = market();
    for (let i = 0; i < 3; i++) fails(w, 'manage');
    heals(w);
    w.tick('manage', []);
    for (let i = 0; i < 4; i++) fails(w, 'manage');
    expect(w.beliefs.halts).toEqual([]);
  });
  it('five times in a row is halted, alone, until a person resumes it', () => {
    const w = pair();
    for (let i = 0; i < 5; i++) fails(w, 'manage', 'base');
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'strategy', id: 'base' } }]);
    expect(w.beliefs.modes.has('HALTED')).toBe(false);
    heals(w, 'base');
    w.tick('manage', [], 'base');
    expect(w.open(buy('ABC', 10, 5), 'base').decisions).toMatchObject([{ decision: { kind: 'pass', code: 'KILL_SWITCH' } }]);
    w.open(buy('XYZ', 10, 5), 'dip');
    expect(w.take('post')).toHaveLength(1);
    w.operate({ action: 'resume', scope: { kind: 'strategy', id: 'base' as never }, reason: 'fixed' });
    w.advance(SECOND);
    w.open(buy('ABC', 10, 5), 'base');
    expect(w.take('post')).toHaveLength(1);
  });
  it('after it said something else before leaves what it said then in place', () => {
    const w = market();
    w.tick('manage', [{ kind: 'remember', memory: { count: 3 } }]);
    fails(w, 'manage');
    heals(w);
    w.tick('manage', []);
    expect(w.script.seen?.memory).toEqual({ count: 3 });
  });
  it('something that is no error is caught as well', () => {
    const w = market();
    w.script.throws = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is the case
      throw 'words';
    };
    w.tick('manage', []);
    expect(w.notes('strategy.failed')[0]?.detail).toMatchObject({ why: 'thrown: words', at: '' });
  });
  it('while its data were asked for sits out the entry that they were for', () => {
    const w = market();
    const fault = { call: 'watches', why: 'TypeError: nothing there', at: 'at watches (x.ts:1:1)' } as const;
    w.script.seen = null;
    const tick = { kind: 'tick', strategy: 'base' as never, slotAt: w.now().exchange, fault } as const;
    expect(w.push({ ...tick, phase: 'entry', slot: 'entry' }).decisions).toMatchObject([{ decision: { code: 'STRATEGY_FAILED' } }]);
    expect(w.script.seen).toBeNull();
    w.push({ ...tick, phase: 'manage', slot: 'manage' });
    expect(w.script.seen).not.toBeNull();
  });
  it('when asked how to protect shares leaves them, says so, and is asked again later', () => {
    const w = market({ stopBelow: 0.15, protectionThrows: true });
    expect(w.notes('strategy.failed')[0]?.detail).toMatchObject({ call: 'protection' });
    const before = w.notes('strategy.failed').length;
    for (let i = 0; i < 20; i++) w.push({ kind: 'wake' });
    expect(w.notes('strategy.failed').length).toBeLessThanOrEqual(before + 1);
    w.advance(15 * MINUTE);
    w.push({ kind: 'wake' });
    expect(w.notes('strategy.failed').length).toBeGreaterThan(before);
  });
});

describe('wishes for data', () => {
  it('of a strategy that throws are none, and the fault is handed on once', () => {
    const strategy = { id: 'base', watches: () => failure(), chains: () => [] } as unknown as AnyStrategy;
    const { strategies, take } = guarded([{ strategy, params: {}, enabled: true }]);
    expect(strategies[0]?.strategy.watches({} as never)).toEqual(noNeeds);
    expect(take('base' as never)).toMatchObject({ call: 'watches', why: 'RangeError: the sum of nothing' });
    expect(take('base' as never)).toBeNull();
  });
});
