// How an event of an order is written in the trade stream.
import type { XExecution, XTradeEvent } from '../types.ts';
import { decimal, instant, quantity, ulidOf, uuidOf } from './encode.ts';
import type { Listing } from './listing.ts';
import { orderJson } from './order-json.ts';

type Fields = Readonly<Record<string, unknown>>;

function executionFields(event: XTradeEvent, execution: XExecution): Fields {
  const base = { price: decimal(execution.price), qty: quantity(execution.qty) };
  if (event.order.orderClass !== 'mleg') return { ...base, position_qty: quantity(execution.positionQty) };
  return {
    ...base,
    position_qty: '0',
    position_qtys: Object.fromEntries(Object.entries(execution.positionQtys).map(([symbol, qty]) => [symbol, String(qty)])),
    legs: execution.legs.map((leg) => ({
      order_id: leg.orderId,
      execution_id: leg.executionId,
      symbol: leg.symbol,
      qty: String(leg.qty),
      price: decimal(leg.price),
      timestamp: instant(event.at),
    })),
  };
}

/** The `trade_updates` frame of an event. Every event carries a timestamp and an execution id, which some clients require. */
export function tradeFrame(event: XTradeEvent, listing: Listing): Fields {
  const { order, execution } = event;
  const name = `${order.id}:${event.event}:${String(event.at)}:${String(order.filledQty)}`;
  return {
    stream: 'trade_updates',
    data: {
      event: event.event,
      event_id: ulidOf(event.at, name),
      at: instant(event.at),
      timestamp: instant(event.at),
      execution_id: execution?.executionId ?? uuidOf(`event:${name}`),
      ...(execution === null ? {} : executionFields(event, execution)),
      order: orderJson(order, listing, true),
    },
  };
}
