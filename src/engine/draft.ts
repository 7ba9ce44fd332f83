// A turn being written: handlers record what changed, and the finished turn carries the after-images.
import type { Json } from '../domain/decision.ts';
import type { Command, EngineEvent, IvReading } from '../domain/event.ts';
import type { ClientOrderId, StrategyId } from '../domain/ids.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import type { FillRow, LedgerRow } from '../domain/position.ts';
import type { MonoMs, Now, TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { CycleChange, DecisionRow, Halt, Mode, Note, PositionChange, Severity, Turn } from '../domain/turn.ts';

export interface Draft {
  readonly seq: number;
  readonly at: Now;
  readonly day: TradingDay;
  readonly event: EngineEvent;
  readonly decisions: DecisionRow[];
  readonly orders: Map<ClientOrderId, Order>;
  readonly fills: FillRow[];
  readonly ledger: LedgerRow[];
  readonly positions: Map<string, PositionChange>;
  readonly cycles: Map<string, CycleChange>;
  readonly trades: Map<string, Trade>;
  readonly lots: Map<string, Lot>;
  readonly closures: Closure[];
  readonly memories: Map<StrategyId, Json>;
  readonly iv: IvReading[];
  halts: readonly Halt[] | null;
  activityId: string | null;
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
  memories: new Map(),
  iv: [],
  halts: null,
  activityId: null,
  commands: [],
  notes: [],
  modesTouched: false,
});

/** Adds a note to the turn. */
export function note(draft: Draft, event: string, severity: Severity, detail: { readonly [key: string]: Json }): void {
  draft.notes.push({ event, severity, detail });
}

/** The finished turn. Commands repeat at most once each. */
export function finish(draft: Draft, modes: readonly Mode[], wakeAt: MonoMs | null): Turn {
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
    decisions: draft.decisions,
    orders: [...draft.orders.values()],
    fills: draft.fills,
    ledger: draft.ledger,
    positions: [...draft.positions.values()],
    cycles: [...draft.cycles.values()],
    trades: [...draft.trades.values()],
    lots: [...draft.lots.values()],
    closures: draft.closures,
    memories: draft.memories,
    iv: draft.iv,
    halts: draft.halts,
    modes: draft.modesTouched ? modes : null,
    activityWatermark: draft.activityId,
    commands,
    notes: draft.notes,
    wakeAt,
  };
}
