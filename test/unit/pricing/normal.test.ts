import { describe, expect, it } from 'vitest';
import { inverseNormalCdf, normalCdf, normalPdf } from '../../../src/pricing/normal.ts';

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

// Tail values to 20 digits from the continued fraction of Mills' ratio, evaluated in extended precision.
const tails: readonly (readonly [x: number, p: number])[] = [
  [0, 0.5],
  [-0.3, 0.3820885778110474],
  [-1, 0.15865525393145705],
  [-2, 0.02275013194817921],
  [-3, 0.0013498980316300946],
  [-5, 2.866515718791939e-7],
  [-8, 6.220960574271784e-16],
  [-10, 7.619853024160525e-24],
  [-20, 2.7536241186062337e-89],
  [-35, 1.1249107064724062e-268],
];

describe('normalCdf', () => {
  it.each(tails)('holds its relative accuracy at %d', (x, p) => {
    expect(relative(normalCdf(x), p)).toBeLessThan(2e-15);
    expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
  });

  it('reaches its limits without a number that is none', () => {
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(-40)).toBe(0);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });

  it('has no seam where its approximations meet', () => {
    for (const seam of [-0.46875 * Math.SQRT2, -4 * Math.SQRT2]) {
      expect(relative(normalCdf(seam - 1e-13), normalCdf(seam + 1e-13))).toBeLessThan(2e-12);
    }
  });
});

describe('normalPdf', () => {
  it('is the slope of the distribution', () => {
    for (const x of [-3, -1, 0, 0.5, 2]) {
      expect((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5).toBeCloseTo(normalPdf(x), 9);
    }
  });
});

describe('inverseNormalCdf', () => {
  it.each([1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.02425, 0.1, 0.3, 0.5])('gives back the probability %d', (p) => {
    expect(relative(normalCdf(inverseNormalCdf(p)), p)).toBeLessThan(1e-12);
  });

  it('is odd about one half and has the limits of the line', () => {
    expect(inverseNormalCdf(0.75)).toBeCloseTo(0.674489750196082, 14);
    expect(inverseNormalCdf(0.25)).toBe(-inverseNormalCdf(0.75));
    expect(inverseNormalCdf(0)).toBe(-Infinity);
    expect(inverseNormalCdf(1)).toBe(Infinity);
    expect(inverseNormalCdf(1.1)).toBeNaN();
  });
});
