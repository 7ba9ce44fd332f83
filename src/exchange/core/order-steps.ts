// The short steps of an order's life: taken, acknowledged by the venue, tried, cancelled on request.
import { addDays, epochMs } from '../../domain/time.ts';
import type { XOrder, XOrderRequest, XResult } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { end, report } from './book.ts';
import { attempt, rests } from './matching.ts';
import { notFound, unprocessable } from './refusals.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

/** From submission to the venue's word, and to the first attempt at the touch; from a cancel to its confirmation. */
const ACK_MS = 10;
const MATCH_MS = 30;
const CANCEL_MS = 20;
/** How long a good-till-cancelled order lives, in calendar days; it ends at 16:15 New York. */
const GTC_DAYS = 90;

function expiryOf(venue: Venue, request: XOrderRequest, at: number): number {
  if (request.timeInForce !== 'gtc') return venue.calendar.currentOrNext(epochMs(at)).close;
  return venue.calendar.instant(addDays(venue.calendar.dayOf(epochMs(at)), GTC_DAYS), 16, 15);
}

function newOrder(venue: Venue, account: string, request: XOrderRequest, accepted: Accepted, inSession: boolean, at: number): XOrder {
  const shares = request.orderClass === 'simple' && accepted.contracts.length === 0;
  return {
    id: venue.uuid(),
    account,
    clientOrderId: request.clientOrderId ?? venue.uuid(),
    assetClass: request.orderClass === 'mleg' ? '' : shares ? 'us_equity' : 'us_option',
    symbol: request.symbol ?? '',
    qty: request.qty,
    side: request.side ?? '',
    type: request.type,
    timeInForce: request.timeInForce,
    limitPrice: request.limitPrice,
    stopPrice: request.stopPrice,
    extendedHours: false,
    orderClass: request.orderClass,
    intent: accepted.intent,
    legs: request.legs.map((leg) => ({ ...leg, id: venue.uuid(), clientOrderId: venue.uuid(), filledQty: 0, filledCash: 0 })),
    status: inSession && !shares ? 'pending_new' : 'accepted',
    filledQty: 0,
    filledCash: 0,
    triggered: false,
    held: accepted.held,
    createdAt: at,
    updatedAt: at,
    submittedAt: at,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    failedAt: null,
    expiresAt: expiryOf(venue, request, at),
    rejectReason: null,
    ordinal: venue.truth.nextOrdinal(),
  };
}

/** About one eligible order in ten fills in two parts. */
function firstPartOf(venue: Venue, order: XOrder): number | null {
  if (!venue.partialFills || order.qty < 2 || order.timeInForce === 'fok') return null;
  const rng = venue.rng.fork(`part:${order.ordinal}`);
  return rng.chance(1, 10) ? rng.int(1, order.qty - 1) : null;
}

/** Takes a checked order on the books. Outside a session it waits, `accepted`, for the next open. */
export function take(venue: Venue, account: string, request: XOrderRequest, accepted: Accepted, at: number): XOrder {
  const inSession = venue.calendar.inSession(epochMs(at)) !== undefined;
  const from = inSession ? at : venue.calendar.currentOrNext(epochMs(at)).open;
  const order = newOrder(venue, account, request, accepted, inSession, at);
  for (const contract of accepted.contracts) venue.truth.putContract(contract);
  venue.truth.putOrder({
    order,
    ackAt: from + ACK_MS,
    matchAt: from + MATCH_MS,
    cancelAt: null,
    firstPart: firstPartOf(venue, order),
    rested: false,
    venueReason: accepted.venueReason,
  });
  return order;
}

function acknowledge(venue: Venue, row: BookOrder, at: number): void {
  if (row.venueReason !== null) {
    end(venue, row, 'rejected', row.venueReason);
    return;
  }
  const acked: BookOrder = { ...row, ackAt: null };
  if (row.order.status === 'pending_cancel') {
    venue.truth.putOrder(acked);
    return;
  }
  const fresh: BookOrder = { ...acked, order: { ...row.order, status: 'new', updatedAt: at } };
  report(venue, fresh, 'new');
  if (row.cancelAt !== null) report(venue, { ...fresh, order: { ...fresh.order, status: 'pending_cancel' } }, 'pending_cancel');
}

/** When the next step of any order is due by itself; null when all rest. */
export function nextDue(venue: Venue): number | null {
  let next: number | null = null;
  for (const { ackAt, matchAt, cancelAt } of venue.truth.open()) {
    for (const due of [ackAt, matchAt, cancelAt]) if (due !== null && (next === null || due < next)) next = due;
  }
  return next;
}

/** Does what is due at an instant, order by order: acknowledge, try at the touch, then confirm cancels. */
export function runDue(venue: Venue, at: number, sampled: boolean): void {
  const { truth } = venue;
  for (const {
    order: { id },
  } of [...truth.open()]) {
    const waiting = truth.order(id);
    if (waiting !== undefined && waiting.ackAt !== null && waiting.ackAt <= at) acknowledge(venue, waiting, at);
    const row = truth.order(id);
    if (row !== undefined && ((row.matchAt !== null && row.matchAt <= at && isOpen(row.order)) || (sampled && rests(row))))
      attempt(venue, row, at);
    const left = truth.order(id);
    if (left !== undefined && left.cancelAt !== null && left.cancelAt <= at) end(venue, left, 'canceled');
  }
}

/** Asks for a cancel. It is confirmed a moment later, unless a fill comes first. */
export function requestCancel(venue: Venue, account: string, id: string, at: number): XResult<null> {
  const row = venue.truth.order(id);
  if (row === undefined || row.order.account !== account) return notFound('order not found');
  if (!isOpen(row.order)) return unprocessable(`order is already in "${row.order.status}" state`);
  if (row.cancelAt !== null) return { ok: true, value: null };
  const asked: BookOrder = { ...row, cancelAt: at + CANCEL_MS };
  if (row.order.status === 'pending_new')
    venue.truth.putOrder(asked); // shown once the venue has acknowledged the order
  else report(venue, { ...asked, order: { ...row.order, status: 'pending_cancel', updatedAt: at } }, 'pending_cancel');
  return { ok: true, value: null };
}
