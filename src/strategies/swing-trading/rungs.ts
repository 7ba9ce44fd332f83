// The rungs of profit: a third at the first gain, a third at the second, the rest at the last. What is sold tells which are done.
import type { SwingParams } from './params.ts';

export interface Rung {
  /** Part of what was paid: 0.25 is a quarter more. */
  readonly gain: number;
  readonly units: number;
}

type Targets = Pick<SwingParams, 'target_1_frac' | 'target_2_frac' | 'target_3_frac'>;

/** Of `bought` contracts, 1 or more. Thirds are rounded down, the odd ones stay for the last; two skip the middle; one goes whole there. */
export function rungsOf(bought: number, { target_1_frac: first, target_2_frac: second, target_3_frac: third }: Targets): readonly Rung[] {
  if (bought === 1) return [{ gain: second, units: 1 }];
  const part = Math.floor(bought / 3);
  if (part === 0)
    return [
      { gain: first, units: 1 },
      { gain: third, units: bought - 1 },
    ];
  return [
    { gain: first, units: part },
    { gain: second, units: part },
    { gain: third, units: bought - 2 * part },
  ];
}
