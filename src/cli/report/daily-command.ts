// `wsb report daily`: one session day, added up and held against the broker's own record.
import type { Command } from 'commander';
import type { TradingDay } from '../../domain/time.ts';
import { lastDay } from '../../store/daily-trades.ts';
import { fail } from '../exit.ts';
import { dayFlag } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';
import { dailyReport } from './daily.ts';
import { dailyCsv, dailyText } from './daily-print.ts';

interface DailyFlags {
  readonly date?: TradingDay;
  readonly csv?: boolean;
}

function daily(flags: DailyFlags, globals: Globals): void {
  const report = withLedger(globals, (reader) => {
    const day = flags.date ?? lastDay(reader) ?? fail(6, 'wsb: the ledger has no turn yet: run the daemon first');
    return dailyReport(reader, day) ?? fail(6, `wsb: the daemon did not run on ${day}: wsb report daily --date with another day`);
  });
  if (globals.json === true) printJson(report);
  else print(flags.csv === true ? dailyCsv(report) : dailyText(report));
}

/** Adds `daily` under `wsb report`. */
export function registerDaily(report: Command): void {
  report
    .command('daily')
    .description("profit and loss of a session day by strategy and trade, cash and positions, tied to the broker's record to the cent")
    .option('--date <date>', 'session day; the last one in the ledger when not given', dayFlag)
    .option('--csv', 'comma-separated, a line for each trade')
    .action((flags: DailyFlags, command: Command) => daily(flags, command.optsWithGlobals<Globals>()));
}
