// The least value of a function of two variables, without its derivatives, by the same steps every time.

export interface PlanePoint {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface PlaneSearch {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  /** Done when the corners of the simplex differ by less than this share of the first steps. */
  readonly tolerance: number;
}

const ROUNDS_MAX = 300;

/**
 * The simplex method of J. A. Nelder and R. Mead ("A simplex method for function minimization", 1965) with its usual coefficients: reflect
 * 1, expand 2, contract and shrink 1/2. Infinity marks what is out of bounds.
 */
export function leastInPlane(f: (x: number, y: number) => number, search: PlaneSearch): PlanePoint {
  const at = (x: number, y: number): PlanePoint => ({ x, y, value: f(x, y) });
  const { x, y, stepX, stepY, tolerance } = search;
  let [best, good, worst] = [at(x, y), at(x + stepX, y), at(x, y + stepY)];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (good.value < best.value) [best, good] = [good, best];
    if (worst.value < good.value) [good, worst] = [worst, good];
    if (good.value < best.value) [best, good] = [good, best];
    const sizeX = Math.max(Math.abs(good.x - best.x), Math.abs(worst.x - best.x)) / stepX;
    const sizeY = Math.max(Math.abs(good.y - best.y), Math.abs(worst.y - best.y)) / stepY;
    if (Math.max(sizeX, sizeY) < tolerance) break;
    const middleX = (best.x + good.x) / 2;
    const middleY = (best.y + good.y) / 2;
    const out = worst;
    const along = (t: number): PlanePoint => at(middleX + t * (middleX - out.x), middleY + t * (middleY - out.y));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(2);
      worst = expanded.value < reflected.value ? expanded : reflected;
      continue;
    }
    if (reflected.value < good.value) {
      worst = reflected;
      continue;
    }
    const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
    if (contracted.value < Math.min(reflected.value, worst.value)) {
      worst = contracted;
      continue;
    }
    good = at((best.x + good.x) / 2, (best.y + good.y) / 2);
    worst = at((best.x + worst.x) / 2, (best.y + worst.y) / 2);
  }
  return best;
}
