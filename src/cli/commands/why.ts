// `wsb why`: the decisions and gates behind a trade, or behind its absence.
import type { Command } from 'commander';
import type { TradingDay } from '../../domain/time.ts';
import { readWhy, subjectOf } from '../../store/why.ts';
import { fail } from '../exit.ts';
import { dayFlag, numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';
import { whyText } from '../why-text.ts';

export function registerWhy(root: Command): void {
  root
    .command('why')
    .description('the decisions and gates behind a trade or its absence')
    .argument('<symbol|strategy|order>')
    .option('--since <date>', 'from this session day on', dayFlag)
    .option('--limit <n>', 'decisions to show', numeric, 20)
    .action((word: string, flags: { readonly since?: TradingDay; readonly limit: number }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, (reader) => {
        const found = readWhy(reader, subjectOf(word), {
          limit: flags.limit,
          ...(flags.since === undefined ? {} : { since: flags.since }),
        });
        if (found.length === 0) fail(6, `wsb: nothing was ever decided about ${word}`);
        if (globals.json === true) printJson(found);
        else print(whyText(found));
      });
    });
}
