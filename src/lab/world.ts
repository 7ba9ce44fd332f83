// A world: one exchange, one ledger file, and the daemon processes that follow one another on them, all on virtual time.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure } from '../base/assert.ts';
import { seededRng } from '../base/rng.ts';
import { type Config, loadConfig } from '../config/load.ts';
import type { Stopped } from '../daemon/daemon.ts';
import type { LogOptions } from '../daemon/log.ts';
import type { Beliefs } from '../engine/contract.ts';
import { epochMs } from '../domain/time.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { REFERENCE_DAY } from '../exchange/synthetic/session-index.ts';
import type { CarriedExchange } from '../exchange/wire/memory.ts';
import { type Calendar, usCalendar } from '../market/calendar.ts';
import { type BrokerFacts, brokerFacts } from './broker-facts.ts';
import { type Chaos, createChaos } from './chaos.ts';
import type { Violation } from './checkers.ts';
import { createDigest, type Digest } from './digest.ts';
import { labExchange, labKey } from './lab-exchange.ts';
import { type LabDaemon, ledgerFileOf, startLabDaemon } from './lab-daemon.ts';
import { type LedgerFacts, type LedgerReader, readLedger } from './ledger-facts.ts';
import type { SwarmOptions } from './swarm.ts';
import { isOrderPost, orderOfBody, type Sent } from './tap.ts';
import { type Life, type VirtualGlobals, virtualGlobals } from './virtual-globals.ts';

export interface WorldOptions {
  readonly swarm: SwarmOptions;
  /** Where the daemons' log lines go; nowhere when null. */
  readonly logTo?: LogOptions['destination'] | null;
}

export interface World {
  readonly exchange: Exchange;
  readonly calendar: Calendar;
  readonly digest: Digest;
  /** POSTs of orders so far, of all processes. */
  readonly sent: readonly Sent[];
  /** What went wrong on the way, apart from what the checkers find. */
  readonly faults: readonly Violation[];
  readonly counts: { readonly processes: number; readonly crashes: number; readonly breaks: number; readonly turns: number };
  /** Beliefs of the live process; null while it is down or still booting. */
  beliefs(): Beliefs | null;
  /** Starts a daemon process on the ledger there is. */
  boot(): void;
  /** Ends the process as kill -9 would; starts the next one after `downMs` of wall time when given. */
  crash(downMs?: number): void;
  dropStreams(fits?: (url: string) => boolean): void;
  /** Breaks every connection, requests under way included. */
  cut(): void;
  /** Sets the seed's faults going, counted from now. */
  torment(): void;
  /** Nothing goes wrong any more, the exchange runs at wall pace in an open market, and a process runs or is started. */
  heal(): void;
  /** As SIGTERM. */
  shutdown(): void;
  /** How the process came to its end by itself; null while it has not. */
  stopped(): Stopped | null;
  /** Lets `ms` of wall time pass. */
  run(ms: number): Promise<void>;
  /** Lets time pass until the test holds; false when `ms` of wall time were not enough. */
  until(test: () => boolean, ms: number): Promise<boolean>;
  broker(): BrokerFacts;
  ledger(): LedgerFacts;
  readonly ledgerFile: string;
  /** Ends everything and gives the process its globals back. */
  close(): void;
}

interface State {
  readonly sent: Sent[];
  readonly faults: Violation[];
  process: LabDaemon | null;
  processes: number;
  crashes: number;
  breaks: number;
  turns: number;
  stopped: Stopped | null;
  stopping: boolean;
  reader: LedgerReader | null;
}

interface Parts {
  readonly options: WorldOptions;
  readonly state: State;
  readonly globals: VirtualGlobals;
  readonly life: Life;
  readonly exchange: Exchange;
  readonly calendar: Calendar;
  readonly config: Config;
  readonly dir: string;
  readonly digest: Digest;
  readonly chaos: () => Chaos;
}

const START = { hour: 9, minute: 35 } as const;
const AFTER_OPEN_MS = 60_000;
/** Memory where there is such a folder: what a run writes is thrown away, and its fsyncs would only cost time. */
const scratch = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

function configOf(swarm: SwarmOptions, dir: string): Config {
  const { seed, speed, wheel } = swarm;
  const overrides = { run: { seed: seed >>> 0, speed }, strategies: { wheel } };
  const loaded = loadConfig({ mode: 'sim', env: {}, cwd: dir, stateDir: dir, overrides });
  if (!loaded.ok) throw new Error(`the configuration of a simulated run: ${loaded.problems.join('; ')}`);
  return loaded.config;
}

/** The exchange as one process reaches it: a dead one must not. */
function carried({ exchange, state }: Parts, life: Life): CarriedExchange {
  const zombie = (what: string): void => void state.faults.push({ rule: 'zombie', where: life.name, what });
  return {
    handle: (request) => {
      if (life.ended) zombie(`${request.method} ${new URL(request.url).pathname} of a dead process`);
      return exchange.handle(request);
    },
    streams: {
      ...exchange.streams,
      open: (request, peer) => {
        if (life.ended) zombie(`a stream to ${request.url} of a dead process`);
        return exchange.streams.open(request, peer);
      },
    },
    onCut: exchange.onCut,
  };
}

function recordPost({ state, dir, globals }: Parts, life: Life, process: number, url: string, init: RequestInit | undefined): void {
  // What a process does in the rest of the step in which it died is heard by nobody.
  if (life.ended || !isOrderPost(url, init?.method) || typeof init?.body !== 'string') return;
  state.reader ??= readLedger(ledgerFileOf(dir));
  const { id, body } = orderOfBody(init.body);
  state.sent.push({ id, body, process, atMs: globals.now(), clearance: state.reader.clearance(id) ?? null });
}

function boot(parts: Parts): void {
  const { options, state, globals, config, dir, digest } = parts;
  state.processes += 1;
  const number = state.processes;
  const life = globals.life(`daemon ${String(number)}`);
  const chaos = parts.chaos();
  state.process = startLabDaemon({
    life, dir, config, exchange: carried(parts, life), wire: chaos.wire, logTo: options.logTo ?? null,
    rng: seededRng(options.swarm.seed).fork(`daemon/${String(number)}`),
    leaving: (url, init) => recordPost(parts, life, number, url, init),
    committing: () => {
      if (chaos.committing()) throw new Error('the process died before this commit');
    },
    committed: (turn) => void chaos.committed(turn),
    turned: (turn) => {
      state.turns += 1;
      digest.add('turn', turn);
    },
    ended: (how) => {
      state.stopped = how;
      if (!state.stopping || how.error !== null) state.faults.push({ rule: 'fault', where: life.name, what: `ended with ${String(how.exitCode)}: ${String(how.error)}` });
      state.process = null;
    },
  });
}

function crash(parts: Parts, downMs: number | undefined): void {
  const { state, life } = parts;
  if (state.process === null) return;
  state.crashes += 1;
  state.process.kill();
  state.process = null;
  if (downMs === undefined) return;
  life.after(downMs, () => {
    if (state.process === null) boot(parts);
  });
}

/** Wall pace and an open market, as an embedded exchange is left when its daemon is told to stop. */
function calm({ exchange, calendar }: Parts): void {
  const now = epochMs(exchange.clock.now());
  exchange.clock.setSpeed(1);
  if (calendar.inSession(now) === undefined) exchange.clock.jumpTo(calendar.currentOrNext(now).open + AFTER_OPEN_MS);
}

function shutdown(parts: Parts): void {
  const { state, config } = parts;
  const { life, daemon } = ensure(state.process, 'a process to stop');
  state.stopping = true;
  life.after(0, () => {
    calm(parts);
    ensure(daemon, 'a booted daemon to stop').shutdown(config.shutdown.policy, 'SIGTERM', true, config.shutdown.budgetMs);
  });
}

async function until(parts: Parts, test: () => boolean, ms: number): Promise<boolean> {
  const { globals, life } = parts;
  let over = false;
  const cancel = life.after(ms, () => {
    over = true;
  });
  while (!over) {
    if (test()) {
      cancel();
      return true;
    }
    await globals.step();
  }
  return test();
}

function assemble(options: WorldOptions): Parts {
  const { swarm } = options;
  const calendar = usCalendar();
  const start = calendar.instant(calendar.offset(REFERENCE_DAY, swarm.startSession).day, START.hour, START.minute);
  const rng = seededRng(swarm.seed).fork('world');
  const dir = mkdtempSync(join(scratch(), 'wsb-lab-'));
  const config = configOf(swarm, dir);
  const state: State = { sent: [], faults: [], process: null, processes: 0, crashes: 0, breaks: 0, turns: 0, stopped: null, stopping: false, reader: null };
  const globals = virtualGlobals(start, rng.fork('globals').float);
  const life = globals.life('world');
  const digest = createDigest();
  const fault = (error: unknown, where: string): void => void state.faults.push({ rule: 'fault', where: `exchange ${where}`, what: String(error) });
  const exchange = labExchange({ life: globals.life('exchange'), calendar, seed: swarm.seed, speed: swarm.speed, start, fault });
  exchange.core.onTrade((event) => digest.add('trade', event));
  const chaos = createChaos(swarm, rng.fork('chaos'), life, {
    crash: (downMs) => crash(parts, downMs),
    dropStreams: (fits) => {
      state.breaks += state.process?.transport.dropStreams(fits) ?? 0;
    },
    cut: () => {
      state.breaks += 1;
      exchange.cut();
    },
  });
  const parts: Parts = { options, state, globals, life, exchange, calendar, config, dir, digest, chaos: () => chaos };
  return parts;
}

/** A world with nobody in it yet: `boot` starts the first process. One world at a time in a process. */
export function createWorld(options: WorldOptions): World {
  const parts = assemble(options);
  const { state, exchange, calendar, digest, dir, globals } = parts;
  const chaos = parts.chaos();
  const rejected = (error: unknown): void => void state.faults.push({ rule: 'fault', where: 'promise', what: `unhandled rejection: ${String(error)}` });
  process.on('unhandledRejection', rejected);
  return {
    exchange, calendar, digest, sent: state.sent, faults: state.faults, ledgerFile: ledgerFileOf(dir),
    get counts() {
      const { processes, crashes, breaks, turns } = state;
      return { processes, crashes, breaks, turns };
    },
    beliefs: () => state.process?.daemon?.engine.beliefs ?? null,
    boot: () => boot(parts),
    crash: (downMs) => crash(parts, downMs),
    dropStreams: (fits) => void state.process?.transport.dropStreams(fits),
    cut: () => exchange.cut(),
    torment: () => chaos.start(),
    heal: () => {
      chaos.stop();
      calm(parts);
      if (state.process === null) boot(parts);
    },
    shutdown: () => shutdown(parts),
    stopped: () => state.stopped,
    run: async (ms) => void (await until(parts, () => false, ms)),
    until: (test, ms) => until(parts, test, ms),
    broker: () => brokerFacts(exchange.core, labKey.account),
    ledger: () => {
      state.reader ??= readLedger(ledgerFileOf(dir));
      return state.reader.facts();
    },
    close: () => {
      state.process?.kill();
      state.reader?.close();
      exchange.close();
      globals.restore();
      process.off('unhandledRejection', rejected);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
