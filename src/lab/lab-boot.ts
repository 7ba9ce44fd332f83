// The boot of `wsb run`, step by step, over memory transports: adapter, clock, account, calendar, report dates, daemon.
import { createAlpaca } from '../alpaca/create-alpaca.ts';
import type { Rng } from '../base/rng.ts';
import type { Config } from '../config/load.ts';
import type { ControlOptions } from '../daemon/control/control.ts';
import { createDaemon, type Daemon } from '../daemon/daemon.ts';
import { createLog, type LogOptions } from '../daemon/log.ts';
import type { AccountFacts } from '../domain/account.ts';
import { addDays, epochMs } from '../domain/time.ts';
import type { Turn } from '../domain/turn.ts';
import { type Calendar, diffCalendars, usCalendar } from '../market/calendar.ts';
import { parseEarnings } from '../market/earnings.ts';
import { type MacroCalendar, parseMacro } from '../market/macro.ts';
import type { EarningsReport } from '../market/quote.ts';
import { exchangeClock, type FollowedClock } from '../net/exchange-clock.ts';
import type { Answer, Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Store } from '../ports/store.ts';
import type { Transport } from '../ports/transport.ts';
import { labKey } from './lab-exchange.ts';
import { virtualClock } from './virtual-clock.ts';
import type { Life } from './virtual-globals.ts';

export interface BootOptions {
  readonly life: Life;
  readonly config: Config;
  readonly transport: Transport;
  readonly store: Store;
  readonly rng: Rng;
  readonly logTo: LogOptions['destination'] | null;
  /** Every turn, those included that leave nothing to commit. */
  readonly turned: (turn: Turn) => void;
  /** What a stop asked for through the control begins with. */
  readonly stopping: ControlOptions['stopping'];
}

/** What a daemon is made of before it knows its account. */
export interface Connected {
  readonly clock: FollowedClock;
  readonly broker: Broker;
  readonly data: MarketData;
  readonly log: ReturnType<typeof createLog>;
}

/** A start that gives up for want of an answer ends with 5, as `wsb run` does, and whatever watches over it tries again. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const HTTP = 'http://exchange.lab';
const WS = 'ws://exchange.lab';
const READY_MS = 10_000;
const ASK_AGAIN_MS = 500;
const keys = { id: labKey.id, secret: labKey.secret };

/** Adapter and clock over a transport. Nothing is sent to the broker yet. */
export function connect({ life, config, transport, rng, logTo }: BootOptions): Connected {
  const box: { clock: Clock } = { clock: virtualClock(life) };
  const log = createLog({
    level: logTo === null ? 'silent' : 'debug',
    runId: life.name,
    mode: 'sim',
    destination: logTo ?? { write: () => undefined },
    clock: { now: () => box.clock.now(), after: (ms, ring) => box.clock.after(ms, ring), wallUntil: (at) => box.clock.wallUntil(at) },
  });
  const clock = exchangeClock({
    url: `${WS}/sim/v1/clock`,
    keys,
    socketFactory: transport.socketFactory,
    fallback: box.clock,
    heard: (what) => log.info({ event: 'lost' in what ? 'clock.lost' : 'clock.announced', ...what }, 'clock'),
  });
  box.clock = clock;
  const { broker, data } = createAlpaca({
    trading: { basePath: HTTP },
    data: { basePath: HTTP },
    streamUrl: `${WS}/stream`,
    stockStreamUrl: `${WS}/v2/iex`,
    keys,
    transport,
    clock,
    feed: 'iex',
    optionFeed: config.broker.optionFeed,
    random: rng.fork('alpaca').float,
    log: (event, fields) => log.info({ event, ...fields }, 'alpaca'),
  });
  return { clock, broker, data, log };
}

const pause = (life: Life): Promise<void> =>
  new Promise((resolve) => {
    life.after(ASK_AGAIN_MS, resolve);
  });

async function accountOf({ life }: BootOptions, { broker }: Connected): Promise<AccountFacts> {
  for (;;) {
    const answer = await broker.account();
    if (answer.ok) return answer.value;
    await pause(life);
  }
}

/** Our rules, corrected by the broker's list where that could be read. */
async function calendarOf({ broker, clock }: Connected): Promise<Calendar> {
  const ours = usCalendar();
  const today = ours.dayOf(clock.now().exchange);
  const [from, to] = [addDays(today, -40), addDays(today, 120)];
  const answer = await broker.sessions(from, to);
  if (!answer.ok) return ours;
  const differences = diffCalendars(ours, answer.value, from, to);
  return differences.length === 0 ? ours : usCalendar({ exceptions: differences.map((d) => d.exception) });
}

/** Report dates as the exchange's owner reads them, asked for until they come. */
async function earningsOf({ life, transport }: BootOptions): Promise<readonly EarningsReport[]> {
  const path = '/sim/v1/earnings';
  const headers = { 'APCA-API-KEY-ID': keys.id, 'APCA-API-SECRET-KEY': keys.secret };
  for (;;) {
    const text = await transport.fetchApi(`${HTTP}${path}`, { headers }).then(
      (answer) => answer.text(),
      () => null, // no answer came
    );
    if (text === null) await pause(life);
    else {
      const parsed = parseEarnings(text, path);
      if (parsed.ok) return parsed.reports;
      throw new Error(`the exchange's report dates: ${parsed.errors.join('; ')}`);
    }
  }
}

/** Macro events as the exchange's owner reads them. */
async function macroOf({ transport }: BootOptions): Promise<Answer<MacroCalendar>> {
  const path = '/sim/v1/macro';
  const headers = { 'APCA-API-KEY-ID': keys.id, 'APCA-API-SECRET-KEY': keys.secret };
  const text = await transport.fetchApi(`${HTTP}${path}`, { headers }).then(
    (answer) => answer.text(),
    () => null, // no answer came
  );
  const parsed = text === null ? null : parseMacro(text, path);
  if (parsed?.ok === true) return { ok: true, value: parsed.calendar };
  return { ok: false, fault: 'MACRO_FILE', auth: false, why: parsed === null ? `${path}: no answer` : parsed.errors.join('; ') };
}

/** A daemon on its ledger, ready to start. @throws NoAnswer when the exchange does not tell its time */
export async function boot(options: BootOptions, connected: Connected): Promise<Daemon> {
  const { config, store, turned, stopping } = options;
  const { clock, broker, data, log } = connected;
  const account = await accountOf(options, connected);
  await clock.ready(READY_MS).catch((error: Error) => {
    throw new NoAnswer(error.message);
  });
  const stamp = store.stamp('sim', account.number);
  if (!stamp.ok) throw new Error(`the ledger belongs to ${stamp.mode} account ${stamp.account}`);
  const calendar = await calendarOf(connected);
  const earnings = await earningsOf(options);
  const run = store.beginRun({
    startedAt: epochMs(Date.now()),
    mode: 'sim',
    gitSha: 'lab',
    configHash: config.effective.hash,
    seed: config.run.seed,
    version: 'lab',
    node: process.version,
  });
  return createDaemon({
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
    ...run,
    strategies: config.strategies,
    today: calendar.currentOrNext(clock.now().exchange).day,
    rate: config.data.riskFreeRate,
    dividendYields: config.data.dividendYields,
    earnings,
    assumed: new Map(),
    macro: () => macroOf(options),
    optionFeed: 'opra',
    heartbeatMs: config.schedule.heartbeatMs,
    reconcileEveryMs: config.schedule.reconcileEveryMs,
    dryRun: false,
    log,
    observers: [turned],
    stopping,
    wall: () => Date.now(),
  });
}
