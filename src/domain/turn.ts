// Everything one event caused: the unit of commit, of logging, of replay and of the run digest.

import type { ControlRecord } from './control.ts';
import type { Decision, Json } from './decision.ts';
import type { Command, EngineEvent, IvReading } from './event.ts';
import type { ArmedExit } from './exit-rule.ts';
import type { Halt } from './halt.ts';
import type { Owner, StrategyId, Symbol } from './ids.ts';
import type { InstrumentName } from './instrument-name.ts';
import type { EquityRow, LossRecord } from './losses.ts';
import type { Closure, Lot } from './lot.ts';
import type { Order } from './order.ts';
import type { Cycle, FillRow, LedgerRow, Position } from './position.ts';
import type { ReasonCode } from './reasons.ts';
import type { RiskReading } from './risk-figures.ts';
import type { MonoMs, Now, TradingDay } from './time.ts';
import type { Trade } from './trade.ts';
import type { Denial, RuleCheck, Touch } from './verdict.ts';

export type { Halt };

/** What limits us now. A set, not a ladder: permission is AND over the active ones (reliability: degraded modes). */
export const modes = [
  'RECOVERING',
  'STREAM_DOWN',
  'BROKER_DOWN',
  'DATA_STALE',
  'RATE_LIMITED',
  'JOURNAL_DOWN',
  'CLOCK_BAD',
  'HALTED',
  'FROZEN',
  'SHUTTING_DOWN',
] as const;
export type Mode = (typeof modes)[number];

/** Both sides of a market as a decision found them, or why there were none. */
export type SeenQuote =
  | (Touch & { readonly kind: 'quoted' })
  | { readonly kind: 'absent'; readonly symbol: Symbol; readonly code: ReasonCode };

export interface DecisionRow {
  readonly strategy: StrategyId;
  readonly slot: string;
  readonly decision: Exclude<Decision, { kind: 'remember' }>;
  /** null for what needs no verdict (a pass). */
  readonly verdict: 'cleared' | 'denied' | null;
  readonly denial: Denial | null;
  readonly checks: readonly RuleCheck[];
  /** Ids of the orders it became at once. */
  readonly orders: readonly string[];
  /** The market of the subject and of every leg, in the turn of the decision. */
  readonly quotes: readonly SeenQuote[];
}

export type Severity = 'info' | 'minor' | 'major' | 'critical';

/** Something worth a log line. `event` is dotted, stable and listed in docs/events.md. */
export interface Note {
  readonly event: string;
  readonly severity: Severity;
  readonly detail: { readonly [key: string]: Json };
}

/** A changed position or cycle; `null` says it is gone. */
export interface PositionChange {
  readonly owner: Owner;
  readonly symbol: string;
  readonly now: Position | null;
}
export interface CycleChange {
  readonly owner: StrategyId;
  readonly underlying: string;
  readonly now: Cycle | null;
}

export interface Turn {
  readonly seq: number;
  readonly at: Now;
  readonly day: TradingDay;
  readonly event: EngineEvent;
  readonly decisions: readonly DecisionRow[];
  /** After-images of changed rows. */
  readonly orders: readonly Order[];
  readonly fills: readonly FillRow[];
  readonly ledger: readonly LedgerRow[];
  readonly positions: readonly PositionChange[];
  readonly cycles: readonly CycleChange[];
  /** After-images of trades and lots that changed, in the order in which they were opened, and the closures of this turn. */
  readonly trades: readonly Trade[];
  readonly lots: readonly Lot[];
  readonly closures: readonly Closure[];
  /** After-images of the exit rules that were armed, moved, fired or disarmed. */
  readonly exits: readonly ArmedExit[];
  /** Instruments seen for the first time, or under a new symbol. */
  readonly names: readonly InstrumentName[];
  readonly memories: ReadonlyMap<StrategyId, Json>;
  readonly iv: readonly IvReading[];
  /** The full set, when it changed in this turn; else null. */
  readonly halts: readonly Halt[] | null;
  readonly modes: readonly Mode[] | null;
  /** A row of equity, when one was due; what is kept of losses, when it changed. */
  readonly equity: EquityRow | null;
  readonly losses: LossRecord | null;
  /** The risk of the book, in a turn that keeps a row of equity. */
  readonly risk: RiskReading | null;
  /** What came of a person's wish, when the event was one; else null. */
  readonly control: ControlRecord | null;
  /** The activity id up to which the broker's record has been booked, when it moved. */
  readonly activityWatermark: string | null;
  readonly commands: readonly Command[];
  readonly notes: readonly Note[];
  /** When the engine next wants a `wake`, if nothing else happens; wall time. */
  readonly wakeAt: MonoMs | null;
}

/** True when the turn left nothing behind that must be on disk before anything else happens. */
export const isEmptyTurn = (turn: Turn): boolean =>
  turn.decisions.length === 0 &&
  turn.orders.length === 0 &&
  turn.fills.length === 0 &&
  turn.ledger.length === 0 &&
  turn.positions.length === 0 &&
  turn.cycles.length === 0 &&
  turn.trades.length === 0 &&
  turn.lots.length === 0 &&
  turn.closures.length === 0 &&
  turn.exits.length === 0 &&
  turn.names.length === 0 &&
  turn.memories.size === 0 &&
  turn.iv.length === 0 &&
  turn.halts === null &&
  turn.equity === null &&
  turn.losses === null &&
  turn.modes === null &&
  turn.control === null &&
  turn.activityWatermark === null &&
  turn.commands.length === 0 &&
  turn.notes.length === 0;
