// What the operator assumes beyond the tape's own quotes: volatility ranks, put where the daemon keeps its volatility history.
import type { IvReading } from '../domain/event.ts';
import type { AssumeFile } from '../exchange/tape/assume.ts';
import type { Calendar } from '../market/calendar.ts';

export interface Assumed {
  readonly readings: readonly IvReading[];
  /** Names of assumed inputs by symbol, stamped on every decision that rests on them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

export function assumedFor(_file: AssumeFile | null, _calendar: Calendar, _now: number): Assumed {
  return { readings: [], names: new Map() };
}
