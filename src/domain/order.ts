// The order: one intent at one price, with everything the broker has ever said about it, cumulative.
import type { BrokerOrderId, ClientOrderId, StrategyId, Symbol } from './ids.ts';
import type { Legs } from './legs.ts';
import type { Price, Qty, Usd } from './money.ts';
import type { EpochMs, TradingDay } from './time.ts';

// biome-ignore format: grouped by where the order stands
export const orderStates = [
  'recorded', // intent, verdict and reservation are on disk; provably unsent
  'submitting', // an attempt is on disk; bytes may have left
  'unknown', // the answer was lost: it may or may not be there
  'absent_watch', // every bounded look-up said absent; still counted, still watched
  'quarantined', // contradictory or unreachable evidence; blocks its strategy and symbol for entries
  'working', 'canceling', // the broker has it
  'filled', 'canceled', 'expired', 'rejected', 'replaced', // closed, said by the broker
  'refused', // closed: proven never to have existed there
  'dropped', // closed by us, provably or after the watch
] as const;
export type OrderState = (typeof orderStates)[number];

const ended: ReadonlySet<OrderState> = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped']);
export const isTerminal = (state: OrderState): boolean => ended.has(state);
/** Its fate at the broker is not known for certain. */
export const isAmbiguous = (state: OrderState): boolean =>
  state === 'submitting' || state === 'unknown' || state === 'absent_watch' || state === 'quarantined';

/** O opens, C closes, P protects (a resting stop), R replaces. */
export type Purpose = 'O' | 'C' | 'P' | 'R';
export type OrderType = 'limit' | 'market' | 'stop';
export type TimeInForce = 'day' | 'gtc';

/** One leg's cumulative executions. `cash` is signed from our side: a buy is negative. */
export interface LegFill {
  readonly legNo: number;
  readonly symbol: Symbol;
  readonly cumQty: number;
  readonly cumCash: Usd;
}

export interface Order {
  readonly id: ClientOrderId;
  readonly strategy: StrategyId;
  readonly purpose: Purpose;
  /** The New York session in which it was decided. */
  readonly day: TradingDay;
  readonly legs: Legs;
  readonly qty: Qty;
  readonly type: OrderType;
  readonly tif: TimeInForce;
  /** Net limit: positive pays, negative collects; null for market and stop orders. */
  readonly limit: Price | null;
  readonly stop: Price | null;
  /** The walk this order is a rung of: decision key without the rung. */
  readonly ladder: string;
  readonly rung: number;
  /** Sequence of the turn that holds its verdict. */
  readonly verdictSeq: number;
  readonly payloadHash: string;
  readonly state: OrderState;
  readonly brokerId: BrokerOrderId | null;
  /** Cash set aside for what may yet fill of the order, positive; none once it is closed. */
  readonly reserve: Usd;
  readonly attempts: number;
  readonly recordedAt: EpochMs;
  readonly closedAt: EpochMs | null;
  /** Broker's or our words for a refusal, rejection or drop. */
  readonly reason: string | null;
  readonly cumQty: number;
  /** Net cash of all fills so far, signed from our side. */
  readonly cumCash: Usd;
  readonly fills: readonly LegFill[];
  readonly assumed: readonly string[];
}

export type OrderEvent =
  | { readonly kind: 'send_begun' }
  | { readonly kind: 'unsent' } // proof that no byte left
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'answer_lost' }
  | { readonly kind: 'absent' } // the bounded look-ups are complete and clean
  | { readonly kind: 'unreachable' } // no clean answer in time
  | { readonly kind: 'mismatch' } // the broker's order is not the one we sent
  | { readonly kind: 'accepted'; readonly brokerId: BrokerOrderId }
  | { readonly kind: 'cancel_sent' }
  | { readonly kind: 'cancel_refused' }
  | {
      readonly kind: 'filled';
      readonly brokerId: BrokerOrderId;
      readonly cumQty: number;
      readonly cumCash: Usd;
      readonly fills: readonly LegFill[];
    }
  | {
      readonly kind: 'closed';
      readonly as: 'canceled' | 'expired' | 'rejected' | 'replaced';
      readonly brokerId: BrokerOrderId;
      readonly reason: string | null;
    };
