import { describe, expect, it } from 'vitest';
import {
  americanDerivatives,
  americanImpliedVolatility,
  americanPrice,
  europeanCashDerivatives,
  exerciseBoundary,
  exerciseVerdict,
  type SchemeName,
} from '../../../../src/pricing/american/american.ts';
import type { AmericanInput } from '../../../../src/pricing/american/contract.ts';
import { bsDerivatives, bsPrice, type Derivatives } from '../../../../src/pricing/black-scholes.ts';

const put: AmericanInput = { right: 'put', spot: 100, strike: 100, years: 0.5, rate: 0.05, dividendYield: 0.02, sigma: 0.3 };
const call: AmericanInput = { ...put, right: 'call', dividendYield: 0.06 };

function priceOf(input: AmericanInput, scheme: SchemeName = 'accurate'): number {
  const priced = americanPrice(input, scheme);
  if (priced.kind !== 'priced') throw new Error(priced.reason);
  return priced.price;
}

function derivativesOf(input: AmericanInput): Derivatives {
  const priced = americanDerivatives(input);
  if (priced.kind !== 'priced') throw new Error(priced.reason);
  return priced.derivatives;
}

function boundaryOf(input: AmericanInput): number {
  const boundary = exerciseBoundary(input);
  if (boundary.kind !== 'boundary') throw new Error(boundary.kind);
  return boundary.spot;
}

describe('an American price', () => {
  const first: AmericanInput = { ...put, dividendYield: 0 };
  const second: AmericanInput = { ...first, spot: 90, years: 0.25, sigma: 0.25 };

  it('is that of a fine binomial tree, to what the tree is good for', () => {
    expect(Math.abs(priceOf(first) - 7.394)).toBeLessThan(0.002);
    expect(Math.abs(priceOf(second) - 10.6955)).toBeLessThan(0.002);
  });

  it('is that of Barone-Adesi and Whaley by the screen', () => {
    expect(priceOf(first, 'screen')).toBeCloseTo(7.38498, 6);
    expect(priceOf(second, 'screen')).toBeCloseTo(10.643148, 6);
  });

  it('is the European one where exercise never pays', () => {
    const never: readonly AmericanInput[] = [
      { ...call, dividendYield: 0 },
      { ...call, dividendYield: -0.01 },
      { ...put, rate: 0 },
      { ...put, rate: -0.02, dividendYield: -0.01 },
    ];
    for (const input of never)
      for (const scheme of ['screen', 'fast', 'accurate'] as const) expect(priceOf(input, scheme)).toBe(bsPrice(input));
  });

  it('is more than the European one of a put at no rate on a share with a negative yield', () => {
    const input: AmericanInput = { ...put, rate: 0, dividendYield: -0.03 };
    expect(priceOf(input)).toBeGreaterThan(bsPrice(input) + 0.01);
    expect(priceOf(input)).toBeCloseTo(priceOf({ ...input, rate: 1e-9 }), 6);
  });

  it('is intrinsic beyond the boundary, and joins it smoothly', () => {
    const boundary = boundaryOf(put);
    expect(priceOf({ ...put, spot: boundary * 0.999 })).toBe(100 - boundary * 0.999);
    expect(priceOf({ ...put, spot: boundary * 1.001 }) - (100 - boundary * 1.001)).toBeLessThan(1e-4);
    expect(priceOf({ ...put, spot: boundary * 1.001 })).toBeGreaterThan(100 - boundary * 1.001);
  });

  it('tends to intrinsic with the time, and to that of the best known moment with the volatility', () => {
    expect(priceOf({ ...put, spot: 90, years: 0 })).toBe(10);
    expect(priceOf({ ...put, spot: 90, years: -1 })).toBe(10);
    expect(priceOf({ ...put, spot: 99.9, years: 1e-10 })).toBeCloseTo(0.1, 4);
    expect(priceOf({ ...put, spot: 90, sigma: 0 })).toBe(10);
    // Without uncertainty a call on a share that yields less than the rate is kept to expiry.
    const kept: AmericanInput = { ...call, spot: 110, dividendYield: 0.01, sigma: 0 };
    expect(priceOf(kept)).toBeCloseTo(110 * Math.exp(-0.005) - 100 * Math.exp(-0.025), 12);
    expect(priceOf({ ...kept, sigma: 1e-4 })).toBeCloseTo(priceOf(kept), 9);
  });

  it('turns at the moment when the yield on the share meets the rate on the strike', () => {
    // The interest saved on the strike outweighs the yield given up on the share only until then.
    const known: AmericanInput = { right: 'call', spot: 200, strike: 100, years: 40, rate: 0.08, dividendYield: 0.03, sigma: 0 };
    const meet = Math.log((0.08 * 100) / (0.03 * 200)) / 0.05;
    const worth = (t: number): number => 200 * Math.exp(-0.03 * t) - 100 * Math.exp(-0.08 * t);
    expect(priceOf(known)).toBeCloseTo(worth(meet), 10);
    expect(worth(meet)).toBeGreaterThan(Math.max(worth(0), worth(40)));
  });

  it('agrees between the schemes to their own errors', () => {
    expect(Math.abs(priceOf(put, 'fast') - priceOf(put))).toBeLessThan(1e-5);
    expect(Math.abs(priceOf(put, 'screen') - priceOf(put))).toBeLessThan(0.05);
    expect(americanPrice(put)).toEqual(americanPrice(put, 'fast'));
  });

  it.each([
    ['not_finite', { spot: Number.NaN }],
    ['not_finite', { sigma: Number.POSITIVE_INFINITY }],
    ['not_finite', { dividends: [{ years: Number.NaN, amount: 1 }] }],
    ['spot_not_positive', { spot: 0 }],
    ['strike_not_positive', { strike: -1 }],
    ['out_of_range', { spot: 1e-300 }],
    ['out_of_range', { sigma: 1e200 }],
    ['dividend_negative', { dividends: [{ years: 0.1, amount: -1 }] }],
    ['two_boundaries', { rate: -0.01, dividendYield: -0.02 }],
  ] as const)('is refused as %s for %j', (reason, change) => {
    const input = { ...put, ...change };
    expect(americanPrice(input)).toEqual({ kind: 'unpriceable', reason });
    expect(americanDerivatives(input)).toEqual({ kind: 'unpriceable', reason });
    expect(exerciseVerdict(input)).toEqual({ kind: 'unpriceable', reason });
  });
});

describe('American derivatives', () => {
  const bumps: readonly AmericanInput[] = [put, call, { ...put, spot: 85 }, { ...call, spot: 120, years: 2 }, { ...put, dividendYield: 0 }];

  it.each(bumps)('are the differences of the price for %j', (input) => {
    const d = derivativesOf(input);
    const by = (change: (h: number) => Partial<AmericanInput>, h: number): number =>
      (priceOf({ ...input, ...change(h) }) - priceOf({ ...input, ...change(-h) })) / (2 * h);
    const ofDelta = (change: (h: number) => Partial<AmericanInput>, h: number): number =>
      (derivativesOf({ ...input, ...change(h) }).delta - derivativesOf({ ...input, ...change(-h) }).delta) / (2 * h);
    expect(d.price).toBeCloseTo(priceOf(input), 7);
    expect(d.delta).toBeCloseTo(
      by((h) => ({ spot: input.spot + h }), 0.01),
      6,
    );
    expect(d.gamma).toBeCloseTo(
      ofDelta((h) => ({ spot: input.spot + h }), 0.01),
      6,
    );
    expect(d.vega).toBeCloseTo(
      by((h) => ({ sigma: input.sigma + h }), 1e-4),
      3,
    );
    expect(d.theta).toBeCloseTo(
      by((h) => ({ years: input.years - h }), 1e-4),
      3,
    );
    expect(d.rho).toBeCloseTo(
      by((h) => ({ rate: input.rate + h }), 1e-4),
      3,
    );
    expect(d.phi).toBeCloseTo(
      by((h) => ({ dividendYield: input.dividendYield + h }), 1e-4),
      3,
    );
    expect(d.vanna).toBeCloseTo(
      ofDelta((h) => ({ sigma: input.sigma + h }), 1e-4),
      3,
    );
    expect(d.charm).toBeCloseTo(
      ofDelta((h) => ({ years: input.years - h }), 1e-4),
      3,
    );
    const wide = 0.01;
    const volga =
      (priceOf({ ...input, sigma: input.sigma + wide }) - 2 * d.price + priceOf({ ...input, sigma: input.sigma - wide })) / (wide * wide);
    expect(Math.abs(d.volga - volga)).toBeLessThan(0.01 * Math.abs(volga) + 0.02);
  });

  it('are those of the share itself where exercise at once is best', () => {
    const d = derivativesOf({ ...put, spot: 50 });
    expect(d).toEqual({ price: 50, delta: -1, gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0, vanna: 0, volga: 0, charm: 0 });
  });

  it('are the European ones where exercise never pays', () => {
    const input: AmericanInput = { ...call, dividendYield: 0 };
    expect(derivativesOf(input)).toEqual(bsDerivatives(input));
  });

  it('follow the known path without uncertainty', () => {
    const kept: AmericanInput = { ...call, spot: 110, dividendYield: 0.01, sigma: 0 };
    const d = derivativesOf(kept);
    expect(d.delta).toBeCloseTo(Math.exp(-0.005), 12);
    expect(d.rho).toBeCloseTo(0.5 * 100 * Math.exp(-0.025), 10);
    expect(d.phi).toBeCloseTo(-0.5 * 110 * Math.exp(-0.005), 10);
    expect(d.theta).toBeCloseTo(0.01 * 110 * Math.exp(-0.005) - 0.05 * 100 * Math.exp(-0.025), 10);
    expect([d.gamma, d.vega]).toEqual([0, 0]);
  });
});

describe('an exercise boundary', () => {
  it('falls from the strike, or from rate over yield of it, towards the perpetual one', () => {
    const perpetual = (rate: number, dividendYield: number, sigma: number): number => {
      const lead = (2 * (rate - dividendYield)) / sigma ** 2 - 1;
      const slope = -(lead + Math.sqrt(lead ** 2 + (8 * rate) / sigma ** 2)) / 2;
      return (100 * slope) / (slope - 1);
    };
    const times = [1e-6, 1e-3, 0.1, 1, 10, 100].map((years) => boundaryOf({ ...put, years }));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[0]).toBeGreaterThan(99.7);
    expect(times[5]).toBeCloseTo(perpetual(0.05, 0.02, 0.3), 1);
    const yields: AmericanInput = { ...put, rate: 0.03, dividendYield: 0.05 };
    expect(boundaryOf({ ...yields, years: 1e-8 })).toBeCloseTo(60, 2);
    expect(boundaryOf({ ...yields, sigma: 0 })).toBeCloseTo(60, 12);
    expect(boundaryOf({ ...yields, years: 0 })).toBe(100);
  });

  it('of a call mirrors that of the put with rate and yield exchanged', () => {
    const mirrored = boundaryOf({ ...put, rate: call.dividendYield, dividendYield: call.rate });
    expect(boundaryOf(call)).toBeCloseTo(100 * (100 / mirrored), 9);
  });

  it('is not there where exercise never pays', () => {
    expect(exerciseBoundary({ ...call, dividendYield: 0 })).toEqual({ kind: 'never' });
    expect(exerciseVerdict({ ...call, spot: 500, dividendYield: 0 })).toEqual({ kind: 'hold', intrinsic: 400 });
  });

  it('parts exercise from holding', () => {
    const spot = boundaryOf(put);
    expect(exerciseVerdict({ ...put, spot: spot * (1 - 1e-9) }).kind).toBe('exercise');
    expect(exerciseVerdict({ ...put, spot: spot * (1 + 1e-9) }).kind).toBe('hold');
    expect(exerciseVerdict({ ...put, spot: 120, years: 0 })).toEqual({ kind: 'hold', intrinsic: 0 });
    expect(exerciseVerdict({ ...put, spot: 90, years: 0 })).toEqual({ kind: 'exercise', intrinsic: 10 });
  });
});

describe('an American implied volatility', () => {
  it.each([put, call, { ...put, spot: 80, sigma: 0.5 }, { ...call, spot: 60, sigma: 0.15, years: 0.1 }])(
    'gives the volatility of %j back',
    (input) => {
      const solved = americanImpliedVolatility({ ...input, price: priceOf(input) });
      if (solved.kind !== 'solved') throw new Error(solved.reason);
      expect(solved.sigma).toBeCloseTo(input.sigma, 9);
    },
  );

  it.each([
    ['nan', { price: Number.NaN }, 0],
    ['bad_input', { price: 5, spot: -1 }, 0],
    ['two_boundaries', { price: 5, rate: -0.01, dividendYield: -0.02 }, 0],
    ['negative', { price: -1 }, 0],
    ['expired', { price: 5, years: 0 }, 0],
    ['above_max', { price: 100 }, 100],
    ['above_max', { price: 101 }, 100],
    ['zero', { price: 0 }, 0],
    ['below_intrinsic', { price: 9, spot: 90 }, 10],
    ['at_intrinsic', { price: 10, spot: 90 }, 10],
  ] as const)('is refused as %s for %j', (reason, change, bound) => {
    expect(americanImpliedVolatility({ ...put, ...change })).toEqual({ kind: 'unsolvable', reason, bound });
  });
});

describe('a share that pays cash', () => {
  const eve: AmericanInput = {
    right: 'call',
    spot: 120,
    strike: 100,
    years: 30 / 365,
    rate: 0.04,
    dividendYield: 0,
    sigma: 0.2,
    dividends: [{ years: 1 / 365, amount: 1.5 }],
  };
  const quarterly: AmericanInput = {
    ...put,
    years: 1,
    dividendYield: 0,
    dividends: [0.1, 0.35, 0.6, 0.85].map((years) => ({ years, amount: 0.75 })),
  };

  it('has its calls exercised on the eve of the ex-date', () => {
    expect(Math.abs(priceOf(eve) - 20.011)).toBeLessThan(0.002);
    const european = europeanCashDerivatives(eve);
    if (european.kind !== 'priced') throw new Error(european.reason);
    expect(Math.abs(european.derivatives.price - 18.830627)).toBeLessThan(0.002);
  });

  it('keeps put-call parity among its European options', () => {
    const both = (['call', 'put'] as const).map((right) => {
      const priced = europeanCashDerivatives({ ...quarterly, right });
      return priced.kind === 'priced' ? priced.derivatives : Number.NaN;
    });
    const [calls, puts] = both as [Derivatives, Derivatives];
    const paid = [0.1, 0.35, 0.6, 0.85].reduce((sum, years) => sum + 0.75 * Math.exp(-0.05 * years), 0);
    expect(calls.price - puts.price).toBeCloseTo(100 - paid - 100 * Math.exp(-0.05), 9);
    expect(calls.delta - puts.delta).toBeCloseTo(1, 9);
    expect(calls.gamma).toBeCloseTo(puts.gamma, 9);
    expect(calls.vega).toBeCloseTo(puts.vega, 5);
  });

  it('is worth what a share without dividends is, when it pays next to nothing', () => {
    const nothing = [{ years: 0.2, amount: 1e-9 }];
    expect(Math.abs(priceOf({ ...put, dividendYield: 0, dividends: nothing }) - priceOf({ ...put, dividendYield: 0 }))).toBeLessThan(1e-4);
    const yields: AmericanInput = { ...call, dividends: nothing };
    expect(Math.abs(priceOf(yields) - priceOf(call))).toBeLessThan(1e-4);
    expect(priceOf({ ...call, dividendYield: 0, dividends: nothing })).toBeCloseTo(bsPrice({ ...call, dividendYield: 0 }), 6);
  });

  it('adds up dividends of one day, and looks at none that is past, empty or after expiry', () => {
    const one = priceOf({ ...quarterly, dividends: [{ years: 0.3, amount: 1 }] });
    expect(
      priceOf({
        ...quarterly,
        dividends: [
          { years: 0.3, amount: 0.5 },
          { years: -0.1, amount: 3 },
          { years: 0.3, amount: 0.5 },
          { years: 1.1, amount: 3 },
          { years: 0.5, amount: 0 },
        ],
      }),
    ).toBe(one);
  });

  it('loses no more than its price to a dividend', () => {
    const ruin = [{ years: 0.2, amount: 1000 }];
    // The put waits for the certain loss; the call is exercised before it.
    expect(priceOf({ ...put, dividendYield: 0, dividends: ruin })).toBeCloseTo(100 * Math.exp(-0.05 * 0.2), 3);
    const short = bsPrice({ ...put, right: 'call', dividendYield: 0, years: 0.2 });
    expect(priceOf({ ...call, dividendYield: 0, dividends: ruin })).toBeCloseTo(short, 6);
  });

  it('takes the present value off the spot in the screen', () => {
    const paid = [0.1, 0.35, 0.6, 0.85].reduce((sum, years) => sum + 0.75 * Math.exp(-0.05 * years), 0);
    const { dividends: _, ...plain } = quarterly;
    expect(priceOf(quarterly, 'screen')).toBeCloseTo(priceOf({ ...plain, spot: 100 - paid }, 'fast'), 10);
  });

  it.each([quarterly, eve, { ...quarterly, right: 'call' as const, dividendYield: 0.03 }])(
    'has the derivatives of its price for %j',
    (input) => {
      const d = derivativesOf(input);
      const spot = (h: number): number => priceOf({ ...input, spot: input.spot + h });
      const sigma = (h: number): number => priceOf({ ...input, sigma: input.sigma + h });
      expect(d.delta).toBeCloseTo((spot(1) - spot(-1)) / 2, 3);
      expect(d.gamma).toBeCloseTo(spot(1) - 2 * spot(0) + spot(-1), 3);
      expect(Math.abs(d.vega - (sigma(0.02) - sigma(-0.02)) / 0.04)).toBeLessThan(0.01 * d.vega + 0.02);
    },
  );

  it('says when to exercise, and follows the known path without uncertainty', () => {
    expect(exerciseVerdict({ ...quarterly, spot: 30, dividends: [{ years: 0.3, amount: 0.75 }] }).kind).toBe('exercise');
    // Days before an ex-date the fall is worth more than the interest on the strike.
    expect(exerciseVerdict({ ...quarterly, spot: 30, dividends: [{ years: 0.01, amount: 0.75 }] }).kind).toBe('hold');
    expect(exerciseVerdict(quarterly).kind).toBe('hold');
    const known = { ...eve, sigma: 0 };
    expect(priceOf(known)).toBeCloseTo(Math.exp(-0.04 / 365) * (120 * Math.exp(0.04 / 365) - 100), 10);
    expect(derivativesOf(known).delta).toBeCloseTo(1, 6);
  });

  it.each([quarterly, eve])('gives the volatility of %j back', (input) => {
    const sigma = 0.35;
    const solved = americanImpliedVolatility({ ...input, price: priceOf({ ...input, sigma }) });
    if (solved.kind !== 'solved') throw new Error(solved.reason);
    expect(solved.sigma).toBeCloseTo(sigma, 6);
  });
});
