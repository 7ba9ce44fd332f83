// `db check`: is the file sound, is it the schema we think, and do its state tables follow from its journal?
import { asc } from 'drizzle-orm';
import type { Cycle, Position } from '../domain/position.ts';
import { checkLots } from './check-lots.ts';
import { checkEquity } from './equity-history.ts';
import { faultOf, type StoreFault } from './fault.ts';
import type { Laws } from './laws.ts';
import { openReader, type Reader } from './reader.ts';
import { type Dated, type Replayed, replay } from './replay.ts';
import { positionOf } from './rows.ts';
import { cycles, positions } from './schema/holding.ts';
import { fills, orders } from './schema/order.ts';
import { triggers } from './triggers.ts';
import type { Violation } from './violation.ts';

export type CheckResult =
  | { readonly ok: true; readonly violations: readonly Violation[] }
  | { readonly ok: false; readonly fault: StoreFault };

const positionKey = (position: Position): string => `${position.owner} ${position.instrument.symbol}`;
const describe = (position: Position | undefined): string =>
  position === undefined ? 'nothing' : `${position.qty} at ${position.cost} micros since ${position.openedDay}`;

/** A state table's rows against what the journal amounts to. */
function compare<T>(
  rule: 'position' | 'cycle',
  kept: ReadonlyMap<string, T>,
  rebuilt: ReadonlyMap<string, Dated<T>>,
  text: (row: T | undefined) => string,
): readonly Violation[] {
  return [...new Set([...kept.keys(), ...rebuilt.keys()])].sort().flatMap((key): readonly Violation[] => {
    const [row, sum] = [text(kept.get(key)), text(rebuilt.get(key)?.now)];
    return row === sum ? [] : [{ rule, where: key, what: `the table says ${row}; fills and ledger amount to ${sum}` }];
  });
}

const keyed = <T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, T> => new Map(rows.map((row) => [keyOf(row), row]));

const checkPositions = ({ db }: Reader, { positions: rebuilt }: Replayed): readonly Violation[] =>
  compare('position', keyed(db.select().from(positions).all().map(positionOf), positionKey), rebuilt, describe);

const cycleText = (cycle: Cycle | undefined): string =>
  cycle === undefined
    ? 'nothing'
    : `premium ${cycle.premium} and stock ${cycle.stock} micros of ${cycle.contractsTraded} contracts since ${cycle.startedDay}, ` +
      `shares since ${cycle.sharesSinceDay ?? 'never'}`;

const checkCycles = ({ db }: Reader, { cycles: rebuilt }: Replayed): readonly Violation[] =>
  compare<Cycle>(
    'cycle',
    keyed(db.select().from(cycles).all(), (c) => `${c.owner} ${c.underlying}`),
    rebuilt,
    cycleText,
  );

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
 * @param laws `ledgerLaws` of execution/laws.ts
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
      const replayed = replay(reader, laws);
      return [
        ...file,
        ...checkJournal(reader),
        ...checkOrders(reader),
        ...checkEquity(reader),
        ...checkPositions(reader, replayed),
        ...checkCycles(reader, replayed),
        ...checkLots(reader, replayed),
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
