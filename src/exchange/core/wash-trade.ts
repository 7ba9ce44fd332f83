// The guard against trading with oneself.
import type { XOrderRequest, XRefusal } from '../types.ts';
import { isGrouped } from './groups.ts';
import { forbidden } from './refusals.ts';
import type { Venue } from './venue.ts';

/** The price beyond which an order cannot trade; null for any that may trade at the market. */
const limitOf = (order: Pick<XOrderRequest, 'type' | 'limitPrice'>): number | null => (order.type === 'limit' ? order.limitPrice : null);

/**
 * Opposite open orders in one symbol: refused unless both are limits that cannot meet. Grouped orders and trailing stops are
 * exempt, and what is held or waits to replace another is not at the venue to be met.
 */
export function washTrade(venue: Venue, account: string, request: XOrderRequest): XRefusal | undefined {
  if (isGrouped(request) || request.type === 'trailing_stop') return undefined;
  for (const { order, awaits } of venue.truth.openOf(account)) {
    if (order.symbol !== request.symbol || order.side === request.side) continue;
    if (awaits !== null || order.type === 'trailing_stop') continue;
    const [ours, theirs] = [limitOf(request), limitOf(order)];
    if (ours !== null && theirs !== null && (request.side === 'buy' ? ours < theirs : ours > theirs)) continue;
    return forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: order.id,
      reject_reason: `opposite side ${order.type} order exists`,
    });
  }
  return undefined;
}
