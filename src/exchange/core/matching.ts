// Matching against the touch: which orders trade at an instant, and at what price.
//
// A marketable order takes the touch. A limit that had to wait fills at its own limit when the touch reaches it, for then the
// market came to it. Packages trade all legs at once, buys at the ask and sells at the bid, when the net is within the limit.
import { ensure } from '../../base/assert.ts';
import { epochMs } from '../../domain/time.ts';
import type { XOrder } from '../types.ts';
import { isClosing, partsOf, report, sideSign } from './book.ts';
import { withCollar } from './collar.ts';
import { end } from './ending.ts';
import { execute, type PartPrice } from './fills.ts';
import { remaining } from './groups.ts';
import { plus, unitsFor } from './quantity.ts';
import { advanced, aheadOf } from './queue.ts';
import { takingPrice } from './quotes.ts';
import { type BookOrder, isOpen } from './rows.ts';
import { followed, isTriggered, trigger } from './stops.ts';
import { multiplierOf, type Venue } from './venue.ts';

/** Between the two executions of an order that fills in parts: at least 1 s, at most 5 s of exchange time. */
const PART_GAP_MS = { least: 1_000, most: 5_000 };

/** True when the order is at the venue and has no attempt of its own ahead: the sampling grid looks at it. */
export const rests = (row: BookOrder): boolean => row.ackAt === null && row.matchAt === null && row.awaits === null && isOpen(row.order);

/** Orders that trade at one instant or not at all. */
const isFleeting = ({ timeInForce: tif }: XOrder): boolean => tif === 'ioc' || tif === 'fok' || tif === 'opg' || tif === 'cls';

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

const isForAuction = ({ timeInForce: tif }: XOrder): boolean => tif === 'opg' || tif === 'cls';

/** The auctions print the official open and the official close; where that is not known, the touch stands for it. */
function auctionPrice(venue: Venue, order: XOrder, at: number): readonly PartPrice[] | undefined {
  if (!isForAuction(order)) return undefined;
  const day = venue.calendar.dayOf(epochMs(at));
  const { market } = venue;
  const price = order.timeInForce === 'opg' ? market.officialOpen(order.symbol, day, at) : market.officialClose(order.symbol, day, at);
  return price === undefined ? undefined : [{ price, mark: venue.desk.quote(order.symbol, at)?.mark ?? 'live' }];
}

/** Net per unit, debit positive: for a simple buy its price, for a simple sell its price negated. */
const netOf = (order: XOrder, prices: readonly PartPrice[]): number =>
  partsOf(order).reduce((net, part, i) => net + sideSign(part.side) * part.ratio * ensure(prices[i], 'price').price, 0);

/** The most an order pays, net; null for any price. A buy stop is a limit in disguise: it follows a gap only so far. */
function limitNet(order: XOrder): number | null {
  if (order.limitPrice !== null) return order.side === 'sell' ? -order.limitPrice : order.limitPrice;
  return order.side === 'buy' && order.stopPrice !== null ? withCollar(order.stopPrice) : null;
}

/**
 * True when what the order would close is still held, and what it would open does not run against a position that came about
 * without a trade: shares never, contracts not through zero.
 */
function holdable(venue: Venue, order: XOrder, units: number): boolean {
  return partsOf(order).every((part) => {
    const position = venue.truth.position(order.account, part.symbol)?.qty ?? 0;
    const against = -sideSign(part.side) * position;
    if (isClosing(part.intent)) return against >= remaining(order) * part.ratio;
    return against <= 0 || (multiplierOf(part.symbol) === 100 && against >= units * part.ratio);
  });
}

/** Units of an order that can trade at the touch now: all that is left of it, or as many as every leg is shown. */
function tradable(venue: Venue, order: XOrder, at: number): number {
  const left = remaining(order);
  if (!venue.fillsOf(order.account).displayedSizes || isForAuction(order)) return left;
  const shown = Math.min(...partsOf(order).map((part) => Math.floor(venue.desk.shown(part.symbol, part.side, at) / part.ratio)));
  return shown < left && order.timeInForce === 'fok' ? 0 : Math.min(left, shown);
}

/** Guarantees a trade that will be printed later, where the fill model has it so; true when it does. */
function guarantee(venue: Venue, row: BookOrder, prices: readonly PartPrice[], at: number): boolean {
  const { order } = row;
  if (order.status !== 'new' || order.extendedHours || isFleeting(order) || row.cancelAt !== null) return false;
  const wait = venue.fillsOf(order.account).stopped(venue.rng.fork(`stopped:${order.ordinal}`));
  if (wait === null) return false;
  report(venue, { ...row, guaranteed: prices, matchAt: at + wait, order: { ...order, status: 'stopped', updatedAt: at } }, 'stopped');
  return true;
}

/** Prints a trade that was guaranteed, at the price of then, unless what it would close is gone. */
function print(venue: Venue, { guaranteed = [], ...row }: BookOrder): void {
  const units = remaining(row.order);
  const free: BookOrder = { ...row, matchAt: null };
  if (holdable(venue, row.order, units)) execute(venue, free, units, guaranteed);
  else end(venue, free, 'canceled');
}

function fill(venue: Venue, row: BookOrder, prices: readonly PartPrice[], units: number, at: number): void {
  const { order, firstPart } = row;
  if (!holdable(venue, order, units)) {
    end(venue, row, 'canceled');
    return;
  }
  const parts = partsOf(order);
  const take = (n: number): void => {
    if (isForAuction(order)) return; // an auction's shares are not those of the touch
    for (const part of parts) venue.desk.take(part.symbol, part.side, n * part.ratio, at);
  };
  const [only] = prices;
  const waited = row.rested && order.orderClass !== 'mleg' && order.limitPrice !== null && only !== undefined;
  const at_ = waited ? [{ ...only, price: order.limitPrice ?? only.price }] : prices;
  if (firstPart === null || firstPart >= units) {
    take(units);
    if (units === remaining(order) && guarantee(venue, row, at_, at)) return;
    execute(venue, row, units, at_, units < remaining(order) ? { rested: true } : {});
    return;
  }
  const gap = venue.rng.fork(`gap:${order.ordinal}`).int(PART_GAP_MS.least, PART_GAP_MS.most);
  take(firstPart);
  execute(venue, row, firstPart, at_, { firstPart: null, matchAt: at + gap });
}

/** An order for an amount, with the units that the rest of the amount comes to at a price; a sale never exceeds what is held. */
function costed(venue: Venue, row: BookOrder, prices: readonly PartPrice[] | undefined): BookOrder {
  const { order } = row;
  const [only] = prices ?? [];
  if (order.notional === null || only === undefined) return row;
  const price = row.rested && order.limitPrice !== null ? order.limitPrice : only.price;
  const units = unitsFor(Math.max(0, order.notional - order.filledCash), price);
  const held = order.side === 'sell' ? (venue.truth.position(order.account, order.symbol)?.qty ?? 0) : Infinity;
  const qty = plus(order.filledQty, Math.min(units, held));
  return qty > order.filledQty ? { ...row, order: { ...order, qty } } : row;
}

/** An order that meets a halt waits for its end; one that trades now or never ends. */
function meetHalt(venue: Venue, row: BookOrder): void {
  const { order } = row;
  if (isFleeting(order)) end(venue, row, 'canceled');
  else if (order.status === 'new' && row.cancelAt === null && venue.fillsOf(order.account).tellsPauses)
    report(venue, { ...row, matchAt: null, order: { ...order, status: 'suspended', updatedAt: venue.truth.scalars.at } }, 'suspended');
  else if (row.matchAt !== null) venue.truth.putOrder({ ...row, matchAt: null });
}

/** An order that a halt had suspended, at work again. */
function resumed(venue: Venue, row: BookOrder, at: number): BookOrder {
  if (row.order.status !== 'suspended') return row;
  const live: BookOrder = { ...row, order: { ...row.order, status: 'new', updatedAt: at } };
  report(venue, live, 'new');
  return live;
}

/** An order that begins to wait, or waits on, with what is ahead of it at its price. */
function waiting(venue: Venue, row: BookOrder, at: number): BookOrder {
  const ahead = row.rested ? (row.ahead ?? 0) : aheadOf(venue, row.order, at);
  return ahead === (row.ahead ?? 0) ? { ...row, rested: true } : { ...row, rested: true, ahead };
}

/** Tries one order that is at the venue; it fills, waits on, or (fleeting) ends. */
export function attempt(venue: Venue, met: BookOrder, at: number): void {
  if (met.guaranteed !== undefined) return print(venue, met);
  if (partsOf(met.order).some((part) => venue.isHalted(part.symbol, at))) return meetHalt(venue, met);
  const row = resumed(venue, met, at);
  let current: BookOrder = followed(venue, row.matchAt === null ? row : { ...row, matchAt: null }, at);
  const { order } = current;
  if (!isTriggered(venue, order, at)) {
    if (current !== row) venue.truth.putOrder(current);
    return;
  }
  if (order.stopPrice !== null && !order.triggered) current = trigger(venue, current, at);
  const prices = auctionPrice(venue, order, at) ?? touchPrices(venue, current.order, at);
  current = costed(venue, current, prices);
  const limit = limitNet(current.order);
  const reached = prices !== undefined && (limit === null || netOf(current.order, prices) <= limit);
  const queued = current.rested && current.ahead !== undefined;
  if (reached && queued) current = { ...current, ahead: advanced(venue, current, at) };
  const isFirst = !queued || current.ahead === 0;
  const units = reached && isFirst ? tradable(venue, current.order, at) : 0;
  if (prices !== undefined && units > 0) {
    fill(venue, current, prices, units, at);
    current = venue.truth.order(order.id) ?? current;
    if (!(order.timeInForce === 'ioc' || order.timeInForce === 'opg') || !rests(current)) return;
  }
  if (isFleeting(order)) {
    end(venue, current, 'canceled');
    return;
  }
  if (current !== row || !row.rested) venue.truth.putOrder(waiting(venue, current, at));
}
