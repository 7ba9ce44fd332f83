// `wsb halt`, `freeze`, `resume`: durable stops with a scope, and the way back.
import { type Command, InvalidArgumentError } from 'commander';
import { type HaltScope, parseScope, scopeText } from '../../domain/halt.ts';
import { clientOf, daemonOf, show } from '../control/client.ts';
import { haltOffline } from '../control/offline-halt.ts';
import { fail } from '../exit.ts';
import { configOf, type Globals } from '../globals.ts';

interface HaltFlags {
  readonly scope: HaltScope;
  readonly reason: string;
}

function scopeFlag(text: string): HaltScope {
  const scope = parseScope(text);
  if (scope === undefined) throw new InvalidArgumentError('write account, strategy:ID or symbol:TICKER.');
  return scope;
}

const ACCOUNT: HaltScope = { kind: 'account' };

const word = { halt: 'halted: nothing is opened, exits go on', freeze: 'frozen: nothing leaves but cancels' } as const;

async function stand(level: 'halt' | 'freeze', { scope, reason }: HaltFlags, globals: Globals): Promise<void> {
  const answer = await clientOf(globals).post('/v1/halts', { scope: scopeText(scope), level, reason });
  show(
    globals,
    answer,
    `${scopeText(scope)} is ${word[level]}, until somebody resumes it${answer['stood'] === true ? ' (it was before)' : ''}`,
  );
}

async function halt(flags: HaltFlags, globals: Globals): Promise<void> {
  const config = configOf({ ...globals, quiet: true });
  if (daemonOf(config.stateDir).held) return stand('halt', flags, globals);
  const { scope, reason } = flags;
  const reply = await haltOffline(config, scope, reason);
  if (reply.kind !== 'answered' || reply.outcome.result !== 'done')
    return fail(
      7,
      `wsb: ${reply.kind === 'answered' && reply.outcome.result === 'refused' ? reply.outcome.why : 'the halt was not written'}`,
    );
  const answer = { ...reply.outcome.answer, daemon: 'not running' };
  show(globals, answer, `no daemon runs; the next one starts with ${scopeText(scope)} halted, until somebody resumes it`);
}

async function resume({ scope, reason }: HaltFlags, globals: Globals): Promise<void> {
  const answer = await clientOf(globals).post('/v1/resume', { scope: scopeText(scope), reason });
  const left = Array.isArray(answer['left']) ? answer['left'].map(String) : [];
  show(globals, answer, `${scopeText(scope)} is resumed${left.length === 0 ? '' : `; there still are: ${left.join('; ')}`}`);
}

export function registerHalts(root: Command): void {
  const verb = (name: string, about: string, act: (flags: HaltFlags, globals: Globals) => Promise<void>): void => {
    root
      .command(name)
      .description(about)
      .option('--scope <scope>', 'account, strategy:ID or symbol:TICKER', scopeFlag, ACCOUNT)
      .requiredOption('--reason <text>', 'kept in the audit')
      .action((flags: HaltFlags, command: Command) => act(flags, command.optsWithGlobals<Globals>()));
  };
  verb('halt', 'opens nothing more in the scope; exits go on. Works with the daemon dead, too', halt);
  verb('freeze', 'nothing leaves in the scope but cancels: no opening, no exit', (flags, globals) => stand('freeze', flags, globals));
  verb('resume', 'lifts every halt, freeze and flatten of the scope', resume);
}
