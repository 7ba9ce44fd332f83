// What a broker must offer. Nothing here rejects but on a bug: whatever the network does is an outcome.
import type { AccountFacts, BrokerSnapshot } from '../domain/account.ts';
import type { CancelAnswer, FindAnswer, OrderReport, SubmitOutcome } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';

/** An answer, or why there is none. `fault` names the failure (docs/errors.md); `auth` faults end the process with 24. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string; readonly auth: boolean; readonly why: string };

export interface BrokerEvents {
  report(report: OrderReport): void;
  /** The trade stream is authenticated and listening, or it is not. */
  link(up: boolean, why: string): void;
  breaker(lane: string, state: 'open' | 'half_open' | 'closed'): void;
}

export interface BrokerClock {
  readonly at: EpochMs;
  readonly isOpen: boolean;
  readonly nextOpen: EpochMs;
  readonly nextClose: EpochMs;
}

export interface SnapshotRequest {
  /** Closed orders submitted after this instant are read too; null reads open ones only. */
  readonly ordersAfter: EpochMs | null;
  /** The id of the last activity booked; null reads the activities of `activitiesAfter` onwards. */
  readonly activitiesAfter: EpochMs;
}

export interface Broker {
  /** Starts the trade stream and keeps it alive for ever, rebuilding a dead one with jittered back-off. */
  connect(on: BrokerEvents): void;
  /**
   * Sends one order, at most one POST. `mayLeave` is asked in the same synchronous step as the write to the network;
   * when it says no, the answer is `unsent`.
   */
  submit(order: Order, mayLeave: () => boolean): Promise<SubmitOutcome>;
  /** Asks for a cancel by the broker's id; evidence of the result arrives as a report. */
  cancel(order: Order): Promise<CancelAnswer>;
  find(id: ClientOrderId): Promise<FindAnswer>;
  /** A stable read: orders agree before and after positions and account were read (reliability 4.5). */
  snapshot(request: SnapshotRequest): Promise<Answer<BrokerSnapshot>>;
  account(): Promise<Answer<AccountFacts>>;
  clock(): Promise<Answer<BrokerClock>>;
  sessions(from: string, to: string): Promise<Answer<readonly Session[]>>;
  /** Drops and rebuilds the trade stream, e.g. when it is mute while orders live. */
  restartStream(why: string): void;
  /** State of each lane's breaker and budget, for status and metrics. */
  health(): BrokerHealth;
  close(): Promise<void>;
}

export interface BrokerHealth {
  readonly lanes: readonly {
    readonly lane: string;
    readonly breaker: 'none' | 'closed' | 'half_open' | 'open';
    readonly failures: number;
    readonly calls: number;
  }[];
  readonly stream: { readonly up: boolean; readonly reconnects: number; readonly lastFrameAgeMs: number | null };
  readonly rateRemaining: number | null;
}
