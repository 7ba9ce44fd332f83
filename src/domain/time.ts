// Instants and days. Exchange time rules what the market defines; monotonic time rules what guards against slow machines.
import { assert } from '../base/assert.ts';
import type { Brand } from '../base/brand.ts';

/** An instant on the exchange's clock, UTC milliseconds. */
export type EpochMs = Brand<number, 'EpochMs'>;
/** An instant on this machine's monotonic clock, milliseconds from an arbitrary start. */
export type MonoMs = Brand<number, 'MonoMs'>;
/** A New York session date, `YYYY-MM-DD`. */
export type TradingDay = Brand<string, 'TradingDay'>;

/** Both clocks at once. `speed` is exchange milliseconds per wall millisecond; 1 except in simulation. */
export interface Now {
  readonly exchange: EpochMs;
  readonly mono: MonoMs;
  readonly speed: number;
}

export const epochMs = (ms: number): EpochMs => {
  assert(Number.isSafeInteger(ms), `not an instant: ${String(ms)}`);
  return ms as EpochMs;
};
export const monoMs = (ms: number): MonoMs => {
  assert(Number.isFinite(ms), `not a monotonic instant: ${String(ms)}`);
  return ms as MonoMs;
};
export const tradingDay = (text: string): TradingDay => {
  assert(/^\d{4}-\d{2}-\d{2}$/.test(text), `not a day: ${text}`);
  return text as TradingDay;
};

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** A later (or, negative, earlier) instant. */
export const after = <T extends EpochMs | MonoMs>(at: T, ms: number): T => (at + ms) as T;

const ERA_DAYS = 146_097; // 400 years of the proleptic Gregorian calendar
const digits = (day: string, from: number, to: number): number => {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + day.charCodeAt(i) - 48;
  return n;
};
const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/**
 * Days since 1970-01-01 of a calendar date; calendar arithmetic without a time zone. Years that begin in March put the
 * leap day last, so that a month's first day is a linear function of its number (the usual civil-date arithmetic).
 */
export function dayNumber(day: TradingDay): number {
  const month = digits(day, 5, 7);
  const year = digits(day, 0, 4) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + digits(day, 8, 10) - 1;
  return era * ERA_DAYS + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The calendar date of a day number, years 0000 to 9999. */
export function dayOfNumber(n: number): TradingDay {
  const shifted = n + 719_468;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` as TradingDay;
}

/** `day` moved by whole calendar days. */
export const addDays = (day: TradingDay, days: number): TradingDay => dayOfNumber(dayNumber(day) + days);

/** Calendar days from `from` to `to`; negative when `to` is earlier. This is DTE when `to` is an expiry. */
export const daysBetween = (from: TradingDay, to: TradingDay): number => dayNumber(to) - dayNumber(from);

/** 0 Sunday to 6 Saturday. */
export const weekday = (day: TradingDay): number => (dayNumber(day) + 4) % 7;

/** The calendar month of a day, YYYY-MM. */
export const monthOf = (day: TradingDay): string => day.slice(0, 7);

/** Monday of a day's ISO week. */
export const weekOf = (day: TradingDay): TradingDay => addDays(day, -((weekday(day) + 6) % 7));
