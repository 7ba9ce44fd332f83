// The exchange's day: at which instants something happens that is no order's own step.
import { addDays, DAY, type EpochMs, epochMs, HOUR, MINUTE, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { extendedHours } from './hours.ts';

/** `night`: expiry, exercise and assignment, half an hour after a close. `midnight`: a New York date begins. */
export type TimedEvent =
  | { readonly kind: 'open' | 'close' | 'night'; readonly at: EpochMs; readonly day: TradingDay }
  | { readonly kind: 'midnight'; readonly at: EpochMs; readonly day: TradingDay };

/** Expiry, exercise and assignment run this long after a close. */
export const NIGHT_AFTER_CLOSE = 30 * MINUTE;

/** The first event strictly after an instant. */
export function nextTimed(calendar: Calendar, after: number): TimedEvent {
  const from = epochMs(after);
  const session = calendar.currentOrNext(from);
  const last = calendar.lastClosed(from);
  const tomorrow = addDays(calendar.dayOf(from), 1);
  const events: readonly TimedEvent[] = [
    { kind: 'open', at: session.open, day: session.day },
    { kind: 'close', at: session.close, day: session.day },
    { kind: 'night', at: epochMs(last.close + NIGHT_AFTER_CLOSE), day: last.day },
    { kind: 'midnight', at: calendar.instant(tomorrow, 0, 0), day: tomorrow },
  ];
  return events.filter((e) => e.at > after).reduce((first, e) => (e.at < first.at ? e : first));
}

const FINE_MS = 1_000;
const MEDIUM_MS = 5_000;
const COARSE_MS = 30_000;
const COARSEST_MS = 5 * MINUTE;

/**
 * How often resting orders are held against the touch: each second when the exchange is advanced by up to 10 minutes, each
 * 5 s up to an hour, each 30 s up to a day, each 5 minutes beyond. A whole session is then at most 780 looks, a month of them 1,700.
 */
export function samplingStep(gap: number): number {
  if (gap <= 10 * MINUTE) return FINE_MS;
  if (gap <= HOUR) return MEDIUM_MS;
  return gap <= DAY ? COARSE_MS : COARSEST_MS;
}

/** The next instant on the grid inside a session; the next open when there is none in progress. */
export function nextSample(calendar: Calendar, after: number, step: number): number {
  const session = calendar.currentOrNext(epochMs(after));
  return after < session.open ? session.open : Math.floor(after / step) * step + step;
}

/** As `nextSample`, in the hours from before the session to after it. */
export function nextExtendedSample(calendar: Calendar, after: number, step: number): number {
  const { from } = extendedHours(calendar, after);
  return after < from ? from : Math.floor(after / step) * step + step;
}
