// What every read of the data host draws on.
import type { z } from 'zod';
import type { TradingDay } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Resilience } from './resilience.ts';
import type { Sdk } from './sdk.ts';
import type { StockStream } from './stock-stream.ts';
import type { Log } from './supervisor.ts';
import { issueText } from './wire.ts';

export interface DataOptions {
  readonly sdk: Sdk;
  readonly resilience: Resilience;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: 'iex' | 'sip';
  readonly optionFeed: 'indicative' | 'opra';
  readonly stream: StockStream;
}

/** Symbols of options a request may name, and of shares we put into one. */
export const MOST_OPTIONS = 100;
export const MOST_STOCKS = 200;

/** A value that reads, or nothing and a line in the log that says which row of what was dropped. */
export function legible<T>(log: Log, schema: z.ZodType<T>, raw: unknown, what: string): T | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  log('alpaca.row_dropped', { what, why: issueText(parsed.error) });
  return undefined;
}

/** Midnight UTC of a day: before the session's bar, whose stamp is midnight in New York, and after that of the day before. */
export const midnight = (day: TradingDay): Date => new Date(`${day}T00:00:00.000Z`);
