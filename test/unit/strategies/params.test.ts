import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { strategyId } from '../../../src/domain/ids.ts';
import { strategies, strategyById } from '../../../src/strategies/registry.ts';

/** The strategies' sections of the shipped configuration, without the daemon's own switch where a strategy has none of that name. */
function shipped(): Readonly<Record<string, unknown>> {
  const file = parse(readFileSync(new URL('../../../config/base.toml', import.meta.url), 'utf8'));
  const sections = file['strategies'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return Object.fromEntries(
    Object.entries(sections).map(([id, { enabled, ...params }]) => {
      const own = strategyById(strategyId(id))?.params.safeParse({ enabled: false }).success === true;
      return [id, own ? { enabled, ...params } : params];
    }),
  );
}

describe('the parameters of every strategy', () => {
  it.each(strategies.map((s) => [s.id, s] as const))(
    '%s: the shipped configuration states every default, and nothing else',
    (id, strategy) => {
      const defaults = strategy.params.parse({});
      expect(shipped()[id]).toEqual(defaults);
    },
  );
  it.each(strategies.map((s) => [s.id, s] as const))('%s: refuses a key it does not know', (_id, strategy) => {
    expect(strategy.params.safeParse({ iv_rnak_min: 30 }).success).toBe(false);
  });
  it.each([
    ['wheel', { iv_rank_min: 101 }],
    ['wheel', { dte_min: 40 }],
    ['wheel', { put_delta_target: 0.31 }],
    ['wheel', { universe: [] }],
    ['wheel', { universe: ['BAC', 'BAC'] }],
    ['wheel', { universe: ['bac'] }],
    ['dip', { dip_max_pct: -0.01 }],
    ['dip', { dip_floor_pct: 0.1 }],
    ['dip', { dte_floor: 21 }],
    ['dip', { otm_target_pct: 0.08 }],
    ['leaps', { themes: { ai: [] } }],
    ['leaps', { themes: { tulips: ['XYZ'] } }],
    ['leaps', { closes_min: 200 }],
    ['leaps', { roll_dte: 100 }],
    ['leaps', { roll_delta: 0.88 }],
    ['leaps', { scale_out_levels: [1.2, 0.6] }],
    ['earn', { back_days_target: 46 }],
    ['earn', { exit_natural_minutes_after_open: 15 }],
    ['earn', { history_reports: 5 }],
    ['earn', { entry_end_minutes_before_close: 45 }],
    ['lotto', { catalyst_universe: ['SPY'] }],
    ['lotto', { premium_max_usd: 0.05 }],
    ['lotto', { rest_multiple: 3 }],
    ['lotto', { flat_minutes_before_close: 30 }],
    ['base', { target_weight: 1.1 }],
    ['zdte', { universe: ['DIA'] }],
    ['zdte', { flat_minutes_before_close: 59 }],
    [
      'zdte',
      {
        entry_windows_minutes_after_open: [
          [15, 120],
          [90, 240],
        ],
      },
    ],
    ['zdte', { short_delta_max: 0.5 }],
    ['base', { instrument: 'BAC' }],
  ])('%s: refuses %j', (id, bad) => {
    expect(strategyById(strategyId(id))?.params.safeParse(bad).success).toBe(false);
  });
});

describe('the registry', () => {
  it('judges in the order in which room is handed out, and knows nobody else', () => {
    const order = ['zdte', 'wheel', 'dcs', 'earn', 'dip', 'mwk', 'swing', 'leaps', 'lotto', 'base'];
    const ids = strategies.map((s) => s.id as string);
    expect(ids).toEqual(order.filter((id) => ids.includes(id)));
    expect(strategyById(strategyId('dips'))).toBeUndefined();
  });
  it.each(strategies.map((s) => [s.id, s] as const))('%s: manages all through the session, in halts too', (_id, strategy) => {
    const phases = strategy.schedule(strategy.params.parse({})).map((slot) => slot.phase);
    expect(phases).toContain('entry');
    expect(phases).toContain('manage');
  });
  it('protects shares with a stop or with a stated reason why not', () => {
    const of = (id: string) => {
      const strategy = strategyById(strategyId(id));
      return strategy?.protection(strategy.params.parse({}));
    };
    expect(of('wheel')).toEqual({ kind: 'waiver', why: expect.stringContaining('cover calls') });
    expect(of('base')).toEqual({ kind: 'stop', belowClosePct: 0.15 });
    for (const { id } of strategies) expect(of(id)).toBeDefined();
  });
});
