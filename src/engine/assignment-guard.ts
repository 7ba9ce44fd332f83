// The eve of an assignment: short options that would be exercised tonight are closed by the engine, whichever strategy owns them.
//
// 1. Strategies decide by their own rules all day; what is still short and in danger in the last three quarters of an hour is closed here.
// 2. Left alone: what its strategy lets be assigned, with the cash or the shares for it there, and what expires today (expiry.ts).
// 3. What cannot be judged, for want of a quote or of the dividends, is said, and nothing is done about it blindly.
import type { StrategyId } from '../domain/ids.ts';
import type { Option } from '../domain/instrument.ts';
import { dollars } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import { absent, type Known, known, type ReasonCode } from '../domain/reasons.ts';
import { MINUTE, type MonoMs } from '../domain/time.ts';
import { patient } from '../execution/deadline.ts';
import type { Session } from '../market/calendar.ts';
import { calendarYears, expirySession } from '../market/expiry.ts';
import { type AssignmentDanger, assignmentDanger } from '../risk/assignment.ts';
import { byName, closeOut } from './close-out.ts';
import { type Draft, note } from './draft.ts';
import { mayBeAssigned, spotOf } from './expiry.ts';
import type { State } from './state.ts';
import { sayOnce } from './upkeep.ts';
import type { World } from './world.ts';

export const GUARD_SLOT = 'guard:assignment';
const WINDOW_MS = 45 * MINUTE;
/** How often it looks again inside the window: so much exchange time, and never oftener than this in wall time. */
const AGAIN_MS = 5 * MINUTE;
const AGAIN_WALL_MS_MIN = 250;

const codeOf = (danger: AssignmentDanger): ReasonCode => (danger.cause === 'dividend' ? 'EXDIV_RISK' : 'EARLY_ASSIGNMENT_RISK');
const figure = (x: number): string => x.toFixed(2);
const wordsOf = ({ cause, gain, timeValue }: AssignmentDanger): string =>
  cause === 'time_value'
    ? `time value ${figure(timeValue)} is next to none`
    : `time value ${figure(timeValue)} is under the ${cause} of ${figure(gain)}`;

/** Short options of ours that live on after a session. */
const shortBeyond = (world: World, state: State, session: Session): readonly (Position & { readonly instrument: Option })[] =>
  [...state.positions.values()].flatMap((p) =>
    p.owner !== 'EXTERNAL' &&
    p.qty < 0 &&
    p.instrument.kind === 'option' &&
    expirySession(p.instrument.expiry, world.calendar).day > session.day
      ? [{ ...p, instrument: p.instrument }]
      : [],
  );

/** What goes ex on the session after this one, dollars a share. */
function dividendTomorrow(world: World, draft: Draft, option: Option, session: Session): Known<number> {
  const next = world.calendar.offset(session.day, 1).day;
  const found = world.market(draft.at).dividends(option.underlying, next, next);
  return found.known ? known(found.value.reduce((total, d) => total + dollars(d.amount), 0)) : found;
}

function dangerOf(world: World, draft: Draft, option: Option, session: Session): Known<AssignmentDanger | undefined> {
  const view = world.market(draft.at);
  const quote = view.quote(option.symbol);
  const spot = spotOf(world, draft, option.underlying);
  if (!quote.known) return quote;
  if (spot === undefined) return absent('QUOTE_MISSING', `${option.underlying}: no fresh quote`);
  const dividend = option.right === 'call' ? dividendTomorrow(world, draft, option, session) : known(0);
  if (!dividend.known) return dividend;
  const mid = (dollars(quote.value.bid) + dollars(quote.value.ask)) / 2;
  const years = calendarYears(draft.at.exchange, option.expiry, world.calendar);
  return known(assignmentDanger({ option, mid, spot: spot / 1e6, dividend: dividend.value, years, rate: view.rate() }));
}

/** Closes all options that a strategy holds of a name, since a wing left behind covers nothing. */
function closeName(world: World, state: State, draft: Draft, strategy: StrategyId, position: Position, danger: AssignmentDanger): void {
  const held = [...state.positions.values()].filter(
    (p) => p.owner === strategy && p.instrument.kind === 'option' && p.instrument.underlying === position.instrument.underlying,
  );
  const why = `${position.instrument.symbol}: ${wordsOf(danger)}`;
  closeOut(world, state, draft, held, { strategy, slot: GUARD_SLOT, code: codeOf(danger), why, approach: patient });
}

/** Judges what is short on its eve, and closes what would be assigned. Not while an orderly stop closes everything anyway. */
export function guardAssignments(world: World, state: State, draft: Draft): void {
  const session = world.calendar.inSession(draft.at.exchange);
  if (session === undefined || state.shutdown !== null || !state.reconciledOnce) return;
  if (draft.at.exchange < session.close - WINDOW_MS) return;
  for (const [strategy, held] of byName(shortBeyond(world, state, session))) {
    for (const position of held) {
      const { instrument } = position;
      if (instrument.kind !== 'option' || mayBeAssigned(world, state, position)) continue;
      const danger = dangerOf(world, draft, instrument, session);
      const say = (what: string): boolean => sayOnce(state.upkeep, session.day, `${what} ${strategy} ${instrument.symbol}`);
      if (!danger.known) {
        if (say('unjudged')) note(draft, 'assignment.unjudged', 'minor', { strategy, symbol: instrument.symbol, why: danger.why });
        continue;
      }
      if (danger.value === undefined) continue;
      if (say('danger')) note(draft, 'assignment.danger', 'major', { strategy, symbol: instrument.symbol, why: wordsOf(danger.value) });
      closeName(world, state, draft, strategy, position, danger.value);
      break;
    }
  }
}

/** When the guard wants to look next, wall time; null while nothing is short beyond today. */
export function nextGuard(world: World, state: State, draft: Draft): MonoMs | null {
  const session = world.calendar.inSession(draft.at.exchange);
  if (session === undefined || state.shutdown !== null || shortBeyond(world, state, session).length === 0) return null;
  const { exchange, mono, speed } = draft.at;
  const begins = session.close - WINDOW_MS;
  const wait = exchange < begins ? Math.ceil((begins - exchange) / speed) : Math.max(AGAIN_WALL_MS_MIN, AGAIN_MS / speed);
  return (mono + wait) as MonoMs;
}
