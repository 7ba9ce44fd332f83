// Domain values to table rows and back. Property names agree, so most of it is spreading.
import { ensure } from '../base/assert.ts';
import type { Json } from '../domain/decision.ts';
import type { SubmitOutcome } from '../domain/event.ts';
import { type ArmedExit, exitKind } from '../domain/exit-rule.ts';
import { instrumentOf } from '../domain/instrument.ts';
import type { InstrumentName } from '../domain/instrument-name.ts';
import { legPlan } from '../domain/legs.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import { halfSpreadsOf } from '../domain/penalty.ts';
import type { FillRow, LedgerRow, Position } from '../domain/position.ts';
import type { Decided, Trade } from '../domain/trade.ts';
import type { DecisionRow, Halt, PositionChange, Turn } from '../domain/turn.ts';
import type { decisions, LastObserved } from './schema/decision.ts';
import type { ledger, positions } from './schema/holding.ts';
import type { instruments } from './schema/instrument.ts';
import type { closures, exitRules, lots, trades } from './schema/lot.ts';
import type { fills, orders } from './schema/order.ts';
import type { halts } from './schema/run.ts';

export type OrderRecord = typeof orders.$inferSelect;
export type FillRecord = typeof fills.$inferSelect;
export type LedgerRecord = typeof ledger.$inferSelect;
export type PositionRecord = typeof positions.$inferSelect;
export type LotRecord = typeof lots.$inferSelect;
export type ClosureRecord = typeof closures.$inferSelect;
export type TradeRecord = typeof trades.$inferSelect;
export type ExitRecord = typeof exitRules.$inferSelect;
export type DecisionRecord = typeof decisions.$inferSelect;
export type HaltRecord = typeof halts.$inferSelect;

export const orderRecord = (order: Order, seq: number): OrderRecord => ({ ...order, underlying: order.legs[0].instrument.underlying, seq });

export function orderOf(record: OrderRecord): Order {
  const { underlying: _underlying, seq: _seq, ...order } = record;
  return order;
}

export function fillOf(record: FillRecord): FillRow {
  const { seq: _seq, ...fill } = record;
  return fill;
}

export function ledgerOf(record: LedgerRecord): LedgerRow {
  const { seq: _seq, ...row } = record;
  return row;
}

export const positionRecord = (position: Position, seq: number): PositionRecord => {
  const { instrument } = position;
  return { ...position, symbol: instrument.symbol, underlying: instrument.underlying, seq };
};

export function positionOf(record: PositionRecord): Position {
  const { owner, instrument, qty, cost, openedDay } = record;
  return { owner, instrument, qty, cost, openedDay };
}

/** An instrument as it was first seen. */
export function instrumentRecord({ asset, symbol }: InstrumentName, seq: number): typeof instruments.$inferSelect {
  const instrument = instrumentOf(symbol);
  const { kind, underlying, multiplier } = instrument;
  const option = instrument.kind === 'option' ? instrument : null;
  return {
    asset,
    kind,
    underlying,
    multiplier,
    right: option?.right ?? null,
    strike: option?.strike ?? null,
    expiry: option?.expiry ?? null,
    seq,
  };
}

/** The row of a lot; `openedSeq` counts only for a lot that is new. */
export const lotRecord = (lot: Lot, seq: number): LotRecord => {
  const { symbol, underlying } = lot.instrument;
  return { ...lot, symbol, underlying, openedSeq: seq, seq };
};

export function lotOf(record: LotRecord): Lot {
  const { symbol: _symbol, underlying: _underlying, openedSeq: _openedSeq, seq: _seq, ...lot } = record;
  return lot;
}

export function closureOf(record: ClosureRecord): Closure {
  const { seq: _seq, ...closure } = record;
  return closure;
}

export function tradeOf(record: TradeRecord): Trade {
  const { seq: _seq, ...trade } = record;
  return trade;
}

export const exitRecord = (rule: ArmedExit, seq: number): ExitRecord => ({ ...rule, kind: exitKind(rule.code), seq });

export function exitOf(record: ExitRecord): ArmedExit {
  const { kind: _kind, seq: _seq, ...rule } = record;
  return rule;
}

/** What a decision said of an order it became. */
export function decidedOf({ code, why, intent, quotes }: Pick<DecisionRecord, 'code' | 'why' | 'intent' | 'quotes'>): Decided {
  const { maxLoss, thesis } = (intent ?? {}) as { readonly maxLoss?: Decided['maxLoss']; readonly thesis?: Json };
  const decided = { code, why, maxLoss: maxLoss ?? null, thesis: thesis ?? null };
  return quotes === null ? decided : { ...decided, halfSpreads: halfSpreadsOf(quotes) };
}

/** True when a change and its after-image name the same owner and symbol. */
export const agrees = (change: PositionChange): boolean =>
  change.now === null || (change.now.owner === change.owner && change.now.instrument.symbol === change.symbol);

export function haltOf(record: HaltRecord): Halt {
  const { level, reason, since, cause } = record;
  const rest = { level, reason, since, ...(cause === null ? {} : { cause }) };
  switch (record.scope) {
    case 'account':
      return { scope: { kind: 'account' }, ...rest };
    case 'strategy':
      return { scope: { kind: 'strategy', id: record.name as Extract<Halt['scope'], { kind: 'strategy' }>['id'] }, ...rest };
    case 'symbol':
      return {
        scope: { kind: 'symbol', symbol: record.name as Extract<Halt['scope'], { kind: 'symbol' }>['symbol'] },
        ...rest,
      };
  }
}

/** The strategy or symbol a scope names; empty for the account. */
export function scopeName(scope: Halt['scope']): string {
  switch (scope.kind) {
    case 'account':
      return '';
    case 'strategy':
      return scope.id;
    case 'symbol':
      return scope.symbol;
  }
}

/** What is particular to a decision's kind. */
function intentOf(decision: DecisionRow['decision']): Json {
  switch (decision.kind) {
    case 'pass':
      return null;
    case 'cancel':
      return 'order' in decision ? { order: decision.order } : { walk: decision.walk, key: decision.key ?? null };
    case 'open':
    case 'close': {
      const { subject: _s, code: _c, why: _w, gates: _g, assumed: _a, kind: _k, ...intent } = decision;
      return intent as unknown as Json; // plain data: legs, integers and text
    }
  }
}

function target(decision: DecisionRow['decision']): string {
  switch (decision.kind) {
    case 'pass':
      return '';
    case 'cancel':
      return 'order' in decision ? decision.order : `${decision.walk} ${decision.key ?? ''}`;
    case 'open':
    case 'close':
      return `${decision.qty} x ${legPlan(decision.legs)}`;
  }
}

/** Equal patterns are the same verdict said again. One that became an order never is: it has none. */
export function patternOf(row: DecisionRow): string | null {
  if (row.orders.length > 0) return null;
  const { decision, verdict, denial } = row;
  const gates = decision.gates.map((gate) => `${gate.name}=${gate.pass ? '+' : '-'}`).join(',');
  const assumed = (decision.assumed ?? []).join(',');
  return [decision.kind, decision.code, verdict ?? '', denial?.code ?? '', gates, target(decision), assumed].join('|');
}

export function lastObserved(row: DecisionRow): LastObserved {
  const { slot, decision, denial, checks, quotes } = row;
  return { slot, why: decision.why, gates: decision.gates, intent: intentOf(decision), denial, checks, quotes };
}

export function decisionRecord(row: DecisionRow, turn: Turn, id: number): DecisionRecord {
  const { decision, strategy, slot, verdict, denial, checks, quotes } = row;
  return {
    id,
    strategy,
    slot,
    verdict,
    denial,
    checks,
    quotes,
    subject: decision.subject,
    phase: phaseOf(turn),
    day: turn.day,
    kind: decision.kind,
    code: decision.code,
    why: decision.why,
    gates: decision.gates,
    intent: intentOf(decision),
    denialCode: denial?.code ?? null,
    assumed: decision.assumed ?? [],
    pattern: patternOf(row),
    firstSeq: turn.seq,
    firstAt: turn.at.exchange,
    lastSeq: turn.seq,
    lastAt: turn.at.exchange,
    count: 1,
    last: null,
  };
}

export const phaseOf = (turn: Turn): DecisionRecord['phase'] => (turn.event.kind === 'tick' ? turn.event.phase : 'none');

/** The words that go with a submit's outcome; null where the kind says it all. */
export function outcomeDetail(outcome: SubmitOutcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
    case 'mismatch':
      return outcome.report.brokerId;
    case 'refused':
      return `${outcome.code}: ${outcome.message}`;
    case 'unsent':
    case 'unknown':
      return outcome.because;
    case 'duplicate':
      return null;
  }
}

/** The order a command is about; null for the others. */
export const commandOrder = (command: Turn['commands'][number]) => ('id' in command ? ensure(command.id, 'order of a command') : null);
