// Orders for a fraction of a share, or for an amount: what quantity an amount comes to, and what such an order may not do.
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XOrderRequest, XRefusal } from '../types.ts';
import { closingOrders } from './book.ts';
import { cashOf, isWhole, MOST_FRACTIONAL, unitsFor } from './quantity.ts';
import { takingPrice } from './quotes.ts';
import { forbidden, unprocessable } from './refusals.ts';
import { settingsOf } from './settings.ts';
import type { Venue } from './venue.ts';

/** A request whose quantity is known: of one for an amount, what the amount comes to now. */
export type Sized = XOrderRequest;

const ONE_DOLLAR = 1_000_000;

/** Gives an order for an amount its quantity, at its limit or at the touch. */
export function sized(venue: Venue, request: XOrderRequest, at: number): Sized | XRefusal {
  const { notional, symbol, side } = request;
  if (notional === null || symbol === null || side === null) return request;
  const price = request.limitPrice ?? takingPrice(venue.desk.quote(symbol, at), side) ?? venue.desk.mark(symbol, at);
  if (price === undefined || price <= 0) return unprocessable(`no price is known for ${symbol}: an amount cannot be turned into shares`);
  return { ...request, qty: unitsFor(notional, price) };
}

/** Why a fraction, or an amount, cannot be traded; undefined for whole shares. `base` is the price it would trade at. */
export function fractionFlaw(
  venue: Venue,
  account: string,
  request: Sized,
  intent: XIntent,
  base: number | undefined,
): XRefusal | undefined {
  const { notional, qty } = request;
  const symbol = request.symbol ?? '';
  if (notional === null && isWhole(qty)) return undefined;
  if (!settingsOf(venue.truth.account(account)).configurations.fractionalTrading) return forbidden(`asset "${symbol}" is not fractionable`);
  const worth = notional ?? (base === undefined ? ONE_DOLLAR : cashOf(qty, base));
  if (request.side === 'buy' && worth < ONE_DOLLAR) return unprocessable(`cost basis must be >= minimal amount of order 1`);
  if (notional !== null && intent === 'buy_to_open' && closingOrders(venue, account, symbol).ids.length > 0) {
    return forbidden('cannot open a notional order while a closing order is open');
  }
  const held = Math.abs(venue.truth.position(account, symbol)?.qty ?? 0);
  if (qty > 0 && held + qty <= MOST_FRACTIONAL) return undefined;
  return unprocessable(
    `${formatMicros(worth)} of ${symbol} is no quantity that can be traded: at most ${MOST_FRACTIONAL} shares in fractions`,
  );
}
