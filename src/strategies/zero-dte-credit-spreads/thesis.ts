// What a trade was opened on, kept with it: how its credit was made up.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';

const thesis = z.object({
  kind: z.enum(['put', 'call', 'condor']),
  /** Part of the credit that the put side brought, 0 to 1. */
  putShare: z.number().min(0).max(1),
  z: z.number(),
  /** Implied over forecast volatility. */
  edge: z.number(),
});

export type Thesis = Readonly<z.output<typeof thesis>>;

/** The part of the entry credit that a side brought, 0 to 1. Half each where a trade's own record cannot be read. */
export function shareOfCredit(json: Json, side: 'put' | 'call', sides: number): number {
  const parsed = thesis.safeParse(json);
  if (!parsed.success) return sides > 1 ? 0.5 : 1;
  return side === 'put' ? parsed.data.putShare : 1 - parsed.data.putShare;
}
