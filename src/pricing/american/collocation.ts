// Where an exercise boundary is sampled in time and how it is interpolated between: fixed fractions of the time to expiry.
import { gaussLegendre } from './gauss-legendre.ts';

/**
 * A collocation level. The boundary is known at the times `fractions`^2 x T to expiry, Chebyshev points in the square root of time,
 * and at expiry itself (fraction 0). Integrals over the past of node i run in the angle a with t = tau_i sin^2 a, which makes
 * the square roots at both ends smooth; j counts the Gauss-Legendre angles.
 */
export interface Level {
  readonly nodes: number;
  readonly points: number;
  /** By node, falling from 1: the square root of its time over that of the whole. */
  readonly fractions: Float64Array;
  /** By angle: the sine, its inverse and square, the squared cosine, and the angle's weight x 2 sin cos. */
  readonly sines: Float64Array;
  readonly inverseSines: Float64Array;
  readonly sineSquares: Float64Array;
  readonly cosineSquares: Float64Array;
  readonly weights: Float64Array;
  /** Row (i, j), column k: the weight of node k where the time to expiry is tau_i cos^2 a_j. The node at expiry has the missing rest. */
  readonly past: Float64Array;
  /** Barycentric weights of the nodes, then that of the node at expiry. */
  readonly barycentric: Float64Array;
  /** Log boundary below the strike, -ln(B / K), by node. */
  readonly depths: Float64Array;
  /** The square of the depth above its value at expiry, by node: the interpolated quantity. */
  readonly squares: Float64Array;
  /** Room of Newton's method: its matrix by rows, and the right-hand side that becomes the step. */
  readonly matrix: Float64Array;
  readonly step: Float64Array;
}

/** A distance that stands for none, so that a point on a node gets that node's value without a division by zero. */
const ON_NODE = 1e-30;

/** Interpolation weights at the fraction x for the nodes of `fractions`, into `row` from `offset`. */
function weightsAt(x: number, fractions: Float64Array, barycentric: Float64Array, row: Float64Array, offset: number): void {
  const count = fractions.length;
  const pull = (k: number): number => (barycentric[k] as number) / (x - (fractions[k] ?? 0) || ON_NODE);
  let total = pull(count);
  for (let k = 0; k < count; k++) total += pull(k);
  for (let k = 0; k < count; k++) row[offset + k] = pull(k) / total;
}

/** A level of `nodes` boundary points and `points` quadrature points. */
export function makeLevel(nodes: number, points: number): Level {
  const fractions = Float64Array.from({ length: nodes }, (_, k) => Math.cos((k * Math.PI) / (2 * nodes)) ** 2);
  const barycentric = Float64Array.from({ length: nodes + 1 }, (_, k) => (k === 0 || k === nodes ? 0.5 : 1) * (k % 2 === 0 ? 1 : -1));
  const rule = gaussLegendre(points);
  const angles = rule.nodes.map((x) => (Math.PI / 4) * (1 + x));
  const sines = angles.map((a) => Math.sin(a));
  const cosines = angles.map((a) => Math.cos(a));
  const past = new Float64Array(nodes * points * nodes);
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < points; j++)
      weightsAt((fractions[i] as number) * (cosines[j] as number), fractions, barycentric, past, (i * points + j) * nodes);
  return {
    nodes,
    points,
    fractions,
    sines,
    inverseSines: sines.map((sine) => 1 / sine),
    sineSquares: sines.map((sine) => sine * sine),
    cosineSquares: cosines.map((cosine) => cosine * cosine),
    weights: rule.weights.map((w, j) => (w * Math.PI * (sines[j] as number) * (cosines[j] as number)) / 2),
    past,
    barycentric,
    depths: new Float64Array(nodes),
    squares: new Float64Array(nodes),
    matrix: new Float64Array(nodes * nodes),
    step: new Float64Array(nodes),
  };
}

/** The weights that carry the squares from the nodes of `coarse` to those of `fine`, by rows of the fine nodes. */
export function prolongation(coarse: Level, fine: Level): Float64Array {
  const rows = new Float64Array(fine.nodes * coarse.nodes);
  for (let i = 0; i < fine.nodes; i++) weightsAt(fine.fractions[i] as number, coarse.fractions, coarse.barycentric, rows, i * coarse.nodes);
  return rows;
}

/** The interpolated square at the fraction in [0, 1] that stands at `place` of a column. */
export function squareAt(level: Level, column: Float64Array, place: number): number {
  const { nodes, fractions, barycentric, squares } = level;
  const x = column[place] as number;
  let total = (barycentric[nodes] as number) / (x === 0 ? ON_NODE : x);
  let sum = 0;
  for (let k = 0; k < nodes; k++) {
    const gap = x - (fractions[k] as number);
    const pull = (barycentric[k] as number) / (gap === 0 ? ON_NODE : gap);
    total += pull;
    sum += pull * (squares[k] as number);
  }
  return sum / total;
}
