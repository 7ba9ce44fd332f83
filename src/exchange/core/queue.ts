// The queue at a price: what was shown there before an order came trades before it does.
import type { XOrder } from '../types.ts';
import type { BookOrder } from './rows.ts';
import type { Venue } from './venue.ts';

/** True of an order that stands in a queue at all: one symbol, at a limit of its own. */
const stands = (venue: Venue, order: XOrder): boolean =>
  venue.fillsOf(order.account).queues && order.orderClass !== 'mleg' && order.limitPrice !== null && order.side !== '';

/**
 * Units ahead of an order that begins to wait. At the touch of its own side they are what is shown there; behind it nobody shows what
 * stands at its price, and as much is taken to stand there; before it, it is the first. 0 where the market states no size.
 */
export function aheadOf(venue: Venue, order: XOrder, at: number): number {
  const { limitPrice, side } = order;
  if (!stands(venue, order) || limitPrice === null) return 0;
  const quote = venue.desk.quote(order.symbol, at);
  const [touch, size] = side === 'buy' ? [quote?.bid, quote?.bidSize] : [quote?.ask, quote?.askSize];
  if (touch === undefined || size === undefined || size === null) return 0;
  const improves = touch === 0 || (side === 'buy' ? limitPrice > touch : limitPrice < touch);
  return improves ? 0 : size;
}

/**
 * Lets those ahead of an order trade at a touch that has come to its price, as far as the touch shows; a touch beyond the price has
 * taken them all. What is left of them.
 */
export function advanced(venue: Venue, { order, ahead }: BookOrder, at: number): number {
  if (ahead === undefined || ahead === 0 || order.limitPrice === null || order.side === '') return 0;
  const quote = venue.desk.quote(order.symbol, at);
  const touch = order.side === 'buy' ? quote?.ask : quote?.bid;
  if (touch === undefined || touch !== order.limitPrice) return 0;
  const traded = Math.min(ahead, venue.desk.shown(order.symbol, order.side, at));
  if (traded > 0) venue.desk.take(order.symbol, order.side, traded, at);
  return ahead - traded;
}
