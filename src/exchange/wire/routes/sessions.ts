// GET /v2/clock and /v2/calendar.
import { addDays, type EpochMs, type TradingDay } from '../../../domain/time.ts';
import type { Calendar, Session } from '../../../market/calendar.ts';
import { newYorkText } from '../encode.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { type Call, route, sessionsBetween } from '../route.ts';

function getClock(call: Call): WireResponse {
  const { calendar, now } = call;
  const open = calendar.inSession(now as EpochMs);
  const next = open === undefined ? calendar.currentOrNext(now as EpochMs) : calendar.offset(open.day, 1);
  return json({
    timestamp: newYorkText(now),
    is_open: open !== undefined,
    next_open: newYorkText(next.open),
    next_close: newYorkText((open ?? next).close),
  });
}

const hhmm = (at: number): string => newYorkText(at).slice(11, 16);

function sessionJson(session: Session, calendar: Calendar): Readonly<Record<string, string>> & { readonly settlement_date: string } {
  return {
    date: session.day,
    open: hhmm(session.open),
    close: hhmm(session.close),
    session_open: '0400',
    session_close: session.early ? '1700' : '2000',
    settlement_date: calendar.offset(session.day, 1).day,
  };
}

/** Without bounds a calendar of a year either side of today is what the exchange can answer for. */
function getCalendar(call: Call): WireResponse {
  const today = call.calendar.dayOf(call.now as EpochMs);
  const start: TradingDay = call.query.day('start') ?? addDays(today, -365);
  const end: TradingDay = call.query.day('end') ?? addDays(today, 365);
  if (start > end) throw badRequest(422, 40010001, 'end should not be before start');
  const bySettlement = call.query.oneOf('date_type', ['TRADING', 'SETTLEMENT'], 'TRADING') === 'SETTLEMENT';
  const rows = sessionsBetween(call, bySettlement ? addDays(start, -7) : start, end).map((session) => sessionJson(session, call.calendar));
  return json(bySettlement ? rows.filter((row) => row.settlement_date >= start && row.settlement_date <= end) : rows);
}

export const sessionRoutes = [route('GET', '/v2/clock', 'trading', getClock), route('GET', '/v2/calendar', 'trading', getCalendar)];
