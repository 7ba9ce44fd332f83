// The clock of a daemon that trades on an embedded exchange: exchange time as that exchange announces it.
import { epochMs } from '../domain/time.ts';
import type { Clock, ClockAnnouncement } from '../ports/clock.ts';
import type { SocketFactory, SocketLike } from '../ports/transport.ts';

const RECONNECT_LEAST_MS = 250;
const RECONNECT_MOST_MS = 5_000;

export interface ExchangeClockOptions {
  /** Full address of the announcements, e.g. `ws://127.0.0.1:7001/sim/v1/clock`. */
  readonly url: string;
  readonly keys: { readonly id: string; readonly secret: string };
  readonly socketFactory: SocketFactory;
  /** Monotonic time, alarms, and exchange time until the first announcement. */
  readonly fallback: Clock;
  /** Told of every announcement and of every lost connection. */
  readonly heard?: (what: { readonly exchange: number; readonly speed: number; readonly why: string } | { readonly lost: string }) => void;
}

export interface FollowedClock extends Clock {
  /** Resolves with the first announcement; rejects with a sentence when none comes within `ms` of wall time. */
  ready(ms: number): Promise<void>;
  close(): void;
}

interface Announcement {
  readonly exchange: number;
  readonly speed: number;
  readonly why: string;
}

const textOf = (data: unknown): string => {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new TextDecoder().decode(data);
  return data instanceof Uint8Array ? new TextDecoder().decode(data) : '';
};

/** An announcement, or undefined for anything else. */
function announcementOf(data: unknown): Announcement | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(textOf(data));
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { exchange, speed, why } = raw as { exchange?: unknown; speed?: unknown; why?: unknown };
  if (typeof exchange !== 'number' || !Number.isSafeInteger(Math.trunc(exchange))) return undefined;
  if (typeof speed !== 'number' || !(speed > 0) || speed > 1e6) return undefined;
  return { exchange: Math.trunc(exchange), speed, why: typeof why === 'string' ? why : '' };
}

/** Exchange time between announcements: what was announced plus the time since then at its speed, never back. */
function timeline(fallback: Clock): { readonly now: Clock['now']; readonly follow: (said: Announcement) => void } {
  let last: ClockAnnouncement | null = null;
  let floor = Number.NEGATIVE_INFINITY;
  const now: Clock['now'] = () => {
    const own = fallback.now();
    if (last === null) return own;
    floor = Math.max(floor, Math.floor(last.exchange + (own.mono - last.heard) * last.speed));
    return { exchange: epochMs(floor), mono: own.mono, speed: last.speed };
  };
  return {
    now,
    follow: (said) => {
      const { mono } = now(); // what has been reached at the old speed stays reached
      last = { exchange: epochMs(said.exchange), speed: said.speed, heard: mono };
    },
  };
}

/** A socket that is opened again whenever it ends; returns its end for good. */
function followed(options: ExchangeClockOptions, announced: (said: Announcement) => void): () => void {
  const { fallback } = options;
  let closed = false;
  let socket: SocketLike | null = null;
  let stopAlarm: (() => void) | null = null;
  let failures = 0;

  const lost = (of: SocketLike | null, why: string): void => {
    if (closed || socket !== of) return;
    socket = null;
    failures += 1;
    options.heard?.({ lost: why });
    stopAlarm = fallback.after(Math.min(RECONNECT_MOST_MS, RECONNECT_LEAST_MS * 2 ** (failures - 1)), connect);
  };
  function connect(): void {
    let made: SocketLike;
    try {
      made = options.socketFactory(options.url, 'json');
    } catch (error) {
      return lost(null, error instanceof Error ? error.message : String(error));
    }
    socket = made;
    made.on('open', () => made.send(JSON.stringify({ action: 'auth', key: options.keys.id, secret: options.keys.secret })));
    made.on('message', (data) => {
      const said = announcementOf(data);
      if (said === undefined || socket !== made) return;
      failures = 0;
      announced(said);
    });
    made.on('error', (error) => lost(made, error instanceof Error ? error.message : String(error)));
    made.on('close', () => lost(made, 'the connection closed'));
  }
  connect();
  return () => {
    closed = true;
    stopAlarm?.();
    socket?.terminate?.();
    socket = null;
  };
}

/** Follows the announcements from now on, reconnecting for ever; between connections time runs on at the last speed. */
export function exchangeClock(options: ExchangeClockOptions): FollowedClock {
  const { fallback, url } = options;
  const time = timeline(fallback);
  let told = false;
  let waiters: readonly (() => void)[] = [];
  const close = followed(options, (said) => {
    time.follow(said);
    told = true;
    for (const wake of waiters) wake();
    waiters = [];
    options.heard?.(said);
  });
  return {
    now: time.now,
    after: fallback.after,
    wallUntil: (at) => {
      const now = time.now();
      return Math.max(0, at - now.exchange) / now.speed;
    },
    ready: (ms) =>
      new Promise((resolve, reject) => {
        if (told) return resolve();
        const disarm = fallback.after(ms, () =>
          reject(new Error(`${url} announced no time within ${String(ms)} ms; is the exchange running?`)),
        );
        const wake = (): void => {
          disarm();
          resolve();
        };
        waiters = [...waiters, wake];
      }),
    close,
  };
}
