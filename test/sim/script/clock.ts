// New York time as a script writes it: `2026-03-02 10:15`, seconds where they matter, and a bare day for its midnight.
import { epochMs, MINUTE, SECOND, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import { type Session, usCalendar } from '../../../src/market/calendar.ts';
import { newYorkTimeOfDay } from '../../../src/market/new-york.ts';

/** `YYYY-MM-DD`. */
export type Day = string;
/** `HH:MM` in New York. */
export type Time = string;
/** `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS` in New York. */
export type When = string;

export const calendar = usCalendar();

const written = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** The instant of a New York time. @throws Error for text that is none */
export function at(when: When): number {
  const [, day, hour = '0', minute = '0', second = '0'] = written.exec(when) ?? [];
  if (day === undefined) throw new Error(`'${when}' is not a time: write 2026-03-02 10:15`);
  return calendar.instant(tradingDay(day), Number(hour), Number(minute), Number(second));
}

const two = (n: number): string => String(n).padStart(2, '0');

/** An instant as a script would write it, to the second. */
export function ny(instant: number): When {
  const seconds = Math.floor(newYorkTimeOfDay(epochMs(instant)) / SECOND);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${calendar.dayOf(epochMs(instant))} ${time}`;
}

/** The session of a day. @throws Error on a day without one */
export function sessionOf(day: Day): Session {
  const session = calendar.session(tradingDay(day));
  if (session === undefined) throw new Error(`${day} is no session: a script speaks of days on which the market is open`);
  return session;
}

/** Sessions from the first day to the last. */
export const sessionsFrom = (first: Day, last: Day): readonly Session[] => calendar.between(tradingDay(first), tradingDay(last));

/** Whole minutes of a session. */
export const minutesIn = ({ open, close }: Session): number => Math.round((close - open) / MINUTE);

/** The session `n` sessions after a day, or before it. */
export const sessionAfter = (day: Day, n: number): TradingDay => calendar.offset(tradingDay(day), n).day;

/** What holds at an instant of a list of (from when, what): the last entry begun by then, else nothing. */
export const standing = <T extends readonly [When, ...unknown[]]>(steps: readonly T[], instant: number): T | undefined =>
  steps.findLast(([from]) => at(from) <= instant);
