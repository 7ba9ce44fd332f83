// The Store port on SQLite: a turn is one transaction, and a transaction is on the disk when commit returns.
import type Database from 'better-sqlite3';
import { eq, gt, max } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { assert, ensure } from '../base/assert.ts';
import { clientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { MINUTE } from '../domain/time.ts';
import type { DecisionRow, Halt, Turn } from '../domain/turn.ts';
import type { RunManifest, Store } from '../ports/store.ts';
import { auditRecord, readAnswered, readLimits, readTrail } from './control-records.ts';
import { equityRecord, flowRecord, riskRecord } from './equity-records.ts';
import { lastSeqOf, load } from './load.ts';
import {
  agrees,
  commandOrder,
  decisionRecord,
  exitRecord,
  haltOf,
  instrumentRecord,
  lastObserved,
  lotRecord,
  orderRecord,
  outcomeDetail,
  patternOf,
  phaseOf,
  positionRecord,
  scopeName,
} from './rows.ts';
import { audit } from './schema/control.ts';
import { decisions } from './schema/decision.ts';
import { halts, runs, SCHEMA_VERSION, stamp } from './schema/run.ts';
import { prepareStatements, type Statements } from './statements.ts';

/** Writing: the connection and drizzle's view of it. */
export interface Writer {
  readonly client: Database.Database;
  readonly db: BetterSQLite3Database;
}

const CRASH_WINDOW_MS = 10 * MINUTE;

/** Numbers the next row of a table whose ids we give ourselves. */
interface Counters {
  decision: number;
  halt: number;
  audit: number;
}

function writeOrder(put: Statements, turn: Turn, order: Order): void {
  const { seq, at } = turn;
  put.putOrder(orderRecord(order, seq));
  const { id, state, cumQty, cumCash, attempts, brokerId, reason } = order;
  put.insertOrderEvent({ orderId: id, seq, at: at.exchange, state, cumQty, cumCash, attempts, brokerId, reason });
  if (attempts === 0) return;
  put.keepAttempt({ orderId: id, attempt: attempts, seq, at: at.exchange, outcome: null, detail: null, outcomeSeq: null, outcomeAt: null });
}

function writeOutcome(put: Statements, turn: Turn): void {
  const { event, seq, at } = turn;
  if (event.kind !== 'submitted') return;
  const { id, attempt, outcome } = event;
  put.settleAttempt.run({ order: id, attempt, outcome: outcome.kind, detail: outcomeDetail(outcome), seq, at: at.exchange });
}

function writeDecision(put: Statements, turn: Turn, row: DecisionRow, counters: Counters): void {
  const { seq, at, day } = turn;
  const pattern = patternOf(row);
  if (pattern !== null) {
    const run = put.repeated.get({ strategy: row.strategy, subject: row.decision.subject, phase: phaseOf(turn), seq, pattern, day });
    if (run !== undefined) {
      put.extendDecision.run({ id: run.id, seq, at: at.exchange, last: JSON.stringify(lastObserved(row)) });
      return;
    }
  }
  const id = ++counters.decision;
  put.insertDecision(decisionRecord(row, turn, id));
  for (const orderId of row.orders) put.insertDecisionOrder({ orderId: clientOrderId(orderId), decisionId: id });
}

const haltKey = (halt: Halt): string =>
  JSON.stringify([halt.scope.kind, scopeName(halt.scope), halt.level, halt.reason, halt.since, halt.cause ?? null]);

/** Lifts what is no longer in the set and adds what is new; what stays keeps its row. */
function writeHalts(put: Statements, seq: number, next: readonly Halt[], counters: Counters): void {
  const wanted = new Map(next.map((halt) => [haltKey(halt), halt]));
  for (const record of put.activeHalts.all()) {
    if (!wanted.delete(haltKey(haltOf(record)))) put.liftHalt.run({ id: record.id, seq });
  }
  for (const { scope, level, reason, since, cause = null } of wanted.values()) {
    put.insertHalt({
      id: ++counters.halt,
      scope: scope.kind,
      name: scopeName(scope),
      level,
      reason,
      since,
      cause,
      setSeq: seq,
      liftedSeq: null,
    });
  }
}

function writeHoldings(put: Statements, turn: Turn): void {
  const { seq } = turn;
  for (const fill of turn.fills) put.insertFill({ ...fill, seq });
  for (const row of turn.ledger) put.insertLedger({ ...row, seq });
  for (const name of turn.names) {
    put.keepInstrument(instrumentRecord(name, seq));
    put.insertSymbol({ ...name, seq });
  }
  for (const change of turn.positions) {
    assert(agrees(change), `the position of ${change.owner} in ${change.symbol} is another's`);
    if (change.now === null) put.dropPosition.run({ owner: change.owner, symbol: change.symbol });
    else put.putPosition(positionRecord(change.now, seq));
  }
  for (const trade of turn.trades) put.putTrade({ ...trade, seq });
  for (const lot of turn.lots) put.putLot(lotRecord(lot, seq));
  for (const closure of turn.closures) put.insertClosure({ ...closure, seq });
  for (const rule of turn.exits) put.putExit(exitRecord(rule, seq));
  for (const { owner, underlying, now } of turn.cycles) {
    if (now === null) put.dropCycle.run({ owner, underlying });
    else put.putCycle({ ...now, seq });
  }
}

/** After the ledger's rows, which flows point at. */
function writeEquity(put: Statements, turn: Turn): void {
  const { seq, ledger, equity, risk, losses } = turn;
  for (const row of ledger) {
    const flow = flowRecord(row, seq);
    if (flow !== undefined) put.insertFlow(flow);
  }
  if (equity !== null) put.insertEquity(equityRecord(equity, turn));
  if (risk !== null) put.insertRisk(riskRecord(risk, turn));
  if (losses !== null) put.putLosses({ id: 1, record: losses, seq });
}

function writeControl(put: Statements, turn: Turn, counters: Counters, wall: number): void {
  const { control, seq } = turn;
  if (control === null) return;
  put.insertAudit(auditRecord(control, turn, ++counters.audit, wall));
  if (control.switched !== null) put.putSwitch({ ...control.switched, seq });
  if (control.token !== null) put.putToken({ ...control.token, seq });
  if (control.limit !== null) put.insertLimit({ ...control.limit, seq });
}

function writeTurn(put: Statements, turn: Turn, epoch: number, counters: Counters, wall: number): void {
  const { seq, at, day, event } = turn;
  put.insertTurn({ seq, epoch, at: at.exchange, mono: at.mono, speed: at.speed, day, kind: event.kind, event });
  for (const order of turn.orders) writeOrder(put, turn, order);
  writeOutcome(put, turn);
  for (const row of turn.decisions) writeDecision(put, turn, row, counters);
  writeHoldings(put, turn);
  writeEquity(put, turn);
  for (const [strategy, memory] of turn.memories) put.putMemory({ strategy, memory, seq });
  for (const reading of turn.iv) put.keepIv({ ...reading, seq });
  if (turn.halts !== null) writeHalts(put, seq, turn.halts, counters);
  if (turn.modes !== null) put.insertModes({ seq, modes: turn.modes });
  if (turn.activityWatermark !== null) put.putWatermark({ name: 'activities', value: turn.activityWatermark, seq });
  writeControl(put, turn, counters, wall);
  turn.commands.forEach((command, n) => void put.insertCommand({ seq, n, kind: command.kind, orderId: commandOrder(command), command }));
  turn.notes.forEach((note, n) => void put.insertNote({ seq, n, event: note.event, severity: note.severity, detail: note.detail }));
}

function openRun(
  writer: Writer,
  put: Statements,
  manifest: RunManifest,
  wall: number,
): { readonly epoch: number; readonly uncleanBoots: number } {
  // A run whose start lies in the future (the clock was set back) counts: doubt halts.
  const recent = writer.db
    .select({ clean: runs.clean })
    .from(runs)
    .where(gt(runs.startedWall, wall - CRASH_WINDOW_MS))
    .all();
  const uncleanBoots = recent.filter((run) => run.clean !== 1).length;
  const epoch =
    (writer.db
      .select({ epoch: max(runs.epoch) })
      .from(runs)
      .get()?.epoch ?? 0) + 1;
  const ending = { endedWall: null, clean: null, exitCode: null, why: null };
  put.insertRun({ ...manifest, ...ending, epoch, startedWall: wall, schema: SCHEMA_VERSION });
  return { epoch, uncleanBoots };
}

function stampOnce(writer: Writer, mode: string, account: string, wall: number): ReturnType<Store['stamp']> {
  const born = writer.db.select().from(stamp).where(eq(stamp.id, 1)).get();
  if (born === undefined) {
    writer.db.insert(stamp).values({ id: 1, mode, account, schema: SCHEMA_VERSION, bornWall: wall }).run();
    return { ok: true };
  }
  return born.mode === mode && born.account === account ? { ok: true } : { ok: false, mode: born.mode, account: born.account };
}

/**
 * A Store over an opened, migrated database. `now` is the wall clock, for crash counting.
 * Any throw of `commit` means that nothing of the turn was written.
 */
export function sqliteStore(writer: Writer, now: () => number): Store {
  const { client, db } = writer;
  const put = prepareStatements(db);
  const counters: Counters = {
    decision:
      db
        .select({ id: max(decisions.id) })
        .from(decisions)
        .get()?.id ?? 0,
    halt:
      db
        .select({ id: max(halts.id) })
        .from(halts)
        .get()?.id ?? 0,
    audit:
      db
        .select({ id: max(audit.id) })
        .from(audit)
        .get()?.id ?? 0,
  };
  let epoch: number | null = null;
  let lastSeq = lastSeqOf(db);
  const transaction: Database.Transaction<(turn: Turn, run: number) => void> = client.transaction((turn, run) =>
    writeTurn(put, turn, run, counters, now()),
  );

  return {
    beginRun(manifest) {
      assert(epoch === null, 'a store serves one run');
      const run = client.transaction(() => openRun(writer, put, manifest, now())).immediate();
      epoch = run.epoch;
      return run;
    },
    stamp: (mode, account) => client.transaction(() => stampOnce(writer, mode, account, now())).immediate(),
    load: (today) => load(db, today),
    commit(turn) {
      assert(turn.seq > lastSeq, `turn ${turn.seq} after ${lastSeq}: turns are committed in order`);
      transaction.immediate(turn, ensure(epoch, 'a run: call beginRun before commit'));
      lastSeq = turn.seq;
    },
    limitsSet: () => readLimits(db),
    answered: (key) => readAnswered(db, key),
    trail: (limit) => readTrail(db, limit),
    endRun(exitCode, clean, why) {
      put.endRun.run({ epoch: ensure(epoch, 'a run to end'), wall: now(), exitCode, clean: clean ? 1 : 0, why });
      client.pragma('wal_checkpoint(TRUNCATE)');
    },
    close: () => void client.close(),
  };
}
