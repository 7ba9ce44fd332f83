// When a slot is due: session-relative instants, one newest run, and a count of those that passed unseen.
import { assert } from '../base/assert.ts';
import { after, type EpochMs, MINUTE } from '../domain/time.ts';
import type { Session } from './calendar.ts';

/** Minutes after the open, or (negative: before) relative to the close. */
interface Anchor {
  readonly from: 'open' | 'close';
  readonly minutes: number;
}

/** Fixed instants of a session, or a cadence inside a window of it; both ends of the window included. */
export type Timing = { readonly at: readonly Anchor[] } | { readonly everyMs: number; readonly start: Anchor; readonly end: Anchor };

export interface DueSlot {
  /** The instant the slot stands for, whenever it is run. */
  readonly slotAt: EpochMs;
  /** Instants of this session after the last run and before this one: gone, never replayed. 0 when there was no run before. */
  readonly missed: number;
}

/** A fixed instant has no cadence of its own; this one bounds how late it may still run. */
const LONGEST_GRACE = 5 * MINUTE;

const resolve = (anchor: Anchor, session: Session): EpochMs =>
  after(anchor.from === 'open' ? session.open : session.close, anchor.minutes * MINUTE);

/** An instant counted from the open has no place after the close of a half day, nor one counted from the close before the open. */
const exists = (anchor: Anchor, at: EpochMs, session: Session): boolean =>
  anchor.from === 'open' ? at < session.close : at >= session.open;

/** First and last instant of a window, cut to the session on the far side of their anchors; undefined when nothing is left. */
function windowOf(timing: Extract<Timing, { everyMs: number }>, session: Session): { first: EpochMs; last: EpochMs } | undefined {
  assert(timing.everyMs > 0, `a cadence is positive: ${String(timing.everyMs)}`);
  const start = resolve(timing.start, session);
  const end = resolve(timing.end, session);
  if (timing.start.from === 'open' && start >= session.close) return undefined;
  const first = timing.start.from === 'close' && start < session.open ? session.open : start;
  const last = timing.end.from === 'open' && end > session.close ? session.close : end;
  return first <= last ? { first, last } : undefined;
}

/** The instants of a slot in a session, ascending. On a half day those that fall beyond it do not exist. */
export function slotInstants(timing: Timing, session: Session): readonly EpochMs[] {
  if ('at' in timing) {
    const instants = timing.at.flatMap((anchor) => {
      const at = resolve(anchor, session);
      return exists(anchor, at, session) ? [at] : [];
    });
    return [...new Set(instants)].sort((a, b) => a - b);
  }
  const bounds = windowOf(timing, session);
  if (bounds === undefined) return [];
  const count = Math.floor((bounds.last - bounds.first) / timing.everyMs) + 1;
  return Array.from({ length: count }, (_, i) => after(bounds.first, i * timing.everyMs));
}

/** The newest instant not after `now`, and how many instants lie in (`since`, it). */
function newest(timing: Timing, session: Session, now: EpochMs, since: EpochMs | undefined): DueSlot | undefined {
  if ('at' in timing) {
    const passed = slotInstants(timing, session).filter((at) => at <= now);
    const slotAt = passed.at(-1);
    if (slotAt === undefined) return undefined;
    return { slotAt, missed: since === undefined ? 0 : passed.filter((at) => at > since && at < slotAt).length };
  }
  const bounds = windowOf(timing, session);
  if (bounds === undefined || now < bounds.first) return undefined;
  const index = Math.floor((Math.min(now, bounds.last) - bounds.first) / timing.everyMs);
  const slotAt = after(bounds.first, index * timing.everyMs);
  if (since === undefined) return { slotAt, missed: 0 };
  const firstUnseen = since < bounds.first ? 0 : Math.floor((since - bounds.first) / timing.everyMs) + 1;
  return { slotAt, missed: Math.max(0, index - firstUnseen) };
}

/**
 * The slot to run now, if any. A slot is due from its instant for max(one beat, min(its cadence, 5 min)), a fixed instant for
 * max(one beat, 5 min); it is due once: `lastRunAt` is the `slotAt` of the last run, undefined when there was none.
 * @param beatMs one beat of the scheduler in exchange milliseconds
 */
export function dueSlot(
  timing: Timing,
  session: Session,
  now: EpochMs,
  lastRunAt: EpochMs | undefined,
  beatMs: number,
): DueSlot | undefined {
  const due = newest(timing, session, now, lastRunAt);
  if (due === undefined) return undefined;
  if (lastRunAt !== undefined && due.slotAt <= lastRunAt) return undefined;
  const cadence = 'at' in timing ? LONGEST_GRACE : timing.everyMs;
  const grace = Math.max(beatMs, Math.min(cadence, LONGEST_GRACE));
  return now < due.slotAt + grace ? due : undefined;
}

/** The first instant of a slot in a session after `now`; undefined when none is left. */
export function nextInstant(timing: Timing, session: Session, now: EpochMs): EpochMs | undefined {
  return slotInstants(timing, session).find((at) => at > now);
}
