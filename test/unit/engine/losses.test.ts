// The account loses: what the engine makes of it in the same turn, what survives a crash, and what the next session brings.
import { describe, expect, it } from 'vitest';
import type { ControlOrder } from '../../../src/domain/control.ts';
import { parseScope } from '../../../src/domain/halt.ts';
import { strategyId } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import { buy, calendar, limits, micros, sell } from '../risk/contexts.ts';
import { working } from './scenes.ts';
import { type EngineWorld, engineWorld, type Given } from './world.ts';

const roomy = { ...limits, orderNotionalMax: usd(micros(90_000)), orderEquityPctMax: 0.9 };
const felt = { ...roomy, losses: { ...limits.losses, flattenStrategies: [strategyId('swing')] } };

/** What the broker says of the account from now on. */
const says = (w: EngineWorld, equity: number, lastEquity: number): void =>
  void Object.assign(w.desk.account, { equity: usd(micros(equity)), lastEquity: usd(micros(lastEquity)) });

/** 1,000 of ABC bought at 50 by `swing`, half of an account of 100,000: a dollar is one percent of it. */
function account(over: Partial<Given> = {}): EngineWorld {
  const w = engineWorld({ strategies: ['swing', 'base'], limits: felt, ...over });
  says(w, 100_000, 100_000);
  w.quote('ABC', 49.99, 50.01);
  w.quote('XYZ', 19.99, 20.01);
  w.bar('ABC', 50);
  w.bar('XYZ', 20);
  w.ready();
  w.desk.move('ABC', 1_000, -50_000);
  w.reconcile();
  w.reconcile();
  return w;
}
const look = (w: EngineWorld): Turn => w.push({ kind: 'wake' });
/** ABC at a price; a look some seconds later. */
function at(w: EngineWorld, price: number): Turn {
  w.quote('ABC', price - 0.01, price + 0.01);
  w.advance(6_000);
  return look(w);
}
const causes = (w: EngineWorld) => w.beliefs.halts.map((h) => h.cause ?? 'PERSON');
const denial = (w: EngineWorld): string | undefined => w.turns.flatMap((t) => t.decisions).at(-1)?.denial?.code;
const scope = (text: string) => parseScope(text) ?? { kind: 'account' as const };
const resume = (w: EngineWorld, of = 'account'): void => void w.operate({ action: 'resume', scope: scope(of), reason: 'looked at' });
/** The next session, ten minutes after its open, the account read anew. */
function nextSession(w: EngineWorld, lastEquity: number): void {
  const { open } = calendar.offset(calendar.dayOf(w.now().exchange), 1);
  const { close } = calendar.currentOrNext(w.now().exchange);
  w.advance(close + 1_000 - w.now().exchange, 'stale');
  look(w);
  w.advance(open + 10 * MINUTE - w.now().exchange);
  says(w, lastEquity, lastEquity);
  w.reconcile();
  w.take('reconcile');
}

describe('equity', () => {
  it('is cash and what is held at its mid; a transfer is neither profit nor loss', () => {
    const w = account();
    at(w, 50);
    expect(w.beliefs.losses()).toMatchObject({ equity: micros(100_000), dayPnl: 0, drawdown: 0, step: 'normal', factor: 1 });
    w.desk.cash += micros(20_000);
    w.desk.book({ id: '20260310120000000::csd', type: 'CSD', netAmount: usd(micros(20_000)) });
    says(w, 120_000, 100_000);
    w.reconcile();
    at(w, 49.5);
    expect(w.beliefs.losses()).toMatchObject({ equity: micros(119_500), dayPnl: micros(-500), day: -0.005 });
    expect(w.beliefs.losses().drawdown).toBeCloseTo(-0.5 / 120, 4);
  });
  it('leaves the result of each session beside the value at risk that was promised for it', () => {
    const w = account();
    at(w, 50);
    nextSession(w, 100_000);
    at(w, 49.9);
    nextSession(w, 99_900);
    const [only, ...more] = w.turns.flatMap((t) => (t.losses === null ? [] : [t.losses])).at(-1)?.varDays ?? [];
    expect(more).toEqual([]);
    expect(only).toMatchObject({ day: '2026-03-11', pnl: micros(-100) });
    expect(only?.promised).toBeGreaterThan(0);
  });
  it('S-54: is looked at within 15 s and on every fill, and a row is kept of each minute', () => {
    const w = account();
    at(w, 50);
    const turns = w.turns.length;
    w.open(buy('XYZ', 20, 100), 'base');
    const { id } = working(w);
    const filled = w.fill(id, 100, 20);
    expect(filled.equity).toMatchObject({ mark: 'booked', equity: micros(100_000), cash: micros(48_000), longValue: micros(52_000) });
    for (let s = 0; s < 180; s++) {
      w.advance(1_000);
      look(w);
    }
    const rows = w.turns.slice(turns).filter((t) => t.equity?.mark === 'minute');
    expect(rows.map((t) => Math.floor(t.at.exchange / MINUTE)).filter((m, i, all) => m === all[i - 1])).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    const before = w.beliefs.losses().equity;
    w.quote('ABC', 50.09, 50.11);
    w.advance(limits.losses.refreshMs);
    look(w);
    expect(w.beliefs.losses().equity).toBe((before ?? 0) + micros(100));
  });
  it('is not known while something held has no price for a minute: it is said once, nothing is zero, and the broker is asked', () => {
    const w = account();
    at(w, 50);
    w.advance(62_000, 'stale');
    look(w);
    w.advance(62_000, 'stale');
    const turn = look(w);
    expect(w.beliefs.losses().equity).toBeNull();
    expect(turn.equity).toMatchObject({ equity: null, why: 'EQUITY_UNKNOWN', longValue: null });
    expect(w.notes('equity.stale')).toMatchObject([{ severity: 'major', detail: { ms: expect.any(Number) } }]);
    expect(w.beliefs.losses().day).toBeNull();
    at(w, 50);
    expect(w.notes('equity.known')).toHaveLength(1);
    expect(w.notes('equity.stale')).toHaveLength(1);
  });
});

describe('a loss of the day', () => {
  it('S-56: at -1 % opens nothing from the same tick on, takes back what works, lets exits go, and calls for a person', () => {
    const w = account();
    at(w, 50);
    w.open(buy('XYZ', 19.9, 10), 'base');
    const resting = working(w);
    w.quote('ABC', 48.94, 48.96);
    const tick = w.open(buy('XYZ', 20, 10), 'base');
    expect(causes(w)).toEqual(['DAY_HALT']);
    expect(tick.notes).toContainEqual(expect.objectContaining({ event: 'halt.set', severity: 'critical' }));
    expect(tick.decisions).toMatchObject([{ decision: { kind: 'pass', code: 'DAY_HALT' } }]);
    expect(w.order(resting.id).state).toBe('canceling');
    expect(w.beliefs.losses()).toMatchObject({ step: 'halted', factor: 0 });
  });
  it('at -2 % closes what the named strategies hold, and nothing else', () => {
    const w = account();
    w.push({ kind: 'wake' });
    w.open(buy('ABC', 50, 100), 'swing');
    const { id } = working(w);
    w.fill(id, 100, 50);
    at(w, 47.5);
    expect(causes(w)).toEqual(['DAY_HALT', 'DAY_FLATTEN']);
    expect(w.beliefs.losses().step).toBe('flatten');
    const out = working(w);
    expect(out).toMatchObject({ strategy: 'swing', purpose: 'C', qty: 100 });
    const said = w.turns.flatMap((t) => t.decisions).findLast((d) => d.decision.kind === 'close');
    expect(said?.decision).toMatchObject({ code: 'LOSS_LIMIT', why: expect.stringContaining('DAY_FLATTEN') });
  });
  it('stands over a crash, and goes with the next session, which begins restricted', () => {
    const w = account();
    at(w, 50);
    at(w, 48.9);
    expect(causes(w)).toEqual(['DAY_HALT']);
    w.crash();
    w.ready();
    look(w);
    expect(causes(w)).toEqual(['DAY_HALT']);
    w.advance(30 * MINUTE, 'stale');
    expect(causes(w)).toEqual(['DAY_HALT']);
    at(w, 49.9);
    expect(causes(w)).toEqual(['DAY_HALT']);
    nextSession(w, 99_900);
    expect(causes(w)).toEqual([]);
    expect(w.notes('halt.lifted')).toHaveLength(1);
    expect(w.beliefs.losses()).toMatchObject({ step: 'restricted', factor: 0.25 });
    w.open(buy('XYZ', 20, 10), 'base');
    expect(working(w).qty).toBe(2);
    w.open(buy('XYZ', 20, 3), 'swing');
    expect(w.turns.flatMap((t) => t.decisions).at(-1)?.decision).toMatchObject({ kind: 'pass', code: 'SIZE_FACTOR' });
  });
  it('that a person lifts earlier opens a quarter, and halts again when as much is lost once more', () => {
    const w = account();
    at(w, 50);
    at(w, 48.9);
    resume(w);
    expect(causes(w)).toEqual([]);
    at(w, 48.85);
    expect(causes(w)).toEqual([]);
    w.open(buy('XYZ', 20, 8), 'base');
    expect(working(w).qty).toBe(2);
    at(w, 47.85);
    expect(causes(w)).toEqual(['DAY_HALT', 'DAY_FLATTEN']);
  });
  it('is left after two whole sessions without a further loss', () => {
    const w = account();
    at(w, 50);
    at(w, 48.9);
    for (const step of ['restricted', 'restricted', 'normal']) {
      nextSession(w, 98_900);
      expect(w.beliefs.losses().step).toBe(step);
    }
  });
});

describe('a loss of the week, the month, or from the highest close', () => {
  it('wants a person whatever the calendar says', () => {
    const w = account({ limits: { ...felt, losses: { ...felt.losses, weekHaltPct: 0.005, dayHaltPct: 0.5, dayFlattenPct: 0.5 } } });
    at(w, 50);
    at(w, 49.4);
    expect(causes(w)).toEqual(['WEEK_HALT']);
    nextSession(w, 99_400);
    expect(causes(w)).toEqual(['WEEK_HALT']);
    w.open(buy('XYZ', 20, 8), 'base');
    expect(w.turns.flatMap((t) => t.decisions).at(-1)?.decision).toMatchObject({ code: 'WEEK_HALT' });
    resume(w);
    at(w, 49.39);
    expect(causes(w)).toEqual([]);
    expect(w.beliefs.losses().step).toBe('restricted');
  });
  it('halves at the first step of the drawdown, halts at the second', () => {
    const losses = { ...felt.losses, dayHaltPct: 0.5, dayFlattenPct: 0.5, weekHaltPct: 0.5, monthHaltPct: 0.5 };
    const w = account({ limits: { ...felt, losses } });
    at(w, 50);
    at(w, 44.9);
    expect(w.beliefs.losses()).toMatchObject({ step: 'cautious', factor: 0.5 });
    at(w, 39.9);
    expect(causes(w)).toEqual(['DRAWDOWN_HALT']);
    at(w, 34.9);
    expect(causes(w)).toEqual(['DRAWDOWN_HALT', 'DRAWDOWN_FLATTEN']);
  });
});

describe('the volatility index', () => {
  it.each([
    [16, 8],
    [22, 6],
    [30, 4],
    [40, 2],
    [null, 4],
  ])('at %s leaves %d of 8', (vix, left) => {
    const w = account({ vix });
    at(w, 50);
    w.open(buy('XYZ', 20, 8), 'base');
    expect(working(w).qty).toBe(left);
  });
  it('above the last level opens nothing, and closes as ever', () => {
    const w = account({ vix: 50 });
    at(w, 50);
    w.open(buy('XYZ', 20, 8), 'base');
    expect(denial(w)).toBe('VOLATILITY');
    expect(w.take('post')).toEqual([]);
  });
  it('is not applied again at each rung', () => {
    const w = account({ vix: 30 });
    at(w, 50);
    const intent = buy('XYZ', 20, 8);
    w.open({ ...intent, prices: { ...intent.prices, rungs: [intent.prices.rungs[0], usd(micros(20.01)) as never] } }, 'base');
    const first = working(w);
    w.advance(11_000);
    const [cancel] = w.take('cancel');
    w.push({ kind: 'report', report: w.desk.end(cancel?.id ?? first.id, 'canceled') });
    expect([first.qty, working(w).qty]).toEqual([4, 4]);
  });
});

it('a position that is closed at a loss is as much of a loss as one that is held', () => {
  const w = account();
  w.open(buy('ABC', 50, 100), 'swing');
  w.fill(working(w).id, 100, 50);
  at(w, 49.5);
  w.close(sell('ABC', 49.5, 100), 'swing');
  const closed = w.fill(working(w).id, 100, 49.5);
  expect(closed.equity).toMatchObject({ realisedDay: micros(-50), dayPnl: micros(-550) });
});

describe('a person', () => {
  const wish = (w: EngineWorld, order: ControlOrder) => {
    const request = { key: `k-${String(w.turns.length)}`, actor: 'a', role: 'admin', reason: 'looked at', order, digest: '' } as const;
    return w.push({ kind: 'control', request }).control?.outcome;
  };
  it('lifts the deepest drawdown only when ledger and broker agree', () => {
    const losses = { ...felt.losses, dayHaltPct: 0.5, dayFlattenPct: 0.5, weekHaltPct: 0.5, monthHaltPct: 0.5 };
    const w = account({ limits: { ...felt, losses } });
    at(w, 50);
    at(w, 34.9);
    const order = { verb: 'resume', scope: scope('strategy:swing') } as const;
    w.desk.move('XYZ', 5);
    w.reconcile();
    expect(wish(w, order)).toMatchObject({ result: 'refused', code: 'NOT_READY' });
    w.reconcile();
    expect(wish(w, order)).toMatchObject({ result: 'done', answer: { lifted: 1 } });
  });
  it('switches no strategy on while the ladder stands at restricted', () => {
    const w = account();
    wish(w, { verb: 'disable', strategy: strategyId('base') });
    at(w, 50);
    at(w, 48.9);
    resume(w);
    expect(wish(w, { verb: 'enable', strategy: strategyId('base') })).toMatchObject({ result: 'refused', code: 'NOT_READY' });
  });
});
