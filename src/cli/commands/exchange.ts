// `wsb exchange`: the embedded exchange alone, a paper broker for any Alpaca client on this machine.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type FeeScheduleName, feeSchedules } from '../../exchange/core/fee-rates.ts';
import { fillModelNames } from '../../exchange/core/fill-model.ts';
import { type RegimeOptions, regimeNames } from '../../exchange/synthetic/regime.ts';
import type { WantedSplit } from '../../exchange/synthetic/share-basis.ts';
import type { XKey } from '../../exchange/types.ts';
import { dataPlans } from '../../exchange/wire/data-plan.ts';
import { usCalendar } from '../../market/calendar.ts';
import { takeLock } from '../../store/lock.ts';
import { exchangeLog } from '../exchange-log.ts';
import { type FaultsChoice, type FillsChoice, faultsFlag, faultsOf, fillsFlag, regimeFlag, splitFlag } from '../exchange-settings.ts';
import { fail } from '../exit.ts';
import { type Beginning, beginningFlag, numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { defaultKey, hostExchange } from '../host-exchange.ts';
import { print, warn } from '../output.ts';
import { type TlsFiles, tlsFiles } from '../tls-files.ts';
import { readAssume } from './run.ts';

interface ExchangeFlags {
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly tape?: string;
  readonly tapeQuotes: 'held' | 'aged';
  readonly assume?: string;
  readonly from?: Beginning;
  readonly cash: number;
  readonly key?: readonly string[];
  readonly tlsPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly dataPlan: keyof typeof dataPlans;
  readonly textFrames?: true;
  readonly fills?: readonly FillsChoice[];
  readonly faults?: FaultsChoice;
  readonly regime?: RegimeOptions;
  readonly split?: readonly WantedSplit[];
  readonly fees: FeeScheduleName;
}

/** Above this a tick would be half a day: what happens in between could no longer be followed. */
const FASTEST = 1_000_000;

/** Refuses what no exchange can be opened with, before anything is. */
function checkFlags({ port, speed, seed, cash, tape, regime, from, split }: ExchangeFlags): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(2, `wsb: --port ${String(port)}: a whole number from 0 to 65535`);
  if (!(speed > 0) || speed > FASTEST) fail(2, `wsb: --speed ${String(speed)}: above 0, and at most ${String(FASTEST)}`);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) fail(2, `wsb: --seed ${String(seed)}: a whole number from 0 to 4294967295`);
  if (!(cash > 0) || cash > 1_000_000_000) fail(2, `wsb: --cash ${String(cash)}: above 0, and at most 1000000000`);
  if (tape !== undefined && regime !== undefined) fail(2, 'wsb: --regime is of the synthetic market: leave it or --tape out');
  if (tape !== undefined && split !== undefined) fail(2, 'wsb: --split is of the synthetic market: leave it or --tape out');
  if (regime !== undefined && from !== undefined)
    fail(2, `wsb: --regime brings its day: write --regime ${regime.name}@${from.day} and leave --from out`);
}

/** Without a port there is no TLS. */
async function tlsOf(flags: ExchangeFlags, dir: string): Promise<(TlsFiles & { readonly port: number }) | null> {
  const { tlsPort, tlsCert, tlsKey } = flags;
  if (tlsPort !== undefined) return { ...(await tlsFiles(dir, tlsCert, tlsKey, Date.now())), port: tlsPort };
  if (tlsCert !== undefined || tlsKey !== undefined) return fail(2, 'wsb: --tls-cert and --tls-key need --tls-port as well');
  return null;
}

/** `ID:SECRET[:account]`. */
function keyOf(text: string): XKey {
  const [id, secret, account, ...rest] = text.split(':');
  if (id === undefined || id === '' || secret === undefined || secret === '' || rest.length > 0)
    return fail(2, `wsb: --key ${text}: write ID:SECRET or ID:SECRET:account`);
  return { id, secret, account: account ?? id };
}

async function exchange(flags: ExchangeFlags, globals: Globals): Promise<void> {
  checkFlags(flags);
  const keys = flags.key === undefined ? [defaultKey] : flags.key.map(keyOf);
  const fills: readonly FillsChoice[] = [{ account: null, model: 'exact' }, ...(flags.fills ?? [])];
  const stranger = fills.find(({ account }) => account !== null && !keys.some((key) => key.account === account));
  if (stranger !== undefined) fail(2, `wsb: --fills ${stranger.account ?? ''}=${stranger.model}: no --key opens that account`);
  const faults = faultsOf(flags.faults ?? null, fills, flags.seed, keys);
  process.umask(0o077);
  const dir = resolve(globals.stateDir ?? 'var/exchange');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dir, 'exchange.lock'));
  if (!lock.ok)
    fail(
      21,
      `wsb: the exchange in ${dir} is already running${lock.holder === null ? '' : ` as process ${lock.holder.pid}`}. Give another --state-dir to run a second one.`,
    );
  const tls = await tlsOf(flags, dir);
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
    lends: true,
    dataPlan: dataPlans[flags.dataPlan],
    tradeFrames: flags.textFrames === true ? 'text' : 'binary',
    ...(tls === null ? {} : { tls }),
    fills,
    fees: flags.fees,
    ...(flags.regime === undefined ? {} : { regime: flags.regime }),
    ...(flags.split === undefined ? {} : { splits: flags.split }),
    ...(faults === null ? {} : { faults }),
    ...(globals.quiet === true ? {} : { log: exchangeLog(globals.json === true ? 'json' : 'text', print) }),
    onFault: (error, where) =>
      warn(`wsb: exchange fault in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const started = {
    event: 'exchange.started',
    url: hosted.server.url,
    ...(tls === null ? {} : { tls: hosted.server.tlsUrl, certificate: tls.certFile }),
    market: hosted.market.id,
    time: new Date(hosted.clock.now()).toISOString(),
    speed: hosted.clock.speed,
    fills: fills.slice(flags.fills === undefined ? 0 : 1).map(({ account, model }) => (account === null ? model : `${account}=${model}`)),
    keys: keys.map((k) => `${k.id}:***:${k.account}`),
  };
  print(
    globals.json === true || !process.stdout.isTTY
      ? JSON.stringify(started)
      : `exchange ${started.market} on ${started.url} at ${started.time}, speed ${started.speed}; trade on it with: wsb run --exchange ${started.url}` +
          (tls === null ? '' : `\nTLS on ${hosted.server.tlsUrl ?? ''}, its certificate in ${tls.certFile}`),
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
    .option('--from <date>', 'the day to begin on, YYYY-MM-DD, or with a time THH:MM, New York', beginningFlag)
    .option(
      '--key <id:secret[:account]>',
      'a key pair and its account; may be repeated (default sim:sim)',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option('--tls-port <n>', 'a second port for clients that speak TLS only, with a certificate of its own', numeric)
    .option('--tls-cert <file>', 'another certificate, PEM')
    .option('--tls-key <file>', 'and its key, PEM')
    .addOption(new Option('--data-plan <name>', 'which streams, and how many symbols').choices(Object.keys(dataPlans)).default('open'))
    .option(
      '--fills <model>',
      `how orders fill: ${fillModelNames.join(', ')}; ACCOUNT=MODEL for one account, may be repeated (default exact)`,
      fillsFlag,
    )
    .option('--faults <file|seed:N>', 'what is to go wrong: a fault plan as JSON, or one made from a seed', faultsFlag)
    .option('--regime <name[:size][@day]>', `kind of synthetic market: ${regimeNames.join(', ')}`, regimeFlag)
    .option(
      '--split <symbol:new-for-old@day>',
      'a split of the synthetic market, such as BAC:2-for-1@2026-12-01; may be repeated',
      splitFlag,
    )
    .addOption(new Option('--fees <name>', 'what is charged beside the price').choices(Object.keys(feeSchedules)).default('none'))
    .option('--text-frames', 'trade updates in text frames, as a live broker sends them')
    .action(async (flags: ExchangeFlags, command: Command) => exchange(flags, command.optsWithGlobals<Globals>()));
}
