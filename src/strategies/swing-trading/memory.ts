// What is remembered from tick to tick: the watch over each trade, and the stop that an evening set for the night.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import { type TradingDay, tradingDay } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import { recallWatch, type WatchMemory } from '../toolkit/watch.ts';

const evening = z.strictObject({
  day: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .transform(tradingDay),
  /** Dollars a share. */
  stop: z.number(),
});
const memory = z.strictObject({ v: z.literal(1), watch: z.json(), evenings: z.record(z.string(), evening) });

export interface Evening {
  readonly day: TradingDay;
  readonly stop: number;
}

export interface SwingMemory {
  readonly watch: WatchMemory;
  /** By trade. */
  readonly evenings: Readonly<Record<string, Evening>>;
}

/** The memory, less what it holds of trades that are gone. What cannot be read is forgotten, and the stops are those of the entry. */
export function recallSwing(json: Json, open: readonly Trade[]): SwingMemory {
  const parsed = memory.safeParse(json);
  if (!parsed.success) return { watch: recallWatch(null, open), evenings: {} };
  const ids = new Set(open.map((t) => t.id));
  return {
    watch: recallWatch(parsed.data.watch, open),
    evenings: Object.fromEntries(Object.entries(parsed.data.evenings).filter(([id]) => ids.has(id))),
  };
}

export const memoryJson = ({ watch, evenings }: SwingMemory): Json => ({
  v: 1,
  watch,
  evenings: Object.fromEntries(Object.entries(evenings).map(([id, { day, stop }]) => [id, { day, stop }])),
});
