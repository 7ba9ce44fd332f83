// `db check`: is the file sound, is it the schema we think, and do its state tables follow from its journal?
import { asc, sql } from 'drizzle-orm';
import type { Owner, Symbol } from '../domain/ids.ts';
import { type Instrument, instrumentOf } from '../domain/instrument.ts';
import type { Usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import { checkLots } from './check-lots.ts';
import { faultOf, type StoreFault } from './fault.ts';
import { openReader, type Reader } from './reader.ts';
import type { ApplyLots } from './rebuild-lots.ts';
import { positionOf } from './rows.ts';
import { ledger, positions } from './schema/holding.ts';
import { fills, orders } from './schema/order.ts';
import { triggers } from './triggers.ts';
import type { Violation } from './violation.ts';

export type CheckResult =
  | { readonly ok: true; readonly violations: readonly Violation[] }
  | { readonly ok: false; readonly fault: StoreFault };

/** The position after an execution, at average cost: `applyExecution` of execution/fills.ts, handed in since it stands in another layer. */
export type Apply = (
  before: Position | null,
  execution: { readonly owner: Owner; readonly instrument: Instrument; readonly qty: number; readonly cash: Usd; readonly day: TradingDay },
) => Position | null;

/** The laws the tables must follow from: of execution/fills.ts and execution/lots.ts. */
export interface Laws {
  readonly applyExecution: Apply;
  readonly applyToLots: ApplyLots;
}

interface Change {
  readonly seq: number;
  readonly owner: Owner;
  readonly symbol: Symbol | null;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
}

/** Fills and ledger rows as they were booked: by turn, fills first. */
function changesOf({ db }: Reader): readonly Change[] {
  const bought: readonly Change[] = db.select().from(fills).orderBy(asc(fills.seq), sql`rowid`).all();
  const booked: readonly Change[] = db.select().from(ledger).orderBy(asc(ledger.seq), sql`rowid`).all();
  return [...bought, ...booked].sort((a, b) => a.seq - b.seq); // stable: within a turn the fills stay in front
}

/** The positions that the journal of fills and ledger rows amounts to, by owner and symbol. */
export function rebuildPositions(reader: Reader, apply: Apply): readonly Position[] {
  const held = new Map<string, Position | null>();
  for (const { owner, symbol, qty, cash, day } of changesOf(reader)) {
    if (symbol === null || qty === 0) continue;
    const key = `${owner}\0${symbol}`;
    held.set(key, apply(held.get(key) ?? null, { owner, instrument: instrumentOf(symbol), qty, cash, day }));
  }
  return [...held.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, position]) => (position === null ? [] : [position]));
}

const positionKey = (position: Position): string => `${position.owner} ${position.instrument.symbol}`;
const describe = (position: Position | undefined): string =>
  position === undefined ? 'nothing' : `${position.qty} at ${position.cost} micros since ${position.openedDay}`;

const sameHolding = (a: Position | undefined, b: Position | undefined): boolean =>
  a?.qty === b?.qty && a?.cost === b?.cost && a?.openedDay === b?.openedDay;

function checkPositions(reader: Reader, apply: Apply): readonly Violation[] {
  const kept = new Map(
    reader.db
      .select()
      .from(positions)
      .all()
      .map(positionOf)
      .map((p) => [positionKey(p), p]),
  );
  const rebuilt = new Map(rebuildPositions(reader, apply).map((p) => [positionKey(p), p]));
  return [...new Set([...kept.keys(), ...rebuilt.keys()])].sort().flatMap((key): readonly Violation[] => {
    const [row, sum] = [kept.get(key), rebuilt.get(key)];
    if (sameHolding(row, sum)) return [];
    return [{ rule: 'position', where: key, what: `the table says ${describe(row)}; fills and ledger amount to ${describe(sum)}` }];
  });
}

/** An order's cumulative figures, leg by leg, against its fill rows. */
function checkOrders({ db }: Reader): readonly Violation[] {
  const legs = new Map<string, { count: number; cash: number }>();
  for (const { order, legNo, qty, cash } of db.select().from(fills).all()) {
    const key = `${order} ${legNo}`;
    const sum = legs.get(key) ?? { count: 0, cash: 0 };
    legs.set(key, { count: sum.count + Math.abs(qty), cash: sum.cash + cash });
  }
  return db
    .select()
    .from(orders)
    .orderBy(asc(orders.id))
    .all()
    .flatMap((order): readonly Violation[] => {
      const sums = order.legs.map((_, legNo) => legs.get(`${order.id} ${legNo}`) ?? { count: 0, cash: 0 });
      const violations: Violation[] = [];
      const say = (what: string): void => void violations.push({ rule: 'order_fills', where: order.id, what });
      for (const [legNo, sum] of sums.entries()) {
        const leg = order.fills.find((fill) => fill.legNo === legNo);
        if ((leg?.cumQty ?? 0) !== sum.count) say(`leg ${legNo}: filled ${leg?.cumQty ?? 0}, fill rows add up to ${sum.count}`);
        if ((leg?.cumCash ?? 0) !== sum.cash) say(`leg ${legNo}: cash ${leg?.cumCash ?? 0}, fill rows add up to ${sum.cash}`);
      }
      const [only] = sums;
      if (sums.length === 1 && only !== undefined && only.count !== order.cumQty)
        say(`filled ${order.cumQty}, fill rows add up to ${only.count}`);
      const cash = sums.reduce((total, sum) => total + sum.cash, 0);
      if (cash !== order.cumCash) say(`cash ${order.cumCash}, fill rows add up to ${cash}`);
      return violations;
    });
}

const rows = <T>({ client }: Reader, text: string): readonly T[] => client.prepare<[], T>(text).all();

function checkFile(reader: Reader): readonly Violation[] {
  const found = rows<{ integrity_check: string }>(reader, 'PRAGMA integrity_check').map((row) => row.integrity_check);
  const broken = rows<{ table: string; rowid: number; parent: string }>(reader, 'PRAGMA foreign_key_check');
  const there = new Map(
    rows<{ name: string; sql: string }>(reader, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`).map((t) => [t.name, t.sql]),
  );
  return [
    ...found.filter((text) => text !== 'ok').map((what): Violation => ({ rule: 'integrity', where: 'file', what })),
    ...broken.map(
      (row): Violation => ({ rule: 'foreign_key', where: `${row.table} row ${row.rowid}`, what: `points at no row of ${row.parent}` }),
    ),
    ...triggers
      .filter((trigger) => there.get(trigger.name) !== trigger.sql)
      .map(
        (trigger): Violation => ({
          rule: 'trigger',
          where: trigger.name,
          what: there.has(trigger.name) ? 'differs from the schema' : 'is missing',
        }),
      ),
  ];
}

function checkJournal(reader: Reader): readonly Violation[] {
  const openings = rows<{ n: number }>(reader, `SELECT count(*) AS n FROM ledger WHERE kind = 'opening' AND symbol IS NULL`)[0]?.n ?? 0;
  const traded = rows<{ n: number }>(reader, 'SELECT count(*) AS n FROM fills')[0]?.n ?? 0;
  const stray = rows<{ id: string; state: string; last: string | null }>(
    reader,
    `SELECT o.id, o.state, e.state AS last FROM orders o LEFT JOIN order_events e ON e.order_id = o.id AND e.seq = o.seq
     WHERE e.state IS NOT o.state OR e.cum_qty IS NOT o.cum_qty OR e.cum_cash IS NOT o.cum_cash`,
  );
  return [
    ...(openings === 0 && traded > 0
      ? [{ rule: 'opening', where: 'ledger', what: 'no opening row, though there are fills: cash is unknown' } as const]
      : []),
    ...stray.map(
      (row): Violation => ({ rule: 'order_events', where: row.id, what: `is ${row.state}, its last event says ${row.last ?? 'nothing'}` }),
    ),
  ];
}

/**
 * Checks a database without changing it; safe while the daemon runs. No violations is the good answer.
 * @param laws `applyExecution` of execution/fills.ts and `applyToLots` of execution/lots.ts
 */
export function checkDatabase(file: string, laws: Laws): CheckResult {
  const opened = openReader(file);
  if (!opened.ok) return opened;
  const { reader } = opened;
  try {
    const read = (): readonly Violation[] => {
      const file = checkFile(reader);
      // Figures read from damaged pages would only bury the news.
      if (file.some((violation) => violation.rule === 'integrity')) return file;
      return [
        ...file,
        ...checkJournal(reader),
        ...checkOrders(reader),
        ...checkPositions(reader, laws.applyExecution),
        ...checkLots(reader, laws.applyToLots),
      ];
    };
    // One snapshot for all of it: the daemon may commit meanwhile.
    return { ok: true, violations: reader.client.transaction(read).deferred() };
  } catch (error) {
    return faultOf(error, file);
  } finally {
    reader.close();
  }
}
