// What the exchange's owner may ask beyond the broker's wire: its clock, its report and macro dates, its report, and a cut of all sockets.
import { AssertionError } from '../../../base/assert.ts';
import { DAY, type EpochMs } from '../../../domain/time.ts';
import { microsOf } from '../encode.ts';
import { badRequest, json, text, type WireResponse } from '../message.ts';
import { parseBody } from '../order-body.ts';
import { parseInstant } from '../query.ts';
import { type Call, route } from '../route.ts';

const clockState = (call: Call): Readonly<Record<string, unknown>> => ({ exchange: call.clock.now(), speed: call.clock.speed });

const getClock = (call: Call): WireResponse => json(clockState(call));

function jumpTarget(value: unknown, call: Call): number {
  const at = typeof value === 'string' ? parseInstant(value, call.calendar, 'start') : value;
  if (typeof at === 'number' && Number.isSafeInteger(at)) return at;
  throw badRequest(422, 40010001, 'jumpTo must be an instant: UTC milliseconds, or RFC 3339');
}

/** Further than this at once would keep every client waiting while the nights and the looks at resting orders are gone through. */
const FURTHEST = 31 * DAY;
/** So far ahead of the clock the calendar must still reach: orders live for 90 days, and paths are asked for their next sessions. */
const KNOWN_AHEAD = 120 * DAY;
/** Above this a tick would be half a day. */
const FASTEST = 1_000_000;

/** Why the clock cannot jump to an instant; undefined when it can. */
function jumpFlaw(target: number, { now, calendar }: Call): string | undefined {
  if (target < now) return 'jumpTo is in the past: the clock never goes back';
  if (target - now > FURTHEST) return 'jumpTo is more than 31 days ahead: go there in steps';
  try {
    calendar.currentOrNext((target + KNOWN_AHEAD) as EpochMs);
    return undefined;
  } catch (error) {
    if (error instanceof AssertionError) return 'jumpTo lies at the end of the calendar: nothing is known of the sessions after it';
    throw error;
  }
}

/** `{"speed": n}` and `{"jumpTo": instant}`, one or both; a jump goes forward only. */
function setClock(call: Call): WireResponse {
  const body = parseBody(call.body);
  const { speed, jumpTo } = body;
  if (speed === undefined && jumpTo === undefined) throw badRequest(422, 40010001, 'speed or jumpTo is required');
  const target = jumpTo === undefined ? undefined : jumpTarget(jumpTo, call);
  const flaw = target === undefined ? undefined : jumpFlaw(target, call);
  if (flaw !== undefined) throw badRequest(422, 40010001, flaw);
  const micros = speed === undefined ? undefined : microsOf(speed);
  if (speed !== undefined && (micros === undefined || micros <= 0 || micros > FASTEST * 1_000_000))
    throw badRequest(422, 40010001, `speed must be a positive number, at most ${String(FASTEST)}`);
  if (micros !== undefined) call.clock.setSpeed(micros / 1_000_000);
  if (target !== undefined) call.clock.jumpTo(Math.max(target, call.clock.now()));
  call.core.advance(call.clock.now());
  return json(clockState(call));
}

function getEarnings(call: Call): WireResponse {
  const lines = call.market.earnings().map((row) => `${row.symbol},${row.day},${row.time === 'UNKNOWN' ? '' : row.time.toLowerCase()}`);
  return text(['symbol,date,session', ...lines.sort(), ''].join('\n'), 'text/csv; charset=UTF-8');
}

/** The macro calendar as an operator's file would hold it, confirmed today: the exchange vouches for it each time it is asked. */
function getMacro(call: Call): WireResponse {
  const { dates, complete } = call.market.macro();
  const lines = dates.map(({ day, event, time }) => `${day},${event},${time ?? ''}`);
  const claims = complete === null ? [] : [`# complete: ${complete.from}..${complete.to}`];
  const today = call.calendar.dayOf(call.now as EpochMs);
  return text([`# confirmed: ${today}`, ...claims, 'date,event,time', ...lines.sort(), ''].join('\n'), 'text/csv; charset=UTF-8');
}

/** The market's own report, and how many of the account's executions stood on live, held and assumed quotes. */
function getReport(call: Call): WireResponse {
  const fills = { live: 0, held: 0, assumed: 0 };
  let token: string | null = null;
  for (;;) {
    const page = call.core.activities(
      call.account,
      { types: ['FILL'], after: null, until: null, day: null, direction: 'asc', pageSize: 100, pageToken: token },
      call.now,
    );
    for (const row of page) if (row.fill !== null) fills[row.fill.mark] += 1;
    const last = page.at(-1)?.id;
    if (page.length < 100 || last === undefined || last === token) break;
    token = last;
  }
  return json({ market: call.market.id, ...clockState(call), ...call.market.report(), fills });
}

function cutSockets(call: Call): WireResponse {
  call.cut();
  return json({ cut: true });
}

export const ownerRoutes = [
  route('GET', '/sim/v1/clock', 'none', getClock),
  route('POST', '/sim/v1/clock', 'none', setClock),
  route('GET', '/sim/v1/earnings', 'none', getEarnings),
  route('GET', '/sim/v1/macro', 'none', getMacro),
  route('GET', '/sim/v1/report', 'none', getReport),
  route('POST', '/sim/v1/faults/cut', 'none', cutSockets),
];
