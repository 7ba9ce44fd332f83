// A token bucket in exchange time: how many requests an account may make.

export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  /** When the bucket is full again, unix seconds of exchange time. */
  readonly reset: number;
  /** Seconds until the next request would pass; 0 when this one did. */
  readonly retryAfter: number;
}

export interface RateLimit {
  /** Takes one request out of a bucket at an instant of exchange time. */
  take(bucket: string, at: number): Budget;
  /** What a bucket holds, nothing taken. */
  peek(bucket: string, at: number): Budget;
}

/** Buckets of `perMinute` requests, refilled evenly. */
export function rateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const perMs = perMinute / 60_000;
  const held = (name: string, at: number): number => {
    const bucket = buckets.get(name) ?? { tokens: perMinute, at };
    return Math.min(perMinute, bucket.tokens + Math.max(0, at - bucket.at) * perMs);
  };
  const budget = (left: number, at: number, passed: boolean): Budget => ({
    limit: perMinute,
    remaining: Math.floor(left),
    reset: Math.ceil((at + (perMinute - left) / perMs) / 1000),
    retryAfter: passed ? 0 : Math.max(1, Math.ceil((1 - left) / perMs / 1000)),
  });
  return {
    take(name, at) {
      const tokens = held(name, at);
      const passed = tokens >= 1;
      const left = passed ? tokens - 1 : tokens;
      buckets.set(name, { tokens: left, at });
      return budget(left, at, passed);
    },
    peek: (name, at) => budget(held(name, at), at, true),
  };
}
