// Gauss-Legendre quadrature: nodes and weights on (-1, 1), made once.

export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** The Legendre polynomial of a degree at z, and its derivative there. */
function legendre(degree: number, z: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = z;
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * z * value - (k - 1) * before) / k];
  return { value, slope: (degree * (z * value - before)) / (z * z - 1) };
}

/**
 * The rule of `count` >= 2 points, exact for polynomials up to degree 2 count - 1. Each node is found by Newton's method from
 * F. G. Tricomi's asymptotic guess (1950).
 */
export function gaussLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let z = -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let step = 0; step < 8; step++) {
      const { value, slope } = legendre(count, z);
      z -= value / slope;
    }
    const { slope } = legendre(count, z);
    nodes[i] = z;
    weights[i] = 2 / ((1 - z * z) * slope * slope);
  }
  return { nodes, weights };
}
