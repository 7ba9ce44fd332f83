import { describe, expect, it } from 'vitest';
import { type Rng, seededRng } from '../../../../src/base/rng.ts';
import { realizedVolatility } from '../../../../src/market/indicators.ts';
import {
  closeToClose,
  garmanKlass,
  type OhlcBar,
  parkinson,
  type RealizedVolatility,
  rogersSatchell,
  yangZhang,
} from '../../../../src/pricing/volatility/realized.ts';

// biome-ignore format: the reference series
const closes = [44, 44.5, 44.2, 43.9, 44.6, 45.1, 45.4, 45, 45.6, 46.1, 45.8, 46, 45.5, 46.2, 46.4, 46, 45.7, 46.3, 46.8, 46.5];
const bars: readonly OhlcBar[] = closes.map((close, i) => {
  const open = (closes[i - 1] ?? 43.8) + 0.15 * ((i % 3) - 1);
  return { open, high: Math.max(open, close) + 0.4, low: Math.min(open, close) - 0.5, close };
});

function sigma(found: RealizedVolatility): number {
  if (found.kind !== 'volatility') throw new Error(found.reason);
  return found.sigma;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Sample variance by sums of pairwise differences: no mean is taken. */
function pairwiseVariance(values: readonly number[]): number {
  let sum = 0;
  for (const a of values) for (const b of values) sum += (a - b) ** 2;
  return sum / (2 * values.length * (values.length - 1));
}
/** High, low and close in logarithms from the open, the notation of the papers. */
const normalised = ({ open, high, low, close }: OhlcBar) => ({
  u: Math.log(high) - Math.log(open),
  d: Math.log(low) - Math.log(open),
  c: Math.log(close) - Math.log(open),
});
const annual = (variance: number): number => Math.sqrt(252 * variance);

describe('realized volatility', () => {
  it('of closes is that of the running indicator', () => {
    expect(sigma(closeToClose(closes.slice(-11)))).toBeCloseTo(0.156076, 6);
    expect(sigma(closeToClose(closes.slice(-11)))).toBeCloseTo(realizedVolatility(closes, 10) ?? 0, 14);
  });

  it('is the formula of its paper, reckoned another way', () => {
    const terms = bars.map(normalised);
    expect(sigma(closeToClose(closes))).toBeCloseTo(
      annual(pairwiseVariance(closes.slice(1).map((c, i) => Math.log(c) - Math.log(closes[i] ?? 0)))),
      13,
    );
    expect(sigma(parkinson(bars))).toBeCloseTo(annual(mean(terms.map(({ u, d }) => (u - d) ** 2)) / Math.log(16)), 13);
    expect(sigma(garmanKlass(bars))).toBeCloseTo(
      annual(mean(terms.map(({ u, d, c }) => (u - d) ** 2 / 2 - (Math.log(4) - 1) * c * c))),
      13,
    );
    expect(sigma(rogersSatchell(bars))).toBeCloseTo(annual(mean(terms.map(({ u, d, c }) => u * (u - c) + d * (d - c)))), 13);
    const used = terms.slice(1);
    const nights = bars.slice(1).map(({ open }, i) => Math.log(open) - Math.log(closes[i] ?? 0));
    const n = used.length;
    const k = 0.34 / (1.34 + (n + 1) / (n - 1));
    const sessions = mean(used.map(({ u, d, c }) => u * (u - c) + d * (d - c)));
    const expected = pairwiseVariance(nights) + k * pairwiseVariance(used.map(({ c }) => c)) + (1 - k) * sessions;
    expect(sigma(yangZhang(bars))).toBeCloseTo(annual(expected), 13);
  });

  it('of a share that never moved is nothing', () => {
    const still = Array.from({ length: 5 }, () => ({ open: 10, high: 10, low: 10, close: 10 }));
    for (const estimate of [parkinson, garmanKlass, rogersSatchell, yangZhang])
      expect(estimate(still)).toEqual({ kind: 'volatility', sigma: 0 });
    expect(closeToClose([10, 10, 10])).toEqual({ kind: 'volatility', sigma: 0 });
  });

  it('is absent when the series is too short', () => {
    expect(closeToClose([1, 2])).toEqual({ kind: 'absent', reason: 'too_short', needed: 3 });
    expect(yangZhang(bars.slice(0, 2))).toEqual({ kind: 'absent', reason: 'too_short', needed: 3 });
    for (const estimate of [parkinson, garmanKlass, rogersSatchell])
      expect(estimate([])).toEqual({ kind: 'absent', reason: 'too_short', needed: 1 });
  });

  it.each<[string, Partial<OhlcBar>]>([
    ['high_below_low', { high: 9, low: 11 }],
    ['not_positive', { low: 0 }],
    ['not_positive', { close: -1 }],
    ['not_positive', { open: Number.NaN }],
    ['not_positive', { high: Infinity }],
    ['outside_range', { close: 46.9, high: 46.8 }],
    ['outside_range', { open: 40, low: 41 }],
  ])('is absent for a bar that is %s, and says which', (reason, change) => {
    const broken = bars.map((bar, i) => (i === 2 ? { ...bar, ...change } : bar));
    for (const estimate of [parkinson, garmanKlass, rogersSatchell, yangZhang])
      expect(estimate(broken)).toEqual({ kind: 'absent', reason, index: 2 });
  });

  it('is absent for a close that is none', () => {
    expect(closeToClose([1, 2, 0, 3])).toEqual({ kind: 'absent', reason: 'not_positive', index: 2 });
  });
});

const STEPS = 48;

/**
 * One session of geometric Brownian motion: each step's high and low are drawn from the law of the bridge between its ends, so that they
 * are those of the continuous path and not of its samples.
 */
function sessionOf(rng: Rng, open: number, drift: number, variance: number): OhlcBar {
  const step = variance / STEPS;
  let [x, top, bottom] = [0, 0, 0];
  for (let i = 0; i < STEPS; i++) {
    const next = x + drift / STEPS + Math.sqrt(step) * rng.normal();
    const square = (next - x) ** 2;
    top = Math.max(top, (x + next + Math.sqrt(square - 2 * step * Math.log(1 - rng.float()))) / 2);
    bottom = Math.min(bottom, (x + next - Math.sqrt(square - 2 * step * Math.log(1 - rng.float()))) / 2);
    x = next;
  }
  return { open, high: open * Math.exp(top), low: open * Math.exp(bottom), close: open * Math.exp(x) };
}

/** Mean of the estimates of variance over many months, in standard errors from the truth. */
function standardErrorsOff(
  estimate: (bars: readonly OhlcBar[]) => RealizedVolatility,
  truth: number,
  drift: number,
  night: number,
): number {
  const rng = seededRng(20_000 + Math.round(1e4 * (drift + night)));
  const variance = truth / 252 - night;
  const months = 400;
  let [sum, squares] = [0, 0];
  for (let month = 0; month < months; month++) {
    let close = 100;
    const made = Array.from({ length: 21 }, () => {
      const bar = sessionOf(rng, close * Math.exp(Math.sqrt(night) * rng.normal()), drift, variance);
      close = bar.close;
      return bar;
    });
    const v = sigma(estimate(made)) ** 2;
    sum += v;
    squares += v * v;
  }
  const average = sum / months;
  const deviation = Math.sqrt((squares / months - average ** 2) / months);
  return (average - truth) / deviation;
}

describe('the law of an estimator of variance', { timeout: 60_000 }, () => {
  const closing = (made: readonly OhlcBar[]): RealizedVolatility => closeToClose(made.map(({ close }) => close));
  it.each([
    ['close to close', closing, 0, 0],
    ['Parkinson', parkinson, 0, 0],
    ['Garman and Klass', garmanKlass, 0, 0],
    ['Rogers and Satchell', rogersSatchell, 0, 0],
    ['Rogers and Satchell with a drift', rogersSatchell, 0.01, 0],
    ['Yang and Zhang', yangZhang, 0, 0],
    ['Yang and Zhang with a drift and nights', yangZhang, 0.01, 0.0001],
    ['close to close with a drift and nights', closing, 0.01, 0.0001],
  ])('%s is unbiased', (_, estimate, drift, night) => {
    expect(Math.abs(standardErrorsOff(estimate, 0.09, drift, night))).toBeLessThan(3.5);
  });

  it('shows a drift as volatility where the estimator is not meant for one', () => {
    expect(standardErrorsOff(parkinson, 0.09, 0.01, 0)).toBeGreaterThan(5);
  });

  it('shows a lost night as lost volatility where the estimator sees the session only', () => {
    expect(standardErrorsOff(garmanKlass, 0.09, 0, 0.0001)).toBeLessThan(-5);
  });
});
