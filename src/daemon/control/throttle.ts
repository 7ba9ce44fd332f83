// How often something may happen: a bucket for each name, filled evenly, so that nobody's flood is another's silence.

export interface Throttle {
  /** Takes one from a name's bucket; false when it is empty. `now` is wall milliseconds that never go back. */
  take(name: string, now: number): boolean;
}

/** Names that are remembered at most: those idle longest are forgotten, and start full again. */
const NAMES_MAX = 1_000;

/** @param perMinute tokens that flow into each bucket a minute; also its size */
export function createThrottle(perMinute: number): Throttle {
  const buckets = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take: (name, now) => {
      const bucket = buckets.get(name) ?? { left: perMinute, at: now };
      const filled = Math.min(perMinute, bucket.left + ((now - bucket.at) / 60_000) * perMinute);
      buckets.delete(name);
      buckets.set(name, { left: filled >= 1 ? filled - 1 : filled, at: now });
      if (buckets.size > NAMES_MAX) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return filled >= 1;
    },
  };
}
