import { describe, expect, it } from 'vitest';
import { faultKinds, parseFaults, type SwarmOptions, swarmOptions } from '../../../src/lab/swarm.ts';

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const drawn = (kinds: Parameters<typeof swarmOptions>[0]['kinds'], days = 1): readonly SwarmOptions[] =>
  seeds.map((seed) => swarmOptions({ seed, days, kinds }));

describe('the options of a seed', () => {
  it('are the same each time', () => {
    expect(drawn(faultKinds)).toEqual(drawn(faultKinds));
  });

  it('hold no fault when none may be drawn', () => {
    for (const { faults, lostPerMille, latency, network } of drawn([]))
      expect({ faults, lostPerMille, latency, network }).toEqual({
        faults: [],
        lostPerMille: 0,
        latency: { least: 1, most: 3, spikesPerMille: 0, spikeMs: 0 },
        network: { perMille: 0, ways: [] },
      });
  });

  it('leave each kind wholly out of some seeds and keep the others as they are', () => {
    const [all, crashes] = [drawn(faultKinds), drawn(['crash'])];
    const of = (options: SwarmOptions, kind: string) => options.faults.filter((fault) => fault.kind === kind);
    for (const kind of ['crash', 'stream']) {
      const without = all.filter((options) => of(options, kind).length === 0).length;
      expect(without).toBeGreaterThan(20);
      expect(without).toBeLessThan(180);
    }
    expect(all.map((options) => of(options, 'crash'))).toEqual(crashes.map((options) => options.faults));
    expect(crashes.every((options) => of(options, 'stream').length === 0)).toBe(true);
  });

  it('stay within their bounds: at most 4 crashes a day and 6 broken lines, inside the sessions', () => {
    for (const { faults, speed, wheel } of drawn(faultKinds, 3)) {
      expect(faults.filter((fault) => fault.kind === 'crash').length).toBeLessThanOrEqual(12);
      expect(faults.filter((fault) => fault.kind === 'stream').length).toBeLessThanOrEqual(6);
      for (const { atMs } of faults) expect(atMs).toBeLessThanOrEqual((3 * 23_400_000) / speed);
      expect(new Set(wheel.universe).size).toBe(wheel.universe.length);
    }
  });
});

describe('the word of --faults', () => {
  it.each([
    ['all', faultKinds],
    ['none', []],
    ['crash', ['crash']],
    ['latency, stream', ['latency', 'stream']],
    ['storms', undefined],
    ['crash,', undefined],
    ['', undefined],
  ])('%j', (text, kinds) => {
    expect(parseFaults(text)).toEqual(kinds);
  });
});
