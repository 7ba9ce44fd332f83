// The life of an order: every state meets every event, so the compiler finds a missing cell.
//
// 1. Fills are watermarks: a report carries cumulative figures, and `cum <= seen` changes nothing.
// 2. Evidence wins over belief: whatever we thought, an order the broker shows is working or filled.
// 3. A closed order never reopens, but for one: `dropped` or `refused` that the broker shows alive is owned again, to be cancelled.
import { isTerminal, type Order, type OrderEvent, type OrderState } from './order.ts';

type Cell = OrderState | 'ignore' | 'anomaly';
type Row = Readonly<Record<Exclude<OrderEvent['kind'], 'closed'>, Cell>> & { readonly closed: 'as_said' | 'ignore' };

// biome-ignore format: a table
const live: Row = {
  send_begun: 'anomaly', unsent: 'anomaly', dropped: 'anomaly', refused: 'anomaly', answer_lost: 'anomaly', absent: 'ignore',
  unreachable: 'ignore', mismatch: 'quarantined', accepted: 'working', cancel_sent: 'anomaly', cancel_refused: 'ignore', filled: 'working',
  closed: 'as_said',
};
// biome-ignore format: a table
const late: Row = {
  send_begun: 'anomaly', unsent: 'ignore', dropped: 'ignore', refused: 'ignore', answer_lost: 'ignore', absent: 'ignore',
  unreachable: 'ignore', mismatch: 'ignore', accepted: 'ignore', cancel_sent: 'ignore', cancel_refused: 'ignore', filled: 'ignore',
  closed: 'ignore',
};

/** The table itself, exported so that a test can walk every cell. */
export const moves: Readonly<Record<OrderState, Row>> = {
  recorded: { ...live, send_begun: 'submitting', dropped: 'dropped', unsent: 'ignore', mismatch: 'anomaly' },
  submitting: { ...live, unsent: 'recorded', refused: 'refused', answer_lost: 'unknown', mismatch: 'quarantined' },
  unknown: { ...live, answer_lost: 'ignore', absent: 'absent_watch', unreachable: 'quarantined', unsent: 'ignore' },
  absent_watch: { ...live, answer_lost: 'ignore', dropped: 'dropped', send_begun: 'submitting' },
  quarantined: { ...live, answer_lost: 'ignore', absent: 'absent_watch', dropped: 'dropped', mismatch: 'ignore' },
  working: { ...live, accepted: 'ignore', answer_lost: 'ignore', unsent: 'ignore', cancel_sent: 'canceling' },
  canceling: {
    ...live,
    accepted: 'ignore',
    answer_lost: 'ignore',
    unsent: 'ignore',
    cancel_sent: 'ignore',
    cancel_refused: 'working',
    filled: 'canceling',
  },
  filled: late,
  canceled: { ...late, filled: 'canceled' }, // a fill can arrive after its cancel: count it
  expired: { ...late, filled: 'expired' },
  replaced: { ...late, filled: 'replaced' },
  rejected: { ...late, filled: 'anomaly' },
  refused: { ...late, accepted: 'working', filled: 'working', closed: 'as_said' },
  dropped: { ...late, accepted: 'working', filled: 'working', closed: 'as_said' },
};

export type Step =
  | { readonly kind: 'moved'; readonly order: Order }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'anomaly'; readonly why: string };

const ignored: Step = { kind: 'ignored' };
const anomaly = (order: Order, event: OrderEvent, why = 'no such transition'): Step => ({
  kind: 'anomaly',
  why: `${order.id}: ${event.kind} in ${order.state}: ${why}`,
});

function applyFill(order: Order, event: Extract<OrderEvent, { kind: 'filled' }>, to: OrderState): Step {
  if (event.cumQty < order.cumQty || (event.cumQty === order.cumQty && order.state === to)) return ignored;
  if (event.cumQty > order.qty) return anomaly(order, event, `filled ${event.cumQty} of ${order.qty}`);
  const { brokerId, cumQty, cumCash, fills } = event.cumQty === order.cumQty ? { ...order, brokerId: event.brokerId } : event;
  const state = cumQty === order.qty ? 'filled' : to;
  return { kind: 'moved', order: { ...order, state, brokerId, cumQty, cumCash, fills } };
}

function apply(order: Order, event: OrderEvent, to: OrderState): Step {
  switch (event.kind) {
    case 'filled':
      return applyFill(order, event, to);
    case 'accepted':
      return { kind: 'moved', order: { ...order, state: to, brokerId: event.brokerId } };
    case 'send_begun':
      return { kind: 'moved', order: { ...order, state: to, attempts: order.attempts + 1 } };
    case 'refused':
    case 'dropped':
      return { kind: 'moved', order: { ...order, state: to, reason: event.reason } };
    default:
      return { kind: 'moved', order: { ...order, state: to } };
  }
}

/** The order after an event; pure. `closedAt` is the caller's to stamp, since the table knows no time. */
export function step(order: Order, event: OrderEvent): Step {
  const row = moves[order.state];
  if (event.kind === 'closed') {
    if (row.closed === 'ignore') return ignored;
    return { kind: 'moved', order: { ...order, state: event.as, brokerId: event.brokerId, reason: event.reason ?? order.reason } };
  }
  const cell = row[event.kind];
  if (cell === 'ignore') return ignored;
  if (cell === 'anomaly') return anomaly(order, event);
  return apply(order, event, cell);
}

/** True when the order may still trade or its fate is not certain: it counts in every limit. */
export const isLive = (order: Order): boolean => !isTerminal(order.state);
