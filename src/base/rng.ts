// Seeded randomness with named children, so that a new draw in one place does not shift another.

export interface Rng {
  /** A float in [0, 1). */
  float(): number;
  /** An integer in [lo, hi], both ends included. */
  int(lo: number, hi: number): number;
  /** True with probability numerator / denominator. */
  chance(numerator: number, denominator: number): boolean;
  /** A standard normal draw (Box-Muller, one of the pair). */
  normal(): number;
  /** An independent stream, a pure function of this stream's seed and `name`. */
  fork(name: string): Rng;
}

/** FNV-1a over UTF-16 units, mixed with a 32-bit seed. */
export function hash32(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193) >>> 0;
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b) >>> 0;
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** A deterministic generator (mulberry32) from a 32-bit seed. */
export function seededRng(seed: number): Rng {
  const root = seed >>> 0;
  let state = root;
  const float = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    float,
    int: (lo, hi) => lo + Math.floor(float() * (hi - lo + 1)),
    chance: (numerator, denominator) => float() * denominator < numerator,
    normal: () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float()),
    fork: (name) => seededRng(hash32(name, root)),
  };
}
