// What the engine keeps an eye on between turns: strategies that fail, positions without a quote, options on their last day.
// Runtime alone: a restart begins to look anew.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { EpochMs, MonoMs, TradingDay } from '../domain/time.ts';

/** A run of failures of one call of a strategy. */
export interface Failing {
  readonly strategy: StrategyId;
  readonly inARow: number;
  /** Entries are not asked for before this. */
  readonly until: MonoMs;
}

/** A held position without a usable quote. */
export interface Blind {
  readonly since: MonoMs;
  /** What was said of it: nothing yet, the first note, the page. */
  readonly said: 0 | 1 | 2;
  /** When the first quote since was seen; a second one ends it. */
  readonly firstSeen: MonoMs | null;
}

export interface Upkeep {
  /** By strategy and call. */
  readonly failing: Map<string, Failing>;
  /** By owner and symbol. */
  readonly blind: Map<string, Blind>;
  /** Said of options on their last day or in danger of assignment, so that it is said once a day. */
  lastDay: { readonly day: TradingDay; readonly said: Set<string> } | null;
  /** Symbols already said to have no price to close at. */
  readonly unpriced: Set<Symbol>;
  /** When what a flatten covers is looked at again; null while nothing is to be closed. */
  flattenAt: MonoMs | null;
  /** When the broker gave no answer to an order, by instant. */
  readonly errors: { readonly day: TradingDay; readonly at: EpochMs }[];
  /** Bursts of the broker's refusals and failures in a session that have been acted on; null before the first look. */
  trips: { readonly day: TradingDay; readonly count: number } | null;
}

export const newUpkeep = (): Upkeep => ({
  failing: new Map(),
  blind: new Map(),
  lastDay: null,
  unpriced: new Set(),
  flattenAt: null,
  errors: [],
  trips: null,
});

/** True the first time on a day that something is to be said. */
export function sayOnce(upkeep: Upkeep, day: TradingDay, what: string): boolean {
  if (upkeep.lastDay?.day !== day) upkeep.lastDay = { day, said: new Set() };
  if (upkeep.lastDay.said.has(what)) return false;
  upkeep.lastDay.said.add(what);
  return true;
}
