// Exit rules as rows: armed with the first execution, moved when their levels move, fired by the way out they begin, disarmed with the trade.
import { describe, expect, it } from 'vitest';
import type { ExitRule } from '../../../src/domain/exit-rule.ts';
import { buy, sell } from '../risk/contexts.ts';
import { market } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const stopAt = (level: number): ExitRule => ({
  code: 'STOP',
  when: [{ measure: 'mark', side: 'at or below', level, unit: 'dollars a share' }],
  units: null,
});

/** Four shares bought at 10 by a strategy that has a stop at 9. */
function bought(rules: readonly ExitRule[] = [stopAt(9)]): EngineWorld {
  const w = market();
  w.quote('ABC', 9.99, 10.01);
  w.script.exits = () => rules;
  w.open(buy('ABC', 10, 4));
  const order = w.posted();
  w.accept(order.id);
  w.fill(order.id, 4, 10);
  return w;
}
const last = (w: EngineWorld) => w.turns.at(-1);
const rowsOf = (w: EngineWorld) => w.ledger.loaded().exits;

describe('exit rules', () => {
  it('are armed in the turn of the first execution', () => {
    const w = bought();
    expect(last(w)?.fills).toHaveLength(1);
    expect(last(w)?.exits).toMatchObject([{ ...stopAt(9), owner: 'base', order: null, fired: 0, firedAt: null, disarmedAt: null }]);
  });

  it('are left alone while their levels stand, and move with them', () => {
    const w = bought();
    const [armed] = rowsOf(w);
    w.advance(60_000);
    expect(w.tick('manage', []).exits).toEqual([]);
    w.script.exits = () => [stopAt(9.5)];
    expect(w.tick('manage', []).exits).toMatchObject([{ ...stopAt(9.5), fired: 0 }]);
    expect(rowsOf(w)[0]?.armedAt).toBeGreaterThan(armed?.armedAt ?? Number.POSITIVE_INFINITY);
  });

  it('are disarmed when they are no longer stated, and armed again when they are', () => {
    const w = bought();
    w.script.exits = () => [];
    expect(w.tick('manage', []).exits).toMatchObject([{ code: 'STOP', disarmedAt: w.now().exchange }]);
    w.script.exits = () => [stopAt(9)];
    expect(w.tick('manage', []).exits).toMatchObject([{ code: 'STOP', disarmedAt: null }]);
  });

  it('stand as they were when the strategy fails to state them, which is said and counted', () => {
    const w = bought();
    const before = rowsOf(w);
    w.script.exits = () => {
      throw new RangeError('no level');
    };
    const turn = w.tick('manage', []);
    expect(turn.exits).toEqual([]);
    expect(turn.notes).toMatchObject([{ event: 'strategy.failed', detail: { call: 'exits', why: 'RangeError: no level' } }]);
    expect(rowsOf(w)).toEqual(before);
  });

  it('stand as they were after a crash, since when they stood', () => {
    const w = bought();
    const before = rowsOf(w);
    w.crash();
    w.ready();
    w.tick('manage', []);
    expect(rowsOf(w)).toEqual(before);
  });

  it('fire once by the way out that their reason begins, and end with the trade', () => {
    const w = bought();
    w.tick('manage', []);
    w.quote('ABC', 8.99, 9.01);
    const exit = { ...sell('ABC', 8.99, 4), code: 'STOP' as const };
    expect(w.close(exit).exits).toMatchObject([{ code: 'STOP', fired: 1, firedAt: w.now().exchange, disarmedAt: null }]);
    expect(w.close(exit).exits).toEqual([]); // the same way out, said again
    const order = w.posted();
    w.accept(order.id);
    w.fill(order.id, 4, 8.99);
    expect(rowsOf(w)).toMatchObject([{ code: 'STOP', fired: 1, disarmedAt: w.now().exchange }]);
  });

  it('of another reason do not fire', () => {
    const w = bought();
    w.close({ ...sell('ABC', 9.99, 4), code: 'TARGET' });
    expect(rowsOf(w)).toMatchObject([{ code: 'STOP', fired: 0 }]);
  });
});

describe('what a decision saw', () => {
  it('stands beside it: both sides of its subject, or the reason for none', () => {
    const w = market();
    w.quote('ABC', 9.99, 10.01);
    const turn = w.open(buy('ABC', 10, 4));
    expect(turn.decisions[0]?.quotes).toEqual([{ kind: 'quoted', symbol: 'ABC', bid: 9_990_000, ask: 10_010_000, ageMs: 0 }]);
    const blind = w.tick('entry', [{ kind: 'pass', subject: 'NONE' as never, code: 'QUOTE_MISSING', why: 'no quote', gates: [] }]);
    expect(blind.decisions[0]?.quotes).toEqual([{ kind: 'absent', symbol: 'NONE', code: 'QUOTE_MISSING' }]);
  });
});
