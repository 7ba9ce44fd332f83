// S-46: whatever the chain, each strategy takes the contracts that a search over all of them takes, and says why not the others.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choices } from './selection/choices.ts';
import { compare, momentOf, type Tally } from './selection/compare.ts';
import { drawn, drawnWorld, NAME } from './selection/markets.ts';

describe('S-46: contracts chosen from drawn chains', { timeout: 120_000 }, () => {
  const tally: Tally = new Map();
  it('are those that an independent search over everything listed finds, with a reason counted for each of the others', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const m = momentOf(drawnWorld(d), NAME, d.spot, Math.round(d.spot * (0.94 + 0.12 * d.basis) * 100) / 100);
        if (m !== undefined) compare(m, tally, JSON.stringify(d));
      }),
      { numRuns: 60, seed: 46 },
    );
  });
  it.each(Object.keys(choices))('%s: found something in enough of them, and nothing in some', (what) => {
    const { asked = 0, found = 0 } = tally.get(what) ?? {};
    expect(found).toBeGreaterThanOrEqual(5);
    expect(asked - found).toBeGreaterThanOrEqual(3);
  });
});
