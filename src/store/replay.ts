// Positions, cycles, lots, closures and trades once more, from what is never changed.
import { eq, sql } from 'drizzle-orm';
import type { Owner, Symbol } from '../domain/ids.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import { netQty } from '../domain/money.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { Trade } from '../domain/trade.ts';
import { type Booked, bookedMovements } from './journal.ts';
import type { Laws } from './laws.ts';
import type { Reader } from './reader.ts';
import { lotOf } from './rows.ts';
import { watermarks } from './schema/holding.ts';
import { lots } from './schema/lot.ts';

/** A row as it ought to be, with the turn that last changed it. */
export interface Dated<T> {
  readonly now: T;
  readonly seq: number;
}

/** What the journal amounts to. Keys are those of the tables; parts of a key are parted by a space. */
export interface Replayed {
  readonly positions: ReadonlyMap<string, Dated<Position>>;
  readonly cycles: ReadonlyMap<string, Dated<Cycle>>;
  /** Every lot there ever was, in the order in which they were opened. */
  readonly lots: ReadonlyMap<string, Dated<Lot> & { readonly openedSeq: number }>;
  readonly closures: readonly Dated<Closure>[];
  readonly trades: ReadonlyMap<string, Dated<Trade>>;
}

interface Books {
  readonly laws: Laws;
  readonly positions: Map<string, Dated<Position>>;
  readonly cycles: Map<string, Dated<Cycle>>;
  readonly lots: Map<string, Dated<Lot> & { readonly openedSeq: number }>;
  /** Open lots by owner and symbol, oldest first. */
  readonly open: Map<string, readonly Lot[]>;
  readonly closures: Dated<Closure>[];
  readonly trades: Map<string, Dated<Trade>>;
}

const keyOf = (owner: Owner, symbol: string): string => `${owner} ${symbol}`;

/** The turn before which no lots were kept; 0 when they always were. */
function firstSeq({ db }: Reader): number {
  const row = db.select({ value: watermarks.value }).from(watermarks).where(eq(watermarks.name, 'lots')).get();
  return row === undefined ? 0 : Number(row.value);
}

function put<T>(map: Map<string, Dated<T>>, key: string, now: T | null, seq: number): void {
  if (now === null) map.delete(key);
  else map.set(key, { now, seq });
}

const inName = (books: Books, owner: Owner, underlying: Symbol): readonly Position[] =>
  [...books.positions.values()].map((p) => p.now).filter((p) => p.owner === owner && p.instrument.underlying === underlying);

function moveCycle(books: Books, { owner, instrument, qty, cash, day, seq }: Booked): void {
  if (owner === 'EXTERNAL') return;
  const held = inName(books, owner, instrument.underlying);
  const sharesAfter = held.find((p) => p.instrument.kind === 'equity')?.qty ?? netQty(0);
  const key = keyOf(owner, instrument.underlying);
  const step = { owner, instrument, qty, cash, day, sharesAfter, flatAfter: held.length === 0 };
  put(books.cycles, key, books.laws.applyToCycle(books.cycles.get(key)?.now ?? null, step), seq);
}

function keepLot(books: Books, lot: Lot, seq: number): void {
  books.lots.set(lot.id, { now: lot, seq, openedSeq: books.lots.get(lot.id)?.openedSeq ?? seq });
}

/** What was closed, in lots and in their trades. */
function closeLots(books: Books, taken: readonly Lot[], closures: readonly Closure[], seq: number): void {
  for (const [i, closure] of closures.entries()) {
    const lot = taken[i] as Lot;
    keepLot(books, lot, seq);
    books.closures.push({ now: closure, seq });
    const trade = lot.trade === null ? undefined : books.trades.get(lot.trade);
    if (trade !== undefined) put(books.trades, trade.now.id, books.laws.withClosure(trade.now, lot.instrument, closure), seq);
  }
}

function openLot(books: Books, lot: Lot, into: Trade | undefined, seq: number): void {
  keepLot(books, lot, seq);
  if (into !== undefined) put(books.trades, into.id, books.laws.withLot(books.trades.get(into.id)?.now ?? into, lot), seq);
}

/** The trade that what a movement opens belongs to, which its first execution begins. */
function tradeOf(books: Books, { owner, trade, option, order, decided, at, day }: Booked): Trade | undefined {
  const delivering = option === undefined ? undefined : books.open.get(keyOf(owner, option))?.[0]?.trade;
  const id = delivering ?? trade;
  if (id === null) return undefined;
  return books.trades.get(id)?.now ?? (order === undefined ? undefined : (books.laws.newTrade(order, decided, at, day) ?? undefined));
}

function moveLots(books: Books, movement: Booked): void {
  const { owner, instrument, seq, option, conversion: _c, order: _o, decided: _d, seq: _s, ...row } = movement;
  const key = keyOf(owner, instrument.symbol);
  const into = tradeOf(books, movement);
  const delivering = option === undefined ? row.trade : (books.open.get(keyOf(owner, option))?.[0]?.trade ?? null);
  const step = books.laws.applyToLots(books.open.get(key) ?? [], { ...row, owner, instrument, trade: delivering });
  books.open.set(key, step.open);
  if (step.opened !== null) openLot(books, step.opened, into, seq);
  closeLots(books, step.taken, step.closures, seq);
}

/** A conversion: the row that brings the new units does all of it. */
function convert(books: Books, row: Booked, from: Symbol, keepsLots: boolean): void {
  const { owner, instrument: to, qty, by, at, day, seq } = row;
  const { laws } = books;
  const [old, key] = [keyOf(owner, from), keyOf(owner, to.symbol)];
  const held = books.positions.get(old)?.now;
  if (held === undefined) return;
  const same = from === to.symbol;
  const conversion = { to, total: same ? held.qty + qty : qty, by, at, day };
  const after = laws.convertPosition(held, same ? null : (books.positions.get(key)?.now ?? null), conversion);
  books.positions.delete(old);
  put(books.positions, key, after, seq);
  if (keepsLots) {
    const step = laws.convertLots(books.open.get(old) ?? [], conversion);
    books.open.delete(old);
    if (step.opened.length > 0) books.open.set(key, [...(books.open.get(key) ?? []), ...step.opened]);
    for (const lot of step.opened) openLot(books, lot, lot.trade === null ? undefined : books.trades.get(lot.trade)?.now, seq);
    closeLots(books, step.taken, step.closures, seq);
  }
  if (owner !== 'EXTERNAL') convertCycle(books, row, held.instrument.underlying);
}

function convertCycle(books: Books, { owner, instrument, seq }: Booked, was: Symbol): void {
  const before = books.cycles.get(keyOf(owner, was))?.now;
  const next = keyOf(owner, instrument.underlying);
  if (before !== undefined && books.laws.renames(was, instrument)) {
    books.cycles.delete(keyOf(owner, was));
    put(books.cycles, next, books.laws.renameCycle(before, books.cycles.get(next)?.now ?? null, instrument.underlying), seq);
  }
  for (const name of [was, instrument.underlying]) if (inName(books, owner, name).length === 0) books.cycles.delete(keyOf(owner, name));
}

/** Packages filled, by the walk that opened a trade, of the orders' own events. */
const unitsFilled = ({ client }: Reader): ReadonlyMap<string, number> =>
  new Map(
    client
      .prepare<[], { walk: string; n: number }>(
        `SELECT o.ladder AS walk, sum(e.n) AS n FROM orders o
         JOIN (SELECT order_id, max(cum_qty) AS n FROM order_events GROUP BY order_id) e ON e.order_id = o.id GROUP BY o.ladder`,
      )
      .all()
      .map((row) => [row.walk, row.n]),
  );

/** The holdings that are older than the record of lots, whole. */
function heldLots({ db }: Reader, books: Books): void {
  for (const row of db.select().from(lots).where(eq(lots.origin, 'held')).orderBy(sql`rowid`).all()) {
    const lot: Lot = { ...lotOf(row), qtyLeft: row.qty, cashLeft: row.cash };
    books.lots.set(lot.id, { now: lot, seq: row.openedSeq, openedSeq: row.openedSeq });
    books.open.set(keyOf(lot.owner, row.symbol), [lot]);
  }
}

/** Plays the journal through the laws, from the first turn on. */
export function replay(reader: Reader, laws: Laws): Replayed {
  const after = firstSeq(reader);
  const maps = { positions: new Map(), cycles: new Map(), lots: new Map(), open: new Map(), trades: new Map() };
  const books: Books = { laws, closures: [], ...maps };
  heldLots(reader, books);
  for (const movement of bookedMovements(reader)) {
    const { owner, instrument, conversion, seq } = movement;
    const keepsLots = seq > after;
    if (conversion !== undefined) {
      if (!conversion.out) convert(books, movement, conversion.from, keepsLots);
      continue;
    }
    const key = keyOf(owner, instrument.symbol);
    put(books.positions, key, laws.applyExecution(books.positions.get(key)?.now ?? null, movement), seq);
    if (keepsLots) moveLots(books, movement);
    moveCycle(books, movement);
  }
  const units = unitsFilled(reader);
  for (const [id, { now, seq }] of books.trades) books.trades.set(id, { now: { ...now, units: units.get(id) ?? 0 }, seq });
  return books;
}
