// Books one owner's part of a conversion: position, lots, trades and cycle, at their old cost. Called by booking.ts alone.
import type { ConversionPart } from '../domain/conversion-key.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import type { LedgerRow } from '../domain/position.ts';
import { convertPosition, renameCycle, renames } from '../execution/convert.ts';
import type { Draft } from './draft.ts';
import { bookConvertedLots } from './lot-booking.ts';
import { cycleKey, positionKey, type State } from './state.ts';

function moveCycle(state: State, draft: Draft, owner: StrategyId, from: Symbol, to: Symbol): void {
  const [old, next] = [cycleKey(owner, from), cycleKey(owner, to)];
  const before = state.cycles.get(old);
  if (before === undefined) return;
  const after = renameCycle(before, state.cycles.get(next) ?? null, to);
  state.cycles.delete(old);
  state.cycles.set(next, after);
  draft.cycles.set(old, { owner, underlying: from, now: null });
  draft.cycles.set(next, { owner, underlying: to, now: after });
}

/** A cycle ends when a conversion leaves its owner nothing in the name. */
function endCycle(state: State, draft: Draft, owner: StrategyId, underlying: Symbol): void {
  const left = [...state.positions.values()].some((p) => p.owner === owner && p.instrument.underlying === underlying);
  if (left || !state.cycles.delete(cycleKey(owner, underlying))) return;
  draft.cycles.set(cycleKey(owner, underlying), { owner, underlying, now: null });
}

/** What a ledger row of a conversion does; a row that only says what left does nothing by itself. */
export function bookConversion(state: State, draft: Draft, row: LedgerRow, { from, out }: ConversionPart): void {
  const { key: by, owner, symbol, qty, at, day } = row;
  if (symbol === null) return;
  const before = state.converted.get(symbol);
  state.converted.set(symbol, { day, delta: (before?.day === day ? before.delta : 0) + qty, seen: false });
  const old = positionKey(owner, from);
  const held = state.positions.get(old);
  if (out || held === undefined) return;
  const to = instrumentOf(symbol);
  const total = from === symbol ? held.qty + qty : qty;
  const key = positionKey(owner, symbol);
  const after = convertPosition(held, from === symbol ? null : (state.positions.get(key) ?? null), { to, total });
  state.positions.delete(old);
  draft.positions.set(old, { owner, symbol: from, now: null });
  if (after !== null) state.positions.set(key, after);
  draft.positions.set(key, { owner, symbol, now: after });
  bookConvertedLots(state, draft, owner, from, { to, total, by, at, day });
  if (owner === 'EXTERNAL') return;
  const was = held.instrument.underlying;
  if (renames(was, to)) moveCycle(state, draft, owner, was, to.underlying);
  endCycle(state, draft, owner, was);
  endCycle(state, draft, owner, to.underlying);
}
