// `wsb simulate`: the whole daemon on virtual time, seed by seed, with faults; exit 18 when an invariant broke.
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { SeedReport } from '../../lab/run-seed.ts';
import { fail } from '../exit.ts';
import type { Globals } from '../globals.ts';
import { print, printJson, warn } from '../output.ts';
import { seedsInProcess } from '../simulate/seed-process.ts';

interface SimulateFlags {
  readonly seed?: number;
  readonly seeds?: number;
  readonly firstSeed?: number;
  readonly days: number;
  readonly faults: string;
  readonly jobs?: number;
  readonly reports?: boolean;
}

const SEED_MAX = 4_294_967_295;
const SEEDS_MAX = 1_000_000;
const DAYS_MAX = 250;
const JOBS_MAX = 64;
/** Seeds a process runs before a fresh one takes over: long enough to be warm, short enough that none waits long for the last. */
const BATCH = 10;

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`write a whole number from ${least} to ${most}.`);
    return value;
  };

function lineOf(report: SeedReport, ms: number): string {
  const { seed, crashes, breaks, struck, turns, orders, filled, violations, digest } = report;
  const fills = Object.entries(filled)
    .map(([strategy, n]) => `${strategy} ${n}`)
    .join(', ');
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} violations`;
  return `seed ${seed}: ${verdict}; ${turns} turns, ${crashes} crashes, ${breaks} broken lines, ${struck} spoiled requests, ${orders} orders, filled: ${fills === '' ? 'none' : fills}; ${digest.slice(0, 12)}; ${(ms / 1000).toFixed(1)} s`;
}

/** How many seeds at once: what was asked for, else one a core; one where each line of a log would mix with another's. */
const jobsOf = (flags: SimulateFlags, globals: Globals, seeds: number): number =>
  globals.verbose === true ? 1 : Math.min(seeds, flags.jobs ?? availableParallelism());

async function simulate(flags: SimulateFlags, globals: Globals): Promise<void> {
  // Loaded here alone: no other command replaces the clock.
  const { reproOf, simulate: run, simulateSeeds } = await import('../../lab/simulate.ts');
  const { faultKinds, parseFaults } = await import('../../lab/swarm.ts');
  const faults =
    parseFaults(flags.faults) ??
    fail(2, `wsb: --faults ${flags.faults}: write all, none, or some of ${faultKinds.join(', ')} with commas between`);
  if (flags.seed !== undefined && (flags.seeds !== undefined || flags.firstSeed !== undefined))
    fail(2, 'wsb: --seed names one seed; --seeds and --first-seed go without it');
  const { days } = flags;
  const seeds = flags.seed === undefined ? (flags.seeds ?? 1) : 1;
  const jobs = jobsOf(flags, globals, seeds);
  const logTo = globals.verbose === true ? { write: (line: string) => void process.stderr.write(line) } : null;
  const program = [...process.execArgv, process.argv[1] ?? ''];
  const here = simulateSeeds({ days, faults, logTo });
  const took = new Map<number, number>();
  const { hrtime } = process;
  const runBatch: typeof here = async (batch, take) => {
    let began = hrtime.bigint();
    const timed = (report: SeedReport): void => {
      const now = hrtime.bigint();
      took.set(report.seed, Number(now - began) / 1e6);
      began = now;
      take(report);
    };
    await (jobs > 1 ? seedsInProcess(batch, { program, days, faults }, timed) : here(batch, timed));
  };
  const told = (report: SeedReport): void => {
    if (flags.reports === true) return print(JSON.stringify(report));
    if (globals.quiet !== true) warn(lineOf(report, took.get(report.seed) ?? 0));
    if (report.violations.length > 0) warn(reproOf(report, faults));
    for (const { rule, where, what } of report.violations) warn(`  ${rule} ${where}: ${what}`);
  };
  const firstSeed = flags.seed ?? flags.firstSeed ?? 1;
  const result = await run({ firstSeed, seeds, days, jobs, batch: BATCH, runBatch, told });
  if (result.violations.length > 0) process.exitCode = 18;
  if (flags.reports === true) return;
  if (globals.json === true) printJson(result);
  else print(`RESULT ${JSON.stringify(result)}`);
}

export function registerSimulate(root: Command): void {
  root
    .command('simulate')
    .description('whole-daemon deterministic runs on virtual time, with faults; exit 18 when an invariant broke')
    .option('--seed <n>', 'this seed alone', whole(0, SEED_MAX))
    .option('--seeds <n>', 'how many seeds', whole(1, SEEDS_MAX))
    .option('--first-seed <s>', 'where they begin; 1 when not given', whole(0, SEED_MAX))
    .option('--days <d>', 'sessions of each seed', whole(1, DAYS_MAX), 1)
    .option('--jobs <n>', 'processes at once, each with some of the seeds; one a core when not given', whole(1, JOBS_MAX))
    .option('--reports', 'one JSON document a seed on standard output, instead of the result')
    .option('--faults <set>', 'all, none, or some of crash, stream, latency, network with commas between', 'all')
    .action(async (flags: SimulateFlags, command: Command) => simulate(flags, command.optsWithGlobals<Globals>()));
}
