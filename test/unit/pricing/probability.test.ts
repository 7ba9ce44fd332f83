import { describe, expect, it } from 'vitest';
import { type BsInput, bsPrice } from '../../../src/pricing/black-scholes.ts';
import { digital, probabilityBeyond, probabilityOfProfit } from '../../../src/pricing/probability.ts';
import { smileThrough } from '../../../src/pricing/volatility/smile.ts';

const option: BsInput = { right: 'call', spot: 100, strike: 105, years: 30 / 365, rate: 0.04, dividendYield: 0.01, sigma: 0.25 };
const terms = { spot: 100, years: 30 / 365, rate: 0.04, dividendYield: 0.01 };

function bets(input: BsInput) {
  const found = digital(input);
  if (found.kind !== 'digital') throw new Error(found.reason);
  return found;
}

describe('digital', () => {
  it.each(['call', 'put'] as const)('halves of a %s make up its price, and their deltas are slopes', (right) => {
    for (const strike of [60, 95, 100, 105, 180]) {
      const input = { ...option, right, strike };
      const { cash, asset } = bets(input);
      const side = right === 'call' ? 1 : -1;
      expect(side * (asset.price - strike * cash.price)).toBeCloseTo(bsPrice(input), 11);
      const h = 1e-4;
      const [up, down] = [bets({ ...input, spot: 100 + h }), bets({ ...input, spot: 100 - h })];
      expect(cash.delta).toBeCloseTo((up.cash.price - down.cash.price) / (2 * h), 8);
      expect(asset.delta).toBeCloseTo((up.asset.price - down.asset.price) / (2 * h), 6);
    }
  });

  it('is the probability discounted, 0.247566 for a 5 % call a month out', () => {
    expect(bets(option).cash.price * Math.exp((0.04 * 30) / 365)).toBeCloseTo(0.247566, 6);
  });

  it('without time or volatility is all or nothing', () => {
    const carry = Math.exp((-0.01 * 30) / 365);
    expect(bets({ ...option, sigma: 0, strike: 90 }).asset).toEqual({ price: 100 * carry, delta: carry });
    expect(bets({ ...option, years: 0, strike: 110 })).toMatchObject({ cash: { price: 0, delta: 0 }, asset: { price: 0, delta: 0 } });
    expect(bets({ ...option, right: 'put', years: 0, strike: 110 }).cash).toEqual({ price: 1, delta: 0 });
  });

  it.each([
    ['at_the_jump', { years: 0, strike: 100 }],
    ['not_finite', { rate: Number.NaN }],
    ['not_finite', { sigma: Infinity }],
    ['spot_not_positive', { spot: 0 }],
    ['strike_not_positive', { strike: -5 }],
    ['out_of_range', { rate: -1000, years: 10 }],
  ])('refuses as %s', (reason, change) => {
    expect(digital({ ...option, ...change })).toEqual({ kind: 'refused', reason });
  });
});

describe('probabilityBeyond', () => {
  it('is that of the reference cases', () => {
    expect(probabilityBeyond('above', 105, terms, 0.25)).toBeCloseTo(0.247566, 6);
    expect(probabilityBeyond('below', 95, terms, 0.25)).toBeCloseTo(0.237544, 6);
    const session = { spot: 600, years: 240 / (252 * 390), rate: 0.04, dividendYield: 0.012 };
    expect(probabilityBeyond('below', 594, session, 0.16)).toBeCloseTo(0.10101, 6);
  });

  it('has limits', () => {
    expect(probabilityBeyond('above', 0, terms, 0.25)).toBe(1);
    expect(probabilityBeyond('below', 0, terms, 0.25)).toBe(0);
    expect(probabilityBeyond('above', Infinity, terms, 0.25)).toBe(0);
    expect(probabilityBeyond('below', Infinity, terms, 0.25)).toBe(1);
    expect(probabilityBeyond('above', 99, { ...terms, years: 0 }, 0.25)).toBe(1);
    expect(probabilityBeyond('above', 100, { ...terms, years: 0 }, 0.25)).toBe(0);
    expect(probabilityBeyond('below', 100, { ...terms, years: 0 }, 0.25)).toBe(0);
  });

  it('is as exact far above as far below', () => {
    // With a drift of sigma^2/2 the logarithm has none, and ends beyond either side are equally likely.
    const driftless = { ...terms, years: 1, rate: 0.02, dividendYield: 0 };
    for (const reach of [1, 2, 4]) {
      const [above, below] = [
        probabilityBeyond('above', 100 * Math.exp(reach), driftless, 0.2),
        probabilityBeyond('below', 100 * Math.exp(-reach), driftless, 0.2),
      ];
      expect(above).toBeGreaterThan(0);
      expect(Math.abs(above / below - 1)).toBeLessThan(1e-12);
    }
  });
});

describe('probabilityOfProfit', () => {
  const flat = (): number => 0.25;
  const odds = (...stretches: readonly (readonly [number, number])[]): number => {
    const found = probabilityOfProfit(
      stretches.map(([from, to]) => ({ from, to })),
      terms,
      flat,
    );
    if (found.kind !== 'odds') throw new Error(found.reason);
    return found.probability;
  };

  it('is exact where the volatility is one for all', () => {
    const above = (level: number): number => probabilityBeyond('above', level, terms, 0.25);
    expect(odds([106.2, Infinity])).toBe(above(106.2));
    expect(odds([0, 94])).toBe(probabilityBeyond('below', 94, terms, 0.25));
    expect(odds([93.85, 106.15])).toBeCloseTo(above(93.85) - above(106.15), 15);
    expect(odds([0, 94], [106, Infinity])).toBeCloseTo(1 - (above(94) - above(106)), 15);
    expect(odds([0, Infinity])).toBe(1);
    expect(odds()).toBe(0);
    expect(odds([150, 160])).toBeCloseTo(above(150) - above(160), 18);
  });

  it.each([
    [604, 0.7585, 0.1923],
    [605, 0.533, 0.1536],
    [606, 0.3615, 0.1179],
    [607, 0.2359, 0.0864],
    [608, 0.1476, 0.0603],
  ])('of a %d call bought at %d takes the volatility at its break-even', (strike, price, expected) => {
    const smile = smileThrough([0.165, 0.163, 0.161, 0.159, 0.157, 0.155].map((sigma, i) => ({ strike: 604 + i, sigma })));
    if (smile.kind !== 'smile') throw new Error(smile.reason);
    const session = { spot: 600, years: 300 / (252 * 390), rate: 0.04, dividendYield: 0.012 };
    const found = probabilityOfProfit([{ from: strike + price, to: Infinity }], session, smile.sigmaAt);
    if (found.kind !== 'odds') throw new Error(found.reason);
    expect(Math.abs(found.probability - expected)).toBeLessThan(1e-4);
  });

  it('of an earnings call is .1799', () => {
    const event = { spot: 180, years: 2 / 365, rate: 0.04, dividendYield: 0 };
    const found = probabilityOfProfit([{ from: 190 + 1.7201, to: Infinity }], event, () => 0.964916);
    expect(found.kind === 'odds' && Math.abs(found.probability - 0.1799)).toBeLessThan(1e-4);
  });

  it('asks for no volatility but at the finite ends', () => {
    const asked: number[] = [];
    const sigmaAt = (level: number): number => {
      asked.push(level);
      return 0.25;
    };
    probabilityOfProfit(
      [
        { from: 0, to: 94 },
        { from: 106, to: Infinity },
      ],
      terms,
      sigmaAt,
    );
    expect(asked).toEqual([94, 106]);
  });

  it('refuses what makes no probability', () => {
    const stretch = [{ from: 95, to: 96 }];
    expect(probabilityOfProfit(stretch, terms, () => Number.NaN)).toEqual({ kind: 'refused', reason: 'no_volatility' });
    expect(probabilityOfProfit(stretch, terms, () => -0.1)).toEqual({ kind: 'refused', reason: 'no_volatility' });
    expect(probabilityOfProfit(stretch, { ...terms, spot: 0 }, flat)).toEqual({ kind: 'refused', reason: 'spot_not_positive' });
    expect(probabilityOfProfit(stretch, { ...terms, years: Number.NaN }, flat)).toEqual({ kind: 'refused', reason: 'not_finite' });
    expect(probabilityOfProfit(stretch, terms, (level) => (level < 95.5 ? 0.9 : 0.1))).toEqual({
      kind: 'refused',
      reason: 'smile_inconsistent',
    });
    const wings = [
      { from: 0, to: 99 },
      { from: 99, to: Infinity },
    ];
    let calls = 0;
    expect(probabilityOfProfit(wings, terms, () => (calls++ === 0 ? 0.9 : 0.1))).toEqual({ kind: 'refused', reason: 'smile_inconsistent' });
  });
});
