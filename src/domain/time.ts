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

/** Days since 1970-01-01 of a calendar date; calendar arithmetic without a time zone. */
export function dayNumber(day: TradingDay): number {
  return Math.round(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / DAY);
}

/** The calendar date of a day number. */
export function dayOfNumber(n: number): TradingDay {
  return new Date(n * DAY).toISOString().slice(0, 10) as TradingDay;
}

/** `day` moved by whole calendar days. */
export const addDays = (day: TradingDay, days: number): TradingDay => dayOfNumber(dayNumber(day) + days);

/** Calendar days from `from` to `to`; negative when `to` is earlier. This is DTE when `to` is an expiry. */
export const daysBetween = (from: TradingDay, to: TradingDay): number => dayNumber(to) - dayNumber(from);

/** 0 Sunday to 6 Saturday. */
export const weekday = (day: TradingDay): number => (dayNumber(day) + 4) % 7;
