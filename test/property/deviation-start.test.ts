import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEAR_RATIO_MAX, nearStart, rationalStart } from '../../src/pricing/deviation-start.ts';
import { millsRatio, normalCdf, normalPdf } from '../../src/pricing/normal.ts';

const logBetween = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

/** p and 1 - p of a total deviation s at log-moneyness x, each in a form that loses nothing of the smaller of the two. */
function shares(x: number, s: number): readonly [number, number] {
  const a = x / s - s / 2;
  const b = x / s + s / 2;
  if (a > 0) {
    const p = normalPdf(a) * (millsRatio(a) - millsRatio(b));
    return [p, 1 - p];
  }
  const q = normalCdf(a) + normalPdf(a) * millsRatio(b);
  return [1 - q, q];
}

describe('the start of the search for a deviation', () => {
  it('by the table lies within 0.0003 of the root, and is there for all that is listed', () => {
    let near = 0;
    fc.assert(
      fc.property(logBetween(0.003, 1.2), logBetween(0.001, 8), (s, distance) => {
        const x = s * distance;
        const [p] = shares(x, s);
        const beta = p * Math.exp(-x / 2);
        fc.pre(p < 0.5 && x / beta < NEAR_RATIO_MAX);
        const start = nearStart(x, beta, x / beta);
        near++;
        expect(Math.abs(start / s - 1)).toBeLessThan(0.0003);
      }),
      { numRuns: 10_000 },
    );
    expect(near).toBeGreaterThan(5000);
  });

  it('by the table is refused or lies within 0.02 of the root at any deviation', () => {
    fc.assert(
      fc.property(logBetween(1, 30), logBetween(0.001, 8), (s, distance) => {
        const x = s * distance;
        const [p] = shares(x, s);
        const beta = p * Math.exp(-x / 2);
        fc.pre(p < 0.5 && x / beta < NEAR_RATIO_MAX);
        const start = nearStart(x, beta, x / beta);
        expect(start === 0 || Math.abs(start / s - 1) < 0.02).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  it('by the four branches lies within 0.4 of the root', () => {
    fc.assert(
      fc.property(logBetween(1e-12, 690), logBetween(0.003, 38), (x, distance) => {
        const s = x / distance;
        fc.pre(s < 30);
        const [p, q] = shares(x, s);
        fc.pre(p > 1e-300 && q > 1e-12);
        expect(Math.abs(rationalStart(x, p, q) / s - 1)).toBeLessThan(0.4);
      }),
      { numRuns: 20_000 },
    );
  });
});
