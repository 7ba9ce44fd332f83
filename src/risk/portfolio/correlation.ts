// How names move together: correlations of daily returns, shrunk towards their mean, and the clusters they form.
import { meanOf } from './moments.ts';

/** Symmetric, 1 on the diagonal, row by row. */
export type Matrix = readonly (readonly number[])[];

/** Weight of the measured correlation; the rest is the mean of all of them. */
const SHRINK = 0.8;

/** Pearson correlation of two samples of one length, in [-1, 1]; NaN when either does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [dx, dy] = [(a[i] as number) - meanA, (b[i] ?? Number.NaN) - meanB];
    ab += dx * dy;
    aa += dx * dx;
    bb += dy * dy;
  }
  return Math.min(1, Math.max(-1, ab / Math.sqrt(aa * bb)));
}

/** Mean of what is off the diagonal; 0 for a matrix of one. */
export function meanOffDiagonal(rho: Matrix): number {
  const off = rho.flatMap((row, i) => row.filter((_, j) => j !== i));
  return off.length === 0 ? 0 : meanOf(off);
}

/** rho' = 0.8 rho + 0.2 mean rho off the diagonal (shrinkage to constant correlation, after Ledoit and Wolf, 2004). */
export function shrunk(rho: Matrix): Matrix {
  const mean = meanOffDiagonal(rho);
  return rho.map((row, i) => row.map((r, j) => (i === j ? 1 : SHRINK * r + (1 - SHRINK) * mean)));
}

/** Groups of names connected by links, each in the order given: a name linked to a member is a member. */
export function clustersOf<T extends string>(names: readonly T[], linked: (a: T, b: T) => boolean): readonly (readonly T[])[] {
  const left = [...names];
  const clusters: T[][] = [];
  for (let first = left.shift(); first !== undefined; first = left.shift()) {
    const cluster = [first];
    for (const member of cluster) {
      for (let i = left.length - 1; i >= 0; i--) if (linked(member, left[i] as T)) cluster.push(...left.splice(i, 1));
    }
    clusters.push(names.filter((name) => cluster.includes(name)));
  }
  return clusters;
}
