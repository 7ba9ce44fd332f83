// What the commands ask of a ledger. Lists are newest first and bounded.
import { and, asc, count, desc, eq, gte, inArray, isNotNull, isNull, max, min, or, type SQL, sql } from 'drizzle-orm';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { ClientOrderId, Owner, StrategyId, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import { isAmbiguous, isTerminal, type Order, type OrderState, orderStates } from '../domain/order.ts';
import type { Cycle, FillRow, LedgerRow, Position } from '../domain/position.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { daysBetween, type EpochMs, type TradingDay } from '../domain/time.ts';
import { isOpen, type Trade } from '../domain/trade.ts';
import type { Halt, Mode, Severity } from '../domain/turn.ts';
import { cashOf } from './load.ts';
import type { Reader } from './reader.ts';
import { type DecisionRecord, exitOf, fillOf, haltOf, ledgerOf, orderOf, positionOf, tradeOf } from './rows.ts';
import { decisions } from './schema/decision.ts';
import { cycles, ledger, positions } from './schema/holding.ts';
import { exitRules, trades } from './schema/lot.ts';
import { fills, orders } from './schema/order.ts';
import { halts, modeChanges, notes, runs, stamp, turns } from './schema/run.ts';

export const LIMIT_DEFAULT = 100;
export const LIMIT_MAX = 10_000;
const bounded = (limit: number | undefined): number => Math.max(1, Math.min(LIMIT_MAX, Math.trunc(limit ?? LIMIT_DEFAULT)));

export type RunFacts = typeof runs.$inferSelect;

export interface StatusFacts {
  /** null before the first stamp. */
  readonly stamp: { readonly mode: string; readonly account: string } | null;
  readonly run: RunFacts | null;
  readonly turn: { readonly seq: number; readonly at: EpochMs; readonly day: TradingDay } | null;
  readonly modes: readonly Mode[];
  readonly halts: readonly Halt[];
  /** null before the opening row. */
  readonly cash: Usd | null;
  readonly positions: number;
  readonly liveOrders: number;
  /** Live orders whose fate at the broker is not known for certain. */
  readonly ambiguousOrders: number;
  /** On the day of the last turn. */
  readonly decisionsToday: number;
  readonly fillsToday: number;
}

const inStates = (test: (state: OrderState) => boolean): SQL => inArray(orders.state, orderStates.filter(test));

/** How a ledger stands. */
export function readStatus({ db }: Reader): StatusFacts {
  const turn = db.select({ seq: turns.seq, at: turns.at, day: turns.day }).from(turns).orderBy(desc(turns.seq)).limit(1).get() ?? null;
  const day = turn?.day ?? ('' as TradingDay);
  return {
    stamp: db.select({ mode: stamp.mode, account: stamp.account }).from(stamp).get() ?? null,
    run: db.select().from(runs).orderBy(desc(runs.epoch)).limit(1).get() ?? null,
    turn,
    modes: db.select().from(modeChanges).orderBy(desc(modeChanges.seq)).limit(1).get()?.modes ?? [],
    halts: db.select().from(halts).where(isNull(halts.liftedSeq)).orderBy(asc(halts.id)).all().map(haltOf),
    cash: cashOf(db),
    positions: db.select({ n: count() }).from(positions).get()?.n ?? 0,
    liveOrders:
      db
        .select({ n: count() })
        .from(orders)
        .where(inStates((s) => !isTerminal(s)))
        .get()?.n ?? 0,
    ambiguousOrders: db.select({ n: count() }).from(orders).where(inStates(isAmbiguous)).get()?.n ?? 0,
    decisionsToday: Number(
      db
        .select({ n: sql<number>`coalesce(sum(${decisions.count}), 0)` })
        .from(decisions)
        .where(eq(decisions.day, day))
        .get()?.n ?? 0,
    ),
    fillsToday: db.select({ n: count() }).from(fills).where(eq(fills.day, day)).get()?.n ?? 0,
  };
}

/** The last runs, newest first. */
export const readRuns = ({ db }: Reader, limit?: number): readonly RunFacts[] =>
  db.select().from(runs).orderBy(desc(runs.epoch)).limit(bounded(limit)).all();

/** What is held, by owner and symbol. */
export const readPositions = ({ db }: Reader, filter: { readonly owner?: Owner } = {}): readonly Position[] =>
  db
    .select()
    .from(positions)
    .where(filter.owner === undefined ? undefined : eq(positions.owner, filter.owner))
    .orderBy(asc(positions.owner), asc(positions.symbol))
    .all()
    .map(positionOf);

export const readCycles = ({ db }: Reader): readonly Cycle[] =>
  db
    .select()
    .from(cycles)
    .orderBy(asc(cycles.owner), asc(cycles.underlying))
    .all()
    .map(({ seq: _seq, ...cycle }) => cycle);

export interface ListFilter {
  readonly strategy?: StrategyId;
  /** A ticker, which finds its options too, or an option's own symbol. */
  readonly symbol?: Symbol;
  /** Session day, inclusive. */
  readonly since?: TradingDay;
  /** 1 to LIMIT_MAX; LIMIT_DEFAULT when absent. */
  readonly limit?: number;
}

const inLegs = (symbol: Symbol): SQL =>
  sql`EXISTS (SELECT 1 FROM json_each(${orders.legs}) AS leg WHERE json_extract(leg.value, '$.instrument.symbol') = ${symbol})`;

/** Orders as last known. `open: true` keeps those that may still trade. */
export const readOrders = (
  { db }: Reader,
  filter: ListFilter & { readonly state?: OrderState; readonly open?: boolean } = {},
): readonly Order[] =>
  db
    .select()
    .from(orders)
    .where(
      and(
        filter.strategy === undefined ? undefined : eq(orders.strategy, filter.strategy),
        filter.symbol === undefined ? undefined : or(eq(orders.underlying, filter.symbol), inLegs(filter.symbol)),
        filter.since === undefined ? undefined : gte(orders.day, filter.since),
        filter.state === undefined ? undefined : eq(orders.state, filter.state),
        filter.open === undefined ? undefined : inStates((s) => isTerminal(s) !== filter.open),
      ),
    )
    .orderBy(desc(orders.recordedAt), desc(orders.id))
    .limit(bounded(filter.limit))
    .all()
    .map(orderOf);

/** Executions of our orders. */
export const readFills = ({ db }: Reader, filter: ListFilter & { readonly order?: ClientOrderId } = {}): readonly FillRow[] =>
  db
    .select({ fill: fills })
    .from(fills)
    .innerJoin(orders, eq(orders.id, fills.order))
    .where(
      and(
        filter.strategy === undefined ? undefined : eq(fills.owner, filter.strategy),
        filter.symbol === undefined ? undefined : or(eq(orders.underlying, filter.symbol), eq(fills.symbol, filter.symbol)),
        filter.since === undefined ? undefined : gte(fills.day, filter.since),
        filter.order === undefined ? undefined : eq(fills.order, filter.order),
      ),
    )
    .orderBy(desc(fills.seq), desc(fills.legNo), desc(fills.cumQty))
    .limit(bounded(filter.limit))
    .all()
    .map(({ fill }) => fillOf(fill));

/** Changes of position or cash that are no fills. */
export const readLedger = ({ db }: Reader, filter: { readonly since?: TradingDay; readonly limit?: number } = {}): readonly LedgerRow[] =>
  db
    .select()
    .from(ledger)
    .where(filter.since === undefined ? undefined : gte(ledger.day, filter.since))
    .orderBy(desc(ledger.seq), sql`rowid DESC`)
    .limit(bounded(filter.limit))
    .all()
    .map(ledgerOf);

/** A trade and what it cost to hold. */
export type TradeFacts = Trade & {
  /** Cash of the fees booked against its instruments, signed from our side; a fee that names no instrument is the account's alone. */
  readonly fees: Usd;
  /** Calendar days from the first execution to the close, or to the day of the last turn. */
  readonly daysHeld: number;
};

/** Fees by trade: each is the trade's whose lot of that owner and symbol was the last to be opened when the fee was charged. */
export function feesByTrade({ client }: Reader): ReadonlyMap<string, Usd> {
  const rows = client
    .prepare<[], { trade: string | null; fees: Usd }>(
      `SELECT (SELECT l.trade_id FROM lots l WHERE l.owner = f.owner AND l.symbol = f.symbol AND l.opened_day <= f.day
               ORDER BY l.opened_seq DESC, l.rowid DESC LIMIT 1) AS trade, sum(f.cash) AS fees
       FROM ledger f WHERE f.kind = 'fee' AND f.symbol IS NOT NULL GROUP BY 1`,
    )
    .all();
  return new Map(rows.flatMap(({ trade, fees }) => (trade === null ? [] : [[trade, fees] as const])));
}

/** Trades that were open on the day given or later, the one opened last in front. `symbol` is the underlying's. */
export function tradesSince(reader: Reader, filter: ListFilter & { readonly open?: boolean } = {}): readonly TradeFacts[] {
  const { db } = reader;
  const today = db.select({ day: turns.day }).from(turns).orderBy(desc(turns.seq)).limit(1).get()?.day;
  const fees = feesByTrade(reader);
  return db
    .select()
    .from(trades)
    .where(
      and(
        filter.strategy === undefined ? undefined : eq(trades.owner, filter.strategy),
        filter.symbol === undefined ? undefined : eq(trades.underlying, filter.symbol),
        filter.since === undefined ? undefined : or(isNull(trades.closedDay), gte(trades.closedDay, filter.since)),
        filter.open === undefined ? undefined : filter.open ? isNull(trades.closedDay) : isNotNull(trades.closedDay),
      ),
    )
    .orderBy(desc(trades.openedAt), desc(trades.id))
    .limit(bounded(filter.limit))
    .all()
    .map((row) => {
      const trade = tradeOf(row);
      const until = isOpen(trade) ? today : trade.closedDay;
      return { ...trade, fees: fees.get(trade.id) ?? (0 as Usd), daysHeld: daysBetween(trade.openedDay, until ?? trade.openedDay) };
    });
}

/** Verdicts, run-length coded, by when they were last said. */
export const readDecisions = ({ db }: Reader, filter: ListFilter & { readonly code?: ReasonCode } = {}): readonly DecisionRecord[] =>
  db
    .select()
    .from(decisions)
    .where(
      and(
        filter.strategy === undefined ? undefined : eq(decisions.strategy, filter.strategy),
        filter.symbol === undefined ? undefined : eq(decisions.subject, filter.symbol),
        filter.since === undefined ? undefined : gte(decisions.day, filter.since),
        filter.code === undefined ? undefined : eq(decisions.code, filter.code),
      ),
    )
    .orderBy(desc(decisions.lastSeq), desc(decisions.id))
    .limit(bounded(filter.limit))
    .all();

export interface NoteRow {
  readonly seq: number;
  readonly at: EpochMs;
  readonly event: string;
  readonly severity: Severity;
  readonly detail: (typeof notes.$inferSelect)['detail'];
}

/** What was noted, newest first. */
export const readNotes = ({ db }: Reader, filter: { readonly severity?: Severity; readonly limit?: number } = {}): readonly NoteRow[] =>
  db
    .select({ seq: notes.seq, at: turns.at, event: notes.event, severity: notes.severity, detail: notes.detail })
    .from(notes)
    .innerJoin(turns, eq(turns.seq, notes.seq))
    .where(filter.severity === undefined ? undefined : eq(notes.severity, filter.severity))
    .orderBy(desc(notes.seq), desc(notes.n))
    .limit(bounded(filter.limit))
    .all();

/** The last word on each breaker lane, as the daemon heard it: a lane that never changed is not listed. */
export function readBreakers({ db }: Reader): readonly { readonly lane: string; readonly state: string; readonly at: EpochMs }[] {
  const rows = db
    .select({ at: turns.at, event: notes.event, detail: notes.detail })
    .from(notes)
    .innerJoin(turns, eq(turns.seq, notes.seq))
    .where(sql`${notes.event} LIKE 'breaker.%'`)
    .orderBy(desc(notes.seq), desc(notes.n))
    .limit(LIMIT_DEFAULT)
    .all();
  const last = new Map<string, { readonly lane: string; readonly state: string; readonly at: EpochMs }>();
  for (const row of rows) {
    const { lane } = row.detail;
    if (typeof lane === 'string' && !last.has(lane)) last.set(lane, { lane, state: row.event.slice('breaker.'.length), at: row.at });
  }
  return [...last.values()];
}

export interface StrategySummary {
  readonly strategy: StrategyId;
  readonly decisions: number;
  readonly orders: number;
  readonly liveOrders: number;
  readonly fills: number;
  readonly positions: number;
  /** Cash of its fills, signed from our side. */
  readonly cash: Usd;
  readonly last: { readonly code: ReasonCode; readonly subject: Symbol; readonly at: EpochMs } | null;
  readonly firstDay: TradingDay | null;
}

function summarise({ db }: Reader, strategy: StrategyId): StrategySummary {
  const said = db
    .select({ n: sql<number>`coalesce(sum(${decisions.count}), 0)`, first: min(decisions.day), last: max(decisions.lastSeq) })
    .from(decisions)
    .where(eq(decisions.strategy, strategy))
    .get();
  const traded = db
    .select({ n: count(), cash: sql<Usd>`coalesce(sum(${fills.cash}), 0)` })
    .from(fills)
    .where(eq(fills.owner, strategy))
    .get();
  const last = db
    .select({ code: decisions.code, subject: decisions.subject, at: decisions.lastAt })
    .from(decisions)
    .where(eq(decisions.strategy, strategy))
    .orderBy(desc(decisions.lastSeq), desc(decisions.id))
    .limit(1)
    .get();
  const mine = eq(orders.strategy, strategy);
  return {
    strategy,
    decisions: said?.n ?? 0,
    orders: db.select({ n: count() }).from(orders).where(mine).get()?.n ?? 0,
    liveOrders:
      db
        .select({ n: count() })
        .from(orders)
        .where(
          and(
            mine,
            inStates((s) => !isTerminal(s)),
          ),
        )
        .get()?.n ?? 0,
    fills: traded?.n ?? 0,
    positions: db.select({ n: count() }).from(positions).where(eq(positions.owner, strategy)).get()?.n ?? 0,
    cash: traded?.cash ?? (0 as Usd),
    last: last ?? null,
    firstDay: said?.first ?? null,
  };
}

/** Every strategy that ever decided or traded, by name. */
export function readStrategies(reader: Reader): readonly StrategySummary[] {
  const spoken = reader.db.selectDistinct({ id: decisions.strategy }).from(decisions).all();
  const traded = reader.db.selectDistinct({ id: orders.strategy }).from(orders).all();
  return [...new Set([...spoken, ...traded].map((row) => row.id))].sort().map((id) => summarise(reader, id));
}

/** What would close the open trades, by owner and trade. */
export const readExits = ({ db }: Reader, filter: { readonly owner?: Owner } = {}): readonly (ArmedExit & Pick<Trade, 'underlying'>)[] =>
  db
    .select({ rule: exitRules, underlying: trades.underlying })
    .from(exitRules)
    .innerJoin(trades, eq(trades.id, exitRules.trade))
    .where(and(isNull(exitRules.disarmedAt), filter.owner === undefined ? undefined : eq(sql`${exitRules.owner}`, filter.owner)))
    .orderBy(asc(exitRules.owner), asc(trades.openedAt), asc(exitRules.trade), asc(exitRules.code))
    .all()
    .map(({ rule, underlying }) => ({ ...exitOf(rule), underlying }));
