import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import { equity, type Option, occSymbol } from '../../src/domain/instrument.ts';
import { type Leg, type Legs, leg, legs } from '../../src/domain/legs.ts';
import { price, usd } from '../../src/domain/money.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { type BsInput, bsPrice } from '../../src/pricing/black-scholes.ts';
import { gainAtExpiry, payoffAtExpiry } from '../../src/pricing/payoff.ts';
import { digital, probabilityBeyond, probabilityOfProfit } from '../../src/pricing/probability.ts';
import { oneTouch, reachOdds, touchProbability } from '../../src/pricing/touch.ts';
import { garmanKlass, type OhlcBar, parkinson, rogersSatchell, yangZhang } from '../../src/pricing/volatility/realized.ts';
import { smileThrough } from '../../src/pricing/volatility/smile.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const side = fc.constantFrom('buy' as const, 'sell' as const);
const right = fc.constantFrom('call' as const, 'put' as const);

const spy = symbol('SPY');
const expiry = tradingDay('2026-12-18');
const optionLeg: fc.Arbitrary<Leg> = fc
  .record({ right, strike: fc.integer({ min: 1, max: 20 }), side, ratio: fc.integer({ min: 1, max: 3 }) })
  .map((o) => {
    const strike = price(o.strike * 5_000_000);
    const symbol_ = occSymbol(spy, expiry, o.right, strike);
    const instrument: Option = { kind: 'option', symbol: symbol_, underlying: spy, multiplier: 100, right: o.right, strike, expiry };
    return leg(instrument, o.side, 'open', o.ratio);
  });
const shareLeg: fc.Arbitrary<Leg> = side.map((s) => leg(equity(spy), s, 'open', 100));
const packages: fc.Arbitrary<Legs> = fc
  .tuple(fc.array(optionLeg, { minLength: 1, maxLength: 3 }), fc.option(shareLeg, { nil: undefined }), fc.boolean())
  .map(([options, shares, first]) => {
    const all = shares === undefined ? options : first ? [shares, ...options] : [...options, shares];
    return legs(...(all as [Leg, ...Leg[]]));
  });
/** Net prices on whole dollars as well, where whole stretches neither gain nor lose. */
const nets = fc
  .oneof(
    fc.integer({ min: -2000, max: 2000 }),
    fc.integer({ min: -20, max: 20 }).map((d) => 100 * d),
  )
  .map((c) => price(c * 10_000));

describe('a payoff, shares among its legs', () => {
  /** Every half dollar to beyond the highest strike: strikes lie on them. */
  const spots = Array.from({ length: 260 }, (_, i) => price(i * 500_000));

  it('is nowhere worse than its worst nor better than its best, and reaches both', () => {
    fc.assert(
      fc.property(packages, nets, (package_, net) => {
        const { worstLoss, bestGain } = payoffAtExpiry(package_, net);
        const gains = spots.map((spot) => gainAtExpiry(package_, net, spot));
        const [last, beyond] = [gains.at(-1) ?? 0, gainAtExpiry(package_, net, price(10_000_000_000))];
        if (worstLoss === 'unbounded') expect(beyond).toBeLessThan(last);
        else expect(usd(-Math.min(...gains, beyond))).toBe(worstLoss);
        if (bestGain === 'unbounded') expect(beyond).toBeGreaterThan(last);
        else expect(Math.max(...gains, beyond)).toBe(bestGain);
      }),
      { numRuns: 500 },
    );
  });

  it('gains within its stretches, loses or comes out even everywhere else', () => {
    fc.assert(
      fc.property(packages, nets, (package_, net) => {
        const { gainsWithin } = payoffAtExpiry(package_, net);
        const wrong = spots.filter((spot) => {
          const at = spot / 1_000_000;
          const gains = gainAtExpiry(package_, net, spot) > 0;
          // A package may gain on a share worth nothing, the closed end of its first stretch.
          const within = gainsWithin.some(({ from, to }) => (from < at || (from === 0 && at === 0)) && at < to);
          // Any other end is a rounded number: on it, either is right.
          const onEnd = gainsWithin.some(({ from, to }) => (at > 0 && Math.abs(from - at) < 1e-9) || Math.abs(to - at) < 1e-9);
          return gains !== within && !onEnd && !(at === 0 && gainAtExpiry(package_, net, spot) === 0);
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('ends its stretches at break-evens, apart and ascending', () => {
    fc.assert(
      fc.property(packages, nets, (package_, net) => {
        const { gainsWithin, breakEvens } = payoffAtExpiry(package_, net);
        const ends = gainsWithin.flatMap(({ from, to }) => [from, to]);
        for (const end of ends) if (end > 0 && end < Infinity) expect(breakEvens).toContain(end);
        for (const [i, end] of ends.entries()) if (i > 0) expect(end).toBeGreaterThanOrEqual(ends[i - 1] ?? 0);
        for (const { from, to } of gainsWithin) expect(from).toBeLessThan(to);
        expect(breakEvens).toEqual([...new Set(breakEvens)].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it('is worth nothing at its break-evens', () => {
    fc.assert(
      fc.property(packages, nets, (package_, net) => {
        for (const at of payoffAtExpiry(package_, net).breakEvens) {
          // A share price is whole micros; the gain there is off by at most the slope of half of one.
          expect(Math.abs(gainAtExpiry(package_, net, price(Math.round(at * 1_000_000))))).toBeLessThanOrEqual(1300);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const market = fc.record({
  spot: between(5, 1000),
  years: between(1e-6, 3),
  rate: between(-0.02, 0.12),
  dividendYield: between(0, 0.08),
  sigma: between(0.005, 3),
});
const option: fc.Arbitrary<BsInput> = fc
  .tuple(market, right, between(-3, 3))
  .map(([terms, r, z]) => ({ ...terms, right: r, strike: terms.spot * Math.exp(z * terms.sigma * Math.sqrt(terms.years)) }));

describe('probabilities', () => {
  it('of profit and of loss add up to one where the volatility is one for all', () => {
    fc.assert(
      fc.property(packages, nets, market, (package_, net, terms) => {
        const { gainsWithin } = payoffAtExpiry(package_, net);
        const odds = probabilityOfProfit(gainsWithin, terms, () => terms.sigma);
        if (odds.kind !== 'odds') throw new Error(odds.reason);
        expect(odds.probability).toBeGreaterThanOrEqual(0);
        expect(odds.probability).toBeLessThanOrEqual(1);
        let rest = 0;
        let at = 0;
        for (const { from, to } of [...gainsWithin, { from: Infinity, to: Infinity }]) {
          rest += probabilityBeyond('below', from, terms, terms.sigma) - probabilityBeyond('below', at, terms, terms.sigma);
          at = to;
        }
        expect(odds.probability + rest).toBeCloseTo(1, 11);
      }),
    );
  });

  it('are what digitals pay, and digitals make up options', () => {
    fc.assert(
      fc.property(option, (input) => {
        const bet = digital(input);
        if (bet.kind !== 'digital') throw new Error(bet.reason);
        const beyond = probabilityBeyond(input.right === 'call' ? 'above' : 'below', input.strike, input, input.sigma);
        expect(bet.cash.price).toBeCloseTo(Math.exp(-input.rate * input.years) * beyond, 12);
        const value = (input.right === 'call' ? 1 : -1) * (bet.asset.price - input.strike * bet.cash.price);
        expect(Math.abs(value - bsPrice(input))).toBeLessThan(1e-12 * (input.spot + input.strike));
      }),
      { numRuns: 500 },
    );
  });

  it('of a touch lie between that of ending beyond and one, and grow with time', () => {
    fc.assert(
      fc.property(option, between(0, 2), (input, more) => {
        const barrier = input.strike;
        const touch = touchProbability({ ...input, barrier });
        expect(touch).toBeGreaterThanOrEqual(
          probabilityBeyond(barrier > input.spot ? 'above' : 'below', barrier, input, input.sigma) - 1e-14,
        );
        expect(touch).toBeLessThanOrEqual(1);
        expect(touchProbability({ ...input, barrier, years: input.years + more })).toBeGreaterThanOrEqual(touch * (1 - 1e-9) - 1e-15);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a touch are numbers whatever the scale of time and volatility', () => {
    const scale = fc.integer({ min: -300, max: 3 }).map((e) => 10 ** e);
    fc.assert(
      fc.property(scale, scale, between(-5, 5), between(-0.5, 0.5), between(-0.5, 0.5), (years, sigma, x, rate, dividendYield) => {
        const input = { spot: 100, barrier: 100 * Math.exp(x), years: Math.min(years, 100), rate, dividendYield, sigma };
        const touch = touchProbability(input);
        expect(touch >= 0 && touch <= 1).toBe(true);
        const bet = oneTouch(input);
        if (bet.kind === 'touch')
          for (const value of [bet.paidAtExpiry, bet.paidAtTouch]) expect(value >= 0 && value < Infinity).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a dollar at the touch lie between the discounted and the full probability', () => {
    fc.assert(
      fc.property(option, (input) => {
        const bet = oneTouch({ ...input, rate: Math.abs(input.rate), barrier: input.strike });
        if (bet.kind !== 'touch') throw new Error(bet.reason);
        expect(bet.paidAtTouch).toBeGreaterThanOrEqual(bet.paidAtExpiry * (1 - 1e-11) - 1e-300);
        expect(bet.paidAtTouch).toBeLessThanOrEqual(bet.probability * (1 + 1e-11) + 1e-300);
      }),
      { numRuns: 1000 },
    );
  });

  it('of an option to multiply stay within what a fair price allows', () => {
    fc.assert(
      fc.property(option, between(1.01, 10), between(0, 1), (raw, multiple, part) => {
        // Without dividends a call never loses by waiting, without interest a put does not: what it is worth at a touch is at least the multiple.
        const input = { ...raw, rate: raw.right === 'call' ? Math.abs(raw.rate) : 0, dividendYield: 0 };
        const entry = bsPrice(input);
        fc.pre(entry > 1e-6 * input.spot);
        const odds = reachOdds(input, { entry, multiple, horizon: part * input.years });
        if (odds.kind !== 'odds') throw new Error(odds.reason);
        expect(odds.probability).toBeLessThanOrEqual((Math.exp(input.rate * part * input.years) / multiple) * (1 + 1e-11));
        if (part < 0.999 && odds.level > 0) {
          const there = bsPrice({ ...input, spot: odds.level, years: (1 - part) * input.years });
          expect(Math.abs(there / (multiple * entry) - 1)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('estimators of volatility', () => {
  const bar: fc.Arbitrary<OhlcBar> = fc
    .tuple(between(50, 100), between(0, 20), between(0, 1), between(0, 1))
    .map(([low, range, o, c]) => ({ low, high: low + range, open: low + o * range, close: Math.min(low + range, low + c * range) }));

  it('are numbers, not negative, and blind to the unit of price', () => {
    fc.assert(
      fc.property(fc.array(bar, { minLength: 3, maxLength: 30 }), (bars) => {
        const doubled = bars.map(({ open, high, low, close }) => ({ open: 2 * open, high: 2 * high, low: 2 * low, close: 2 * close }));
        for (const estimate of [parkinson, garmanKlass, rogersSatchell, yangZhang]) {
          const found = estimate(bars);
          if (found.kind !== 'volatility') throw new Error(found.reason);
          expect(found.sigma).toBeGreaterThanOrEqual(0);
          expect(found.sigma).toBeLessThan(Infinity);
          expect(estimate(doubled)).toEqual(found);
        }
      }),
    );
  });
});

describe('a smile', () => {
  it('lies between its neighbours at every level', () => {
    const points = fc.uniqueArray(fc.record({ strike: between(10, 500), sigma: between(0.05, 3) }), {
      minLength: 1,
      maxLength: 20,
      selector: (p) => p.strike,
    });
    fc.assert(
      fc.property(points, between(0, 600), (given, level) => {
        const smile = smileThrough(given);
        if (smile.kind !== 'smile') throw new Error(smile.reason);
        const sorted = [...given].sort((a, b) => a.strike - b.strike);
        const below = sorted.filter((p) => p.strike <= level).at(-1) ?? sorted[0];
        const above = sorted.find((p) => p.strike >= level) ?? sorted.at(-1);
        const ends = [below?.sigma ?? Number.NaN, above?.sigma ?? Number.NaN];
        const sigma = smile.sigmaAt(level);
        expect(sigma).toBeGreaterThanOrEqual(Math.min(...ends) * (1 - 1e-12));
        expect(sigma).toBeLessThanOrEqual(Math.max(...ends) * (1 + 1e-12));
      }),
    );
  });
});
