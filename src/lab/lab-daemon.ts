// One daemon process of a simulated run: the whole boot of `wsb run` over memory transports, in a life that can be ended at any point.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAlpaca } from '../alpaca/create-alpaca.ts';
import type { Rng } from '../base/rng.ts';
import type { Config } from '../config/load.ts';
import { createDaemon, type Daemon, type Stopped } from '../daemon/daemon.ts';
import { createLog, type LogOptions } from '../daemon/log.ts';
import type { AccountFacts } from '../domain/account.ts';
import { addDays, epochMs } from '../domain/time.ts';
import type { Turn } from '../domain/turn.ts';
import { type CarriedExchange, type MemoryOptions, type MemoryTransport, memoryTransport } from '../exchange/wire/memory.ts';
import { type Calendar, diffCalendars, usCalendar } from '../market/calendar.ts';
import { parseEarnings } from '../market/earnings.ts';
import type { EarningsReport } from '../market/quote.ts';
import { exchangeClock, type FollowedClock } from '../net/exchange-clock.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Store } from '../ports/store.ts';
import type { FetchApi } from '../ports/transport.ts';
import { takeLock } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import { labKey } from './lab-exchange.ts';
import { virtualClock } from './virtual-clock.ts';
import type { Life } from './virtual-globals.ts';

export interface LabDaemonOptions {
  readonly life: Life;
  readonly dir: string;
  readonly config: Config;
  readonly exchange: CarriedExchange;
  readonly wire: MemoryOptions;
  /** Sees every request in the step in which it leaves. */
  readonly leaving: (url: string, init: RequestInit | undefined) => void;
  readonly rng: Rng;
  readonly logTo: LogOptions['destination'] | null;
  /** Before a turn is on disk; a throw keeps it from getting there. */
  readonly committing: (turn: Turn) => void;
  /** After a turn is on disk, before anything acts on it. */
  readonly committed: (turn: Turn) => void;
  /** Every turn, those included that leave nothing to commit. */
  readonly turned: (turn: Turn) => void;
  readonly ended: (how: Stopped) => void;
}

export interface LabDaemon {
  readonly life: Life;
  readonly transport: MemoryTransport;
  /** null until it has booted. */
  readonly daemon: Daemon | null;
  /** The process is gone: timers, sockets, files; what was committed stays. */
  kill(): void;
}

interface Parts {
  readonly options: LabDaemonOptions;
  readonly transport: MemoryTransport;
  readonly clock: FollowedClock;
  readonly broker: Broker;
  readonly data: MarketData;
  readonly store: Store;
  readonly log: ReturnType<typeof createLog>;
}

const HTTP = 'http://exchange.lab';
const WS = 'ws://exchange.lab';
const READY_MS = 10_000;
const ASK_AGAIN_MS = 500;
const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));
export const ledgerFileOf = (dir: string): string => join(dir, 'ledger.sqlite');

/** Lock and ledger, as a start takes them: both must be free again the moment the last process died. */
function openFiles(dir: string): { readonly store: Store; readonly release: () => void } {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dir, 'state.lock'));
  if (!lock.ok) throw new Error('the lock of a dead process is still held');
  const opened = openStore({ file: ledgerFileOf(dir), migrationsDir, now: () => Date.now() });
  if (!opened.ok) throw new Error(`${opened.fault.message} ${opened.fault.fix}`);
  const { store } = opened;
  return {
    store,
    release: () => {
      store.close();
      lock.release();
    },
  };
}

const watched = (store: Store, { committing, committed }: LabDaemonOptions): Store => ({
  ...store,
  commit: (turn) => {
    committing(turn);
    store.commit(turn);
    committed(turn);
  },
});

function assemble(options: LabDaemonOptions, transport: MemoryTransport, store: Store): Parts {
  const { life, config, rng } = options;
  const box: { clock: Clock } = { clock: virtualClock(life) };
  const log = createLog({
    level: options.logTo === null ? 'silent' : 'debug', runId: life.name, mode: 'sim', destination: options.logTo ?? { write: () => undefined },
    clock: { now: () => box.clock.now(), after: (ms, ring) => box.clock.after(ms, ring), wallUntil: (at) => box.clock.wallUntil(at) },
  });
  const keys = { id: labKey.id, secret: labKey.secret };
  const fetchApi: FetchApi = (url, init) => {
    options.leaving(url, init);
    return transport.fetchApi(url, init);
  };
  const clock = exchangeClock({
    url: `${WS}/sim/v1/clock`, keys, socketFactory: transport.socketFactory, fallback: box.clock,
    heard: (what) => log.info({ event: 'lost' in what ? 'clock.lost' : 'clock.announced', ...what }, 'clock'),
  });
  box.clock = clock;
  const { broker, data } = createAlpaca({
    trading: { basePath: HTTP }, data: { basePath: HTTP }, streamUrl: `${WS}/stream`, stockStreamUrl: `${WS}/v2/iex`, keys,
    transport: { fetchApi, socketFactory: transport.socketFactory }, clock, feed: 'iex', optionFeed: config.broker.optionFeed,
    random: rng.fork('alpaca').float, log: (event, fields) => log.info({ event, ...fields }, 'alpaca'),
  });
  return { options, transport, clock, broker, data, store: watched(store, options), log };
}

async function accountOf({ broker, options }: Parts): Promise<AccountFacts> {
  for (;;) {
    const answer = await broker.account();
    if (answer.ok) return answer.value;
    await new Promise<void>((resolve) => {
      options.life.after(ASK_AGAIN_MS, resolve);
    });
  }
}

/** Our rules, corrected by the broker's list where that could be read. */
async function calendarOf({ broker, clock }: Parts): Promise<Calendar> {
  const ours = usCalendar();
  const today = ours.dayOf(clock.now().exchange);
  const [from, to] = [addDays(today, -40), addDays(today, 120)];
  const answer = await broker.sessions(from, to);
  if (!answer.ok) return ours;
  const differences = diffCalendars(ours, answer.value, from, to);
  return differences.length === 0 ? ours : usCalendar({ exceptions: differences.map((d) => d.exception) });
}

/** Without report dates the strategies abstain: an exchange that does not answer leaves them unknown. */
async function earningsOf({ transport }: Parts): Promise<readonly EarningsReport[]> {
  const path = '/sim/v1/earnings';
  try {
    const answer = await transport.fetchApi(`${HTTP}${path}`, { headers: { 'APCA-API-KEY-ID': labKey.id, 'APCA-API-SECRET-KEY': labKey.secret } });
    const parsed = parseEarnings(await answer.text(), path);
    return answer.ok && parsed.ok ? parsed.reports : [];
  } catch {
    return [];
  }
}

async function boot(parts: Parts): Promise<Daemon> {
  const { options, clock, broker, data, store, log } = parts;
  const { config } = options;
  const account = await accountOf(parts);
  await clock.ready(READY_MS);
  const stamp = store.stamp('sim', account.number);
  if (!stamp.ok) throw new Error(`the ledger belongs to ${stamp.mode} account ${stamp.account}`);
  const calendar = await calendarOf(parts);
  const earnings = await earningsOf(parts);
  const run = store.beginRun({
    startedAt: epochMs(Date.now()), mode: 'sim', gitSha: 'lab', configHash: config.effective.hash, seed: config.run.seed, version: 'lab', node: process.version,
  });
  return createDaemon({
    clock, broker, data, store, calendar, limits: config.risk, account: account.number, ...run, strategies: config.strategies,
    today: calendar.currentOrNext(clock.now().exchange).day, rate: config.data.riskFreeRate, dividendYields: config.data.dividendYields, earnings,
    assumed: new Map(), heartbeatMs: config.schedule.heartbeatMs, reconcileEveryMs: config.schedule.reconcileEveryMs, dryRun: false, log,
    observers: [options.turned],
  });
}

/** Starts a process; it boots as virtual time passes. A boot that fails ends it with 70. */
export function startLabDaemon(options: LabDaemonOptions): LabDaemon {
  const { life } = options;
  const transport = memoryTransport(options.exchange, { after: (ms, ring) => life.after(ms, ring) }, options.wire);
  const { store, release } = openFiles(options.dir);
  const box: { daemon: Daemon | null } = { daemon: null };
  const run = async (): Promise<void> => {
    const parts = assemble(options, transport, store);
    const daemon = await boot(parts);
    box.daemon = daemon;
    daemon.start();
    const stopped = await daemon.stopped;
    if (life.ended) return;
    await parts.data.close();
    await parts.broker.close();
    parts.clock.close();
    store.endRun(stopped.exitCode, stopped.error === null, stopped.error === null ? 'stopped' : String(stopped.error));
    end();
    options.ended(stopped);
  };
  const end = (): void => {
    life.end();
    transport.close();
    release();
  };
  life.after(0, () => {
    run().catch((error: unknown) => {
      if (life.ended) return;
      end();
      options.ended({ exitCode: 70, remainder: [], error });
    });
  });
  return {
    life,
    transport,
    get daemon() {
      return box.daemon;
    },
    kill: () => {
      if (life.ended) return;
      end();
      box.daemon?.abandon();
    },
  };
}
