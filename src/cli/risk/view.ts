// `wsb risk`: how every limit stands, what the book may cost, and what is not known, on a hundred columns.
import { percent } from '../../base/percent.ts';
import type { RiskFigures } from '../../domain/risk-figures.ts';
import type { VarBackTest } from '../../engine/var-record.ts';
import type { LossStanding } from '../../risk/losses.ts';
import type { Use } from '../../risk/utilisation.ts';
import { table } from '../output.ts';
import { clipped, figureText, usdText } from './figure.ts';

type Read = { readonly value: number } | { readonly value: null; readonly code: string; readonly why: string };
type Absent = { readonly code: string; readonly why: string };
type Losses = 'day' | 'week' | 'month' | 'drawdown';

/** What GET /v1/risk answers. */
export type RiskAnswer = {
  readonly at: string;
  readonly halts: readonly { readonly scope: string; readonly level: string; readonly reason: string }[];
} & (
  | ({ readonly equity: null } & Absent)
  | {
      readonly equity: number;
      readonly step: string;
      readonly sizeFactor: number;
      readonly varDays: number;
      readonly varTest: VarBackTest | null;
      readonly losses: Readonly<Record<Losses, Read>> & { readonly floors: LossStanding['floors'] };
      readonly volatility: { readonly level: Read; readonly rise: Read };
      readonly book: (Omit<RiskFigures, 'at'> & { readonly at: string }) | Absent;
      readonly limits: readonly Use[];
    }
);

const BAR = 8;
const WHAT = 35;

function bar({ share, why }: Use): string {
  if (share === null) return why === 'nothing is allowed' ? 'over' : 'unknown';
  return '#'.repeat(Math.min(BAR, Math.ceil(share * BAR - 1e-9))).padEnd(BAR, '.');
}

const nameOf = ({ of, what }: Use): string => (of.startsWith('strategy:') ? `${of.slice('strategy:'.length)}: ${what}` : what);

const row = (use: Use): readonly string[] => [
  bar(use),
  use.share === null ? '-' : percent(use.share, 1),
  use.rule,
  clipped(nameOf(use), WHAT),
  figureText(use.observed, use.unit),
  figureText(use.limit, use.unit),
];

/** The limits of which something is used, or nothing is known; every one of them where that is asked for. */
function limitLines(limits: readonly Use[], all: boolean): readonly string[] {
  const shown = all ? limits : limits.filter((use) => use.share === null || use.share > 0);
  const left = limits.length - shown.length;
  const unknown = new Map(limits.filter((use) => use.share === null).map((use) => [`${use.rule} ${nameOf(use)}`, use.why ?? '']));
  return [
    table(['', 'used', 'rule', 'of', 'observed', 'limit'], shown.map(row)),
    ...(left > 0 ? [`${String(left)} more limits are not used at all: --all lists them`] : []),
    ...(unknown.size > 0 ? ['', 'no share, since'] : []),
    ...[...unknown].map(([what, why]) => `  ${what}: ${why}`),
  ];
}

function bookLines(book: Extract<RiskAnswer, { readonly equity: number }>['book']): readonly string[] {
  if ('code' in book) return [`the book cannot be valued (${book.code}): ${book.why}`];
  const { worstStress, worstStressName, worstGap, var95, var99, es99, varMethod, clusters, standIns } = book;
  return [
    `worst scenario  ${usdText(worstStress)} in ${worstStressName}`,
    `worst fall      ${worstGap === null ? 'no single name is held' : `${usdText(worstGap.pnl)} if ${worstGap.name} alone falls`}`,
    `one day         VaR 95 % ${usdText(var95)} (${varMethod}), VaR 99 % ${usdText(var99)}, ES 99 % ${usdText(es99)}`,
    `clusters        ${clusters.length === 0 ? 'none' : ''}`.trimEnd(),
    ...clusters.map(({ names, betaDelta }) => `  ${names.join(', ')}: beta delta ${usdText(betaDelta)}`),
    `stand-ins       ${standIns.join(', ') || 'none'}`,
  ];
}

const lossText = (name: string, read: Read, floor: number): string =>
  `${name} ${read.value === null ? `not known (${read.code})` : percent(read.value)} of ${percent(floor)}`;

const indexText = ({ level, rise }: { readonly level: Read; readonly rise: Read }): string =>
  `${level.value === null ? `not known (${level.code})` : level.value.toFixed(2)}${rise.value === null ? '' : `, ${percent(rise.value)} since the session before`}`;

const testText = (days: number, test: VarBackTest | null): string =>
  test === null
    ? `not tested: ${String(days)} of 60 sessions are on record`
    : `${test.verdict}ed: ${String(test.failures)} of ${String(test.days)} sessions lost more than VaR 99 % (ratio ${test.ratio.toFixed(3)})`;

/** The whole page. @param all with limits of which nothing is used */
export function riskText(answer: RiskAnswer, all: boolean): string {
  const halts = answer.halts.map(({ scope, level, reason }) => `${level} ${scope}: ${reason}`);
  const head = [`at              ${answer.at}`, `halts           ${halts.join('; ') || 'none'}`];
  if (answer.equity === null) return [...head, `not known (${answer.code}): ${answer.why}`].join('\n');
  const { losses, step, sizeFactor, volatility, equity } = answer;
  const { floors } = losses;
  return [
    ...head,
    `equity          ${usdText(equity)}`,
    `ladder          ${step}; of each opening ${percent(sizeFactor, 0)} is left`,
    `losses          ${lossText('day', losses.day, floors.day)}, ${lossText('week', losses.week, floors.week)}`,
    `                ${lossText('month', losses.month, floors.month)}, ${lossText('drawdown', losses.drawdown, floors.drawdown)}`,
    `volatility      ${indexText(volatility)}`,
    ...bookLines(answer.book),
    `back-test       ${testText(answer.varDays, answer.varTest)}`,
    '',
    ...limitLines(answer.limits, all),
  ].join('\n');
}
