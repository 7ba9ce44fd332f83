// The calibration report as a person reads it, and as rows for a spreadsheet.
import type { Bucket, Calibration } from '../../pricing/calibration.ts';
import { type Cell, csv, table } from '../output.ts';
import { type Answers, type CalibrationReport, ENOUGH, ENOUGH_OF_EACH } from './calibration.ts';
import { type UnknownReason, unknownReasons } from './outcome.ts';

const share = (x: number): string => x.toFixed(4);

/** Columns of a table of buckets. */
export const BUCKET_HEAD = ['foretold', 'count', 'mean foretold', 'observed', 'low 95 %', 'high 95 %', 'brier'];

export const bucketRow = ({ from, to, count, meanPredicted, observed, interval, brier }: Bucket): readonly Cell[] => [
  `${from.toFixed(1)} to ${to.toFixed(1)}`,
  count,
  share(meanPredicted),
  share(observed),
  share(interval.low),
  share(interval.high),
  share(brier),
];

/** The scores of a whole: three lines. */
export function scoreLines({ count, brier, baseRate, baseRateBrier, skill, meanPredicted, parts }: Calibration): readonly string[] {
  const { reliability, resolution, uncertainty, withinVariance, withinCovariance } = parts;
  const within = share(withinVariance - withinCovariance);
  return [
    `${count} judged: mean foretold ${share(meanPredicted)}, happened ${share(baseRate)}`,
    `Brier ${share(brier)}; of the base rate ${share(baseRateBrier)}; skill ${skill === null ? 'unknown, every outcome was the same' : share(skill)}`,
    `reliability ${share(reliability)} - resolution ${share(resolution)} + uncertainty ${share(uncertainty)} + within buckets ${within}`,
  ];
}

const unknownLines = (unknown: Answers['unknown']): readonly string[] =>
  (Object.entries(unknown) as readonly (readonly [UnknownReason, number])[]).map(
    ([reason, n]) => `not judged: ${n} ${reason} (${unknownReasons[reason]})`,
  );

function answersText(answers: Answers): string {
  const { strategy, question, foretold, calibration, unknown, tooFew, byLedger } = answers;
  const lines = [`${strategy} ${question}: ${foretold} foretold`];
  if (calibration !== null) lines.push(...scoreLines(calibration), table(BUCKET_HEAD, calibration.buckets.map(bucketRow)));
  if (byLedger > 0)
    lines.push(
      `${byLedger} judged by expiries in the ledger: only trades held to the end have them, and those that were left early differ`,
    );
  if (tooFew && calibration !== null)
    lines.push(`too few trades: below ${ENOUGH} judged, or ${ENOUGH_OF_EACH} of either outcome, this says nothing yet`);
  return [...lines, ...unknownLines(unknown)].join('\n');
}

/** The report for a person. */
export function calibrationText(report: CalibrationReport, source: string): string {
  const silent = Object.entries(report.silent).map(([strategy, n]) => `${n} of ${strategy}`);
  const head = [
    `${report.trades} closed trades; outcomes from ${source}`,
    ...(silent.length === 0 ? [] : [`nothing foretold: ${silent.join(', ')}`]),
  ];
  return [head.join('\n'), ...report.answers.map(answersText)].join('\n\n');
}

const CSV_HEAD = ['strategy', 'question', 'from', 'to', 'count', 'mean_foretold', 'observed', 'low', 'high', 'brier', 'too_few'];

/** A line for each bucket. */
export const calibrationCsv = ({ answers }: CalibrationReport): string =>
  csv(
    CSV_HEAD,
    answers.flatMap(({ strategy, question, calibration, tooFew }) =>
      (calibration?.buckets ?? []).map((b): readonly Cell[] => [
        strategy,
        question,
        b.from,
        b.to,
        b.count,
        b.meanPredicted,
        b.observed,
        b.interval.low,
        b.interval.high,
        b.brier,
        tooFew,
      ]),
    ),
  );
