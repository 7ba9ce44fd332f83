import { describe, expect, it } from 'vitest';
import type { SeedReport } from '../../../src/lab/run-seed.ts';
import { batchesOf, type SimulateOptions, simulate } from '../../../src/lab/simulate.ts';
import { swarmOptions } from '../../../src/lab/swarm.ts';

const report = (seed: number): SeedReport => ({
  seed,
  swarm: swarmOptions({ seed, days: 1, kinds: [] }),
  digest: `digest ${String(seed)}`,
  violations: seed === 5 ? [{ rule: 'I1', where: 'here', what: 'two orders' }] : [],
  crashes: 1,
  breaks: 2,
  struck: 3,
  turns: 4,
  filled: { wheel: 1, ...(seed === 4 ? { base: 2 } : {}) },
  orders: 5,
  noted: { 'order.filled': 7, ...(seed === 4 ? { 'order.unknown': 2 } : {}) },
  exitCode: 0,
});

const run = async (over: Partial<SimulateOptions> = {}): Promise<{ readonly told: readonly number[]; readonly result: unknown }> => {
  const told: number[] = [];
  const result = await simulate({
    firstSeed: 3,
    seeds: 3,
    days: 1,
    jobs: 1,
    batch: 10,
    runBatch: (seeds, take) => {
      for (const seed of seeds) take(report(seed));
      return Promise.resolve();
    },
    told: ({ seed }) => void told.push(seed),
    ...over,
  });
  return { told, result };
};

describe('a run of seeds', () => {
  it.each([
    [
      10,
      2,
      10,
      [
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
      ],
    ],
    [5, 2, 2, [[1, 2], [3, 4], [5]]],
    [3, 8, 10, [[1], [2], [3]]],
    [3, 1, 10, [[1, 2, 3]]],
  ] as const)('%i seeds over %i jobs, at most %i a process', (seeds, jobs, batch, expected) => {
    expect(batchesOf({ firstSeed: 1, seeds, jobs, batch })).toEqual(expected);
  });

  it('adds up what the seeds report', async () => {
    const { result } = await run();
    expect(result).toMatchObject({
      seeds: 3,
      firstSeed: 3,
      days: 3,
      crashes: 3,
      breaks: 6,
      struck: 9,
      turns: 12,
      orders: 15,
      filled: { base: 2, wheel: 3 },
      reached: { 'order.filled': 3, 'order.unknown': 1 },
      violations: [{ seed: 5, rule: 'I1', where: 'here', what: 'two orders' }],
    });
  });

  it('tells in the order of the seeds and says the same, whichever batch ends first', async () => {
    const waits: (() => void)[] = [];
    const late = run({
      jobs: 3,
      batch: 1,
      runBatch: (seeds, take) =>
        new Promise((resolve) => {
          waits.push(() => {
            for (const seed of seeds) take(report(seed));
            resolve();
          });
          if (waits.length === 3) for (const end of waits.reverse()) end();
        }),
    });
    expect(await late).toEqual(await run());
    expect((await late).told).toEqual([3, 4, 5]);
  });

  it('gives no result where a seed gave no report', async () => {
    const silent = run({
      runBatch: (seeds, take) => {
        for (const seed of seeds.slice(1)) take(report(seed));
        return Promise.resolve();
      },
    });
    await expect(silent).rejects.toThrow('3 of 3 seeds gave no report');
  });
});
