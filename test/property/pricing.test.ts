import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import { type Option, occSymbol } from '../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../src/domain/legs.ts';
import { price, usd } from '../../src/domain/money.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { type BsInput, bsGreeks, bsPrice, probabilityItm } from '../../src/pricing/black-scholes.ts';
import { impliedVolatility } from '../../src/pricing/implied-volatility.ts';
import { inverseNormalCdf, normalCdf } from '../../src/pricing/normal.ts';
import { gainAtExpiry, payoffAtExpiry } from '../../src/pricing/payoff.ts';
import { touchProbability } from '../../src/pricing/touch.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const option: fc.Arbitrary<BsInput> = fc.record({
  right: fc.constantFrom('call' as const, 'put' as const),
  spot: between(5, 1000),
  strike: between(5, 1000),
  years: between(0.0005, 3),
  rate: between(-0.02, 0.12),
  dividendYield: between(0, 0.08),
  sigma: between(0.03, 3),
});
const other = (right: 'call' | 'put') => (right === 'call' ? ('put' as const) : ('call' as const));

describe('option values', () => {
  it('keep put-call parity', () => {
    fc.assert(
      fc.property(option, (input) => {
        const forward = input.spot * Math.exp(-input.dividendYield * input.years) - input.strike * Math.exp(-input.rate * input.years);
        const gap = bsPrice({ ...input, right: 'call' }) - bsPrice({ ...input, right: 'put' }) - forward;
        expect(Math.abs(gap)).toBeLessThan(1e-12 * (input.spot + input.strike));
      }),
    );
  });

  it('never fall with volatility, and fall (calls) or rise (puts) with the strike', () => {
    fc.assert(
      fc.property(option, between(0, 1), between(0, 50), (input, more, higher) => {
        const value = bsPrice(input);
        const slack = 1e-12 * (input.spot + input.strike);
        expect(bsPrice({ ...input, sigma: input.sigma + more })).toBeGreaterThanOrEqual(value - slack);
        const moved = bsPrice({ ...input, strike: input.strike + higher });
        if (input.right === 'call') expect(moved).toBeLessThanOrEqual(value + slack);
        else expect(moved).toBeGreaterThanOrEqual(value - slack);
      }),
    );
  });

  it('never fall with time where carry costs nothing', () => {
    fc.assert(
      fc.property(option, between(0, 1), (input, more) => {
        const free = { ...input, rate: 0, dividendYield: 0 };
        expect(bsPrice({ ...free, years: input.years + more })).toBeGreaterThanOrEqual(bsPrice(free) - 1e-12 * (input.spot + input.strike));
      }),
    );
  });

  it('lie between the forward and the asset, with delta, gamma and vega of the right sign', () => {
    fc.assert(
      fc.property(option, (input) => {
        const g = bsGreeks(input);
        const bound =
          input.right === 'call'
            ? input.spot * Math.exp(-input.dividendYield * input.years)
            : input.strike * Math.exp(-input.rate * input.years);
        expect(g.price).toBe(bsPrice(input));
        expect(g.price).toBeGreaterThanOrEqual(0);
        expect(g.price).toBeLessThanOrEqual(bound * (1 + 1e-14));
        expect(input.right === 'call' ? g.delta : -g.delta).toBeGreaterThanOrEqual(0);
        expect(Math.abs(g.delta)).toBeLessThanOrEqual(1);
        expect(Math.min(g.gamma, g.vega)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('never throw nor say NaN on finite input of any sign', () => {
    const any = between(-100, 100);
    fc.assert(
      fc.property(
        any,
        any,
        any,
        between(-1, 1),
        between(-1, 1),
        any,
        fc.boolean(),
        (spot, strike, years, rate, dividendYield, sigma, isCall) => {
          const input: BsInput = { right: isCall ? 'call' : 'put', spot, strike, years, rate, dividendYield, sigma };
          for (const value of [bsPrice(input), probabilityItm(input), bsGreeks(input).delta, bsGreeks(input).theta])
            expect(value).not.toBeNaN();
        },
      ),
    );
  });
});

describe('implied volatility', () => {
  it('gives back the volatility wherever the price carries it', () => {
    fc.assert(
      fc.property(option, (input) => {
        const g = bsGreeks(input);
        fc.pre(g.vega > 1e-4);
        const solved = impliedVolatility({ ...input, price: g.price });
        if (solved.kind !== 'solved') throw new Error(`not solved: ${solved.kind}`);
        expect(Math.abs(solved.sigma - input.sigma)).toBeLessThan(1e-8);
      }),
      { numRuns: 1000 },
    );
  });

  it('prices back to the price it was given, or names a bound that the price does offend', () => {
    fc.assert(
      fc.property(option, between(-1, 1100), (input, asked) => {
        const answer = impliedVolatility({ ...input, price: asked });
        if (answer.kind === 'solved')
          expect(Math.abs(bsPrice({ ...input, sigma: answer.sigma }) - asked)).toBeLessThan(1e-11 * (input.spot + input.strike));
        else if (answer.reason === 'above_max') expect(asked).toBeGreaterThanOrEqual(answer.bound);
        else expect(asked).toBeLessThanOrEqual(answer.bound + 1e-15 * (input.spot + input.strike));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('probabilities', () => {
  it('of a call and a put on one strike sum to one, and a touch is likelier than an end beyond', () => {
    fc.assert(
      fc.property(option, (input) => {
        const p = probabilityItm(input);
        expect(p + probabilityItm({ ...input, right: other(input.right) })).toBeCloseTo(1, 12);
        const beyond = probabilityItm({ ...input, right: input.strike > input.spot ? 'call' : 'put' });
        const touch = touchProbability({ ...input, barrier: input.strike });
        expect(touch).toBeGreaterThanOrEqual(beyond - 1e-12);
        expect(touch).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('invert', () => {
    fc.assert(
      fc.property(between(-8, 0), (x) => {
        expect(inverseNormalCdf(normalCdf(x))).toBeCloseTo(x, 10);
      }),
    );
  });
});

describe('a payoff', () => {
  const spy = symbol('SPY');
  const expiry = tradingDay('2026-12-18');
  const optionLeg = fc
    .record({
      right: fc.constantFrom('call' as const, 'put' as const),
      strike: fc.integer({ min: 1, max: 20 }),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      ratio: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ right, strike, side, ratio }) => {
      const at = price(strike * 5_000_000);
      const instrument: Option = {
        kind: 'option',
        symbol: occSymbol(spy, expiry, right, at),
        underlying: spy,
        multiplier: 100,
        right,
        strike: at,
        expiry,
      };
      return leg(instrument, side, 'open', ratio);
    });
  const packages: fc.Arbitrary<Legs> = fc
    .array(optionLeg, { minLength: 1, maxLength: 4 })
    .map(([first, ...rest]) => legs(first as Legs[0], ...rest));

  it('is nowhere worse than its worst nor better than its best, and reaches both', () => {
    fc.assert(
      fc.property(packages, fc.integer({ min: -2000, max: 2000 }), (package_, cents) => {
        const net = price(cents * 10_000);
        const { worstLoss, bestGain } = payoffAtExpiry(package_, net);
        const gains = Array.from({ length: 121 }, (_, i) => gainAtExpiry(package_, net, price(i * 1_000_000)));
        if (worstLoss !== 'unbounded') expect(usd(-Math.min(...gains))).toBe(worstLoss);
        if (bestGain !== 'unbounded') expect(Math.max(...gains)).toBe(bestGain);
      }),
    );
  });

  it('changes sign only at its break-evens', () => {
    fc.assert(
      fc.property(packages, fc.integer({ min: -2000, max: 2000 }), (package_, cents) => {
        const net = price(cents * 10_000);
        const { breakEvens } = payoffAtExpiry(package_, net);
        for (let i = 0; i < 120; i++) {
          const low = gainAtExpiry(package_, net, price(i * 1_000_000));
          const high = gainAtExpiry(package_, net, price((i + 1) * 1_000_000));
          if (low < 0 !== high < 0) expect(breakEvens.some((b) => b >= i - 1e-9 && b <= i + 1 + 1e-9)).toBe(true);
        }
      }),
    );
  });
});
