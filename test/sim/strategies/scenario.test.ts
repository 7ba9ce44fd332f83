import { describe, expect, it } from 'vitest';
import { flat } from '../script/closes.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { scenario } from './scenario.ts';

/** A fund at rest, bought at twenty past three. */
const market = scriptedMarket({
  id: 'rest',
  from: '2026-03-02',
  to: '2026-03-02',
  names: [{ symbol: 'SPY', fund: true, history: flat(10, 500), wiggle: 0, days: {} }],
});
const options = {
  market,
  strategies: { base: { benchmarks: ['SPY'], target_weight: 0.2 } },
  start: '2026-03-02 15:18',
  speed: 30,
} as const;

describe('a scenario', () => {
  it('goes on over a crash from what is on disk', async () => {
    await scenario(options, async ({ book, seen, world, until, now }) => {
      await seen('shares', () => book.held('base')['SPY'] === 40, '2026-03-02 15:22');
      expect(now() < '2026-03-02 15:22').toBe(true);
      world.crash(2_000);
      expect(world.beliefs()).toBeNull();
      await until('2026-03-02 15:30');
      expect(world.counts).toMatchObject({ processes: 2, crashes: 1 });
      expect(world.beliefs()?.ready()).toBe(true);
      expect(book.held('base')).toEqual({ SPY: 40 });
      expect(book.orders('base').filter((order) => order.purpose === 'O')).toHaveLength(1);
    });
  }, 60_000);

  it('fails when what it waits for does not come, when a story does not hold, and on a strategy there is none of', async () => {
    const waits = scenario(options, ({ seen, book }) => seen('a sale', () => book.closures('base').length > 0, '2026-03-02 15:23'));
    await expect(waits).rejects.toThrow('not by 2026-03-02 15:23: a sale');
    const claims = scenario(options, async ({ book }) => expect(book.cash()).toBe(1));
    await expect(claims).rejects.toThrow('to be 1');
    await expect(scenario({ ...options, strategies: { nobody: {} } }, () => Promise.resolve())).rejects.toThrow(
      "there is no strategy 'nobody'",
    );
  }, 60_000);
});
