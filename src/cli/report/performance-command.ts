// `wsb report performance`: equity curve and figures of the account and of each strategy, against the benchmark.
import type { Command } from 'commander';
import type { TradingDay } from '../../domain/time.ts';
import { usCalendar } from '../../market/calendar.ts';
import { fail } from '../exit.ts';
import { dayFlag } from '../flags.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';
import { capsOf, performanceReport } from './performance.ts';
import { performanceCsv, performanceJson, performanceText } from './performance-print.ts';

interface PerformanceFlags {
  readonly from?: TradingDay;
  readonly to?: TradingDay;
  readonly csv?: boolean;
}

function performance({ from, to, csv }: PerformanceFlags, globals: Globals): void {
  if (from !== undefined && to !== undefined && from > to) fail(2, `wsb: --from ${from} is after --to ${to}`);
  const config = configOf({ ...globals, quiet: true });
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const report = withLedger(globals, (reader) =>
    performanceReport(reader, { calendar: usCalendar(), window, caps: capsOf(config), riskFree: config.data.riskFreeRate }),
  );
  if (report === null)
    return fail(6, 'wsb: no session day there on which the broker was read twice: run the daemon, or widen --from and --to');
  if (globals.json === true) printJson(performanceJson(report));
  else print(csv === true ? performanceCsv(report) : performanceText(report));
}

/** Adds `performance` under `wsb report`. */
export function registerPerformance(report: Command): void {
  report
    .command('performance')
    .description('equity curve, returns, drawdown, ratios and trades, of the account and each strategy, against SPY (docs/reports.md)')
    .option('--from <date>', 'first session day; the first in the ledger when not given', dayFlag)
    .option('--to <date>', 'last session day; the last in the ledger when not given', dayFlag)
    .option('--csv', 'comma-separated, a line for the account and each strategy on each day')
    .action((flags: PerformanceFlags, command: Command) => performance(flags, command.optsWithGlobals<Globals>()));
}
