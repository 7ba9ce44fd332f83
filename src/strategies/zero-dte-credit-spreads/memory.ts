// What is remembered from tick to tick: since when a trade's stop has been in sight, and which names were stopped out today.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';

const memory = z.strictObject({
  v: z.literal(1),
  /** Exchange instant at which the stop of a trade was first seen, by trade. */
  stopSince: z.record(z.string(), z.int()),
  /** The day a name was stopped out, by name: it is left alone for the rest of that day. */
  stopped: z.record(z.string(), z.string()),
});

export type ZdteMemory = Readonly<z.output<typeof memory>>;

/** The memory, less what concerns other days and trades that are gone. What cannot be read is forgotten: a stop then needs its two quotes anew. */
export function recall(json: Json, day: TradingDay, open: readonly Trade[]): ZdteMemory {
  const parsed = memory.safeParse(json);
  if (!parsed.success) return { v: 1, stopSince: {}, stopped: {} };
  const ids = new Set(open.map((t) => t.id));
  return {
    v: 1,
    stopSince: Object.fromEntries(Object.entries(parsed.data.stopSince).filter(([id]) => ids.has(id))),
    stopped: Object.fromEntries(Object.entries(parsed.data.stopped).filter(([, on]) => on === day)),
  };
}

/** Was a name stopped out today, as far as is remembered? */
export const stoppedToday = (memory_: ZdteMemory, name: Symbol, day: TradingDay): boolean => memory_.stopped[name] === day;
