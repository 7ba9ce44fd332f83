// European values: the laws they obey whatever the contract, and one answer from every entrance.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BsInput, bsDerivatives, bsPrice, type Derivatives, valueOption } from '../../src/pricing/black-scholes.ts';
import { type ChainColumns, type DerivativeColumns, deriveChain, prepareChain, priceChain, repriceChain } from '../../src/pricing/chain.ts';
import { rowStatuses } from '../../src/pricing/european-kernel.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const right = fc.constantFrom('call' as const, 'put' as const);

/** What is listed: strikes within four deviations of the spot, a day to three years. */
const listed: fc.Arbitrary<BsInput> = fc
  .record({
    right,
    spot: between(1, 2000),
    distance: between(-4, 4),
    years: between(1 / 365, 3),
    rate: between(-0.02, 0.12),
    dividendYield: between(-0.01, 0.1),
    sigma: between(0.05, 1.5),
  })
  .map(({ distance, ...rest }) => ({ ...rest, strike: rest.spot * Math.exp(distance * rest.sigma * Math.sqrt(rest.years)) }));

/** Anything a double can say, and what a feed gets wrong. */
const figure = fc.oneof(
  between(-2, 200),
  fc.constantFrom(0, -0, 1, 100, 1e-300, 1e300, 1e-61, 1e59, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN),
  fc.double(),
);
const nasty: fc.Arbitrary<BsInput> = fc.record({
  right,
  spot: figure,
  strike: figure,
  years: figure,
  rate: figure,
  dividendYield: figure,
  sigma: figure,
});

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

const greeks = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const;
const all = [...greeks, 'phi', 'vanna', 'volga', 'charm'] as const;

function outOf(rows: number): DerivativeColumns {
  const columns = Object.fromEntries(all.map((name) => [name, new Float64Array(rows)])) as Record<(typeof all)[number], Float64Array>;
  return { ...columns, status: new Uint8Array(rows) };
}

describe('every entrance', () => {
  it('gives the same bits: one option, a chain, a chain with cross derivatives, a tick', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(listed, nasty), { minLength: 1, maxLength: 300 }), (inputs) => {
        const columns = columnsOf(inputs);
        const [plain, full, tick] = [outOf(inputs.length), outOf(inputs.length), outOf(inputs.length)];
        priceChain(columns, plain);
        deriveChain(columns, full);
        repriceChain(prepareChain(columns), columns.spot, columns.sigma, tick);
        for (const [i, input] of inputs.entries()) {
          const alone = valueOption(input);
          const reason = rowStatuses[full.status[i] as number];
          expect(alone.kind === 'valued' ? 'ok' : alone.reason).toBe(reason);
          expect([plain.status[i], tick.status[i]]).toEqual([full.status[i], full.status[i]]);
          for (const name of all) expect(full[name][i]).toBe(alone.kind === 'valued' ? alone.derivatives[name] : 0);
          for (const name of greeks) expect([plain[name][i], tick[name][i]]).toEqual([full[name][i], full[name][i]]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never says NaN nor infinity, whatever it is given', () => {
    fc.assert(
      fc.property(nasty, (input) => {
        const value = valueOption(input);
        if (value.kind === 'valued') for (const name of all) expect(Number.isFinite(value.derivatives[name])).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('European values', () => {
  it('keep put-call parity in price and in every derivative', () => {
    fc.assert(
      fc.property(listed, (input) => {
        const { spot, strike, years, rate, dividendYield } = input;
        const call = bsDerivatives({ ...input, right: 'call' });
        const put = bsDerivatives({ ...input, right: 'put' });
        const asset = spot * Math.exp(-dividendYield * years);
        const bond = strike * Math.exp(-rate * years);
        const forward: Derivatives = {
          price: asset - bond,
          delta: asset / spot,
          gamma: 0,
          vega: 0,
          theta: dividendYield * asset - rate * bond,
          rho: years * bond,
          phi: -years * asset,
          vanna: 0,
          volga: 0,
          charm: (dividendYield * asset) / spot,
        };
        for (const name of all) {
          const scale = (spot + strike) * (1 + years) * (name === 'delta' || name === 'charm' ? 1 / spot : 1);
          expect(Math.abs(call[name] - put[name] - forward[name])).toBeLessThan(1e-14 * scale);
        }
      }),
    );
  });

  it('are the same when asset and cash change places: C(S, K, r, q) = P(K, S, q, r)', () => {
    fc.assert(
      fc.property(listed, (input) => {
        const mirrored = { ...input, spot: input.strike, strike: input.spot, rate: input.dividendYield, dividendYield: input.rate };
        const call = bsPrice({ ...input, right: 'call' });
        const put = bsPrice({ ...mirrored, right: 'put' });
        expect(Math.abs(call - put)).toBeLessThan(1e-14 * (input.spot + input.strike));
      }),
    );
  });

  it('are convex in the strike, and their slope in it is at most the discount', () => {
    fc.assert(
      fc.property(listed, between(0.001, 0.2), (input, step) => {
        const at = (factor: number): number => bsPrice({ ...input, strike: input.strike * factor });
        const [low, middle, high] = [at(1 - step), at(1), at(1 + step)];
        const slack = 1e-14 * (input.spot + input.strike);
        expect(low + high).toBeGreaterThanOrEqual(2 * middle - slack);
        const width = step * input.strike * Math.exp(-input.rate * input.years);
        expect(Math.abs(high - middle)).toBeLessThanOrEqual(width + slack);
      }),
    );
  });

  it('rise with the asset for calls, fall for puts, and rise with volatility for both', () => {
    fc.assert(
      fc.property(listed, between(1e-3, 0.5), (input, step) => {
        const value = bsPrice(input);
        const slack = 1e-14 * (input.spot + input.strike);
        const up = bsPrice({ ...input, spot: input.spot * (1 + step) });
        expect(input.right === 'call' ? up - value : value - up).toBeGreaterThanOrEqual(-slack * (1 + step));
        expect(bsPrice({ ...input, sigma: input.sigma * (1 + step) })).toBeGreaterThanOrEqual(value - slack);
      }),
    );
  });

  it('scale with their currency', () => {
    fc.assert(
      fc.property(listed, fc.integer({ min: -20, max: 20 }), (input, twos) => {
        const factor = 2 ** twos;
        const scaled = bsPrice({ ...input, spot: input.spot * factor, strike: input.strike * factor });
        expect(Math.abs(scaled - bsPrice(input) * factor)).toBeLessThanOrEqual(1e-15 * (input.spot + input.strike) * factor);
      }),
    );
  });
});

describe('every derivative', () => {
  /** Fourth-order difference of f at 0. */
  const slope = (f: (h: number) => number, h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
  const gentle = listed.filter((i) => i.years > 0.05 && Math.abs(Math.log(i.spot / i.strike)) < 2 * i.sigma * Math.sqrt(i.years));

  it('is what differences of price, delta and vega show', () => {
    fc.assert(
      fc.property(gentle, (input) => {
        const value = bsDerivatives(input);
        const { spot, years, sigma } = input;
        const v = sigma * Math.sqrt(years);
        const by = (name: keyof Derivatives, field: 'spot' | 'sigma' | 'years' | 'rate' | 'dividendYield', h: number): number =>
          slope((step) => bsDerivatives({ ...input, [field]: input[field] + step })[name], h);
        const inSpot = 1e-3 * v * spot;
        const inSigma = 1e-3 * sigma;
        const inYears = 1e-3 * years;
        const expected: Derivatives = {
          price: value.price,
          delta: by('price', 'spot', inSpot),
          gamma: by('delta', 'spot', inSpot),
          vega: by('price', 'sigma', inSigma),
          theta: -by('price', 'years', inYears),
          rho: by('price', 'rate', 1e-4),
          phi: by('price', 'dividendYield', 1e-4),
          vanna: by('delta', 'sigma', inSigma),
          volga: by('vega', 'sigma', inSigma),
          charm: -by('delta', 'years', inYears),
        };
        const money = spot + input.strike;
        const scales: Derivatives = {
          price: money,
          delta: money / (v * spot),
          gamma: 1 / (v * spot),
          vega: money / sigma,
          theta: money / years,
          rho: money * (1 + years),
          phi: money * (1 + years),
          vanna: 1 / sigma / v,
          volga: money / sigma / sigma,
          charm: 1 / years / v,
        };
        for (const name of all) expect(Math.abs(value[name] - expected[name]), name).toBeLessThan(1e-9 * scales[name]);
      }),
      { numRuns: 300 },
    );
  });
});
