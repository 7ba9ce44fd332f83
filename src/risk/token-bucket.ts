// A token bucket that keeps no state: what it holds is reckoned from the instants at which tokens were taken.
import { type EpochMs, MINUTE } from '../domain/time.ts';

/** So many tokens a minute, one at a time, and never more than the burst in store. */
export interface Bucket {
  readonly perMinute: number;
  readonly burst: number;
}

/**
 * Milliseconds until a token is free, 0 when one is free now. The bucket is full before the first token is taken.
 * @param taken instants at which tokens were taken, ascending
 */
export function waitFor({ perMinute, burst }: Bucket, taken: readonly EpochMs[], now: EpochMs): number {
  // Counted in milliseconds of refilling, so that a bucket of whole milliseconds a token stays exact.
  const token = MINUTE / perMinute;
  const full = burst * token;
  let store = full;
  let at: number | null = null;
  for (const instant of taken) {
    store = Math.min(full, store + (at === null ? 0 : instant - at)) - token;
    at = instant;
  }
  store = Math.min(full, store + (at === null ? 0 : now - at));
  return store >= token ? 0 : token - store;
}
