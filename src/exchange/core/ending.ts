// How orders end, and what ends with them: the rest of a group, and a replacement that came too late.
import type { XOrder, XStatus } from '../types.ts';
import { closingOrders, isClosing, partsOf, report, sideSign } from './book.ts';
import { groupOf, isEntry, isGrouped, partnerOf, remaining } from './groups.ts';
import { plus } from './quantity.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

export type Ending = Extract<XStatus, 'canceled' | 'expired' | 'rejected'>;

/** The status of an order that works at the venue. */
export const workingStatus = (order: XOrder): XStatus => (order.filledQty > 0 ? 'partially_filled' : 'new');

/** A leg of a filled entry goes to the venue this long after, and meets the touch this long after. */
const WAKE_MS = { ack: 10, match: 30 };

const TOO_LATE = 'the order it was to replace is no longer working, or has nothing left to replace';

function endAlone(venue: Venue, row: BookOrder, status: Ending, reason: string | null): void {
  if (!isOpen(row.order)) return;
  const at = venue.truth.scalars.at;
  // An order the venue has not acknowledged cannot expire: its word comes first, late as it is.
  if (row.order.status === 'pending_new' && status === 'expired') {
    report(venue, { ...row, order: { ...row.order, status: 'new', updatedAt: at } }, 'new');
  }
  const order: XOrder = {
    ...row.order,
    status,
    held: 0,
    updatedAt: at,
    rejectReason: reason ?? row.order.rejectReason,
    canceledAt: status === 'canceled' ? at : row.order.canceledAt,
    expiredAt: status === 'expired' ? at : row.order.expiredAt,
    failedAt: status === 'rejected' ? at : row.order.failedAt,
  };
  report(venue, { ...row, order, ackAt: null, matchAt: null, cancelAt: null, awaits: null }, status);
}

/** Turns down the replacement an order was about to get; the order as it stands after that. */
export function dropReplacement(venue: Venue, row: BookOrder, reason: string | null = null): BookOrder {
  if (row.replacement === null) return row;
  const { status } = row.order;
  const order: XOrder = { ...row.order, status: status === 'pending_replace' ? workingStatus(row.order) : status };
  const kept: BookOrder = { ...row, order, replacement: null };
  report(venue, kept, 'order_replace_rejected');
  const late = venue.truth.order(row.replacement.by);
  if (late !== undefined) {
    const unfilled: XOrder = { ...late.order, filledQty: 0, filledCash: 0 };
    endAlone(venue, { ...late, order: unfilled }, 'rejected', reason ?? TOO_LATE);
  }
  return kept;
}

function endOne(venue: Venue, row: BookOrder, status: Ending, reason: string | null = null): void {
  if (isOpen(row.order)) endAlone(venue, dropReplacement(venue, row), status, reason);
}

/** Ends an order that still works, and what cannot live without it; holds are released. */
export function end(venue: Venue, row: BookOrder, status: Ending, reason: string | null = null): void {
  if (!isOpen(row.order)) return;
  endOne(venue, row, status, reason);
  if (!isGrouped(row.order) || row.awaits?.kind === 'replace') return;
  for (const other of groupOf(venue.truth, row.order)) {
    if (other.order.id !== row.order.id) endOne(venue, other, status === 'expired' ? 'expired' : 'canceled');
  }
}

/** Ends the partner of an exit and nothing else: the exit itself goes on. */
export function releasePartner(venue: Venue, order: XOrder): void {
  const partner = partnerOf(venue.truth, order);
  if (partner !== undefined) endOne(venue, partner, 'canceled');
}

/**
 * What an execution means for the orders around it: a filled entry wakes its exits, a filled exit ends its partner, a part of an
 * exit takes as much off its partner, and whatever is filled can no longer be replaced.
 */
export function afterExecution(venue: Venue, id: string): void {
  const { truth } = venue;
  const row = truth.order(id);
  if (row === undefined) return;
  const { order } = row;
  if (order.status === 'filled') dropReplacement(venue, row);
  if (!isGrouped(order)) return;
  if (isEntry(order)) {
    const at = truth.scalars.at;
    if (order.status !== 'filled') return;
    for (const leg of truth.childrenOf(id)) {
      if (isOpen(leg.order)) truth.putOrder({ ...leg, awaits: null, ackAt: at + WAKE_MS.ack, matchAt: at + WAKE_MS.match });
    }
    return;
  }
  if (order.status === 'filled') releasePartner(venue, order);
  else matchPartner(venue, order);
}

/** Gives the partner of an exit the same units to trade. */
export function matchPartner(venue: Venue, order: XOrder): void {
  const partner = partnerOf(venue.truth, order);
  if (partner === undefined) return;
  const qty = plus(partner.order.filledQty, remaining(order));
  if (qty !== partner.order.qty) venue.truth.putOrder({ ...partner, order: { ...partner.order, qty } });
}

/**
 * Cancels what would close more of a symbol than is held, newest first. A position can vanish without a trade:
 * by assignment, exercise or expiry.
 */
export function cancelOverhang(venue: Venue, account: string, symbol: string): void {
  const position = venue.truth.position(account, symbol)?.qty ?? 0;
  const closes = (row: BookOrder): boolean =>
    row.awaits?.kind !== 'entry' && partsOf(row.order).some((p) => p.symbol === symbol && isClosing(p.intent));
  for (const { order } of venue.truth.openOf(account).filter(closes).reverse()) {
    const row = venue.truth.order(order.id);
    if (row === undefined || !isOpen(row.order)) continue;
    const parts = partsOf(row.order).filter((p) => p.symbol === symbol && isClosing(p.intent));
    const wrongWay = parts.some((p) => sideSign(p.side) * position >= 0);
    if (wrongWay || closingOrders(venue, account, symbol).locked > Math.abs(position)) end(venue, row, 'canceled');
  }
}
