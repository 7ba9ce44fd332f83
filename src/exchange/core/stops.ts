// Orders that sleep until the touch reaches a price: when they wake, and how a trailing one follows the market.
import type { XOrder, XTrail } from '../types.ts';
import { report } from './book.ts';
import { releasePartner, workingStatus } from './ending.ts';
import { takingPrice } from './quotes.ts';
import type { BookOrder } from './rows.ts';
import type { Venue } from './venue.ts';

const CENT = 10_000;
const WHOLE_PERCENT = 100_000_000;

/** Where a trailing stop stands behind the best price seen, on whole cents, away from the market. Micros. */
export function trailedStop(trail: XTrail, hwm: number, side: 'buy' | 'sell'): number {
  const gap = trail.kind === 'price' ? trail.amount : (hwm / WHOLE_PERCENT) * trail.amount;
  return side === 'sell' ? Math.max(CENT, Math.floor((hwm - gap) / CENT) * CENT) : Math.ceil((hwm + gap) / CENT) * CENT;
}

/** What a stop on this side looks at: a sale at the bid, a buy at the ask; undefined while there is none. */
export const watchedPrice = (venue: Venue, symbol: string, side: XOrder['side'], at: number): number | undefined =>
  takingPrice(venue.desk.quote(symbol, at), side === 'buy' ? 'buy' : 'sell');

/** A trailing stop moved up (or, buying, down) to the best touch so far; any other order as it is. */
export function followed(venue: Venue, row: BookOrder, at: number): BookOrder {
  const { order } = row;
  if (order.trail === null || order.triggered || order.side === '') return row;
  const price = watchedPrice(venue, order.symbol, order.side, at);
  if (price === undefined) return row;
  const best = order.hwm === null || (order.side === 'sell' ? price > order.hwm : price < order.hwm);
  return best ? { ...row, order: { ...order, hwm: price, stopPrice: trailedStop(order.trail, price, order.side) } } : row;
}

export function isTriggered(venue: Venue, order: XOrder, at: number): boolean {
  if (order.triggered || order.stopPrice === null) return true;
  const price = watchedPrice(venue, order.symbol, order.side, at);
  if (price === undefined) return false;
  return order.side === 'sell' ? price <= order.stopPrice : price >= order.stopPrice;
}

/** Wakes a stop: its partner gives the shares up, and from now on it trades as a market or a limit order. */
export function trigger(venue: Venue, row: BookOrder, at: number): BookOrder {
  const order: XOrder = { ...row.order, triggered: true, updatedAt: at };
  releasePartner(venue, order);
  if (order.status !== 'held') {
    venue.truth.putOrder({ ...row, order });
    return { ...row, order };
  }
  const live: BookOrder = { ...row, order: { ...order, status: workingStatus(order) } };
  report(venue, live, 'new');
  return live;
}
