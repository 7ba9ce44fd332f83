// A cleared intent to an order row: derived id, one price, reservation. Takes nothing that risk has not cleared.
import { canonicalJson } from '../base/canonical.ts';
import { sha256Base32 } from '../base/sha256.ts';
import type { StrategyId } from '../domain/ids.ts';
import { legPlan } from '../domain/legs.ts';
import { type Price, usd } from '../domain/money.ts';
import type { Order, OrderType, Purpose, TimeInForce } from '../domain/order.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Cleared } from '../domain/verdict.ts';
import { orderId } from './order-id.ts';

export interface Placement {
  readonly account: string;
  readonly strategy: StrategyId;
  readonly purpose: Purpose;
  readonly day: TradingDay;
  readonly ladder: string;
  readonly slice: number;
  readonly rung: number;
  /** Grows when a rung is tried again after a refusal, so that the try has an id of its own. */
  readonly retry: number;
  readonly type: OrderType;
  readonly tif: TimeInForce;
  readonly limit: Price | null;
  readonly stop: Price | null;
  readonly at: EpochMs;
  readonly turnSeq: number;
}

/** The order of a placement, in state `recorded`: provably unsent. */
export function planOrder(cleared: Cleared, placement: Placement): Order {
  const { intent, qty } = cleared;
  const decisionKey = `${placement.ladder}#${placement.slice}.${placement.rung}.${placement.retry}`;
  const payload = {
    legs: legPlan(intent.legs),
    qty,
    type: placement.type,
    tif: placement.tif,
    limit: placement.limit,
    stop: placement.stop,
  };
  return {
    id: orderId({
      account: placement.account,
      strategy: placement.strategy,
      purpose: placement.purpose,
      day: placement.day,
      decisionKey,
      legs: intent.legs,
    }),
    strategy: placement.strategy,
    purpose: placement.purpose,
    day: placement.day,
    legs: intent.legs,
    qty,
    type: placement.type,
    tif: placement.tif,
    limit: placement.limit,
    stop: placement.stop,
    ladder: placement.ladder,
    rung: placement.rung,
    verdictSeq: placement.turnSeq,
    payloadHash: sha256Base32(canonicalJson(payload), 16),
    state: 'recorded',
    brokerId: null,
    reserve: usd(cleared.reservePerUnit * qty),
    attempts: 0,
    recordedAt: placement.at,
    closedAt: null,
    reason: null,
    cumQty: 0,
    cumCash: usd(0),
    fills: [],
    assumed: intent.assumed ?? [],
  };
}
