// Random draws by address instead of by order: the same (stream, a, b) gives the same draw however often and in whatever order it is asked.
import { hash32 } from '../../base/rng.ts';

/** A stream of its own for a named purpose under a seed. */
export const streamOf = (seed: number, name: string): number => hash32(name, seed);

/** An unsigned 32-bit integer, a pure function of its address (Murmur3's finaliser over a mix of the three). */
export function draw(stream: number, a: number, b = 0): number {
  let h = (stream ^ Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca77)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  // A second pass: neighbouring addresses differ in few bits, and one pass leaves their normals faintly correlated.
  h = Math.imul(h ^ (h >>> 15) ^ stream, 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A float in (0, 1). */
export const uniform = (stream: number, a: number, b = 0): number => (draw(stream, a, b) + 0.5) / 4294967296;

/** A standard normal draw (Box-Muller). */
export function normal(stream: number, a: number, b = 0): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(stream, a, 2 * b)));
  return radius * Math.cos(2 * Math.PI * uniform(stream, a, 2 * b + 1));
}

/**
 * A near-normal draw for the many small steps inside a session: the sum of the four bytes of one draw (Irwin-Hall),
 * scaled to mean 0 and variance 1; it never exceeds 3.5 in size.
 */
export function roughNormal(stream: number, a: number, b = 0): number {
  const bits = draw(stream, a, b);
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / ROUGH_SCALE;
}

/** Four independent bytes: the variance of each is (256^2 - 1) / 12. */
const ROUGH_SCALE = Math.sqrt((4 * 65535) / 12);
