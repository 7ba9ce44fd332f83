// The broker's order, whichever way it came, as one cumulative report.

import { brokerOrderId, clientOrderId, type Symbol, symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { type Side, sign } from '../domain/legs.ts';
import { type Multiplier, price, sum, type Usd, usd } from '../domain/money.ts';
import type { LegFill, OrderType } from '../domain/order.ts';
import type { OrderReport, ReportStatus } from '../domain/order-report.ts';
import { type Decimal, decimalMicros, decimalNumber, isZero, sameDecimal, times } from './codec.ts';
import { AlpacaFault } from './faults.ts';
import type { LegWire, OrderWire } from './wire.ts';

const statuses: ReadonlyMap<string, ReportStatus> = new Map(
  Object.entries({
    pending_new: 'working',
    accepted: 'working',
    new: 'working',
    held: 'working',
    partially_filled: 'working',
    done_for_day: 'working',
    pending_replace: 'working',
    accepted_for_bidding: 'working',
    stopped: 'working',
    suspended: 'working',
    calculated: 'working',
    pending_review: 'working',
    pending_cancel: 'canceling',
    filled: 'filled',
    canceled: 'canceled',
    expired: 'expired',
    rejected: 'rejected',
    replaced: 'replaced',
  } as const),
);

/** False for a status this table has no row for: such an order is taken to live. */
export const isKnownStatus = (status: string): boolean => statuses.has(status);

const shape = (order: OrderWire, why: string): AlpacaFault => new AlpacaFault('ALPACA_SHAPE', `order ${order.id}: ${why}`);

function cashOf(order: OrderWire, side: Side, filled: Decimal, average: Decimal | null | undefined, multiplier: Multiplier): Usd {
  if (isZero(filled)) return usd(0);
  if (average === null || average === undefined) throw shape(order, 'filled, but without an average price');
  const micros = decimalMicros(times(filled, average), multiplier);
  if (micros === undefined) throw shape(order, 'filled for an amount beyond any account');
  return usd(-sign(side) * micros);
}

const multiplierOf = (ticker: string, assetClass: string | null | undefined): Multiplier =>
  assetClass === 'us_option' || parseOcc(ticker) !== undefined ? 100 : 1;

/** True for an order whose legs are one package; brackets have legs too, but those are orders of their own. */
export const isPackage = (order: OrderWire): boolean => order.order_class === 'mleg';

/** True when fills are claimed but the legs that say of what are absent: ask again, by id and nested. */
export const lacksLegs = (order: OrderWire): boolean => isPackage(order) && (order.legs ?? []).length === 0 && !isZero(order.filled_qty);

function legFill(order: OrderWire, leg: LegWire, legNo: number): LegFill {
  const cumCash = cashOf(order, leg.side, leg.filled_qty, leg.filled_avg_price, multiplierOf(leg.symbol, 'us_option'));
  return { legNo, symbol: symbol(leg.symbol), cumQty: decimalNumber(leg.filled_qty), cumCash };
}

function packageFills(order: OrderWire, legOrder: readonly Symbol[] | undefined): readonly LegFill[] {
  if (lacksLegs(order)) throw shape(order, 'filled, but without its legs');
  const units = order.qty;
  const legs = order.legs ?? [];
  for (const leg of legs) {
    // Legs trade in proportion; figures that are not in proportion were read while they changed.
    if (units === null || units === undefined || leg.qty === null || leg.qty === undefined) continue;
    const inProportion = sameDecimal(times(leg.filled_qty, units), times(order.filled_qty, leg.qty));
    if (!inProportion) throw shape(order, `leg ${leg.symbol} disagrees with its order`);
  }
  const place = (leg: LegWire, index: number): number => {
    const known = legOrder?.indexOf(symbol(leg.symbol)) ?? -1;
    return known >= 0 ? known : index;
  };
  return legs
    .map((leg, index) => legFill(order, leg, place(leg, index)))
    .filter((fill) => fill.cumQty > 0)
    .sort((a, b) => a.legNo - b.legNo);
}

function simpleFills(order: OrderWire, side: Side): readonly LegFill[] {
  if (isZero(order.filled_qty)) return [];
  const ticker = order.symbol ?? '';
  const cumCash = cashOf(order, side, order.filled_qty, order.filled_avg_price, multiplierOf(ticker, order.asset_class));
  return [{ legNo: 0, symbol: symbol(ticker), cumQty: decimalNumber(order.filled_qty), cumCash }];
}

const typeOf = (type: string | null | undefined): OrderType | 'other' =>
  type === 'limit' || type === 'market' || type === 'stop' ? type : 'other';

const limitOf = (order: OrderWire): OrderReport['limit'] => {
  if (order.limit_price === null || order.limit_price === undefined) return null;
  const micros = decimalMicros(order.limit_price);
  if (micros === undefined) throw shape(order, 'limit price beyond any market');
  return price(micros);
};

/**
 * One order as a report.
 * @param legOrder the option symbols of our package in the order we sent them; without it the wire's order numbers the legs
 * @throws AlpacaFault ALPACA_SHAPE when the figures contradict each other: no evidence, ask again
 */
export function reportOf(order: OrderWire, legOrder?: readonly Symbol[], reason?: string | null): OrderReport {
  const simple = !isPackage(order);
  const side = order.side === 'buy' || order.side === 'sell' ? order.side : null;
  if (simple && (side === null || (order.symbol ?? '') === '')) throw shape(order, 'neither a package nor an order with symbol and side');
  const fills = simple && side !== null ? simpleFills(order, side) : packageFills(order, legOrder);
  return {
    id: clientOrderId(order.client_order_id),
    brokerId: brokerOrderId(order.id),
    status: statuses.get(order.status) ?? 'working',
    type: typeOf(order.type),
    symbol: simple ? symbol(order.symbol ?? '') : null,
    side: simple ? side : null,
    qty: order.qty === null || order.qty === undefined ? null : decimalNumber(order.qty),
    limit: limitOf(order),
    cumQty: decimalNumber(order.filled_qty),
    cumCash: sum(fills.map((fill) => fill.cumCash)),
    fills,
    replacedBy: order.replaced_by === null || order.replaced_by === undefined ? null : brokerOrderId(order.replaced_by),
    reason: reason ?? order.reject_reason ?? null,
    submittedAt: order.submitted_at ?? null,
    updatedAt: order.updated_at ?? null,
  };
}

/** Children of a bracket or one-cancels-other group as reports of their own: they trade on their own ids. */
export function childReports(order: OrderWire): readonly OrderReport[] {
  if (isPackage(order)) return [];
  return (order.legs ?? []).map((leg) => {
    const identity = { client_order_id: leg.client_order_id ?? leg.id, status: leg.status ?? 'new' };
    return reportOf({ ...leg, ...identity, asset_class: order.asset_class, order_class: '' });
  });
}
