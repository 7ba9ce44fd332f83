// `wsb audit show`: who asked the daemon for what, and what came of it, read from the ledger; the daemon need not be alive.
import type { Command } from 'commander';
import { readTrail } from '../../store/control-records.ts';
import { numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { print, printJson, table } from '../output.ts';
import { withLedger } from '../reader.ts';

export function registerAudit(root: Command): void {
  root
    .command('audit')
    .description('the trail of what people asked')
    .command('show')
    .description('the last wishes, newest first, those that were turned away included')
    .option('--limit <n>', 'rows', numeric, 50)
    .action((flags: { readonly limit: number }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, ({ db }) => {
        const rows = readTrail(db, Math.max(1, Math.trunc(flags.limit)));
        if (globals.json === true) return printJson(rows);
        const cells = rows.map((r) => [new Date(r.wall).toISOString(), r.actor, r.role, r.verb, r.target, r.result, r.code, r.reason]);
        return print(rows.length === 0 ? 'none' : table(['when', 'actor', 'role', 'asked', 'of', 'result', 'code', 'reason'], cells));
      });
    });
}
