// Bars of a few minutes: which belong to the regular session, how a record of them grows, and whether one may be acted on.
import type { Symbol } from '../domain/ids.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { after, type EpochMs, MINUTE, type MonoMs, SECOND } from '../domain/time.ts';
import type { Calendar, Session } from './calendar.ts';
import type { Bar } from './quote.ts';

/** Lengths of bars that are kept. */
export type BarMinutes = 1 | 5 | 15;

/** Completed bars of regular sessions, oldest first, as far back as the source was asked. */
export interface SeenIntraday {
  readonly bars: readonly Bar[];
  /** The source was asked for every bar from this instant on. */
  readonly from: EpochMs;
  readonly seen: MonoMs;
}

export interface IntradayAsked {
  readonly minutes: BarMinutes;
  /** Sessions to look back over, the running one (or, when closed, the last) included. */
  readonly sessions: number;
  /** How many of them must be whole. */
  readonly atLeast: number;
}

/** Beyond its own length a bar may take this long to be asked for and to arrive. */
const LATE_MS = 90 * SECOND;
/** More bars missing in a row than this is a hole: up to it, nobody may have traded. */
const MISSING_MAX = 2;

/** The instant from which a bar's figures are known. */
export const barEnd = (bar: Bar, minutes: BarMinutes): EpochMs => after(bar.at, minutes * MINUTE);

/** The bars that lie inside regular sessions and have ended by an instant. */
export function completedBars(bars: readonly Bar[], minutes: BarMinutes, calendar: Calendar, at: EpochMs): readonly Bar[] {
  let session: Session | undefined;
  return bars.filter((bar) => {
    if (session?.day !== bar.day) session = calendar.session(bar.day);
    const end = barEnd(bar, minutes);
    return session !== undefined && bar.at >= session.open && end <= session.close && end <= at;
  });
}

/** A record with newer bars merged in, by start; of two for one start the added one stands. */
export function mergeBars(known_: readonly Bar[], added: readonly Bar[]): readonly Bar[] {
  const [first] = added;
  if (first === undefined) return known_;
  const before = known_.filter((bar) => bar.at < first.at);
  const merged = new Map(known_.slice(before.length).map((bar) => [bar.at, bar]));
  for (const bar of added) merged.set(bar.at, bar);
  return [...before, ...[...merged.values()].sort((a, b) => a.at - b.at)];
}

/** The session that is running at an instant or, when none is, the last one that closed. */
export function presentSession(calendar: Calendar, at: EpochMs): Session {
  return calendar.inSession(at) ?? calendar.lastClosed(at);
}

/** Bars cut where their day changes; a session's bars lie together, for they come in order. */
function byDay(bars: readonly Bar[]): readonly (readonly Bar[])[] {
  const days: (readonly Bar[])[] = [];
  let start = 0;
  for (const [i, bar] of bars.entries()) {
    if (bars[i + 1]?.day === bar.day) continue;
    days.push(bars.slice(start, i + 1));
    start = i + 1;
  }
  return days;
}

/** The most bars missing in a row between the open and an instant. */
function widestHole(bars: readonly Bar[], minutes: BarMinutes, open: EpochMs, until: EpochMs): number {
  const length = minutes * MINUTE;
  let expected: number = open;
  let widest = 0;
  for (const { at } of bars) {
    if (at - expected > widest) widest = at - expected;
    expected = at + length;
  }
  return Math.max(widest, until - expected) / length;
}

const whole = (bars: readonly Bar[], minutes: BarMinutes, calendar: Calendar): boolean => {
  const session = bars[0] === undefined ? undefined : calendar.session(bars[0].day);
  return session !== undefined && widestHole(bars, minutes, session.open, session.close) <= MISSING_MAX;
};

/**
 * The completed bars of the last sessions, judged: BARS_MISSING when there is none, BARS_STALE when the last one ended more
 * than its own length and 90 s ago in a session, BARS_SHORT when more than two bars are missing in a row in the present
 * session, or fewer than `atLeast` sessions are whole. An earlier session with such a hole is left out.
 */
export function judgeIntraday(
  record: SeenIntraday | undefined,
  name: Symbol,
  { minutes, sessions, atLeast }: IntradayAsked,
  calendar: Calendar,
  at: EpochMs,
): Known<readonly Bar[]> {
  const present = presentSession(calendar, at);
  const first = calendar.offset(present.day, 1 - sessions);
  const started = at - minutes * MINUTE;
  const done = record?.bars.filter((bar) => bar.at >= first.open && bar.at <= started) ?? [];
  const newest = done.at(-1);
  const label = `${name}: ${String(minutes)}-minute bars`;
  if (newest === undefined) return absent('BARS_MISSING', `${label}: none is known from ${first.day} on`);
  const clock = Math.min(at, present.close) as EpochMs;
  const late = clock - Math.max(barEnd(newest, minutes), present.open);
  const allowed = minutes * MINUTE + LATE_MS;
  if (late > allowed)
    return absent(
      'BARS_STALE',
      `${label}: the last one ended ${String(Math.round(late / SECOND))} s ago, allowed are ${String(allowed / SECOND)}`,
    );
  const days = byDay(done);
  const last = days.at(-1) ?? [];
  const today = last[0]?.day === present.day ? last : [];
  const hole = today.length === 0 ? 0 : widestHole(today, minutes, present.open, barEnd(newest, minutes));
  if (hole > MISSING_MAX) return absent('BARS_SHORT', `${label}: ${String(hole)} in a row are missing on ${present.day}`);
  const kept = days.filter((bars) => bars === today || whole(bars, minutes, calendar));
  // Before its first bar has ended a session cannot have one.
  const needed = at < after(present.open, minutes * MINUTE) ? atLeast - 1 : atLeast;
  if (kept.length < needed)
    return absent('BARS_SHORT', `${label}: ${String(kept.length)} whole sessions from ${first.day} on, needed are ${String(needed)}`);
  return known(kept.length === days.length ? done : kept.flat());
}
