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
    ['base', { target_weight: 1.1 }],
    ['base', { instrument: 'BAC' }],
  ])('%s: refuses %j', (id, bad) => {
    expect(strategyById(strategyId(id))?.params.safeParse(bad).success).toBe(false);
  });
});

describe('the registry', () => {
  it('judges the wheel before the baseline, and knows nobody else', () => {
    expect(strategies.map((s) => s.id)).toEqual(['wheel', 'base']);
    expect(strategyById(strategyId('dip'))).toBeUndefined();
  });
  it.each(strategies.map((s) => [s.id, s] as const))('%s: manages all through the session, in halts too', (_id, strategy) => {
    const phases = strategy.schedule(strategy.params.parse({})).map((slot) => slot.phase);
    expect(phases).toContain('entry');
    expect(phases).toContain('manage');
  });
  it('protects the core with a stop and the wheel with a stated reason why not', () => {
    const kinds = strategies.map((s) => s.protection(s.params.parse({})));
    expect(kinds).toEqual([
      { kind: 'waiver', why: expect.stringContaining('cover calls') },
      { kind: 'stop', belowClosePct: 0.15 },
    ]);
  });
});
