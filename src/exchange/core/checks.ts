// The checks every order passes before it is taken, in the order in which a client meets them.
import { parseOcc } from '../../domain/instrument.ts';
import type { XOrderRequest, XRefusal } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { classFlaw } from './check-class.ts';
import { checkMleg, checkOption } from './check-options.ts';
import { shapeFlaw } from './check-shape.ts';
import { checkShares } from './check-shares.ts';
import { shareTimingFlaw } from './check-timing.ts';
import { invalid } from './refusals.ts';
import { settingsFlaw } from './settings.ts';
import type { Venue } from './venue.ts';

/**
 * Judges what an order would do, whoever sends it: its form, its instant, its price, its cover and its cost. `check` adds what only
 * a new order must satisfy.
 */
export function judge(venue: Venue, account: string, request: XOrderRequest, at: number): Accepted | XRefusal {
  const flaw = shapeFlaw(request) ?? classFlaw(request);
  if (flaw !== undefined) return flaw;
  if (request.orderClass === 'mleg') return checkMleg(venue, account, request, at);
  const { symbol, side } = request;
  if (symbol === null || side === null) return invalid('symbol and side are required');
  if (parseOcc(symbol) !== undefined) return checkOption(venue, account, { ...request, symbol, side }, at);
  return shareTimingFlaw(venue, request, at) ?? checkShares(venue, account, { ...request, symbol, side }, at);
}

/** Judges a request at an instant; takes nothing on the books. */
export function check(venue: Venue, account: string, request: XOrderRequest, at: number): Accepted | XRefusal {
  const flaw = shapeFlaw(request);
  if (flaw !== undefined) return flaw;
  if (request.clientOrderId !== null && venue.truth.orderByClientId(account, request.clientOrderId) !== undefined) {
    return invalid('client_order_id must be unique');
  }
  const barred = settingsFlaw(venue, account, request);
  return barred ?? judge(venue, account, request, at);
}
