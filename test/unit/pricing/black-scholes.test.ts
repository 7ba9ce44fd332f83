import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BsInput, bsDerivatives, bsGreeks, bsPrice, probabilityItm, valueOption } from '../../../src/pricing/black-scholes.ts';
import { touchProbability } from '../../../src/pricing/touch.ts';

const call: BsInput = { right: 'call', spot: 100, strike: 105, years: 30 / 365, rate: 0.04, dividendYield: 0.01, sigma: 0.25 };
const put: BsInput = { ...call, right: 'put' };

describe('bsGreeks', () => {
  it('prices the reference call', () => {
    const expected = {
      price: 1.145297,
      delta: 0.270544,
      gamma: 0.04616,
      theta: -0.041619,
      vega: 0.09485,
      rho: 0.021295,
      d1: -0.610496,
      d2: -0.682168,
    };
    for (const [name, value] of Object.entries(expected)) expect(bsGreeks(call)[name as keyof typeof expected]).toBeCloseTo(value, 5);
    expect(probabilityItm(call)).toBeCloseTo(0.247566, 6);
  });

  it('prices the reference put, at parity with the call', () => {
    const g = bsGreeks(put);
    expect([g.price, g.delta, g.theta, g.rho].map((v) => Number(v.toFixed(6)))).toEqual([5.882817, -0.728634, -0.032887, -0.064723]);
    const forward = 100 * Math.exp(-0.01 * call.years) - 105 * Math.exp(-0.04 * call.years);
    expect(Math.abs(bsPrice(call) - bsPrice(put) - forward)).toBeLessThan(1e-12);
  });

  it('prices a straddle at the money', () => {
    const atm: BsInput = { right: 'call', spot: 500, strike: 500, years: 7 / 365, rate: 0.04, dividendYield: 0, sigma: 0.2 };
    expect(bsPrice(atm)).toBeCloseTo(5.716281, 6);
    expect(bsPrice({ ...atm, right: 'put' })).toBeCloseTo(5.332866, 6);
    expect(500 * 0.2 * Math.sqrt(7 / 365)).toBeCloseTo(13.848495, 6);
  });

  it('values the last hours on the session clock', () => {
    const base = { spot: 600, years: 240 / (252 * 390), rate: 0.04, dividendYield: 0.012, sigma: 0.16 };
    const p = bsGreeks({ ...base, right: 'put', strike: 594 });
    const c = bsGreeks({ ...base, right: 'call', strike: 606 });
    expect([p.price, p.delta, c.price, c.delta].map((v) => Number(v.toFixed(6)))).toEqual([0.224296, -0.099616, 0.241251, 0.106402]);
    expect(probabilityItm({ ...base, right: 'put', strike: 594 })).toBeCloseTo(0.10101, 6);
    expect(touchProbability({ ...base, barrier: 594 })).toBeCloseTo(0.202472, 6);
    expect(touchProbability({ ...base, barrier: 606 })).toBeCloseTo(0.209453, 6);
  });

  it('has the sensitivities that differences of the price show', () => {
    const slope = (bump: (h: number) => BsInput, h: number): number => (bsPrice(bump(h)) - bsPrice(bump(-h))) / (2 * h);
    for (const input of [call, put]) {
      const g = bsGreeks(input);
      expect(slope((h) => ({ ...input, spot: input.spot + h }), 1e-4)).toBeCloseTo(g.delta, 7);
      expect(slope((h) => ({ ...input, sigma: input.sigma + h }), 1e-5) / 100).toBeCloseTo(g.vega, 7);
      expect(slope((h) => ({ ...input, rate: input.rate + h }), 1e-5) / 100).toBeCloseTo(g.rho, 7);
      expect(-slope((h) => ({ ...input, years: input.years + h }), 1e-6) / 365).toBeCloseTo(g.theta, 6);
      const delta = (spot: number): number => bsGreeks({ ...input, spot }).delta;
      expect((delta(100.001) - delta(99.999)) / 0.002).toBeCloseTo(g.gamma, 7);
    }
  });
});

describe('bsDerivatives', () => {
  it('has the desk figures of bsGreeks in raw units', () => {
    for (const input of [call, put]) {
      const raw = bsDerivatives(input);
      const desk = bsGreeks(input);
      expect([raw.price, raw.delta, raw.gamma]).toEqual([desk.price, desk.delta, desk.gamma]);
      expect([raw.theta / 365, raw.vega / 100, raw.rho / 100]).toEqual([desk.theta, desk.vega, desk.rho]);
      expect(raw.price).toBe(bsPrice(input));
    }
  });

  it('has no delta where none exists, exactly at the money at expiry', () => {
    for (const input of [call, put]) {
      const derivatives = bsDerivatives({ ...input, spot: 105, years: 0 });
      expect(Object.values(derivatives)).toEqual(new Array(10).fill(0));
    }
  });

  it('reaches its limits without a jump as volatility or time dies out', () => {
    for (const fading of [{ sigma: 1e-12 }, { sigma: 1e-59 }, { years: 1e-50, sigma: 1e-30 }]) {
      const near = bsDerivatives({ ...put, ...fading });
      const at = bsDerivatives({ ...put, ...fading, sigma: 0 });
      expect(Math.abs(near.price - at.price)).toBeLessThan(1e-13);
      expect(Math.abs(near.delta - at.delta)).toBeLessThan(1e-13);
      expect(Math.abs(near.charm - at.charm)).toBeLessThan(1e-13);
    }
  });

  it('counts a spot or strike below zero as nothing', () => {
    expect(bsPrice({ ...call, strike: -5 })).toBe(bsPrice({ ...call, strike: 0 }));
    expect(bsPrice({ ...call, strike: 0 })).toBeCloseTo(100 * Math.exp((-0.01 * 30) / 365), 12);
    expect(bsPrice({ ...put, spot: -5 })).toBeCloseTo(105 * Math.exp((-0.04 * 30) / 365), 12);
  });

  it('is a defect to ask of input that has no value, and valueOption says which', () => {
    const lost = { ...call, sigma: Number.NaN };
    for (const f of [bsPrice, bsDerivatives, bsGreeks]) expect(() => f(lost)).toThrow('no value: invalid_sigma');
    expect(valueOption(lost)).toEqual({ kind: 'invalid', reason: 'invalid_sigma' });
    expect(valueOption(call)).toEqual({ kind: 'valued', derivatives: bsDerivatives(call) });
  });
});

describe('an option without uncertainty', () => {
  it.each([
    ['expired in the money', { ...call, spot: 110, years: 0 }, 5, 1],
    ['expired out of the money', { ...call, years: 0 }, 0, 0],
    ['expired at the strike', { ...call, spot: 105, years: 0 }, 0, 0],
    ['past its expiry', { ...put, years: -1 }, 5, -1],
    [
      'without volatility',
      { ...call, spot: 110, sigma: 0 },
      110 * Math.exp((-0.01 * 30) / 365) - 105 * Math.exp((-0.04 * 30) / 365),
      Math.exp((-0.01 * 30) / 365),
    ],
    ['with a volatility below zero', { ...call, sigma: -0.2 }, 0, 0],
    ['on a share that is worth nothing', { ...put, spot: 0, years: 0 }, 105, -1],
  ] as const)('is worth its forward %s', (_, input, price, delta) => {
    const g = bsGreeks(input);
    expect(g.price).toBeCloseTo(price, 12);
    expect(bsPrice(input)).toBeCloseTo(price, 12);
    expect(g.delta).toBeCloseTo(delta, 12);
    expect([g.gamma, g.vega]).toEqual([0, 0]);
    expect(probabilityItm(input)).toBe(delta === 0 ? 0 : 1);
  });
});

describe('touchProbability', () => {
  const terms = { spot: 100, years: 30 / 365, rate: 0.04, dividendYield: 0.01, sigma: 0.25 };
  it.each([
    [105, 0.495555],
    [95, 0.474688],
    [100, 1],
  ])('of the level %d', (barrier, expected) => expect(touchProbability({ ...terms, barrier })).toBeCloseTo(expected, 6));

  it('follows the drift alone when nothing moves it', () => {
    expect(touchProbability({ ...terms, sigma: 0, barrier: 100.1 })).toBe(1);
    expect(touchProbability({ ...terms, sigma: 0, barrier: 99.9 })).toBe(0);
    expect(touchProbability({ ...terms, years: 0, barrier: 101 })).toBe(0);
  });
});

const shared = process.env['WSB_SHARED'];
const table = (name: string): readonly (readonly string[])[] =>
  readFileSync(join(shared as string, 'golden', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe.skipIf(!shared)('against the golden tables of WSB_SHARED', () => {
  it('prices every row of european.csv to four units of its conditioning', () => {
    const rows = table('european.csv');
    expect(rows.length).toBeGreaterThan(1500);
    for (const [, , right, S, K, T, r, q, sigma, price, , , , , , , , , cond] of rows) {
      const input = {
        right: right as 'call' | 'put',
        spot: Number(S),
        strike: Number(K),
        years: Number(T),
        rate: Number(r),
        dividendYield: Number(q),
        sigma: Number(sigma),
      };
      const allowed = Math.max(1e-290, 4 * Number.EPSILON * Math.max(1, Number(cond)) * Number(price));
      expect(Math.abs(bsPrice(input) - Number(price))).toBeLessThanOrEqual(allowed);
    }
  });

  it('prices european_limits.csv exactly', () => {
    for (const [, , right, S, K, T, r, q, sigma, price, delta] of table('european_limits.csv')) {
      const input = {
        right: right as 'call' | 'put',
        spot: Number(S),
        strike: Number(K),
        years: Number(T),
        rate: Number(r),
        dividendYield: Number(q),
        sigma: Number(sigma),
      };
      expect(bsPrice(input)).toBeCloseTo(Number(price), 12);
      if (delta !== '') expect(bsGreeks(input).delta).toBeCloseTo(Number(delta), 12);
    }
  });
});
