// The account's statement: one row for each execution and for each event in the life of an option, and how rows are read.
import { addDays, type EpochMs, epochMs, type TradingDay } from '../../domain/time.ts';
import type { XActivity, XActivityFilter } from '../types.ts';
import { activityStamp, midnightStamp } from './ids.ts';
import type { Venue } from './venue.ts';

/** When the rows of a night appear: 06:00 New York. */
const MORNING_HOUR = 6;
const MAX_PAGE = 100;

/** Books a row of this very instant, visible at once. */
export function activityOf(venue: Venue, account: string, at: EpochMs, row: Omit<XActivity, 'at' | 'visibleAt' | 'day' | 'id'>): void {
  const id = `${activityStamp(venue.calendar, at)}::${venue.sortedUuid()}`;
  venue.truth.book(account, { ...row, at, visibleAt: at, day: venue.calendar.dayOf(at), id });
}

/** Books the row of one execution; it is visible at once. `netAmount` is the signed cash of the execution. */
export function bookFill(
  venue: Venue,
  account: string,
  row: Pick<XActivity, 'symbol' | 'qty' | 'price' | 'netAmount'> & { readonly fill: NonNullable<XActivity['fill']> },
): void {
  activityOf(venue, account, epochMs(venue.truth.scalars.at), { ...row, type: 'FILL', groupId: null });
}

/** What a row says beyond when: of an event that is no execution. */
export type EventRow = Pick<XActivity, 'type' | 'subType' | 'symbol' | 'qty' | 'price' | 'netAmount' | 'groupId'>;

/** As `bookEvent`, shown at once: what happens as a day begins. */
export const bookMidnight = (venue: Venue, account: string, day: TradingDay, row: EventRow): void =>
  venue.truth.book(account, {
    ...row,
    fill: null,
    day,
    at: venue.truth.scalars.at,
    visibleAt: venue.truth.scalars.at,
    id: `${midnightStamp(day)}::${venue.sortedUuid()}`,
  });

/** A row that is no execution: what happened on `day`, shown from 06:00 of `shownOn` with that day's midnight in its id. */
export function bookEvent(venue: Venue, account: string, day: TradingDay, shownOn: TradingDay, row: EventRow): void {
  venue.truth.book(account, {
    ...row,
    fill: null,
    day,
    at: venue.truth.scalars.at,
    visibleAt: venue.calendar.instant(shownOn, MORNING_HOUR, 0),
    id: `${midnightStamp(shownOn)}::${venue.sortedUuid()}`,
  });
}

/** As `bookEvent`, shown the next calendar morning as the clearing house's night run is. */
export const bookOvernight = (venue: Venue, account: string, day: TradingDay, row: EventRow): void =>
  bookEvent(venue, account, day, addDays(venue.calendar.dayOf(epochMs(venue.truth.scalars.at)), 1), row);

/**
 * Rows visible at an instant, by id. `after` and `until` are exclusive and compare the instant a row became visible, so that
 * who reads on from the last instant it saw misses no row of the night.
 */
export function readActivities(rows: readonly XActivity[], filter: XActivityFilter, at: number): readonly XActivity[] {
  const { types, after, until, day, direction, pageToken } = filter;
  const ascending = direction === 'asc';
  const chosen = rows.filter(
    (row) =>
      row.visibleAt <= at &&
      (types === null || types.includes(row.type)) &&
      (filter.orderId === undefined || row.fill?.orderId === filter.orderId) &&
      (after === null || row.visibleAt > after) &&
      (until === null || row.visibleAt < until) &&
      (day === null || row.day === day) &&
      (pageToken === null || (ascending ? row.id > pageToken : row.id < pageToken)),
  );
  chosen.sort((a, b) => (a.id < b.id === ascending ? -1 : 1));
  return chosen.slice(0, Math.max(1, Math.min(MAX_PAGE, filter.pageSize)));
}
