// Replacing an order: the old one works on until the new one takes its place, and whichever a fill meets first is filled.
import type { XOrder, XOrderPatch, XOrderRequest, XRefusal, XResult } from '../types.ts';
import { report } from './book.ts';
import { judge } from './checks.ts';
import { dropReplacement, matchPartner } from './ending.ts';
import { groupOf, isEntry, isGrouped, isStopSide, remaining } from './groups.ts';
import { workingHours } from './hours.ts';
import { isWhole, minus } from './quantity.ts';
import { invalid, notFound, unprocessable } from './refusals.ts';
import { type BookOrder, isOpen } from './rows.ts';
import { trailedStop } from './stops.ts';
import { fresh, matchInstant, newOrder } from './take.ts';
import type { Venue } from './venue.ts';

/** From the request to the moment the new order takes the place of the old one. */
const REPLACE_MS = 20;

function stateFlaw({ order, awaits, cancelAt }: BookOrder): XRefusal | undefined {
  if (order.status === 'replaced') return unprocessable('order already replaced');
  if (awaits?.kind === 'replace') return unprocessable('order chain not fully replaced');
  const status = cancelAt !== null && isOpen(order) ? 'pending_cancel' : order.status;
  if (status !== 'new' && status !== 'partially_filled') return unprocessable(`cannot replace order in ${status} status`);
  return order.notional === null ? undefined : unprocessable('notional orders cannot be replaced');
}

/** Fields an order of its kind does not have cannot be changed. */
function fieldFlaw(order: XOrder, patch: XOrderPatch): XRefusal | undefined {
  const { type } = order;
  if (patch.limitPrice !== null && order.limitPrice === null) return invalid(`${type} orders have no limit price to replace`);
  if (patch.stopPrice !== null && !isStopSide(order)) return invalid(`${type} orders have no stop price to replace`);
  if (patch.trail !== null && order.trail === null) return invalid(`${type} orders have no trail to replace`);
  if (patch.timeInForce !== null && (isGrouped(order) || order.orderClass === 'mleg')) {
    return unprocessable(`time_in_force of ${order.orderClass} orders cannot be replaced`);
  }
  if (patch.qty !== null && order.parentId !== null) return unprocessable('qty of a leg follows the order it belongs to');
  return undefined;
}

const changed = (order: XOrder, patch: XOrderPatch): boolean =>
  (patch.qty !== null && patch.qty !== order.qty) ||
  (patch.limitPrice !== null && patch.limitPrice !== order.limitPrice) ||
  (patch.stopPrice !== null && patch.stopPrice !== order.stopPrice) ||
  (patch.trail !== null && patch.trail !== order.trail?.amount) ||
  (patch.timeInForce !== null && patch.timeInForce !== order.timeInForce);

function patchFlaw(order: XOrder, patch: XOrderPatch): XRefusal | undefined {
  const field = fieldFlaw(order, patch);
  if (field !== undefined) return field;
  if (!changed(order, patch)) return unprocessable('order parameters are not changed');
  if (patch.qty === null) return undefined;
  if (!isWhole(order.qty) || !isWhole(patch.qty)) return unprocessable('qty of fractional orders cannot be replaced');
  return patch.qty > order.filledQty ? undefined : unprocessable('qty must be > filled_qty');
}

/** What the new order asks of the account: the old one's terms, changed, for the units that are left. */
function requestOf(venue: Venue, order: XOrder, patch: XOrderPatch): XOrderRequest {
  const grouped = isGrouped(order) && order.parentId === null;
  const exits = grouped ? groupOf(venue.truth, order).slice(1) : [];
  const stop = exits.find((row) => isStopSide(row.order))?.order;
  const gain = exits.find((row) => row.order.type === 'limit')?.order;
  const { trail, stopPrice } = order;
  return {
    clientOrderId: patch.clientOrderId,
    symbol: order.orderClass === 'mleg' ? null : order.symbol,
    qty: minus(patch.qty ?? order.qty, order.filledQty),
    notional: null,
    side: order.side === '' ? null : order.side,
    type: order.type,
    timeInForce: patch.timeInForce ?? order.timeInForce,
    limitPrice: patch.limitPrice ?? order.limitPrice,
    stopPrice: trail === null ? (patch.stopPrice ?? stopPrice) : null,
    trail: trail === null ? null : { ...trail, amount: patch.trail ?? trail.amount },
    extendedHours: order.extendedHours,
    orderClass: grouped || order.orderClass === 'mleg' ? order.orderClass : 'simple',
    takeProfit: gain?.limitPrice ?? null,
    stopLoss: stop === undefined || stop.stopPrice === null ? null : { stopPrice: stop.stopPrice, limitPrice: stop.limitPrice },
    intent: order.intent,
    legs: order.legs.map(({ symbol, ratioQty, side, intent }) => ({ symbol, ratioQty, side, intent })),
  };
}

/** The venue as it would be without some of its open orders: what they hold is free for the order that replaces them. */
function without(venue: Venue, ids: ReadonlySet<string>): Venue {
  const { truth } = venue;
  return { ...venue, truth: { ...truth, openOf: (account) => truth.openOf(account).filter((row) => !ids.has(row.order.id)) } };
}

/** Asks for an order to be replaced; the answer is the new order, which does not work yet. */
export function requestReplace(venue: Venue, account: string, id: string, patch: XOrderPatch, at: number): XResult<XOrder> {
  const { truth } = venue;
  const row = truth.order(id);
  if (row === undefined || row.order.account !== account) return notFound('order not found');
  const flaw = stateFlaw(row) ?? patchFlaw(row.order, patch);
  if (flaw !== undefined) return flaw;
  const old = row.order;
  if (patch.clientOrderId !== null && truth.orderByClientId(account, patch.clientOrderId) !== undefined) {
    return invalid('client_order_id must be unique');
  }
  const request = requestOf(venue, old, patch);
  const group = new Set(isGrouped(old) ? groupOf(truth, old).map((one) => one.order.id) : [id]);
  const verdict = judge(without(venue, group), account, request, at);
  if (!verdict.ok) return verdict;
  const order: XOrder = {
    ...newOrder(venue, account, request, verdict, at),
    status: 'pending_new',
    orderClass: old.orderClass,
    qty: patch.qty ?? old.qty,
    filledQty: old.filledQty,
    filledCash: old.filledCash,
    triggered: old.triggered && patch.stopPrice === null,
    held: Math.max(0, verdict.held - old.held),
    replaces: id,
  };
  const awaits = { kind: 'replace', of: id, held: verdict.held, units: remaining(order) } as const;
  truth.putOrder({ ...fresh(venue, order, awaits), venueReason: verdict.venueReason });
  const asked: XOrder = { ...old, status: 'pending_replace', updatedAt: at };
  report(venue, { ...row, order: asked, replacement: { by: order.id, at: at + REPLACE_MS } }, 'pending_replace');
  return { ok: true, value: order };
}

/** A trailing stop goes on from the best price the old one has seen. */
const trailing = ({ trail, side }: XOrder, { hwm }: XOrder): Partial<XOrder> =>
  trail === null || hwm === null || side === '' ? {} : { hwm, stopPrice: trailedStop(trail, hwm, side) };

/** The new order with what the old one has done and been given by now. */
function succeeding({ awaits, order }: BookOrder, old: XOrder, at: number): XOrder {
  const qty = old.parentId === null ? order.qty : old.qty;
  const left = minus(qty, old.filledQty);
  const held = awaits?.kind === 'replace' ? Math.ceil((awaits.held / awaits.units) * Math.min(left, awaits.units)) : 0;
  const { filledQty, filledCash, parentId } = old;
  const legs = order.legs.map((leg, i) => ({ ...leg, filledQty: old.legs[i]?.filledQty ?? 0, filledCash: old.legs[i]?.filledCash ?? 0 }));
  return { ...order, ...trailing(order, old), qty, held, status: 'new', updatedAt: at, parentId, filledQty, filledCash, legs };
}

/** The new order takes the place of the old one, in its group too; or is turned down, when fills have left it nothing to do. */
export function finishReplace(venue: Venue, row: BookOrder, at: number): void {
  const { truth } = venue;
  const next = row.replacement === null ? undefined : truth.order(row.replacement.by);
  const reason = next?.venueReason ?? null;
  if (next === undefined || !isOpen(next.order) || reason !== null || next.order.qty <= row.order.filledQty) {
    dropReplacement(venue, row, reason);
    return;
  }
  const old = row.order;
  const gone: XOrder = { ...old, status: 'replaced', replacedBy: next.order.id, replacedAt: at, updatedAt: at, held: 0, parentId: null };
  report(venue, { ...row, order: gone, ackAt: null, matchAt: null, cancelAt: null, replacement: null }, 'replaced');
  const order = succeeding(next, old, at);
  for (const leg of truth.childrenOf(old.id)) {
    truth.putOrder({ ...leg, order: { ...leg.order, parentId: order.id, qty: isEntry(old) ? order.qty : leg.order.qty } });
  }
  const from = Math.max(at, workingHours(venue.calendar, order, at).from);
  const live: BookOrder = { ...next, order, awaits: null, matchAt: matchInstant(venue, order, from) };
  report(venue, live, 'new');
  if (next.cancelAt !== null) report(venue, { ...live, order: { ...order, status: 'pending_cancel' } }, 'pending_cancel');
  if (!isEntry(order)) matchPartner(venue, order);
}
