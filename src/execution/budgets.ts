// What the broker's answers may take and how many of them may be refusals, judged over the last orders that left.
import { nearestRank } from '../base/percentiles.ts';

export interface ExecutionBudgets {
  /** The last orders that are looked at, and how few of them say nothing yet. */
  readonly windowOrders: number;
  readonly windowOrdersMin: number;
  /** Of 95 in 100 orders, wall milliseconds from their leaving to the first word of them. */
  readonly ackP95MsMax: number;
  /** Part of the orders that the broker may turn down. */
  readonly refusedMax: number;
}

/** What became of one order. */
export interface OrderOutcome {
  /** Wall milliseconds; null of one that was turned down without ever having been there. */
  readonly ackMs: number | null;
  readonly refused: boolean;
}

/** Figures of the window; null while too few orders have been heard of. */
export interface BudgetFigures {
  readonly ack: { readonly p95Ms: number; readonly orders: number } | null;
  readonly refused: { readonly part: number; readonly orders: number } | null;
}

/** Figures of some outcomes. */
export function budgetFigures(outcomes: readonly OrderOutcome[], { windowOrdersMin }: ExecutionBudgets): BudgetFigures {
  const acks = outcomes.flatMap(({ ackMs }) => (ackMs === null ? [] : [ackMs])).sort((a, b) => a - b);
  const p95Ms = nearestRank(acks, 0.95);
  const orders = outcomes.length;
  return {
    ack: p95Ms === undefined || acks.length < windowOrdersMin ? null : { p95Ms, orders: acks.length },
    refused: orders === 0 || orders < windowOrdersMin ? null : { part: outcomes.filter((o) => o.refused).length / orders, orders },
  };
}
