// Reference values in exact integers: a number is a BigInt over 2^SCALE, so that nothing but the last step rounds.

const SCALE = 400n;
const ONE = 1n << SCALE;

/** A finite double, exactly. */
export function exact(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const exponent = bits >> 52n;
  const fraction = bits & ((1n << 52n) - 1n);
  const significand = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + SCALE;
  const value = shift >= 0n ? significand << shift : significand >> -shift;
  return x < 0 ? -value : value;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> SCALE;

/** ln x of a rational near 1 by the series of the inverse hyperbolic tangent. */
function logNear(x: bigint): bigint {
  const ratio = ((x - ONE) << SCALE) / (x + ONE);
  const square = times(ratio, ratio);
  let sum = 0n;
  for (let n = 1n, power = ratio; power !== 0n && power !== -1n; n += 2n, power = times(power, square)) sum += power / n;
  return 2n * sum;
}

/** ln 2, for (3/4)^2 x 2 = 9/8. */
const ln2 = logNear((ONE * 9n) / 8n) - 2n * logNear((ONE * 3n) / 4n);

export function bigLog(x: bigint): bigint {
  let value = x;
  let twos = 0n;
  for (; value > ONE + (ONE >> 1n); twos++) value >>= 1n;
  for (; value < (ONE * 3n) / 4n; twos--) value <<= 1n;
  return twos * ln2 + logNear(value);
}

/** e^x, over 2^SCALE as well: for results that are not much smaller than 2^-250. */
export function bigExp(x: bigint): bigint {
  const twos = x / ln2;
  const rest = x - twos * ln2;
  let sum = 0n;
  for (let n = 1n, term = ONE; term !== 0n && term !== -1n; term = times(term, rest) / n, n++) sum += term;
  return twos >= 0n ? sum << twos : sum >> -twos;
}

/** How far `actual` lies from the reference, in units of the last bit of the reference. */
export function lastBits(actual: number, reference: bigint): number {
  const size = reference < 0n ? -reference : reference;
  const bits = BigInt(size.toString(2).length);
  const unit = bits - 53n;
  const off = exact(actual) - reference;
  const scaled = unit >= 20n ? off >> (unit - 20n) : off << (20n - unit);
  return Math.abs(Number(scaled)) / 2 ** 20;
}
