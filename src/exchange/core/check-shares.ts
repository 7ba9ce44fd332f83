// What an order in shares must satisfy before it is taken: price, intent, wash trade, quantity and buying power.
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XOrderRequest, XRefusal } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { closingOrders } from './book.ts';
import { availableOf, powerOf } from './buying-power.ts';
import { groupFlaw } from './check-class.ts';
import { fractionFlaw, type Sized, sized } from './check-fraction.ts';
import { inferredIntent, intentMismatch, notAvailable, sharePriceFlaw } from './check-shape.ts';
import { shortFlaw } from './check-short.ts';
import { withCollar } from './collar.ts';
import { cashOf } from './quantity.ts';
import { takingPrice } from './quotes.ts';
import { forbidden, unprocessable } from './refusals.ts';
import { trailedStop, watchedPrice } from './stops.ts';
import type { Venue } from './venue.ts';
import { washTrade } from './wash-trade.ts';

type Simple = Sized & { readonly symbol: string; readonly side: 'buy' | 'sell' };

function stopFlaw(venue: Venue, request: Simple, stopPrice: number, at: number): XRefusal | undefined {
  const flaw = sharePriceFlaw('stop_price', stopPrice);
  if (flaw !== undefined) return flaw;
  const touch = watchedPrice(venue, request.symbol, request.side, at);
  if (touch === undefined) return undefined;
  if (request.side === 'sell' && stopPrice >= touch) return unprocessable('stop price must be below the current price');
  if (request.side === 'buy' && stopPrice <= touch) return unprocessable('stop price must be above the current price');
  return undefined;
}

function priceFlaw(venue: Venue, request: Simple, at: number): XRefusal | undefined {
  const limit = request.limitPrice === null ? undefined : sharePriceFlaw('limit_price', request.limitPrice);
  return limit ?? (request.stopPrice === null ? undefined : stopFlaw(venue, request, request.stopPrice, at));
}

/** The last price of the side an order would take; undefined where none is known. Micros. */
const lastPrice = (venue: Venue, request: Simple, at: number): number | undefined =>
  takingPrice(venue.desk.quote(request.symbol, at), request.side) ?? venue.desk.mark(request.symbol, at);

/** Micros a share that an order may come to pay: its limit, or its stop, or the ask, with the collar where it names no limit. */
function dearest(venue: Venue, request: Simple, hwm: number | null, at: number): number | undefined {
  if (request.limitPrice !== null) return request.limitPrice;
  if (request.stopPrice !== null) return withCollar(request.stopPrice);
  if (request.trail !== null && hwm !== null) return withCollar(trailedStop(request.trail, hwm, request.side));
  const price = takingPrice(venue.desk.quote(request.symbol, at), 'buy') ?? venue.desk.mark(request.symbol, at);
  return price === undefined ? undefined : withCollar(price);
}

const SHORT_MARGIN = 1.03;

/** Micros a share that a short sale is held to: its price, or the ask and three hundredths where that is more. */
function shortPrice(venue: Venue, request: Simple, at: number): number | undefined {
  const ask = takingPrice(venue.desk.quote(request.symbol, at), 'buy') ?? venue.desk.mark(request.symbol, at);
  const named = request.limitPrice ?? request.stopPrice;
  return ask === undefined ? (named ?? undefined) : Math.max(named ?? 0, Math.ceil(ask * SHORT_MARGIN));
}

function opened(venue: Venue, account: string, request: Simple, intent: XIntent, hwm: number | null, at: number): Accepted | XRefusal {
  const price = intent === 'buy_to_open' ? dearest(venue, request, hwm, at) : shortPrice(venue, request, at);
  if (price === undefined) return unprocessable(`no price is known for ${request.symbol}: a market order cannot be costed`);
  const costs = request.notional ?? cashOf(request.qty, price);
  const { buyingPower } = powerOf(venue, account, at);
  if (costs > buyingPower) {
    return forbidden('insufficient buying power', { buying_power: formatMicros(buyingPower), cost_basis: formatMicros(costs) });
  }
  return { ok: true, intent, qty: request.qty, hwm, held: costs, venueReason: null, contracts: [] };
}

function closed(venue: Venue, account: string, request: Simple, intent: XIntent, held: number, hwm: number | null): Accepted | XRefusal {
  const available = availableOf(venue, account, request.symbol);
  if (request.qty > available) {
    return notAvailable(request.symbol, request.qty, held, available, closingOrders(venue, account, request.symbol).ids);
  }
  return { ok: true, intent, qty: request.qty, hwm, held: 0, venueReason: null, contracts: [] };
}

/** Checks an order in shares; its hold is the cash of a buy, or the margin of a short sale. */
export function checkShares(
  venue: Venue,
  account: string,
  asked: XOrderRequest & { readonly symbol: string; readonly side: 'buy' | 'sell' },
  at: number,
): Accepted | XRefusal {
  const { symbol, side } = asked;
  if (venue.listedEquity(symbol) === undefined) return unprocessable(`could not find asset "${symbol}"`);
  const position = venue.truth.position(account, symbol)?.qty ?? 0;
  const intent = inferredIntent(side, position);
  if (asked.intent !== null && asked.intent !== intent) return intentMismatch(intent, asked.intent);
  const size = sized(venue, asked, at);
  if ('ok' in size) return size;
  const request: Simple = { ...size, symbol, side };
  const base = request.limitPrice ?? lastPrice(venue, request, at);
  const flaw =
    shortFlaw(venue, account, request, intent, at) ??
    priceFlaw(venue, request, at) ??
    groupFlaw(request, intent, base) ??
    fractionFlaw(venue, account, request, intent, base) ??
    washTrade(venue, account, request);
  if (flaw !== undefined) return flaw;
  const hwm = request.trail === null ? null : (lastPrice(venue, request, at) ?? null);
  if (request.trail !== null && hwm === null) return unprocessable(`no price is known for ${symbol}: a trailing stop has nothing to trail`);
  const opens = intent === 'buy_to_open' || intent === 'sell_to_open';
  return opens ? opened(venue, account, request, intent, hwm, at) : closed(venue, account, request, intent, position, hwm);
}
