// Short sales of shares: who may sell what he does not hold, and what stands in the way of it.
import type { XIntent, XRefusal } from '../types.ts';
import { powerOf } from './buying-power.ts';
import type { Sized } from './check-fraction.ts';
import { isWhole } from './quantity.ts';
import { forbidden, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';

/** An account with less equity than this may not sell short. Micros. */
const LEAST_EQUITY = 2_000_000_000;

const openOf = (venue: Venue, account: string, symbol: string | null, intent: XIntent): boolean =>
  venue.truth.openOf(account).some(({ order }) => order.symbol === symbol && order.intent === intent);

/** Why an order in shares may not open a position; undefined for one that closes, and for one that may. */
export function shortFlaw(venue: Venue, account: string, request: Sized, intent: XIntent, at: number): XRefusal | undefined {
  const { symbol } = request;
  if (intent === 'buy_to_open' && openOf(venue, account, symbol, 'sell_to_open')) {
    return forbidden('cannot open a long buy while a short sell order is open');
  }
  if (intent !== 'sell_to_open') return undefined;
  if (!venue.lends || powerOf(venue, account, at).equity < LEAST_EQUITY) return forbidden('account is not allowed to short');
  if (request.notional !== null || !isWhole(request.qty)) return unprocessable('fractional orders cannot be sold short');
  return openOf(venue, account, symbol, 'buy_to_open') ? forbidden('cannot open a short sell while a long buy order is open') : undefined;
}
