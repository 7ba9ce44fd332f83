// Our order as the body of POST /v2/orders, and whether an answer is about that order.
import type { trading } from '@alpacahq/alpaca-trade-api';
import { assert, ensure } from '../base/assert.ts';
import type { Leg } from '../domain/legs.ts';
import { formatMicros } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { OrderReport } from '../domain/order-report.ts';
import { decimalNumber } from './codec.ts';
import type { OrderWire } from './wire.ts';

type Body = trading.PostOrderRequest;

const intentOf = (leg: Leg): trading.PositionIntent => `${leg.side}_to_${leg.effect}`;

/** Our limits are net, a credit negative; on the wire that holds for packages only, and a simple order's is the price itself. */
const wireLimit = (order: Order): number => {
  const limit = ensure(order.limit, `limit of ${order.id}`);
  return order.legs.length === 1 ? Math.abs(limit) : limit;
};

function priceFields(order: Order): Pick<Body, 'limitPrice' | 'stopPrice'> {
  switch (order.type) {
    case 'limit':
      return { limitPrice: formatMicros(wireLimit(order)) };
    case 'stop':
      return { stopPrice: formatMicros(ensure(order.stop, `stop of ${order.id}`)) };
    case 'market':
      return {};
  }
}

/**
 * The request for an order: prices as exact decimal text, options always `day` and with their intent, two legs and more
 * as one package whose credit is a negative limit.
 * @throws AssertionError for what the broker could never accept (an option that is not `day`, a package with a stop)
 */
export function orderBody(order: Order): Body {
  const [first] = order.legs;
  const options = order.legs.some((leg) => leg.instrument.kind === 'option');
  assert(!options || order.tif === 'day', `${order.id}: options trade as day orders`);
  assert(!options || order.type !== 'stop', `${order.id}: no stop orders on options`);
  const shared = {
    clientOrderId: order.id,
    qty: String(order.qty),
    type: order.type,
    timeInForce: order.tif,
    ...priceFields(order),
  };
  if (order.legs.length === 1) {
    assert(first.ratio === 1, `${order.id}: a single leg has ratio 1`);
    return { ...shared, symbol: first.instrument.symbol, side: first.side, ...(options ? { positionIntent: intentOf(first) } : {}) };
  }
  const legs = order.legs.map((leg) => ({
    symbol: leg.instrument.symbol,
    ratioQty: String(leg.ratio),
    side: leg.side,
    positionIntent: intentOf(leg),
  }));
  return { ...shared, orderClass: 'mleg', legs };
}

/** What in the broker's answer is not what we asked for; null when all of it is ours. */
export function mismatchOf(order: Order, answer: OrderWire, report: OrderReport): string | null {
  if (report.id !== order.id) return `client order id is ${report.id}`;
  if (report.qty !== order.qty) return `quantity is ${String(report.qty)}, not ${String(order.qty)}`;
  if (order.limit !== null && report.limit !== wireLimit(order))
    return `limit is ${String(report.limit)}, not ${String(wireLimit(order))} micros`;
  if (order.legs.length === 1) {
    const [only] = order.legs;
    if (report.symbol !== only.instrument.symbol) return `symbol is ${String(report.symbol)}, not ${only.instrument.symbol}`;
    return report.side === only.side ? null : `side is ${String(report.side)}, not ${only.side}`;
  }
  const told = answer.legs ?? [];
  if (told.length === 0) return null; // fills bring the legs; without fills there is nothing to compare
  if (told.length !== order.legs.length) return `${String(told.length)} legs, not ${String(order.legs.length)}`;
  for (const leg of order.legs) {
    const twin = told.find((other) => other.symbol === leg.instrument.symbol);
    if (twin === undefined) return `leg ${leg.instrument.symbol} is missing`;
    if (twin.side !== leg.side) return `leg ${leg.instrument.symbol} is a ${twin.side}`;
    const legQty = twin.qty === null || twin.qty === undefined ? null : decimalNumber(twin.qty);
    if (legQty !== null && legQty !== leg.ratio * order.qty) return `leg ${leg.instrument.symbol} has quantity ${String(legQty)}`;
  }
  return null;
}
