// What the broker says of one order, in one cumulative shape, whichever way it came.
import type { BrokerOrderId, ClientOrderId, Symbol } from './ids.ts';
import type { Side } from './legs.ts';
import type { Price, Usd } from './money.ts';
import type { LegFill, OrderType } from './order.ts';
import type { EpochMs } from './time.ts';

export type ReportStatus = 'working' | 'canceling' | 'filled' | 'canceled' | 'expired' | 'rejected' | 'replaced';

/** What a stream frame, a REST order and a snapshot row all decode to: one shape, cumulative, idempotent. */
export interface OrderReport {
  /** The client order id on the order; not ours unless it carries our prefix. */
  readonly id: ClientOrderId;
  readonly brokerId: BrokerOrderId;
  readonly status: ReportStatus;
  readonly type: OrderType | 'other';
  /** The symbol and side of a simple order; null for a multi-leg one. */
  readonly symbol: Symbol | null;
  readonly side: Side | null;
  /** Ordered quantity; null for a notional order. */
  readonly qty: number | null;
  readonly limit: Price | null;
  readonly cumQty: number;
  /** Signed from our side. */
  readonly cumCash: Usd;
  readonly fills: readonly LegFill[];
  readonly replacedBy: BrokerOrderId | null;
  readonly reason: string | null;
  readonly submittedAt: EpochMs | null;
  readonly updatedAt: EpochMs | null;
}
