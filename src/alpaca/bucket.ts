// The request budget of one host as a token bucket, learnt from the host's headers and refilled in the host's own time.
import type { Clock } from '../ports/clock.ts';

const FULL = 200;
const WINDOW_MS = 60_000;
/** What a 429 without any hint of a time costs, exchange milliseconds. */
const BARE_PAUSE_MS = 1_000;

export interface Bucket {
  /** A token, when that leaves at least `floor` behind and no pause is on (`urgent` requests ignore pauses). */
  take(floor: number, urgent: boolean): boolean;
  /** Exchange milliseconds until `take` might succeed. */
  wanting(floor: number, urgent: boolean): number;
  /** The request of a token has ended, whatever became of it. */
  done(): void;
  /** What an answer's headers and status said. */
  learn(headers: Headers, status: number): void;
  /** Requests a minute. */
  limit(): number;
  /** Requests left; null before the host has said so. */
  remaining(): number | null;
}

const figure = (headers: Headers, name: string): number | null => {
  const text = headers.get(name);
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
};

/** `Retry-After` in exchange milliseconds, from seconds or from a date; null when absent or unreadable. */
export function retryAfter(headers: Headers, exchangeNow: number): number | null {
  const seconds = figure(headers, 'Retry-After');
  if (seconds !== null) return seconds * 1000;
  const date = Date.parse(headers.get('Retry-After') ?? '');
  return Number.isNaN(date) ? null : Math.max(0, date - exchangeNow);
}

/** How long a 429 asks us to stay away, exchange milliseconds, a window at most. */
function pauseOf(headers: Headers, exchangeNow: number): number {
  const reset = figure(headers, 'X-RateLimit-Reset');
  const asked = retryAfter(headers, exchangeNow) ?? (reset === null ? BARE_PAUSE_MS : reset * 1000 - exchangeNow);
  return Math.min(Math.max(0, asked), WINDOW_MS);
}

/** A full bucket. It refills with exchange time: an exchange that runs sixty times as fast grants sixty times the requests. */
export function createBucket(clock: Clock, limitPerMinute = FULL): Bucket {
  let limit = limitPerMinute;
  let tokens = limit;
  let filledAt: number = clock.now().exchange;
  let pausedUntil = 0;
  let inFlight = 0;
  let heard = false;

  const refill = (): void => {
    const now = clock.now().exchange;
    if (now <= filledAt) return;
    tokens = Math.min(limit, tokens + ((now - filledAt) * limit) / WINDOW_MS);
    filledAt = now;
  };
  return {
    take: (floor, urgent) => {
      refill();
      // A hair of slack, so that a wait reckoned in floats ends with the token it was for.
      if (tokens - 1 < floor - 1e-6 || (!urgent && filledAt < pausedUntil)) return false;
      tokens -= 1;
      inFlight += 1;
      return true;
    },
    wanting: (floor, urgent) => {
      const short = Math.max(0, floor + 1 - tokens);
      return Math.max((short * WINDOW_MS) / limit, urgent ? 0 : pausedUntil - filledAt);
    },
    done: () => {
      inFlight = Math.max(0, inFlight - 1);
    },
    learn: (headers, status) => {
      refill();
      const told = figure(headers, 'X-RateLimit-Limit');
      if (told !== null && told >= 1) limit = told;
      const remaining = figure(headers, 'X-RateLimit-Remaining');
      // What the host counted, less what is on its way to it: its word is better than our arithmetic, both ways.
      if (remaining !== null) tokens = Math.max(0, Math.min(limit, remaining - Math.max(0, inFlight - 1)));
      heard = heard || remaining !== null;
      if (status === 429) pausedUntil = Math.max(pausedUntil, filledAt + pauseOf(headers, filledAt));
    },
    limit: () => limit,
    remaining: () => {
      refill();
      return heard ? Math.floor(tokens) : null;
    },
  };
}
