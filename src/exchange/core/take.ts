// Taking a checked order on the books, with the legs of its group.
import { addDays, epochMs } from '../../domain/time.ts';
import type { XOrder, XOrderRequest } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { report } from './book.ts';
import { delaysOf, type VenueDelays } from './fill-model.ts';
import { closingAuction, workingHours } from './hours.ts';
import { isWhole } from './quantity.ts';
import type { BookOrder } from './rows.ts';
import { trailedStop } from './stops.ts';
import type { Venue } from './venue.ts';

/** How long a good-till-cancelled order lives, in calendar days; it ends at 16:15 New York. */
const GTC_DAYS = 90;

function expiryOf(venue: Venue, request: XOrderRequest, at: number): number {
  if (request.timeInForce !== 'gtc') return workingHours(venue.calendar, request, at).to;
  return venue.calendar.instant(addDays(venue.calendar.dayOf(epochMs(at)), GTC_DAYS), 16, 15);
}

/** The order a request makes, before anything has happened to it. */
export function newOrder(venue: Venue, account: string, request: XOrderRequest, accepted: Accepted, at: number): XOrder {
  const shares = request.orderClass !== 'mleg' && accepted.contracts.length === 0;
  const { trail, side } = request;
  const { hwm } = accepted;
  return {
    id: venue.uuid(),
    account,
    clientOrderId: request.clientOrderId ?? venue.uuid(),
    assetClass: request.orderClass === 'mleg' ? '' : shares ? 'us_equity' : 'us_option',
    symbol: request.symbol ?? '',
    qty: accepted.qty,
    notional: request.notional,
    side: side ?? '',
    type: request.type,
    timeInForce: request.timeInForce,
    limitPrice: request.limitPrice,
    stopPrice: trail !== null && side !== null && hwm !== null ? trailedStop(trail, hwm, side) : request.stopPrice,
    trail,
    hwm,
    extendedHours: request.extendedHours,
    orderClass: request.orderClass,
    intent: accepted.intent,
    legs: request.legs.map((leg) => ({ ...leg, id: venue.uuid(), clientOrderId: venue.uuid(), filledQty: 0, filledCash: 0 })),
    parentId: null,
    children: [],
    replaces: null,
    replacedBy: null,
    replacedAt: null,
    status: venue.calendar.inSession(epochMs(at)) !== undefined && !shares ? 'pending_new' : 'accepted',
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

/** The part that fills before the rest does, where the fill model makes one; only whole units that may trade in parts have any. */
export function firstPartOf(venue: Venue, order: XOrder): number | null {
  const whole = isWhole(order.qty) && order.notional === null;
  const left = order.qty - order.filledQty;
  if (!whole || left < 2) return null;
  if (order.timeInForce === 'fok' || order.timeInForce === 'opg' || order.timeInForce === 'cls') return null;
  return venue.fillsOf(order.account).firstPart(left, venue.rng.fork(`part:${order.ordinal}`));
}

/** An exit of a group: the other side of the order it follows, with a client id of its own. */
function exitLeg(venue: Venue, leader: XOrder, terms: Pick<XOrder, 'type' | 'limitPrice' | 'stopPrice'>): XOrder {
  const entered = leader.orderClass !== 'oco';
  const side = entered === (leader.side === 'buy') ? 'sell' : 'buy';
  return {
    ...leader,
    ...terms,
    id: venue.uuid(),
    clientOrderId: venue.uuid(),
    side,
    intent: `${side}_to_close`,
    parentId: leader.id,
    status: 'held',
    held: 0,
    ordinal: venue.truth.nextOrdinal(),
  };
}

/** The exits a grouped order brings with it, the one with a gain first. */
function exitsOf(venue: Venue, leader: XOrder, request: XOrderRequest): readonly XOrder[] {
  const exits: XOrder[] = [];
  if (request.takeProfit !== null && leader.orderClass !== 'oco') {
    exits.push(exitLeg(venue, leader, { type: 'limit', limitPrice: request.takeProfit, stopPrice: null }));
  }
  if (request.stopLoss !== null) {
    const { limitPrice, stopPrice } = request.stopLoss;
    exits.push(exitLeg(venue, leader, { type: limitPrice === null ? 'stop' : 'stop_limit', limitPrice, stopPrice }));
  }
  return exits;
}

/** An order's row when it first comes on the books, without an instant at which anything is due. */
export const fresh = (venue: Venue, order: XOrder, awaits: BookOrder['awaits'] = null): BookOrder => ({
  order,
  ackAt: null,
  matchAt: null,
  cancelAt: null,
  firstPart: firstPartOf(venue, order),
  rested: false,
  venueReason: null,
  awaits,
  replacement: null,
});

const delaysIn = (venue: Venue, order: XOrder): VenueDelays => delaysOf(venue.fillsOf(order.account), venue.rng, order);

/** When an order that goes to the venue at an instant meets the touch first; one for an auction does as that is held. */
export function matchInstant(venue: Venue, order: XOrder, from: number): number {
  if (order.timeInForce === 'cls') return closingAuction(venue.calendar, from);
  return order.timeInForce === 'opg' ? from : from + delaysIn(venue, order).match;
}

/** Takes a checked order on the books. Outside its hours it waits, `accepted`, for the next to begin. */
export function take(venue: Venue, account: string, request: XOrderRequest, accepted: Accepted, at: number): XOrder {
  const from = Math.max(at, workingHours(venue.calendar, request, at).from);
  const order = newOrder(venue, account, request, accepted, at);
  for (const contract of accepted.contracts) venue.truth.putContract(contract);
  const row = fresh(venue, order);
  const matchAt = matchInstant(venue, order, from);
  const refused = accepted.own === true ? null : venue.fillsOf(account).refusal(venue.rng.fork(`refusal:${order.ordinal}`));
  const venueReason = accepted.venueReason ?? refused;
  const sent: BookOrder = { ...row, ackAt: Math.min(from + delaysIn(venue, order).ack, matchAt), matchAt, venueReason };
  venue.truth.putOrder(sent);
  for (const exit of exitsOf(venue, order, request)) {
    venue.truth.putOrder(fresh(venue, exit, order.orderClass === 'oco' ? null : { kind: 'entry' }));
  }
  if (venue.everyStep) report(venue, sent, order.status === 'pending_new' ? 'pending_new' : 'accepted');
  return order;
}
