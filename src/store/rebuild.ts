// `db rebuild`: the state tables as the journal has them, compared with what is there, or put in its place.
import { chmodSync, existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { canonicalJson } from '../base/canonical.ts';
import { isTerminal, type LegFill } from '../domain/order.ts';
import { faultOf, faulty, type StoreFault } from './fault.ts';
import type { Laws } from './laws.ts';
import { openReader, type Reader } from './reader.ts';
import { replay } from './replay.ts';
import { closureOf, type LotRecord, lotRecord, type OrderRecord, type PositionRecord, positionRecord, type TradeRecord } from './rows.ts';
import { cycles, positions } from './schema/holding.ts';
import { closures, lots, trades } from './schema/lot.ts';
import { fills, orderEvents, orders } from './schema/order.ts';
import { prepareStatements } from './statements.ts';
import { triggers } from './triggers.ts';

/** Tables that follow from the journal, and the columns that name a row of them. */
const rebuildable = {
  orders: ['id'],
  trades: ['id'],
  lots: ['id'],
  positions: ['owner', 'symbol'],
  cycles: ['owner', 'underlying'],
} as const;
export type RebuiltTable = keyof typeof rebuildable;
const tables: Readonly<Record<RebuiltTable, SQLiteTable>> = { orders, trades, lots, positions, cycles };

type Row = Readonly<Record<string, unknown>>;
interface Rows extends Readonly<Record<RebuiltTable, readonly object[]>> {
  readonly orders: readonly OrderRecord[];
  readonly trades: readonly TradeRecord[];
  readonly lots: readonly LotRecord[];
  readonly positions: readonly PositionRecord[];
  readonly cycles: readonly (typeof cycles.$inferSelect)[];
}

/** A row that is not as the journal has it, or that closes what it does not. */
export interface RebuildDifference {
  readonly table: RebuiltTable | 'closures';
  readonly where: string;
  readonly what: string;
}

export type RebuildResult =
  | { readonly ok: true; readonly differences: readonly RebuildDifference[]; readonly rows: number; readonly copy: string | null }
  | { readonly ok: false; readonly fault: StoreFault };

/** Cumulative quantity and cash of each leg of each order, of its fills. */
function legFills({ db }: Reader): ReadonlyMap<string, readonly LegFill[]> {
  const found = new Map<string, LegFill[]>();
  const rows = db
    .select({
      order: fills.order,
      legNo: fills.legNo,
      symbol: fills.symbol,
      cumQty: sql<number>`sum(abs(qty))`,
      cumCash: sql<LegFill['cumCash']>`sum(cash)`,
    })
    .from(fills)
    .groupBy(fills.order, fills.legNo)
    .orderBy(asc(fills.order), asc(fills.legNo))
    .all();
  for (const { order, ...leg } of rows) found.set(order, [...(found.get(order) ?? []), leg]);
  return found;
}

/** Orders as their events and fills have them; what was decided stands in the row alone, and what is set aside with it. */
function orderRows(reader: Reader): readonly OrderRecord[] {
  const events = new Map<string, (typeof orderEvents.$inferSelect)[]>();
  for (const event of reader.db.select().from(orderEvents).orderBy(asc(orderEvents.seq)).all())
    events.set(event.orderId, [...(events.get(event.orderId) ?? []), event]);
  const filled = legFills(reader);
  return reader.db
    .select()
    .from(orders)
    .orderBy(asc(orders.id))
    .all()
    .map((order) => {
      const mine = events.get(order.id) ?? [];
      const last = mine.at(-1);
      if (last === undefined) return order;
      const { state, cumQty, cumCash, attempts, brokerId, reason, seq } = last;
      const lived = mine.findLastIndex((event) => !isTerminal(event.state));
      const closedAt = isTerminal(state) ? (mine[lived + 1]?.at ?? null) : null;
      const reserve = isTerminal(state) ? (0 as OrderRecord['reserve']) : order.reserve;
      return { ...order, state, cumQty, cumCash, attempts, brokerId, reason, seq, closedAt, reserve, fills: filled.get(order.id) ?? [] };
    });
}

const idOf = (table: RebuiltTable, row: Row): string => rebuildable[table].map((column) => String(row[column])).join(' ');

/** Every rebuildable row as the journal has it, in the order in which it was written. */
function rowsOf(reader: Reader, laws: Laws): Rows & { readonly closures: ReadonlyMap<string, string> } {
  const { positions: held, cycles: running, lots: all, trades: every, closures: ended } = replay(reader, laws);
  const byId = (a: object, b: object): number => (canonicalJson(a) < canonicalJson(b) ? -1 : 1);
  return {
    orders: orderRows(reader),
    trades: [...every.values()].map(({ now, seq }) => ({ ...now, seq })),
    lots: [...all.values()].map(({ now, seq, openedSeq }) => ({ ...lotRecord(now, seq), openedSeq })),
    positions: [...held.values()].map(({ now, seq }) => ({ ...positionRecord(now, seq) })).sort(byId),
    cycles: [...running.values()].map(({ now, seq }) => ({ ...now, seq })).sort(byId),
    closures: new Map(ended.map(({ now }) => [`${now.lot} by ${now.by}`, canonicalJson(now)])),
  };
}

const columnsThatDiffer = (a: Row, b: Row): string =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .sort()
    .filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null))
    .map((name) => `${name} ${canonicalJson(a[name] ?? null)}, the journal says ${canonicalJson(b[name] ?? null)}`)
    .join('; ');

function differ(table: RebuiltTable, kept: readonly Row[], wanted: readonly Row[]): readonly RebuildDifference[] {
  const [there, ought] = [new Map(kept.map((row) => [idOf(table, row), row])), new Map(wanted.map((row) => [idOf(table, row), row]))];
  return [...new Set([...there.keys(), ...ought.keys()])].sort().flatMap((where): readonly RebuildDifference[] => {
    const [row, sum] = [there.get(where), ought.get(where)];
    if (row === undefined) return [{ table, where, what: 'is missing' }];
    if (sum === undefined) return [{ table, where, what: 'follows from nothing in the journal' }];
    const what = columnsThatDiffer(row, sum);
    return what === '' ? [] : [{ table, where, what }];
  });
}

function compared(reader: Reader, laws: Laws): { readonly rows: Rows; readonly differences: readonly RebuildDifference[] } {
  const { closures: ended, ...rows } = rowsOf(reader, laws);
  const names = Object.keys(rebuildable) as readonly RebuiltTable[];
  const states = names.flatMap((name) =>
    differ(name, reader.db.select().from(tables[name]).all() as readonly Row[], rows[name] as readonly object[] as readonly Row[]),
  );
  const kept = new Map(
    reader.db
      .select()
      .from(closures)
      .all()
      .map((row) => [`${row.lot} by ${row.by}`, canonicalJson(closureOf(row))]),
  );
  const journal = [...new Set([...kept.keys(), ...ended.keys()])]
    .sort()
    .filter((key) => kept.get(key) !== ended.get(key))
    .map((where): RebuildDifference => ({ table: 'closures', where, what: 'is not what fills and ledger amount to' }));
  return { rows, differences: [...states, ...journal] };
}

/** What of the state tables is not as the journal has it. Nothing is written; safe while the daemon runs. */
export function compareRebuilt(file: string, laws: Laws): RebuildResult {
  const opened = openReader(file);
  if (!opened.ok) return opened;
  const { reader } = opened;
  try {
    const { rows, differences } = reader.client.transaction(() => compared(reader, laws)).deferred();
    return { ok: true, differences, rows: Object.values(rows).flat().length, copy: null };
  } catch (error) {
    return faultOf(error, file);
  } finally {
    reader.close();
  }
}

/** Writes the rows in place of those that are there, behind the triggers, and proves that no row points at a missing one. */
function replace(reader: Reader, rows: Rows): void {
  const { client, db } = reader;
  const guards = triggers.filter(({ sql: text }) => /ON (orders|trades|lots) /.test(`${text} `));
  for (const { name } of guards) client.exec(`DROP TRIGGER IF EXISTS ${name}`);
  for (const name of ['trades', 'lots', 'positions', 'cycles'] as const) db.delete(tables[name]).run();
  const put = prepareStatements(db);
  for (const row of rows.trades) put.putTrade(row);
  for (const row of rows.lots) put.putLot(row);
  for (const row of rows.positions) put.putPosition(row);
  for (const row of rows.cycles) put.putCycle(row);
  for (const row of rows.orders) put.putOrder(row);
  for (const { sql: text } of guards) client.exec(text);
  const broken = client.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all();
  const [first] = broken;
  if (first === undefined) return;
  const what = `${broken.length} rows would point at nothing, the first of ${first.table} at ${first.parent}`;
  throw Object.assign(new Error(what), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
}

/**
 * Rebuilds the state tables from the journal. The file must not be in use: take the lock first.
 * A copy of the file as it was is kept beside it; when closures, which are journal, do not follow either, nothing is written.
 * @param into where the rebuilt file goes instead; the original stays as it is
 */
export function rebuildDatabase(file: string, laws: Laws, into?: string): RebuildResult {
  const before = compareRebuilt(file, laws);
  if (!before.ok) return before;
  const copy = into ?? `${file}.before-rebuild.bak`;
  if (into !== undefined && existsSync(into)) return faulty('DB_PATH', `${into} is there already.`, 'Name a file that is not.');
  const wrong = before.differences.filter((d) => d.table === 'closures');
  if (wrong.length > 0) {
    const what = `${wrong.length} closures, the first of ${wrong[0]?.where ?? ''}, do not follow from fills and ledger: the journal itself was changed.`;
    return faulty('DB_CORRUPT', `${file}: ${what}`, 'Restore the newest copy; the broker fills the gap at the next start.');
  }
  let client: Database.Database | undefined;
  try {
    copyOf(file, copy);
    const target = into ?? file;
    client = new Database(target, { fileMustExist: true, timeout: 250 });
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = OFF'); // tables that point at each other are written one after the other
    const connection = client;
    const reader: Reader = { client, db: drizzle({ client }), close: () => void connection.close() };
    client.transaction(() => replace(reader, compared(reader, laws).rows)).immediate();
    client.close();
    const after = compareRebuilt(target, laws);
    if (!after.ok) return after;
    return { ...after, differences: before.differences, copy };
  } catch (error) {
    client?.close();
    return faultOf(error, file);
  }
}

/** A consistent copy, readable by us alone; an older one of the same name is replaced. */
function copyOf(file: string, copy: string): void {
  const client = new Database(file, { readonly: true, fileMustExist: true, timeout: 250 });
  try {
    if (existsSync(copy)) rmSync(copy);
    client.prepare('VACUUM INTO ?').run(copy);
    chmodSync(copy, 0o600);
  } finally {
    client.close();
  }
}
