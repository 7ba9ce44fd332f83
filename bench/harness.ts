// Timing and the one JSON line a result: medians and bests over repetitions after a warm-up, errors as percentiles.

/** What a line says beside its times. */
export interface Measured {
  readonly name: string;
  readonly work: string;
  /** Units of work a run. */
  readonly n: number;
  readonly unit: string;
}

export interface Errors {
  readonly err_med: number;
  readonly err_p99: number;
  readonly err_max: number;
  /** Figures that are no finite number. */
  readonly failed: number;
}

export const REPS: number = Number(process.env['BENCH_REPS'] ?? 5);
const WARM_RUNS = 2;
/** Small runs are warmed for as long as the compiler takes to finish with them. */
const WARM_MS = 150;

const at = (sorted: Float64Array, share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Six significant digits: more would be noise. */
const round = (x: number): number => (Number.isFinite(x) ? Number(x.toPrecision(6)) : x);

export function emit(line: Readonly<Record<string, string | number>>): void {
  const rounded = Object.entries(line).map(([key, value]) => [key, typeof value === 'number' ? round(value) : value]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}

/** Absolute errors of `got`: median, 99th percentile and largest. */
export function errors(got: ArrayLike<number>, want: ArrayLike<number>): Errors {
  const off = Float64Array.from(got, (value, i) => Math.abs(value - (want[i] as number)));
  const sorted = off.filter(Number.isFinite).sort();
  return { err_med: at(sorted, 0.5), err_p99: at(sorted, 0.99), err_max: at(sorted, 1), failed: off.length - sorted.length };
}

function report(what: Measured, milliseconds: readonly number[], accuracy: Errors | undefined): void {
  const seconds = Float64Array.from(milliseconds, (ms) => ms / 1000).sort();
  const median = at(seconds, 0.5);
  const best = seconds[0] as number;
  emit({ ...what, seconds: median, rate: what.n / median, best_rate: what.n / best, reps: seconds.length, ...accuracy });
}

/** Times `run` and writes its line. */
export function bench(what: Measured, run: () => void, accuracy?: () => Errors): void {
  const start = performance.now();
  for (let i = 0; i < WARM_RUNS || performance.now() - start < WARM_MS; i++) run();
  const times = Array.from({ length: REPS }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  report(what, times, accuracy?.());
}

/** As `bench`, for work that other threads do. */
export async function benchAsync(what: Measured, run: () => Promise<void>, accuracy?: () => Errors): Promise<void> {
  const start = performance.now();
  for (let i = 0; i < WARM_RUNS || performance.now() - start < WARM_MS; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < REPS; i++) {
    const before = performance.now();
    await run();
    times.push(performance.now() - before);
  }
  report(what, times, accuracy?.());
}
