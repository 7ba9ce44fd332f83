// Mean, deviations and shape of a sample.

export function meanOf(xs: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < xs.length; i++) total += xs[i] as number;
  return total / xs.length;
}

/** The means, over n, of the second, third and fourth powers of what each differs from the mean by. */
function central(xs: ArrayLike<number>): { readonly second: number; readonly third: number; readonly fourth: number } {
  const mean = meanOf(xs);
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const d = (xs[i] as number) - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  return { second: second / xs.length, third: third / xs.length, fourth: fourth / xs.length };
}

/** Over n - 1; NaN for fewer than two. */
export const sampleDeviation = (xs: ArrayLike<number>): number =>
  xs.length < 2 ? Number.NaN : Math.sqrt((central(xs).second * xs.length) / (xs.length - 1));

/** Third population moment over the cube of the population deviation; 0 for a sample that does not vary. */
export function skewness(xs: ArrayLike<number>): number {
  const { second, third } = central(xs);
  const scale = second ** 1.5;
  return scale === 0 ? 0 : third / scale;
}

/** Fourth population moment over the squared variance, less 3; 0 for a sample that does not vary. */
export function excessKurtosis(xs: ArrayLike<number>): number {
  const { second, fourth } = central(xs);
  const scale = second * second;
  return scale === 0 ? 0 : fourth / scale - 3;
}
