import { describe, expect, it } from 'vitest';
import { type LoadRequest, loadConfig } from '../../../src/config/load.ts';
import { liveLimits } from '../../../src/config/schema.ts';
import { strategies } from '../../../src/strategies/registry.ts';
import { workspace } from './workspace.ts';

const load = (request: Partial<LoadRequest>) => loadConfig({ env: {}, cwd: workspace().dir, ...request });

const mine = `[risk]
fat_finger_usd = "5000.00"
fat_finger_pct = 0.05
fat_finger_index_fund_pct = 0.2
contracts_max = 2
cash_buffer_pct = 0.1
`;

describe('the files that ship', () => {
  it.each(['sim', 'dry-run', 'paper'] as const)('set up %s with nothing added', (mode) => {
    const loaded = load({ mode });
    expect(loaded).toMatchObject({ ok: true, warnings: [], config: { run: { mode } } });
  });

  it('leave live to its operator: every limit is asked for, and nothing else', () => {
    const loaded = load({ mode: 'live', env: { WSB_LIVE: '123456789' } });
    expect(loaded.ok ? [] : loaded.problems.map((text) => text.split(':')[0])).toEqual(liveLimits.map((key) => `risk.${key}`));
    const place = workspace();
    expect(load({ mode: 'live', env: { WSB_LIVE: '123456789' }, paths: [place.write('mine.toml', mine)] })).toMatchObject({ ok: true });
  });

  it('have a section for each strategy of the registry, in its order', () => {
    const loaded = load({ mode: 'paper' });
    expect(loaded.ok && loaded.config.strategies.map(({ strategy }) => strategy.id)).toEqual(strategies.map(({ id }) => id));
    expect(loaded.ok && Object.keys(loaded.config.effective.table['strategies'] as object).sort()).toEqual(
      strategies.map(({ id }) => id as string).sort(),
    );
  });

  it.each([
    ['sim', true, 0.3],
    ['paper', false, 0.35],
  ] as const)('in %s hold the index fund: %s, at %f', (mode, enabled, target_weight) => {
    const loaded = load({ mode });
    const base = loaded.ok ? loaded.config.strategies.find(({ strategy }) => strategy.id === 'base') : undefined;
    expect(base?.params).toMatchObject({ enabled, target_weight });
  });

  it('give the wheel names in sim that an account of 100,000 can hold', () => {
    const loaded = load({ mode: 'sim' });
    const wheel = loaded.ok ? loaded.config.strategies.find(({ strategy }) => strategy.id === 'wheel') : undefined;
    expect(wheel).toMatchObject({ enabled: true, params: { universe: ['F', 'BAC', 'T', 'KO', 'PFE', 'INTC', 'WFC', 'C', 'VZ', 'PLTR'] } });
  });
});
