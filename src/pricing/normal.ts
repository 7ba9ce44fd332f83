// The standard normal distribution, to the last bits of a double in both tails.

const INV_SQRT_PI = 0.5641895835477563;
const INV_SQRT_2PI = 0.3989422804014327;
const SQRT_2PI = 2.5066282746310007;

// Minimax coefficients of W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969):
// erf on |x| <= 0.46875, erfc on (0.46875, 4], erfc beyond 4 in 1/x^2; highest power first.
const ERF_P = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694];
const ERF_Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MID_P = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972,
];
const MID_Q = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const FAR_P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
];
const FAR_Q = [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const c of coefficients) sum = sum * x + c;
  return sum;
}

/** erfcx(y) = exp(y^2) erfc(y) for y > 0.46875, which no large y can underflow. */
function scaledTail(y: number): number {
  if (y <= 4) return horner(MID_P, y) / horner(MID_Q, y);
  const z = 1 / (y * y);
  return (INV_SQRT_PI - (z * horner(FAR_P, z)) / horner(FAR_Q, z)) / y;
}

/** exp(-y^2 / 2) without the rounding error of y^2: y is split into sixteenths, whose square is exact. */
function halfGauss(y: number): number {
  if (y > 40) return 0;
  const head = Math.trunc(y * 16) / 16;
  return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (y - head) * (y + head));
}

/** The standard normal density. */
export const normalPdf = (x: number): number => INV_SQRT_2PI * halfGauss(Math.abs(x));

/** P(Z <= x) for a standard normal Z; accurate relative to itself in the lower tail, hence use N(-x) for the upper. NaN in, NaN out. */
export function normalCdf(x: number): number {
  const y = Math.abs(x);
  const z = y / Math.SQRT2;
  if (z <= 0.46875) return 0.5 + (0.5 * (x / Math.SQRT2) * horner(ERF_P, z * z)) / horner(ERF_Q, z * z);
  if (Number.isNaN(x)) return x;
  // The exponential takes x itself, not x / sqrt 2: a last-bit error there would grow with x^2.
  const tail = y > 40 ? 0 : 0.5 * halfGauss(y) * scaledTail(z);
  return x < 0 ? tail : 1 - tail;
}

/** Mills' ratio N(-y) / n(y) for y >= 0.67: the tail in units of the density, which neither underflows nor loses digits. */
export const millsRatio = (y: number): number => 0.5 * SQRT_2PI * scaledTail(y / Math.SQRT2);

// Starting values of P. J. Acklam's rational approximation (relative error 1.15e-9), refined below.
const CENTRE_P = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
const CENTRE_Q = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const TAIL_P = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const TAIL_Q = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** The x <= 0 with P(Z <= x) = p, for p in (0, 0.5]. */
function lowerQuantile(p: number): number {
  let x: number;
  if (p < 0.02425) {
    const r = Math.sqrt(-2 * Math.log(p));
    x = horner(TAIL_P, r) / horner(TAIL_Q, r);
  } else {
    const q = p - 0.5;
    x = (q * horner(CENTRE_P, q * q)) / horner(CENTRE_Q, q * q);
  }
  for (let i = 0; i < 2; i++) {
    // Halley's step on N(x) - p, the density divided out first so that nothing underflows.
    const density = normalPdf(x);
    if (density === 0) return x;
    const u = (normalCdf(x) - p) / density;
    x -= u / (1 + 0.5 * x * u);
  }
  return x;
}

/** The x with P(Z <= x) = p; -Infinity at 0, Infinity at 1, NaN outside [0, 1]. */
export function inverseNormalCdf(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  return p <= 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p);
}

/** sqrt(2 pi). */
export const sqrtTwoPi = SQRT_2PI;
