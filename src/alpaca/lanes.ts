// Who may use the request budget next: exits and cancels always find room, entries stop first.
import type { Clock } from '../ports/clock.ts';
import { createBucket } from './bucket.ts';
import { AlpacaFault } from './faults.ts';

/** In order of priority. */
export const lanes = ['exit', 'cancel', 'lookup', 'reconcile', 'entry', 'info'] as const;
export type Lane = (typeof lanes)[number];

/**
 * Tokens a lane must leave behind, of a budget of 200: 40 belong to exits and cancels, 30 more to look-ups. Entries stop
 * at the sum, which is sooner than the 50 at which they must.
 */
const reserves: Readonly<Record<Lane, number>> = { exit: 0, cancel: 0, lookup: 40, reconcile: 70, entry: 70, info: 70 };
const RESERVED_OF = 200;
/** Never re-check sooner than this, in wall time. */
const SOONEST_MS = 5;

interface Waiter {
  readonly lane: Lane;
  readonly order: number;
  readonly grant: () => void;
}

export interface LanesOptions {
  readonly clock: Clock;
  /** Requests a minute until the host says otherwise; 200 when not given. */
  readonly limit?: number;
  /** False for a host where nothing competes with exits: every lane may use all of the budget. */
  readonly reserved: boolean;
}

export interface Lanes {
  /**
   * Resolves when the lane may send one request; the caller owes one `done`.
   * @throws AlpacaFault ALPACA_LANE_FULL after `waitMs` of wall time
   */
  acquire(lane: Lane, waitMs: number): Promise<void>;
  /** What an answer said of the budget; `status` 429 pauses every lane but exits and cancels. */
  learn(headers: Headers, status: number): void;
  done(): void;
  /** Requests left as far as we know; null before the host has said. */
  remaining(): number | null;
  close(): void;
}

const isUrgent = (lane: Lane): boolean => lane === 'exit' || lane === 'cancel';
const rank = (waiter: Waiter): number => lanes.indexOf(waiter.lane);

/** A queue over a bucket. The first in line has the lowest floor, so when it must wait everyone behind it must. */
export function createLanes(options: LanesOptions): Lanes {
  const { clock } = options;
  const bucket = createBucket(clock, options.limit);
  let sequence = 0;
  let waiting: readonly Waiter[] = [];
  let stopAlarm: (() => void) | null = null;

  const floorOf = (lane: Lane): number => (options.reserved ? reserves[lane] * Math.min(1, bucket.limit() / RESERVED_OF) : 0);

  const pump = (): void => {
    stopAlarm?.();
    stopAlarm = null;
    let head = waiting[0];
    while (head !== undefined && bucket.take(floorOf(head.lane), isUrgent(head.lane))) {
      waiting = waiting.slice(1);
      head.grant();
      head = waiting[0];
    }
    if (head === undefined) return;
    const { speed } = clock.now();
    const wall = bucket.wanting(floorOf(head.lane), isUrgent(head.lane)) / (speed > 0 ? speed : 1);
    stopAlarm = clock.after(Math.max(SOONEST_MS, Math.ceil(wall)), pump);
  };

  const acquire = (lane: Lane, waitMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const granted = (): void => {
        stopWaiting();
        resolve();
      };
      const waiter: Waiter = { lane, order: sequence++, grant: granted };
      const stopWaiting = clock.after(waitMs, () => {
        waiting = waiting.filter((other) => other !== waiter);
        reject(new AlpacaFault('ALPACA_LANE_FULL', `no room in the request budget for ${lane} within ${String(waitMs)} ms`));
        pump();
      });
      waiting = [...waiting, waiter].sort((a, b) => rank(a) - rank(b) || a.order - b.order);
      pump();
    });

  return {
    acquire,
    learn: (headers, status) => {
      bucket.learn(headers, status);
      pump();
    },
    done: bucket.done,
    remaining: bucket.remaining,
    close: () => {
      stopAlarm?.();
      stopAlarm = null;
    },
  };
}
