// The engine's one door, as the daemon sees it.

import type { AccountFacts } from '../domain/account.ts';
import type { Difference, Switch, Token } from '../domain/control.ts';
import type { EngineEvent, Phase } from '../domain/event.ts';
import type { ClientOrderId, StrategyId, Symbol } from '../domain/ids.ts';
import type { Lot } from '../domain/lot.ts';
import type { Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { Known } from '../domain/reasons.ts';
import type { Now } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { Halt, Mode, Turn } from '../domain/turn.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { SupposedOrder } from '../risk/supposed-order.ts';
import type { NeedsContext } from '../strategies/strategy.ts';
import type { LossView } from './loss-view.ts';
import type { RiskView } from './risk-view.ts';

/** Read-only beliefs, for dispatching commands, status and metrics. */
export interface Beliefs {
  readonly account: AccountFacts | null;
  readonly modes: ReadonlySet<Mode>;
  readonly halts: readonly Halt[];
  readonly switches: ReadonlyMap<StrategyId, Switch>;
  /** Strategies that may open nothing, and why. */
  readonly off: ReadonlyMap<StrategyId, string>;
  readonly tokens: ReadonlyMap<string, Token>;
  /** As configured, with what people set above it. */
  readonly limits: RiskLimits;
  /** Limits that people set, by dotted name, as the configuration would state them. */
  readonly limitsSet: ReadonlyMap<string, string>;
  /** True when a slot of this phase will ask nothing of the strategy. */
  isIdle(strategy: StrategyId, phase: Phase): boolean;
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  positions(owner?: StrategyId | 'EXTERNAL'): readonly Position[];
  cycles(): readonly Cycle[];
  /** Open lots; those of one owner and symbol oldest first. */
  lots(): readonly Lot[];
  /** Open trades, and those closed in the last 45 days. */
  trades(): readonly Trade[];
  readonly cash: Usd | null;
  /** Equity, losses and the halt ladder as last looked at. */
  losses(): LossView;
  /** How every limit stands at an instant; ACCOUNT_STALE before the account was read. Changes nothing. */
  risk(at: Now): Known<RiskView>;
  /** What the gate would say to an order now. Changes nothing. */
  verdict(order: SupposedOrder, at: Now): Verdict;
  /** Where the last read of the broker differed from the ledger. */
  differences(): Difference['differences'];
  /** True once booted, reconciled and not halted: entries may leave. */
  ready(): boolean;
  /** May this order's bytes leave now? Asked in the same step as the write to the network. */
  mayLeave(id: ClientOrderId): boolean;
  /** Symbols of walks and orders under way and of positions, with their underlyings: their quotes must stay fresh. */
  watching(): readonly Symbol[];
  /** Progress of an orderly stop; null when none was asked for. */
  shutdownPhase(): string | null;
  /** Orders after whose submission time closed orders must be re-read; null when none. */
  ordersWatermark(): number | null;
  activitiesWatermark(): number;
}

export interface Engine {
  /** Synchronous; no I/O, no clock, no chance: time arrives as `at`. The turn must be committed before its commands are carried out. */
  turn(event: EngineEvent, at: Now): Turn;
  readonly beliefs: Beliefs;
  /** What a strategy's data needs are asked with, for the feeder; undefined for an unknown strategy. */
  needsContext(strategy: StrategyId, phase: Phase, at: Now): NeedsContext<unknown> | undefined;
}
