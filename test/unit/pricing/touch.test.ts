import { describe, expect, it } from 'vitest';
import { type BsInput, bsPrice, probabilityItm } from '../../../src/pricing/black-scholes.ts';
import { oneTouch, reachOdds, touchProbability } from '../../../src/pricing/touch.ts';

const monthly = { spot: 100, years: 30 / 365, rate: 0.04, dividendYield: 0.01, sigma: 0.25 };
const session = { spot: 600, years: 240 / (252 * 390), rate: 0.04, dividendYield: 0.012, sigma: 0.16 };

describe('touchProbability', () => {
  it.each<[string, Parameters<typeof touchProbability>[0], number]>([
    ['a level above, a month', { ...monthly, barrier: 105 }, 0.495555],
    ['a level below, a month', { ...monthly, barrier: 95 }, 0.474688],
    ['a level below, four hours', { ...session, barrier: 594 }, 0.202472],
    ['a level above, four hours', { ...session, barrier: 606 }, 0.209453],
  ])('of %s', (_, input, expected) => {
    expect(Math.abs(touchProbability(input) - expected)).toBeLessThan(1e-6);
  });

  it('is one on the level and nothing at once elsewhere', () => {
    expect(touchProbability({ ...monthly, barrier: 100, years: 0 })).toBe(1);
    expect(touchProbability({ ...monthly, barrier: 100.01, years: 0 })).toBe(0);
    expect(touchProbability({ ...monthly, barrier: 100.01, years: 1e-300 })).toBe(0);
    expect(touchProbability({ ...monthly, barrier: 0 })).toBe(0);
    expect(touchProbability({ ...monthly, barrier: Infinity })).toBe(0);
  });

  it('without volatility is whether the drift gets there', () => {
    const carried = { ...monthly, years: 1, rate: 0.05, dividendYield: 0 };
    for (const sigma of [0, 1e-200, 1e-9]) {
      expect(touchProbability({ ...carried, sigma, barrier: 105 })).toBe(1);
      expect(touchProbability({ ...carried, sigma, barrier: 106 })).toBe(0);
      expect(touchProbability({ ...carried, sigma, barrier: 99 })).toBe(0);
      expect(touchProbability({ ...carried, sigma, rate: -0.05, barrier: 99 })).toBe(1);
    }
  });

  it('keeps its digits where the exponential alone would overflow', () => {
    // b = ln(106/100), m = 0.05 - sigma^2/2, sigma = 0.002: e^(2mb/sigma^2) = e^1456.
    const far = { spot: 100, barrier: 106, years: 1, rate: 0.05, dividendYield: 0, sigma: 0.002 };
    const b = Math.log(1.06);
    const z = (b - 0.05 + 0.000002) / 0.002;
    // Both terms are tails of nearly the same point: N(-z) + n(z) M(y), by their asymptotic series.
    const tail = (x: number): number => {
      let [sum, term] = [1, 1];
      for (let i = 1; i <= 8; i++) sum += term *= -(2 * i - 1) / (x * x);
      return sum / x;
    };
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const expected = density * (tailRatio(z) + tail((b + 0.05 - 0.000002) / 0.002));
    expect(Math.abs(touchProbability(far) / expected - 1)).toBeLessThan(1e-10);
  });

  it('tends to spot over level for a volatility beyond measure', () => {
    expect(touchProbability({ ...monthly, rate: 0.01, years: 1, barrier: 200, sigma: 60 })).toBeCloseTo(0.5, 12);
  });
});

/** N(-z)/n(z) by its continued fraction, from the far end. */
function tailRatio(z: number): number {
  let fraction = z;
  for (let i = 400; i >= 1; i--) fraction = z + i / fraction;
  return 1 / fraction;
}

/** E[e^(-r tau); tau <= T] by summing the density of the touch over time: a path to the price that shares no step with the closed form. */
function dollarByQuadrature(input: Parameters<typeof touchProbability>[0], rate: number): number {
  const b = Math.log(input.barrier / input.spot);
  const m = input.rate - input.dividendYield - input.sigma ** 2 / 2;
  const steps = 200_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = (input.years * (i + 0.5)) / steps;
    const density =
      (Math.abs(b) / (input.sigma * Math.sqrt(2 * Math.PI * t ** 3))) * Math.exp(-((b - m * t) ** 2) / (2 * input.sigma ** 2 * t));
    sum += density * Math.exp(-rate * t);
  }
  return (sum * input.years) / steps;
}

describe('oneTouch', () => {
  it.each([
    [105, 0.04],
    [95, 0.04],
    [105, 0.3],
    [120, 0.3],
    [95, -0.01],
  ])('pays at %d under a rate of %d what the density of the touch adds up to', (barrier, rate) => {
    const input = { ...monthly, rate, barrier, years: 0.5 };
    const bet = oneTouch(input);
    if (bet.kind !== 'touch') throw new Error(bet.reason);
    expect(bet.probability).toBeCloseTo(dollarByQuadrature(input, 0), 7);
    expect(bet.paidAtTouch).toBeCloseTo(dollarByQuadrature(input, rate), 7);
    expect(bet.paidAtExpiry).toBeCloseTo(bet.probability * Math.exp(-rate * 0.5), 14);
  });

  it('without volatility pays when the drift arrives', () => {
    const bet = oneTouch({ spot: 100, barrier: 105, years: 2, rate: 0.05, dividendYield: 0, sigma: 0 });
    expect(bet).toMatchObject({ kind: 'touch', probability: 1, paidAtExpiry: Math.exp(-0.1) });
    if (bet.kind === 'touch') expect(bet.paidAtTouch).toBeCloseTo(100 / 105, 14);
  });

  it.each([
    ['not_finite', { sigma: Number.NaN }],
    ['not_finite', { barrier: Infinity }],
    ['spot_not_positive', { spot: 0 }],
    ['level_not_positive', { barrier: -1 }],
    ['expired', { years: -0.1 }],
    ['negative_volatility', { sigma: -0.2 }],
    ['out_of_range', { rate: -1000, dividendYield: 0, years: 10 }],
    ['rate_too_negative', { rate: -0.2, dividendYield: -0.2 - 0.25 ** 2 / 2 }],
  ])('refuses as %s', (reason, change) => {
    expect(oneTouch({ ...monthly, barrier: 105, ...change })).toEqual({ kind: 'refused', reason });
  });
});

describe('reachOdds', () => {
  const call = (strike: number, sigma: number): BsInput => ({
    right: 'call',
    spot: 600,
    strike,
    years: 300 / (252 * 390),
    rate: 0.04,
    dividendYield: 0.012,
    sigma,
  });
  const horizon = 150 / (252 * 390);

  it.each([
    [604, 0.165, 605.25, 0.1773],
    [605, 0.163, 605.096, 0.185],
    [606, 0.161, 605.007, 0.1873],
    [607, 0.159, 604.971, 0.185],
    [608, 0.157, 604.978, 0.1789],
  ])('of a %d call at %d to treble in half the session', (strike, sigma, level, probability) => {
    const option = call(strike, sigma);
    const odds = reachOdds(option, { entry: bsPrice(option), multiple: 3, horizon });
    if (odds.kind !== 'odds') throw new Error(odds.reason);
    expect(Math.abs(odds.level - level)).toBeLessThan(6e-4);
    expect(Math.abs(odds.probability - probability)).toBeLessThan(6e-5);
  });

  it('counts the whole life when the horizon is longer, and then the level is on the payoff', () => {
    const option = call(606, 0.161);
    const odds = reachOdds(option, { entry: 0.4, multiple: 3, horizon: 1 });
    expect(odds).toMatchObject({ kind: 'odds', level: 607.2 });
  });

  it('knows a put that cannot be worth so much', () => {
    const put: BsInput = { right: 'put', spot: 100, strike: 100, years: 0.25, rate: 0.04, dividendYield: 0, sigma: 0.3 };
    expect(reachOdds(put, { entry: 30, multiple: 4, horizon: 0.1 })).toEqual({ kind: 'odds', level: 0, probability: 0 });
    const odds = reachOdds(put, { entry: 5, multiple: 2, horizon: 0.1 });
    if (odds.kind !== 'odds') throw new Error(odds.reason);
    expect(bsPrice({ ...put, spot: odds.level, years: 0.15 })).toBeCloseTo(10, 12);
  });

  it('refuses odds that no fair price allows, and says the bound', () => {
    const option = call(606, 0.161);
    const odds = reachOdds(option, { entry: bsPrice(option) / 4, multiple: 3, horizon });
    if (odds.kind !== 'refused' || odds.reason !== 'odds_inconsistent') throw new Error('allowed');
    expect(odds.bound).toBeCloseTo(Math.exp(0.04 * horizon) / 3, 15);
    expect(odds.probability).toBeGreaterThan(odds.bound);
  });

  it.each([
    ['a price of nothing', call(606, 0.16), { entry: 0, multiple: 3, horizon }],
    ['less than itself', call(606, 0.16), { entry: 1, multiple: 0.5, horizon }],
    ['more than a share can be worth', call(606, 0.16), { entry: 1e70, multiple: 3, horizon }],
    ['no number', call(606, Number.NaN), { entry: 1, multiple: 3, horizon }],
    ['an expired option', { ...call(606, 0.16), years: -1 }, { entry: 1, multiple: 3, horizon }],
  ])('refuses %s', (_, option, reach) => {
    expect(reachOdds(option, reach)).toEqual({ kind: 'refused', reason: 'bad_input' });
  });

  it('never exceeds what ending in the money alone would allow at the end of its life by more than two to one', () => {
    const option = { ...call(606, 0.161), rate: 0, dividendYield: 0 };
    const odds = reachOdds(option, { entry: bsPrice(option), multiple: 1, horizon: option.years });
    if (odds.kind !== 'odds') throw new Error(odds.reason);
    const beyond = probabilityItm({ ...option, strike: odds.level });
    expect(odds.probability / beyond).toBeGreaterThan(1.9);
    expect(odds.probability / beyond).toBeLessThan(2.1);
  });
});
