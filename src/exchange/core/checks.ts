// The checks every order passes before it is taken, in the order in which a client meets them.
import { parseOcc } from '../../domain/instrument.ts';
import { epochMs } from '../../domain/time.ts';
import type { XOrderRequest, XRefusal } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { checkMleg, checkOption } from './check-options.ts';
import { shapeFlaw } from './check-shape.ts';
import { checkShares } from './check-shares.ts';
import { invalid, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';

function shareTimingFlaw(venue: Venue, request: XOrderRequest, at: number): XRefusal | undefined {
  const tif = request.timeInForce;
  if (request.extendedHours) return unprocessable('this exchange trades the regular session only: extended_hours is not supported');
  if (tif === 'opg' || tif === 'cls') return unprocessable(`this exchange holds no auctions: time_in_force ${tif} is not supported`);
  if (request.type === 'stop' && tif !== 'day' && tif !== 'gtc') return invalid('stop orders must be day or gtc');
  if ((tif === 'ioc' || tif === 'fok') && venue.calendar.inSession(epochMs(at)) === undefined) {
    return unprocessable(`${tif} orders are only allowed during market hours`);
  }
  return undefined;
}

/** Judges a request at an instant; takes nothing on the books. */
export function check(venue: Venue, account: string, request: XOrderRequest, at: number): Accepted | XRefusal {
  const flaw = shapeFlaw(request);
  if (flaw !== undefined) return flaw;
  if (request.clientOrderId !== null && venue.truth.orderByClientId(account, request.clientOrderId) !== undefined) {
    return invalid('client_order_id must be unique');
  }
  if (request.orderClass === 'mleg') return checkMleg(venue, account, request, at);
  const { symbol, side } = request;
  if (symbol === null || side === null) return invalid('symbol and side are required');
  if (parseOcc(symbol) !== undefined) return checkOption(venue, account, { ...request, symbol, side }, at);
  return shareTimingFlaw(venue, request, at) ?? checkShares(venue, account, { ...request, symbol, side }, at);
}
