import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash32, seededRng } from '../../../src/base/rng.ts';

const draws = (seed: number, n = 50): readonly number[] => {
  const rng = seededRng(seed);
  return Array.from({ length: n }, () => rng.float());
};

describe('seeded randomness', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
  });
  it('stays inside its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, lo, width) => {
        const rng = seededRng(seed);
        for (let i = 0; i < 20; i++) {
          const n = rng.int(lo, lo + width);
          expect(Number.isInteger(n) && n >= lo && n <= lo + width).toBe(true);
        }
      }),
    );
  });
  it('gives a fork that depends on its name and the seed, not on what was drawn before', () => {
    const untouched = seededRng(3);
    const used = seededRng(3);
    used.float();
    used.normal();
    expect(used.fork('fills').float()).toBe(untouched.fork('fills').float());
    expect(untouched.fork('fills').float()).not.toBe(untouched.fork('quotes').float());
  });
  it('draws chances and normals with the right frequency', () => {
    const rng = seededRng(11);
    const n = 20_000;
    const hits = Array.from({ length: n }, () => rng.chance(1, 4)).filter(Boolean).length;
    expect(Math.abs(hits / n - 0.25)).toBeLessThan(0.02);
    const normals = Array.from({ length: n }, () => rng.normal());
    const mean = normals.reduce((a, b) => a + b, 0) / n;
    const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
  it('hashes texts to 32 bits that differ with text and seed', () => {
    expect(hash32('a')).not.toBe(hash32('b'));
    expect(hash32('a', 1)).not.toBe(hash32('a', 2));
    expect(hash32('a') >>> 0).toBe(hash32('a'));
  });
});
