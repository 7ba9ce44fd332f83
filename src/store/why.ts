// Why there is a trade, or none: a decision with its gates, its verdict with the rules checked, and all that came of it at the broker.
import { and, asc, desc, eq, gte, inArray, or, type SQL } from 'drizzle-orm';
import { type ClientOrderId, clientOrderId, type StrategyId, type Symbol, strategyCodes, strategyId, symbol } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { FillRow } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Reader } from './reader.ts';
import { type DecisionRecord, fillOf, orderOf } from './rows.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { attempts, fills, orderEvents, orders } from './schema/order.ts';

export type Subject =
  | { readonly kind: 'symbol'; readonly symbol: Symbol }
  | { readonly kind: 'strategy'; readonly strategy: StrategyId }
  | { readonly kind: 'order'; readonly id: ClientOrderId };

/** What an operator's word means: an order id, one of the ten strategies, else a symbol. */
export function subjectOf(word: string): Subject {
  if (word.startsWith('wsb1-')) return { kind: 'order', id: clientOrderId(word) };
  if (strategyCodes.has(strategyId(word))) return { kind: 'strategy', strategy: strategyId(word) };
  return { kind: 'symbol', symbol: symbol(word.toUpperCase()) };
}

export interface OrderStory {
  readonly order: Order;
  readonly events: readonly (typeof orderEvents.$inferSelect)[];
  readonly attempts: readonly (typeof attempts.$inferSelect)[];
  readonly fills: readonly FillRow[];
}
export interface Why {
  /** null for orders whose decision is not on record (rebuilt from the broker, or a protective order nobody asked for). */
  readonly decision: DecisionRecord | null;
  /** Every rung of the ladders it started, in order. */
  readonly orders: readonly OrderStory[];
}

function storyOf({ db }: Reader, order: Order): OrderStory {
  return {
    order,
    events: db.select().from(orderEvents).where(eq(orderEvents.orderId, order.id)).orderBy(asc(orderEvents.seq)).all(),
    attempts: db.select().from(attempts).where(eq(attempts.orderId, order.id)).orderBy(asc(attempts.attempt)).all(),
    fills: db
      .select()
      .from(fills)
      .where(eq(fills.order, order.id))
      .orderBy(asc(fills.seq), asc(fills.legNo), asc(fills.cumQty))
      .all()
      .map(fillOf),
  };
}

const whereOrders = ({ db }: Reader, condition: SQL | undefined): readonly Order[] =>
  db.select().from(orders).where(condition).orderBy(asc(orders.recordedAt), asc(orders.rung), asc(orders.id)).all().map(orderOf);

/** The orders a decision became at once, and the later rungs of their ladders. */
function ordersOf(reader: Reader, decision: DecisionRecord): readonly Order[] {
  const named = reader.db
    .select({ id: orders.id, ladder: orders.ladder })
    .from(decisionOrders)
    .innerJoin(orders, eq(orders.id, decisionOrders.orderId))
    .where(eq(decisionOrders.decisionId, decision.id))
    .all();
  if (named.length === 0) return [];
  const mine = eq(orders.strategy, decision.strategy);
  return whereOrders(
    reader,
    and(
      mine,
      or(
        inArray(
          orders.id,
          named.map((o) => o.id),
        ),
        inArray(
          orders.ladder,
          named.map((o) => o.ladder),
        ),
      ),
    ),
  );
}

const explain = (reader: Reader, decision: DecisionRecord): Why => ({
  decision,
  orders: ordersOf(reader, decision).map((order) => storyOf(reader, order)),
});

function whyOrder(reader: Reader, id: ClientOrderId): readonly Why[] {
  const order = whereOrders(reader, eq(orders.id, id))[0];
  if (order === undefined) return [];
  const rungs = whereOrders(reader, and(eq(orders.strategy, order.strategy), eq(orders.ladder, order.ladder)));
  const found = reader.db
    .selectDistinct({ decision: decisions })
    .from(decisions)
    .innerJoin(decisionOrders, eq(decisionOrders.decisionId, decisions.id))
    .where(
      inArray(
        decisionOrders.orderId,
        rungs.map((rung) => rung.id),
      ),
    )
    .orderBy(desc(decisions.id))
    .all();
  if (found.length === 0) return [{ decision: null, orders: rungs.map((rung) => storyOf(reader, rung)) }];
  return found.map(({ decision }) => explain(reader, decision));
}

export interface WhyOptions {
  /** Session day, inclusive. */
  readonly since?: TradingDay;
  /** Verdicts to explain, newest first; 20 when absent, 1,000 at most. */
  readonly limit?: number;
}

/** The decisions behind a symbol, a strategy or an order, newest first; empty when nothing was ever said about it. */
export function readWhy(reader: Reader, subject: Subject, options: WhyOptions = {}): readonly Why[] {
  if (subject.kind === 'order') return whyOrder(reader, subject.id);
  const about = subject.kind === 'symbol' ? eq(decisions.subject, subject.symbol) : eq(decisions.strategy, subject.strategy);
  return reader.db
    .select()
    .from(decisions)
    .where(and(about, options.since === undefined ? undefined : gte(decisions.day, options.since)))
    .orderBy(desc(decisions.lastSeq), desc(decisions.id))
    .limit(Math.max(1, Math.min(1000, Math.trunc(options.limit ?? 20))))
    .all()
    .map((decision) => explain(reader, decision));
}
