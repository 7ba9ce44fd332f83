import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { meanValueAfter, valueAfter } from '../../../src/pricing/scenario.ts';

const market = { spot: 100, rate: 0.03, dividendYield: 0.01, sigma: 0.25 };
const call = { right: 'call', strike: 105, years: 0.1, weight: 1 } as const;

describe('a package after a jump', () => {
  it('is worth the sum of its legs, each by its sign', () => {
    const put = { right: 'put', strike: 95, years: 0.2, weight: -2 } as const;
    const { weight: _w, ...terms } = { ...call, ...market };
    const other = { ...put, ...market };
    expect(valueAfter([call, put], market, 103)).toBeCloseTo(
      bsPrice({ ...terms, spot: 103 }) - 2 * bsPrice({ right: other.right, strike: 95, years: 0.2, ...market, spot: 103 }),
      12,
    );
  });
  it('is worth its intrinsic value where no time is left', () => {
    expect(valueAfter([{ ...call, years: 0 }], market, 111)).toBeCloseTo(6, 12);
    expect(valueAfter([{ ...call, years: -1 }], market, 99)).toBe(0);
  });
  it('is worth on average what it is worth now where nothing jumps, and more where it bends', () => {
    expect(meanValueAfter([call], market, 0)).toBeCloseTo(valueAfter([call], market, 100), 10);
    expect(meanValueAfter([call], market, 0.05)).toBeGreaterThan(valueAfter([call], market, 100));
  });
  it('agrees with the closed form: a jump of deviation e adds e^2 to the total variance', () => {
    const free = { ...market, rate: 0, dividendYield: 0 };
    const sigma = Math.sqrt(0.25 ** 2 + 0.06 ** 2 / 0.1);
    const exact = bsPrice({ right: 'call', strike: 105, years: 0.1, spot: 100, rate: 0, dividendYield: 0, sigma });
    expect(meanValueAfter([call], free, 0.06)).toBeCloseTo(exact, 2); // the grid ends at four deviations
  });
});
