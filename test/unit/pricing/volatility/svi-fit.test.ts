import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../../src/base/rng.ts';
import { leastInPlane } from '../../../../src/pricing/volatility/nelder-mead.ts';
import { type Svi, sviVariance, wingSlope } from '../../../../src/pricing/volatility/svi.ts';
import { fitSvi, type SmileQuote } from '../../../../src/pricing/volatility/svi-fit.ts';

/** Quotes of a curve at `count` strikes from four deviations below to two and a half above, half spreads of 1 % of variance and more. */
function quotesOf(svi: Svi, count = 25): readonly SmileQuote[] {
  const sd = Math.sqrt(sviVariance(svi, 0));
  return Array.from({ length: count }, (_, i) => {
    const k = sd * (-4 + (6.5 * i) / (count - 1));
    const variance = sviVariance(svi, k);
    return { k, variance, halfWidth: 0.01 * variance * (1 + Math.abs(k / sd)) };
  });
}

function fitted(quotes: readonly SmileQuote[]) {
  const fit = fitSvi(quotes);
  if (fit.kind !== 'fitted') throw new Error(fit.reason);
  return fit;
}

const largestMiss = (svi: Svi, truth: readonly SmileQuote[]): number =>
  Math.max(...truth.map(({ k, variance }) => Math.abs(sviVariance(svi, k) / variance - 1)));

const month: Svi = { a: 0.001, b: 0.03, rho: -0.6, m: 0.01, sigma: 0.08 };
const weekly: Svi = { a: -0.002, b: 0.04, rho: -0.3, m: -0.01, sigma: 0.07 };
const year: Svi = { a: 0.01, b: 0.15, rho: -0.8, m: 0.1, sigma: 0.3 };

describe('fitSvi', () => {
  it.each([month, weekly, year])('gives back the curve that the quotes are of', (svi) => {
    const fit = fitted(quotesOf(svi));
    expect(largestMiss(fit.svi, quotesOf(svi))).toBeLessThan(1e-9);
    for (const name of ['a', 'b', 'rho', 'm', 'sigma'] as const) expect(fit.svi[name]).toBeCloseTo(svi[name], 6);
    expect(fit).toMatchObject({ heeded: 25, arbitrage: undefined });
    expect(fit.rms).toBeLessThan(1e-6);
  });

  it('does not bend to one gross outlier, wherever it stands', () => {
    for (const svi of [month, weekly, year]) {
      const quotes = quotesOf(svi);
      for (const [i, quote] of quotes.entries()) {
        for (const factor of [0.2, 3]) {
          const fit = fitted(quotes.map((q, j) => (i === j ? { ...quote, variance: factor * quote.variance } : q)));
          expect(largestMiss(fit.svi, quotes)).toBeLessThan(1e-6);
          expect(fit.heeded).toBe(24);
        }
      }
    }
  });

  it('does not bend to an outlier that claims to be sure of itself', () => {
    const quotes = quotesOf(month);
    const fit = fitted(quotes.map((q, i) => (i === 12 ? { ...q, variance: 2 * q.variance, halfWidth: 0 } : q)));
    expect(largestMiss(fit.svi, quotes)).toBeLessThan(1e-6);
  });

  it('stays within noise of the spread, and says how far the quotes lie from it', () => {
    const rng = seededRng(11);
    for (const svi of [month, weekly, year]) {
      const clean = quotesOf(svi, 60);
      const fit = fitted(clean.map((q) => ({ ...q, variance: q.variance + q.halfWidth * (2 * rng.float() - 1) })));
      for (const { k, variance, halfWidth } of clean) expect(Math.abs(sviVariance(fit.svi, k) - variance)).toBeLessThan(1.2 * halfWidth);
      expect(fit.rms).toBeGreaterThan(0.4);
      expect(fit.rms).toBeLessThan(0.75);
    }
  });

  it('keeps its bounds whatever the quotes', () => {
    const rng = seededRng(12);
    for (let round = 0; round < 60; round++) {
      const quotes = Array.from({ length: rng.int(6, 30) }, () => ({
        k: rng.normal(),
        variance: 0.001 + 4 * rng.float(),
        halfWidth: 0.1 * rng.float(),
      }));
      const { svi, range } = fitted(quotes);
      expect(wingSlope(svi)).toBeLessThanOrEqual(2 * (1 + 1e-12));
      expect(Math.abs(svi.rho)).toBeLessThanOrEqual(0.999 + 1e-12);
      expect(svi.sigma).toBeGreaterThan(0);
      for (let k = range.from - 3; k < range.to + 3; k += 0.05) expect(sviVariance(svi, k)).toBeGreaterThan(-1e-12);
    }
  });

  it('does not depend on the order of the quotes, nor on chance', () => {
    const quotes = quotesOf(month).map((q, i) => ({ ...q, variance: q.variance * (1 + 0.01 * Math.sin(7 * i)) }));
    expect(fitSvi([...quotes].reverse())).toEqual(fitSvi(quotes));
  });

  it('refuses what is too little or no variance', () => {
    expect(fitSvi(quotesOf(month, 5))).toEqual({ kind: 'refused', reason: 'too_few_strikes', needed: 6 });
    const [first] = quotesOf(month) as [SmileQuote];
    expect(fitSvi(Array.from({ length: 9 }, () => first))).toMatchObject({ reason: 'too_few_strikes' });
    for (const change of [{ variance: 0 }, { variance: Number.NaN }, { k: -Infinity }, { halfWidth: -1 }])
      expect(fitSvi([...quotesOf(month), { ...first, ...change }])).toEqual({ kind: 'refused', reason: 'not_positive' });
  });
});

describe('leastInPlane', () => {
  it('finds the bottom of a bent valley', () => {
    const valley = (x: number, y: number): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { x, y } = leastInPlane(valley, { x: -1.2, y: 1, stepX: 0.5, stepY: 0.5, tolerance: 1e-12 });
    expect([x, y].map((v) => Number(v.toFixed(6)))).toEqual([1, 1]);
  });

  it('stays where the function is defined', () => {
    const walled = (x: number, y: number): number => (x < 0.5 ? Infinity : x * x + y * y);
    const { x, y } = leastInPlane(walled, { x: 2, y: 1, stepX: 0.5, stepY: 0.5, tolerance: 1e-12 });
    expect(x).toBeCloseTo(0.5, 4);
    expect(y).toBeCloseTo(0, 3);
  });
});
