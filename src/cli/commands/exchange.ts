// `wsb exchange`: the embedded exchange alone, a paper broker for any Alpaca client on this machine.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { XKey } from '../../exchange/types.ts';
import { usCalendar } from '../../market/calendar.ts';
import { takeLock } from '../../store/lock.ts';
import { fail } from '../exit.ts';
import { dayFlag, numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { defaultKey, hostExchange } from '../host-exchange.ts';
import { print, warn } from '../output.ts';
import { readAssume } from './run.ts';

interface ExchangeFlags {
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly tape?: string;
  readonly tapeQuotes: 'held' | 'aged';
  readonly assume?: string;
  readonly from?: string;
  readonly cash: number;
  readonly key?: readonly string[];
}

/** `ID:SECRET[:account]`. */
function keyOf(text: string): XKey {
  const [id, secret, account, ...rest] = text.split(':');
  if (id === undefined || id === '' || secret === undefined || secret === '' || rest.length > 0)
    return fail(2, `wsb: --key ${text}: write ID:SECRET or ID:SECRET:account`);
  return { id, secret, account: account ?? id };
}

async function exchange(flags: ExchangeFlags, globals: Globals): Promise<void> {
  process.umask(0o077);
  const dir = resolve(globals.stateDir ?? 'var/exchange');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dir, 'exchange.lock'));
  if (!lock.ok)
    fail(
      21,
      `wsb: the exchange in ${dir} is already running${lock.holder === null ? '' : ` as process ${lock.holder.pid}`}. Give another --state-dir to run a second one.`,
    );
  const keys = flags.key === undefined ? [defaultKey] : flags.key.map(keyOf);
  const hosted = await hostExchange({
    dir,
    calendar: usCalendar(),
    seed: flags.seed,
    speed: flags.speed,
    port: flags.port,
    keys,
    from: flags.from ?? null,
    tape: flags.tape === undefined ? null : { dir: resolve(flags.tape), quotes: flags.tapeQuotes, assume: readAssume(flags.assume) },
    startingCash: Math.round(flags.cash * 1_000_000),
    onFault: (error, where) =>
      warn(`wsb: exchange fault in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const started = {
    event: 'exchange.started',
    url: hosted.server.url,
    market: hosted.market.id,
    time: new Date(hosted.clock.now()).toISOString(),
    speed: hosted.clock.speed,
    keys: keys.map((k) => `${k.id}:***:${k.account}`),
  };
  print(
    globals.json === true || !process.stdout.isTTY
      ? JSON.stringify(started)
      : `exchange ${started.market} on ${started.url} at ${started.time}, speed ${started.speed}; trade on it with: wsb run --exchange ${started.url}`,
  );
  await new Promise<void>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done());
  });
  await hosted.close();
  lock.release();
}

export function registerExchange(root: Command): void {
  root
    .command('exchange')
    .description('the embedded exchange alone, for any Alpaca client on this machine')
    .option('--port <n>', '0 takes a free one', numeric, 7001)
    .option('--speed <x>', 'exchange seconds a second', numeric, 60)
    .option('--seed <n>', 'of the synthetic market', numeric, 1)
    .option('--tape <dir>', 'recorded markets in the documented folder format')
    .option('--tape-quotes <how>', 'held or aged', 'held')
    .option('--assume <file>', 'supplies what the tape lacks')
    .option('--cash <usd>', 'of an account that is opened now', numeric, 100_000)
    .option('--from <date>', 'the day to begin on, YYYY-MM-DD', dayFlag)
    .option(
      '--key <id:secret[:account]>',
      'a key pair and its account; may be repeated (default sim:sim)',
      (text: string, before: string[] = []) => [...before, text],
    )
    .action(async (flags: ExchangeFlags, command: Command) => exchange(flags, command.optsWithGlobals<Globals>()));
}
