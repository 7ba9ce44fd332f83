import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../../src/pricing/black-scholes.ts';
import {
  calendarArbitrage,
  densityFactor,
  type Svi,
  smileArbitrage,
  sviPoint,
  sviVariance,
  wingSlope,
} from '../../../../src/pricing/volatility/svi.ts';

const calm: Svi = { a: 0.01, b: 0.08, rho: -0.5, m: 0.02, sigma: 0.12 };
/** Smooth and convex, and yet an arbitrage: the counterexample of A. Vogt in Gatheral and Jacquier (2014). */
const vogt: Svi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

describe('a raw SVI curve', () => {
  it('has the slopes of its differences', () => {
    for (const k of [-2, -0.3, 0, 0.02, 0.4, 3]) {
      const h = 1e-5;
      const [down, at, up] = [sviPoint(calm, k - h), sviPoint(calm, k), sviPoint(calm, k + h)];
      expect(at.variance).toBe(sviVariance(calm, k));
      expect(at.slope).toBeCloseTo((up.variance - down.variance) / (2 * h), 9);
      expect(at.curvature).toBeCloseTo((up.slope - down.slope) / (2 * h), 8);
    }
  });

  it('has as density factor the second difference of its own call prices', () => {
    const price = (strike: number): number =>
      bsPrice({
        right: 'call',
        spot: 1,
        strike,
        years: 1,
        rate: 0,
        dividendYield: 0,
        sigma: Math.sqrt(sviVariance(vogt, Math.log(strike))),
      });
    for (const k of [-0.8, -0.2, 0, 0.3, 0.8, 1.1]) {
      const strike = Math.exp(k);
      const h = 1e-3 * strike;
      const density = (price(strike + h) - 2 * price(strike) + price(strike - h)) / (h * h);
      const w = sviVariance(vogt, k);
      const d2 = -k / Math.sqrt(w) - Math.sqrt(w) / 2;
      const factor = (density * strike * Math.sqrt(2 * Math.PI * w)) / Math.exp((-d2 * d2) / 2);
      expect(densityFactor(sviPoint(vogt, k), k)).toBeCloseTo(factor, 3);
    }
  });
});

describe('smileArbitrage', () => {
  it('finds none in a calm smile', () => {
    expect(smileArbitrage(calm)).toBeUndefined();
    expect(smileArbitrage({ a: 0.04, b: 0, rho: 0, m: 0, sigma: 0.1 })).toBeUndefined();
  });

  it('finds the butterfly where the density is negative, and only there', () => {
    const found = smileArbitrage(vogt);
    if (found?.kind !== 'butterfly') throw new Error('not found');
    expect(found.at).toBeGreaterThan(0.6);
    expect(found.at).toBeLessThan(1.2);
    expect(densityFactor(sviPoint(vogt, found.at), found.at)).toBe(found.density);
    expect(smileArbitrage(vogt, { from: -1, to: 0.4 })).toBeUndefined();
    expect(smileArbitrage(vogt, { from: -1, to: 1 })).toMatchObject({ kind: 'butterfly' });
  });

  it('finds a wing steeper than 2, beyond which the density is negative at last', () => {
    const steep: Svi = { a: 0.5, b: 1.2, rho: 0.7, m: 0, sigma: 0.5 };
    expect(smileArbitrage(steep)).toEqual({ kind: 'steep_wing', slope: wingSlope(steep) });
    expect(densityFactor(sviPoint(steep, 1e6), 1e6)).toBeLessThan(0);
    expect(densityFactor(sviPoint({ ...steep, b: 1.17 }, 1e6), 1e6)).toBeGreaterThan(0);
  });

  it('finds where no variance is left', () => {
    const sunk: Svi = { ...calm, a: -0.01 };
    const found = smileArbitrage(sunk);
    if (found?.kind !== 'no_variance') throw new Error('not found');
    expect(found.variance).toBeLessThan(0);
    for (const k of [found.at - 0.01, found.at + 0.01]) expect(sviVariance(sunk, k)).toBeGreaterThan(found.variance);
    expect(smileArbitrage(sunk, { from: found.at + 1, to: found.at + 2 })?.kind).not.toBe('no_variance');
  });
});

describe('calendarArbitrage', () => {
  const range = { from: -0.5, to: 0.5 };

  it('finds none between a smile and one that holds more variance throughout', () => {
    expect(calendarArbitrage(calm, { ...calm, a: 0.02 }, range)).toBeUndefined();
    expect(calendarArbitrage(calm, calm, range)).toBeUndefined();
  });

  it('finds the deepest place where the later holds less', () => {
    const later: Svi = { ...calm, a: 0.014, b: 0.06 };
    const found = calendarArbitrage(calm, later, range);
    if (found === undefined) throw new Error('not found');
    expect(found.at).toBe(-0.5);
    expect(found.near - found.far).toBeCloseTo(sviVariance(calm, -0.5) - sviVariance(later, -0.5), 15);
    expect(calendarArbitrage(calm, later, { from: 0, to: 0.05 })).toBeUndefined();
  });
});
