// A verification as lines for people: a block a strategy, and one line that sums up.

import type { Need } from './needs.ts';
import type { Evaluation, Said, StrategyReport } from './verdict.ts';
import { exitCodeOf } from './verdict.ts';
import type { Verified } from './verify.ts';

const SHOWN = 3;
const NAMES = 4;

const stateWord = { ok: 'ok', lacks: 'LACKS', failed: 'FAILED', invalid: 'INVALID' } as const;

function missingText({ missing }: Need): string {
  return missing
    .map(({ code, names, why }) => {
      const more = names.length > NAMES ? ` and ${String(names.length - NAMES)} more` : '';
      const of = names.length === 0 ? '' : ` for ${names.slice(0, NAMES).join(', ')}${more}`;
      return `${code}${of}: ${why}`;
    })
    .join('; ');
}

function needLines(needs: readonly Need[]): readonly string[] {
  const width = Math.max(...needs.map(({ need }) => need.length));
  return needs.flatMap((n) => {
    const counted = n.asked === 1 && n.usable === 1 ? '' : `${String(n.usable)} of ${String(n.asked)}  `;
    const line = `  ${n.state.padEnd(6)}  ${n.need.padEnd(width)}  ${counted}${n.port}${n.missing.length === 0 ? '' : `  ${missingText(n)}`}`;
    return n.fix === null ? [line] : [line, `${' '.repeat(width + 12)}${n.fix}`];
  });
}

function saidLine({ subject, kind, code, why, verdict, denial }: Said): string {
  const risk =
    verdict === null ? '' : verdict === 'cleared' ? ', cleared by risk' : `, denied by ${denial?.code ?? 'risk'}: ${denial?.why ?? ''}`;
  return `    ${subject}: ${kind} ${code}${risk}: ${why}`;
}

/** How often each code was said, in the order in which they came. */
function countedCodes(said: readonly Said[]): string {
  const counts = new Map<string, number>();
  for (const { code } of said) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, n]) => (n === 1 ? code : `${String(n)} x ${code}`)).join(', ');
}

function evaluationLines({ slot, phase, at, said, fault }: Evaluation, all: boolean): readonly string[] {
  const head = `  ${phase === 'manage' ? 'manage' : 'evaluate'} (${slot}) at ${new Date(at).toISOString()}`;
  if (fault !== null) return [`${head}: FAILED in ${fault.call}: ${fault.why}${fault.at === '' ? '' : ` (${fault.at})`}`];
  if (said.length === 0) return [`${head}: nothing is held`];
  // What would trade comes first; the rest in its own order.
  const sorted = [...said.filter((s) => s.kind !== 'pass'), ...said.filter((s) => s.kind === 'pass')];
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const rest = sorted.slice(shown.length);
  return [
    `${head}:`,
    ...shown.map(saidLine),
    ...(rest.length === 0 ? [] : [`    and ${String(rest.length)} more: ${countedCodes(rest)} (-v lists them)`]),
  ];
}

function block(report: StrategyReport, all: boolean): string {
  const { id, title, version, enabled, state, problems, needs, evaluations } = report;
  const switched = enabled === null ? 'not configured' : enabled ? 'enabled' : 'disabled';
  const configuration = problems.length === 0 ? ['  ok      configuration'] : problems.map((p) => `  INVALID configuration  ${p}`);
  return [
    `${id}: ${title}, version ${String(version)}, ${switched}: ${stateWord[state]}`,
    ...configuration,
    ...(needs.length === 0 ? [] : needLines(needs)),
    ...evaluations.flatMap((e) => evaluationLines(e, all)),
  ].join('\n');
}

/** The whole report. `all` lists every decision. */
export function verifiedText(verified: Verified, all: boolean): string {
  const { source, ledger, optionsLevel, optionFeed, strategies } = verified;
  const count = (state: StrategyReport['state']): number => strategies.filter((s) => s.state === state).length;
  const sums = (['ok', 'lacks', 'failed', 'invalid'] as const).flatMap((s) => (count(s) === 0 ? [] : [`${String(count(s))} ${s}`]));
  return [
    `market ${source}; ledger ${ledger}; options level ${String(optionsLevel ?? 'unknown')}; option feed ${optionFeed}; no order is sent`,
    ...strategies.map((report) => block(report, all)),
    `${strategies.length === 1 ? '1 strategy' : `${String(strategies.length)} strategies`}: ${sums.join(', ')}`,
  ].join('\n\n');
}

/** One document for programs. */
export const verifiedDocument = (verified: Verified): unknown => ({ ...verified, exitCode: exitCodeOf(verified.strategies) });
