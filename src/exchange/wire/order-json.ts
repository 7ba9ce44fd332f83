// How an order is written, on REST and in the trade stream.
import type { XLeg, XOrder } from '../types.ts';
import { averagePrice, decimalOrNull, instant, instantOrNull } from './encode.ts';
import { type Listing, multiplierOf } from './listing.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a parent and its legs have in common. */
function shared(order: XOrder): Fields {
  return {
    created_at: instant(order.createdAt),
    updated_at: instant(order.updatedAt),
    submitted_at: instant(order.submittedAt),
    filled_at: instantOrNull(order.filledAt),
    expired_at: instantOrNull(order.expiredAt),
    expires_at: instant(order.expiresAt),
    canceled_at: instantOrNull(order.canceledAt),
    failed_at: instantOrNull(order.failedAt),
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    notional: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    order_class: order.orderClass === 'mleg' ? 'mleg' : '',
    time_in_force: order.timeInForce,
    extended_hours: order.extendedHours,
    subtag: null,
    source: null,
  };
}

function legJson(order: XOrder, leg: XLeg, listing: Listing): Fields {
  const qty = leg.ratioQty * order.qty;
  return {
    id: leg.id,
    client_order_id: leg.clientOrderId,
    ...shared(order),
    asset_id: listing.assetId(leg.symbol),
    symbol: leg.symbol,
    asset_class: 'us_option',
    qty: String(qty),
    filled_qty: String(leg.filledQty),
    filled_avg_price: leg.filledQty === 0 ? null : averagePrice(leg.filledCash, leg.filledQty * multiplierOf(leg.symbol)),
    order_type: '',
    type: '',
    side: leg.side,
    position_intent: leg.intent,
    limit_price: null,
    stop_price: null,
    status: leg.filledQty === qty ? 'filled' : order.status,
    legs: null,
    ratio_qty: String(leg.ratioQty),
  };
}

/** Dollars per share of what has been executed; a multi-leg order's is net and signed, a credit negative. */
function filledAverage(order: XOrder): string | null {
  if (order.filledQty === 0) return null;
  return averagePrice(order.filledCash, order.filledQty * (order.orderClass === 'mleg' ? 100 : multiplierOf(order.symbol)));
}

/** The order object; `nested` puts the legs of a multi-leg order inside it. */
export function orderJson(order: XOrder, listing: Listing, nested: boolean): Fields {
  const multi = order.orderClass === 'mleg';
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    ...shared(order),
    asset_id: multi ? '' : listing.assetId(order.symbol),
    symbol: order.symbol,
    asset_class: order.assetClass,
    qty: String(order.qty),
    filled_qty: String(order.filledQty),
    filled_avg_price: filledAverage(order),
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: order.intent,
    limit_price: decimalOrNull(order.limitPrice),
    stop_price: decimalOrNull(order.stopPrice),
    status: order.status,
    legs: multi && nested ? order.legs.map((leg) => legJson(order, leg, listing)) : null,
    ratio_qty: null,
    ...(order.rejectReason === null ? {} : { reject_reason: order.rejectReason }),
  };
}

/** The rows an order makes in a list that is not nested: itself, then its legs. */
export const orderRows = (order: XOrder, listing: Listing): readonly Fields[] => [
  orderJson(order, listing, false),
  ...order.legs.map((leg) => legJson(order, leg, listing)),
];
