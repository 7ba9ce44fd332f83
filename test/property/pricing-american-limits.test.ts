import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AmericanDerivatives,
  americanDerivatives,
  americanImpliedVolatility,
  americanPrice,
  europeanCashDerivatives,
  exerciseBoundary,
  exerciseVerdict,
} from '../../src/pricing/american/american.ts';
import { type AmericanInput, type CashDividend, greatestPrice } from '../../src/pricing/american/contract.ts';
import { europeanCashImpliedVolatility, europeanCashPrice } from '../../src/pricing/european-cash.ts';

/** Evenly: the extremes are drawn by `nasty`. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min: 0, max: 2 ** 30 })).map((i) => min + ((max - min) * i) / 2 ** 30);
const power = (least: number, most: number): fc.Arbitrary<number> => between(least, most).map((x) => 10 ** x);
const nasty: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 5e-324, 1e-300, 1e300, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  power(-300, 300),
  power(-300, 300).map((x) => -x),
);
/** One draw in eight is nasty. */
const mostly = (sane: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 7, arbitrary: sane }, { weight: 1, arbitrary: nasty });

/** Moments as parts of the time to expiry, amounts as parts of the spot. */
const part = fc.oneof(between(0, 1), between(0, 1), fc.constantFrom(0, 1, 0.5, 0.25, 1e-300, 1e-9, 1 - 1e-9, 1 + 1e-15, 2, -1));
const portion = fc.oneof(between(0, 0.02), between(0, 0.02), between(0, 1), fc.constantFrom(0, 1, 0.999, 10, 1e-300, 1e12));
const parts = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.tuple(part, portion), { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(part, portion), { minLength: 40, maxLength: 40 }) },
);

const figures = (draw: (sane: fc.Arbitrary<number>) => fc.Arbitrary<number>): fc.Arbitrary<Figures> =>
  fc.record({
    right: fc.constantFrom('call' as const, 'put' as const),
    spot: draw(fc.oneof(between(50, 200), power(-6, 6))),
    moneyness: draw(fc.oneof(between(0.5, 2), fc.constant(1), power(-3, 3))),
    years: draw(fc.oneof(between(0, 3), power(-8, 2), fc.constant(1 / 365))),
    rate: draw(fc.oneof(between(-0.05, 0.1), fc.constant(0), between(-1.5, 1.5), power(-20, 0))),
    dividendYield: draw(fc.oneof(between(-0.05, 0.1), fc.constant(0), between(-1.5, 1.5), power(-20, 0))),
    sigma: draw(fc.oneof(between(0.05, 1), power(-9, -1), power(-9, 1), fc.constant(0))),
    parts,
  });

interface Figures extends Omit<AmericanInput, 'strike' | 'dividends'> {
  readonly moneyness: number;
  readonly parts: readonly (readonly [number, number])[];
}

function inputOf({ moneyness, parts: drawn, ...figure }: Figures): AmericanInput {
  const dividends: CashDividend[] = drawn.map(([at, amount]) => ({ years: at * figure.years, amount: amount * figure.spot }));
  return { ...figure, strike: figure.spot * moneyness, dividends };
}
const sane = figures((draw) => draw).map(inputOf);
const wild = figures(mostly).map(inputOf);
const anyInput = fc.oneof({ weight: 2, arbitrary: sane }, { weight: 1, arbitrary: wild });

const schemes = ['screen', 'fast', 'accurate'] as const;
const intrinsic = ({ right, spot, strike }: AmericanInput): number => Math.max(0, right === 'call' ? spot - strike : strike - spot);
const most = (input: AmericanInput): number => greatestPrice({ ...input, years: Math.max(0, input.years) });
const size = ({ spot, strike }: AmericanInput): number => spot + strike;
const isFinite = (priced: AmericanDerivatives): boolean =>
  priced.kind === 'unpriceable' || Object.values(priced.derivatives).every(Number.isFinite);

const RUNS = { numRuns: 120 };
const PATIENCE = 120_000;

describe('any figures at all', () => {
  it(
    'have a price within its bounds, or a reason',
    () => {
      fc.assert(
        fc.property(anyInput, (input) => {
          const european = europeanCashPrice(input);
          for (const scheme of schemes) {
            const priced = americanPrice(input, scheme);
            if (priced.kind === 'unpriceable') continue;
            expect(Number.isFinite(priced.price)).toBe(true);
            expect(priced.price).toBeGreaterThanOrEqual(intrinsic(input));
            expect(priced.price).toBeLessThanOrEqual(most(input) * (1 + 1e-5));
            if (scheme !== 'screen' && european.kind === 'priced')
              expect(priced.price).toBeGreaterThanOrEqual(european.price - 1e-6 * size(input));
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'have finite derivatives, or a reason',
    () => {
      fc.assert(
        fc.property(anyInput, (input) => {
          expect(isFinite(americanDerivatives(input))).toBe(true);
          expect(isFinite(europeanCashDerivatives(input))).toBe(true);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it('have a verdict and a boundary that are numbers, or a reason', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdict = exerciseVerdict(input);
        if (verdict.kind !== 'unpriceable') expect(verdict.intrinsic).toBe(intrinsic(input));
        const boundary = exerciseBoundary(input);
        if (boundary.kind === 'boundary') expect(boundary.spot > 0 && Number.isFinite(boundary.spot)).toBe(true);
      }),
      RUNS,
    );
  }, 60_000);
});

describe('any price at all', () => {
  /** What to ask the volatility of, as a part of the way from intrinsic value to all there is. */
  const way = fc.oneof(between(0, 1), power(-14, 0), fc.constantFrom(0, 1, 1 - 1e-9));

  it(
    'has a volatility that gives it back, or a reason',
    () => {
      fc.assert(
        fc.property(anyInput, way, nasty, fc.boolean(), (input, along, odd, oddly) => {
          const price = oddly ? odd : intrinsic(input) + along * (most(input) - intrinsic(input));
          const american = americanImpliedVolatility({ ...input, price });
          if (american.kind === 'unsolvable') expect(Number.isFinite(american.bound)).toBe(true);
          else {
            const again = americanPrice({ ...input, sigma: american.sigma }, 'accurate');
            // Within what the grid tells apart, where prices leave intrinsic value in a step of its own error.
            expect(again.kind === 'priced' && Math.abs(again.price - price) <= 3e-4 * size(input)).toBe(true);
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'has a European volatility with cash dividends that gives it back, or a reason',
    () => {
      fc.assert(
        fc.property(sane, between(0, 1), (input, along) => {
          const price = along * most(input);
          const european = europeanCashImpliedVolatility({ ...input, price });
          if (european.kind === 'unsolvable') expect(Number.isFinite(european.bound)).toBe(true);
          else {
            const again = europeanCashPrice({ ...input, sigma: european.sigma });
            expect(again.kind === 'priced' && Math.abs(again.price - price) <= 1e-6 * size(input)).toBe(true);
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );
});
