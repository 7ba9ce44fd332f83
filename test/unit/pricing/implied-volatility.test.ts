import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { impliedVolatility } from '../../../src/pricing/implied-volatility.ts';

const call = { right: 'call' as const, spot: 100, strike: 105, years: 30 / 365, rate: 0.04, dividendYield: 0.01 };

describe('impliedVolatility', () => {
  it.each([
    [1.2034, 0.256095],
    [2, 0.335434],
  ])('solves the price %d', (price, sigma) => {
    const solved = impliedVolatility({ ...call, price });
    expect(solved.kind === 'solved' && solved.sigma).toBeCloseTo(sigma, 6);
  });

  it('names the bound that a price falls short of', () => {
    const answer = impliedVolatility({ ...call, spot: 105, strike: 100, dividendYield: 0, price: 4.99 });
    expect(answer.kind).toBe('below_intrinsic');
    expect(answer.kind === 'below_intrinsic' && answer.bound).toBeCloseTo(5.328227, 6);
  });

  it.each([
    ['a call at its share', { ...call, price: 100 }, 'above_bound'],
    ['a put at its discounted strike', { ...call, right: 'put' as const, price: 104.7 }, 'above_bound'],
    ['time value after the expiry', { ...call, years: 0, price: 1 }, 'above_bound'],
    ['a price of nothing', { ...call, price: 0 }, 'below_intrinsic'],
    ['a negative price', { ...call, price: -1 }, 'below_intrinsic'],
    ['no number at all', { ...call, price: Number.NaN }, 'below_intrinsic'],
  ] as const)('refuses %s', (_, input, kind) => expect(impliedVolatility(input).kind).toBe(kind));

  it('goes through the out-of-the-money side: deep in the money it keeps what the price carries', () => {
    const deep = { ...call, strike: 60, sigma: 0.9 };
    const solved = impliedVolatility({ ...deep, price: bsPrice(deep) });
    expect(solved.kind === 'solved' && solved.sigma).toBeCloseTo(0.9, 9);
  });
});

const shared = process.env['WSB_SHARED'];
const table = (name: string): readonly (readonly string[])[] =>
  readFileSync(join(shared as string, 'golden', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
const inputOf = ([, , right, S, K, T, r, q, price]: readonly string[]) => ({
  right: right as 'call' | 'put',
  spot: Number(S),
  strike: Number(K),
  years: Number(T),
  rate: Number(r),
  dividendYield: Number(q),
  price: Number(price),
});

describe.skipIf(!shared)('against the golden tables of WSB_SHARED', () => {
  it('solves implied_vol.csv to four units of conditioning, but for prices whose time value is under a millionth of a dollar', () => {
    let refused = 0;
    const rows = table('implied_vol.csv');
    for (const row of rows) {
      const solved = impliedVolatility(inputOf(row));
      if (solved.kind !== 'solved') {
        const input = inputOf(row);
        const forward = input.spot * Math.exp(-input.dividendYield * input.years) - input.strike * Math.exp(-input.rate * input.years);
        expect(input.price - Math.max(0, input.right === 'call' ? forward : -forward)).toBeLessThanOrEqual(1.1e-6);
        refused++;
        continue;
      }
      const sigma = Number(row[9]);
      expect(Math.abs(solved.sigma - sigma), `row ${String(row[0])}`).toBeLessThanOrEqual(
        sigma * 4 * Number.EPSILON * Math.max(1, Number(row[10])),
      );
    }
    expect(refused).toBeLessThan(rows.length / 10);
  });

  it('solves no row of implied_vol_invalid.csv', () => {
    for (const row of table('implied_vol_invalid.csv'))
      expect(impliedVolatility(inputOf(row)).kind, `row ${String(row[0])}`).not.toBe('solved');
  });
});
