// The short steps of an order's life: acknowledged by the venue, tried, replaced, cancelled, at the instants that are due.
import { report } from './book.ts';
import { end } from './ending.ts';
import { attempt, rests } from './matching.ts';
import { finishReplace } from './replace.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

function acknowledge(venue: Venue, row: BookOrder, at: number): void {
  if (row.venueReason !== null) {
    // Who has asked for a cancel gets one: nothing leads from there to a rejection.
    if (row.order.status === 'pending_cancel') end(venue, row, 'canceled');
    else end(venue, row, 'rejected', row.venueReason);
    return;
  }
  const acked: BookOrder = { ...row, ackAt: null };
  if (row.order.status === 'pending_cancel') {
    venue.truth.putOrder(acked);
    return;
  }
  const live: BookOrder = { ...acked, order: { ...row.order, status: 'new', updatedAt: at } };
  report(venue, live, 'new');
  if (row.cancelAt !== null) report(venue, { ...live, order: { ...live.order, status: 'pending_cancel' } }, 'pending_cancel');
}

/** When an order that may trade after the close ends by itself; null for one that ends with its session. */
const endsAt = ({ order }: BookOrder): number | null => (order.extendedHours && order.timeInForce === 'day' ? order.expiresAt : null);

/** When the next step of any order is due by itself; null when all rest. */
export function nextDue(venue: Venue): number | null {
  let next: number | null = null;
  for (const row of venue.truth.open()) {
    const { ackAt, matchAt, cancelAt, replacement } = row;
    for (const due of [ackAt, matchAt, cancelAt, replacement?.at ?? null, endsAt(row)]) {
      if (due !== null && (next === null || due < next)) next = due;
    }
  }
  return next;
}

/** Which resting orders the sampling grid looks at now. */
export type Sampled = 'all' | 'extended' | 'none';

const isDue = (due: number | null, at: number): boolean => due !== null && due <= at;
const looksAt = (sampled: Sampled, row: BookOrder): boolean => sampled === 'all' || (sampled === 'extended' && row.order.extendedHours);

/** Does what is due at an instant, order by order: acknowledge, try at the touch, then replace, confirm cancels, and expire. */
export function runDue(venue: Venue, at: number, sampled: Sampled): void {
  const { truth } = venue;
  for (const {
    order: { id },
  } of [...truth.open()]) {
    const waiting = truth.order(id);
    if (waiting !== undefined && isDue(waiting.ackAt, at)) acknowledge(venue, waiting, at);
    const row = truth.order(id);
    if (row !== undefined && ((isDue(row.matchAt, at) && isOpen(row.order)) || (looksAt(sampled, row) && rests(row))))
      attempt(venue, row, at);
    const old = truth.order(id);
    if (old !== undefined && isDue(old.replacement?.at ?? null, at)) finishReplace(venue, old, at);
    const left = truth.order(id);
    if (left !== undefined && isDue(left.cancelAt, at)) end(venue, left, 'canceled');
    const last = truth.order(id);
    if (last !== undefined && isOpen(last.order) && isDue(endsAt(last), at)) end(venue, last, 'expired');
  }
}
