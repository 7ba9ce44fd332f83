// The position endpoints: list, read, and close at the market.
import type { XOrderRequest, XRefusal } from '../../types.ts';
import { averagePrice, decimal, decimalOrNull, microsOf, quotient } from '../encode.ts';
import { isOptionSymbol, type Listing, multiplierOf } from '../listing.ts';
import { badRequest, json, notFound, refusal, type WireResponse } from '../message.ts';
import { orderJson } from '../order-json.ts';
import { type Call, firstOf, route } from '../route.ts';

type Held = ReturnType<Call['core']['positions']>[number];
const ABSENT = 'position does not exist';

const share = (part: number, whole: number): string => (whole === 0 ? '0' : quotient(part, Math.abs(whole), 16));

/** What depends on a price is an explicit null while there is none. */
function values(held: Held): Readonly<Record<string, string | null>> {
  const units = held.qty * multiplierOf(held.symbol);
  const { price, lastDayPrice } = held;
  const value = price === null ? null : price * units;
  const gain = value === null ? null : value - held.cost;
  const today = price === null || lastDayPrice === null ? null : price - lastDayPrice;
  return {
    current_price: decimalOrNull(price),
    market_value: decimalOrNull(value),
    unrealized_pl: decimalOrNull(gain),
    unrealized_plpc: gain === null ? null : share(gain, held.cost),
    unrealized_intraday_pl: today === null ? null : decimal(today * units),
    unrealized_intraday_plpc: today === null || lastDayPrice === null ? null : share(today * units, lastDayPrice * units),
    lastday_price: decimalOrNull(lastDayPrice),
    change_today: today === null || lastDayPrice === null ? null : share(today, lastDayPrice),
  };
}

function positionJson(held: Held, listing: Listing): Readonly<Record<string, unknown>> {
  return {
    asset_id: listing.assetId(held.symbol),
    symbol: held.symbol,
    exchange: listing.equity(held.symbol)?.venue ?? '',
    asset_class: held.assetClass,
    asset_marginable: held.assetClass === 'us_equity',
    qty: String(held.qty),
    qty_available: String(held.available),
    side: held.qty < 0 ? 'short' : 'long',
    avg_entry_price: averagePrice(Math.abs(held.cost), Math.abs(held.qty) * multiplierOf(held.symbol)),
    cost_basis: decimal(held.cost),
    ...values(held),
    avg_entry_swap_rate: null,
    prev_swap_rate: null,
    swap_rate: null,
    usd: null,
  };
}

const listPositions = (call: Call): WireResponse =>
  json(call.core.positions(call.account, call.now).map((held) => positionJson(held, call.listing)));

function findPosition(call: Call): Held | undefined {
  const symbol = call.listing.symbolOf(firstOf(call));
  return call.core.positions(call.account, call.now).find((held) => held.symbol === symbol);
}

function getPosition(call: Call): WireResponse {
  const held = findPosition(call);
  return held === undefined ? notFound(ABSENT) : json(positionJson(held, call.listing));
}

function closingOrder(held: Held, qty: number): XOrderRequest {
  const side = held.qty > 0 ? 'sell' : 'buy';
  return {
    clientOrderId: null,
    symbol: held.symbol,
    qty,
    side,
    type: 'market',
    timeInForce: 'day',
    limitPrice: null,
    stopPrice: null,
    extendedHours: false,
    orderClass: 'simple',
    intent: isOptionSymbol(held.symbol) ? `${side}_to_close` : null,
    legs: [],
  };
}

/** Units to close: `qty`, or `percentage` of what is held (whole units, rounded down), or everything. */
function closingQty(call: Call, held: Held): number {
  const qty = call.query.text('qty');
  const percentage = call.query.text('percentage');
  const all = Math.abs(held.qty);
  if (qty === undefined && percentage === undefined) return all;
  if (qty !== undefined && percentage !== undefined) throw badRequest(422, 40010001, 'only one of qty and percentage may be given');
  const micros = microsOf(qty ?? percentage) ?? 0;
  const units = qty !== undefined ? micros / 1_000_000 : Math.floor((all * micros) / 100_000_000);
  if (!Number.isInteger(units) || units < 1) throw badRequest(422, 40010001, `invalid ${qty === undefined ? 'percentage' : 'qty'}`);
  return units;
}

function closePosition(call: Call): WireResponse {
  const held = findPosition(call);
  if (held === undefined) return notFound(ABSENT);
  const result = call.core.submit(call.account, closingOrder(held, closingQty(call, held)), call.now);
  return result.ok ? json(orderJson(result.value, call.listing, true)) : refusal(result);
}

const refusalBody = ({ code, message, extra }: XRefusal): Readonly<Record<string, unknown>> => ({ code, message, ...extra });

function closeAllPositions(call: Call): WireResponse {
  if (call.query.flag('cancel_orders')) call.core.cancelAll(call.account, call.now);
  const rows = call.core.positions(call.account, call.now).map((held) => {
    const result = call.core.submit(call.account, closingOrder(held, Math.abs(held.qty)), call.now);
    return result.ok
      ? { symbol: held.symbol, status: 200, body: orderJson(result.value, call.listing, true) }
      : { symbol: held.symbol, status: result.status, body: refusalBody(result) };
  });
  return json(rows, 207);
}

export const positionRoutes = [
  route('GET', '/v2/positions', 'trading', listPositions),
  route('GET', '/v2/positions/*', 'trading', getPosition),
  route('DELETE', '/v2/positions', 'trading', closeAllPositions),
  route('DELETE', '/v2/positions/*', 'trading', closePosition),
];
