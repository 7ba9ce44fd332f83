// What the closed trades of a strategy say of it: losses in a row, whether it loses for certain, and how much it may bet.
import type { StrategyId } from '../domain/ids.ts';
import { isOpen, type Trade } from '../domain/trade.ts';

/** Closed trades of a strategy, the one closed first in front. */
export const closedBy = (trades: readonly Trade[], strategy: StrategyId): readonly Trade[] =>
  trades.filter((t) => t.owner === strategy && !isOpen(t)).sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0) || (a.id < b.id ? -1 : 1));

/** How many of the last results were losses, without a break. */
export function lossesInARow(results: readonly number[]): number {
  let n = 0;
  while (n < results.length && (results[results.length - 1 - n] ?? 0) < 0) n++;
  return n;
}

/**
 * Student's t of the mean of results against zero: mean / (s / sqrt n) with the sample deviation s. Null below two results;
 * infinite, with the mean's sign, where all are alike, and 0 where all are zero.
 */
export function tOf(results: readonly number[]): number | null {
  const n = results.length;
  if (n < 2) return null;
  const mean = results.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(results.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  if (deviation === 0) return mean === 0 ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY;
  return (mean / deviation) * Math.sqrt(n);
}

/** One-sided 90 %: the standard normal quantile. */
const Z_90 = 1.281552;

/** Lower bound of a probability seen `wins` times in `n`, one-sided at 90 % (E. B. Wilson's score interval). */
export function wilsonLower(wins: number, n: number, z = Z_90): number {
  const p = wins / n;
  const centre = p + z ** 2 / (2 * n);
  const margin = z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  return (centre - margin) / (1 + z ** 2 / n);
}

/** The part of capital that lets it grow fastest: (b p - q) / b, with b what a win brings for each dollar a loss takes (J. L. Kelly). */
export const kellyOf = (p: number, b: number): number => (b === Number.POSITIVE_INFINITY ? p : (b * p - (1 - p)) / b);

/** The Kelly part of a record at the lower bound of its odds; negative where it should not bet at all. */
export function kellyOfResults(results: readonly number[]): number {
  const wins = results.filter((r) => r > 0);
  const losses = results.filter((r) => r < 0);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  if (wins.length === 0) return Number.NEGATIVE_INFINITY;
  const payoff = losses.length === 0 ? Number.POSITIVE_INFINITY : mean(wins) / -mean(losses);
  return kellyOf(wilsonLower(wins.length, results.length), payoff);
}
