// Why there is a trade, or none: a decision with its gates, its verdict with the rules checked, and all that came of it at the broker.
import { and, asc, desc, eq, gte, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { ArmedExit } from '../domain/exit-rule.ts';
import { type ClientOrderId, clientOrderId, type StrategyId, type Symbol, strategyCodes, strategyId, symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { type Closure, fillKey, type Lot } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import type { FillRow } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { Reader } from './reader.ts';
import { closureOf, type DecisionRecord, exitOf, fillOf, lotOf, orderOf, tradeOf } from './rows.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { closures, exitRules, lots, trades } from './schema/lot.ts';
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
export interface LotStory {
  readonly lot: Lot;
  /** What closed it, in order: executions, assignments, expiries. */
  readonly closures: readonly Closure[];
}
/** A trade from its first execution to its last unit. */
export interface TradeStory {
  readonly trade: Trade;
  readonly lots: readonly LotStory[];
  /** What would close it, or would have, by reason. */
  readonly exits: readonly ArmedExit[];
}
export interface Why {
  /** null for orders whose decision is not on record (rebuilt from the broker, or a protective order nobody asked for). */
  readonly decision: DecisionRecord | null;
  /** Every rung of the ladders it started, in order. */
  readonly orders: readonly OrderStory[];
  /** The trades that these orders opened, or of which they closed something, oldest first. */
  readonly trades: readonly TradeStory[];
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

function tradeStory({ db }: Reader, trade: Trade): TradeStory {
  const held = db.select().from(lots).where(eq(lots.trade, trade.id)).orderBy(asc(lots.openedSeq), sql`rowid`).all().map(lotOf);
  const ends = (lot: Lot): readonly Closure[] =>
    db.select().from(closures).where(eq(closures.lot, lot.id)).orderBy(asc(closures.seq), sql`rowid`).all().map(closureOf);
  const exits = db.select().from(exitRules).where(eq(exitRules.trade, trade.id)).orderBy(asc(exitRules.code)).all().map(exitOf);
  return { trade, lots: held.map((lot) => ({ lot, closures: ends(lot) })), exits };
}

/** The trades that orders opened by their walks, and those of whose lots their executions closed something. */
function tradesOf(reader: Reader, stories: readonly OrderStory[]): readonly TradeStory[] {
  const { db } = reader;
  const walks = [...new Set(stories.map(({ order }) => order.ladder))];
  const executions = stories.flatMap((story) => story.fills.map(fillKey));
  if (executions.length === 0) return []; // no walk has a trade before its first execution
  const closed = db
    .selectDistinct({ trade: lots.trade })
    .from(closures)
    .innerJoin(lots, eq(lots.id, closures.lot))
    .where(inArray(closures.by, executions))
    .all()
    .flatMap(({ trade }) => (trade === null ? [] : [trade]));
  return db
    .select()
    .from(trades)
    .where(inArray(trades.id, [...new Set([...walks, ...closed])]))
    .orderBy(asc(trades.openedAt), asc(trades.id))
    .all()
    .map((row) => tradeStory(reader, tradeOf(row)));
}

function told(reader: Reader, decision: DecisionRecord | null, of: readonly Order[]): Why {
  const stories = of.map((order) => storyOf(reader, order));
  return { decision, orders: stories, trades: tradesOf(reader, stories) };
}

const explain = (reader: Reader, decision: DecisionRecord): Why => told(reader, decision, ordersOf(reader, decision));

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
  if (found.length === 0) return [told(reader, null, rungs)];
  return found.map(({ decision }) => explain(reader, decision));
}

export interface WhyOptions {
  /** Session day, inclusive. */
  readonly since?: TradingDay;
  /** Verdicts to explain, newest first; 20 when absent, 1,000 at most. */
  readonly limit?: number;
}

/** What was decided about a name: of a share its options too; of an option also the packages it is a leg of. */
function aboutSymbol(name: Symbol): SQL | undefined {
  if (parseOcc(name) === undefined) {
    const option = `${name.replace('.', '')}[0-9][0-9][0-9][0-9][0-9][0-9][CP][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]`;
    return or(eq(decisions.subject, name), sql`${decisions.subject} GLOB ${option}`);
  }
  return or(eq(decisions.subject, name), inLegs(name));
}

/** True for a decision to trade a package that has this leg. */
const inLegs = (name: Symbol): SQL =>
  sql`EXISTS (SELECT 1 FROM json_each(${decisions.intent}, '$.legs') AS leg WHERE json_extract(leg.value, '$.instrument.symbol') = ${name})`;

/** The decisions behind a symbol, a strategy or an order, newest first; empty when nothing was ever said about it. */
export function readWhy(reader: Reader, subject: Subject, options: WhyOptions = {}): readonly Why[] {
  if (subject.kind === 'order') return whyOrder(reader, subject.id);
  const about = subject.kind === 'symbol' ? aboutSymbol(subject.symbol) : eq(decisions.strategy, subject.strategy);
  return reader.db
    .select()
    .from(decisions)
    .where(and(about, options.since === undefined ? undefined : gte(decisions.day, options.since)))
    .orderBy(desc(decisions.lastSeq), desc(decisions.id))
    .limit(Math.max(1, Math.min(1000, Math.trunc(options.limit ?? 20))))
    .all()
    .map((decision) => explain(reader, decision));
}
