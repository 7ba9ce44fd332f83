// A dry run over a broker that is written down: what each strategy is asked, what its faults cost the others, and that nothing leaves.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configuredStrategies, mayOpen } from '../../../src/cli/strategies/configured.ts';
import { planned } from '../../../src/cli/strategies/plan.ts';
import { createRehearsal, emptyLedger, type Rehearsal } from '../../../src/cli/strategies/rehearsal.ts';
import { evaluationOf, exitCodeOf, stateOf } from '../../../src/cli/strategies/verdict.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import { type StrategyId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import { epochMs, monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Quote } from '../../../src/market/quote.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { MarketData } from '../../../src/ports/market-data.ts';
import { type AnyStrategy, defineStrategy, noNeeds } from '../../../src/strategies/strategy.ts';
import { openDesk } from '../engine/desk.ts';

const SPY = symbol('SPY');
const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const day = tradingDay('2026-11-23');
const at = calendar.instant(day, 11, 0);
const shipped = loadConfig({ env: {}, cwd: '/nowhere' });
if (!shipped.ok) throw new Error(shipped.problems.join('\n'));
const { risk } = shipped.config;

const buy = (): Decision => ({
  kind: 'open',
  subject: SPY,
  code: 'ENTRY',
  why: 'as told',
  gates: [],
  key: 'buy',
  legs: legs(leg(equity(SPY), 'buy', 'open')),
  qty: qty(10),
  prices: { rungs: [price(100_010_000)], stepMs: 1000 },
  maxLoss: usd(1_000_100_000),
});

const strategy = (id: string, over: Partial<AnyStrategy> = {}): AnyStrategy =>
  defineStrategy({
    id,
    title: id,
    version: 1,
    optionsLevel: 0,
    params: z.strictObject({}),
    schedule: () => [
      { name: 'entry', phase: 'entry', at: [{ from: 'open', minutes: 60 }] },
      { name: 'manage', phase: 'manage', everyMs: 60_000, start: { from: 'open', minutes: 1 }, end: { from: 'close', minutes: -1 } },
    ],
    watches: () => ({ ...noNeeds, quotes: [SPY] }),
    chains: () => [],
    evaluate: () => [buy()],
    manage: () => [],
    exits: () => [],
    protection: () => ({ kind: 'waiver', why: 'as told' }),
    ...over,
  });

const thrower = (): never => {
  throw new Error('out of its depth');
};

interface Stage {
  readonly rehearsal: Rehearsal;
  readonly reads: () => number;
}

/** A rehearsal at 11:00 with 100,000 in cash; the broker can be read, and nothing else of it exists. */
function stage(strategies: readonly AnyStrategy[], { heard = true, level = 3 } = {}): Stage {
  let mono = 1_000;
  let reads = 0;
  const now = (): Now => ({ exchange: epochMs(at + mono), mono: monoMs(mono), speed: 1 });
  const after: Clock['after'] = (ms, ring) => {
    queueMicrotask(() => {
      mono += ms;
      ring();
    });
    return () => undefined;
  };
  const clock: Clock = { now, after, wallUntil: () => 0 };
  const desk = openDesk(100_000, () => day);
  Object.assign(desk.account, { optionsLevel: level });
  const quote = (): Quote => ({
    symbol: SPY,
    bid: price(99_990_000),
    ask: price(100_010_000),
    bidSize: 1000,
    askSize: 1000,
    at: now().exchange,
    seen: now().mono,
    ageAtSightMs: 0,
    provenance: 'live',
  });
  const data: Partial<MarketData> = {
    quotes: () => Promise.resolve({ ok: true, value: new Map([[SPY, quote()]]) }),
    dailyBars: () => Promise.resolve({ ok: true, value: new Map() }),
    assets: () => Promise.resolve({ ok: true, value: new Map([[SPY, { tradable: true, options: true }]]) }),
  };
  const rehearsal = createRehearsal({
    world: {
      strategies: strategies.map((one) => ({ strategy: one, params: {}, enabled: false })),
      calendar,
      limits: risk,
      rate: 0.04,
      dividendYields: new Map(),
      assumed: new Map(),
      optionFeed: 'opra',
    },
    clock,
    data: data as MarketData,
    broker: {
      snapshot: () => {
        reads += 1;
        return Promise.resolve({ ok: true, value: desk.snapshot(now()) });
      },
    },
    account: 'PA3SIM0001',
    loaded: emptyLedger,
    earnings: [],
    macro: null,
    heardSince: heard ? { ...now(), mono: monoMs(0) } : null,
    volatility: 'one',
  });
  return { rehearsal, reads: () => reads };
}

const cue = (id: string, phase: 'entry' | 'manage' = 'entry') => ({ strategy: strategyId(id), phase, slot: phase, slotAt: at });

describe('a rehearsal', () => {
  it('asks a strategy that is switched off, judges what it would do, and begins anew each time: nothing of it was ordered', async () => {
    const { rehearsal, reads } = stage([strategy('wheel')]);
    for (const time of [1, 2]) {
      const { turn } = await rehearsal.run(cue('wheel'));
      expect(evaluationOf(turn, 'entry', 'entry').said).toMatchObject([
        { subject: SPY, kind: 'open', code: 'ENTRY', verdict: 'cleared', denial: null },
      ]);
      expect(reads()).toBe(time);
    }
  });

  it.each(['watches', 'chains', 'evaluate'] as const)('takes what a strategy throws in %s for its own failure', async (call) => {
    const { rehearsal } = stage([strategy('wheel', { [call]: thrower }), strategy('base')]);
    const failed = evaluationOf((await rehearsal.run(cue('wheel'))).turn, 'entry', 'entry');
    expect(failed.fault).toMatchObject({ call, why: 'Error: out of its depth' });
    expect(stateOf(false, [], [failed])).toBe('failed');
    const other = evaluationOf((await rehearsal.run(cue('base'))).turn, 'entry', 'entry');
    expect(other).toMatchObject({ fault: null, said: [{ kind: 'open' }] });
  });

  it('takes silence about every name for a failure, but not in managing nothing', async () => {
    const { rehearsal } = stage([strategy('wheel', { evaluate: () => [] })]);
    expect(evaluationOf((await rehearsal.run(cue('wheel'))).turn, 'entry', 'entry').fault?.why).toBe('it said nothing about any name');
    expect(evaluationOf((await rehearsal.run(cue('wheel', 'manage'))).turn, 'manage', 'manage').fault).toBeNull();
  });

  it('abstains by name where the trade stream is silent', async () => {
    const { rehearsal } = stage([strategy('wheel')], { heard: false });
    const { said, fault } = evaluationOf((await rehearsal.run(cue('wheel'))).turn, 'entry', 'entry');
    expect(fault).toBeNull();
    expect(said).toMatchObject([{ subject: '*', kind: 'pass', code: 'RECON_PENDING' }]);
  });

  it('abstains by name under an options level that is too low', async () => {
    const { rehearsal } = stage([strategy('wheel', { optionsLevel: 3 })], { level: 2 });
    const { said } = evaluationOf((await rehearsal.run(cue('wheel'))).turn, 'entry', 'entry');
    expect(rehearsal.optionsLevel()).toBe(2);
    expect(said).toMatchObject([{ code: 'LEVEL_TOO_LOW' }]);
  });
});

describe('the end of a verification', () => {
  it.each([
    [['ok', 'ok'], 0],
    [['ok', 'lacks'], 1],
    [['failed', 'ok'], 1],
    [['invalid', 'failed'], 20],
  ] as const)('%j is %i', (states, code) => {
    expect(exitCodeOf(states.map((state) => ({ state })))).toBe(code);
  });

  it('is 1 for data that an enabled strategy cannot have, and not for one that opens nothing', () => {
    const need = { need: 'news', port: 'p', asked: 1, usable: 0, state: 'absent', missing: [], fix: null } as const;
    expect(stateOf(true, [need], [])).toBe('lacks');
    expect(stateOf(false, [need], [])).toBe('ok');
    expect(stateOf(true, [{ ...need, state: 'late' }], [])).toBe('ok');
  });
});

describe('the order of a rehearsal', () => {
  const two = ['wheel', 'base'].map((id) => ({ strategy: strategy(id), params: {}, enabled: true }));
  const afternoon = calendar.instant(day, 15, 5);
  const summary = (hops: boolean) =>
    planned(two, calendar, afternoon, hops).map((p) => [p.of.strategy.id as string, p.slot.name, p.at] as const);

  it('is the present instant where time is not ours', () => {
    expect(summary(false)).toEqual([
      ['wheel', 'entry', afternoon],
      ['wheel', 'manage', afternoon],
      ['base', 'entry', afternoon],
      ['base', 'manage', afternoon],
    ]);
  });

  it('is the next instant of each slot where it is, over night too, and what is held is managed then', () => {
    const next = calendar.instant(tradingDay('2026-11-24'), 10, 30);
    expect(summary(true).map(([, , when]) => when)).toEqual([next, next, next, next]);
  });
});

describe('the sections of strategies', () => {
  const env = (key: string, value: string) => ({ env: { [key]: value }, cwd: '/nowhere' });

  it('stand alone: what is wrong in one is told with it, and the others are read', () => {
    const found = configuredStrategies(env('WSB__STRATEGIES__WHEEL__IV_RANK_MIN', '101'));
    if (!found.ok) throw new Error(found.problems.join('\n'));
    expect([...found.invalid.keys()]).toEqual(['wheel']);
    expect(found.invalid.get('wheel')?.[0]).toContain('strategies.wheel.iv_rank_min');
    const ids = found.config.strategies.map((s) => s.strategy.id);
    expect(ids).not.toContain('wheel' as StrategyId);
    expect(ids).toContain('base' as StrategyId);
  });

  it('do not hide a problem elsewhere', () => {
    expect(configuredStrategies(env('WSB__RUN__SPEED', '-1'))).toMatchObject({ ok: false, exitCode: 20 });
  });

  it('say who may open: its own switch where a strategy has one', () => {
    const of = strategy('base');
    expect(mayOpen({ strategy: of, params: { enabled: false }, enabled: true })).toBe(false);
    expect(mayOpen({ strategy: of, params: {}, enabled: true })).toBe(true);
  });
});
