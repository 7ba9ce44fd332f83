// Lots and trades in memory and in the turn, beside the position that the same execution changes. Called by booking.ts alone.
import type { Owner, Symbol } from '../domain/ids.ts';
import { deliveringOption } from '../domain/life-key.ts';
import type { Lot } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import type { LedgerRow } from '../domain/position.ts';
import { isOpen, type Trade } from '../domain/trade.ts';
import { type Conversion, convertLots } from '../execution/convert.ts';
import { applyToLots, type LotExecution } from '../execution/lots.ts';
import { newTrade, opensTrades, withClosure, withLot } from '../execution/trades.ts';
import { type Draft, note } from './draft.ts';
import { penalise } from './penalties.ts';
import { forgetOldTrades, positionKey, type State } from './state.ts';

function keepTrade(state: State, draft: Draft, trade: Trade): void {
  state.trades.set(trade.id, trade);
  draft.trades.set(trade.id, trade);
}

/** The trade an order's executions open; undefined for an order that opens none, or whose decision is not on record. */
export function tradeOf(state: State, draft: Draft, order: Order): Trade | undefined {
  if (!opensTrades(order)) return undefined;
  return state.trades.get(order.ladder) ?? newTrade(order, state.decided.get(order.id), draft.at.exchange, draft.day) ?? undefined;
}

/** The trade that shares belong to which an option delivered: that of the lot which the same event takes next. */
export function deliveredTo(state: State, row: LedgerRow): Trade | undefined {
  const option = deliveringOption(row.key);
  const lot = option === undefined ? undefined : state.lots.get(positionKey(row.owner, option))?.[0];
  return lot?.trade === undefined || lot.trade === null ? undefined : state.trades.get(lot.trade);
}

function closeTrade(state: State, draft: Draft, trade: Trade): void {
  keepTrade(state, draft, trade);
  if (isOpen(trade)) return;
  note(draft, 'trade.closed', 'info', {
    strategy: trade.owner,
    underlying: trade.underlying,
    trade: trade.id,
    realized: trade.realized,
    code: trade.exit,
  });
  forgetOldTrades(state, draft.day);
}

/** Books an execution into lots, and its lots into their trades. `into` is the trade that `execution.trade` names. */
export function bookLots(state: State, draft: Draft, execution: LotExecution, into: Trade | undefined): void {
  const key = positionKey(execution.owner, execution.instrument.symbol);
  const step = applyToLots(state.lots.get(key) ?? [], execution);
  const { instrument, kind, halfSpread } = execution;
  if (step.open.length === 0) state.lots.delete(key);
  else state.lots.set(key, step.open);
  if (step.opened !== null) {
    draft.lots.set(step.opened.id, step.opened);
    if (into !== undefined) {
      penalise(state, { trade: into.id, instrument, qty: step.opened.qty, kind, halfSpread });
      keepTrade(state, draft, withLot(state.trades.get(into.id) ?? into, step.opened));
    }
  }
  for (const [i, closure] of step.closures.entries()) {
    const lot = step.taken[i] as Lot;
    draft.lots.set(lot.id, lot);
    draft.closures.push(closure);
    const trade = lot.trade === null ? undefined : state.trades.get(lot.trade);
    if (trade === undefined) continue;
    penalise(state, { trade: trade.id, instrument, qty: closure.qty, kind, halfSpread });
    closeTrade(state, draft, withClosure(trade, lot.instrument, closure));
  }
}

/** Books lots that became others: what came of them joins their trades before they leave, so that no trade ends in between. */
export function bookConvertedLots(state: State, draft: Draft, owner: Owner, from: Symbol, conversion: Conversion): void {
  const key = positionKey(owner, from);
  const { taken, closures, opened } = convertLots(state.lots.get(key) ?? [], conversion);
  state.lots.delete(key);
  const into = positionKey(owner, conversion.to.symbol);
  if (opened.length > 0) state.lots.set(into, [...(state.lots.get(into) ?? []), ...opened]);
  const tradeNamed = (id: string | null): Trade | undefined => (id === null ? undefined : state.trades.get(id));
  for (const lot of opened) {
    draft.lots.set(lot.id, lot);
    const trade = tradeNamed(lot.trade);
    if (trade !== undefined) keepTrade(state, draft, withLot(trade, lot));
  }
  for (const [i, closure] of closures.entries()) {
    const lot = taken[i] as Lot;
    draft.lots.set(lot.id, lot);
    draft.closures.push(closure);
    const trade = tradeNamed(lot.trade);
    if (trade !== undefined) closeTrade(state, draft, withClosure(trade, lot.instrument, closure));
  }
}

/** Packages filled by the walk that opened a trade, read off its orders, since a fill may be told after its cancel. */
export function countUnits(state: State, draft: Draft, id: string): void {
  const trade = state.trades.get(id);
  if (trade === undefined) return;
  let units = 0;
  for (const order of state.orders.values()) if (order.ladder === id) units += order.cumQty;
  if (units !== trade.units) keepTrade(state, draft, { ...trade, units });
}
