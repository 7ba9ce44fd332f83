// A dry run: the daemon's own engine, feeder and board about a ledger in memory. It reads from the broker and sends nothing.
//
// 1. Each tick has an engine of its own, so that what one strategy would open takes no room from the next.
// 2. What a turn commands is dropped here, and of the broker only its reads are known: no order can leave.

import { type WorldOptions, worldOf } from '../../daemon/daemon.ts';
import { createFeeder } from '../../daemon/feeder.ts';
import { createIvLog } from '../../daemon/iv-log.ts';
import type { MacroSource } from '../../daemon/reference-feed.ts';
import type { Phase } from '../../domain/event.ts';
import type { StrategyId, Symbol } from '../../domain/ids.ts';
import { type EpochMs, epochMs, type Now, SECOND } from '../../domain/time.ts';
import type { Turn } from '../../domain/turn.ts';
import type { Engine } from '../../engine/contract.ts';
import { createEngine } from '../../engine/engine.ts';
import { guarded } from '../../engine/isolation.ts';
import type { Enlisted } from '../../engine/world.ts';
import { type Board, createBoard } from '../../market/board.ts';
import type { EarningsReport } from '../../market/quote.ts';
import type { MarketView } from '../../market/view.ts';
import type { Broker } from '../../ports/broker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MarketData } from '../../ports/market-data.ts';
import type { Loaded } from '../../ports/store.ts';
import { type DataNeeds, noNeeds } from '../../strategies/strategy.ts';

export interface RehearsalOptions {
  readonly world: WorldOptions;
  readonly clock: Clock;
  readonly data: MarketData;
  readonly broker: Pick<Broker, 'snapshot'>;
  readonly account: string;
  /** What the engines begin with. */
  readonly loaded: Loaded;
  readonly earnings: readonly EarningsReport[];
  readonly macro: MacroSource | null;
  /** When the trade stream began to listen; null when it does not, and then nothing may be opened. */
  readonly heardSince: Now | null;
  /** Names whose history of implied volatility is filled in when none of it is known: all, or one to show that the source has it. */
  readonly volatility: 'all' | 'one';
}

export interface Cue {
  readonly strategy: StrategyId;
  readonly phase: Phase;
  readonly slot: string;
  readonly slotAt: EpochMs;
}

export interface Rehearsed {
  /** What it asked for, its chains included. */
  readonly needs: DataNeeds;
  /** The market as it was put before it. */
  readonly view: MarketView;
  readonly at: Now;
  readonly turn: Turn;
}

export interface Rehearsal {
  readonly board: Board;
  /** The options level that the broker states; null before the first read. */
  optionsLevel(): number | null;
  /** Fills in the histories of implied volatility that these ticks will ask for: many requests, once. */
  fillVolatility(cues: readonly Cue[]): Promise<void>;
  run(cue: Cue): Promise<Rehearsed>;
}

/** A ledger in which nothing has happened yet. */
export const emptyLedger: Loaded = {
  lastSeq: 0,
  orders: [],
  positions: [],
  cycles: [],
  lots: [],
  trades: [],
  penalties: new Map(),
  exits: [],
  decided: new Map(),
  memories: new Map(),
  halts: [],
  losses: null,
  switches: [],
  tokens: [],
  limitsSet: new Map(),
  iv: [],
  cash: null,
  ledgerKeys: new Set(),
  recentLedger: [],
  names: [],
  movements: [],
  activityWatermark: null,
};

/** A difference between ledger and broker is believed when a second read shows it again. */
const READS = 3;
const READ_AGAIN_MS = 1_600;
/** An account read longer ago than this, because the data took its time, is read again before the tick. */
const ACCOUNT_MS = 5 * SECOND;

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

/** Engines that have booted, heard their stream and read their broker, one after another. */
function engines({ clock, broker, account, loaded, heardSince }: RehearsalOptions, world: ReturnType<typeof worldOf>) {
  let squared = true;
  const read = async (engine: Engine): Promise<Turn> => {
    const after = engine.beliefs.ordersWatermark();
    const answer = await broker.snapshot({
      ordersAfter: after === null ? null : epochMs(after),
      activitiesAfter: epochMs(engine.beliefs.activitiesWatermark()),
    });
    return engine.turn(
      answer.ok ? { kind: 'snapshot', snapshot: answer.value } : { kind: 'snapshot_failed', because: answer.why },
      clock.now(),
    );
  };
  const begin = async (): Promise<Engine> => {
    const engine = createEngine(world, loaded);
    const since = heardSince ?? clock.now();
    engine.turn({ kind: 'boot', epoch: 0, uncleanBoots: 0, account }, since);
    if (heardSince !== null) engine.turn({ kind: 'link', link: 'orders', up: true, why: 'listening' }, since);
    // Where the books disagree for good, that is found out once and said by every tick: nobody waits for it again.
    for (let left = squared ? READS : 1; left > 0; left--) {
      const turn = await read(engine);
      squared = !turn.notes.some(({ event }) => event === 'reconcile.differs' || event === 'reconcile.failed');
      if (squared || left === 1) break;
      await pause(clock, READ_AGAIN_MS);
    }
    return engine;
  };
  return { begin, read };
}

/** What puts the market on a board, as the daemon does it. */
function feedsOf({ clock, data, macro, world }: RehearsalOptions, board: Board, engine: Engine, strategies: readonly Enlisted[]) {
  const { calendar, rate, dividendYields } = world;
  const feeder = createFeeder({ engine, strategies, board, data, calendar, clock, missing: () => {}, macro });
  const ivLog = createIvLog({
    board,
    data,
    feeder,
    calendar,
    clock,
    rate,
    dividendYields,
    push: (event) => event.kind === 'iv' && board.addIvReadings(event.readings),
    log: () => {},
  });
  return { feeder, ivLog };
}

/** Rehearses strategies one tick at a time, all on one board. */
export function createRehearsal(options: RehearsalOptions): Rehearsal {
  const { clock } = options;
  const loaded: Loaded = { ...options.loaded, switches: [] };
  const board = createBoard();
  board.addIvReadings(loaded.iv);
  board.setEarnings(options.earnings);
  // Whether it may open is the operator's choice, by configuration or by switch; what it would do is what is asked here.
  const strategies = options.world.strategies.map((enlisted) => ({ ...enlisted, enabled: true }));
  const world = worldOf({ ...options.world, strategies }, board);
  const guard = guarded(strategies);
  const { begin, read } = engines({ ...options, loaded }, world);
  let engine: Engine = createEngine(world, loaded);
  const current: Engine = {
    turn: (event, at) => engine.turn(event, at),
    get beliefs() {
      return engine.beliefs;
    },
    needsContext: (strategy, phase, at) => engine.needsContext(strategy, phase, at),
  };
  const { feeder, ivLog } = feedsOf(options, board, current, guard.strategies);
  const needsOf = ({ strategy, phase }: Cue): DataNeeds => {
    const enlisted = guard.strategies.find((e) => e.strategy.id === strategy)?.strategy;
    const context = engine.needsContext(strategy, phase, clock.now());
    if (enlisted === undefined || context === undefined) return noNeeds;
    const needs = enlisted.watches(context);
    return { ...needs, chains: [...needs.chains, ...enlisted.chains(context)] };
  };
  const remember = async (names: readonly Symbol[]): Promise<void> => {
    if (options.volatility === 'all') await ivLog.backfill(names);
    else if (names.every((name) => board.ivHistory(name).length === 0)) await ivLog.backfill(names.slice(0, 1));
  };
  return {
    board,
    optionsLevel: () => engine.beliefs.account?.optionsLevel ?? null,
    fillVolatility: async (cues) => {
      engine = await begin();
      await remember([...new Set(cues.flatMap((cue) => needsOf(cue).ivHistory))]);
    },
    run: async (cue) => {
      engine = await begin();
      const began = clock.now().mono;
      await remember(needsOf(cue).ivHistory);
      await feeder.prepare(cue.strategy, cue.phase);
      if (clock.now().mono - began > ACCOUNT_MS) await read(engine);
      const needs = needsOf(cue);
      const at = clock.now();
      const fault = guard.take(cue.strategy);
      const turn = engine.turn({ kind: 'tick', ...cue, ...(fault === null ? {} : { fault }) }, at);
      return { needs, view: world.market(at), at, turn };
    },
  };
}
