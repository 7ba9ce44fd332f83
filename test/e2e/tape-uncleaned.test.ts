// Chains that were not cleaned never bring an order, in a market where their cleaned twin brings one of every strategy that can trade there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategies } from '../../src/strategies/registry.ts';
import { scratch } from './process.ts';
import { forgetRuns, type OneChain, type Played, play, shared, tapeOfOneChain } from './recorded.ts';

const MINUTE = 60_000;
const ten = strategies.map(({ id }) => id as string);

/** Everything switched on, about NVDA alone, its trend and its volume no reason against it, nor that all ask for it in one minute. */
const favourable = `
[risk.rate]
symbol_per_minute = 60
symbol_burst = 10
[strategies.base]
enabled = false
[strategies.wheel]
universe = ["NVDA"]
min_volume = 0
[strategies.dip]
universe = ["NVDA"]
[strategies.dcs]
universe = ["NVDA"]
trend_min = 0
trend_exit_sma_sessions = 100
pop_min = 0.2
min_volume = 0
[strategies.zdte]
universe = ["NVDA"]
width_usd = { NVDA = 5 }
[strategies.mwk]
universe = ["NVDA"]
[strategies.leaps]
entry_minutes_after_open = 45
composite_min = 0
entry_timing_min = 0
[strategies.swing]
universe = ["NVDA"]
one_name = []
leveraged = []
[strategies.lotto]
universe = ["NVDA"]
`;

/** All seen at ten in the morning, so that no hour stands between a chain and an order: one was recorded a minute before a close. */
const chains: Readonly<Record<string, OneChain>> = {
  cleaned: { file: 'chains/NVDA_2025-11_2025-12.csv.gz', moment: '2025-12-04T15:18-05:00', seenAt: '10:00' },
  ghosts: { file: 'dirty/NVDA_2025-12-04.csv.gz', moment: '2025-12-04T15:18-05:00', seenAt: '10:00' },
  'stale, beside a wrong price': { file: 'dirty/NVDA_2025-11-28.csv.gz', moment: '2025-11-28T12:59-05:00', seenAt: '10:00' },
};

describe.skipIf(shared === undefined)('a run on WSB_SHARED, chains that were not cleaned', () => {
  const played = new Map<string, Played>();
  beforeAll(async () => {
    const config = join(scratch('cfg'), 'favourable.toml');
    writeFileSync(config, favourable);
    await Promise.all(
      Object.entries(chains).map(async ([name, chain]) => {
        const day = chain.moment.slice(0, 10);
        played.set(name, await play(tapeOfOneChain(chain), `${day}T09:50`, `${day}T10:35`, ['--config', config]));
      }),
    );
  }, 4 * MINUTE);
  afterAll(forgetRuns);

  it('trades by all that can trade there when the same moment was cleaned', () => {
    const run = played.get('cleaned');
    expect(run?.code, run?.stderr).toBe(0);
    for (const id of ['wheel', 'dcs', 'leaps']) {
      const denied = run?.lines.filter((line) => line.event === 'intent.denied' && line['strategy'] === id).map((line) => line['code']);
      const said = [...(run?.codes(id).get('NVDA') ?? [])];
      expect(run?.opened(id).length, `${id}: passed as ${said.join(', ')}; denied as ${denied?.join(', ')}`).toBeGreaterThan(0);
    }
  });

  it.each(['ghosts', 'stale, beside a wrong price'])('sends no order by any of the ten on one with %s', (name) => {
    const run = played.get(name);
    expect(run?.code, run?.stderr).toBe(0);
    expect(ten.flatMap((id) => run?.opened(id) ?? [])).toEqual([]);
    expect([...(run?.codes('wheel').get('NVDA') ?? [])]).toContain('NO_EXPIRY_IN_RANGE');
    expect([...(run?.codes('leaps').get('NVDA') ?? [])]).toContain('NO_EXPIRY_IN_RANGE');
    const stopped = run?.lines.find((line) => line.event === 'run.stopped');
    expect(JSON.stringify(stopped?.['assumptions'])).toMatch(/NVDA: chain of \S+ left out: \d{4} of \d{4} quotes cannot be of a share at/);
  });
});
