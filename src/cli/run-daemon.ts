// `wsb run`: the whole boot, in the order in which each step may still refuse, and the orderly end.
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { cliTokenFile, keepCliToken } from '../daemon/control/cli-token.ts';
import { createDaemon, type Daemon, type Stopped } from '../daemon/daemon.ts';
import { startHealth } from '../daemon/health-server.ts';
import { createLog, messageOf } from '../daemon/log.ts';
import { watchLoop } from '../daemon/loop-watch.ts';
import { createMetrics, type Metrics } from '../daemon/metrics.ts';
import { type Supervisor, systemdSupervisor } from '../daemon/sd-notify.ts';
import type { AccountFacts } from '../domain/account.ts';
import { addDays, epochMs } from '../domain/time.ts';
import type { AssumeFile } from '../exchange/tape/assume.ts';
import { type Calendar, diffCalendars, usCalendar } from '../market/calendar.ts';
import type { EarningsReport } from '../market/quote.ts';
import { systemClock } from '../net/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { type HeldLock, takeLock } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import { assumedFor } from './assumed.ts';
import { banner, summary } from './banner.ts';
import { earningsOf, macroSource } from './calendars.ts';
import { type Connected, connect, firstAccount, hostsOf, secretsOf } from './connect.ts';
import { fail } from './exit.ts';
import { type Beginning, type Until, untilInstant } from './flags.ts';
import { defaultKey, type Hosted, hostExchange } from './host-exchange.ts';
import { destinationFor } from './log-destination.ts';
import { stoppingOf } from './stopping.ts';
import { version } from './version.ts';

export interface RunOptions {
  readonly config: Config;
  readonly tape: { readonly dir: string; readonly quotes: 'held' | 'aged'; readonly assume: AssumeFile | null } | null;
  readonly from: Beginning | null;
  /** New York time at which to stop as on SIGTERM; null runs until told. */
  readonly until: Until | null;
  /** Strategies to open positions with; null takes the configuration's. */
  readonly only: readonly string[] | null;
}

const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));
/** On a tape the stop must begin while its last session still trades. */
const TAPE_END_MS = 5 * 60_000;
const BOOT_PATIENCE_MS = 30_000;
const REPEAT_SIGNAL_MS = 1_000;
const TOKEN_LOOK_MS = 3_600_000;

interface Boot {
  readonly options: RunOptions;
  readonly log: Logger;
  readonly hosted: Hosted | null;
  readonly connected: Connected;
  readonly store: Store;
  readonly lock: HeldLock;
  readonly release: (() => void)[];
}

/** Runs the daemon to its end and returns its exit code. */
export async function runDaemon(options: RunOptions): Promise<number> {
  const { config } = options;
  process.umask(0o077);
  const release: (() => void)[] = [];
  try {
    const secrets = secretsOf(config);
    const lock = takeOrFail(join(config.stateDir, 'state.lock'), `state directory ${config.stateDir}`, release, config.stateDir);
    const opened = openStore({ file: join(config.stateDir, 'ledger.sqlite'), migrationsDir, now: Date.now });
    if (!opened.ok) fail(22, `wsb: ${opened.fault.message}`, opened.fault.fix);
    release.push(() => opened.store.close());
    const clockBox: { clock: Clock } = { clock: systemClock() };
    const log = createLog({
      level: config.log.level,
      runId: `${Date.now().toString(36)}-${process.pid}`,
      mode: config.run.mode,
      destination: destinationFor(process.stdout),
      clock: {
        now: () => clockBox.clock.now(),
        after: (ms, ring) => clockBox.clock.after(ms, ring),
        wallUntil: (at) => clockBox.clock.wallUntil(at),
      },
    });
    const say = (event: string, fields: Readonly<Record<string, unknown>>): void => log.info({ event, ...fields }, messageOf(event));
    const embedded = config.run.mode === 'sim' && config.exchange === null;
    const hosted = embedded ? await host(options, log) : null;
    if (hosted !== null) release.push(() => void hosted.close());
    const connected = connect({ config, secrets, hosts: hostsOf(config, hosted?.server.url ?? config.exchange), log: say });
    clockBox.clock = connected.clock;
    return await operate({ options, log, hosted, connected, store: opened.store, lock, release });
  } finally {
    for (const undo of release.reverse()) undo();
  }
}

function takeOrFail(path: string, what: string, release: (() => void)[], folder: string): HeldLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(path);
  if (!lock.ok) {
    const who =
      lock.holder === null
        ? 'another process'
        : `process ${lock.holder.pid} on ${lock.holder.host}, started ${new Date(lock.holder.startedAt).toISOString()}`;
    fail(21, `wsb: ${what} is in use by ${who}. Stop it first, or give another --state-dir.`);
  }
  release.push(() => lock.release());
  return lock;
}

const host = (options: RunOptions, log: Logger): Promise<Hosted> =>
  hostExchange({
    dir: options.config.stateDir,
    calendar: usCalendar(),
    seed: options.config.run.seed,
    speed: options.config.run.speed,
    port: 0,
    keys: [defaultKey],
    tape: options.tape,
    from: options.from,
    startingCash: options.config.sim.startingCash,
    onFault: (error, where) => log.error({ event: 'exchange.fault', where, err: error }, 'exchange fault'),
  });

interface Assembled {
  readonly supervisor: Supervisor;
  readonly stopping: ReturnType<typeof stoppingOf>;
  readonly daemon: Daemon;
  readonly metrics: Metrics;
  readonly epoch: number;
}

/** A limit that somebody set under another version, and that this one does not take, must not be lost in silence. */
function refuseUnreadLimits({ options, store }: Boot): void {
  const set = store.limitsSet();
  const read = options.config.relimit(set);
  if (!read.ok)
    fail(
      20,
      `wsb: a limit that was set while the daemon ran is not good any more: ${read.why}.`,
      'Set it again with the version that took it, or with: wsb risk set, after a start with another --state-dir.',
    );
}

/** The daemon of this boot: a run is begun in the ledger, and everything read so far is put together. */
function assemble(boot: Boot, account: AccountFacts, calendar: Calendar, earnings: readonly EarningsReport[]): Assembled {
  const { options, log, connected, store } = boot;
  const { config, only } = options;
  const { clock, broker, data } = connected;
  const { epoch, uncleanBoots } = store.beginRun({
    startedAt: epochMs(Date.now()),
    mode: config.run.mode,
    gitSha: version.gitSha,
    configHash: config.effective.hash,
    seed: config.run.mode === 'sim' ? config.run.seed : null,
    version: version.version,
    node: process.version,
  });
  const supervisor = systemdSupervisor(process.env, (why) => log.warn({ event: 'systemd.unheard', why }, 'systemd unheard'));
  refuseUnreadLimits(boot);
  const { budgetMs } = config.shutdown;
  const stopping = stoppingOf({ clock, calendar, hosted: boot.hosted, budgetMs, tell: () => supervisor.stopping() });
  const assumed = assumedFor(options.tape?.assume ?? null);
  const metricsBox: { metrics: Metrics | null } = { metrics: null };
  const daemon = createDaemon({
    clock,
    broker,
    data,
    store,
    calendar,
    limits: config.risk,
    relimit: config.relimit,
    execution: config.execution,
    sectors: config.sectors,
    account: account.number,
    epoch,
    uncleanBoots,
    strategies: config.strategies.map((s) => ({ ...s, leftOut: only !== null && !only.includes(s.strategy.id) })),
    today: calendar.currentOrNext(clock.now().exchange).day,
    rate: config.data.riskFreeRate,
    dividendYields: config.data.dividendYields,
    earnings,
    assumed: assumed.names,
    assumedIvRanks: assumed.ivRanks,
    macro: macroSource(config, connected),
    // An exchange of ours quotes what it trades on.
    optionFeed: connected.hosts.announcesTime ? 'opra' : config.broker.optionFeed,
    heartbeatMs: config.schedule.heartbeatMs,
    reconcileEveryMs: config.schedule.reconcileEveryMs,
    dryRun: config.run.mode === 'dry-run',
    log,
    observers: [(turn) => metricsBox.metrics?.observe(turn)],
    stopping,
    wall: Date.now,
  });
  daemon.board.addIvReadings(assumed.readings);
  const metrics = createMetrics(daemon.engine.beliefs, broker, true);
  metricsBox.metrics = metrics;
  return { daemon, metrics, epoch, supervisor, stopping };
}

async function operate(boot: Boot): Promise<number> {
  const { options, log, connected, store } = boot;
  const { config } = options;
  const { clock, broker } = connected;
  const waiting = (why: string): void => log.warn({ event: 'broker.waiting', why }, 'broker waiting');
  const account = await firstAccount(broker, clock, BOOT_PATIENCE_MS, waiting);
  if (connected.followed !== null) await connected.followed.ready(10_000).catch((error: Error) => fail(5, `wsb: ${error.message}`));
  checkAccount(boot, account);
  const calendar = await brokerCalendar(boot);
  const assembled = assemble(boot, account, calendar, await earningsOf(config, connected, log));
  const { daemon, metrics, epoch } = assembled;
  const { beliefs } = daemon.engine;
  const { host, port } = config.http;
  const api = {
    control: daemon.control,
    beliefs,
    store,
    strategies: config.strategies,
    mode: config.run.mode,
    account: account.number,
    host,
    log,
    wall: Date.now,
    mono: () => performance.now(),
    now: () => clock.now(),
  };
  const health = await startHealth({ host, port, beliefs, metrics, api }).catch((error: Error) => {
    // A second daemon on the machine may hold the port: trading does not depend on being watched, but it must be said.
    log.error({ event: 'http.unavailable', host, port, why: error.message }, 'http unavailable');
    return null;
  });
  boot.lock.describe(epoch, health?.url ?? null);
  const market = boot.hosted?.market ?? null;
  banner(log, { config, account, url: health?.url ?? null, exchange: connected.hosts.trading, market: market?.id ?? null, epoch });
  const endWatch = watchLoop(log);
  const stopped = await untilStopped(boot, assembled, calendar);
  endWatch();
  await health?.close();
  await connected.data.close();
  await broker.close();
  connected.followed?.close();
  if (stopped.error !== null) log.fatal({ event: 'run.failed', err: stopped.error }, 'run failed');
  summary(log, { stopped, beliefs, startEquity: account.equity, report: market?.report() ?? null });
  store.endRun(stopped.exitCode, stopped.error === null, stopped.error === null ? 'stopped' : wordsOf(stopped.error));
  return stopped.exitCode;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));

/** The account must be the one this ledger was born with, and in live the one that was typed. */
function checkAccount({ options, store, release, connected }: Boot, account: AccountFacts): void {
  const { config } = options;
  if (config.run.mode === 'live' && config.liveAccount !== account.number) {
    fail(25, `wsb: WSB_LIVE does not name the account that these keys open (it ends in ${account.number.slice(-4)}). Nothing was sent.`);
  }
  const stamp = store.stamp(config.run.mode, account.number);
  if (!stamp.ok) {
    const same = stamp.account === account.number;
    fail(
      same ? 25 : 24,
      `wsb: the ledger in ${config.stateDir} belongs to ${stamp.mode} account ...${stamp.account.slice(-4)}; this is ${config.run.mode} account ...${account.number.slice(-4)}. Use another --state-dir.`,
    );
  }
  if (config.run.mode === 'sim' && config.exchange === null) return; // an embedded exchange has this process's account alone
  const where = new URL(connected.hosts.trading).host.replaceAll(/[^a-z0-9]+/gi, '-');
  const folder = join(tmpdir(), `wsb-locks-${userInfo().uid}`);
  takeOrFail(join(folder, `${where}-${account.number}.lock`), `account ...${account.number.slice(-4)}`, release, folder);
}

/** Our rules, corrected by the broker's own list of sessions about today. */
export async function brokerCalendar({ connected, log }: Pick<Boot, 'connected' | 'log'>): Promise<Calendar> {
  const ours = usCalendar();
  const today = ours.dayOf(connected.clock.now().exchange);
  const from = addDays(today, -40);
  const to = addDays(today, 120);
  const answer = await connected.broker.sessions(from, to);
  if (!answer.ok) {
    log.warn({ event: 'calendar.unconfirmed', why: answer.why }, 'calendar unconfirmed');
    return ours;
  }
  const differences = diffCalendars(ours, answer.value, from, to);
  if (differences.length === 0) return ours;
  for (const d of differences) log.error({ event: 'calendar.differs', day: d.day }, 'calendar differs');
  return usCalendar({ exceptions: differences.map((d) => d.exception) });
}

/** The commands' token, written now if it must be, and looked at again every hour. */
function keepToken({ options, log }: Boot, { control, engine }: Daemon): NodeJS.Timeout {
  const keep = (): void => {
    keepCliToken(options.config.stateDir, engine.beliefs.tokens, control, Date.now()).then(
      (written) => written && log.info({ event: 'token.written', file: cliTokenFile(options.config.stateDir) }, 'token written'),
      (error: unknown) => log.error({ event: 'token.unwritten', why: wordsOf(error) }, 'token unwritten'),
    );
  };
  keep();
  return setInterval(keep, TOKEN_LOOK_MS);
}

/** Starts, listens for signals, and waits for the end. */
async function untilStopped(boot: Boot, { daemon, supervisor, stopping }: Assembled, calendar: Calendar): Promise<Stopped> {
  const { options, connected, hosted, log } = boot;
  const { config } = options;
  let lastSignal = -Infinity;
  const stop = (why: string): void => {
    // A second wish hurries the stop that is under way: what it began with stands.
    const begin = daemon.engine.beliefs.shutdownPhase() === null ? stopping() : { marketOpen: false, budgetMs: 0 };
    daemon.shutdown(config.shutdown.policy, why, begin.marketOpen, begin.budgetMs);
  };
  const onSignal = (name: string): void => {
    // A terminal's Ctrl-C arrives twice, once through npm: a repeat within a second is the same signal.
    if (performance.now() - lastSignal < REPEAT_SIGNAL_MS) return;
    lastSignal = performance.now();
    stop(name);
  };
  const handlers = { SIGTERM: () => onSignal('SIGTERM'), SIGINT: () => onSignal('SIGINT'), SIGHUP: () => {}, SIGUSR1: () => {} } as const;
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  const crash = (error: unknown): void => {
    log.fatal({ event: 'run.crashed', err: error }, 'run crashed');
    process.exit(70);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const asked = options.until === null ? null : untilInstant(options.until, calendar, connected.clock.now().exchange);
  const watch = setInterval(() => {
    const end = asked ?? (hosted?.market.lastInstant === null || hosted === null ? null : hosted.market.lastInstant - TAPE_END_MS);
    const beat = daemon.lastBeat();
    if (beat !== null && connected.clock.now().mono - beat.mono < 10_000) supervisor.alive();
    if (daemon.engine.beliefs.ready() && daemon.engine.beliefs.shutdownPhase() === null) announceReady();
    if (end !== null && connected.clock.now().exchange >= end && daemon.engine.beliefs.shutdownPhase() === null)
      stop(
        options.until !== null
          ? 'the time asked for has come'
          : options.tape === null
            ? 'the calendar of the market ends'
            : 'the tape ends',
      );
  }, 250);
  let announced = false;
  const announceReady = (): void => {
    if (announced) return;
    announced = true;
    supervisor.ready('ready');
    log.info({ event: 'run.ready' }, 'run ready');
  };
  daemon.start();
  const tokens = keepToken(boot, daemon);
  const stopped = await daemon.stopped;
  clearInterval(tokens);
  clearInterval(watch);
  for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
  process.off('uncaughtException', crash);
  process.off('unhandledRejection', crash);
  return stopped;
}
