// How each strategy stands after its last monthly verdict, as the baseline remembers it; read by whoever lets entries through.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import { type StrategyId, strategyId } from '../../domain/ids.ts';

/** The strategy whose memory holds the standings. */
export const BASELINE: StrategyId = strategyId('base');

/** PROBATION halves what is opened, SUSPEND opens nothing. A strategy that was never judged is ACTIVE. */
export const standings = ['ACTIVE', 'PROBATION', 'SUSPEND'] as const;
export type Standing = (typeof standings)[number];

/** A standing and the month, YYYY-MM, of the verdict that gave it. */
export const judgement = z.strictObject({ standing: z.enum(standings), month: z.string() });
export type Judgement = Readonly<z.output<typeof judgement>>;

// The rest of the ledger is not looked at: this is asked on every tick.
const remembered = z.object({ standings: z.record(z.string(), judgement) });

/** The standings that bind, by strategy; none where there is no such memory. */
export function judgementsIn(memory: Json): Readonly<Record<string, Judgement>> {
  const parsed = remembered.safeParse(memory);
  return parsed.success ? parsed.data.standings : {};
}
