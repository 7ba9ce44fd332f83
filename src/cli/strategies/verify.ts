// `wsb strategies --verify`: every strategy put before the mode's market once, with what it asked for and what it said. Nothing is sent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config, StrategyConfig } from '../../config/load.ts';
import type { Symbol } from '../../domain/ids.ts';
import { instrumentOf } from '../../domain/instrument.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { addDays, type EpochMs, type Now } from '../../domain/time.ts';
import type { AssumeFile } from '../../exchange/tape/assume.ts';
import { type Calendar, usCalendar } from '../../market/calendar.ts';
import type { MarketData } from '../../ports/market-data.ts';
import { assumedFor } from '../assumed.ts';
import { earningsOf, macroSource } from '../calendars.ts';
import { type Connected, connect, firstAccount, hostsOf, secretsOf } from '../connect.ts';
import { fail } from '../exit.ts';
import type { Beginning } from '../flags.ts';
import { defaultKey, type Hosted, hostExchange } from '../host-exchange.ts';
import { warn } from '../output.ts';
import { brokerCalendar } from '../run-daemon.ts';
import { mayOpen } from './configured.ts';
import { ledgerFor } from './ledger.ts';
import { dataNeeds, mergedNeeds, type Need, NOT_SERVED, singleNeed } from './needs.ts';
import { cueOf, type Planned, planned } from './plan.ts';
import { createRehearsal, type Rehearsal, type Rehearsed } from './rehearsal.ts';
import { type Evaluation, evaluationOf, type StrategyReport, stateOf } from './verdict.ts';

export interface VerifyOptions {
  /** Its strategies are those that are rehearsed. */
  readonly config: Config;
  readonly tape: { readonly dir: string; readonly quotes: 'held' | 'aged'; readonly assume: AssumeFile | null } | null;
  readonly from: Beginning | null;
}

export interface Verified {
  /** Whose market it was. */
  readonly source: string;
  /** The ledger that the engines began with. */
  readonly ledger: string;
  readonly optionsLevel: number | null;
  readonly optionFeed: string;
  readonly strategies: readonly StrategyReport[];
}

const PATIENCE_MS = 15_000;
const READY_MS = 5_000;
const STREAM_MS = 10_000;
const HOP_POLL_MS = 10;
const FILL_SPEED = 60;
/** Names on which it is tried whether a source lists options, and how far out. */
const PROBES = 3;
const PROBE_DAYS = 60;

/** When the trade stream listens; null when it did not within ten seconds. */
function listening({ broker, clock }: Connected): Promise<Now | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(STREAM_MS, () => resolve(null));
    broker.connect({
      report: () => {},
      breaker: () => {},
      link: (up) => {
        if (!up) return;
        cancel();
        resolve(clock.now());
      },
    });
  });
}

/** Moves the embedded exchange to an instant ahead, and waits until our clock has heard of it. */
async function hopTo(hosted: Hosted | null, { clock }: Connected, at: EpochMs): Promise<void> {
  const last = hosted?.market.lastInstant ?? null;
  if (hosted === null || at <= hosted.clock.now() || (last !== null && at >= last)) return;
  hosted.clock.jumpTo(at);
  for (let waited = 0; clock.now().exchange < at && waited < READY_MS; waited += HOP_POLL_MS)
    await new Promise<void>((resolve) => {
      clock.after(HOP_POLL_MS, resolve);
    });
}

const host = (options: VerifyOptions, dir: string): Promise<Hosted> =>
  hostExchange({
    dir,
    calendar: usCalendar(),
    seed: options.config.run.seed,
    speed: 1,
    port: 0,
    keys: [defaultKey],
    tape: options.tape,
    from: options.from,
    startingCash: options.config.sim.startingCash,
    onFault: (error, where) => warn(`wsb: exchange fault in ${where}: ${error instanceof Error ? error.message : String(error)}`),
  });

/** Does the source list options of any of these names? Asked where a strategy got no further than its cheaper questions. */
async function chainProbe(data: MarketData, names: readonly Symbol[], calendar: Calendar, now: EpochMs): Promise<readonly Need[]> {
  const day = calendar.dayOf(now);
  const tried = names.filter((name) => instrumentOf(name).kind === 'equity').slice(0, PROBES);
  let why = 'no name to try it on';
  for (const name of tried) {
    const answer = await data.chain(name, day, addDays(day, PROBE_DAYS));
    if (answer.ok && answer.value.rows.length > 0) return [singleNeed(`chains, tried on ${name}`, 'MarketData.chain', known(name), '')];
    why = answer.ok ? `${name}: nothing listed within ${String(PROBE_DAYS)} days` : `${name}: ${answer.why}`;
  }
  return tried.length === 0 ? [] : [singleNeed('chains', 'MarketData.chain', absent('CHAIN_EMPTY', why), NOT_SERVED)];
}

interface Stage {
  readonly connected: Connected;
  readonly calendar: Calendar;
  readonly rehearsal: Rehearsal;
  readonly optionFeed: string;
  readonly hosted: Hosted | null;
}

/** What it needs of the account and the feed beside data: asked of its ticks, for no strategy declares its feed. */
function standingNeeds(level: number, stage: Stage, evaluations: readonly Evaluation[]): readonly Need[] {
  const has = stage.rehearsal.optionsLevel();
  const enough: Known<unknown> =
    has !== null && has >= level
      ? known(has)
      : absent('LEVEL_TOO_LOW', `options level ${String(has ?? 'unknown')}, needs ${String(level)}`);
  const levels = singleNeed('options level', 'Broker.account', enough, 'Ask the broker for the level, or disable the strategy.');
  if (level === 0) return [levels];
  const refused = evaluations.flatMap(({ said }) => said).find(({ code }) => code === 'FEED_NOT_OPRA');
  const feed = refused === undefined ? known(stage.optionFeed) : absent('FEED_NOT_OPRA', refused.why);
  return [levels, singleNeed('option feed', 'MarketView.optionFeed', feed, 'Set broker.option_feed = "opra" if your data plan has it.')];
}

/** Fills in what a daemon would have filled in by now; the synthetic market may run fast meanwhile, as our budget of requests is per minute there. */
async function fillVolatility({ rehearsal, hosted, calendar }: Stage, { config, tape }: VerifyOptions, now: EpochMs): Promise<void> {
  const fast = tape === null ? hosted : null;
  fast?.clock.setSpeed(FILL_SPEED);
  await rehearsal.fillVolatility(planned(config.strategies, calendar, now, false).map(cueOf));
  fast?.clock.setSpeed(1);
}

const faulted = (plan: Planned, at: EpochMs, error: unknown): Evaluation => ({
  slot: plan.slot.name,
  phase: plan.slot.phase,
  at,
  said: [],
  fault: { call: 'prepare', why: error instanceof Error ? error.message : String(error), at: '' },
});

interface Done {
  readonly plan: Planned;
  readonly evaluation: Evaluation;
  readonly needs: readonly Need[];
  readonly names: readonly Symbol[];
}

async function rehearse(stage: Stage, plan: Planned): Promise<Done> {
  const { connected, rehearsal, calendar, hosted } = stage;
  const { name, phase } = plan.slot;
  try {
    await hopTo(hosted, connected, plan.at);
    const done: Rehearsed = await rehearsal.run(cueOf(plan));
    const needs = dataNeeds(done.needs, rehearsal.board, done.view, calendar.dayOf(done.at.exchange));
    return { plan, evaluation: evaluationOf(done.turn, name, phase), needs, names: done.needs.quotes };
  } catch (error) {
    return { plan, evaluation: faulted(plan, connected.clock.now().exchange, error), needs: [], names: [] };
  }
}

async function reportOf(stage: Stage, of: StrategyConfig, done: readonly Done[]): Promise<StrategyReport> {
  const { strategy } = of;
  const mine = done.filter(({ plan }) => plan.of === of);
  const evaluations = mine.map(({ evaluation }) => evaluation);
  const data = mergedNeeds(mine.map(({ needs }) => needs));
  const unproven = strategy.optionsLevel > 0 && !data.some(({ need }) => need === 'chains');
  const { connected, calendar } = stage;
  const names = mine.flatMap((d) => d.names);
  const probe = unproven ? await chainProbe(connected.data, names, calendar, connected.clock.now().exchange) : [];
  const needs = [...standingNeeds(strategy.optionsLevel, stage, evaluations), ...data, ...probe];
  return {
    id: strategy.id,
    title: strategy.title,
    version: strategy.version,
    optionsLevel: strategy.optionsLevel,
    enabled: mayOpen(of),
    state: stateOf(of.enabled, needs, evaluations),
    problems: [],
    needs,
    evaluations,
  };
}

async function onStage(options: VerifyOptions, dir: string, hosted: Hosted | null, connected: Connected): Promise<Verified> {
  const { config, tape } = options;
  const { broker, data, clock, followed, hosts } = connected;
  if (followed !== null) await followed.ready(READY_MS).catch((error: Error) => fail(5, `wsb: ${error.message}`));
  const account = await firstAccount(broker, clock, PATIENCE_MS, () => {});
  const log = pino({ enabled: false });
  const heardSince = await listening(connected);
  const calendar = await brokerCalendar({ connected, log });
  const ledger = ledgerFor(config, account.number, hosted !== null, calendar.currentOrNext(clock.now().exchange).day);
  const assumed = assumedFor(tape?.assume ?? null);
  const optionFeed = hosts.announcesTime ? 'opra' : config.broker.optionFeed;
  const { rate, dividendYields } = { rate: config.data.riskFreeRate, dividendYields: config.data.dividendYields };
  const rehearsal = createRehearsal({
    world: {
      strategies: config.strategies,
      calendar,
      limits: config.risk,
      rate,
      dividendYields,
      assumed: assumed.names,
      assumedIvRanks: assumed.ivRanks,
      optionFeed,
    },
    clock,
    data,
    broker,
    account: account.number,
    loaded: ledger.loaded,
    // What an exchange of ours writes down for its owner is nobody's ledger: it goes with this command.
    earnings: await earningsOf({ ...config, stateDir: dir }, connected, log),
    macro: macroSource(config, connected),
    heardSince,
    volatility: hosted === null ? 'one' : 'all',
  });
  rehearsal.board.addIvReadings(assumed.readings);
  const stage: Stage = { connected, calendar, rehearsal, optionFeed, hosted };
  if (hosted !== null) await fillVolatility(stage, options, clock.now().exchange);
  const done: Done[] = [];
  for (const plan of planned(config.strategies, calendar, clock.now().exchange, hosted !== null)) done.push(await rehearse(stage, plan));
  const strategies: StrategyReport[] = [];
  for (const of of config.strategies) strategies.push(await reportOf(stage, of, done));
  const embedded =
    tape === null ? `embedded exchange, synthetic market of seed ${String(config.run.seed)}` : `embedded exchange, tape ${tape.dir}`;
  return {
    source: hosted === null ? hosts.trading : embedded,
    ledger: ledger.name,
    optionsLevel: rehearsal.optionsLevel(),
    optionFeed,
    strategies,
  };
}

/** Rehearses the strategies of a configuration on its mode's market; exit 5 or 24 when the broker does not answer. */
export async function verifyStrategies(options: VerifyOptions): Promise<Verified> {
  const { config } = options;
  const dir = mkdtempSync(join(tmpdir(), 'wsb-strategies-'));
  try {
    const secrets = secretsOf(config);
    const hosted = config.run.mode === 'sim' && config.exchange === null ? await host(options, dir) : null;
    try {
      const connected = connect({ config, secrets, hosts: hostsOf(config, hosted?.server.url ?? config.exchange), log: () => {} });
      try {
        return await onStage(options, dir, hosted, connected);
      } finally {
        await connected.data.close();
        await connected.broker.close();
        connected.followed?.close();
      }
    } finally {
      await hosted?.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
