// What is remembered of each trade from tick to tick: when its stop was first seen, and the best it was ever worth.
import { z } from 'zod';
import { canonicalJson } from '../../base/canonical.ts';
import type { Json, Remember } from '../../domain/decision.ts';
import { type EpochMs, SECOND } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';

const watched = z.strictObject({
  /** Exchange instant at which the stop was first seen; null while there is nothing to see. */
  stopSince: z.int().nullable(),
  /** Highest mark since the entry, dollars a share; null before the first. */
  peak: z.number().nullable(),
});
const memory = z.strictObject({ v: z.literal(1), trades: z.record(z.string(), watched) });

export type Watched = Readonly<z.output<typeof watched>>;
export type WatchMemory = Readonly<z.output<typeof memory>>;

const unseen: Watched = { stopSince: null, peak: null };

/** The memory, less what it holds of trades that are gone. What cannot be read is forgotten: a stop then needs its two quotes anew. */
export function recallWatch(json: Json, open: readonly Trade[]): WatchMemory {
  const parsed = memory.safeParse(json);
  const trades = parsed.success ? parsed.data.trades : {};
  const ids = new Set(open.map((t) => t.id));
  return { v: 1, trades: Object.fromEntries(Object.entries(trades).filter(([id]) => ids.has(id))) };
}

export const watchedOf = (memory_: WatchMemory, trade: Trade): Watched => memory_.trades[trade.id] ?? unseen;

/** A decision to remember, when there is anything new to remember. */
export const rememberJson = (before: Json, after: Json): readonly Remember[] =>
  canonicalJson(before) === canonicalJson(after) ? [] : [{ kind: 'remember', memory: after }];

export interface Sighting {
  readonly now: EpochMs;
  /** The stop's level is reached on this quote. */
  readonly reached: boolean;
  readonly mark: number;
}

/** The trade after one more fresh quote. */
export const seen = (before: Watched, sighting: Sighting): Watched => ({
  stopSince: sighting.reached ? (before.stopSince ?? sighting.now) : null,
  peak: Math.max(before.peak ?? sighting.mark, sighting.mark),
});

/** Two quotes in a row at least `seconds` apart agree on the stop. */
export const stopConfirmed = (watched_: Watched, now: EpochMs, seconds: number): boolean =>
  watched_.stopSince !== null && now - watched_.stopSince >= seconds * SECOND;
