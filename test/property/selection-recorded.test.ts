// S-46: over recorded chains (WSB_SHARED) each strategy takes the contracts that a search over all of them takes, and says why not the others.
import { describe, expect, it } from 'vitest';
import { choices } from './selection/choices.ts';
import { compare, momentOf, type Tally } from './selection/compare.ts';
import { snapshots } from './selection/markets.ts';

const shared = process.env['WSB_SHARED'];
const files = ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA']
  .map((name) => `${name}_2025-11_2025-12`)
  .concat(['AAPL', 'NVDA', 'QQQ', 'SPY'].map((name) => `${name}_2026-02`));

describe.skipIf(shared === undefined)('S-46: contracts chosen from the recorded chains of WSB_SHARED', { timeout: 240_000 }, () => {
  const tally: Tally = new Map();
  let moments = 0;
  it.each(files)('%s: are those that an independent search over everything listed finds', (file) => {
    for (const { at, world, spot, name } of snapshots(shared ?? '', file)) {
      const m = momentOf(world, name, spot, Math.round(spot * 101) / 100);
      if (m === undefined) continue;
      compare(m, tally, `${file} ${at}`);
      moments++;
    }
  });
  it('of which there are many, and in which all but the rarest choices find something', () => {
    expect(moments).toBeGreaterThanOrEqual(50);
    const barren = Object.keys(choices).filter((what) => (tally.get(what)?.found ?? 0) === 0);
    expect(barren).toEqual([]);
  });
});
