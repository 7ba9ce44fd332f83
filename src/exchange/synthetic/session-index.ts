// Sessions numbered from a fixed first day, so that a price path is an array and an instant finds its place in it fast.
import { ensure } from '../../base/assert.ts';
import { dayNumber, type EpochMs, type TradingDay, tradingDay } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';

/** Paths begin here under every seed; what a market answers must not depend on when it was opened. */
export const FIRST_DAY = tradingDay('2018-01-02');
/** The day on which the cast's prices, growth and report dates are stated. */
export const REFERENCE_DAY = tradingDay('2026-11-23');

/** The last day that calendars have rules for: nothing is listed to expire beyond it. */
export const LAST_DAY = tradingDay('2035-12-31');

/** The earlier of two days. */
export const earlierDay = (a: TradingDay, b: TradingDay): TradingDay => (b < a ? b : a);

/** An instant inside a session; `fraction` runs from 0 at the open to 1 at the close. */
export interface Moment {
  readonly at: number;
  readonly index: number;
  readonly session: Session;
  readonly fraction: number;
}

export interface SessionIndex {
  session(index: number): Session;
  /** The number of the first session on or after a day. */
  from(day: TradingDay): number;
  /** The session's own number; undefined for a closed day or one before the first. */
  of(day: TradingDay): number | undefined;
  /** Where an instant falls, the open and the close included; undefined when the market is closed. */
  moment(at: number): Moment | undefined;
  /** The last session whose close is at or before an instant; -1 before the first. */
  closedBy(at: number): number;
  /** Years from the reference day to a session. */
  years(index: number): number;
}

/** @throws AssertionError from the calendar for a day outside its range */
export function sessionIndex(calendar: Calendar): SessionIndex {
  const sessions: Session[] = [];
  const byDay = new Map<TradingDay, number>();
  let nextYear = Number(FIRST_DAY.slice(0, 4));
  const grow = (): void => {
    const first = nextYear === Number(FIRST_DAY.slice(0, 4)) ? FIRST_DAY : tradingDay(`${nextYear}-01-01`);
    for (const session of calendar.between(first, tradingDay(`${nextYear}-12-31`))) {
      byDay.set(session.day, sessions.length);
      sessions.push(session);
    }
    nextYear++;
  };
  const cover = (day: TradingDay): void => {
    while (nextYear <= Number(day.slice(0, 4))) grow();
  };
  const session = (index: number): Session => {
    while (index >= sessions.length) grow();
    return ensure(sessions[index], `session number ${String(index)}`);
  };
  /** The number of the first session for which a monotone test holds, growing as far as it must. */
  const first = (test: (s: Session) => boolean): number => {
    while (sessions.length === 0 || !test(sessions[sessions.length - 1] as Session)) grow();
    let lo = 0;
    let hi = sessions.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (test(sessions[mid] as Session)) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  };
  let last: { readonly at: number; readonly index: number } = { at: -1, index: 0 };
  const notClosed = (at: number): number => {
    const cached = sessions[last.index];
    const before = sessions[last.index - 1];
    if (cached !== undefined && at <= cached.close && (before === undefined || at > before.close)) return last.index;
    const index = first((s) => s.close >= at);
    last = { at, index };
    return index;
  };
  const reference = dayNumber(REFERENCE_DAY);
  return {
    session,
    from: (day) => first((s) => s.day >= day),
    of(day) {
      cover(day);
      return byDay.get(day);
    },
    moment(at) {
      const index = notClosed(at);
      const s = session(index);
      if (at < s.open) return undefined;
      return { at, index, session: s, fraction: (at - s.open) / (s.close - s.open) };
    },
    closedBy(at) {
      const index = notClosed(at);
      return session(index).close === (at as EpochMs) ? index : index - 1;
    },
    years: (index) => (dayNumber(session(index).day) - reference) / 365.25,
  };
}
