// Ledger keys of units that become others by a corporate action: a split, a change of symbol, an adjusted option.
import type { Owner, Symbol } from './ids.ts';
import type { TradingDay } from './time.ts';

/** The key of a conversion; no name has two of them on a day. */
export const conversionEvent = (from: Symbol, to: Symbol, day: TradingDay): string => `conv:${from}>${to}:${day}`;

/** The key of one owner's part; with `out`, of what left under the old symbol when there is a new one. */
export const conversionKey = (event: string, owner: Owner, out = false): string => `${event}:${owner}${out ? ':out' : ''}`;

const part = /^conv:([^>:]+)>([^>:]+):[\d-]+:([A-Za-z]+)(:out)?$/;

/** What a ledger row converts. `out` rows only say what left; the row that brings the new units does the converting. */
export interface ConversionPart {
  readonly from: Symbol;
  readonly out: boolean;
}

/** The conversion that a ledger row is part of; undefined for a row of any other kind. */
export function conversionOf(key: string): ConversionPart | undefined {
  const match = part.exec(key);
  return match === null ? undefined : { from: match[1] as Symbol, out: match[4] !== undefined };
}
