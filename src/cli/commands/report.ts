// `wsb report`: what the ledger adds up to. Each report is a subcommand of its own.
import type { Command } from 'commander';
import { epochMs, type TradingDay } from '../../domain/time.ts';
import { usCalendar } from '../../market/calendar.ts';
import { foretoldTrades, lastTurnAt, optionEnds } from '../../store/forecasts.ts';
import { dayFlag, strategyFlag } from '../flags.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';
import { calibrationReport, foretellersOf } from '../report/calibration.ts';
import { calibrationCsv, calibrationText } from '../report/calibration-print.ts';
import { registerDaily } from '../report/daily-command.ts';
import { registerExecution } from '../report/execution-command.ts';
import { endsOf } from '../report/outcome.ts';
import { registerPerformance } from '../report/performance-command.ts';
import { marketPrices } from '../report/prices.ts';
import { registerTax } from '../report/tax-command.ts';

interface CalibrationFlags {
  readonly strategy?: string;
  readonly since?: TradingDay;
  readonly market?: boolean;
  readonly mode?: string;
  readonly exchange?: string;
  readonly csv?: boolean;
}

async function calibration(flags: CalibrationFlags, globals: Globals): Promise<void> {
  const strategy = strategyFlag(flags.strategy);
  const calendar = usCalendar();
  const found = withLedger(globals, (reader) => ({
    trades: foretoldTrades(reader, {
      ...(strategy === undefined ? {} : { strategy }),
      ...(flags.since === undefined ? {} : { since: flags.since }),
    }),
    ends: endsOf(optionEnds(reader), calendar),
    asOf: lastTurnAt(reader) ?? epochMs(0),
  }));
  const market =
    flags.market === true
      ? await marketPrices(configOf(globals, { mode: flags.mode, exchange: flags.exchange }), found.trades.flatMap(foretellersOf), calendar)
      : null;
  const report = calibrationReport(found.trades, {
    calendar,
    ends: found.ends,
    prices: market?.prices ?? null,
    asOf: market?.now ?? found.asOf,
  });
  const source = market === null ? 'the ledger alone' : `${market.source}, and the ledger where it is silent`;
  if (globals.json === true) printJson({ outcomes: source, ...report });
  else if (flags.csv === true) print(calibrationCsv(report));
  else print(report.trades === 0 ? 'no closed trades' : calibrationText(report, source));
}

export function registerReport(root: Command): void {
  const report = root.command('report').description('what the ledger adds up to');
  registerDaily(report);
  registerPerformance(report);
  registerExecution(report);
  registerTax(report);
  report
    .command('calibration')
    .description('probabilities foretold at entry against what happened: buckets and Brier score (docs/calibration.md)')
    .option('--strategy <id>')
    .option('--since <date>', 'trades closed on this session day or later', dayFlag)
    .option('--market', "ask the mode's market for prices: without them only expiries in the ledger judge")
    .option('--mode <mode>', 'with --market: dry-run, paper or live, or sim with --exchange')
    .option('--exchange <url>', 'with --market: an exchange started by `wsb exchange`')
    .option('--csv', 'comma-separated, a line for each bucket')
    .action(async (flags: CalibrationFlags, command: Command) => calibration(flags, command.optsWithGlobals<Globals>()));
}
