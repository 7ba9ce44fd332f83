import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { syntheticNames } from '../../../src/exchange/synthetic/names.ts';
import { someOf, universesOf } from '../../../src/lab/universes.ts';

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const narrowed = ['dip', 'dcs', 'mwk', 'swing', 'leaps', 'earn', 'lotto'] as const;

const leaves = (table: object): readonly (readonly string[])[] =>
  Object.values(table).flatMap((value: readonly string[] | object) =>
    Array.isArray(value) ? [value as readonly string[]] : leaves(value),
  );

it('keep every list a list of the shipped configuration: a misspelt one would be refused', () => {
  for (const seed of [1, 2]) {
    const overrides = { strategies: universesOf(seededRng(seed), narrowed) };
    const loaded = loadConfig({ mode: 'sim', env: {}, cwd: '.', stateDir: '/nowhere', overrides });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  }
});

describe('the names of a seed', () => {
  it('are few, and each is traded in the market of a seed', () => {
    const traded = syntheticNames.map(({ symbol }) => symbol);
    for (const seed of seeds) {
      const drawn = universesOf(seededRng(seed), narrowed);
      expect(Object.keys(drawn)).toEqual([...narrowed]);
      for (const names of Object.values(drawn).flatMap(leaves)) {
        expect(traded).toEqual(expect.arrayContaining([...names]));
        expect(names.length).toBeGreaterThan(0);
        expect(names.length).toBeLessThanOrEqual(8);
      }
    }
  });

  it('are left alone where a strategy narrows its list down by itself', () => {
    expect(universesOf(seededRng(1), ['zdte'])).toEqual({});
  });
});

describe('some of a list', () => {
  it('are one to so many, each once, and every count and name comes up', () => {
    const all = ['a', 'b', 'c', 'd'];
    const drawn = seeds.map((seed) => someOf(seededRng(seed), 3, all));
    for (const some of drawn) expect(new Set(some).size).toBe(some.length);
    expect([...new Set(drawn.map((some) => some.length))].sort()).toEqual([1, 2, 3]);
    expect([...new Set(drawn.flat())].sort()).toEqual(all);
  });
});
