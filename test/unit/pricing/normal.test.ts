import { describe, expect, it } from 'vitest';
import { inverseNormalCdf, millsNear, millsRatio, normalCdf, normalPdf } from '../../../src/pricing/normal.ts';

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

describe('millsRatio', () => {
  // To 40 digits, rounded once.
  it.each([
    [0, 1.2533141373155003],
    [0.015625, 1.2378408674743555],
    [0.5, 0.8763644564536923],
    [1, 0.6556795424187984],
    [3, 0.3045902987101033],
    [8, 0.1231319632579323],
    [15.99, 0.0622973033085532],
    [16, 0.0622586659950262],
    [16.01, 0.06222007639758937],
    [40, 0.02498440420572057],
    [1000, 0.0009999990000029999],
  ])('at %d is right to the last bit', (y, expected) => {
    expect(relative(millsRatio(y), expected)).toBeLessThanOrEqual(2 ** -52);
  });

  it('obeys its differential equation between the nodes as at them', () => {
    // M' = y M - 1, by a difference of fourth order.
    for (let y = 0.1; y < 17; y += 0.0173) {
      const h = 1e-3;
      const slope = (8 * (millsRatio(y + h) - millsRatio(y - h)) - (millsRatio(y + 2 * h) - millsRatio(y - 2 * h))) / (12 * h);
      expect(Math.abs(slope - (y * millsRatio(y) - 1))).toBeLessThan(2e-12);
    }
  });

  it('falls, also from polynomial to polynomial', () => {
    for (let y = 1 / 64; y < 16.5; y += 1 / 32) expect(millsRatio(y - 1e-9)).toBeGreaterThan(millsRatio(y + 1e-9));
  });

  it('vanishes at infinity, is no number for none, and has the same bits without its end', () => {
    expect(millsRatio(Infinity)).toBe(0);
    expect(millsRatio(Number.NaN)).toBeNaN();
    for (let y = 0; y < 16; y += 0.0137) expect(millsNear(y)).toBe(millsRatio(y));
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

  // To 40 digits, rounded once.
  it.each([
    [1e-320, -38.26912534303265],
    [1e-300, -37.0470962993612],
    [1e-100, -21.273453560965326],
    [3e-12, -6.879649503269402],
    [1e-5, -4.264890793922825],
    [0.02, -2.053748910631823],
    [0.0750001, -1.4395307645017297],
    [0.2, -0.8416212335729142],
    [0.49, -0.025068908258711057],
    [0.4999999999, -2.506628482030354e-10],
    [0.5000001, 2.506628273311648e-7],
    [0.9, 1.2815515655446006],
    [0.99999, 4.264890793923841],
  ])('at %d is right to a few last bits', (p, expected) => {
    expect(relative(inverseNormalCdf(p), expected)).toBeLessThan(2e-15);
  });

  it('is odd about one half and has the limits of the line', () => {
    expect(inverseNormalCdf(0.75)).toBeCloseTo(0.674489750196082, 14);
    expect(inverseNormalCdf(0.25)).toBe(-inverseNormalCdf(0.75));
    expect(inverseNormalCdf(0)).toBe(-Infinity);
    expect(inverseNormalCdf(1)).toBe(Infinity);
    expect(inverseNormalCdf(1.1)).toBeNaN();
  });
});
