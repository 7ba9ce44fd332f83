// Orders with the instants of their way: read off the turns that recorded, sent, acknowledged and filled them.
import type { ClientOrderId, StrategyId } from '../domain/ids.ts';
import type { Legs } from '../domain/legs.ts';
import type { LegExecution, PlacedOrder, TurnInstant } from '../domain/placed-order.ts';
import type { TradingDay } from '../domain/time.ts';
import type { SeenQuote } from '../domain/turn.ts';
import type { Reader } from './reader.ts';

export interface PlacedFilter {
  readonly strategy?: StrategyId;
  /** Decided or executed on this session day or later; of the latter, the executions since then. */
  readonly since?: TradingDay;
}

interface OrderRecord
  extends Omit<PlacedOrder, 'legs' | 'decided' | 'quotes' | 'firstQuotes' | 'submitted' | 'acknowledged' | 'executions'> {
  readonly ladder: string;
  readonly legs: string;
  readonly quotes: string | null;
  readonly decidedSeq: number | null;
  readonly submittedSeq: number | null;
  readonly acknowledgedSeq: number | null;
}

interface FillRecord extends Omit<LegExecution, 'heard'> {
  readonly order: ClientOrderId;
  readonly seq: number;
}

/** Turns by their number, each read once. */
function instants({ client }: Reader): (seq: number | null) => TurnInstant | null {
  const find = client.prepare<[number], TurnInstant>('SELECT seq, at, mono, epoch AS run FROM turns WHERE seq = ?');
  const seen = new Map<number, TurnInstant | null>();
  return (seq) => {
    if (seq === null) return null;
    const there = seen.get(seq);
    if (there !== undefined) return there;
    const found = find.get(seq) ?? null;
    seen.set(seq, found);
    return found;
  };
}

const WHERE = `(o.day >= $since OR EXISTS (SELECT 1 FROM fills s WHERE s.order_id = o.id AND s.day >= $since))
  AND ($strategy IS NULL OR o.strategy = $strategy)`;

interface Binding {
  readonly since: string;
  readonly strategy: string | null;
}

/** A decision that became an order is never run-length coded: its first turn is the order's own. */
const ordersIn = ({ client }: Reader, binding: Binding): readonly OrderRecord[] =>
  client
    .prepare<Binding, OrderRecord>(
      `SELECT o.id, o.strategy, o.purpose, o.legs, o.type, o.stop_price AS stop, o.state, o.reason, o.ladder, d.quotes, d.first_seq AS decidedSeq,
              (SELECT min(a.seq) FROM attempts a WHERE a.order_id = o.id) AS submittedSeq,
              (SELECT min(e.seq) FROM order_events e WHERE e.order_id = o.id AND e.broker_id IS NOT NULL) AS acknowledgedSeq
       FROM orders o LEFT JOIN decision_orders x ON x.order_id = o.id LEFT JOIN decisions d ON d.id = x.decision_id
       WHERE ${WHERE} ORDER BY o.recorded_at, o.rung, o.id`,
    )
    .all(binding);

const fillsIn = ({ client }: Reader, binding: Binding): readonly FillRecord[] =>
  client
    .prepare<Binding, FillRecord>(
      `SELECT f.order_id AS "order", f.leg_no AS legNo, f.qty, f.cash, f.seq
       FROM fills f JOIN orders o ON o.id = f.order_id WHERE f.day >= $since AND ${WHERE} ORDER BY f.seq, f.leg_no, f.cum_qty`,
    )
    .all(binding);

/** Orders in the sequence in which they were recorded. */
export function readPlacedOrders(reader: Reader, { strategy, since }: PlacedFilter = {}): readonly PlacedOrder[] {
  const binding: Binding = { since: since ?? '', strategy: strategy ?? null };
  const at = instants(reader);
  const executions = new Map<ClientOrderId, LegExecution[]>();
  for (const { order, seq, ...part } of fillsIn(reader, binding)) {
    const heard = at(seq);
    if (heard !== null) executions.set(order, [...(executions.get(order) ?? []), { ...part, heard }]);
  }
  const first = new Map<string, readonly SeenQuote[] | null>();
  return ordersIn(reader, binding).map(({ ladder, legs, quotes, decidedSeq, submittedSeq, acknowledgedSeq, ...order }) => {
    const seen = quotes === null ? null : (JSON.parse(quotes) as readonly SeenQuote[]);
    if (!first.has(ladder)) first.set(ladder, seen);
    return {
      ...order,
      legs: JSON.parse(legs) as Legs,
      quotes: seen,
      firstQuotes: first.get(ladder) ?? null,
      decided: at(decidedSeq),
      submitted: at(submittedSeq),
      acknowledged: at(acknowledgedSeq),
      executions: executions.get(order.id) ?? [],
    };
  });
}
