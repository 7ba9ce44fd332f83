// How openings are held to what was sent, refused and lost before, through restarts; and two that want the same dollars.
import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '../../../src/domain/ids.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import type { DecisionRow } from '../../../src/domain/turn.ts';
import { meanVolume } from '../../../src/engine/conduct.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import { buy, owner, sell, wideCeiling, wideOrders, write } from '../risk/contexts.ts';
import { market } from './scenes.ts';
import type { EngineWorld, Given } from './world.ts';

const bound = (over: Partial<OrderLimits>, more: Partial<Given> = {}): Partial<Given> => ({
  ...more,
  limits: { ...more.limits, orders: { ...wideOrders, ...over } },
});
const verdicts = (w: EngineWorld, since: number): readonly DecisionRow[] =>
  w.turns.slice(since).flatMap((t) => t.decisions.filter((d) => d.verdict !== null));
const lastVerdict = (w: EngineWorld): DecisionRow => {
  const last = verdicts(w, 0).at(-1);
  if (last === undefined) throw new Error('nothing was judged');
  return last;
};
/** Opens shares of ABC at 10 and says what risk made of it. */
const ask = (w: EngineWorld, n = 1, of = 'ABC'): string => {
  w.open({ ...buy(of, 10, n), key: `${of}-${w.turns.length}` });
  const { denial } = lastVerdict(w);
  return denial?.code ?? 'cleared';
};
const lastPosted = (w: EngineWorld): ClientOrderId => {
  const post = w.take('post').at(-1);
  if (post === undefined) throw new Error('nothing was sent');
  return post.id;
};
const refuse = (w: EngineWorld): void => {
  expect(ask(w)).toBe('cleared');
  w.answer(lastPosted(w), { kind: 'refused', code: 'ALPACA_REFUSED', message: 'no' });
};
/** Buys shares of ABC at one price and sells them at another. */
const trade = (w: EngineWorld, n: number, bought: number, sold: number): void => {
  expect(ask(w, n)).toBe('cleared');
  const into = lastPosted(w);
  w.accept(into);
  w.fill(into, n, bought);
  w.close({ ...sell('ABC', 10, n), key: `out-${w.turns.length}` });
  const out = lastPosted(w);
  w.accept(out);
  w.fill(out, n, sold);
  w.advance(61_000); // the same legs again are no duplicate then
  w.reconcile();
  w.take('reconcile');
};

describe('two openings that want the same dollars (R-35, G-16)', () => {
  const first = 'AAA260417P00095000';
  const second = 'BBB260417P00095000';
  // 15,000 are free: one strike of 95 is 9,500, two are 19,000.
  const racing = (): EngineWorld => {
    const w = market({ strategies: ['wheel', 'dip'], mayBeAssigned: true, optionsLevel: 2, limits: { cashBufferPct: 0.85 } });
    for (const of of ['AAA', 'BBB']) w.quote(of, 99.9, 100.1);
    for (const of of [first, second]) w.quote(of, 1, 1.05);
    return w;
  };
  const outcomes = (w: EngineWorld, since: number): readonly string[] => verdicts(w, since).map((d) => d.denial?.code ?? 'cleared');
  it('said by one strategy in one breath: one passes', () => {
    const w = racing();
    const since = w.turns.length;
    w.tick('entry', [
      { ...write(first, 1.02), key: 'a' },
      { ...write(second, 1.02), key: 'b' },
    ]);
    expect(outcomes(w, since)).toEqual(['cleared', 'BUYING_POWER']);
    expect(w.take('post')).toHaveLength(1);
  });
  it('said by two strategies before the first has been sent: one passes', () => {
    const w = racing();
    w.lag = 'never';
    const since = w.turns.length;
    w.open(write(first, 1.02), 'wheel');
    w.open(write(second, 1.02), 'dip');
    expect(outcomes(w, since)).toEqual(['cleared', 'BUYING_POWER']);
  });
});

describe('a cut by a limit', () => {
  it('is the end of it: what was cut off does not follow in slices', () => {
    // A gap takes 3.49 of each share: six of ten fit 21.
    const w = market(bound({ ceilings: new Map([[owner, { ...wideCeiling, tradePct: 0.00021 }]]) }));
    expect(ask(w, 10)).toBe('cleared');
    const id = lastPosted(w);
    expect(w.order(id).qty).toBe(6);
    w.accept(id);
    w.fill(id, 6, 10);
    w.advance(MINUTE);
    expect(w.take('post')).toEqual([]);
  });
});

describe('the rate of openings (R-28)', () => {
  const slow = { ...wideOrders.rate, strategy: { perMinute: 4, burst: 2 } };
  const names = ['ABC', 'AAA', 'BBB', 'CCC'];
  const quoted = (): EngineWorld => {
    const w = market(bound({ rate: slow }));
    for (const of of names) w.quote(of, 9.99, 10.01);
    return w;
  };
  it('defers the third of a strategy, and the next slot may ask again when a token is free', () => {
    const w = quoted();
    expect([ask(w, 1, 'ABC'), ask(w, 1, 'AAA'), ask(w, 1, 'BBB')]).toEqual(['cleared', 'cleared', 'RATE']);
    expect(lastVerdict(w)).toMatchObject({ verdict: 'denied', denial: { check: { rule: 'RATE', result: 'defer' } }, orders: [] });
    w.advance(14_000);
    w.reconcile();
    expect(ask(w, 1, 'BBB')).toBe('RATE');
    w.advance(1_000);
    expect(ask(w, 1, 'BBB')).toBe('cleared');
  });
  it('holds within one breath, before anything has been sent', () => {
    const w = quoted();
    const since = w.turns.length;
    w.tick(
      'entry',
      names.map((of) => ({ ...buy(of, 10), key: of })),
    );
    expect(verdicts(w, since).map((d) => d.denial?.code ?? 'cleared')).toEqual(['cleared', 'cleared', 'RATE', 'RATE']);
  });
  it('holds through a restart', () => {
    const w = quoted();
    expect([ask(w, 1, 'ABC'), ask(w, 1, 'AAA')]).toEqual(['cleared', 'cleared']);
    for (const { id } of w.take('post')) w.accept(id);
    w.crash(1);
    w.ready();
    expect(ask(w, 1, 'BBB')).toBe('RATE');
  });
  it('counts only what was sent', () => {
    const w = quoted();
    for (const of of ['ABC', 'AAA']) {
      expect(ask(w, 1, of)).toBe('cleared');
      w.take('post');
    }
    const unsent = quoted();
    unsent.lag = 'never';
    expect(ask(unsent, 1, 'ABC')).toBe('cleared');
    unsent.crash(1);
    unsent.ready(); // what was recorded and never sent is dropped
    unsent.lag = 0;
    expect([ask(unsent, 1, 'AAA'), ask(unsent, 1, 'BBB'), ask(unsent, 1, 'CCC')]).toEqual(['cleared', 'cleared', 'RATE']);
  });
});

describe('refusals and failures of the broker (R-29)', () => {
  const usual = { errorsMax: 5, rejectsMax: 3, windowMs: MINUTE, pauseMs: 10 * MINUTE };
  const world = (): EngineWorld => market(bound({ errors: usual }));
  const burst = (w: EngineWorld): void => {
    for (let i = 0; i < 3; i++) refuse(w);
  };
  const wait = (w: EngineWorld, ms: number): void => {
    w.advance(ms);
    w.reconcile();
    w.take('reconcile');
  };
  it('pause openings for ten minutes after three refusals in a minute (G-15)', () => {
    const w = world();
    burst(w);
    expect(ask(w)).toBe('ERRORS');
    expect(w.notes('broker.burst')).toHaveLength(1);
    expect(w.beliefs.halts).toEqual([]);
    wait(w, 10 * MINUTE - 1_000);
    expect(ask(w)).toBe('ERRORS');
    wait(w, 2_000);
    expect(ask(w)).toBe('cleared');
  });
  it('halt them for a person the second time, through a restart, and not again after that person has resumed', () => {
    const w = world();
    burst(w);
    wait(w, 11 * MINUTE);
    burst(w);
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'account' }, level: 'halt' }]);
    wait(w, 20 * MINUTE);
    w.crash(1);
    w.ready();
    expect(w.beliefs.halts).toHaveLength(1);
    w.operate({ action: 'resume', scope: { kind: 'account' }, reason: 'looked' });
    expect(w.beliefs.halts).toEqual([]);
    wait(w, MINUTE);
    expect(ask(w)).toBe('cleared');
    expect(w.notes('broker.burst')).toHaveLength(2);
  });
  it('pause them after five orders without an answer', () => {
    const w = world();
    for (let i = 0; i < 5; i++) {
      expect(ask(w)).toBe('cleared');
      w.answer(lastPosted(w), { kind: 'unsent', because: 'no connection' });
    }
    expect(ask(w)).toBe('ERRORS');
  });
  it('remember refusals through a restart', () => {
    const w = world();
    refuse(w);
    refuse(w);
    w.crash(1);
    w.ready();
    refuse(w);
    expect(ask(w)).toBe('ERRORS');
  });
});

describe('what a strategy has lost (R-27)', () => {
  const health = { lossesInARow: 1_000, expectancyTrades: 1_000, expectancyT: -1.65, dayLossPct: 1 };
  it('halts it when its last trades lose for certain, until a person resumes', () => {
    const w = market(bound({ health: { ...health, expectancyTrades: 3 } }));
    trade(w, 10, 10, 9.5);
    trade(w, 10, 10, 9.4);
    expect(w.beliefs.halts).toEqual([]);
    trade(w, 10, 10, 9.6);
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'strategy', id: 'base' } }]);
    w.operate({ action: 'resume', scope: { kind: 'strategy', id: owner }, reason: 'looked' });
    expect(ask(w)).toBe('cleared');
  });
  it('does not halt one that loses by chance', () => {
    const w = market(bound({ health: { ...health, expectancyTrades: 3 } }));
    trade(w, 10, 10, 9.5);
    trade(w, 10, 10, 10.6);
    trade(w, 10, 10, 9.5);
    expect(w.beliefs.halts).toEqual([]);
  });
  it('rests it after so many losses in a row, through a restart', () => {
    const w = market(bound({ health: { ...health, lossesInARow: 2 } }));
    trade(w, 1, 10, 9.9);
    trade(w, 1, 10, 9.9);
    expect(ask(w)).toBe('STRATEGY_PAUSED');
    w.crash(1);
    w.ready();
    expect(ask(w)).toBe('STRATEGY_PAUSED');
  });
  it('rests it for the day when what it holds has lost too much', () => {
    const w = market(bound({ health: { ...health, dayLossPct: 0.0001 } })); // 10 of 100,000
    expect(ask(w, 100)).toBe('cleared');
    const id = lastPosted(w);
    w.accept(id);
    w.fill(id, 100, 10);
    w.quote('AAA', 9.99, 10.01);
    w.quote('ABC', 9.9, 9.92);
    expect(ask(w, 1, 'AAA')).toBe('cleared');
    w.answer(lastPosted(w), { kind: 'unsent', because: 'no connection' });
    w.quote('ABC', 9.89, 9.92);
    expect(ask(w, 1, 'AAA')).toBe('STRATEGY_PAUSED');
  });
});

describe('the usual volume', () => {
  it('is the mean of the sessions, and not known where one of them says nothing of it', () => {
    expect(meanVolume([{ volume: 100 }, { volume: 300 }])).toBe(200);
    expect(meanVolume([{ volume: 100 }, { volume: 0 }])).toBeNull();
    expect(meanVolume([{ volume: Number.NaN }])).toBeNull();
    expect(meanVolume([])).toBeNull();
  });
});
