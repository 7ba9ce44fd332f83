// `wsb run`: the daemon in the foreground.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type EpochMs, epochMs } from '../../domain/time.ts';
import { type AssumeFile, parseAssume } from '../../exchange/tape/assume.ts';
import { usCalendar } from '../../market/calendar.ts';
import { strategies } from '../../strategies/registry.ts';
import { fail } from '../exit.ts';
import { configOf, type Globals } from '../globals.ts';
import { runDaemon } from '../run-daemon.ts';

interface RunFlags {
  readonly mode?: string;
  readonly tape?: string;
  readonly tapeQuotes: 'held' | 'aged';
  readonly assume?: string;
  readonly from?: string;
  readonly speed?: number;
  readonly seed?: number;
  readonly until?: string;
  readonly strategies?: string;
  readonly exchange?: string;
}

export const numeric = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('not a number.');
  return value;
};

/** `YYYY-MM-DDTHH:MM` or `HH:MM`, New York time; of the next such moment when only a time is given. */
export function parseUntil(text: string, now: number): EpochMs {
  const calendar = usCalendar();
  const match = /^(?:(\d{4}-\d{2}-\d{2})T)?(\d{1,2}):(\d{2})$/.exec(text);
  if (match === null) return fail(2, `wsb: --until ${text}: write HH:MM or YYYY-MM-DDTHH:MM in New York time`);
  const day = (match[1] ?? calendar.dayOf(epochMs(now))) as ReturnType<typeof calendar.dayOf>;
  return calendar.instant(day, Number(match[2]), Number(match[3]));
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
  const until = flags.until === undefined ? null : parseUntil(flags.until, Date.now());
  process.exitCode = await runDaemon({ config, tape, from: flags.from ?? null, until, only: only(flags.strategies) });
}

export function registerRun(root: Command): void {
  root
    .command('run')
    .description('the daemon, in the foreground; SIGTERM or Ctrl-C flattens and stops')
    .option('--mode <mode>', 'sim (default), dry-run, paper or live')
    .option('--tape <dir>', 'sim on recorded markets in the documented folder format')
    .option('--tape-quotes <how>', 'held: a recorded quote stands until the next; aged: it keeps its recorded time', 'held')
    .option('--assume <file>', 'supplies what the tape lacks; every assumed value is stamped')
    .option('--from <date>', 'the day to begin on, YYYY-MM-DD')
    .option('--speed <x>', 'exchange seconds a second, sim only', numeric)
    .option('--seed <n>', 'of the synthetic market', numeric)
    .option('--until <time>', 'stop then, as on SIGTERM: HH:MM or YYYY-MM-DDTHH:MM, New York')
    .option('--strategies <ids>', 'only these may open positions, e.g. wheel,base')
    .option('--exchange <url>', 'an exchange started by `wsb exchange`, on loopback')
    .action(async (flags: RunFlags, command: Command) => run(flags, command.optsWithGlobals<Globals>()));
}
