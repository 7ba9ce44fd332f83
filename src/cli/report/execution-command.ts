// `wsb report execution`: what every execution was worth against the market it was sent into, and how long its way took.
import type { Command } from 'commander';
import type { TradingDay } from '../../domain/time.ts';
import { executionReport } from '../../execution/execution-report.ts';
import { readPlacedOrders } from '../../store/placed-orders.ts';
import { dayFlag, strategyFlag } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';
import { executionCsv, executionText } from './execution-print.ts';

interface ExecutionFlags {
  readonly since?: TradingDay;
  readonly strategy?: string;
  readonly csv?: boolean;
}

function execution({ since, strategy: word, csv }: ExecutionFlags, globals: Globals): void {
  const strategy = strategyFlag(word);
  const report = withLedger(globals, (reader) =>
    executionReport(
      readPlacedOrders(reader, { ...(since === undefined ? {} : { since }), ...(strategy === undefined ? {} : { strategy }) }),
    ),
  );
  if (globals.json === true) printJson(report);
  else if (csv === true) print(executionCsv(report));
  else print(report.all.orders === 0 && report.executions.length === 0 ? 'no orders' : executionText(report));
}

/** Adds `execution` under `wsb report`. */
export function registerExecution(report: Command): void {
  report
    .command('execution')
    .description('slippage, spread and delays of every execution, and how much the broker refused (docs/reports.md)')
    .option('--since <date>', 'decided or executed on this session day or later', dayFlag)
    .option('--strategy <id>')
    .option('--csv', 'comma-separated, a line for each execution')
    .action((flags: ExecutionFlags, command: Command) => execution(flags, command.optsWithGlobals<Globals>()));
}
