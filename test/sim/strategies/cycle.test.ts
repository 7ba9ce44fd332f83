import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { strategies } from '../../../src/strategies/registry.ts';
import { flat } from '../script/closes.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycleGaps } from './cycle.ts';
import { scenario } from './scenario.ts';

const market = scriptedMarket({
  id: 'rest',
  from: '2026-03-02',
  to: '2026-03-02',
  names: [{ symbol: 'SPY', fund: true, history: flat(10, 500), wiggle: 0, days: {} }],
});

describe('the whole cycle (S-28)', () => {
  it.each(strategies.map(({ id, title }) => [id, title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')]))(
    '%s has a story that goes through every stage',
    (id, name) => {
      const text = readFileSync(new URL(`${name}.test.ts`, import.meta.url), 'utf8');
      expect(text).toMatch(/\bawait cycle\(/);
      expect(text).toMatch(new RegExp(`book\\.trades\\('${id}'\\)`));
    },
  );

  it('names each stage that a story leaves out', async () => {
    const options = {
      market,
      strategies: { base: { benchmarks: ['SPY'], target_weight: 0.2 } },
      start: '2026-03-02 15:18',
      speed: 30,
    } as const;
    await scenario(options, async ({ until, world }) => {
      expect(cycleGaps(world.ledgerFile, 'base')).toEqual([
        'signal: no cleared decision to open',
        'order: no opening order that filled',
        'partial execution: no opening order was filled in parts',
        'exit: no decision to close whose order filled',
        'lots and closures: no trade that was opened and closed',
      ]);
      await until('2026-03-02 15:25');
      expect(cycleGaps(world.ledgerFile, 'base')).toEqual([
        'order: an order that still lives',
        'partial execution: no opening order was filled in parts',
        'exit: no decision to close whose order filled',
        'lots and closures: no trade that was opened and closed',
      ]);
    });
  }, 60_000);
});
