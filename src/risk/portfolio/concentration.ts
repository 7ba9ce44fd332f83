// Is it one bet in several coats? The deviation of a weighted book, who brings it, and how many bets that amounts to.
import type { Matrix } from './correlation.ts';

export interface Concentration {
  /** sqrt(w' S w), in the unit of the deviations. */
  readonly deviation: number;
  /** What it would be if all moved as one. */
  readonly undiversified: number;
  /** Undiversified over actual, 1 or more. */
  readonly diversificationRatio: number;
  /** w_i (S w)_i / variance; they add up to 1. */
  readonly riskShares: readonly number[];
  /** 1 / sum of squared shares: the number of equal bets it is as good as. */
  readonly effectiveBets: number;
}

/**
 * Markowitz's variance and its decomposition by Euler's theorem. NaN throughout for a book without variance.
 * @param weights parts of equity
 * @param deviations of each, same unit for all
 * @param rho their correlations
 */
export function concentrationOf(weights: readonly number[], deviations: readonly number[], rho: Matrix): Concentration {
  const parts = weights.map((w, i) => w * (deviations[i] ?? Number.NaN));
  const pulls = parts.map((part, i) => part * parts.reduce((sum, other, j) => sum + (rho[i]?.[j] ?? Number.NaN) * other, 0));
  const variance = pulls.reduce((sum, pull) => sum + pull, 0);
  const deviation = Math.sqrt(variance);
  const undiversified = parts.reduce((sum, part) => sum + Math.abs(part), 0);
  const riskShares = pulls.map((pull) => pull / variance);
  return {
    deviation,
    undiversified,
    diversificationRatio: undiversified / deviation,
    riskShares,
    effectiveBets: 1 / riskShares.reduce((sum, share) => sum + share ** 2, 0),
  };
}

/**
 * Open risks as one: R = sqrt(sum_i sum_j rho_ij RA_i RA_j). With all correlations 1 it is the plain sum, the upper bound.
 * @param amounts dollars at risk, none negative
 */
export function aggregateRisk(amounts: readonly number[], rho: Matrix): number {
  let total = 0;
  for (const [i, a] of amounts.entries()) for (const [j, b] of amounts.entries()) total += (rho[i]?.[j] ?? Number.NaN) * a * b;
  return Math.sqrt(Math.max(0, total));
}
