import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runSeed } from '../../src/lab/run-seed.ts';
import { simulate, simulateSeeds } from '../../src/lab/simulate.ts';
import { afternoon } from './scenario.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stormy = afternoon({
  faults: [
    // Before twenty past three, when the first order leaves: the crash strikes at its acceptance.
    { kind: 'stream', what: 'cut', atMs: 3_000 },
    { kind: 'crash', point: 'after_accept', atMs: 4_000, downMs: 3_000 },
  ],
  latency: { least: 2, most: 60, spikesPerMille: 4, spikeMs: 800 },
  lostPerMille: 50,
});

describe('a seed', () => {
  it('gives the same digest twice in one process, faults and all', async () => {
    const first = await runSeed({ swarm: stormy });
    const second = await runSeed({ swarm: stormy });
    expect(first.violations).toEqual([]);
    expect(first.crashes).toBe(1);
    expect(second).toEqual(first);
  }, 60_000);

  it('differs from the next seed', async () => {
    const [one, next] = [await runSeed({ swarm: afternoon() }), await runSeed({ swarm: afternoon({ seed: 8 }) })];
    expect(one.digest).not.toBe(next.digest);
  }, 60_000);

  it('gives the same document in processes of their own, two at once, whole days, through the command line', async () => {
    const seeds = { days: 1, faults: ['crash', 'stream'], logTo: null } as const;
    const here = await simulate({
      firstSeed: 5,
      seeds: 2,
      days: 1,
      jobs: 1,
      batch: 1,
      runBatch: simulateSeeds(seeds),
      told: () => undefined,
    });
    const there = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'simulate', '--first-seed', '5', '--seeds', '2', '--jobs', '2', '--faults', 'crash,stream'],
      { cwd: root, encoding: 'utf8' },
    );
    expect(there.status).toBe(0);
    expect(there.stdout.trimEnd().split('\n').at(-1)).toBe(`RESULT ${JSON.stringify(here)}`);
    expect(there.stderr).toMatch(/^seed 5: ok; /m);
  }, 180_000);
});
