// The polynomial through five neighbouring nodes of a grid: its value and slopes where they are asked for.

export interface Taylor {
  readonly value: number;
  readonly slope: number;
  /** Half the second derivative. */
  readonly bend: number;
}

/** At 0, through the points (at(k), value(k)) for k = -2..2. Newton's form by divided differences. */
export function throughFive(at: (k: number) => number, value: (k: number) => number): Taylor {
  const places = [-2, -1, 0, 1, 2].map(at);
  const table = [-2, -1, 0, 1, 2].map(value);
  const place = (k: number): number => places[k] as number;
  for (let order = 1; order < 5; order++)
    for (let k = 4; k >= order; k--) table[k] = ((table[k] as number) - (table[k - 1] as number)) / (place(k) - place(k - order));
  let height = table[4] as number;
  let slope = 0;
  let bend = 0;
  // Horner's rule at 0, with the first and half the second derivative carried along.
  for (let k = 3; k >= 0; k--) {
    bend = slope - place(k) * bend;
    slope = height - place(k) * slope;
    height = (table[k] as number) - place(k) * height;
  }
  return { value: height, slope, bend };
}

/** The cubic through a column's four neighbours at a place (a node number with its fraction) between nodes 0 and `last`. */
export function cubicAt(values: Float64Array, place: number, last: number): number {
  const i = Math.min(last - 2, Math.max(1, Math.floor(place)));
  const t = place - i;
  const before = ((values[i - 1] as number) * t * (t - 1) * (t - 2)) / -6;
  const here = ((values[i] as number) * (t + 1) * (t - 1) * (t - 2)) / 2;
  const next = ((values[i + 1] as number) * (t + 1) * t * (t - 2)) / -2;
  const after = ((values[i + 2] as number) * (t + 1) * t * (t - 1)) / 6;
  return before + here + next + after;
}
