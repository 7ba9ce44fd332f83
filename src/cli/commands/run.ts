// `wsb run`: the daemon in the foreground.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type AssumeFile, parseAssume } from '../../exchange/tape/assume.ts';
import { strategies } from '../../strategies/registry.ts';
import { fail } from '../exit.ts';
import { type Beginning, beginningFlag, numeric, type Until, untilFlag } from '../flags.ts';
import { configOf, type Globals } from '../globals.ts';
import { runDaemon } from '../run-daemon.ts';

interface RunFlags {
  readonly mode?: string;
  readonly tape?: string;
  readonly tapeQuotes: 'held' | 'aged';
  readonly assume?: string;
  readonly from?: Beginning;
  readonly speed?: number;
  readonly seed?: number;
  readonly until?: Until;
  readonly strategies?: string;
  readonly exchange?: string;
}

export function readAssume(path: string | undefined): AssumeFile | null {
  if (path === undefined) return null;
  try {
    return parseAssume(readFileSync(path, 'utf8'), path);
  } catch (error) {
    return fail(20, `wsb: --assume: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function only(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const wanted = text
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== '');
  const ids = strategies.map((s) => s.id as string);
  const odd = wanted.filter((w) => !ids.includes(w));
  return odd.length > 0 ? fail(2, `wsb: --strategies: no such strategy: ${odd.join(', ')}; there are ${ids.join(', ')}`) : wanted;
}

async function run(flags: RunFlags, globals: Globals): Promise<void> {
  const overrides: Record<string, Record<string, unknown>> = {};
  if (flags.speed !== undefined || flags.seed !== undefined) {
    overrides['run'] = {
      ...(flags.speed === undefined ? {} : { speed: flags.speed }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    };
  }
  if (globals.verbose === true) overrides['log'] = { level: 'debug' };
  const config = configOf(globals, { mode: flags.mode, tape: flags.tape, exchange: flags.exchange, overrides: overrides });
  if (flags.tape !== undefined && (config.run.mode !== 'sim' || config.exchange !== null))
    fail(2, 'wsb: --tape plays on the embedded exchange: it goes with sim, and not with --exchange');
  const tape = flags.tape === undefined ? null : { dir: resolve(flags.tape), quotes: flags.tapeQuotes, assume: readAssume(flags.assume) };
  if (tape === null && flags.assume !== undefined) fail(2, 'wsb: --assume supplies what a tape lacks: it goes with --tape');
  process.exitCode = await runDaemon({ config, tape, from: flags.from ?? null, until: flags.until ?? null, only: only(flags.strategies) });
}

export function registerRun(root: Command): void {
  root
    .command('run')
    .description('the daemon, in the foreground; SIGTERM or Ctrl-C flattens and stops')
    .option('--mode <mode>', 'sim (default), dry-run, paper or live')
    .option('--tape <dir>', 'sim on recorded markets in the documented folder format')
    .option('--tape-quotes <how>', 'held: a recorded quote stands until the next; aged: it keeps its recorded time', 'held')
    .option('--assume <file>', 'supplies what the tape lacks; every assumed value is stamped')
    .option('--from <date>', 'the day to begin on, YYYY-MM-DD, or with a time THH:MM, New York', beginningFlag)
    .option('--speed <x>', 'exchange seconds a second, sim only', numeric)
    .option('--seed <n>', 'of the synthetic market', numeric)
    .option('--until <time>', 'stop then, as on SIGTERM: HH:MM or YYYY-MM-DDTHH:MM, New York', untilFlag)
    .option('--strategies <ids>', 'only these may open positions, e.g. wheel,base')
    .option('--exchange <url>', 'an exchange started by `wsb exchange`, on loopback')
    .action(async (flags: RunFlags, command: Command) => run(flags, command.optsWithGlobals<Globals>()));
}
