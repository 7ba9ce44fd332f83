// A world: one exchange, one ledger file, and the daemon processes that follow one another on them, all on virtual time.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure } from '../base/assert.ts';
import { seededRng } from '../base/rng.ts';
import { type Config, loadConfig } from '../config/load.ts';
import type { Table } from '../config/tree.ts';
import type { Reply, Wish } from '../daemon/control/control.ts';
import type { Stopped } from '../daemon/daemon.ts';
import type { LogOptions } from '../daemon/log.ts';
import { epochMs, MINUTE } from '../domain/time.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeMarket } from '../exchange/market.ts';
import { REFERENCE_DAY } from '../exchange/synthetic/session-index.ts';
import { type Calendar, usCalendar } from '../market/calendar.ts';
import { strategies } from '../strategies/registry.ts';
import { type BrokerFacts, brokerFacts } from './broker-facts.ts';
import { createChaos } from './chaos.ts';
import type { Violation } from './checkers.ts';
import { createDigest, type Digest } from './digest.ts';
import { ledgerFileOf } from './lab-daemon.ts';
import { type House, labExchange, labKey } from './lab-exchange.ts';
import type { LedgerFacts } from './ledger-facts.ts';
import { boot, crash, type Ground, type History, newHistory, readerOf, watchHalts } from './processes.ts';
import type { SwarmOptions } from './swarm.ts';
import type { Sent } from './tap.ts';
import { virtualGlobals } from './virtual-globals.ts';

/** What a written scenario puts in place of what a seed draws. */
export interface Stage {
  readonly market: ExchangeMarket;
  /** First exchange instant, UTC milliseconds. */
  readonly start: number;
  readonly house: House;
  /** Over the shipped configuration, in the files' own spelling. */
  readonly settings: Table;
  /** In place of the configured strategies, for a story about one that fails. */
  readonly cast?: (configured: Config['strategies']) => Config['strategies'];
}

export interface WorldOptions {
  readonly swarm: SwarmOptions;
  /** Without it market, start and the wheel's settings are the seed's. */
  readonly stage?: Stage;
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
  readonly counts: {
    readonly processes: number;
    readonly crashes: number;
    readonly breaks: number;
    readonly struck: number;
    readonly turns: number;
  };
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
  /** A person's wish, through the control of the live process; comes back with the answer. */
  ask(wish: Wish): Promise<Reply>;
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

type Parts = Ground & { readonly calendar: Calendar };

const AFTER_OPEN_MS = 60_000;
/** Memory where there is such a folder: what a run writes is thrown away, and its fsyncs would only cost time. */
const scratch = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

/** The wheel and the index baseline trade in every seed; of the others those it has drawn. */
function strategiesOf({ wheel, also, universes }: SwarmOptions): Readonly<Record<string, unknown>> {
  const others = strategies.filter(({ id }) => id !== 'wheel' && id !== 'base');
  return { wheel, ...Object.fromEntries(others.map(({ id }) => [id, { enabled: also.includes(id), ...universes[id] }])) };
}

function configOf({ swarm, stage }: WorldOptions, dir: string): Config {
  const { seed, speed } = swarm;
  const overrides = { ...(stage?.settings ?? { strategies: strategiesOf(swarm) }), run: { seed: seed >>> 0, speed } };
  const loaded = loadConfig({ mode: 'sim', env: {}, cwd: dir, stateDir: dir, overrides });
  if (!loaded.ok) throw new Error(`the configuration of a simulated run: ${loaded.problems.join('; ')}`);
  return { ...loaded.config, strategies: stage?.cast?.(loaded.config.strategies) ?? loaded.config.strategies };
}

/** Wall pace and an open market, as an embedded exchange is left when its daemon is told to stop. */
function calm({ exchange, calendar }: Pick<Parts, 'exchange' | 'calendar'>): void {
  const now = epochMs(exchange.clock.now());
  exchange.clock.setSpeed(1);
  if (calendar.inSession(now) === undefined) exchange.clock.jumpTo(calendar.currentOrNext(now).open + AFTER_OPEN_MS);
}

function shutdown(parts: Parts): void {
  const { history, config } = parts;
  const { life, daemon } = ensure(history.process, 'a process to stop');
  history.stopping = true;
  life.after(0, () => {
    calm(parts);
    ensure(daemon, 'a booted daemon to stop').shutdown(config.shutdown.policy, 'SIGTERM', true, config.shutdown.budgetMs);
  });
}

const ANSWER_MS = 20_000;

/** Asked inside the process's own life, so that it dies with it. @throws Error when no answer comes */
async function ask(parts: Parts, wish: Wish): Promise<Reply> {
  const { life, daemon } = ensure(parts.history.process, 'a process to ask');
  const { control } = ensure(daemon, 'a booted daemon to ask');
  const box: { reply: Reply | null } = { reply: null };
  life.after(0, () => {
    void control.ask(wish).then((reply) => {
      box.reply = reply;
    });
  });
  await until(parts, () => box.reply !== null, ANSWER_MS);
  return ensure(box.reply, `an answer to ${wish.order.verb}`);
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

/** What would have ended a real process with 70 is a violation here; returns the end of listening. */
function hearUncaught({ faults }: History): () => void {
  const hear = (error: unknown): void =>
    void faults.push({ rule: 'fault', where: 'uncaught', what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.on('uncaughtException', hear);
  process.on('unhandledRejection', hear);
  return () => {
    process.off('uncaughtException', hear);
    process.off('unhandledRejection', hear);
  };
}

function assemble(options: WorldOptions): Parts {
  const { swarm, stage, logTo } = options;
  const calendar = usCalendar();
  const start = stage?.start ?? calendar.offset(REFERENCE_DAY, swarm.startSession).open + swarm.startMinutes * MINUTE;
  const rng = seededRng(swarm.seed).fork('world');
  const dir = mkdtempSync(join(scratch(), 'wsb-lab-'));
  const config = configOf(options, dir);
  const history = newHistory();
  const globals = virtualGlobals(start, rng.fork('globals').float);
  const life = globals.life('world');
  const digest = createDigest();
  const fault = (error: unknown, where: string): void =>
    void history.faults.push({ rule: 'fault', where: `exchange ${where}`, what: String(error) });
  const { seed, speed, listing } = swarm;
  const staged = stage === undefined ? {} : { market: stage.market, house: stage.house };
  const exchange = labExchange({ life: globals.life('exchange'), calendar, seed, speed, listing, start, fault, ...staged });
  exchange.core.onTrade((event) => digest.add('trade', event));
  const chaos = createChaos(swarm, rng.fork('chaos'), life, {
    crash: (downMs) => crash(parts, downMs),
    dropStreams: (fits) => {
      history.breaks += history.process?.transport.dropStreams(fits) ?? 0;
    },
    cut: () => {
      history.breaks += 1;
      exchange.cut();
    },
    struck: () => {
      history.struck += 1;
    },
  });
  const ground = { swarm, logTo: logTo ?? null, history, globals, life, exchange, calendar, config, dir, digest };
  const parts: Parts = { ...ground, chaos: () => chaos, calm: () => calm(ground) };
  watchHalts(parts);
  return parts;
}

/** A world with nobody in it yet: `boot` starts the first process. One world at a time in a process. */
export function createWorld(options: WorldOptions): World {
  const parts = assemble(options);
  const { history, exchange, calendar, digest, dir, globals } = parts;
  const chaos = parts.chaos();
  const deaf = hearUncaught(history);
  return {
    exchange,
    calendar,
    digest,
    sent: history.sent,
    faults: history.faults,
    ledgerFile: ledgerFileOf(dir),
    get counts() {
      const { processes, crashes, breaks, struck, turns } = history;
      return { processes, crashes, breaks, struck, turns };
    },
    beliefs: () => history.process?.daemon?.engine.beliefs ?? null,
    boot: () => boot(parts),
    crash: (downMs) => crash(parts, downMs),
    dropStreams: (fits) => void history.process?.transport.dropStreams(fits),
    cut: () => exchange.cut(),
    torment: () => chaos.start(),
    heal: () => {
      chaos.stop();
      calm(parts);
      if (history.process === null) boot(parts);
    },
    ask: (wish) => ask(parts, wish),
    shutdown: () => shutdown(parts),
    stopped: () => history.stopped,
    run: async (ms) => void (await until(parts, () => false, ms)),
    until: (test, ms) => until(parts, test, ms),
    broker: () => brokerFacts(exchange.core, exchange.market, labKey.account),
    ledger: () => readerOf(parts).facts(),
    close: () => {
      history.process?.kill();
      history.reader?.close();
      exchange.close();
      globals.restore();
      deaf();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
