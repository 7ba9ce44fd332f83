// Rows of market data over several symbols: the window a client asks for, and its pages.
import type { EpochMs } from '../../domain/time.ts';
import type { Session } from '../../market/calendar.ts';
import { badRequest } from './message.ts';
import { placeOf, placeToken } from './page.ts';
import type { Call } from './route.ts';

/** Inclusive, UTC milliseconds; never later than the present instant. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** Without `start` the window begins with today's New York midnight; without `end` it ends now. A refusal when it ends before it starts. */
export function timeWindow(call: Call): TimeWindow {
  const { query, calendar, now } = call;
  const start = query.instant('start', 'start') ?? calendar.instant(calendar.dayOf(now as EpochMs), 0, 0);
  const end = Math.min(query.instant('end', 'end') ?? now, now);
  if (start > end && query.text('end') !== undefined) throw badRequest(400, 40010001, 'end should not be before start');
  return { start, end };
}

/** Part of one symbol's rows, and the place it goes on at; null when there are no more. */
export interface Part<T> {
  readonly rows: readonly T[];
  readonly next: number | null;
}

/** At most `most` rows of one symbol from place `from` on, oldest or newest first as the client asks. Places are the reader's own. */
export type SeriesReader<T> = (symbol: string, from: number, most: number) => Part<T>;

export interface SeriesPage {
  /** Symbols without a row are absent. */
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
  readonly next: string | null;
}

/** True when `sort=desc` is asked for. */
export const newestFirst = (call: Call): boolean => call.query.oneOf('sort', ['asc', 'desc'], 'asc') === 'desc';

/** A reader of rows that are in memory already, oldest first. */
export const listReader =
  <T>(call: Call, read: (symbol: string) => readonly T[]): SeriesReader<T> =>
  (symbol, from, most) => {
    const all = newestFirst(call) ? [...read(symbol)].reverse() : read(symbol);
    return { rows: all.slice(from, from + most), next: from + most < all.length ? from + most : null };
  };

/** Places of one session's rows lie within one such span; no session has as many. */
const SESSION_SPAN = 10_000;

/** A reader of rows by session, oldest first, of which only the sessions of a page are read. */
export function sessionReader<T>(
  call: Call,
  sessions: readonly Session[],
  read: (symbol: string, session: Session) => readonly T[],
): SeriesReader<T> {
  const backwards = newestFirst(call);
  const ordered = backwards ? [...sessions].reverse() : sessions;
  return (symbol, from, most) => {
    const rows: T[] = [];
    let skip = from % SESSION_SPAN;
    for (const [i, session] of ordered.entries()) {
      if (i < Math.floor(from / SESSION_SPAN)) continue;
      const found = read(symbol, session);
      const own = (backwards ? [...found].reverse() : found).slice(skip);
      const room = most - rows.length;
      rows.push(...own.slice(0, room));
      if (own.length > room) return { rows, next: i * SESSION_SPAN + skip + room };
      skip = 0;
    }
    return { rows, next: null };
  };
}

/** One page over symbols in order, then time; `limit` counts rows of all symbols together. Only the symbols of the page are read. */
export function seriesPage<T>(
  call: Call,
  symbols: readonly string[],
  read: SeriesReader<T>,
  write: (row: T, symbol: string) => unknown,
): SeriesPage {
  const from = placeOf(call.query.text('page_token'));
  const rows: [string, readonly unknown[]][] = [];
  const done = (next: string | null): SeriesPage => ({ rows: Object.fromEntries(rows), next });
  let room = call.query.int('limit', 1000, 1, 10_000);
  for (const [list, symbol] of [...symbols].sort().entries()) {
    if (list < from.list) continue;
    const item = list === from.list ? from.item : 0;
    const part = read(symbol, item, room);
    if (part.rows.length > 0) rows.push([symbol, part.rows.map((row) => write(row, symbol))]);
    if (part.next !== null) return done(placeToken({ list, item: part.next }));
    room -= part.rows.length;
  }
  return done(null);
}

/** The rows of the only symbol of a page; null when it has none. */
export const onlyRows = (page: SeriesPage): readonly unknown[] | null => Object.values(page.rows)[0] ?? null;
