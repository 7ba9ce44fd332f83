// What is given about a contract on the command line: figures in their ranges, dividends, the instant.
import { InvalidArgumentError } from 'commander';
import { addDays, type EpochMs, epochMs, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { dayFlag, numeric, type Until } from '../flags.ts';
import type { ExDividend } from './assignment.ts';

/** A dividend as it is written: its ex-date, or how many days from today. */
export interface GivenDividend {
  readonly day: TradingDay | number;
  readonly amount: number;
}

export const positive = (text: string): number => {
  const value = numeric(text);
  if (value <= 0) throw new InvalidArgumentError('write a number above 0.');
  return value;
};

export const notNegative = (text: string): number => {
  const value = numeric(text);
  if (value < 0) throw new InvalidArgumentError('write 0 or a number above it.');
  return value;
};

/** `YYYY-MM-DD:AMOUNT` or `DAYS:AMOUNT`; each use of the flag adds one. */
export function dividendFlag(text: string, before: readonly GivenDividend[] = []): readonly GivenDividend[] {
  const [day = '', amount = '', ...rest] = text.split(':');
  if (rest.length > 0 || amount === '') throw new InvalidArgumentError('write DAY:AMOUNT, the day as YYYY-MM-DD or as days from today.');
  return [...before, { day: /^\d{1,5}$/.test(day) ? Number(day) : dayFlag(day), amount: notNegative(amount) }];
}

/** Given dividends on their days, soonest first. */
export const onDays = (given: readonly GivenDividend[], today: TradingDay): readonly ExDividend[] =>
  given
    .map(({ day, amount }) => ({ day: typeof day === 'number' ? addDays(today, day) : day, amount }))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));

/** The instant a time names: on its day, or today where it has none. */
export const instantOf = ({ day, hour, minute }: Until, calendar: Calendar, now: EpochMs): EpochMs =>
  epochMs(calendar.instant(day ?? calendar.dayOf(now), hour, minute));
