// How an order is written, on REST and in the trade stream.
import type { XLeg, XOrder, XTrail } from '../types.ts';
import { averagePrice, decimal, decimalOrNull, instant, instantOrNull, quantity } from './encode.ts';
import { type Listing, multiplierOf } from './listing.ts';
import { averageOf } from './quantities.ts';

type Fields = Readonly<Record<string, unknown>>;

const trailText = ({ trail }: XOrder, kind: XTrail['kind']): string | null => (trail?.kind === kind ? decimal(trail.amount) : null);

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
    replaced_at: instantOrNull(order.replacedAt),
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    notional: decimalOrNull(order.notional),
    trail_percent: trailText(order, 'percent'),
    trail_price: trailText(order, 'price'),
    hwm: decimalOrNull(order.hwm),
    order_class: order.orderClass === 'simple' ? '' : order.orderClass,
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
  return averageOf(order.filledCash, order.filledQty, order.orderClass === 'mleg' ? 100 : multiplierOf(order.symbol));
}

/** The legs inside an order: those of a package, or the exits of a group; null when it has none. */
function legsJson(order: XOrder, listing: Listing): readonly Fields[] | null {
  if (order.orderClass === 'mleg') return order.legs.map((leg) => legJson(order, leg, listing));
  return order.children.length === 0 ? null : order.children.map((child) => orderJson(child, listing, false));
}

/** The order object; `nested` puts the legs of a multi-leg or grouped order inside it. */
export function orderJson(order: XOrder, listing: Listing, nested: boolean): Fields {
  const multi = order.orderClass === 'mleg';
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    ...shared(order),
    asset_id: multi ? '' : listing.assetId(order.symbol),
    symbol: order.symbol,
    asset_class: order.assetClass,
    qty: order.notional === null ? quantity(order.qty) : null,
    filled_qty: quantity(order.filledQty),
    filled_avg_price: filledAverage(order),
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: order.intent,
    limit_price: decimalOrNull(order.limitPrice),
    stop_price: decimalOrNull(order.stopPrice),
    status: order.status,
    legs: nested ? legsJson(order, listing) : null,
    ratio_qty: null,
    ...(order.rejectReason === null ? {} : { reject_reason: order.rejectReason }),
  };
}

/** The rows an order makes in a list that is not nested: itself, then the legs of a package. Exits of a group are rows of their own. */
export const orderRows = (order: XOrder, listing: Listing): readonly Fields[] => [
  orderJson(order, listing, false),
  ...order.legs.map((leg) => legJson(order, leg, listing)),
];
