// A turn being written: handlers record what changed, and the finished turn carries the after-images.
import type { ControlRecord } from '../domain/control.ts';
import type { Json } from '../domain/decision.ts';
import type { Command, EngineEvent, IvReading } from '../domain/event.ts';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { ClientOrderId, StrategyId } from '../domain/ids.ts';
import type { InstrumentName } from '../domain/instrument-name.ts';
import type { EquityRow, LossRecord } from '../domain/losses.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import type { FillRow, LedgerRow } from '../domain/position.ts';
import type { RiskReading } from '../domain/risk-figures.ts';
import type { MonoMs, Now, TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { CycleChange, DecisionRow, Halt, Mode, Note, PositionChange, Severity, Turn } from '../domain/turn.ts';

/** A decision as the handlers write it; what the market was is added once, at the end of the turn. */
export type DraftedDecision = Omit<DecisionRow, 'quotes'>;

export interface Draft {
  readonly seq: number;
  readonly at: Now;
  readonly day: TradingDay;
  readonly event: EngineEvent;
  readonly decisions: DraftedDecision[];
  readonly orders: Map<ClientOrderId, Order>;
  readonly fills: FillRow[];
  readonly ledger: LedgerRow[];
  readonly positions: Map<string, PositionChange>;
  readonly cycles: Map<string, CycleChange>;
  readonly trades: Map<string, Trade>;
  readonly lots: Map<string, Lot>;
  readonly closures: Closure[];
  /** By trade and code. */
  readonly exits: Map<string, ArmedExit>;
  readonly names: InstrumentName[];
  readonly memories: Map<StrategyId, Json>;
  readonly iv: IvReading[];
  halts: readonly Halt[] | null;
  equity: EquityRow | null;
  losses: LossRecord | null;
  risk: RiskReading | null;
  activityId: string | null;
  control: ControlRecord | null;
  readonly commands: Command[];
  readonly notes: Note[];
  modesTouched: boolean;
}

export const newDraft = (seq: number, at: Now, day: TradingDay, event: EngineEvent): Draft => ({
  seq,
  at,
  day,
  event,
  decisions: [],
  orders: new Map(),
  fills: [],
  ledger: [],
  positions: new Map(),
  cycles: new Map(),
  trades: new Map(),
  lots: new Map(),
  closures: [],
  exits: new Map(),
  names: [],
  memories: new Map(),
  iv: [],
  halts: null,
  equity: null,
  losses: null,
  risk: null,
  activityId: null,
  control: null,
  commands: [],
  notes: [],
  modesTouched: false,
});

/** Adds a note to the turn. */
export function note(draft: Draft, event: string, severity: Severity, detail: { readonly [key: string]: Json }): void {
  draft.notes.push({ event, severity, detail });
}

/** What the engine settles at the end of a turn. */
export interface Ending {
  readonly modes: readonly Mode[];
  readonly wakeAt: MonoMs | null;
  /** The market that a decision was made in. */
  readonly seen: (decision: DecisionRow['decision']) => DecisionRow['quotes'];
}

/** The finished turn. Commands repeat at most once each. */
export function finish(draft: Draft, { modes, wakeAt, seen: quotesOf }: Ending): Turn {
  const seen = new Set<string>();
  const commands = draft.commands.filter((c) => {
    const text = JSON.stringify(c);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  return {
    seq: draft.seq,
    at: draft.at,
    day: draft.day,
    event: draft.event,
    decisions: draft.decisions.map((row) => ({ ...row, quotes: quotesOf(row.decision) })),
    orders: [...draft.orders.values()],
    fills: draft.fills,
    ledger: draft.ledger,
    positions: [...draft.positions.values()],
    cycles: [...draft.cycles.values()],
    trades: [...draft.trades.values()],
    lots: [...draft.lots.values()],
    closures: draft.closures,
    exits: [...draft.exits.values()],
    names: draft.names,
    memories: draft.memories,
    iv: draft.iv,
    halts: draft.halts,
    equity: draft.equity,
    losses: draft.losses,
    risk: draft.risk,
    modes: draft.modesTouched ? modes : null,
    activityWatermark: draft.activityId,
    control: draft.control,
    commands,
    notes: draft.notes,
    wakeAt,
  };
}
