import { describe, expect, it } from 'vitest';
import { kupiec } from '../../../../src/risk/portfolio/kupiec.ts';
import { excessKurtosis, meanOf, sampleDeviation, skewness } from '../../../../src/risk/portfolio/moments.ts';
import {
  cornishFisherQuantile,
  cornishFisherValueAtRisk,
  ewmaDeviation,
  ewmaValueAtRisk,
  historicalTail,
  parametricTail,
  thinTail,
} from '../../../../src/risk/portfolio/value-at-risk.ts';

const percents = [1.2, -0.4, 0.3, -2.1, 0.7, 0.1, -1.3, 0.9, -0.2, 0.5, -0.8, 1.1, -1.7, 0.4, 0.2, -0.6, 0.8, -0.1, 0.6, -1.0];
/** Dollars gained on 100,000. */
const gains = percents.map((p) => p * 1_000);

describe('twenty daily gains', () => {
  it('have their moments', () => {
    expect(meanOf(percents)).toBeCloseTo(-0.07, 10);
    expect(sampleDeviation(percents)).toBeCloseTo(0.934767, 6);
    expect(skewness(percents)).toBeCloseTo(-0.634317, 6);
    expect(excessKurtosis(percents)).toBeCloseTo(-0.524279, 6);
  });
  it.each([
    ['historical VaR 95 %, one of twenty', historicalTail(gains, 0.95).valueAtRisk, 2_100, 6],
    ['historical VaR 90 %, two of twenty', historicalTail(gains, 0.9).valueAtRisk, 1_700, 6],
    ['historical ES 90 %', historicalTail(gains, 0.9).shortfall, 1_900, 6],
    ['historical VaR 99 %: never fewer than one', historicalTail(gains, 0.99).valueAtRisk, 2_100, 6],
    ['parametric VaR 95 %', parametricTail(gains, 0.95).valueAtRisk, 1_607.56, 2],
    ['parametric ES 95 %', parametricTail(gains, 0.95).shortfall, 1_998.16, 2],
    ['parametric VaR 99 %', parametricTail(gains, 0.99).valueAtRisk, 2_244.59, 2],
    ['parametric ES 99 %', parametricTail(gains, 0.99).shortfall, 2_561.35, 2],
    ['parametric VaR 99 % of ten days', parametricTail(gains, 0.99, 10).valueAtRisk, 7_576.67, 2],
    ['the exponentially weighted deviation', ewmaDeviation(percents), 0.976789, 6],
    ['VaR 99 % by it', ewmaValueAtRisk(gains, 0.99), 2_272.35, 2],
    ['the Cornish-Fisher quantile', cornishFisherQuantile(gains, 0.99), -2.518779, 6],
    ['VaR 99 % by it', cornishFisherValueAtRisk(gains, 0.99), 2_424.47, 2],
  ] as const)('give %s', (_name, found, expected, digits) => {
    expect(found).toBeCloseTo(expected, digits);
  });
  it('tell 99 % from 99.9 %', () => {
    expect(parametricTail([-1, 1], 0.999).valueAtRisk / Math.SQRT2).toBeCloseTo(3.090232, 6);
    expect(parametricTail([-1, 1], 0.99).valueAtRisk / Math.SQRT2).toBeCloseTo(2.326348, 6);
  });
});

describe('the edges of a tail', () => {
  it('are no loss where all days gained', () => {
    expect(historicalTail([1, 2, 3], 0.95)).toEqual({ valueAtRisk: 0, shortfall: 0 });
    expect(parametricTail([100, 101, 102], 0.95)).toEqual({ valueAtRisk: 0, shortfall: 0 });
    expect(cornishFisherValueAtRisk([100, 101, 102], 0.95)).toBe(0);
  });
  it('are no number where a day is none, or none is known', () => {
    for (const broken of [[], [1, Number.NaN, 2]]) {
      expect(historicalTail(broken, 0.95)).toEqual({ valueAtRisk: Number.NaN, shortfall: Number.NaN });
      expect(parametricTail(broken, 0.95).valueAtRisk).toBeNaN();
      expect(ewmaValueAtRisk(broken, 0.95)).toBeNaN();
      expect(cornishFisherValueAtRisk(broken, 0.95)).toBeNaN();
    }
  });
  it('take 250 days at 99 % to their third worst at most: two of them', () => {
    const days = Array.from({ length: 250 }, (_, i) => -i);
    expect(historicalTail(days, 0.99)).toEqual({ valueAtRisk: 248, shortfall: 248.5 });
    expect(historicalTail(days, 0.95).valueAtRisk).toBe(238);
  });
  it('of a thin history are those of a daily percent of beta delta', () => {
    expect(thinTail(54_831, 0.95).valueAtRisk).toBeCloseTo(548.31 * 1.644854, 2);
    expect(thinTail(54_831, 0.99).shortfall).toBeCloseTo(548.31 * 2.665214, 2);
    expect(thinTail(0, 0.95)).toEqual({ valueAtRisk: 0, shortfall: 0 });
  });
});

describe('the back-test of 250 days at 99 %', () => {
  it.each([
    [0, 5.025, 'reject'],
    [2, 0.108, 'accept'],
    [3, 0.095, 'accept'],
    [6, 3.555, 'accept'],
    [7, 5.497, 'reject'],
  ] as const)('with %d failures', (failures, ratio, verdict) => {
    const found = kupiec(failures, 250, 0.99);
    expect(found.ratio).toBeCloseTo(ratio, 3);
    expect(found.verdict).toBe(verdict);
  });
  it('rejects a year of failures alone, and what is no number', () => {
    expect(kupiec(250, 250, 0.99).verdict).toBe('reject');
    expect(kupiec(Number.NaN, 250, 0.99).verdict).toBe('reject');
  });
});
