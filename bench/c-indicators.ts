// C1: five indicators on every bar of a stream. C1p: the same with periods ten times as long, which must cost the same.
import { runningAtr, runningBollinger, runningEma, runningRsi, runningSma } from '../src/market/indicators.ts';
import { bench, errors } from './harness.ts';
import { type BarColumns, barWorkload } from './inputs.ts';

const WORK = 'C1 five indicators, streaming';
const LONG_ROWS = 200_000;

/** Runs all five over the first `rows` bars and answers their last values. */
function five({ high, low, close }: BarColumns, rows: number, scale: number): readonly number[] {
  const sma = runningSma(20 * scale);
  const ema = runningEma(20 * scale);
  const rsi = runningRsi(14 * scale);
  const atr = runningAtr(14 * scale);
  const bands = runningBollinger(20 * scale);
  let [average, smoothed, strength, range, upper]: (number | undefined)[] = [];
  for (let i = 0; i < rows; i++) {
    const c = close[i] as number;
    average = sma.next(c);
    smoothed = ema.next(c);
    strength = rsi.next(c);
    range = atr.next({ high: high[i] as number, low: low[i] as number, close: c });
    upper = bands.next(c)?.upper;
  }
  return [average, smoothed, strength, range, upper].map((value) => value ?? Number.NaN);
}

const mean = (values: Float64Array): number => values.reduce((total, v) => total + v, 0) / values.length;

/** The same last values by straight recomputation: windows summed afresh, averages seeded by the mean. */
function recomputed({ high, low, close }: BarColumns): readonly number[] {
  const window = close.slice(-20);
  const middle = mean(window);
  const deviation = Math.sqrt(mean(window.map((v) => (v - middle) ** 2)));
  const smoothed = (values: Float64Array, n: number, weight: number): number =>
    values.subarray(n).reduce((average, v) => average + weight * (v - average), mean(values.subarray(0, n)));
  const moves = close.subarray(1).map((c, i) => c - (close[i] as number));
  const ranges = moves.map((_, i) => {
    const [h, l, before] = [high[i + 1] as number, low[i + 1] as number, close[i] as number];
    return Math.max(h - l, Math.abs(h - before), Math.abs(l - before));
  });
  const gain = smoothed(
    moves.map((m) => Math.max(0, m)),
    14,
    1 / 14,
  );
  const loss = smoothed(
    moves.map((m) => Math.max(0, -m)),
    14,
    1 / 14,
  );
  return [middle, smoothed(close, 20, 2 / 21), 100 - 100 / (1 + gain / loss), smoothed(ranges, 14, 1 / 14), middle + 2 * deviation];
}

export function run(): void {
  const bars = barWorkload();
  const rows = bars.close.length;
  let last: readonly number[] = [];
  const streaming = (n: number, scale: number) => () => {
    last = five(bars, n, scale);
  };
  bench({ name: 'ours', work: WORK, n: rows, unit: 'bars' }, streaming(rows, 1), () => errors(last, recomputed(bars)));
  bench({ name: 'ours (periods x10)', work: `${WORK}, periods x10`, n: LONG_ROWS, unit: 'bars' }, streaming(LONG_ROWS, 10));
}
