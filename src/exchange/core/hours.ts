// When an order may trade: the session, the hours around it, and the windows of the two auctions.
import { type EpochMs, epochMs, HOUR, MINUTE } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { XOrderRequest } from '../types.ts';

export interface Hours {
  readonly from: number;
  readonly to: number;
}

const PRE_OPENS = 4;
const POST_LASTS = 4 * HOUR;
/** From here until this hour of the evening the auctions take no orders. */
const EVENING = 19;
const BEFORE = { opg: 2 * MINUTE, cls: 10 * MINUTE } as const;

/** The extended hours in progress at an instant or, when there are none, the next to begin: 04:00 to four hours after the close. */
export function extendedHours(calendar: Calendar, at: number): Hours {
  const day = calendar.dayOf(epochMs(at));
  const today = calendar.offset(day, 0);
  const session = at < today.close + POST_LASTS ? today : calendar.offset(today.day, 1);
  return { from: calendar.instant(session.day, PRE_OPENS, 0), to: session.close + POST_LASTS };
}

export const inExtendedHours = (calendar: Calendar, at: number): boolean => extendedHours(calendar, at).from <= at;

/** The session an order sent at this instant works in, or the extended hours when it asks for them. */
export function workingHours(calendar: Calendar, request: Pick<XOrderRequest, 'extendedHours'>, at: number): Hours {
  if (request.extendedHours) return extendedHours(calendar, at);
  const { open, close } = calendar.currentOrNext(epochMs(at));
  return { from: open, to: close };
}

/** True where an auction takes orders: from the evening before until shortly before it is held. */
export function auctionTakes(calendar: Calendar, auction: 'opg' | 'cls', at: EpochMs): boolean {
  const day = calendar.dayOf(at);
  const session = calendar.session(day);
  if (session === undefined) return true;
  const ends = (auction === 'opg' ? session.open : session.close) - BEFORE[auction];
  return at < ends || at >= calendar.instant(day, EVENING, 0);
}

/** The close of the session whose closing auction an order sent at this instant takes part in. */
export function closingAuction(calendar: Calendar, at: number): number {
  const { close } = calendar.currentOrNext(epochMs(at));
  return close;
}

/** Underlyings whose expiring contracts may be opened until later on the last day. */
const BROAD_FUNDS: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM', 'DIA']);

/** From this instant of a contract's last day nothing is opened in it, and the broker closes what cannot be carried through exercise. */
export const lastOpening = (underlying: string, close: number): number => close - (BROAD_FUNDS.has(underlying) ? 30 : 45) * MINUTE;
