// `wsb flatten`, `exit`, `stop`, `reconcile`: make the book smaller, end the run, compare with the broker.
import { type Command, Option } from 'commander';
import { clientOf, show } from '../control/client.ts';
import { confirm } from '../control/confirm.ts';
import { endOf } from '../control/ending.ts';
import type { Globals } from '../globals.ts';
import { print, printJson, table } from '../output.ts';

interface Flags {
  readonly reason: string;
  readonly yes?: boolean;
}

async function flatten({ scope, reason, yes }: Flags & { readonly scope: string }, globals: Globals): Promise<void> {
  const client = clientOf(globals);
  await confirm(
    yes,
    `Close everything that is ${scope === 'owned' ? 'ours' : `of ${scope}`}, and open nothing there until somebody resumes?`,
  );
  const answer = await client.post('/v1/flatten', { scope, reason });
  show(globals, answer, `${String(answer['scope'])} is being closed, and opens nothing until somebody resumes it; see wsb status`);
}

async function exit(position: string, { reason, yes }: Flags, globals: Globals): Promise<void> {
  const client = clientOf(globals);
  await confirm(yes, `Close ${position}?`);
  const answer = await client.post('/v1/exit', { position, reason });
  const closing = Array.isArray(answer['closing']) ? answer['closing'].map(String) : [];
  show(
    globals,
    answer,
    `closing of ${String(answer['strategy'])}: ${closing.join(', ')}; see wsb why ${position.split(':').at(-1) ?? position}`,
  );
}

/** Beyond the budget of a stop: what comes after it, up to the release of the lock. */
const AFTERMATH_MS = 30_000;

async function stop({ policy, reason, yes }: Flags & { readonly policy: string }, globals: Globals): Promise<void> {
  const client = clientOf(globals);
  await confirm(yes, policy === 'flatten' ? 'Close everything that is ours and stop?' : `Stop, and ${policy} what is held?`);
  const answer = await client.post('/v1/stop', { policy, reason });
  const code = await endOf(client.stateDir, Number(answer['budgetMs']) + AFTERMATH_MS);
  show(
    globals,
    { ...answer, exitCode: code },
    `stopped with ${String(code)}${code === 0 ? '' : ': something is left, see wsb positions and wsb orders --open'}`,
  );
  process.exitCode = code;
}

interface Difference {
  readonly agree: boolean;
  readonly differences: readonly { readonly name: string; readonly ours: number; readonly theirs: number }[];
}

const UNRESOLVED = 19;

async function reconcile({ reason }: Flags, globals: Globals): Promise<void> {
  const answer = (await clientOf(globals).post('/v1/reconcile', { reason })) as unknown as Difference;
  if (globals.json === true) printJson(answer);
  else if (answer.agree) print('ledger and broker agree');
  else
    print(
      table(
        ['name', 'ours', 'theirs'],
        answer.differences.map((d) => [d.name, d.ours, d.theirs]),
      ),
    );
  if (!answer.agree) process.exitCode = UNRESOLVED;
}

const ofGlobals = (command: Command): Globals => command.optsWithGlobals<Globals>();

export function registerWayOut(root: Command): void {
  root
    .command('flatten')
    .description('closes what is held in the scope and opens nothing there until it is resumed')
    .option('--scope <scope>', 'owned or strategy:ID', 'owned')
    .requiredOption('--reason <text>', 'kept in the audit')
    .option('--yes', 'do not ask')
    .action((flags: Flags & { readonly scope: string }, command: Command) => flatten(flags, ofGlobals(command)));
  root
    .command('exit')
    .description('closes one position, with the structure it is a leg of')
    .argument('<position>', 'SYMBOL, or OWNER:SYMBOL where several hold it')
    .requiredOption('--reason <text>', 'kept in the audit')
    .option('--yes', 'do not ask')
    .action((position: string, flags: Flags, command: Command) => exit(position, flags, ofGlobals(command)));
  root
    .command('stop')
    .description("stops the daemon and waits for its end; its exit code is the command's")
    .addOption(new Option('--policy <policy>', 'what becomes of positions').choices(['flatten', 'protect', 'leave']).default('flatten'))
    .requiredOption('--reason <text>', 'kept in the audit')
    .option('--yes', 'do not ask')
    .action((flags: Flags & { readonly policy: string }, command: Command) => stop(flags, ofGlobals(command)));
  root
    .command('reconcile')
    .description('compares ledger and broker now; exit 19 when they differ')
    .option('--reason <text>', 'kept in the audit', 'asked for by hand')
    .action((flags: Flags, command: Command) => reconcile(flags, ofGlobals(command)));
}
