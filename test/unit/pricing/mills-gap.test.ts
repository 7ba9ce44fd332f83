import { describe, expect, it } from 'vitest';
import { millsAt, millsGap } from '../../../src/pricing/mills-gap.ts';

// Reckoned with 30 digits from the complementary error function, and rounded to a double.
const ratios = [
  [-1.5, 7.205143007274779],
  [-1, 3.4770518117036944],
  [0, 1.2533141373155003],
  [0.3, 1.0018374009921558],
  [1, 0.6556795424187984],
  [2.71875, 0.3307959070186133],
  [8.1, 0.12165521307644848],
  [15.99, 0.0622973033085532],
  [16, 0.0622586659950262],
  [40, 0.02498440420572057],
] as const;
const gaps = [
  [-1.4, -1.39, 0.09498128772026138],
  [-1.25, 0.5, 4.020184707361062],
  [0, 2 ** -20, 9.536737464652553e-7],
  [0, 2, 0.8319449080274458],
  [0.25, 0.3125, 0.04466878536556959],
  [1, 1.125, 0.04072494626786874],
  [7, 7.0625, 0.0011943294108301167],
  [15.9375, 16, 0.00024226955877854875],
  [20, 20.03125, 7.742617434244245e-5],
  [30, 45, 0.011085154569494838],
] as const;

describe('differences of Mills ratio', () => {
  it.each(ratios)('M(%d) stands to two last bits', (y, expected) => {
    expect(Math.abs(millsAt(y) / expected - 1)).toBeLessThan(2 * Number.EPSILON);
  });

  it.each(gaps)('M(%d) - M(%d) stands to four last bits of itself', (a, b, expected) => {
    expect(Math.abs(millsGap(a, b, b - a) / expected - 1)).toBeLessThan(4 * Number.EPSILON);
  });

  it('joins where its pieces meet', () => {
    for (const y of [0.4375, 15.875, 16]) {
      const below = millsAt(y - 1e-9);
      expect(Math.abs(below / millsAt(y + 1e-9) - 1)).toBeLessThan(3e-9);
      expect(below).toBeGreaterThan(millsAt(y + 1e-9));
    }
    for (const a of [-1, 0.5, 3, 12, 17]) {
      expect(
        Math.abs(millsGap(a, a + 0.125, 0.125) / (millsGap(a, a + 0.126, 0.126) - millsGap(a + 0.125, a + 0.126, 0.001)) - 1),
      ).toBeLessThan(1e-12);
    }
  });
});
