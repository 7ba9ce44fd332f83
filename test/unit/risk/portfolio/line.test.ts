import { describe, expect, it } from 'vitest';
import { symbol } from '../../../../src/domain/ids.ts';
import { equity, parseOcc } from '../../../../src/domain/instrument.ts';
import { exposureOf, type Line } from '../../../../src/risk/portfolio/line.ts';
import { aaplCall, spyLong, spyShort, workedLine, xyzPut } from './worked-book.ts';

const spy = equity(symbol('SPY'));
const valued = (line: Line) => {
  const exposure = exposureOf(line);
  if (!exposure.known) throw new Error(exposure.why);
  return exposure.value;
};
const worked = (of: Line['instrument'], qty: number): Line => {
  const line = workedLine(of, qty);
  if (!line.known) throw new Error(line.why);
  return line.value;
};

describe('the exposure of one line', () => {
  it.each([
    ['60 SPY', spy, 60, 500, 30_000, 30_000, 0, 0, 0],
    ['-1 XYZ 95 put', xyzPut, -1, 1.8, 2_762, 3_867, -333, -9.6, 5.3],
    ['-2 SPY 480 put', spyShort, -2, 2.75, 18_928, 18_928, -5_246, -77.6, 21.2],
    ['+2 SPY 475 put', spyLong, 2, 2.03, -14_557, -14_557, 4_309, 65.5, -18.6],
    ['+2 AAPL 210 call', aaplCall, 2, 4.32, 13_828, 16_594, 1_500, 51.8, -17.5],
  ] as const)('of the worked book: %s', (_name, instrument, qty, price, delta, beta, gamma, vega, theta) => {
    const e = valued(worked(instrument, qty));
    expect(e.value / (qty * instrument.multiplier)).toBeCloseTo(price, 2);
    expect(Math.round(e.dollarDelta)).toBe(delta);
    expect(Math.round(e.betaDelta)).toBe(beta);
    expect(Math.round(e.gamma1pct)).toBe(gamma);
    expect(e.vega).toBeCloseTo(vega, 1);
    expect(e.theta).toBeCloseTo(theta, 1);
  });
  const quarter = (right: 'C' | 'P'): Line => ({
    instrument: parseOcc(`XYZ260609${right}00100000`) as Line['instrument'],
    qty: 1,
    spot: 100,
    sigma: 0.25,
    years: 0.25,
    rate: 0.045,
    dividendYield: 0.03,
    beta: 1,
    isLastDay: false,
  });
  it.each([
    ['call', 'C', 5.125, 0.5328, -0.0286],
    ['put', 'P', 4.7535, -0.4597, -0.0245],
  ] as const)('with a dividend yield, a %s', (_name, right, price, delta, theta) => {
    const e = valued(quarter(right));
    expect(e.value / 100).toBeCloseTo(price, 4);
    expect(e.dollarDelta / 10_000).toBeCloseTo(delta, 4);
    expect(e.gamma1pct / 10_000).toBeCloseTo(0.0315, 4);
    expect(e.vega).toBeCloseTo(19.7136, 4);
    expect(e.theta / 100).toBeCloseTo(theta, 4);
  });
  it('is the intrinsic value of what has expired', () => {
    expect(valued({ ...quarter('P'), years: 0, sigma: 0, spot: 90 })).toMatchObject({
      value: 1_000,
      dollarDelta: -9_000,
      vega: 0,
      theta: 0,
    });
  });
  it.each([
    ['spot', { spot: Number.NaN }],
    ['spot of nothing', { spot: 0 }],
    ['volatility', { sigma: Number.NaN }],
    ['years', { years: Number.NaN }],
    ['rate', { rate: Number.NaN }],
    ['quantity', { qty: Number.NaN }],
    ['beta', { beta: Number.NaN }],
  ] as const)('is absent, and no number, without a good %s', (_name, broken) => {
    expect(exposureOf({ ...quarter('C'), ...broken })).toMatchObject({ known: false, code: 'BOOK_UNVALUED' });
    if (!('sigma' in broken) && !('years' in broken) && !('rate' in broken))
      expect(exposureOf({ ...quarter('C'), instrument: spy, ...broken })).toMatchObject({ known: false, code: 'BOOK_UNVALUED' });
  });
});
