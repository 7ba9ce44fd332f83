// exp and Mills' ratio over columns, in place. Each loop is small enough for the compiler to build its function into it, which a loop that
// calls several is not; and numbers that stay in a column are never boxed.
import { expNear } from '../elementary.ts';
import { millsFar } from '../mills-table.ts';
import { millsNear } from '../normal.ts';

/** Below this exponent e^x is taken for 0: no sum here would notice it. */
const LEAST_EXPONENT = -700;
/** Where the series far out takes over. */
const FAR = 16;

/** values[i] = e^values[i] for from <= i < to; the exponents are at most 700. */
export function expColumn(values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const x = values[i] as number;
    values[i] = x > LEAST_EXPONENT ? expNear(x) : 0;
  }
}

/** values[i] = N(-y) / n(y) for y = values[i] >= 0, from <= i < to. */
export function millsColumn(values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const y = values[i] as number;
    values[i] = y < FAR ? millsNear(y) : millsFar(y);
  }
}
