// e^x - 1 and ln(1 + x) without the digits that are lost next to 0. Method: W. Kahan's (N. Higham, "Accuracy and Stability of Numerical
// Algorithms", 2002, section 1.14.1): what rounding adds to e^x or to 1 + x cancels in the quotient with its logarithm.
import { exp, log } from '../../elementary.ts';

/** Beyond this size a difference from 1 loses nothing. */
const FAR = 0.5;

/** e^x - 1. */
export function expm1(x: number): number {
  const power = exp(x);
  if (!(x > -FAR && x < FAR)) return power - 1;
  return power === 1 ? x : ((power - 1) * x) / log(power);
}

/** ln(1 + x). */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (!(x > -FAR && x < FAR)) return log(sum);
  return sum === 1 ? x : (log(sum) * x) / (sum - 1);
}
