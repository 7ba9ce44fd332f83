// Seeded identifiers: UUIDs in the shape of version 4, and activity ids that sort in the order they were made.
import { sha256Hex } from '../../base/sha256.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';

const VARIANT = '89ab';

/** 32 hexadecimal digits set out as a UUID with the version and variant bits of RFC 4122, version 4. */
function shaped(hex: string): string {
  const variant = VARIANT.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The `n`-th identifier of a seed; the same for the same pair for ever. */
export const uuidOf = (seed: number, n: number): string => shaped(sha256Hex(`exchange:${seed}:${n}`));

/** As `uuidOf`, but ids of a growing `n` sort in that order: what pages by the last id it saw then misses no row. */
export const sortedUuidOf = (seed: number, n: number): string =>
  shaped(n.toString(16).padStart(8, '0') + sha256Hex(`exchange:${seed}:${n}`).slice(8));

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * New York wall time as `YYYYMMDDHHMMSSmmm`. Counted from midnight, which holds on every session day:
 * clocks change on Sundays.
 */
export function activityStamp(calendar: Calendar, at: EpochMs): string {
  const day = calendar.dayOf(at);
  const ms = at - calendar.instant(day, 0, 0);
  const hour = Math.floor(ms / 3_600_000);
  const minute = Math.floor(ms / 60_000) % 60;
  const second = Math.floor(ms / 1_000) % 60;
  return `${day.replaceAll('-', '')}${two(hour)}${two(minute)}${two(second)}${String(ms % 1_000).padStart(3, '0')}`;
}

/** The stamp of rows that carry a date and no time of day. */
export const midnightStamp = (day: TradingDay): string => `${day.replaceAll('-', '')}000000000`;
