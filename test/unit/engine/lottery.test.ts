// S-59 in the engine: the caps are asked of every rung of a walk, with what the walk itself has filled, and of what a restart finds.
import { describe, expect, it } from 'vitest';
import type { Open } from '../../../src/domain/decision.ts';
import { price } from '../../../src/domain/money.ts';
import { buy, limits, micros, owner } from '../risk/contexts.ts';
import { market, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const walking = (intent: Open, rungs: readonly number[]): Open => ({
  ...intent,
  prices: { rungs: rungs.map((r) => price(micros(r))) as unknown as Open['prices']['rungs'], stepMs: 10_000 },
});
/** Fifty dollars of 100,000 in one trade, for the strategy that these worlds run. */
const capped = { lottery: { ...limits.lottery, strategies: [owner], tradePct: 0.0005, dayPct: 1, weekPct: 1, weekTradesMax: 50 } };
/** Two of five are bought on the first rung; the second comes on evidence that the first is over. */
function secondRung(rungs: readonly [number, number]): EngineWorld {
  const w = market({ limits: capped });
  w.open(walking(buy('ABC', 10, 5), rungs));
  const { id } = working(w);
  w.fill(id, 2, rungs[0]);
  w.advance(10_000);
  w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
  return w;
}
const denials = (w: EngineWorld) => w.notes('intent.denied').map(({ detail }) => detail?.['code']);

describe('S-59: a walk of the lottery class', () => {
  it('does not end dearer than its cap with what its earlier rungs have filled', () => {
    // 2 x 9.98 + 3 x 10.02 is 50.02; the three alone would be 30.06.
    const w = secondRung([9.98, 10.02]);
    expect(denials(w)).toEqual(['LOTTERY_CAP']);
    expect(w.take('post')).toEqual([]);
  });
  it('goes on where both together stay inside it', () => {
    const w = secondRung([9.98, 10.01]);
    expect(denials(w)).toEqual([]);
    expect(w.posted()).toMatchObject({ rung: 1, qty: 3 });
  });
  it('is not begun beside an order whose answer was lost, when both together would be too much for a day', () => {
    const w = market({ limits: { lottery: { ...capped.lottery, tradePct: 1, dayPct: 0.0005 } } });
    w.quote('XYZ', 9.99, 10.01);
    w.bar('XYZ', 10);
    w.open(buy('ABC', 10, 3));
    w.answer(w.posted().id, { kind: 'unknown', because: 'timeout' });
    w.open({ ...buy('XYZ', 10, 3), key: 'another' });
    expect(denials(w)).toEqual(['LOTTERY_CAP']);
    expect(w.take('post')).toEqual([]);
  });
});
