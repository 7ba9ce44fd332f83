// The baseline's verdict binds what a strategy opens, and the second price of every fill that verdicts are made of.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/decision.ts';
import { usd } from '../../../src/domain/money.ts';
import { buy, micros, sell } from '../risk/contexts.ts';
import { market, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

/** The baseline says how a strategy stands from now on. */
function rule(w: EngineWorld, standings: { readonly [id: string]: string }): void {
  const memory: Json = {
    other: 'things',
    standings: Object.fromEntries(Object.entries(standings).map(([id, standing]) => [id, { standing, month: '2026-02' }])),
  };
  w.tick('manage', [{ kind: 'remember', memory }]);
}
const pair = (): EngineWorld => market({ strategies: ['base', 'dip'] });
const last = (w: EngineWorld) => w.turns.flatMap((t) => t.decisions).at(-1);
const standings = (w: EngineWorld) => w.notes('strategy.standing').map((n) => [n.severity, n.detail]);

describe('a strategy on probation', () => {
  it('opens half of what it asks for, rounded down, with half of the loss', () => {
    const w = pair();
    rule(w, { dip: 'PROBATION' });
    w.open({ ...buy('ABC', 10, 5), maxLoss: usd(50_000_000) }, 'dip');
    expect(working(w).qty).toBe(2);
    expect(last(w)?.decision).toMatchObject({ kind: 'open', qty: 2, maxLoss: 20_000_000 });
  });
  it('opens nothing where half of it is none, and says so', () => {
    const w = pair();
    rule(w, { dip: 'PROBATION' });
    w.open(buy('ABC', 10, 1), 'dip');
    expect(w.take('send')).toEqual([]);
    expect(w.ledger.orders.size).toBe(0);
    expect(last(w)?.decision).toMatchObject({ kind: 'pass', subject: 'ABC', code: 'PROBATION' });
  });
  it('leaves the others as they are', () => {
    const w = pair();
    rule(w, { dip: 'PROBATION' });
    w.open(buy('ABC', 10, 4), 'base');
    expect(working(w).qty).toBe(4);
  });
});

describe('a suspended strategy', () => {
  it('is not asked for entries, and closes what it holds', () => {
    const w = pair();
    w.open(buy('ABC', 10, 4), 'dip');
    w.fill(working(w).id, 4, 10);
    rule(w, { dip: 'SUSPEND' });
    w.open(buy('ABC', 10, 4), 'dip');
    expect(last(w)?.decision).toMatchObject({ kind: 'pass', subject: '*', code: 'SUSPENDED', why: expect.stringContaining('2026-02') });
    w.close(sell('ABC', 10, 4), 'dip');
    expect(working(w)).toMatchObject({ purpose: 'C', qty: 4 });
  });
  it('stays so over a crash, until the baseline says otherwise', () => {
    const w = pair();
    rule(w, { dip: 'SUSPEND' });
    w.crash();
    w.ready();
    w.open(buy('ABC', 10, 4), 'dip');
    expect(last(w)?.decision).toMatchObject({ code: 'SUSPENDED' });
    rule(w, { dip: 'ACTIVE' });
    w.open(buy('ABC', 10, 4), 'dip');
    expect(working(w).qty).toBe(4);
  });
});

it('a change of standing is told once, a suspension for a person to see', () => {
  const w = pair();
  rule(w, { dip: 'ACTIVE' });
  rule(w, { dip: 'SUSPEND', mwk: 'PROBATION' });
  rule(w, { dip: 'SUSPEND', mwk: 'PROBATION' });
  rule(w, { mwk: 'PROBATION' });
  expect(standings(w)).toEqual([
    ['major', { strategy: 'dip', from: 'ACTIVE', to: 'SUSPEND', month: '2026-02' }],
    ['minor', { strategy: 'mwk', from: 'ACTIVE', to: 'PROBATION', month: '2026-02' }],
    ['info', { strategy: 'dip', from: 'SUSPEND', to: 'ACTIVE', month: null }],
  ]);
});

it('nobody else can say how a strategy stands', () => {
  const w = pair();
  w.tick('manage', [{ kind: 'remember', memory: { standings: { base: { standing: 'SUSPEND', month: '2026-02' } } } }], 'dip');
  w.open(buy('ABC', 10, 4), 'base');
  expect(working(w).qty).toBe(4);
  expect(standings(w)).toEqual([]);
});

describe('the penalty of a trade', () => {
  const seen = (w: EngineWorld, strategy = 'base') => {
    w.tick('manage', [], strategy);
    const context = w.scripts.get(strategy)?.seen;
    if (context === null || context === undefined) throw new Error('the strategy was not asked');
    return context.book;
  };
  it('is half the spread quoted as each of its orders was decided, in sight of all strategies', () => {
    const w = pair();
    w.quote('ABC', 9.98, 10.02);
    w.open(buy('ABC', 10, 5), 'dip');
    const { id, ladder } = working(w);
    w.quote('ABC', 9.5, 10.5); // what it is quoted later is not what it was decided in
    w.fill(id, 2, 9.99);
    expect(seen(w).penalties.get(ladder)).toBe(micros(2 * 0.02));
    w.fill(id, 5, 10);
    w.quote('ABC', 10.4, 10.5);
    w.close({ ...sell('ABC', 10.4, 5), code: 'TARGET', key: 'TARGET' }, 'dip');
    w.fill(working(w).id, 5, 10.4);
    expect(seen(w).penalties.get(ladder)).toBe(micros(5 * 0.02 + 5 * 0.05));
    expect(seen(w).trades.map((t) => [t.id, t.owner, t.exit])).toEqual([[ladder, 'dip', 'TARGET']]);
  });
  it('is not known for a trade of which one order was decided without a quote', () => {
    const w = pair();
    w.open(buy('ABC', 10, 5), 'dip');
    const { id, ladder } = working(w);
    w.fill(id, 5, 10);
    expect(seen(w).penalties.has(ladder)).toBe(true);
    w.advance(60_000, 'stale');
    w.close(sell('ABC', 10, 2), 'dip');
    w.fill(working(w).id, 2, 10);
    expect(seen(w).penalties.has(ladder)).toBe(false);
  });
  it('counts nothing for a trade that an earlier process began and nobody reckoned', () => {
    const w = pair();
    w.open(buy('ABC', 10, 5), 'dip');
    const { id, ladder } = working(w);
    w.fill(id, 2, 10);
    w.crash(); // this ledger keeps no quotes
    w.ready();
    w.fill(id, 5, 10);
    expect(seen(w).penalties.has(ladder)).toBe(false);
  });
});
