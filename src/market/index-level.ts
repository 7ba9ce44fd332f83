// Whether the level of an index may be acted on.
import type { Symbol } from '../domain/ids.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { EpochMs, MonoMs, Now } from '../domain/time.ts';

/** A level in points, e.g. 17.35: no price, so a float. */
export interface IndexLevel {
  readonly value: number;
  /** The source's own instant for it, exchange time. */
  readonly at: EpochMs;
  /** When we had it, and how old it already was then, in wall milliseconds. */
  readonly seen: MonoMs;
  readonly ageAtSightMs: number;
}

/** The level, or VIX_UNKNOWN when there is none or it is older than `maxAgeMs` of wall time. */
export function judgeLevel(level: IndexLevel | undefined, name: Symbol, maxAgeMs: number, now: Now): Known<number> {
  if (level === undefined) return absent('VIX_UNKNOWN', `${name}: no level has been seen; the data source may not serve indices`);
  const age = level.ageAtSightMs + (now.mono - level.seen);
  if (age > maxAgeMs)
    return absent('VIX_UNKNOWN', `${name}: the level is ${String(Math.round(age))} ms old, allowed are ${String(maxAgeMs)}`);
  return known(level.value);
}
