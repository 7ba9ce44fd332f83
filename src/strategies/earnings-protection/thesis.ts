// What an entry wants back on the morning after: the night it was opened for, and what the night was priced at.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .transform((text) => text as TradingDay);

const thesis = z.strictObject({
  kind: z.enum(['calendar', 'condor', 'protect']),
  /** The session at whose open the gap is over, and in which it is left. */
  exitDay: day,
  /** One standard deviation of the event, as a part of the price. */
  deviation: z.number(),
  /** Mean gain over the past moves, of the risk; 0 for a protection. */
  edge: z.number(),
  /** Mean total variance of the sold options at the entry; 0 for a protection, which sells none. */
  variance: z.number(),
});

export type Thesis = Readonly<z.output<typeof thesis>>;

export const thesisJson = (t: Thesis): Json => ({ ...t });

/** What the entry said; undefined for a trade of another version's making, which is then left on the first morning. */
export function thesisIn(trade: Pick<Trade, 'thesis'>): Thesis | undefined {
  const parsed = thesis.safeParse(trade.thesis);
  return parsed.success ? parsed.data : undefined;
}
