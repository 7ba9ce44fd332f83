// What a play wants back for as long as it lives: which kind it is, and the odds it was bought on.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import type { Trade } from '../../domain/trade.ts';

export const plays = ['momentum', 'catalyst', 'earnings'] as const;
export type Play = (typeof plays)[number];

const thesis = z.strictObject({
  play: z.enum(plays),
  /** Chance of the multiple by the horizon. */
  pHit: z.number(),
  /** Share price at which it would be worth the multiple then. */
  level: z.number(),
});

export type Thesis = Readonly<z.output<typeof thesis>>;

export const thesisJson = (t: Thesis): Json => ({ ...t });

/** What the entry said; undefined for a trade of another version's making, which ends by its price and its expiry alone. */
export function thesisIn(trade: Pick<Trade, 'thesis'>): Thesis | undefined {
  const parsed = thesis.safeParse(trade.thesis);
  return parsed.success ? parsed.data : undefined;
}
