// What a run starts from, read back from the tables.
import { asc, eq, gte, inArray, isNull, max, or, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { InstrumentName } from '../domain/instrument-name.ts';
import type { Lot } from '../domain/lot.ts';
import { type Usd, usd } from '../domain/money.ts';
import { isTerminal, orderStates } from '../domain/order.ts';
import { MOVEMENT_DAYS, type Movement } from '../domain/position.ts';
import { addDays, type TradingDay } from '../domain/time.ts';
import { CLOSED_TRADE_DAYS, type Decided, type Trade } from '../domain/trade.ts';
import { usCalendar } from '../market/calendar.ts';
import type { Loaded } from '../ports/store.ts';
import { readLimits, readSwitches, readTokens } from './control-records.ts';
import { readLossRecord } from './equity-records.ts';
import { penaltiesOf } from './penalties.ts';
import { decidedOf, exitOf, haltOf, ledgerOf, lotOf, orderOf, positionOf, tradeOf } from './rows.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { cycles, ivHistory, ledger, memories, positions, watermarks } from './schema/holding.ts';
import { instrumentSymbols } from './schema/instrument.ts';
import { exitRules, lots, trades } from './schema/lot.ts';
import { fills, orders } from './schema/order.ts';
import { halts, turns } from './schema/run.ts';

type Db = BetterSQLite3Database;

const live = orderStates.filter((state) => !isTerminal(state));
const CLOSED_ORDER_SESSIONS = 7;
const RECENT_LEDGER_DAYS = 30;
/** Covers 252 sessions, the look-back of an IV rank, with room for gaps. */
const IV_DAYS = 400;

/** The first of the last seven session days, `today` included. */
export function oldestKeptDay(today: TradingDay): TradingDay {
  const span = addDays(today, -30);
  const sessions = usCalendar({ from: span, to: today }).between(span, today);
  return sessions.at(-CLOSED_ORDER_SESSIONS)?.day ?? span;
}

/** The last turn's number; 0 before the first. */
export const lastSeqOf = (db: Db): number =>
  db
    .select({ seq: max(turns.seq) })
    .from(turns)
    .get()?.seq ?? 0;

/** Fill cash and ledger cash; null before the opening row. */
export function cashOf(db: Db): Usd | null {
  const opening = db.select({ key: ledger.key }).from(ledger).where(eq(ledger.kind, 'opening')).limit(1).get();
  if (opening === undefined) return null;
  const traded = db
    .select({ cash: sql<number>`coalesce(sum(${fills.cash}), 0)` })
    .from(fills)
    .get();
  const booked = db
    .select({ cash: sql<number>`coalesce(sum(${ledger.cash}), 0)` })
    .from(ledger)
    .get();
  return usd((traded?.cash ?? 0) + (booked?.cash ?? 0));
}

/** Open lots, oldest first. */
const openLots = (db: Db): readonly Lot[] =>
  db.select().from(lots).where(sql`${lots.qtyLeft} <> 0`).orderBy(asc(lots.openedSeq), sql`rowid`).all().map(lotOf);

/** Open trades, and those closed since a day. */
const tradesSinceClosing = (db: Db, since: TradingDay): readonly Trade[] =>
  db
    .select()
    .from(trades)
    .where(or(isNull(trades.closedDay), gte(trades.closedDay, since)))
    .orderBy(asc(trades.openedAt), asc(trades.id))
    .all()
    .map(tradeOf);

/** The exit rules of those trades. */
const exitsSinceClosing = (db: Db, since: TradingDay): readonly ArmedExit[] =>
  db
    .select({ rule: exitRules })
    .from(exitRules)
    .innerJoin(trades, eq(trades.id, exitRules.trade))
    .where(or(isNull(trades.closedDay), gte(trades.closedDay, since)))
    .orderBy(asc(trades.openedAt), asc(trades.id), asc(exitRules.code))
    .all()
    .map(({ rule }) => exitOf(rule));

/** What was decided of the orders that fit; of all when nothing is asked of them. */
export function decidedFor(db: Db, kept?: SQL): ReadonlyMap<ClientOrderId, Decided> {
  const rows = db
    .select({
      order: decisionOrders.orderId,
      code: decisions.code,
      why: decisions.why,
      intent: decisions.intent,
      quotes: decisions.quotes,
    })
    .from(decisionOrders)
    .innerJoin(decisions, eq(decisions.id, decisionOrders.decisionId))
    .innerJoin(orders, eq(orders.id, decisionOrders.orderId))
    .where(kept)
    .orderBy(asc(decisions.id))
    .all();
  return new Map(rows.map((row) => [row.order, decidedOf(row)]));
}

/** The last symbol of every instrument, by its id. */
const presentNames = (db: Db): readonly InstrumentName[] => {
  const rows = db.select().from(instrumentSymbols).orderBy(asc(instrumentSymbols.seq), sql`rowid`).all();
  const last = new Map(rows.map(({ seq: _seq, ...name }) => [name.asset, name]));
  return [...last.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
};

/** What fills and ledger rows moved since a day, as booked: by turn, fills first. */
function movementsSince(db: Db, since: TradingDay): readonly Movement[] {
  const { owner, symbol, qty, cash, day, seq } = fills;
  const bought = db.select({ owner, symbol, qty, cash, day, seq }).from(fills).where(gte(day, since)).orderBy(asc(seq), sql`rowid`).all();
  const booked = db.select().from(ledger).where(gte(ledger.day, since)).orderBy(asc(ledger.seq), sql`rowid`).all();
  const all = [...bought.map((row) => ({ ...row, kind: 'fill' as const })), ...booked].sort((a, b) => a.seq - b.seq);
  return all.map((row): Movement => ({ owner: row.owner, kind: row.kind, symbol: row.symbol, qty: row.qty, cash: row.cash, day: row.day }));
}

/** Everything the engine needs to go on where the last run stopped. */
export function load(db: Db, today: TradingDay): Loaded {
  const inSight = tradesSinceClosing(db, addDays(today, -CLOSED_TRADE_DAYS));
  const kept = or(inArray(orders.state, live), gte(orders.day, oldestKeptDay(today)));
  return {
    lastSeq: lastSeqOf(db),
    orders: db.select().from(orders).where(kept).orderBy(asc(orders.recordedAt), asc(orders.id)).all().map(orderOf),
    positions: db.select().from(positions).orderBy(asc(positions.owner), asc(positions.symbol)).all().map(positionOf),
    cycles: db
      .select()
      .from(cycles)
      .orderBy(asc(cycles.owner), asc(cycles.underlying))
      .all()
      .map(({ seq: _seq, ...cycle }) => cycle),
    lots: openLots(db),
    trades: inSight,
    penalties: penaltiesOf(db, inSight),
    exits: exitsSinceClosing(db, addDays(today, -CLOSED_TRADE_DAYS)),
    decided: decidedFor(db, kept),
    memories: new Map(
      db
        .select()
        .from(memories)
        .orderBy(asc(memories.strategy))
        .all()
        .map((row) => [row.strategy, row.memory]),
    ),
    halts: db.select().from(halts).where(isNull(halts.liftedSeq)).orderBy(asc(halts.id)).all().map(haltOf),
    losses: readLossRecord(db),
    switches: readSwitches(db),
    tokens: readTokens(db),
    limitsSet: readLimits(db),
    iv: db
      .select()
      .from(ivHistory)
      .where(gte(ivHistory.day, addDays(today, -IV_DAYS)))
      .orderBy(asc(ivHistory.symbol), asc(ivHistory.day))
      .all()
      .map(({ seq: _seq, ...reading }) => reading),
    cash: cashOf(db),
    ledgerKeys: new Set(
      db
        .select({ key: ledger.key })
        .from(ledger)
        .all()
        .map((row) => row.key),
    ),
    recentLedger: db
      .select()
      .from(ledger)
      .where(gte(ledger.day, addDays(today, -RECENT_LEDGER_DAYS)))
      .orderBy(asc(ledger.seq), sql`rowid`)
      .all()
      .map(ledgerOf),
    names: presentNames(db),
    movements: movementsSince(db, addDays(today, -MOVEMENT_DAYS)),
    activityWatermark: db.select().from(watermarks).where(eq(watermarks.name, 'activities')).get()?.value ?? null,
  };
}
