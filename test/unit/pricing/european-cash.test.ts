import { describe, expect, it } from 'vitest';
import { europeanCashDerivatives } from '../../../src/pricing/american/american.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { europeanCashImpliedVolatility, europeanCashPrice } from '../../../src/pricing/european-cash.ts';

const dividends = [
  { years: 0.1, amount: 0.75 },
  { years: 0.35, amount: 0.75 },
];
const call = { right: 'call', spot: 100, strike: 105, years: 0.5, rate: 0.04, dividendYield: 0, dividends } as const;
const put = { ...call, right: 'put' } as const;
const paid = 0.75 * (Math.exp(-0.04 * 0.1) + Math.exp(-0.04 * 0.35));

const priceOf = (priced: ReturnType<typeof europeanCashPrice>): number => (priced.kind === 'priced' ? priced.price : Number.NaN);

describe('a European option on a share that pays cash', () => {
  it.each([call, put])('has the price that its derivatives come with', (terms) => {
    const input = { ...terms, sigma: 0.3 };
    const derived = europeanCashDerivatives(input);
    expect(priceOf(europeanCashPrice(input))).toBe(derived.kind === 'priced' ? derived.derivatives.price : 'none');
  });

  it('keeps put-call parity, with the dividends worth what they are discounted to', () => {
    const [c, p] = [call, put].map((terms) => priceOf(europeanCashPrice({ ...terms, sigma: 0.3 })));
    expect(Number(c) - Number(p)).toBeCloseTo(100 - paid - 105 * Math.exp(-0.02), 7);
  });

  it('is the formula where no dividend falls before expiry', () => {
    const late = { ...call, dividends: [{ years: 0.6, amount: 5 }], sigma: 0.3 };
    expect(priceOf(europeanCashPrice(late))).toBe(bsPrice(late));
  });

  it('refuses a negative dividend by name', () => {
    expect(europeanCashPrice({ ...call, sigma: 0.3, dividends: [{ years: 0.1, amount: -1 }] })).toEqual({
      kind: 'unpriceable',
      reason: 'dividend_negative',
    });
  });
});

describe('the volatility of its price', () => {
  it.each([
    [call, 0.05],
    [call, 0.3],
    [call, 2],
    [put, 0.1],
    [put, 0.6],
  ] as const)('comes back (%#)', (terms, sigma) => {
    const solved = europeanCashImpliedVolatility({ ...terms, price: priceOf(europeanCashPrice({ ...terms, sigma })) });
    expect(solved.kind === 'solved' ? solved.sigma / sigma : solved.reason).toBeCloseTo(1, 9);
  });

  const floor = 105 * Math.exp(-0.02) - (100 - paid);
  it.each([
    [put, Number.NaN, 'nan'],
    [put, -1, 'negative'],
    [put, floor - 1, 'below_intrinsic'],
    [put, floor, 'at_intrinsic'],
    [put, 105, 'above_max'],
    [call, 0, 'zero'],
    [call, 100, 'above_max'],
  ] as const)('of a price without one is a reason: %#', (terms, price, reason) => {
    expect(europeanCashImpliedVolatility({ ...terms, price })).toMatchObject({ kind: 'unsolvable', reason });
  });
});
