// The writer's statements, prepared once and typed by the schema.
import { and, eq, getTableColumns, isNull, lt, max, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { audit, limits, switches, tokens } from './schema/control.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { equitySnapshots, externalFlows, lossRecord, riskSnapshots } from './schema/equity.ts';
import { cycles, ivHistory, ledger, memories, positions, watermarks } from './schema/holding.ts';
import { instrumentSymbols, instruments } from './schema/instrument.ts';
import { closures, exitRules, lots, trades } from './schema/lot.ts';
import { attempts, fills, orderEvents, orders } from './schema/order.ts';
import { halts, modeChanges, notes, outbox, runs, turns } from './schema/run.ts';

type Db = BetterSQLite3Database;

const value = (name: string) => sql.placeholder(name);

function placeholders<T extends SQLiteTable>(table: T): T['$inferInsert'] {
  return Object.fromEntries(Object.keys(getTableColumns(table)).map((key) => [key, value(key)]));
}

/** Inserts a whole row; a key that is there already is an error. */
function inserter<T extends SQLiteTable>(db: Db, table: T): (row: T['$inferSelect']) => void {
  const statement = db.insert(table).values(placeholders(table)).prepare();
  return (row) => void statement.run(row);
}

/** Inserts a whole row, or puts it in the place of the one with its key; of that, `moving` columns alone when they are named. */
function upserter<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: SQLiteColumn[],
  moving?: readonly (keyof T['$inferSelect'])[],
): (row: T['$inferSelect']) => void {
  const set = Object.fromEntries(
    Object.entries(getTableColumns(table))
      .filter(([name]) => moving?.includes(name) ?? true)
      .map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
  );
  const statement = db
    .insert(table)
    .values(placeholders(table))
    .onConflictDoUpdate({ target: key, set: set as never })
    .prepare();
  return (row) => void statement.run(row);
}

/** Inserts a row unless its key is there. */
function keeper<T extends SQLiteTable>(db: Db, table: T): (row: T['$inferSelect']) => void {
  const statement = db.insert(table).values(placeholders(table)).onConflictDoNothing().prepare();
  return (row) => void statement.run(row);
}

/** The verdict a new one would repeat: same words, same day, said when this strategy last spoke of this subject in this phase. */
function repeated(db: Db) {
  const same = and(eq(decisions.strategy, value('strategy')), eq(decisions.subject, value('subject')), eq(decisions.phase, value('phase')));
  const spoke = db
    .select({ seq: max(decisions.lastSeq) })
    .from(decisions)
    .where(and(same, lt(decisions.lastSeq, value('seq'))));
  return db
    .select({ id: decisions.id })
    .from(decisions)
    .where(and(same, eq(decisions.lastSeq, sql`${spoke}`), eq(decisions.pattern, value('pattern')), eq(decisions.day, value('day'))))
    .limit(1)
    .prepare();
}

function updates(db: Db) {
  return {
    extendDecision: db
      .update(decisions)
      .set({ lastSeq: sql`${value('seq')}`, lastAt: sql`${value('at')}`, count: sql`${decisions.count} + 1`, last: sql`${value('last')}` })
      .where(eq(decisions.id, value('id')))
      .prepare(),
    settleAttempt: db
      .update(attempts)
      .set({
        outcome: sql`${value('outcome')}`,
        detail: sql`${value('detail')}`,
        outcomeSeq: sql`${value('seq')}`,
        outcomeAt: sql`${value('at')}`,
      })
      .where(and(eq(attempts.orderId, value('order')), eq(attempts.attempt, value('attempt')), isNull(attempts.outcome)))
      .prepare(),
    dropPosition: db
      .delete(positions)
      .where(and(eq(positions.owner, value('owner')), eq(positions.symbol, value('symbol'))))
      .prepare(),
    dropCycle: db
      .delete(cycles)
      .where(and(eq(cycles.owner, value('owner')), eq(cycles.underlying, value('underlying'))))
      .prepare(),
    liftHalt: db
      .update(halts)
      .set({ liftedSeq: sql`${value('seq')}` })
      .where(eq(halts.id, value('id')))
      .prepare(),
    endRun: db
      .update(runs)
      .set({
        endedWall: sql`${value('wall')}`,
        clean: sql`${value('clean')}`,
        exitCode: sql`${value('exitCode')}`,
        why: sql`${value('why')}`,
      })
      .where(eq(runs.epoch, value('epoch')))
      .prepare(),
  };
}

export function prepareStatements(db: Db) {
  return {
    insertRun: inserter(db, runs),
    insertTurn: inserter(db, turns),
    putOrder: upserter(db, orders, [orders.id]),
    insertOrderEvent: inserter(db, orderEvents),
    keepAttempt: keeper(db, attempts),
    insertFill: inserter(db, fills),
    insertLedger: inserter(db, ledger),
    keepInstrument: keeper(db, instruments),
    insertSymbol: inserter(db, instrumentSymbols),
    putPosition: upserter(db, positions, [positions.owner, positions.symbol]),
    putTrade: upserter(db, trades, [trades.id]),
    putExit: upserter(
      db,
      exitRules,
      [exitRules.trade, exitRules.code],
      ['when', 'units', 'order', 'armedAt', 'fired', 'firedAt', 'disarmedAt', 'seq'],
    ),
    putLot: upserter(db, lots, [lots.id], ['qtyLeft', 'cashLeft', 'seq']),
    insertClosure: inserter(db, closures),
    putCycle: upserter(db, cycles, [cycles.owner, cycles.underlying]),
    putMemory: upserter(db, memories, [memories.strategy]),
    keepIv: keeper(db, ivHistory),
    insertDecision: inserter(db, decisions),
    insertDecisionOrder: inserter(db, decisionOrders),
    insertHalt: inserter(db, halts),
    insertModes: inserter(db, modeChanges),
    insertEquity: inserter(db, equitySnapshots),
    insertFlow: inserter(db, externalFlows),
    insertRisk: inserter(db, riskSnapshots),
    putLosses: upserter(db, lossRecord, [lossRecord.id]),
    insertAudit: inserter(db, audit),
    insertLimit: inserter(db, limits),
    putSwitch: upserter(db, switches, [switches.strategy]),
    putToken: upserter(db, tokens, [tokens.id], ['revokedWall', 'seq']),
    putWatermark: upserter(db, watermarks, [watermarks.name]),
    insertCommand: inserter(db, outbox),
    insertNote: inserter(db, notes),
    activeHalts: db.select().from(halts).where(isNull(halts.liftedSeq)).orderBy(halts.id).prepare(),
    repeated: repeated(db),
    ...updates(db),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
