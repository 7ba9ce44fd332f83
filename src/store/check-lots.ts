// Do lots, closures and trades agree with each other, with the positions, and with the journal they were booked from?
import { asc, eq, sql } from 'drizzle-orm';
import type { Closure, Lot } from '../domain/lot.ts';
import type { Trade, TradeHolding } from '../domain/trade.ts';
import type { Reader } from './reader.ts';
import type { Replayed } from './replay.ts';
import { closureOf, lotOf, tradeOf } from './rows.ts';
import { positions } from './schema/holding.ts';
import { closures, lots, trades } from './schema/lot.ts';
import { orders } from './schema/order.ts';
import type { Violation } from './violation.ts';

interface Book {
  readonly lots: readonly Lot[];
  readonly closures: readonly Closure[];
  readonly trades: readonly Trade[];
}

const readBook = ({ db }: Reader): Book => ({
  lots: db.select().from(lots).orderBy(asc(lots.openedSeq), sql`rowid`).all().map(lotOf),
  closures: db.select().from(closures).orderBy(asc(closures.seq), sql`rowid`).all().map(closureOf),
  trades: db.select().from(trades).orderBy(asc(trades.id)).all().map(tradeOf),
});

const add = (sums: Map<string, number>, key: string, n: number): void => void sums.set(key, (sums.get(key) ?? 0) + n);

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const there = groups.get(key);
    if (there === undefined) groups.set(key, [row]);
    else there.push(row);
  }
  return groups;
}

const total = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((n, row) => n + of(row), 0);

/** What is left in lots is what is held. */
function checkHoldings({ db }: Reader, { lots: all }: Book): readonly Violation[] {
  const left = new Map<string, number>();
  for (const lot of all) if (lot.qtyLeft !== 0) add(left, `${lot.owner} ${lot.instrument.symbol}`, lot.qtyLeft);
  const held = new Map(
    db
      .select({ owner: positions.owner, symbol: positions.symbol, qty: positions.qty })
      .from(positions)
      .all()
      .map((p) => [`${p.owner} ${p.symbol}`, p.qty as number]),
  );
  return [...new Set([...left.keys(), ...held.keys()])].sort().flatMap((where): readonly Violation[] => {
    const [ours, theirs] = [left.get(where) ?? 0, held.get(where) ?? 0];
    return ours === theirs ? [] : [{ rule: 'holding', where, what: `${theirs} held, lots have ${ours} left` }];
  });
}

/** What was closed and what is left make the lot: units, and cash to the micro. */
function checkSums(book: Book): readonly Violation[] {
  const closed = grouped(book.closures, (c) => c.lot);
  return book.lots.flatMap((lot): readonly Violation[] => {
    const parts = closed.get(lot.id) ?? [];
    const units = total(parts, (c) => c.qty) + lot.qtyLeft;
    const cash = total(parts, (c) => c.realized - c.cash) + lot.cashLeft;
    return [
      ...(units === lot.qty ? [] : [`opened ${lot.qty}, closed and left make ${units}`]),
      ...(cash === lot.cash ? [] : [`opened for ${lot.cash} micros, closed and left make ${cash}`]),
    ].map((what): Violation => ({ rule: 'lot', where: lot.id, what }));
  });
}

const lotText = (lot: Lot | undefined): string =>
  lot === undefined
    ? 'nothing'
    : `${lot.qtyLeft} of ${lot.qty} left, ${lot.cashLeft} of ${lot.cash} micros, since ${lot.openedDay} (${lot.openedAt}), ` +
      `${lot.owner} ${lot.instrument.symbol} by ${lot.origin} in ${lot.trade ?? 'no trade'}`;
const closureText = (c: Closure | undefined): string =>
  c === undefined
    ? 'nothing'
    : `${c.qty} for ${c.cash} micros, ${c.realized} realized, on ${c.day} (${c.at}), ${c.kind} ${c.code ?? 'unsaid'}`;
const closureName = (c: Closure): string => `${c.lot} by ${c.by}`;

/** The tables are what fills and ledger rows amount to. */
function checkRebuilt(book: Book, rebuilt: Replayed): readonly Violation[] {
  const compare = <T>(
    rule: 'lot' | 'closure',
    kept: ReadonlyMap<string, T>,
    wanted: ReadonlyMap<string, T>,
    text: (row: T | undefined) => string,
  ): readonly Violation[] =>
    [...new Set([...kept.keys(), ...wanted.keys()])].sort().flatMap((where): readonly Violation[] => {
      const [row, sum] = [text(kept.get(where)), text(wanted.get(where))];
      return row === sum ? [] : [{ rule, where, what: `the table says ${row}; fills and ledger amount to ${sum}` }];
    });
  return [
    ...compare(
      'lot',
      new Map(book.lots.map((lot) => [lot.id, lot])),
      new Map([...rebuilt.lots].map(([id, { now }]) => [id, now])),
      lotText,
    ),
    ...compare(
      'closure',
      new Map(book.closures.map((c) => [closureName(c), c])),
      new Map(rebuilt.closures.map(({ now }) => [closureName(now), now])),
      closureText,
    ),
  ];
}

const heldText = (held: readonly Pick<TradeHolding, 'instrument' | 'qty' | 'cash'>[]): string =>
  held
    .map((h) => `${h.qty} ${h.instrument.symbol} for ${h.cash}`)
    .sort()
    .join(', ');

/** What is left of a trade's lots, symbol by symbol. */
function leftOf(parts: readonly Lot[]): string {
  const bySymbol = grouped(
    parts.filter((lot) => lot.qtyLeft !== 0),
    (lot) => lot.instrument.symbol,
  );
  return heldText(
    [...bySymbol.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ instrument: first.instrument, qty: total(group, (l) => l.qtyLeft), cash: total(group, (l) => l.cashLeft) } as TradeHolding];
    }),
  );
}

/** A trade is the sum of its lots, their closures, and the orders of its walk. */
function checkTrades({ db }: Reader, book: Book): readonly Violation[] {
  const ofTrade = grouped(book.lots, (lot) => lot.trade);
  const tradeOfLot = new Map(book.lots.map((lot) => [lot.id, lot.trade]));
  const closed = grouped(book.closures, (c) => tradeOfLot.get(c.lot) ?? null);
  const unitsOf = (id: string): number =>
    db
      .select({ n: sql<number>`coalesce(sum(${orders.cumQty}), 0)` })
      .from(orders)
      .where(eq(orders.ladder, id))
      .get()?.n ?? 0;
  return book.trades.flatMap((trade): readonly Violation[] => {
    const mine = ofTrade.get(trade.id) ?? [];
    const ends = closed.get(trade.id) ?? [];
    const entries = mine.filter((lot) => lot.origin === 'fill');
    const left = leftOf(mine);
    const exit = left === '' ? (ends.at(-1)?.code ?? null) : null;
    const closedAt = left === '' ? (ends.at(-1)?.at ?? null) : null;
    const figures: readonly (readonly [string, string | number | null, string | number | null])[] = [
      ['units', trade.units, unitsOf(trade.id)],
      ['first execution', trade.openedAt, entries[0]?.openedAt ?? null],
      ['entry cash', trade.entryCash, total(entries, (lot) => lot.cash)],
      ['held', heldText(trade.held), left],
      ['realized', trade.realized, total(ends, (c) => c.realized)],
      ['exit', trade.exit, exit],
      ['closing', trade.closedAt, closedAt],
    ];
    return figures
      .filter(([, said, sum]) => said !== sum)
      .map(([name, said, sum]) => ({
        rule: 'trade',
        where: trade.id,
        what: `${name}: ${said ?? 'none'}, its lots amount to ${sum ?? 'none'}`,
      }));
  });
}

/** Everything in which they disagree. */
export function checkLots(reader: Reader, replayed: Replayed): readonly Violation[] {
  const book = readBook(reader);
  return [...checkHoldings(reader, book), ...checkSums(book), ...checkRebuilt(book, replayed), ...checkTrades(reader, book)];
}
