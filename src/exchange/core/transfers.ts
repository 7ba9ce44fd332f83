// Cash that the holder of an account brings in or takes out.
import { formatMicros } from '../../domain/money.ts';
import { epochMs } from '../../domain/time.ts';
import type { XResult } from '../types.ts';
import { activityOf } from './activities.ts';
import { powerOf } from './buying-power.ts';
import { settle } from './fills.ts';
import { forbidden, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';

/** No transfer is larger, micros: a thousand million dollars. */
const MOST = 1_000_000_000_000_000;

/**
 * Moves cash at this instant, booked as `CSD` or `CSW`. No more is paid out than neither borrowed cash nor collateral nor an open order
 * makes up; @param amount micros, negative to take out, not 0
 */
export function transfer(venue: Venue, account: string, amount: number, at: number): XResult<null> {
  if (!Number.isSafeInteger(amount) || amount === 0 || Math.abs(amount) > MOST) {
    return unprocessable('a transfer is of some cash, of at most 1000000000 dollars');
  }
  const { optionsBuyingPower: free } = powerOf(venue, account, at);
  if (-amount > free) {
    return forbidden('insufficient cash to withdraw', { requested: formatMicros(-amount), available: formatMicros(free) });
  }
  settle(venue, account, '', 0, amount);
  activityOf(venue, account, epochMs(at), {
    type: amount > 0 ? 'CSD' : 'CSW',
    symbol: null,
    qty: 0,
    price: null,
    netAmount: amount,
    groupId: null,
    fill: null,
  });
  return { ok: true, value: null };
}
