// The guard against trading with oneself.
import type { XOrderRequest, XRefusal } from '../types.ts';
import { forbidden } from './refusals.ts';
import type { Venue } from './venue.ts';

/** Opposite open orders in one symbol: refused unless both are limits that cannot meet. */
export function washTrade(venue: Venue, account: string, request: XOrderRequest): XRefusal | undefined {
  for (const { order } of venue.truth.openOf(account)) {
    if (order.symbol !== request.symbol || order.side === request.side) continue;
    const [ours, theirs] = [request.limitPrice, order.limitPrice];
    if (ours !== null && theirs !== null && (request.side === 'buy' ? ours < theirs : ours > theirs)) continue;
    return forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: order.id,
      reject_reason: `opposite side ${order.type} order exists`,
    });
  }
  return undefined;
}
