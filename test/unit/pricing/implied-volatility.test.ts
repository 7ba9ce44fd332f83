import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { forwardIntrinsicValue, impliedVolatility } from '../../../src/pricing/implied-volatility.ts';

const call = { right: 'call' as const, spot: 100, strike: 105, years: 30 / 365, rate: 0.04, dividendYield: 0.01 };
const inTheMoney = { ...call, spot: 105, strike: 100, dividendYield: 0 };

describe('impliedVolatility', () => {
  it.each([
    [1.2034, 0.256095],
    [2, 0.335434],
  ])('solves the price %d', (price, sigma) => {
    const solved = impliedVolatility({ ...call, price });
    expect(solved.kind === 'solved' && solved.sigma).toBeCloseTo(sigma, 6);
  });

  it.each([
    ['below_intrinsic', { ...inTheMoney, price: 4.99 }, 5.328227],
    ['below_intrinsic', { ...inTheMoney, price: 0 }, 5.328227],
    ['at_intrinsic', { ...inTheMoney, price: forwardIntrinsicValue(inTheMoney) }, 5.328227],
    // Two last bits of the share over it: less than the rounding of the parity difference.
    ['at_intrinsic', { ...inTheMoney, price: forwardIntrinsicValue(inTheMoney) + 105 * 2 ** -52 }, 5.328227],
    ['above_max', { ...call, price: 100 }, 99.917842],
    ['above_max', { ...call, right: 'put' as const, price: 104.7 }, 104.655361],
    ['above_max', { ...call, price: Number.POSITIVE_INFINITY }, 99.917842],
    ['expired', { ...call, years: 0, price: 1 }, 0],
    ['expired', { ...call, right: 'put' as const, years: -1, price: 1 }, 5],
    ['zero', { ...call, price: 0 }, 0],
    ['zero', { ...call, price: -0 }, 0],
    ['negative', { ...call, price: -1 }, 0],
    ['negative', { ...call, years: 0, price: -1 }, 0],
    ['nan', { ...call, price: Number.NaN }, 0],
    ['nan', { ...call, spot: 0, price: Number.NaN }, 0],
    ['bad_input', { ...call, spot: 0, price: 1 }, 0],
    ['bad_input', { ...call, spot: Number.NaN, price: 1 }, 0],
    ['bad_input', { ...call, strike: -105, price: 1 }, 0],
    ['bad_input', { ...call, spot: -5.74, strike: -5.74, price: -5.74 }, 0],
    ['bad_input', { ...call, strike: Number.POSITIVE_INFINITY, price: 1 }, 0],
    ['bad_input', { ...call, years: Number.POSITIVE_INFINITY, price: 1 }, 0],
    ['bad_input', { ...call, rate: Number.NaN, price: 1 }, 0],
    ['bad_input', { ...call, dividendYield: Number.NEGATIVE_INFINITY, price: 1 }, 0],
    ['bad_input', { ...call, spot: 1e-300, strike: 1e300, price: 1e-305 }, 0],
  ] as const)('answers %s for %o and names the bound', (reason, input, bound) => {
    const answer = impliedVolatility(input);
    expect(answer).toEqual({ kind: 'unsolvable', reason, bound: expect.closeTo(bound, 6) });
  });

  it('goes through the out-of-the-money side: deep in the money it keeps what the price carries', () => {
    const deep = { ...call, strike: 60, sigma: 0.9 };
    const solved = impliedVolatility({ ...deep, price: bsPrice(deep) });
    expect(solved.kind === 'solved' && solved.sigma).toBeCloseTo(0.9, 12);
  });

  it('inverts the closed form at the money forward, 2 N(s/2) - 1', () => {
    const atForward = { ...call, spot: 100, strike: 100, years: 1, rate: 0, dividendYield: 0 };
    // 2 N(0.1) - 1, to sixteen digits.
    const solved = impliedVolatility({ ...atForward, price: 7.965567455405796 });
    expect(solved.kind === 'solved' && solved.sigma).toBeCloseTo(0.2, 15);
  });

  it('solves prices three hundred powers of ten below their share', () => {
    const solved = impliedVolatility({ ...call, price: 1e-300 });
    // One last bit of the volatility moves such a price by 1,400 of its own.
    expect(solved.kind === 'solved' && Math.abs(bsPrice({ ...call, sigma: solved.sigma }) / 1e-300 - 1)).toBeLessThan(1e-11);
  });
});
