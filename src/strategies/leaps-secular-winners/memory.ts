// What is remembered from tick to tick: stops seen once, the last own volatility of each trade, and rolls whose second half is due.
import { z } from 'zod';
import type { Json } from '../../domain/decision.ts';
import { type Symbol, symbol } from '../../domain/ids.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import { recallWatch, type WatchMemory } from '../toolkit/watch.ts';

const roll = z.strictObject({
  /** The day on which the old call is sold: the new one is bought on it or not at all. */
  day: z.string(),
  name: z.string(),
  /** Contracts that were held when it began. */
  units: z.int().min(1),
});
const memory = z.strictObject({
  v: z.literal(1),
  watch: z.json(),
  sigmas: z.record(z.string(), z.number()),
  rolls: z.record(z.string(), roll),
});

export type Roll = Readonly<z.output<typeof roll>>;

export interface LeapsMemory {
  readonly watch: WatchMemory;
  /** By trade. */
  readonly sigmas: Readonly<Record<string, number>>;
  /** By the trade that is sold. */
  readonly rolls: Readonly<Record<string, Roll>>;
}

/** The memory, less what it holds of trades that are gone and of rolls of another day. What cannot be read is forgotten. */
export function recall(json: Json, open: readonly Trade[], day: TradingDay): LeapsMemory {
  const parsed = memory.safeParse(json);
  const { watch, sigmas, rolls } = parsed.success ? parsed.data : { watch: null, sigmas: {}, rolls: {} };
  const ids = new Set(open.map((t) => t.id));
  return {
    watch: recallWatch(watch, open),
    sigmas: Object.fromEntries(Object.entries(sigmas).filter(([id]) => ids.has(id))),
    rolls: Object.fromEntries(Object.entries(rolls).filter(([, r]) => r.day === day)),
  };
}

export const asJson = ({ watch, sigmas, rolls }: LeapsMemory): Json => ({
  v: 1,
  watch: { v: 1, trades: { ...watch.trades } },
  sigmas: { ...sigmas },
  rolls: Object.fromEntries(Object.entries(rolls).map(([id, r]) => [id, { ...r }])),
});

/** What makes the purchase of a roll the one it is; the trade it opens carries it in its own id. */
export const rollKey = (trade: string): string => `roll:${trade}`;

export interface HalfDone {
  /** The trade that was sold. */
  readonly trade: string;
  readonly name: Symbol;
  readonly units: number;
}

/** Rolls whose old call is gone and whose new one is not there; an entry of the same day in the name stands for the new one, too. */
export const halfDone = (memory_: LeapsMemory, open: readonly Trade[], day: TradingDay): readonly HalfDone[] =>
  Object.entries(memory_.rolls)
    .map(([trade, r]) => ({ trade, name: symbol(r.name), units: r.units }))
    .filter(({ trade, name }) => {
      const today = open.filter((t) => t.underlying === name && t.openedDay === day);
      return !open.some((t) => t.id === trade) && !today.some((t) => t.id.endsWith(rollKey(trade)) || !t.id.includes(rollKey('')));
    })
    .sort((a, b) => (a.trade < b.trade ? -1 : 1));
