// What an entry wants back for as long as its trade lives: the setup, and the price that proves it wrong.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import type { Trade } from '../../domain/trade.ts';
import type { Setup } from './signal.ts';

const thesis = z.strictObject({
  kind: z.enum(['breakout', 'momentum', 'reversal']),
  way: z.union([z.literal(1), z.literal(-1)]),
  strength: z.number(),
  rvol: z.number(),
  /** Dollars; null where no price says so. */
  level: z.number().nullable(),
  invalidation: z.number().nullable(),
});

export type Thesis = Readonly<z.output<typeof thesis>>;

export const thesisOf = ({ kind, way, strength, rvol, level, invalidation }: Setup): Json => ({
  kind,
  way,
  strength,
  rvol,
  level,
  invalidation,
});

/** What the entry said; undefined for a trade of another version's making, which then ends by its price and the clock alone. */
export function thesisIn(trade: Trade): Thesis | undefined {
  const parsed = thesis.safeParse(trade.thesis);
  return parsed.success ? parsed.data : undefined;
}
