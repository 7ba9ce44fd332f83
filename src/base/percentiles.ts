// How a list of figures lies: its ends, its middle and its tails, each one that was really observed.

/** By nearest rank: the k-th smallest with k = ceil(p n), so that no figure is invented between two. */
export interface Percentiles {
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The smallest figure that at least a part `p` of them does not exceed; undefined of none. `sorted` ascends, `p` is in (0, 1]. */
export const nearestRank = (sorted: readonly number[], p: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(p * sorted.length - 1e-9) - 1)];

/** Null of no figures. */
export function percentilesOf(figures: readonly number[]): Percentiles | null {
  const sorted = [...figures].sort((a, b) => a - b);
  const [min] = sorted;
  if (min === undefined) return null;
  const rank = (p: number): number => nearestRank(sorted, p) ?? min;
  const n = sorted.length;
  return {
    n,
    mean: sorted.reduce((sum, x) => sum + x, 0) / n,
    min,
    p5: rank(0.05),
    p50: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    max: rank(1),
  };
}
