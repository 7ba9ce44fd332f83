// What flags are written as: numbers, days and times, refused as usage errors with the form that is wanted.
import { InvalidArgumentError } from 'commander';
import { type StrategyId, strategyCodes, strategyId } from '../domain/ids.ts';
import { addDays, dayNumber, dayOfNumber, type EpochMs, type TradingDay, tradingDay } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import { fail } from './exit.ts';

export const numeric = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('not a number.');
  return value;
};

/** A day of the calendar, `YYYY-MM-DD`; one that does not exist is refused, not carried over into the next month. */
export function dayFlag(text: string): TradingDay {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const day = tradingDay(text);
    if (dayOfNumber(dayNumber(day)) === day) return day;
  }
  throw new InvalidArgumentError('not a day: write YYYY-MM-DD.');
}

/** Where an exchange's clock begins: a New York day and, where it is not the usual hour, a time on it. */
export interface Beginning {
  readonly day: TradingDay;
  readonly time: { readonly hour: number; readonly minute: number } | null;
}

/** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, New York time. */
export function beginningFlag(text: string): Beginning {
  if (!text.includes('T')) return { day: dayFlag(text), time: null };
  const { day, hour, minute } = untilFlag(text);
  if (day === null) throw new InvalidArgumentError('write YYYY-MM-DD or YYYY-MM-DDTHH:MM, New York time.');
  return { day, time: { hour, minute } };
}

/** A New York time, on a day or on the next day that has it ahead. */
export interface Until {
  readonly day: TradingDay | null;
  readonly hour: number;
  readonly minute: number;
}

/** `HH:MM` or `YYYY-MM-DDTHH:MM`, New York time. */
export function untilFlag(text: string): Until {
  const match = /^(?:(\d{4}-\d{2}-\d{2})T)?(\d{1,2}):(\d{2})$/.exec(text);
  const [hour, minute] = [Number(match?.[2]), Number(match?.[3])];
  if (match === null || !(hour <= 23) || !(minute <= 59)) throw new InvalidArgumentError('write HH:MM or YYYY-MM-DDTHH:MM, New York time.');
  return { day: match[1] === undefined ? null : dayFlag(match[1]), hour, minute };
}

/** The instant meant, seen from an instant of the exchange's own time. */
export function untilInstant({ day, hour, minute }: Until, calendar: Calendar, now: EpochMs): EpochMs {
  if (day !== null) return calendar.instant(day, hour, minute);
  const today = calendar.instant(calendar.dayOf(now), hour, minute);
  return today > now ? today : calendar.instant(addDays(calendar.dayOf(now), 1), hour, minute);
}

/** A strategy's id as a person writes it; exit 2 with the list of those there are. */
export function strategyFlag(word: string | undefined): StrategyId | undefined {
  if (word === undefined) return undefined;
  const id = strategyId(word);
  if (strategyCodes.has(id)) return id;
  return fail(2, `wsb: there is no strategy ${word}; there are ${[...strategyCodes.keys()].sort().join(', ')}`);
}
