// Sessions, holidays and half days of the US equity market: the only file that knows New York.
import type { EpochMs, TradingDay } from '../domain/time.ts';

/** One regular session. `late` is true for a half day. */
export interface Session {
  readonly day: TradingDay;
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly early: boolean;
}

/** A calendar over a range of days; built from rules and the broker's own list (the broker wins). */
export interface Calendar {
  /** The session on a day; undefined when closed. AssertionError outside the calendar's range. */
  session(day: TradingDay): Session | undefined;
  /** The session in progress at an instant; undefined outside regular hours. */
  inSession(at: EpochMs): Session | undefined;
  /** The session in progress or, when closed, the next one to open. */
  currentOrNext(at: EpochMs): Session;
  /** The last session that has closed at or before an instant. */
  lastClosed(at: EpochMs): Session;
  /** `n` sessions after a day (negative: before); 0 is the day's own session or, if closed, the next. */
  offset(day: TradingDay, n: number): Session;
  /** Sessions with day in [from, to]. */
  between(from: TradingDay, to: TradingDay): readonly Session[];
  /** The New York date at an instant. */
  dayOf(at: EpochMs): TradingDay;
  /** The instant of a New York wall-clock time on a date, e.g. ('2026-03-09', 15, 5). */
  instant(day: TradingDay, hour: number, minute: number, second?: number): EpochMs;
}
