// What the wheel carries from tick to tick: plain JSON, versioned. Nothing in it is needed for safety; positions and orders are the truth.
import { z } from 'zod';
import { canonicalJson } from '../../base/canonical.ts';
import type { Json, Remember } from '../../domain/decision.ts';

/** The second half of a roll: the old option is being bought back, the new one is sold once that is done. */
const roll = z.strictObject({
  right: z.enum(['put', 'call']),
  option: z.string(),
  /** Micros. */
  strike: z.int(),
  expiry: z.string(),
  /** Contracts held when the buy-back was decided. */
  qty: z.int().min(1),
  /** Highest price of the buy-back ladder, micros a share. */
  paidAtMost: z.int(),
  day: z.string(),
  /** Premium of the cycle as it will stand after the buy-back at that price, micros: kept in case the cycle ends with it. */
  premiumAfter: z.int(),
  /** A put's probability to expire worthless, which the new one must exceed. */
  pSafe: z.number(),
  /** Ladders of the second half so far. */
  attempts: z.int().min(0),
});

const memory = z.strictObject({
  v: z.literal(1),
  /** The session `opened` speaks of. */
  day: z.string(),
  /** Names entered anew on that day. */
  opened: z.array(z.string()).readonly(),
  /** Option -> exchange instant at which its thesis stop was first seen. */
  stops: z.record(z.string(), z.int()),
  /** Option -> reason of the last closing order sent for it. */
  exits: z.record(z.string(), z.string()),
  /** Underlying -> roll in progress. */
  rolls: z.record(z.string(), roll),
  /** Underlying -> premium of rolls whose cycle had ended in between, micros, and the day of the roll. */
  carried: z.record(z.string(), z.strictObject({ amount: z.int(), day: z.string() })),
  /** Underlying -> most shares held in this cycle: credits are spread over these. */
  peakShares: z.record(z.string(), z.int()),
  /** Option -> monotonic instant since which it has had no quote. */
  blind: z.record(z.string(), z.number()),
});

export type Roll = Readonly<z.output<typeof roll>>;
export type WheelMemory = Readonly<z.output<typeof memory>>;

const nothing = (day: string): WheelMemory => ({
  v: 1,
  day,
  opened: [],
  stops: {},
  exits: {},
  rolls: {},
  carried: {},
  peakShares: {},
  blind: {},
});

/** The memory as it stands on `day`. What cannot be read is forgotten: the book alone is enough to go on from. */
export function recall(json: Json, day: string): WheelMemory {
  const parsed = memory.safeParse(json);
  if (!parsed.success) return nothing(day);
  return parsed.data.day === day ? parsed.data : { ...parsed.data, day, opened: [] };
}

/** A decision to remember, when there is anything new to remember. */
export const remember = (before: Json, after: WheelMemory): readonly Remember[] =>
  canonicalJson(before) === canonicalJson(after) ? [] : [{ kind: 'remember', memory: after }];

/** A record without one key. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}
