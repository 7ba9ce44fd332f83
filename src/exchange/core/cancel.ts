// Cancels on request: asked for now, confirmed a moment later, unless a fill comes first.
import type { XResult, XStatus } from '../types.ts';
import { report } from './book.ts';
import { dropReplacement, end } from './ending.ts';
import { delaysOf } from './fill-model.ts';
import { groupOf } from './groups.ts';
import { notFound, unprocessable } from './refusals.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

/** Out of these nothing leads to `pending_cancel`. */
const silent: ReadonlySet<XStatus> = new Set(['pending_new', 'done_for_day', 'calculated', 'stopped', 'suspended']);

function ask(venue: Venue, row: BookOrder, at: number): void {
  if (row.cancelAt !== null) return;
  const delays = delaysOf(venue.fillsOf(row.order.account), venue.rng, row.order);
  const asked: BookOrder = { ...dropReplacement(venue, row), cancelAt: at + delays.cancel };
  const { status } = asked.order;
  if (silent.has(status))
    venue.truth.putOrder(asked); // shown once the venue has it, or is back at it
  else report(venue, { ...asked, order: { ...asked.order, status: 'pending_cancel', updatedAt: at } }, 'pending_cancel');
}

/**
 * Asks for a cancel. A leg that is held has nothing to be cancelled at the venue: what holds it is cancelled, and the leg ends
 * with it.
 */
export function requestCancel(venue: Venue, account: string, id: string, at: number): XResult<null> {
  const row = venue.truth.order(id);
  if (row === undefined || row.order.account !== account) return notFound('order not found');
  if (!isOpen(row.order)) return unprocessable(`order is already in "${row.order.status}" state`);
  if (row.order.status !== 'held') ask(venue, row, at);
  else for (const other of groupOf(venue.truth, row.order)) if (isOpen(other.order) && other.order.status !== 'held') ask(venue, other, at);
  return { ok: true, value: null };
}

/** Ends all open orders of an account at this instant. */
export function cancelNow(venue: Venue, account: string): void {
  for (const { order } of venue.truth.openOf(account)) {
    const row = venue.truth.order(order.id);
    if (row !== undefined) end(venue, row, 'canceled');
  }
}
