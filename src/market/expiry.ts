// How long an option has left: calendar days, and years on the two clocks.
import { addDays, DAY, daysBetween, type EpochMs, MINUTE, type TradingDay } from '../domain/time.ts';
import type { Calendar, Session } from './calendar.ts';

const MINUTES_A_YEAR = 252 * 390;

/** Days to expiration: calendar days from a day to the expiry; negative once expired. */
export const dte = (day: TradingDay, expiry: TradingDay): number => daysBetween(day, expiry);

/** The last session in which an option trades: its expiry's own or, for an expiry on a closed day, the one before. */
export function expirySession(expiry: TradingDay, calendar: Calendar): Session {
  return calendar.session(expiry) ?? calendar.offset(expiry, -1);
}

/** Minutes of regular session from an instant to the close of a session on the same or a later day. */
function sessionMinutes(now: EpochMs, last: Session, calendar: Calendar): number {
  let total = 0;
  for (const session of calendar.between(calendar.dayOf(now), last.day)) {
    total += Math.max(0, session.close - Math.max(session.open, now));
  }
  return total / MINUTE;
}

/**
 * Years to expiry; 0 once expired. From two calendar days out the calendar clock: (close of the expiry's session - now)/365 days.
 * With a day or less the session clock: minutes of regular session left / (252 x 390), because the night carries little variance.
 * Implied volatilities are comparable only when solved with this same T.
 */
export function yearsToExpiry(now: EpochMs, expiry: TradingDay, calendar: Calendar): number {
  const last = expirySession(expiry, calendar);
  if (now >= last.close) return 0;
  if (dte(calendar.dayOf(now), expiry) >= 2) return (last.close - now) / (365 * DAY);
  return sessionMinutes(now, last, calendar) / MINUTES_A_YEAR;
}

/**
 * Calendar years to expiry, whatever is left: (close of the expiry's session - now)/365 days; 0 once expired. Total variances of two
 * expiries are set against each other on this clock alone.
 */
export function calendarYears(now: EpochMs, expiry: TradingDay, calendar: Calendar): number {
  return Math.max(0, expirySession(expiry, calendar).close - now) / (365 * DAY);
}

/** Minutes of regular session from an instant to the last trade of an expiry; 0 once expired. */
export const tradingMinutesLeft = (now: EpochMs, expiry: TradingDay, calendar: Calendar): number =>
  sessionMinutes(now, expirySession(expiry, calendar), calendar);

/** The day `days` calendar days from `day`, for expiry windows given in DTE. */
export const dayAtDte = (day: TradingDay, days: number): TradingDay => addDays(day, days);
