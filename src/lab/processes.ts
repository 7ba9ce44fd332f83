// The processes that follow one another on one ledger: each started on what the last one left, and what is heard of them kept.
import { seededRng } from '../base/rng.ts';
import type { Config } from '../config/load.ts';
import type { Stopped } from '../daemon/daemon.ts';
import type { LogOptions } from '../daemon/log.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { CarriedExchange } from '../exchange/wire/memory.ts';
import type { Chaos } from './chaos.ts';
import { checkLots, type Violation } from './checkers.ts';
import type { Digest } from './digest.ts';
import { type LabDaemon, ledgerFileOf, startLabDaemon } from './lab-daemon.ts';
import { type LedgerReader, readLedger } from './ledger-facts.ts';
import type { SwarmOptions } from './swarm.ts';
import { isOrderPost, orderOfBody, type Sent } from './tap.ts';
import type { Life, VirtualGlobals } from './virtual-globals.ts';

/** What has come of the processes so far. */
export interface History {
  readonly sent: Sent[];
  readonly faults: Violation[];
  process: LabDaemon | null;
  processes: number;
  crashes: number;
  breaks: number;
  /** Requests that ended in another way than with their answer. */
  struck: number;
  turns: number;
  stopped: Stopped | null;
  /** It was told to stop: from then on its end is no fault. */
  stopping: boolean;
  reader: LedgerReader | null;
}

export interface Ground {
  readonly swarm: SwarmOptions;
  readonly logTo: LogOptions['destination'] | null;
  readonly history: History;
  readonly globals: VirtualGlobals;
  /** The world's own life, which outlasts every process. */
  readonly life: Life;
  readonly exchange: Exchange;
  readonly config: Config;
  readonly dir: string;
  readonly digest: Digest;
  readonly chaos: () => Chaos;
  /** Wall pace and an open market. */
  readonly calm: () => void;
}

export const newHistory = (): History => ({
  sent: [],
  faults: [],
  process: null,
  processes: 0,
  crashes: 0,
  breaks: 0,
  struck: 0,
  turns: 0,
  stopped: null,
  stopping: false,
  reader: null,
});

/** What a service manager waits before it starts again what ended with 5. */
const RESTART_MS = 5_000;
const NO_ANSWER = 5;

/** The ledger through a connection that outlives the processes. */
export function readerOf({ history, dir }: Ground): LedgerReader {
  history.reader ??= readLedger(ledgerFileOf(dir));
  return history.reader;
}

/** The exchange as one process reaches it: a dead one must not. */
function carried({ exchange, history }: Ground, life: Life): CarriedExchange {
  const zombie = (what: string): void => void history.faults.push({ rule: 'zombie', where: life.name, what });
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

function recordPost(ground: Ground, life: Life, process: number, url: string, init: RequestInit | undefined): void {
  // What a process does in the rest of the step in which it died is heard by nobody.
  if (life.ended || !isOrderPost(url, init?.method) || typeof init?.body !== 'string') return;
  const { id, body } = orderOfBody(init.body);
  const { history, globals } = ground;
  history.sent.push({ id, body, process, atMs: globals.now(), clearance: readerOf(ground).clearance(id) ?? null });
}

/** Starts a process on the ledger there is. */
export function boot(ground: Ground): void {
  const { swarm, logTo, history, globals, config, dir, digest } = ground;
  history.processes += 1;
  const number = history.processes;
  const life = globals.life(`daemon ${String(number)}`);
  const chaos = ground.chaos();
  history.process = startLabDaemon({
    life,
    dir,
    config,
    exchange: carried(ground, life),
    wire: chaos.wire,
    logTo,
    rng: seededRng(swarm.seed).fork(`daemon/${String(number)}`),
    leaving: (url, init) => recordPost(ground, life, number, url, init),
    committing: () => {
      if (chaos.committing()) throw new Error('the process died before this commit');
    },
    committed: (turn) => {
      if (turn.positions.length + turn.lots.length > 0) history.faults.push(...checkLots(readerOf(ground).holdings()));
      chaos.committed(turn);
    },
    turned: (turn) => {
      history.turns += 1;
      digest.add('turn', turn);
    },
    stopping: () => {
      history.stopping = true;
      ground.calm();
      return { marketOpen: true, budgetMs: config.shutdown.budgetMs };
    },
    ended: (how) => ended(ground, life, how),
  });
}

/** A process has come to its end by itself: as it was told to, for want of an answer at its start, or by a failure of its own. */
function ended(ground: Ground, life: Life, how: Stopped): void {
  const { history } = ground;
  history.process = null;
  if (how.exitCode === NO_ANSWER && !history.stopping) {
    startLater(ground, RESTART_MS);
    return;
  }
  history.stopped = how;
  if (!history.stopping || how.error !== null)
    history.faults.push({ rule: 'fault', where: life.name, what: `ended with ${String(how.exitCode)}: ${String(how.error)}` });
}

const startLater = (ground: Ground, ms: number): void =>
  void ground.life.after(ms, () => {
    if (ground.history.process === null) boot(ground);
  });

/** A person who has looked and says go on: a crash loop's halt is lifted some time after it is seen. */
export function watchHalts({ swarm, history, life }: Ground): void {
  const { resumeMs } = swarm;
  if (resumeMs === null) return;
  life.every(resumeMs, () => {
    const daemon = history.process?.daemon;
    if (history.process === null || daemon === null || daemon === undefined || daemon.engine.beliefs.halts.length === 0) return;
    history.process.life.after(0, () => daemon.operator({ action: 'resume', scope: { kind: 'account' }, reason: 'looked at, go on' }));
  });
}

/** Ends the process as kill -9 would; the next one starts after `downMs` of wall time, when given. */
export function crash(ground: Ground, downMs: number | undefined): void {
  const { history } = ground;
  if (history.process === null) return;
  history.crashes += 1;
  history.process.kill();
  history.process = null;
  if (downMs !== undefined) startLater(ground, downMs);
}
