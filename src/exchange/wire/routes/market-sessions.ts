// The newer form of clock and calendar: /v3/clock and /v3/calendar/{market}, of each US market by its name.
import { addDays, daysBetween, type EpochMs } from '../../../domain/time.ts';
import type { Session } from '../../../market/calendar.ts';
import { instant, newYorkText } from '../encode.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { type Call, firstOf, route, sessionsBetween } from '../route.ts';

interface Venue {
  readonly mic: string;
  readonly acronym: string;
  readonly name: string;
  /** Shares trade before and after the session; options do not. */
  readonly extended: boolean;
}

const venues: readonly Venue[] = [
  { mic: 'XNYS', acronym: 'NYSE', name: 'New York Stock Exchange', extended: true },
  { mic: 'XNAS', acronym: 'NASDAQ', name: 'Nasdaq', extended: true },
  { mic: 'BATS', acronym: 'BATS', name: 'Cboe BZX US Equities Exchange', extended: true },
  { mic: 'ARCX', acronym: 'ARCA', name: 'NYSE Arca', extended: true },
  { mic: 'IEXG', acronym: 'IEX', name: 'Investors Exchange', extended: true },
  { mic: 'OPRA', acronym: 'OPRA', name: 'Options Price Reporting Authority', extended: false },
];

function venueOf(name: string): Venue {
  const wanted = name.toUpperCase();
  const found = venues.find(({ mic, acronym }) => wanted === acronym || wanted === mic);
  if (found === undefined) throw badRequest(422, 40010001, `invalid market: ${name}`);
  return found;
}

const venueJson = ({ mic, acronym, name }: Venue): Readonly<Record<string, unknown>> => ({
  mic,
  acronym,
  name,
  timezone: 'America/New_York',
  bic: null,
});

interface Hours {
  readonly session: Session;
  readonly pre: number;
  readonly post: number;
}

/** Shares trade from 04:00 to 20:00, on half days to 17:00. */
function hoursOf(call: Call, session: Session, venue: Venue): Hours {
  if (!venue.extended) return { session, pre: session.open, post: session.close };
  const post = call.calendar.instant(session.day, session.early ? 17 : 20, 0);
  return { session, pre: call.calendar.instant(session.day, 4, 0), post };
}

type Zone = (at: number) => string;

function zoneOf(call: Call): Zone {
  const zone = call.query.text('timezone') ?? 'UTC';
  if (zone === 'UTC') return instant;
  if (zone === 'America/New_York') return newYorkText;
  throw badRequest(422, 40010001, `invalid timezone: ${zone}; this exchange knows UTC and America/New_York`);
}

function dayJson(call: Call, { session, pre, post }: Hours, zone: Zone): Readonly<Record<string, unknown>> {
  const { open, close } = session;
  return {
    date: session.day,
    ...(pre < open ? { pre_start: zone(pre), pre_end: zone(open) } : {}),
    core_start: zone(open),
    core_end: zone(close),
    ...(post > close ? { post_start: zone(close), post_end: zone(post) } : {}),
    settlement_date: call.calendar.offset(session.day, 1).day,
  };
}

/** Without bounds: today and the seven days that follow. */
function getCalendar(call: Call): WireResponse {
  const venue = venueOf(firstOf(call));
  const zone = zoneOf(call);
  const today = call.calendar.dayOf(call.now as EpochMs);
  const start = call.query.day('start') ?? today;
  const end = call.query.day('end') ?? addDays(daysBetween(today, start) > 0 ? start : today, 7);
  if (start > end) throw badRequest(422, 40010001, 'end should not be before start');
  const days = sessionsBetween(call, start, end).map((session) => dayJson(call, hoursOf(call, session, venue), zone));
  return json({ market: venueJson(venue), calendar: days });
}

function phaseOf({ session, pre, post }: Hours, at: number): readonly [string, number | null] {
  if (at < pre) return ['closed', pre];
  if (at < session.open) return ['pre', session.open];
  if (at < session.close) return ['core', session.close];
  return at < post ? ['post', post] : ['closed', null];
}

function clockJson(call: Call, venue: Venue, at: EpochMs, zone: Zone): Readonly<Record<string, unknown>> {
  const { calendar } = call;
  const today = calendar.session(calendar.dayOf(at));
  const next = calendar.offset(addDays(calendar.dayOf(at), 1), 0);
  const [phase, until] = today === undefined ? ['closed', null] : phaseOf(hoursOf(call, today, venue), at);
  const opens = today !== undefined && at < today.open ? today : next;
  const closes = today !== undefined && at < today.close ? today : next;
  return {
    market: venueJson(venue),
    timestamp: zone(at),
    is_market_day: today !== undefined,
    phase,
    phase_until: zone(until ?? hoursOf(call, next, venue).pre),
    next_market_open: zone(opens.open),
    next_market_close: zone(closes.close),
  };
}

function getClock(call: Call): WireResponse {
  const zone = zoneOf(call);
  const wanted = (call.query.list('markets') ?? ['NYSE']).map(venueOf);
  const at = (call.query.instant('time', 'start') ?? call.now) as EpochMs;
  const day = call.calendar.dayOf(at);
  sessionsBetween(call, day, addDays(day, 14)); // refuses an instant at which the calendar has no answer
  return json({ clocks: wanted.map((venue) => clockJson(call, venue, at, zone)) });
}

export const marketSessionRoutes = [route('GET', '/v3/clock', 'trading', getClock), route('GET', '/v3/calendar/*', 'trading', getCalendar)];
