// All we believe, in memory: what was loaded, what happened since, and the runtime of walks and look-ups that no restart needs.
import type { AccountFacts } from '../domain/account.ts';
import type { Switch, Token } from '../domain/control.ts';
import type { Intent, Json } from '../domain/decision.ts';
import type { Remainder, ShutdownPolicy } from '../domain/event.ts';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { ClientOrderId, Owner, StrategyId, Symbol } from '../domain/ids.ts';
import type { InstrumentName } from '../domain/instrument-name.ts';
import type { LossRecord } from '../domain/losses.ts';
import type { Lot } from '../domain/lot.ts';
import type { Usd } from '../domain/money.ts';
import { isTerminal, type Order } from '../domain/order.ts';
import { isLive } from '../domain/order-machine.ts';
import { type Cycle, MOVEMENT_DAYS, type Movement, type Position } from '../domain/position.ts';
import { addDays, type EpochMs, type MonoMs, type Now, type TradingDay } from '../domain/time.ts';
import { type Decided, isRecent, type Trade } from '../domain/trade.ts';
import type { Halt, Mode } from '../domain/turn.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { LastMark } from '../risk/portfolio/market.ts';
import type { ExecutionWindow } from './execution-window.ts';
import type { LossWatch } from './loss-watch.ts';
import type { Upkeep } from './upkeep.ts';

/** A walk of one intent down its limits: at most one order of it lives at a time. */
export interface Ladder {
  readonly key: string;
  readonly slot: string;
  readonly strategy: StrategyId;
  readonly purpose: 'O' | 'C';
  readonly intent: Intent;
  /** Whole quantity wanted, after risk. */
  readonly total: number;
  /** Largest single order; the rest follows in slices. */
  readonly sliceMax: number;
  readonly filled: number;
  readonly rung: number;
  readonly slice: number;
  /** `clearing` waits for own protective orders, and for walks it takes the place of, to be gone; `walking` has or is about to have an order. */
  readonly phase: 'clearing' | 'walking' | 'done';
  readonly current: ClientOrderId | null;
  readonly placedAt: Now | null;
  readonly refusals: number;
  readonly retryAt: MonoMs | null;
  readonly begunAt: EpochMs;
  /** Given up by us: cancel what lives, place nothing more. */
  readonly abandoned: boolean;
}

/** Runtime of an order whose fate is uncertain or whose cancel is awaited. Wall time throughout. */
export interface Chase {
  readonly since: MonoMs;
  readonly asked: number;
  readonly cleanAbsents: number;
  readonly nextAt: MonoMs;
}

export interface Shutdown {
  readonly policy: ShutdownPolicy;
  readonly reason: string;
  readonly marketOpen: boolean;
  readonly since: MonoMs;
  readonly deadline: MonoMs;
  readonly phase: 'settle' | 'cancel' | 'flatten' | 'verify' | 'done';
  readonly phaseSince: MonoMs;
  readonly verifyAsked: boolean;
  readonly hurried: boolean;
  readonly remainder: readonly Remainder[];
}

/** A difference between ledger and broker seen once; booked when seen again unchanged. */
export interface Suspicion {
  readonly ours: number;
  readonly theirs: number;
  readonly times: number;
}

/** Units of a symbol that a corporate action changed, and whether the broker's positions have agreed since. */
export interface Converted {
  readonly day: TradingDay;
  /** What it added to our ledger under this symbol; negative when it took some. */
  readonly delta: number;
  readonly seen: boolean;
}

export interface State {
  seq: number;
  epoch: number;
  accountNumber: string;
  booted: boolean;
  readonly orders: Map<ClientOrderId, Order>;
  readonly positions: Map<string, Position>;
  readonly cycles: Map<string, Cycle>;
  /** Open lots by owner and symbol, oldest first; no entry where nothing is held. */
  readonly lots: Map<string, readonly Lot[]>;
  /** Open trades, and those closed not long ago. */
  readonly trades: Map<string, Trade>;
  /** What half the quoted spread of each trade's fills comes to; null where one was not quoted. */
  readonly penalties: Map<string, Usd | null>;
  /** What would close each open trade, by trade and code. */
  readonly exits: Map<string, ArmedExit>;
  /** What was said of each order in memory when it was decided. */
  readonly decided: Map<ClientOrderId, Decided>;
  readonly memories: Map<StrategyId, Json>;
  readonly ledgerKeys: Set<string>;
  readonly modes: Set<Mode>;
  halts: Halt[];
  /** As a person set them, by strategy. */
  readonly switches: Map<StrategyId, Switch>;
  /** Strategies that may open nothing, and why: by switch, by configuration, or left out of this run. */
  readonly off: Map<StrategyId, string>;
  /** Every token there ever was, by id. */
  readonly tokens: Map<string, Token>;
  limits: RiskLimits;
  limitsSet: ReadonlyMap<string, string>;
  cash: Usd | null;
  account: AccountFacts | null;
  accountSeen: MonoMs | null;
  lastSnapshotAt: Now | null;
  lastCleanReconcile: MonoMs | null;
  reconciledOnce: boolean;
  /** Activities are read again from here: a day or more before the last one booked, since late bookings sort before it. */
  activitiesWatermark: EpochMs;
  /** Deposits and withdrawals of the last thirty days, oldest first. */
  flows: readonly { readonly day: TradingDay; readonly amount: Usd }[];
  activityId: string | null;
  /** What fills and ledger rows moved in the last sixty days, as booked. */
  movements: Movement[];
  /** By the broker's id of the asset: its present symbol. */
  readonly names: Map<string, InstrumentName>;
  /** By symbol, old and new: the last conversion of its units. */
  readonly converted: Map<Symbol, Converted>;
  /** Every order recorded since is in memory; of older ones only those that lived at the start are. */
  ordersKnownSince: EpochMs;
  readonly ladders: Map<string, Ladder>;
  readonly chases: Map<ClientOrderId, Chase>;
  readonly suspicions: Map<string, Suspicion>;
  readonly disputed: Set<Symbol>;
  reconcileAsked: boolean;
  /** When a postponed reconcile is due, if one is. */
  reconcileAt: MonoMs | null;
  /** Since when the trade stream has been listening, null while it is not; a read taken before may lack what happened in between. */
  ordersLinkSince: MonoMs | null;
  /** Mono instant of each order's record turn, for the age of its verdict. */
  readonly recordedMono: Map<ClientOrderId, MonoMs>;
  protectRetryAt: MonoMs | null;
  shutdown: Shutdown | null;
  /** Last known prices of shares and volatilities of options, for a book whose quotes are missing for a moment. */
  readonly marks: Map<Symbol, LastMark>;
  readonly upkeep: Upkeep;
  readonly execution: ExecutionWindow;
  /** Null before equity was first looked at. */
  losses: LossRecord | null;
  readonly watch: LossWatch;
}

/** The slot of walks that close what expires today. */
export const DEADLINE_SLOT = 'deadline';

export const positionKey = (owner: Owner, symbol: Symbol): string => `${owner}|${symbol}`;
export const ruleKey = ({ trade, code }: Pick<ArmedExit, 'trade' | 'code'>): string => `${trade}|${code}`;
export const cycleKey = (owner: StrategyId, underlying: Symbol): string => `${owner}|${underlying}`;

/** Live orders, in the order in which they were recorded. */
export const liveOrders = (state: State): Order[] => [...state.orders.values()].filter(isLive);

/** Live orders of one strategy. */
export const workingOf = (state: State, strategy: StrategyId): Order[] => liveOrders(state).filter((o) => o.strategy === strategy);

export const positionsOf = (state: State, owner: Owner): Position[] => [...state.positions.values()].filter((p) => p.owner === owner);

/** Ladders not yet done. */
export const activeLadders = (state: State): Ladder[] => [...state.ladders.values()].filter((l) => l.phase !== 'done');

/** Orders of a day that are closed and no longer matter to anything in memory may be forgotten after this many session days. */
export function forgetOldOrders(state: State, before: TradingDay): void {
  for (const [id, order] of state.orders) {
    if (!isTerminal(order.state) || order.day >= before) continue;
    state.orders.delete(id);
    state.decided.delete(id);
  }
}

/** Trades closed longer ago are on disk alone. */
export function forgetOldTrades(state: State, today: TradingDay): void {
  for (const [id, trade] of state.trades) if (!isRecent(trade, today)) state.trades.delete(id);
  for (const id of [...state.penalties.keys()]) if (!state.trades.has(id)) state.penalties.delete(id);
  for (const [key, rule] of state.exits) if (!state.trades.has(rule.trade)) state.exits.delete(key);
}

/** Ledger rows carry unit keys; this counts those with a prefix, so that a further unit gets the next ordinal. */
export function countKeys(state: State, prefix: string): number {
  let n = 0;
  while (state.ledgerKeys.has(`${prefix}${n + 1}`)) n++;
  return n;
}

/** Keeps what a fill or ledger row moved, and forgets what is older than sixty days. */
export function remember(state: State, movement: Movement, today: TradingDay): void {
  const oldest = addDays(today, -MOVEMENT_DAYS);
  const [first] = state.movements;
  if (first !== undefined && first.day < oldest) state.movements = state.movements.filter((m) => m.day >= oldest);
  state.movements.push(movement);
}
