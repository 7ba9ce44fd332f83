// The position endpoints: list, read, close at the market, exercise.
import { closingRequest } from '../../core/closing-request.ts';
import type { XRefusal } from '../../types.ts';
import { decimal, decimalOrNull, quantity, quotient } from '../encode.ts';
import { isOptionSymbol, type Listing, multiplierOf } from '../listing.ts';
import { badRequest, json, notFound, refusal, type WireResponse } from '../message.ts';
import { orderJson } from '../order-json.ts';
import { averageOf, quantityOf } from '../quantities.ts';
import { type Call, firstOf, route } from '../route.ts';

type Held = ReturnType<Call['core']['positions']>[number];
const ABSENT = 'position does not exist';
/** The finest fraction of a share. */
const FINEST = 1e-9;

const share = (part: number, whole: number): string => (whole === 0 ? '0' : quotient(part, Math.abs(whole), 16));

/** What depends on a price is an explicit null while there is none. */
function values(held: Held): Readonly<Record<string, string | null>> {
  const units = held.qty * multiplierOf(held.symbol);
  const { price, lastDayPrice } = held;
  const worth = (each: number): number => Math.round(each * units);
  const value = price === null ? null : worth(price);
  const gain = value === null ? null : value - held.cost;
  const today = price === null || lastDayPrice === null ? null : price - lastDayPrice;
  return {
    current_price: decimalOrNull(price),
    market_value: decimalOrNull(value),
    unrealized_pl: decimalOrNull(gain),
    unrealized_plpc: gain === null ? null : share(gain, held.cost),
    unrealized_intraday_pl: today === null ? null : decimal(worth(today)),
    unrealized_intraday_plpc: today === null || lastDayPrice === null ? null : share(worth(today), worth(lastDayPrice)),
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
    qty: quantity(held.qty),
    qty_available: quantity(held.available),
    side: held.qty < 0 ? 'short' : 'long',
    avg_entry_price: averageOf(Math.abs(held.cost), Math.abs(held.qty), multiplierOf(held.symbol)),
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

/** Units to close: `qty`, or `percentage` of what is held (in whole units unless a fraction is held), or everything. */
function closingQty(call: Call, held: Held): number {
  const qty = call.query.text('qty');
  const percentage = call.query.text('percentage');
  const all = Math.abs(held.qty);
  if (qty === undefined && percentage === undefined) return all;
  if (qty !== undefined && percentage !== undefined) throw badRequest(422, 40010001, 'only one of qty and percentage may be given');
  const given = quantityOf(qty ?? percentage) ?? 0;
  const unit = Number.isInteger(all) ? 1 : FINEST;
  const units = qty !== undefined ? given : Math.floor((all * given) / 100 / unit) * unit;
  const whole = isOptionSymbol(held.symbol) && !Number.isInteger(units);
  if (units <= 0 || given > 100_000_000 || whole || (qty === undefined && given > 100)) {
    throw badRequest(422, 40010001, `invalid ${qty === undefined ? 'percentage' : 'qty'}`);
  }
  return Number(units.toFixed(9));
}

function closePosition(call: Call): WireResponse {
  const held = findPosition(call);
  if (held === undefined) return notFound(ABSENT);
  const result = call.core.submit(call.account, closingRequest(held.symbol, held.qty, closingQty(call, held)), call.now);
  return result.ok ? json(orderJson(result.value, call.listing, true)) : refusal(result);
}

const refusalBody = ({ code, message, extra }: XRefusal): Readonly<Record<string, unknown>> => ({ code, message, ...extra });

function closeAllPositions(call: Call): WireResponse {
  if (call.query.flag('cancel_orders')) call.core.cancelNow(call.account, call.now);
  const rows = call.core.positions(call.account, call.now).map((held) => {
    const result = call.core.submit(call.account, closingRequest(held.symbol, held.qty, Math.abs(held.qty)), call.now);
    return result.ok
      ? { symbol: held.symbol, status: 200, body: orderJson(result.value, call.listing, true) }
      : { symbol: held.symbol, status: result.status, body: refusalBody(result) };
  });
  return json(rows, 207);
}

/** The contract is named by its symbol or by its id. */
const contractOf = (call: Call): string => call.listing.symbolOf(firstOf(call));

function exercisePosition(call: Call): WireResponse {
  const result = call.core.exercise(call.account, contractOf(call), call.now);
  return result.ok ? json({}) : refusal(result);
}

function lapsePosition(call: Call): WireResponse {
  const result = call.core.doNotExercise(call.account, contractOf(call), call.now);
  return result.ok ? json({}) : refusal(result);
}

export const positionRoutes = [
  route('GET', '/v2/positions', 'trading', listPositions),
  route('GET', '/v2/positions/*', 'trading', getPosition),
  route('DELETE', '/v2/positions', 'trading', closeAllPositions),
  route('DELETE', '/v2/positions/*', 'trading', closePosition),
  route('POST', '/v2/positions/*/exercise', 'trading', exercisePosition),
  route('POST', '/v2/positions/*/do-not-exercise', 'trading', lapsePosition),
];
