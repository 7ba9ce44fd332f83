// `wsb strategies`: how each strategy stands in the ledger; with --verify, what each needs, what of it is there, and what it says now.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { StrategyConfig } from '../../config/load.ts';
import type { Switch } from '../../domain/control.ts';
import { strategyId } from '../../domain/ids.ts';
import { readSwitches } from '../../store/control-records.ts';
import { readStanding, type Standing } from '../../store/standing.ts';
import { strategies, strategyById } from '../../strategies/registry.ts';
import { fail } from '../exit.ts';
import { type Beginning, beginningFlag } from '../flags.ts';
import { configOf, type Globals } from '../globals.ts';
import { csv, money, print, printJson, table, warn } from '../output.ts';
import { withLedger } from '../reader.ts';
import { configuredStrategies, mayOpen } from '../strategies/configured.ts';
import { verifiedDocument, verifiedText } from '../strategies/print.ts';
import { exitCodeOf, type StrategyReport } from '../strategies/verdict.ts';
import { verifyStrategies } from '../strategies/verify.ts';
import { readAssume } from './run.ts';

interface StrategiesFlags {
  readonly verify?: boolean;
  readonly strategy?: string;
  readonly mode?: string;
  readonly exchange?: string;
  readonly tape?: string;
  readonly tapeQuotes: 'held' | 'aged';
  readonly assume?: string;
  readonly from?: Beginning;
  readonly csv?: boolean;
}

const HEAD = ['id', 'title', 'enabled', 'version', 'level', 'open', 'decisions', 'orders', 'closed', 'realized', 'last', 'at'] as const;

function row({ strategy, ...configured }: StrategyConfig, standing: Standing, switches: readonly Switch[]) {
  const { id, title, version, optionsLevel } = strategy;
  const switched = switches.find((s) => s.strategy === id);
  const enabled = switched?.on !== false && mayOpen({ strategy, ...configured, enabled: switched?.on ?? configured.enabled });
  return { id, title, enabled, version, optionsLevel, ...standing };
}

function list(flags: StrategiesFlags, globals: Globals): void {
  const config = configOf(globals, { mode: flags.mode });
  const chosen = config.strategies.filter(({ strategy }) => flags.strategy === undefined || strategy.id === flags.strategy);
  withLedger(globals, (reader) => {
    const switches = readSwitches(reader.db);
    const found = chosen.map((configured) => row(configured, readStanding(reader, configured.strategy.id), switches));
    if (globals.json === true) return printJson(found);
    const rows = found.map((s) => [
      s.id,
      s.title,
      s.enabled ? 'yes' : 'no',
      s.version,
      s.optionsLevel,
      s.openTrades,
      s.decisionsToday,
      s.ordersToday,
      s.closedTrades,
      money(s.realized),
      s.last === null ? null : `${s.last.subject} ${s.last.kind} ${s.last.code}`,
      s.last === null ? null : new Date(s.last.at).toISOString(),
    ]);
    print(flags.csv === true ? csv(HEAD, rows) : table(HEAD, rows));
  });
}

/** A strategy whose section cannot be read: nothing of it is run. */
function invalidReport(id: string, problems: readonly string[]): readonly StrategyReport[] {
  const strategy = strategyById(strategyId(id));
  if (strategy === undefined) return [];
  const { title, version, optionsLevel } = strategy;
  return [{ id: strategy.id, title, version, optionsLevel, enabled: null, state: 'invalid', problems, needs: [], evaluations: [] }];
}

async function verify(flags: StrategiesFlags, globals: Globals): Promise<void> {
  const { mode, exchange, tape } = flags;
  const wish = { env: process.env, cwd: process.cwd(), paths: globals.config, stateDir: globals.stateDir, mode, exchange, tape };
  const configured = configuredStrategies(wish);
  if (!configured.ok) return fail(configured.exitCode, 'wsb: the configuration:', ...configured.problems.map((p) => `  - ${p}`));
  if (globals.quiet !== true) for (const line of configured.warnings) warn(`wsb: warning: ${line}`);
  const { invalid } = configured;
  const wanted = (id: string): boolean => flags.strategy === undefined || flags.strategy === id;
  for (const [id, problems] of invalid) if (!wanted(id)) for (const problem of problems) warn(`wsb: another strategy: ${problem}`);
  const config = { ...configured.config, strategies: configured.config.strategies.filter(({ strategy }) => wanted(strategy.id)) };
  if (tape !== undefined && (config.run.mode !== 'sim' || config.exchange !== null))
    fail(2, 'wsb: --tape plays on the embedded exchange: it goes with sim, and not with --exchange');
  if (tape === undefined && flags.assume !== undefined) fail(2, 'wsb: --assume supplies what a tape lacks: it goes with --tape');
  const recorded = tape === undefined ? null : { dir: resolve(tape), quotes: flags.tapeQuotes, assume: readAssume(flags.assume) };
  const verified = await verifyStrategies({ config, tape: recorded, from: flags.from ?? null });
  const all = strategies.flatMap(({ id }) => [
    ...verified.strategies.filter((report) => report.id === id),
    ...(wanted(id) ? invalidReport(id, invalid.get(id) ?? []) : []).filter(({ problems }) => problems.length > 0),
  ]);
  const whole = { ...verified, strategies: all };
  if (globals.json === true) printJson(verifiedDocument(whole));
  else print(verifiedText(whole, globals.verbose === true));
  process.exitCode = exitCodeOf(all);
}

export function registerStrategies(root: Command): void {
  root
    .command('strategies')
    .description('the strategies as the ledger knows them; --verify rehearses each (exit 1 failed or lacks data, 20 configuration)')
    .option('--verify', 'configuration, data and options level of each, and one dry evaluation: no order is sent')
    .option('--strategy <id>', 'only this one')
    .option('--csv', 'comma-separated')
    .option('--mode <mode>', 'sim (default), dry-run, paper or live')
    .option('--exchange <url>', 'with --verify: an exchange started by `wsb exchange`')
    .option('--tape <dir>', 'with --verify: recorded markets in the documented folder format')
    .option('--tape-quotes <how>', 'held or aged, as for run', 'held')
    .option('--assume <file>', 'supplies what the tape lacks')
    .option('--from <date>', 'with sim: the day to begin on, YYYY-MM-DD, or with a time THH:MM, New York', beginningFlag)
    .action(async (flags: StrategiesFlags, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      if (flags.strategy !== undefined && strategyById(strategyId(flags.strategy)) === undefined)
        fail(2, `wsb: --strategy: no such strategy: ${flags.strategy}; there are ${strategies.map((s) => s.id).join(', ')}`);
      if (flags.verify === true) await verify(flags, globals);
      else list(flags, globals);
    });
}
