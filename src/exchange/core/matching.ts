// Matching against the touch: which orders trade at an instant, and at what price.
//
// A marketable order takes the touch. A limit that had to wait fills at its own limit when the touch reaches it, for then the
// market came to it. Packages trade all legs at once, buys at the ask and sells at the bid, when the net is within the limit.
import { ensure } from '../../base/assert.ts';
import type { XOrder } from '../types.ts';
import { end, isClosing, partsOf, remaining, sideSign } from './book.ts';
import { execute, type PartPrice } from './fills.ts';
import { takingPrice } from './quotes.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

/** Between the two executions of an order that fills in parts: at least 1 s, at most 5 s of exchange time. */
const PART_GAP_MS = { least: 1_000, most: 5_000 };

/** True when the order is at the venue and has no attempt of its own ahead: the sampling grid looks at it. */
export const rests = (row: BookOrder): boolean => row.ackAt === null && row.matchAt === null && isOpen(row.order);

function touchPrices(venue: Venue, order: XOrder, at: number): readonly PartPrice[] | undefined {
  const prices: PartPrice[] = [];
  for (const part of partsOf(order)) {
    const quote = venue.desk.quote(part.symbol, at);
    const price = takingPrice(quote, part.side);
    if (quote === undefined || price === undefined) return undefined;
    prices.push({ price, mark: quote.mark });
  }
  return prices;
}

/** Net per unit, debit positive: for a simple buy its price, for a simple sell its price negated. */
const netOf = (order: XOrder, prices: readonly PartPrice[]): number =>
  partsOf(order).reduce((net, part, i) => net + sideSign(part.side) * part.ratio * ensure(prices[i], 'price').price, 0);

function limitNet(order: XOrder): number | null {
  if (order.limitPrice === null) return null;
  return order.side === 'sell' ? -order.limitPrice : order.limitPrice;
}

function isTriggered(venue: Venue, order: XOrder, at: number): boolean {
  if (order.triggered || order.stopPrice === null) return true;
  const quote = venue.desk.quote(order.symbol, at);
  if (quote === undefined) return false;
  return order.side === 'sell' ? quote.bid > 0 && quote.bid <= order.stopPrice : quote.ask >= order.stopPrice;
}

/** True when what the order would close is still held. */
function closable(venue: Venue, order: XOrder): boolean {
  return partsOf(order).every((part) => {
    if (!isClosing(part.intent)) return true;
    const position = venue.truth.position(order.account, part.symbol)?.qty ?? 0;
    return -sideSign(part.side) * position >= remaining(order) * part.ratio;
  });
}

/** Units of an order that can trade at the touch now: all that is left of it, or as many as every leg is shown. */
function tradable(venue: Venue, order: XOrder, at: number): number {
  const left = remaining(order);
  if (!venue.displayedSizes) return left;
  const shown = Math.min(...partsOf(order).map((part) => Math.floor(venue.desk.shown(part.symbol, part.side, at) / part.ratio)));
  return shown < left && order.timeInForce === 'fok' ? 0 : Math.min(left, shown);
}

function fill(venue: Venue, row: BookOrder, prices: readonly PartPrice[], units: number, at: number): void {
  const { order, firstPart } = row;
  if (!closable(venue, order)) {
    end(venue, row, 'canceled');
    return;
  }
  const parts = partsOf(order);
  const take = (n: number): void => {
    for (const part of parts) venue.desk.take(part.symbol, part.side, n * part.ratio, at);
  };
  const [only] = prices;
  const waited = row.rested && order.orderClass === 'simple' && order.limitPrice !== null && only !== undefined;
  const at_ = waited ? [{ ...only, price: order.limitPrice ?? only.price }] : prices;
  if (firstPart === null || firstPart >= units) {
    take(units);
    execute(venue, row, units, at_, units < remaining(order) ? { rested: true } : {});
    return;
  }
  const gap = venue.rng.fork(`gap:${order.ordinal}`).int(PART_GAP_MS.least, PART_GAP_MS.most);
  take(firstPart);
  execute(venue, row, firstPart, at_, { firstPart: null, matchAt: at + gap });
}

/** Tries one order that is at the venue; it fills, waits on, or (ioc, fok) ends. */
export function attempt(venue: Venue, row: BookOrder, at: number): void {
  let current: BookOrder = row.matchAt === null ? row : { ...row, matchAt: null };
  const { order } = current;
  if (!isTriggered(venue, order, at)) {
    if (current !== row) venue.truth.putOrder(current);
    return;
  }
  if (order.stopPrice !== null && !order.triggered) {
    current = { ...current, order: { ...order, triggered: true, updatedAt: at } };
    venue.truth.putOrder(current);
  }
  const prices = touchPrices(venue, current.order, at);
  const limit = limitNet(current.order);
  const units = prices !== undefined && (limit === null || netOf(current.order, prices) <= limit) ? tradable(venue, current.order, at) : 0;
  if (prices !== undefined && units > 0) {
    fill(venue, current, prices, units, at);
    current = venue.truth.order(order.id) ?? current;
    if (order.timeInForce !== 'ioc' || !rests(current)) return;
  }
  if (order.timeInForce === 'ioc' || order.timeInForce === 'fok') {
    end(venue, current, 'canceled');
    return;
  }
  if (current !== row || !row.rested) venue.truth.putOrder({ ...current, rested: true });
}
