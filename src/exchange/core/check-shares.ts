// What an order in shares must satisfy before it is taken: price, intent, wash trade, quantity and buying power.
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XOrderRequest, XRefusal } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { closingOrders } from './book.ts';
import { availableOf, powerOf } from './buying-power.ts';
import { inferredIntent, intentMismatch, notAvailable, sharePriceFlaw } from './check-shape.ts';
import { takingPrice } from './quotes.ts';
import { forbidden, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';
import { washTrade } from './wash-trade.ts';

type Simple = XOrderRequest & { readonly symbol: string; readonly side: 'buy' | 'sell' };

const FIFTY_DOLLARS = 50_000_000;

/** A market buy reserves the ask and a collar: 4 % under $50, 2.5 % from there. */
const withCollar = (price: number): number => Math.ceil(price * (price < FIFTY_DOLLARS ? 1.04 : 1.025));

function priceFlaw(venue: Venue, request: Simple, at: number): XRefusal | undefined {
  if (request.limitPrice !== null) return sharePriceFlaw('limit_price', request.limitPrice);
  if (request.stopPrice === null) return undefined;
  const flaw = sharePriceFlaw('stop_price', request.stopPrice);
  if (flaw !== undefined) return flaw;
  const quote = venue.desk.quote(request.symbol, at);
  const touch = request.side === 'sell' ? quote?.bid : quote?.ask;
  if (touch === undefined || touch <= 0) return undefined;
  if (request.side === 'sell' && request.stopPrice >= touch) return unprocessable('stop price must be below the current price');
  if (request.side === 'buy' && request.stopPrice <= touch) return unprocessable('stop price must be above the current price');
  return undefined;
}

function cost(venue: Venue, request: Simple, at: number): number | undefined {
  if (request.limitPrice !== null) return request.limitPrice * request.qty;
  if (request.stopPrice !== null) return withCollar(request.stopPrice) * request.qty;
  const price = takingPrice(venue.desk.quote(request.symbol, at), 'buy') ?? venue.desk.mark(request.symbol, at);
  return price === undefined ? undefined : withCollar(price) * request.qty;
}

function bought(venue: Venue, account: string, request: Simple, at: number): Accepted | XRefusal {
  const costs = cost(venue, request, at);
  if (costs === undefined) return unprocessable(`no price is known for ${request.symbol}: a market order cannot be costed`);
  const { buyingPower } = powerOf(venue, account, at);
  if (costs > buyingPower) {
    return forbidden('insufficient buying power', { buying_power: formatMicros(buyingPower), cost_basis: formatMicros(costs) });
  }
  return { ok: true, intent: 'buy_to_open', held: costs, venueReason: null, contracts: [] };
}

function closed(venue: Venue, account: string, request: Simple, intent: XIntent, held: number): Accepted | XRefusal {
  const available = availableOf(venue, account, request.symbol);
  if (request.qty > available) {
    return notAvailable(request.symbol, request.qty, held, available, closingOrders(venue, account, request.symbol).ids);
  }
  return { ok: true, intent, held: 0, venueReason: null, contracts: [] };
}

/** Checks an order in shares; its hold is the cash of a buy. Selling what is not held is refused: there is no borrowing here. */
export function checkShares(venue: Venue, account: string, request: Simple, at: number): Accepted | XRefusal {
  if (venue.listedEquity(request.symbol) === undefined) return unprocessable(`could not find asset "${request.symbol}"`);
  const position = venue.truth.position(account, request.symbol)?.qty ?? 0;
  const intent = inferredIntent(request.side, position);
  if (request.intent !== null && request.intent !== intent) return intentMismatch(intent, request.intent);
  if (intent === 'sell_to_open') return forbidden('account is not allowed to short');
  const flaw = priceFlaw(venue, request, at) ?? washTrade(venue, account, request);
  if (flaw !== undefined) return flaw;
  return intent === 'buy_to_open' ? bought(venue, account, request, at) : closed(venue, account, request, intent, position);
}
