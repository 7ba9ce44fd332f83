// Keeps the engine fed, committed, scheduled and alive: the life of one run, from the loaded ledger to the exit code.
import type { Logger } from 'pino';
import type { OperatorAction, Remainder, ShutdownPolicy } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import type { Now } from '../domain/time.ts';
import type { Turn } from '../domain/turn.ts';
import type { Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { type Guarded, guarded } from '../engine/isolation.ts';
import type { Enlisted, World } from '../engine/world.ts';
import type { ExecutionBudgets } from '../execution/budgets.ts';
import { type Board, createBoard } from '../market/board.ts';
import type { Calendar } from '../market/calendar.ts';
import type { EarningsReport } from '../market/quote.ts';
import { instrumentTick } from '../market/ticks.ts';
import { defaultViewLimits, type OptionFeed, viewOf } from '../market/view.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Store } from '../ports/store.ts';
import type { Relimit } from '../risk/limit-keys.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { DataNeeds } from '../strategies/strategy.ts';
import { type Control, type ControlOptions, createControl } from './control/control.ts';
import { createDispatcher } from './dispatcher.ts';
import { createDuties, type Duties } from './duties.ts';
import { createFeeder, type Feeder } from './feeder.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIvLog } from './iv-log.ts';
import { messageOf, turnLogger } from './log.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';
import type { MacroSource } from './reference-feed.ts';
import { createScheduler, type DueTick, type Scheduler } from './scheduler.ts';

export interface DaemonOptions {
  readonly clock: Clock;
  readonly broker: Broker;
  readonly data: MarketData;
  readonly store: Store;
  readonly calendar: Calendar;
  readonly strategies: readonly Enlisted[];
  readonly limits: RiskLimits;
  /** The limits with some set anew. */
  readonly relimit: Relimit;
  readonly execution: ExecutionBudgets;
  /** Sector by ticker. */
  readonly sectors: ReadonlyMap<string, string>;
  readonly account: string;
  readonly epoch: number;
  readonly uncleanBoots: number;
  readonly today: ReturnType<Calendar['dayOf']>;
  readonly rate: number;
  readonly dividendYields: ReadonlyMap<string, number>;
  readonly earnings: readonly EarningsReport[];
  /** Names of inputs the operator supplied, by symbol. */
  readonly assumed: ReadonlyMap<string, readonly string[]>;
  readonly assumedIvRanks?: ReadonlyMap<string, number>;
  /** Null where nobody keeps a calendar of macro events. */
  readonly macro: MacroSource | null;
  /** What quotes of options come from. */
  readonly optionFeed: OptionFeed;
  readonly heartbeatMs: number;
  readonly reconcileEveryMs: number;
  readonly dryRun: boolean;
  readonly log: Logger;
  readonly observers: readonly ((turn: Turn) => void)[];
  /** What a stop that somebody asks for needs to know; asked when it is about to begin. */
  readonly stopping: ControlOptions['stopping'];
  /** This machine's clock, UTC milliseconds. */
  readonly wall: () => number;
}

export interface Stopped {
  readonly exitCode: number;
  readonly remainder: readonly Remainder[];
  readonly error: unknown;
}

export interface Daemon {
  readonly engine: Engine;
  readonly board: Board;
  /** A person's wishes; open from `start` on. */
  readonly control: Control;
  start(): void;
  /** Asks for an orderly stop; a second call hurries it. */
  shutdown(policy: ShutdownPolicy, reason: string, marketOpen: boolean, budgetMs: number): void;
  /** An operator's word, taken like any other event. */
  operator(order: OperatorAction): void;
  readonly stopped: Promise<Stopped>;
  lastBeat(): Now | null;
  /** Drops everything at once, as a crash would: no commit, no answer is taken any more. */
  abandon(): void;
}

/** What runs on its own once started: ticks by the calendar, and the duties that are no strategy's. */
function timekeeping(
  options: DaemonOptions,
  engine: Engine,
  board: Board,
  push: Inbox['push'],
  reconciler: Reconciler,
  guard: Guarded,
): { readonly scheduler: Scheduler; readonly duties: Duties; readonly feeder: Feeder } {
  const { clock, broker, data, calendar, log } = options;
  const { strategies } = guard;
  const say = (event: string, fields: Readonly<Record<string, unknown>>): void => log.info({ event, ...fields }, messageOf(event));
  const missing = (what: string, why: string): void => log.warn({ event: 'data.missing', what, why }, 'data missing');
  const feeder = createFeeder({ engine, strategies, board, data, calendar, clock, missing, macro: options.macro });
  const ivLog = createIvLog({
    board,
    data,
    feeder,
    calendar,
    clock,
    rate: options.rate,
    dividendYields: options.dividendYields,
    push,
    log: say,
  });
  const prepare = async (tick: DueTick): Promise<void> => {
    if (tick.missed > tick.passedOver) say('slot.missed', { strategy: tick.strategy, slot: tick.slot, missed: tick.missed });
    // Entries and daily marks rest on an account read now, not on the last periodic one; what will not be asked needs nothing.
    if (engine.beliefs.isIdle(tick.strategy, tick.phase)) return;
    if (tick.phase !== 'manage') await reconciler.recent(tick.phase);
    await feeder.prepare(tick.strategy, tick.phase);
  };
  const tell = ({ strategy, phase, slot, slotAt }: DueTick): void => {
    const fault = guard.take(strategy);
    push({ kind: 'tick', strategy, phase, slot, slotAt, ...(fault === null ? {} : { fault }) });
  };
  const ivNames = (): readonly Symbol[] => wishes(options.clock, strategies, engine, (needs) => needs.ivHistory);
  const duties = createDuties({
    clock,
    board,
    broker,
    calendar,
    engine,
    feeder,
    ivLog,
    reconciler,
    push,
    reconcileEveryMs: options.reconcileEveryMs,
    ivNames,
  });
  const scheduler = createScheduler({
    clock,
    calendar,
    strategies,
    heartbeatMs: options.heartbeatMs,
    prepare,
    push: tell,
    beat: duties.beat,
  });
  return { scheduler, duties, feeder };
}

/** A daemon over its parts. `start` boots the engine, connects the streams and starts the heartbeat. */
export function createDaemon(options: DaemonOptions): Daemon {
  const { clock, broker, store } = options;
  const board = createBoard();
  const loaded = store.load(options.today);
  board.addIvReadings(loaded.iv);
  board.setEarnings(options.earnings);
  const engine = createEngine(worldOf(options, board), loaded);
  let settle: (stopped: Stopped) => void = () => {};
  const stopped = new Promise<Stopped>((resolve) => {
    settle = resolve;
  });
  const end = (exitCode: number, remainder: readonly Remainder[], error: unknown = null): void => {
    control.close();
    inbox.close();
    scheduler.stop();
    duties.stop();
    settle({ exitCode, remainder, error });
  };
  const inbox: Inbox = createInbox({
    engine,
    clock,
    commit: (turn) => store.commit(turn),
    observers: [(turn) => board.addIvReadings(turn.iv), turnLogger(options.log), (turn) => control.observe(turn), ...options.observers],
    act: (turn) => dispatch(turn),
    failed: (error) => end(70, [], error),
  });
  const { push } = inbox;
  const reconciler = createReconciler(broker, engine.beliefs, clock, push);
  const dispatch = createDispatcher({
    broker,
    beliefs: engine.beliefs,
    push,
    dryRun: options.dryRun,
    stop: (code, remainder) => end(code, remainder),
    reconcile: (because) => void reconciler.run(because),
  });
  const { stopping, wall } = options;
  const control = createControl({ store, beliefs: engine.beliefs, push, reconcile: () => reconciler.run('operator'), stopping, wall });
  const guard = guarded(options.strategies);
  const { scheduler, duties, feeder } = timekeeping(options, engine, board, push, reconciler, guard);

  return {
    engine,
    board,
    control,
    stopped,
    start: () => {
      push({ kind: 'boot', epoch: options.epoch, uncleanBoots: options.uncleanBoots, account: options.account });
      control.open();
      broker.connect({
        report: (report) => push({ kind: 'report', report }),
        link: (up, why) => push({ kind: 'link', link: 'orders', up, why }),
        breaker: (lane, state) => push({ kind: 'breaker', lane, state }),
      });
      subscribe(options, guard.strategies, engine, board, feeder, push);
      duties.start();
      scheduler.start();
    },
    shutdown: (policy, reason, marketOpen, budgetMs) => {
      const again = engine.beliefs.shutdownPhase() !== null;
      push({ kind: 'operator', order: again ? { action: 'hurry' } : { action: 'shutdown', policy, reason, marketOpen, budgetMs } });
    },
    operator: (order) => push({ kind: 'operator', order }),
    lastBeat: () => scheduler.lastBeat(),
    abandon: () => end(137, []),
  };
}

/** What an engine's world is made of, beside the board. */
export type WorldOptions = Pick<
  DaemonOptions,
  'strategies' | 'calendar' | 'limits' | 'rate' | 'dividendYields' | 'assumed' | 'assumedIvRanks' | 'optionFeed'
> &
  Partial<Pick<DaemonOptions, 'sectors' | 'relimit' | 'execution'>>;

/** The world of an engine that looks at a board. */
export function worldOf(options: WorldOptions, board: Board): World {
  return {
    strategies: options.strategies,
    calendar: options.calendar,
    limits: options.limits,
    ...(options.sectors === undefined ? {} : { sectors: options.sectors }),
    ...(options.relimit === undefined ? {} : { relimit: options.relimit }),
    ...(options.execution === undefined ? {} : { execution: options.execution }),
    market: (now) =>
      viewOf(board, {
        now,
        calendar: options.calendar,
        rate: options.rate,
        dividendYields: options.dividendYields,
        assumed: options.assumed,
        assumedIvRanks: options.assumedIvRanks ?? new Map(),
        optionFeed: options.optionFeed,
        limits: {
          ...defaultViewLimits,
          stockQuoteMaxAgeMs: options.limits.equityQuoteAgeMsMax,
          optionQuoteMaxAgeMs: options.limits.optionQuoteAgeMsMax,
        },
      }),
    tick: (name, at) => instrumentTick(instrumentOf(name), board.contract(name)?.pennyProgram ?? null, (at < 0 ? -at : at) as never),
  };
}

/** What a strategy's needs are, asked before or between ticks. */
const wishes = (
  clock: Clock,
  strategies: readonly Enlisted[],
  engine: Engine,
  pick: (needs: DataNeeds) => readonly Symbol[],
): readonly Symbol[] => {
  const names = new Set<Symbol>();
  for (const { strategy } of strategies) {
    const context = engine.needsContext(strategy.id, 'entry', clock.now());
    if (context !== undefined && !engine.beliefs.isIdle(strategy.id, 'entry'))
      for (const name of pick(strategy.watches(context))) names.add(name);
  }
  return [...names];
};

/** A free data plan streams this many share symbols; the rest is read before each tick anyway. */
const STREAMED_MAX = 30;

/** Shares that strategies quote are streamed as well, and minutes of those they follow by the minute, so that the board is warm between ticks. */
function subscribe(
  options: DaemonOptions,
  strategies: readonly Enlisted[],
  engine: Engine,
  board: Board,
  feeder: Feeder,
  push: Inbox['push'],
): void {
  const wish = (pick: (needs: DataNeeds) => readonly Symbol[]) => wishes(options.clock, strategies, engine, pick);
  const names = wish((needs) => needs.quotes);
  const byMinute = wish((needs) => needs.intradayBars.filter((n) => n.minutes === 1).map((n) => n.symbol));
  if (names.length === 0 && byMinute.length === 0) return;
  options.data.subscribe(names.slice(0, STREAMED_MAX), {
    quote: (quote) => board.setQuote(quote),
    minuteBars: { symbols: byMinute, bar: (symbol, bar) => feeder.minuteBar(symbol, bar) },
    link: (up, why) => push({ kind: 'link', link: 'quotes', up, why }),
  });
}
