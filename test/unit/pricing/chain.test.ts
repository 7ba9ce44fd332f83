import { describe, expect, it } from 'vitest';
import { type BsInput, bsDerivatives, valueOption } from '../../../src/pricing/black-scholes.ts';
import {
  type ChainColumns,
  type DerivativeColumns,
  deriveChain,
  prepareChain,
  priceChain,
  repriceChain,
} from '../../../src/pricing/chain.ts';
import { rowStatuses } from '../../../src/pricing/european-kernel.ts';

const good: BsInput = { right: 'put', spot: 100, strike: 105, years: 0.25, rate: 0.04, dividendYield: 0.01, sigma: 0.3 };

function columnsOf(inputs: readonly BsInput[]): ChainColumns {
  const column = (pick: (input: BsInput) => number): Float64Array => Float64Array.from(inputs, pick);
  return {
    spot: column((i) => i.spot),
    strike: column((i) => i.strike),
    years: column((i) => i.years),
    rate: column((i) => i.rate),
    dividendYield: column((i) => i.dividendYield),
    sigma: column((i) => i.sigma),
    side: column((i) => (i.right === 'call' ? 1 : -1)),
  };
}

function outOf(rows: number): DerivativeColumns {
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  return {
    price: column(),
    delta: column(),
    gamma: column(),
    vega: column(),
    theta: column(),
    rho: column(),
    phi: column(),
    vanna: column(),
    volga: column(),
    charm: column(),
    status: new Uint8Array(rows).fill(77),
  };
}

const figures = (out: DerivativeColumns, i: number): number[] =>
  [out.price, out.delta, out.gamma, out.vega, out.theta, out.rho].map((column) => column[i] as number);

describe('deriveChain', () => {
  it.each([
    ['invalid_spot', { spot: Number.NaN }],
    ['invalid_spot', { spot: -1 }],
    ['invalid_spot', { spot: Infinity }],
    ['invalid_strike', { strike: Number.NaN }],
    ['invalid_strike', { strike: -0.01 }],
    ['invalid_years', { years: Number.NaN }],
    ['invalid_years', { years: -Infinity }],
    ['invalid_rate', { rate: Number.NaN }],
    ['invalid_yield', { dividendYield: -Infinity }],
    ['invalid_sigma', { sigma: Number.NaN }],
    ['invalid_sigma', { sigma: Infinity }],
    ['out_of_range', { spot: 1e61 }],
    ['out_of_range', { strike: 1e61 }],
    ['out_of_range', { years: 1e11 }],
    ['out_of_range', { rate: 1000 }],
    ['out_of_range', { sigma: 1e61 }],
  ] as const)('answers %s for a row with %o, zeros beside it, and prices its neighbours', (reason, fault) => {
    const out = outOf(3);
    deriveChain(columnsOf([good, { ...good, ...fault }, good]), out);
    expect(rowStatuses[out.status[1] as number]).toBe(reason);
    expect([...figures(out, 1), out.phi[1], out.vanna[1], out.volga[1], out.charm[1]]).toEqual(new Array(10).fill(0));
    expect([out.status[0], out.status[2]]).toEqual([0, 0]);
    expect(out.price[0]).toBe(bsDerivatives(good).price);
    expect(figures(out, 2)).toEqual(figures(out, 0));
    expect(valueOption({ ...good, ...fault })).toEqual({ kind: 'invalid', reason });
  });

  it('names a side that is neither', () => {
    const columns = columnsOf([good]);
    columns.side[0] = 0;
    const out = outOf(1);
    deriveChain(columns, out);
    expect(rowStatuses[out.status[0] as number]).toBe('invalid_side');
  });

  it('gives a row without time or volatility the value of its forward', () => {
    const inputs = [
      { ...good, years: 0 },
      { ...good, years: -1 },
      { ...good, sigma: 0 },
      { ...good, spot: 0 },
    ];
    const out = outOf(4);
    deriveChain(columnsOf(inputs), out);
    const forward = 105 * Math.exp(-0.01) - 100 * Math.exp(-0.0025);
    expect([...out.status]).toEqual([0, 0, 0, 0]);
    expect([out.price[0], out.price[1]]).toEqual([5, 5]);
    expect(out.price[2]).toBeCloseTo(forward, 12);
    expect(out.price[3]).toBeCloseTo(105 * Math.exp(-0.01), 12);
    expect(out.charm[2]).toBeCloseTo(-0.01 * Math.exp(-0.0025), 14);
    expect([...out.gamma, ...out.vega, ...out.vanna, ...out.volga]).toEqual(new Array(16).fill(0));
  });

  it('writes the rows asked for and no others', () => {
    const out = outOf(300);
    priceChain(columnsOf(new Array<BsInput>(300).fill(good)), out, 100, 250);
    expect([...out.status.keys()].filter((i) => out.status[i] === 0)).toEqual(Array.from({ length: 150 }, (_, i) => 100 + i));
    expect(out.price[99]).toBeNaN();
    expect(out.price[250]).toBeNaN();
    expect(out.price[249]).toBe(out.price[100]);
  });

  it('refuses columns that are shorter than the rows asked for', () => {
    expect(() => priceChain(columnsOf([good]), outOf(1), 0, 2)).toThrow('shorter');
    expect(() => priceChain(columnsOf([good, good]), outOf(1))).toThrow('shorter');
  });
});

describe('repriceChain', () => {
  const inputs = Array.from({ length: 200 }, (_, i) => ({ ...good, strike: 60 + i / 2, years: i % 7 === 0 ? 0 : 0.01 * i }));

  it('gives the bits of pricing anew, for one spot and for a column of them', () => {
    const columns = columnsOf(inputs);
    const prepared = prepareChain(columns);
    for (const spot of [97.31, 0, Number.NaN, 130]) {
      columns.spot.fill(spot);
      const fresh = outOf(200);
      const one = outOf(200);
      const many = outOf(200);
      priceChain(columns, fresh);
      repriceChain(prepared, spot, columns.sigma, one);
      repriceChain(prepared, columns.spot, columns.sigma, many);
      for (let i = 0; i < 200; i++) {
        expect(figures(one, i)).toEqual(figures(fresh, i));
        expect(figures(many, i)).toEqual(figures(fresh, i));
      }
      expect([...one.status]).toEqual([...fresh.status]);
    }
  });

  it('reprices a part of the chain alone', () => {
    const columns = columnsOf(inputs);
    const out = outOf(200);
    repriceChain(prepareChain(columns), 100, columns.sigma, out, 40, 60);
    expect(out.price[39]).toBeNaN();
    expect(out.price[41]).toBe(bsDerivatives(inputs[41] as BsInput).price);
    expect(out.price[60]).toBeNaN();
  });
});
