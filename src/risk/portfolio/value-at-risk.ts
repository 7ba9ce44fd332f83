// What one day may cost: value at risk and expected shortfall of a series of daily gains, by four methods.
import { inverseNormalCdf, normalPdf } from '../../pricing/normal.ts';
import { excessKurtosis, meanOf, sampleDeviation, skewness } from './moments.ts';

/** Fewer daily gains than this say too little: the thin estimate is used. */
export const OBSERVATIONS_MIN = 60;
/** Daily deviation of the market that a thin history is judged by. */
const THIN_DEVIATION = 0.01;
const EWMA_LAMBDA = 0.94;

/** Dollars, positive where they are a loss. */
export interface Tail {
  readonly valueAtRisk: number;
  readonly shortfall: number;
}

/** A loss is never negative; NaN stays NaN. */
const loss = (x: number): number => Math.max(0, x);

/**
 * Historical: of losses L = -gain sorted from the largest, k = max(1, floor(n (1 - level) + 1e-9)); VaR = max(0, L_k) and
 * ES = the mean of the k largest, never below VaR's floor of 0. NaN in any gain, or none at all, is NaN.
 */
export function historicalTail(gains: readonly number[], level: number): Tail {
  if (gains.length === 0 || gains.some(Number.isNaN)) return { valueAtRisk: Number.NaN, shortfall: Number.NaN };
  const k = Math.max(1, Math.floor(gains.length * (1 - level) + 1e-9));
  const worst = gains.map((gain) => -gain).sort((a, b) => b - a);
  return { valueAtRisk: loss(worst[k - 1] as number), shortfall: loss(meanOf(worst.slice(0, k))) };
}

/**
 * Parametric, normal: VaR = max(0, z sigma sqrt(h) - mu h) with z = inverse normal of the level and sigma the sample deviation (n - 1);
 * one-day ES = sigma phi(z) / (1 - level) - mu.
 * @param days horizon h of the value at risk
 */
export function parametricTail(gains: readonly number[], level: number, days = 1): Tail {
  const mu = meanOf(gains);
  const sigma = sampleDeviation(gains);
  const z = inverseNormalCdf(level);
  return { valueAtRisk: loss(z * sigma * Math.sqrt(days) - mu * days), shortfall: loss((sigma * normalPdf(z)) / (1 - level) - mu) };
}

/** Exponentially weighted deviation, oldest gain first: s1^2 = g1^2, st^2 = 0.94 s(t-1)^2 + 0.06 gt^2 (RiskMetrics, 1996). */
export function ewmaDeviation(gains: readonly number[]): number {
  let variance: number | undefined;
  for (const gain of gains) variance = variance === undefined ? gain ** 2 : EWMA_LAMBDA * variance + (1 - EWMA_LAMBDA) * gain ** 2;
  return Math.sqrt(variance ?? Number.NaN);
}

/** z times the exponentially weighted deviation, mean 0. */
export const ewmaValueAtRisk = (gains: readonly number[], level: number): number => loss(inverseNormalCdf(level) * ewmaDeviation(gains));

/**
 * The left quantile of a sample with skew s and excess kurtosis k (Cornish and Fisher, 1938), z = inverse normal of 1 - level:
 * z + (z^2 - 1) s / 6 + (z^3 - 3z) k / 24 - (2 z^3 - 5z) s^2 / 36.
 */
export function cornishFisherQuantile(gains: readonly number[], level: number): number {
  const z = inverseNormalCdf(1 - level);
  const s = skewness(gains);
  const k = excessKurtosis(gains);
  return z + ((z ** 2 - 1) * s) / 6 + ((z ** 3 - 3 * z) * k) / 24 - ((2 * z ** 3 - 5 * z) * s ** 2) / 36;
}

/** -quantile x sample deviation - mean. */
export const cornishFisherValueAtRisk = (gains: readonly number[], level: number): number =>
  loss(-cornishFisherQuantile(gains, level) * sampleDeviation(gains) - meanOf(gains));

/**
 * Without a history: the market's daily deviation is taken to be 1 %, so that the book's is 1 % of its beta delta.
 * @param betaDelta dollars, positive
 */
export function thinTail(betaDelta: number, level: number): Tail {
  const z = inverseNormalCdf(level);
  const sigma = THIN_DEVIATION * betaDelta;
  return { valueAtRisk: loss(z * sigma), shortfall: loss((sigma * normalPdf(z)) / (1 - level)) };
}
