// Watches how fast and how often the broker takes our orders, and says so when either leaves its budget and when it is back.
import { isTerminal, type Order } from '../domain/order.ts';
import type { MonoMs } from '../domain/time.ts';
import { budgetFigures, type OrderOutcome } from '../execution/budgets.ts';
import { isDryRun, isRefused } from '../execution/execution-report.ts';
import { type Draft, note } from './draft.ts';
import type { ExecutionWindow } from './execution-window.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

/** What is known of an order now; undefined while nothing is, and for a dry run's own answer. */
function outcomeOf(order: Order, since: MonoMs, now: MonoMs, before: OrderOutcome | undefined): OrderOutcome | undefined {
  const refused = isRefused(order);
  if (order.brokerId === null) return refused && !isDryRun(order) ? { ackMs: null, refused } : undefined;
  return { ackMs: before?.ackMs ?? now - since, refused };
}

function follow(window: ExecutionWindow, order: Order, now: MonoMs): boolean {
  if (order.state === 'submitting') {
    if (!window.sent.has(order.id)) window.sent.set(order.id, now);
    return false;
  }
  const since = window.sent.get(order.id);
  if (since === undefined) return false;
  const before = window.outcomes.get(order.id);
  const outcome = outcomeOf(order, since, now, before);
  if (isTerminal(order.state)) window.sent.delete(order.id);
  if (outcome === undefined || (before !== undefined && before.refused === outcome.refused)) return false;
  window.outcomes.set(order.id, outcome);
  return true;
}

/** Takes in what a turn heard of orders. Only a change is noted: once when a budget is broken, once when it is kept again. */
export function watchExecution({ execution: budgets }: World, { execution: window }: State, draft: Draft): void {
  if (budgets === undefined) return;
  let heard = false;
  for (const order of draft.orders.values()) heard = follow(window, order, draft.at.mono) || heard;
  if (!heard) return;
  for (const id of window.outcomes.keys()) {
    if (window.outcomes.size <= budgets.windowOrders) break;
    window.outcomes.delete(id);
  }
  const { ack, refused } = budgetFigures([...window.outcomes.values()], budgets);
  const slow = ack === null ? window.slow : !(ack.p95Ms <= budgets.ackP95MsMax);
  const refusing = refused === null ? window.refusing : !(refused.part <= budgets.refusedMax);
  if (ack !== null && slow !== window.slow) {
    note(draft, slow ? 'execution.slow' : 'execution.prompt', slow ? 'major' : 'info', {
      p95Ms: ack.p95Ms,
      limitMs: budgets.ackP95MsMax,
      orders: ack.orders,
    });
  }
  if (refused !== null && refusing !== window.refusing) {
    note(draft, refusing ? 'execution.rejects' : 'execution.taken', refusing ? 'major' : 'info', {
      part: refused.part,
      limit: budgets.refusedMax,
      orders: refused.orders,
    });
  }
  window.slow = slow;
  window.refusing = refusing;
}
