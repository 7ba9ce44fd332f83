import { describe, expect, it } from 'vitest';
import { continuousPrice } from '../../../../src/pricing/american/continuous.ts';
import { gaussLegendre } from '../../../../src/pricing/american/gauss-legendre.ts';
import { solveVolatility } from '../../../../src/pricing/american/implied-volatility.ts';
import { solveLinear } from '../../../../src/pricing/american/linear-solve.ts';
import { ACCURATE, FAST, makeScheme } from '../../../../src/pricing/american/schemes.ts';

describe('Gauss-Legendre quadrature', () => {
  it.each([2, 5, 16, 48, 96])('of %i points is exact for polynomials of twice as many degrees less one', (count) => {
    const { nodes, weights } = gaussLegendre(count);
    const integral = (power: number): number => nodes.reduce((sum, x, i) => sum + (weights[i] as number) * x ** power, 0);
    for (const power of [0, 1, 2, 2 * count - 2, 2 * count - 1])
      expect(integral(power)).toBeCloseTo(power % 2 === 0 ? 2 / (power + 1) : 0, 13);
    expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b));
  });
});

describe('a linear system', () => {
  it('is solved with its rows exchanged where the pivot is zero', () => {
    const right = Float64Array.of(5, 3, 10);
    solveLinear(Float64Array.of(0, 2, 1, 1, 0, 0, 2, 1, 3), right, 3);
    // x = 3, 2 y + z = 5, y + 3 z = 4
    expect([...right].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([3, 2.2, 0.6]);
  });
});

describe('a volatility search', () => {
  const square = (sigma: number): number => 3 + sigma * sigma;
  it('finds the root of any rising price from afar', () => {
    for (const guess of [0.01, 0.5, 5]) expect(solveVolatility({ quick: square, exact: square }, 3.25, 3, 1, guess)).toBeCloseTo(0.5, 10);
  });

  it('places it by the exact price, not the quick one', () => {
    const quick = (sigma: number): number => square(sigma) + 1e-3;
    expect(solveVolatility({ quick, exact: square }, 3.25, 3, 1, 0.4)).toBeCloseTo(0.5, 10);
  });

  it('has none for a price that no volatility reaches', () => {
    const flat = (sigma: number): number => 3 + 1 - Math.exp(-sigma);
    expect(solveVolatility({ quick: flat, exact: flat }, 4.5, 3, 1, 0.4)).toBeUndefined();
  });
});

describe('the schemes of the boundary method', () => {
  const finer = makeScheme({ coarse: 8, smooth: 28, layered: 36, settled: 1e-7, mostSweeps: 30, premiumPoints: 96 });
  const hard = [
    { rate: 0.05, dividendYield: 0 },
    { rate: 0.05, dividendYield: 0.05 },
    { rate: 0.03, dividendYield: 0.0301 },
    { rate: 0.02, dividendYield: 0.06 },
    { rate: 0.0015505, dividendYield: 0.0016615 },
  ].flatMap((rates) =>
    [0.06, 0.3, 0.98].flatMap((sigma) =>
      [0.07, 1, 3].map((years) => ({ ...rates, sigma, years, right: 'put' as const, spot: 95, strike: 100 })),
    ),
  );

  it.each(hard)('converge for %j', (input) => {
    const limit = continuousPrice(input, finer);
    expect(Math.abs(continuousPrice(input, ACCURATE) - limit)).toBeLessThan(1e-6);
    expect(Math.abs(continuousPrice(input, FAST) - limit)).toBeLessThan(3e-4);
  });
});
