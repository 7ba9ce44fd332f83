import { describe, expect, it } from 'vitest';
import { quotedVolatility } from '../../../src/market/quoted-volatility.ts';
import { impliedVolatility } from '../../../src/pricing/implied-volatility.ts';

const call = { right: 'call' as const, spot: 100, strike: 105, years: 30 / 365, rate: 0.04, dividendYield: 0.01 };
const inTheMoney = { ...call, spot: 105, strike: 100, dividendYield: 0 };

describe('quotedVolatility', () => {
  it.each([
    { ...call, price: 1.2034 },
    { ...call, price: 1.1e-6 },
    { ...inTheMoney, price: 5.3283 },
  ])('is the implied volatility of a price with time value: %o', (input) => {
    const solved = impliedVolatility(input);
    expect(solved.kind).toBe('solved');
    expect(quotedVolatility(input)).toEqual(solved);
  });

  it.each([
    ['a price under the intrinsic value of the forward', { ...inTheMoney, price: 4.99 }, 5.328227],
    ['less than a millionth of time value in the money', { ...inTheMoney, price: 5.328227 }, 5.328227],
    ['less than a millionth of time value out of the money', { ...call, price: 0.9e-6 }, 0],
    ['a price of nothing', { ...call, price: 0 }, 0],
    ['a negative price', { ...call, price: -1 }, 0],
    ['no number at all', { ...call, price: Number.NaN }, 0],
    ['no time value at the expiry', { ...inTheMoney, years: 0, price: 5 }, 5],
  ])('answers IV_BELOW_INTRINSIC for %s', (_, input, bound) => {
    expect(quotedVolatility(input)).toEqual({ kind: 'unexplained', code: 'IV_BELOW_INTRINSIC', bound: expect.closeTo(bound, 6) });
  });

  it.each([
    ['a call at its share', { ...call, price: 100 }, 99.917842],
    ['a put at its discounted strike', { ...call, right: 'put' as const, price: 104.7 }, 104.655361],
    ['time value at the expiry', { ...inTheMoney, years: 0, price: 6 }, 5],
  ])('answers IV_ABOVE_BOUND for %s', (_, input, bound) => {
    expect(quotedVolatility(input)).toEqual({ kind: 'unexplained', code: 'IV_ABOVE_BOUND', bound: expect.closeTo(bound, 6) });
  });
});
