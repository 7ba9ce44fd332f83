// Orders whose fate is uncertain are asked about on a schedule, in wall time, until evidence or the end of the watch.
//
// 1. A timeout is not a rejection, and a failed look-up is no evidence.
// 2. Eight clean absences over at least 30 s lead to the watch; the watch lasts 15 minutes; exposure counts until it ends.
// 3. Entries are never sent again. Exits may be, same id, only out of a clean absence, three attempts at most.
import type { ClientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { MINUTE, type MonoMs, SECOND } from '../domain/time.ts';
import { advanceOrder } from './booking.ts';
import { type Draft, note } from './draft.ts';
import { actionOf } from './permissions.ts';
import type { Chase, State } from './state.ts';

/** Instants of the look-ups after the answer was lost, milliseconds. */
export const lookUpSchedule: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const ABSENTS_NEEDED = 8;
const WATCH_MS = 15 * MINUTE;
const WATCH_EVERY_MS = MINUTE;
const UNREACHABLE_AFTER_MS = 60 * SECOND;
const SLOW_EVERY_MS = 5 * SECOND;

/** Starts (or restarts) the chase of an order; the first move comes after `ms`. */
export function beginChase(state: State, id: ClientOrderId, now: MonoMs, ms: number): void {
  state.chases.set(id, { since: now, asked: 0, cleanAbsents: 0, nextAt: (now + ms) as MonoMs });
}

const later = (now: MonoMs, ms: number): MonoMs => (now + ms) as MonoMs;

function nextLookUp(chase: Chase, now: MonoMs): Chase {
  const asked = chase.asked + 1;
  const planned = lookUpSchedule[asked];
  return {
    ...chase,
    asked,
    nextAt: planned === undefined ? later(now, SLOW_EVERY_MS) : (Math.max(chase.since + planned, now + 100) as MonoMs),
  };
}

/** Moves every chase that is due: look-ups, repeated cancels, unsent exits, the end of a watch. */
export function pursue(state: State, draft: Draft): void {
  const now = draft.at.mono;
  for (const [id, chase] of [...state.chases]) {
    if (chase.nextAt > now) continue;
    const order = state.orders.get(id);
    if (order === undefined) {
      state.chases.delete(id);
      continue;
    }
    pursueOne(state, draft, order, chase);
  }
}

function pursueOne(state: State, draft: Draft, order: Order, chase: Chase): void {
  const now = draft.at.mono;
  switch (order.state) {
    case 'unknown':
    case 'quarantined':
    case 'submitting':
      draft.commands.push({ kind: 'find', id: order.id });
      state.chases.set(order.id, nextLookUp(chase, now));
      return;
    case 'absent_watch':
      if (now - chase.since >= WATCH_MS) {
        advanceOrder(state, draft, order, { kind: 'dropped', reason: 'absent to the end of the watch' });
        state.chases.delete(order.id);
        return;
      }
      draft.commands.push({ kind: 'find', id: order.id });
      state.chases.set(order.id, { ...chase, nextAt: later(now, WATCH_EVERY_MS) });
      return;
    case 'canceling':
      draft.commands.push({ kind: chase.asked % 2 === 0 ? 'find' : 'cancel', id: order.id });
      state.chases.set(order.id, { ...chase, asked: chase.asked + 1, nextAt: later(now, Math.min(2_000 * 2 ** chase.asked, 30_000)) });
      return;
    case 'recorded':
      draft.commands.push({ kind: 'send', id: order.id });
      state.chases.delete(order.id);
      return;
    default:
      state.chases.delete(order.id);
  }
}

/** A look-up said absent (clean) or failed (no evidence). */
export function lookUpAnswered(state: State, draft: Draft, order: Order, absent: boolean): void {
  const chase = state.chases.get(order.id);
  if (chase === undefined || (order.state !== 'unknown' && order.state !== 'quarantined')) return;
  const now = draft.at.mono;
  const cleanAbsents = chase.cleanAbsents + (absent ? 1 : 0);
  state.chases.set(order.id, { ...chase, cleanAbsents });
  const elapsed = now - chase.since;
  if (cleanAbsents >= ABSENTS_NEEDED && elapsed >= (lookUpSchedule.at(-1) ?? 0)) {
    const watched = advanceOrder(state, draft, order, { kind: 'absent' });
    if (watched === undefined) return;
    state.chases.set(order.id, { since: now, asked: 0, cleanAbsents: 0, nextAt: later(now, WATCH_EVERY_MS) });
    note(draft, 'order.absent', 'minor', { coid: order.id, strategy: order.strategy });
    if (actionOf(order) !== 'open' && order.attempts < 3) draft.commands.push({ kind: 'send', id: order.id });
    return;
  }
  if (order.state === 'unknown' && cleanAbsents === 0 && elapsed >= UNREACHABLE_AFTER_MS) {
    advanceOrder(state, draft, order, { kind: 'unreachable' });
    note(draft, 'order.quarantined', 'critical', { coid: order.id, strategy: order.strategy });
  }
}

/** The earliest instant at which a chase wants to move. */
export function nextChase(state: State): MonoMs | null {
  let earliest: MonoMs | null = null;
  for (const chase of state.chases.values()) if (earliest === null || chase.nextAt < earliest) earliest = chase.nextAt;
  return earliest;
}
