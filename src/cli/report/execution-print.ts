// The execution report as a person reads it, within a hundred columns, and as rows for a spreadsheet.
import type { Percentiles } from '../../base/percentiles.ts';
import { dollars, type Usd } from '../../domain/money.ts';
import type { ExecutionReport, ExecutionSummary } from '../../execution/execution-report.ts';
import type { FillQuality } from '../../execution/fill-quality.ts';
import { type Cell, csv, table } from '../output.ts';

const EXECUTIONS_SHOWN = 25;

const cents = (amount: Usd | null): string => (amount === null ? '-' : dollars(amount).toFixed(2));
/** Above this nobody asks for a figure's decimals. */
const LARGE = 1e5;
const fixed = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? '-' : value.toFixed(Math.abs(value) < LARGE ? digits : 0);
/** Micros a share of a simple order as people say them; a package's net keeps its sign, a credit is negative. */
const perShare = ({ legs }: FillQuality, micros: number | null): string =>
  micros === null ? '-' : ((legs.length === 1 ? Math.abs(micros) : micros) / 1e6).toFixed(3);

const SUMMARY_HEAD = ['', 'orders', 'refused', 'refused %', 'executions', 'unpriced', 'slippage $', 'bps', 'against touch $'] as const;

const summaryRow = (s: ExecutionSummary): readonly Cell[] => [
  s.strategy ?? 'all',
  s.orders,
  s.refused,
  s.refusedPart === null ? '-' : fixed(100 * s.refusedPart, 1),
  s.executions,
  s.unpriced,
  cents(s.slippage),
  fixed(s.slippageBps, 2),
  cents(s.improvement),
];

const LIE_HEAD = ['', 'n', 'mean', 'p5', 'p50', 'p95', 'p99', 'most'] as const;

const lieRow = (name: string, of: Percentiles | null, digits: number): readonly Cell[] => [
  name,
  of?.n ?? 0,
  ...[of?.mean, of?.p5, of?.p50, of?.p95, of?.p99, of?.max].map((value) => fixed(value, digits)),
];

const measures = (s: ExecutionSummary): readonly (readonly Cell[])[] => [
  lieRow('decided to sent, ms', s.decideToSubmitMs, 1),
  lieRow('sent to acknowledged, ms', s.submitToAckMs, 1),
  lieRow('acknowledged to filled, ms', s.ackToFillMs, 1),
  lieRow('slippage, bps', s.bps, 2),
  lieRow('of the half spread paid', s.spreadPaid, 2),
];

const FILL_HEAD = ['time (UTC)', 'who', 'package', 'units', 'price', 'mid', 'slippage $', 'bps', 'touch $'] as const;

/** One leg by its symbol; of more, the first with how many there are. */
const packageText = ({ legs: [first, ...rest] }: FillQuality): string =>
  `${first.instrument.symbol}${rest.length === 0 ? '' : ` +${rest.length}`}`;

const referenceOf = ({ arrivalMid, against, value, units, legs }: FillQuality): number | null =>
  against === 'arrival' || value === null ? arrivalMid : value / (units * legs[0].instrument.multiplier);

const fillRow = (e: FillQuality): readonly Cell[] => [
  new Date(e.heard.at).toISOString().slice(5, 16).replace('T', ' '),
  e.strategy,
  packageText(e),
  e.units,
  perShare(e, e.price),
  `${perShare(e, referenceOf(e))}${e.against === 'stop' ? '*' : ''}`,
  cents(e.slippage),
  fixed(e.slippageBps, 2),
  cents(e.improvement),
];

/** The report for a person. */
export function executionText({ all, strategies, executions }: ExecutionReport): string {
  const left = executions.length - EXECUTIONS_SHOWN;
  const stops = executions.some((e) => e.against === 'stop') ? '\n* the price that set a stop off' : '';
  const shown = left > 0 ? `the last ${EXECUTIONS_SHOWN} executions (--csv has the ${left} before them, too)\n` : '';
  return [
    'signed from our side: negative was a cost. Delays in wall milliseconds.',
    table(SUMMARY_HEAD, [all, ...strategies].map(summaryRow)),
    table(LIE_HEAD, measures(all)),
    executions.length === 0 ? 'no execution' : `${shown}${table(FILL_HEAD, executions.slice(-EXECUTIONS_SHOWN).map(fillRow))}${stops}`,
  ].join('\n\n');
}

const CSV_HEAD = [
  'at',
  'order',
  'strategy',
  'purpose',
  'legs',
  'units',
  'price',
  'against',
  'decision_mid',
  'arrival_mid',
  'spread',
  'quote_age_ms',
  'slippage',
  'slippage_bps',
  'spread_paid',
  'improvement',
  'decide_to_submit_ms',
  'submit_to_ack_ms',
  'ack_to_fill_ms',
  'why',
] as const;

const micros = (value: number | null): number | null => (value === null ? null : value / 1e6);

/** A line for each execution: dollars, net where it is a package: paid is positive in a price, negative in an amount. */
export const executionCsv = ({ executions }: ExecutionReport): string =>
  csv(
    CSV_HEAD,
    executions.map((e) => [
      new Date(e.heard.at).toISOString(),
      e.order,
      e.strategy,
      e.purpose,
      e.legs.map((leg) => `${leg.side} ${leg.ratio} ${leg.instrument.symbol}`).join('; '),
      e.units,
      micros(e.price),
      e.against,
      micros(e.decisionMid),
      micros(e.arrivalMid),
      micros(e.spread),
      e.quoteAgeMs,
      micros(e.slippage),
      e.slippageBps,
      e.spreadPaid,
      micros(e.improvement),
      e.decideToSubmitMs,
      e.submitToAckMs,
      e.ackToFillMs,
      e.why,
    ]),
  );
