// The clock of the last day: when what expires today is listed, closed, forced, and called out. All of it moves with the close.
import type { Symbol } from '../domain/ids.ts';
import { type EpochMs, epochMs, MINUTE, SECOND } from '../domain/time.ts';
import type { Approach } from './flatten.ts';

/** Minutes before the close. The broker takes no orders from 45 min before it, 30 min for broad funds, and liquidates a quarter of an hour later. */
const LIST = 75;
const START = 60;
const CRITICAL = 40;
const FLAT = 50;
const FLAT_BROAD = 45;
/** From so long before it must be flat, it is closed at the natural price and through it. */
const FORCED = 5;

/** Broad funds with the later cut-off; others are taken for single names until the broker's word on them is confirmed. */
const broad: ReadonlySet<string> = new Set(['SPY']);

export interface Deadlines {
  readonly list: EpochMs;
  readonly start: EpochMs;
  readonly forced: EpochMs;
  readonly flat: EpochMs;
  /** Whatever is still held then needs a person. */
  readonly critical: EpochMs;
}

const before = (close: EpochMs, minutes: number): EpochMs => epochMs(close - minutes * MINUTE);

/** The deadlines of a name's options in the session that closes then. */
export function deadlinesOf(underlying: Symbol, close: EpochMs): Deadlines {
  const flat = broad.has(underlying) ? FLAT_BROAD : FLAT;
  return {
    list: before(close, LIST),
    start: before(close, START),
    forced: before(close, flat + FORCED),
    flat: before(close, flat),
    critical: before(close, CRITICAL),
  };
}

/** While there is time: from the mid to the natural price, and anew with fresh quotes. */
export const patient: Approach = { fractions: [0, 0.25, 0.5, 0.75, 1], beyondTicks: [], stepMs: 15 * SECOND };
/** When there is none: at the natural price, then through it a tick a step. */
export const forced: Approach = { fractions: [1], beyondTicks: [1, 2, 3, 4, 5], stepMs: 10 * SECOND };
