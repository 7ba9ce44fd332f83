// Prints how the probabilities of recorded chains held against where their names ended: npx tsx scripts/calibrate.ts, with WSB_SHARED set.
import { fileURLToPath } from 'node:url';
import { type Cell, table } from '../src/cli/output.ts';
import { BUCKET_HEAD, bucketRow, scoreLines } from '../src/cli/report/calibration-print.ts';
import { DAY } from '../src/domain/time.ts';
import { calibration, Z_95 } from '../src/pricing/calibration.ts';
import { type Recorded, type RecordedForecast, recordedForecasts, widened } from './calibration/recorded.ts';

const share = (x: number): string => x.toFixed(4);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Time from the snapshot to the end, in days. */
const spans: readonly { readonly name: string; readonly below: number }[] = [
  { name: 'up to 2 days', below: 2 },
  { name: '2 to 10 days', below: 10 },
  { name: '10 to 45 days', below: 45 },
  { name: '45 days and more', below: Number.POSITIVE_INFINITY },
];
const spanOf = ({ from, to }: RecordedForecast): string => spans.find(({ below }) => (to - from) / DAY < below)?.name ?? '';

/** One line of scores for each group. */
function groupTable(forecasts: readonly RecordedForecast[], names: readonly string[], groupOf: (f: RecordedForecast) => string): string {
  const rows = names.map((name): readonly Cell[] => {
    const of = forecasts.filter((f) => groupOf(f) === name);
    const found = calibration(of);
    if (found.kind === 'refused') return [name, of.length, null, null, null, null, null];
    const { count, meanPredicted, baseRate, brier, baseRateBrier, parts } = found.calibration;
    return [name, count, share(meanPredicted), share(baseRate), share(brier), share(baseRateBrier), share(parts.reliability)];
  });
  return table(['', 'count', 'mean foretold', 'observed', 'brier', 'base rate', 'reliability'], rows);
}

function bucketTable(forecasts: readonly RecordedForecast[]): readonly string[] {
  const found = calibration(forecasts);
  if (found.kind === 'refused') return [`no table: ${found.reason}`];
  const rows = widened(forecasts, found.calibration.buckets, Z_95).map((b) => [
    ...bucketRow(b),
    b.independent,
    share(b.widened.low),
    share(b.widened.high),
  ]);
  return [...scoreLines(found.calibration), table([...BUCKET_HEAD, 'apart', 'low apart', 'high apart'], rows)];
}

export function calibrationTables({ forecasts, leftOut }: Recorded): string {
  const sets = [...new Set(forecasts.map((f) => f.set))];
  const left = Object.entries(leftOut).map(([why, n]) => `${n} ${why}`);
  return [
    `probability to end above a strike, from the smile of the quotes; expiries left out: ${left.join(', ')}`,
    ...bucketTable(forecasts),
    '',
    groupTable(
      forecasts,
      spans.map((s) => s.name),
      spanOf,
    ),
    '',
    groupTable(forecasts, sets, (f) => f.set),
  ].join('\n');
}

function main(): number {
  const shared = process.env['WSB_SHARED'];
  if (shared === undefined) {
    process.stderr.write('calibrate: set WSB_SHARED to the folder of recorded data (docs/tape.md)\n');
    return 2;
  }
  say(calibrationTables(recordedForecasts(shared, fileURLToPath(new URL('..', import.meta.url)))));
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
