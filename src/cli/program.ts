// The program: its verbs, its global options, and how an end becomes an exit code.
import { Command, CommanderError } from 'commander';
import { registerAudit } from './commands/audit.ts';
import { registerBroker } from './commands/broker.ts';
import { registerConfig } from './commands/config.ts';
import { registerDb } from './commands/db.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExchange } from './commands/exchange.ts';
import { registerHalts } from './commands/halts.ts';
import { registerLedger } from './commands/ledger.ts';
import { registerOption } from './commands/option.ts';
import { registerPrice } from './commands/price.ts';
import { registerReport } from './commands/report.ts';
import { registerRisk } from './commands/risk.ts';
import { registerRun } from './commands/run.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStatus } from './commands/status.ts';
import { registerStrategies } from './commands/strategies.ts';
import { registerStrategy } from './commands/strategy.ts';
import { registerToken } from './commands/token.ts';
import { registerWayOut } from './commands/way-out.ts';
import { registerWhy } from './commands/why.ts';
import { Exit } from './exit.ts';
import { warn } from './output.ts';
import { version } from './version.ts';

function program(): Command {
  const root = new Command('wsb');
  root
    .description('A headless trading daemon for US equities and options on Alpaca.')
    .version(`wsb ${version.version}`, '-V, --version')
    .option('--config <path>', 'a TOML file over the shipped ones; may be repeated', (path: string, before: string[] = []) => [
      ...before,
      path,
    ])
    .option('--state-dir <path>', 'where ledger, lock and backups stand')
    .option('--json', 'print one JSON document')
    .option('-q, --quiet', 'no warnings')
    .option('-v, --verbose', 'log every turn and decision')
    .option('--no-color', 'no colours')
    .exitOverride()
    .showHelpAfterError('(wsb --help lists the commands)');
  for (const register of [
    registerRun,
    registerDoctor,
    registerStatus,
    registerStrategies,
    registerWhy,
    registerHalts,
    registerRisk,
    registerStrategy,
    registerWayOut,
    registerToken,
    registerAudit,
    registerLedger,
    registerReport,
    registerDb,
    registerConfig,
    registerBroker,
    registerExchange,
    registerSimulate,
    registerPrice,
    registerOption,
  ])
    register(root);
  return root;
}

/** Parses the command line, runs the verb, and returns the exit code. */
export async function main(): Promise<number> {
  // A reader that closes early (`wsb orders | head`) is no fault of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  try {
    await program().parseAsync(process.argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof Exit) {
      if (error.message !== '') warn(error.message);
      return error.code;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    warn(`wsb: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}
