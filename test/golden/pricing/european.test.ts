// European values beside 60-digit arithmetic: every row of the tables, within the tolerances their README derives.
import { describe, expect, it } from 'vitest';
import { type BsInput, bsDerivatives, type Derivatives } from '../../../src/pricing/black-scholes.ts';
import { type GoldenRow, goldenRows } from './table.ts';

const EPS = 2 ** -52;
/** Values under this count as zero. */
const NOTHING = 1e-290;

const inputOf = (row: GoldenRow): BsInput => ({
  right: row.text('type') === 'call' ? 'call' : 'put',
  spot: row.number('S'),
  strike: row.number('K'),
  years: row.number('T'),
  rate: row.number('r'),
  dividendYield: row.number('q'),
  sigma: row.number('sigma'),
});

type Name = Exclude<keyof Derivatives, 'price' | 'charm'>;
const names: readonly Name[] = ['delta', 'gamma', 'vega', 'theta', 'rho', 'phi', 'vanna', 'volga'];

/** What rounding d1 by D moves each derivative by, first order. */
function effects(input: BsInput, row: GoldenRow): { readonly effect: Record<Name, number>; readonly d1: number } {
  const { spot, strike, years, rate, dividendYield, sigma } = input;
  const root = Math.sqrt(years);
  const v = sigma * root;
  const distance = Math.log(spot / strike);
  const carry = (rate - dividendYield) * years;
  const d1 = (distance + carry) / v + v / 2;
  const d = Math.abs(d1);
  const d2 = Math.abs(d1 - v);
  const D = EPS * ((Math.abs(distance) + 1 + Math.abs(carry)) / v + v + d);
  const slope = (Math.exp(-dividendYield * years) * Math.exp((-d * d) / 2)) / Math.sqrt(2 * Math.PI);
  const peak = spot * slope;
  return {
    d1,
    effect: {
      delta: slope * D,
      gamma: d * D * Math.abs(row.number('gamma')),
      vega: d * D * Math.abs(row.number('vega')),
      theta: (((peak * sigma) / (2 * root)) * d + (Math.abs(rate) + Math.abs(dividendYield)) * peak) * D,
      rho: years * peak * D,
      phi: years * peak * D,
      vanna: (slope / sigma) * (d * d2 + 1) * D,
      volga: ((peak * root) / sigma) * (d * d * d2 + d + d2) * D,
    },
  };
}

/** The categories where plain formulas hold a relative 1e-12 near the money. */
function plain(category: string, name: Name, d1: number): boolean {
  if (Math.abs(d1) >= 8 || category === 'tiny_T' || category === 'tiny_vol') return false;
  return category !== 'wide' || (name !== 'vanna' && name !== 'volga');
}

describe.skipIf(!process.env['WSB_SHARED'])('european.csv', () => {
  it('has every price within 16 roundings of its inputs', () => {
    const rows = goldenRows('european');
    const missed = rows.filter((row) => {
      const expected = row.number('price');
      const error = Math.abs(bsDerivatives(inputOf(row)).price - expected);
      return !(error <= Math.max(NOTHING, 16 * EPS * Math.max(1, row.number('cond')) * expected));
    });
    expect(rows.length).toBeGreaterThan(2000);
    expect(missed.map((row) => row.id)).toEqual([]);
  });

  it.each(names)('has every %s within its tolerance', (name) => {
    const missed = goldenRows('european').filter((row) => {
      const input = inputOf(row);
      const expected = row.number(name);
      const actual = bsDerivatives(input)[name];
      if (Math.abs(expected) < NOTHING && Math.abs(actual) < NOTHING) return false;
      const { effect, d1 } = effects(input, row);
      const size = Math.abs(expected);
      const tolerance = plain(row.text('category'), name, d1) ? 1e-12 * size : 4 * (effect[name] + EPS * size);
      return !(Math.abs(actual - expected) <= tolerance);
    });
    expect(missed.map((row) => row.id)).toEqual([]);
  });
});

describe.skipIf(!process.env['WSB_SHARED'])('european_limits.csv', () => {
  it('has the forward, discounted, where nothing is uncertain', () => {
    const rows = goldenRows('european_limits');
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const { price, delta } = bsDerivatives(inputOf(row));
      expect(Math.abs(price - row.number('price')), row.id).toBeLessThanOrEqual(16 * EPS * row.number('S'));
      // An empty delta is one that does not exist, at the money: there ours is none of the forward's.
      const expected = row.text('delta') === '' ? 0 : row.number('delta');
      expect(Math.abs(delta - expected), row.id).toBeLessThanOrEqual(2 * EPS);
    }
  });
});
