// `wsb token create|list|revoke`: who else may speak to the daemon. The secret is made here, shown once, and never sent.
import { type Command, Option } from 'commander';
import { mintToken } from '../../daemon/control/tokens.ts';
import { roles } from '../../domain/control.ts';
import { clientOf, show } from '../control/client.ts';
import { numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { print, printJson, table } from '../output.ts';

interface CreateFlags {
  readonly role: string;
  readonly name: string;
  readonly days: number;
  readonly reason: string;
}

async function create({ role, name, days, reason }: CreateFlags, globals: Globals): Promise<void> {
  const { id, hash, text } = mintToken();
  const answer = await clientOf(globals).post('/v1/tokens', { id, role, name, hash, days: String(days), reason });
  show(globals, { ...answer, token: text }, text);
}

async function list(globals: Globals): Promise<void> {
  const found = (await clientOf(globals).get('/v1/tokens')) as readonly Readonly<Record<string, string>>[];
  if (globals.json === true) return printJson(found);
  const head = ['id', 'role', 'name', 'created', 'expires', 'state'] as const;
  return print(
    table(
      head,
      found.map((token) => head.map((column) => token[column])),
    ),
  );
}

async function revoke(id: string, { reason }: { readonly reason: string }, globals: Globals): Promise<void> {
  const answer = await clientOf(globals).post(`/v1/tokens/${encodeURIComponent(id)}/revoke`, { reason });
  show(globals, answer, `token ${id} is revoked`);
}

export function registerToken(root: Command): void {
  const token = root.command('token').description('tokens of the control API');
  token
    .command('create')
    .description('makes a token and prints it, this once')
    .addOption(new Option('--role <role>', 'what it may').choices([...roles]).makeOptionMandatory())
    .requiredOption('--name <name>', 'whose it is')
    .option('--days <n>', 'until it expires, 1 to 90', numeric, 90)
    .requiredOption('--reason <text>', 'kept in the audit')
    .action((flags: CreateFlags, command: Command) => create(flags, command.optsWithGlobals<Globals>()));
  token
    .command('list')
    .description('every token, without its secret')
    .action((_flags: unknown, command: Command) => list(command.optsWithGlobals<Globals>()));
  token
    .command('revoke')
    .description('ends a token at once')
    .argument('<id>')
    .requiredOption('--reason <text>', 'kept in the audit')
    .action((id: string, flags: { readonly reason: string }, command: Command) => revoke(id, flags, command.optsWithGlobals<Globals>()));
}
