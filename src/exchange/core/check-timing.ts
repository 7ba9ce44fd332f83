// When an order in shares may be sent, by its time in force and the hours it asks for.
import { epochMs } from '../../domain/time.ts';
import type { XOrderRequest, XRefusal } from '../types.ts';
import { auctionTakes } from './hours.ts';
import { isWhole } from './quantity.ts';
import { forbidden, invalid, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';

const windows = { opg: '7:00pm and before 9:28am', cls: '7:00pm and before 3:50pm' } as const;

export function shareTimingFlaw(venue: Venue, request: XOrderRequest, at: number): XRefusal | undefined {
  const { timeInForce: tif, type } = request;
  const lasts = tif === 'day' || tif === 'gtc';
  if (request.extendedHours && (type !== 'limit' || !lasts)) return invalid('extended hours order must be DAY or GTC limit orders');
  if (type !== 'market' && type !== 'limit' && !lasts) return invalid(`${type} orders must be day or gtc`);
  if ((request.notional !== null || !isWhole(request.qty)) && tif !== 'day') return unprocessable('fractional orders must be DAY orders');
  if ((tif === 'opg' || tif === 'cls') && !auctionTakes(venue.calendar, tif, epochMs(at))) {
    return forbidden(`${tif} orders must be submitted after ${windows[tif]}`);
  }
  if ((tif === 'ioc' || tif === 'fok') && venue.calendar.inSession(epochMs(at)) === undefined) {
    return unprocessable(`${tif} orders are only allowed during market hours`);
  }
  return undefined;
}
