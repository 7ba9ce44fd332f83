// `wsb risk`: how the limits of a running daemon stand, what they would say to an order, and setting one of them.
import type { Command } from 'commander';
import { clientOf, show } from '../control/client.ts';
import type { Globals } from '../globals.ts';
import { print, printJson, table } from '../output.ts';
import { type CheckFlags, checkOrder } from '../risk/check.ts';
import { type RiskAnswer, riskText } from '../risk/view.ts';

interface LimitRow {
  readonly limit: string;
  readonly figure: number;
  readonly loosens: 'up' | 'down';
  readonly set: string | null;
}

async function limits(globals: Globals): Promise<void> {
  const rows = (await clientOf(globals).get('/v1/limits')) as readonly LimitRow[];
  if (globals.json === true) return printJson(rows);
  print(
    table(
      ['limit', 'figure', 'allows more', 'set by a person'],
      rows.map((r) => [r.limit, String(r.figure), r.loosens, r.set ?? '']),
    ),
  );
}

async function set(limit: string, value: string, reason: string, globals: Globals): Promise<void> {
  const answer = await clientOf(globals).post('/v1/limits', { limit, value, reason });
  show(
    globals,
    answer,
    `${limit} is ${value} now${answer['loosened'] === true ? ', which allows more than before' : ''}; it stands until it is set again`,
  );
}

async function view(all: boolean, globals: Globals): Promise<void> {
  const answer = (await clientOf(globals).get('/v1/risk')) as RiskAnswer;
  if (globals.json === true) return printJson(answer);
  print(riskText(answer, all));
}

export function registerRisk(root: Command): void {
  const risk = root
    .command('risk')
    .description('how much of every limit is used, the worst that is reckoned with, and what is not known')
    .option('--all', 'limits of which nothing is used as well')
    .allowExcessArguments(false)
    .action((flags: { readonly all?: boolean }, command: Command) => view(flags.all === true, command.optsWithGlobals<Globals>()));
  risk
    .command('check')
    .description('what every rule would say to an order; it is not sent')
    .requiredOption('--order <file>', 'JSON: strategy, legs, qty, limit (docs/risk.md)')
    .option('--book <file>', 'judges on this book under the configured limits, without a daemon')
    .action((flags: CheckFlags, command: Command) => checkOrder(flags, command.optsWithGlobals<Globals>()));
  risk
    .command('limits')
    .description('every limit that can be set while the daemon runs, in the unit it is counted in (micros, milliseconds, parts)')
    .action((_: unknown, command: Command) => limits(command.optsWithGlobals<Globals>()));
  risk
    .command('set')
    .description('sets one: to allow less wants the role operator, to allow more admin')
    .argument('<limit>', 'as wsb risk limits lists it, such as risk.fat_finger_usd')
    .argument('<value>', 'as the configuration would state it, such as 2500.00, 0.05 or 15s')
    .requiredOption('--reason <text>', 'kept in the audit')
    .action((limit: string, value: string, flags: { readonly reason: string }, command: Command) =>
      set(limit, value, flags.reason, command.optsWithGlobals<Globals>()),
    );
}
