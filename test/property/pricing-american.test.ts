import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  americanDerivatives,
  americanImpliedVolatility,
  americanPrice,
  exerciseBoundary,
  exerciseVerdict,
  type SchemeName,
} from '../../src/pricing/american/american.ts';
import type { AmericanInput } from '../../src/pricing/american/contract.ts';
import { bsPrice } from '../../src/pricing/black-scholes.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const contract: fc.Arbitrary<AmericanInput> = fc.record({
  right: fc.constantFrom('call' as const, 'put' as const),
  spot: between(50, 200),
  strike: between(50, 200),
  years: between(0.005, 3),
  rate: between(0, 0.1),
  dividendYield: between(0, 0.1),
  sigma: between(0.05, 1.2),
});
const scheme: fc.Arbitrary<SchemeName> = fc.constantFrom('fast', 'accurate');
const dividends = fc.array(fc.record({ years: between(0.01, 1), amount: between(0, 3) }), { minLength: 1, maxLength: 3 });

function priceOf(input: AmericanInput, by: SchemeName = 'accurate'): number {
  const priced = americanPrice(input, by);
  if (priced.kind !== 'priced') throw new Error(priced.reason);
  return priced.price;
}

const intrinsic = ({ right, spot, strike }: AmericanInput): number => Math.max(0, right === 'call' ? spot - strike : strike - spot);

describe('an American price', () => {
  it('is never below the European one, nor below exercise at once, nor above all there is', () => {
    fc.assert(
      fc.property(contract, fc.constantFrom<SchemeName>('screen', 'fast', 'accurate'), (input, by) => {
        const price = priceOf(input, by);
        expect(price).toBeGreaterThanOrEqual(bsPrice(input));
        expect(price).toBeGreaterThanOrEqual(intrinsic(input));
        if (by !== 'screen') expect(price).toBeLessThanOrEqual((input.right === 'call' ? input.spot : input.strike) * (1 + 1e-5));
      }),
      { numRuns: 400 },
    );
  });

  it('never falls with time', () => {
    fc.assert(
      fc.property(contract, between(0, 0.5), (input, more) => {
        expect(priceOf({ ...input, years: input.years + more })).toBeGreaterThanOrEqual(priceOf(input) - 2e-8 * input.strike);
      }),
    );
  });

  it('never falls with volatility', () => {
    fc.assert(
      fc.property(contract, between(0, 0.3), (input, more) => {
        expect(priceOf({ ...input, sigma: input.sigma + more })).toBeGreaterThanOrEqual(priceOf(input) - 2e-8 * input.strike);
      }),
    );
  });

  it('is convex in the strike', () => {
    fc.assert(
      fc.property(contract, between(0.1, 20), (input, width) => {
        const at = (strike: number): number => priceOf({ ...input, strike });
        const bend = at(input.strike - width) - 2 * at(input.strike) + at(input.strike + width);
        expect(bend).toBeGreaterThanOrEqual(-8e-8 * input.strike);
      }),
    );
  });

  it('of a call is that of the put with spot and strike, rate and yield exchanged', () => {
    fc.assert(
      fc.property(contract, scheme, (input, by) => {
        const mirrored: AmericanInput = {
          ...input,
          right: input.right === 'call' ? 'put' : 'call',
          spot: input.strike,
          strike: input.spot,
          rate: input.dividendYield,
          dividendYield: input.rate,
        };
        expect(Math.abs(priceOf(mirrored, by) - priceOf(input, by))).toBeLessThan(1e-12 * (input.spot + input.strike));
      }),
    );
  });

  it('scales with spot and strike', () => {
    fc.assert(
      fc.property(contract, between(1e-3, 1e3), scheme, (input, scale, by) => {
        const scaled = priceOf({ ...input, spot: input.spot * scale, strike: input.strike * scale }, by);
        expect(Math.abs(scaled / scale - priceOf(input, by))).toBeLessThan(1e-9 * input.strike);
      }),
    );
  });

  it('agrees between the fast and the accurate scheme within 1e-5 of the strike', () => {
    fc.assert(
      fc.property(contract, (input) => {
        expect(Math.abs(priceOf(input, 'fast') - priceOf(input))).toBeLessThan(1e-5 * input.strike);
      }),
      { numRuns: 400 },
    );
  });

  it('is a number or a reason for finite figures of any sign and size, also in its derivatives and volatility', () => {
    const any = fc.oneof(between(-100, 100), fc.double({ noNaN: false }));
    const wild = fc.record({
      right: fc.constantFrom('call' as const, 'put' as const),
      spot: any,
      strike: any,
      years: any,
      rate: fc.oneof(between(-1, 1), any),
      dividendYield: fc.oneof(between(-1, 1), any),
      sigma: any,
    });
    fc.assert(
      fc.property(wild, any, (input, asked) => {
        for (const by of ['screen', 'fast', 'accurate'] as const) {
          const priced = americanPrice(input, by);
          if (priced.kind === 'priced') expect(priced.price).not.toBeNaN();
        }
        const derived = americanDerivatives(input);
        if (derived.kind === 'priced') expect(Object.values(derived.derivatives).some(Number.isNaN)).toBe(false);
        const solved = americanImpliedVolatility({ ...input, price: asked });
        if (solved.kind === 'solved') expect(solved.sigma).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});

describe('American derivatives', () => {
  it('have the signs that the price allows', () => {
    fc.assert(
      fc.property(contract, (input) => {
        const derived = americanDerivatives(input);
        if (derived.kind !== 'priced') throw new Error(derived.reason);
        const { delta, gamma, vega } = derived.derivatives;
        const along = input.right === 'call' ? delta : -delta;
        expect(along).toBeGreaterThanOrEqual(-1e-8);
        expect(along).toBeLessThanOrEqual(1 + 1e-6);
        expect(gamma).toBeGreaterThanOrEqual(-1e-6);
        expect(vega).toBeGreaterThanOrEqual(-1e-5 * input.strike);
      }),
    );
  });
});

describe('an exercise boundary', () => {
  it('parts intrinsic prices from higher ones', () => {
    fc.assert(
      fc.property(contract, (input) => {
        const boundary = exerciseBoundary(input);
        const verdict = exerciseVerdict(input);
        if (boundary.kind === 'unpriceable' || verdict.kind === 'unpriceable') throw new Error(boundary.kind);
        const beyond = boundary.kind === 'boundary' && (input.right === 'call' ? input.spot >= boundary.spot : input.spot <= boundary.spot);
        expect(verdict.kind).toBe(beyond ? 'exercise' : 'hold');
        if (beyond) expect(Math.abs(priceOf(input) - intrinsic(input))).toBeLessThan(1e-8 * input.strike);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an American implied volatility', () => {
  it('gives the price back', () => {
    fc.assert(
      fc.property(contract, (input) => {
        const price = priceOf(input);
        const solved = americanImpliedVolatility({ ...input, price });
        if (solved.kind === 'solved')
          expect(Math.abs(priceOf({ ...input, sigma: solved.sigma }) - price)).toBeLessThan(1e-8 * input.strike);
        else expect(Math.abs(price - solved.bound)).toBeLessThan(1e-8 * input.strike);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a share that pays cash', () => {
  it('has American calls worth no more, and puts no less, than a share that pays nothing', () => {
    fc.assert(
      fc.property(contract, dividends, (base, schedule) => {
        const input: AmericanInput = { ...base, dividendYield: 0, dividends: schedule };
        const price = priceOf(input);
        expect(price).toBeGreaterThanOrEqual(intrinsic(input));
        const unpaid = priceOf({ ...base, dividendYield: 0 });
        if (input.right === 'call') expect(price).toBeLessThanOrEqual(unpaid + 1e-6 * input.spot);
        else expect(price).toBeGreaterThanOrEqual(unpaid - 1e-4 * input.strike);
      }),
      { numRuns: 25 },
    );
  });
});
