// Losses that a purchase of the same within thirty days disallows, and where they go: into the cost of what was bought (26 USC 1091).
//
// Derived from lots and closures alone, so that there is nothing to go stale: a purchase after a sale changes what the sale means, and the
// journal's rows never change.
//
// The same are shares of one name and calls on it, whatever their strike and expiry, long among long and short among short; puts on a name
// are the same among each other. A contract stands for a hundred shares.
import { assert } from '../base/assert.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import { minus, negate, plus, sum, type Usd, usd } from '../domain/money.ts';
import { addDays, daysBetween, type TradingDay } from '../domain/time.ts';
import { shared } from './convert.ts';
import { share } from './fills.ts';
import { closureName, movedPremiums, type Premiums, type TaxEvent, taxEvents } from './tax-events.ts';

const WINDOW_DAYS = 30;

/** Part of a closure with one acquisition and one holding period. */
export interface TaxPart {
  readonly closure: Closure;
  readonly lot: Lot;
  /** Shares; of an option, hundredths of a contract. */
  readonly units: number;
  /** The day of the purchase; of a short position, that of the sale. */
  readonly acquired: TradingDay;
  /** What it brought, the premium of an option that took the shares included. */
  readonly proceeds: Usd;
  /** What it cost, positive, with premiums of the option that delivered it and with losses that were disallowed before. */
  readonly cost: Usd;
  /** Of a loss, what is not allowed; zero or more. */
  readonly disallowed: Usd;
  readonly term: 'short' | 'long';
}

/** A loss, or a part of one, that moved into the cost of a replacement. */
export interface WashLink {
  /** The closing that lost: the lot, and the key of what closed it. */
  readonly lot: string;
  readonly by: string;
  readonly replacement: string;
  /** Shares, or hundredths of a contract. */
  readonly units: number;
  /** Positive. */
  readonly amount: Usd;
}

export interface WashSales {
  /** In the order in which they were closed. */
  readonly parts: readonly TaxPart[];
  readonly links: readonly WashLink[];
  /** By lot: what is added to the cost of its open units, by losses and premiums. */
  readonly carried: ReadonlyMap<string, Usd>;
}

/** Units of an open lot alike in age and in what was added to their cost. */
interface Segment {
  readonly units: number;
  readonly added: Usd;
  /** True once these units replace units that were sold at a loss: they replace no others. */
  readonly replaces: boolean;
  readonly heldSince: TradingDay;
}

interface Holding {
  readonly lot: Lot;
  readonly segments: readonly Segment[];
}

/** A part as it is closed; a loss of it may still find its replacement. */
interface OpenPart extends TaxPart {
  readonly heldSince: TradingDay;
  readonly unitsLeft: number;
  readonly lossLeft: Usd;
}

interface Book {
  readonly premiums: Premiums;
  readonly holdings: Map<string, Holding>;
  readonly parts: OpenPart[];
  readonly links: WashLink[];
}

const unitsOf = (lot: Lot, qty: number): number => Math.abs(qty) * lot.instrument.multiplier;

/** What is the same as what: side, name, and whether it is a right to sell. */
const kindOf = ({ instrument, qty }: Lot): string =>
  `${String(Math.sign(qty))} ${instrument.underlying} ${instrument.kind === 'option' && instrument.right === 'put' ? 'put' : 'share'}`;

/** True when what is held since a day was held for more than a year: sold later than the same date of the next year. */
export const isLongTerm = (since: TradingDay, sold: TradingDay): boolean =>
  sold > `${String(Number(since.slice(0, 4)) + 1).padStart(4, '0')}${since.slice(4)}`;

/** What was there before the ledger, or became others, was bought on no day that is known here. */
const isPurchase = ({ origin }: Lot): boolean => origin !== 'opening' && origin !== 'held' && origin !== 'split';

/** What one order bought in parts is one purchase: the part that is left replaces no part that was sold. */
const purchaseOf = (lot: Lot): string => (lot.origin === 'fill' ? lot.id.slice(0, lot.id.indexOf('/')) : lot.id);

/** A segment's first `units`, and its rest; null where nothing is left. */
function cut(segment: Segment, units: number): readonly [Segment, Segment | null] {
  if (units === segment.units) return [segment, null];
  const added = share(segment.added, units, segment.units);
  return [
    { ...segment, units, added },
    { ...segment, units: segment.units - units, added: minus(segment.added, added) },
  ];
}

/** The first `units` of segments, and the rest. */
function takeFirst(segments: readonly Segment[], units: number): readonly [readonly Segment[], readonly Segment[]] {
  const taken: Segment[] = [];
  let left = units;
  for (const [i, segment] of segments.entries()) {
    if (left === 0) return [taken, segments.slice(i)];
    const [part, rest] = cut(segment, Math.min(left, segment.units));
    taken.push(part);
    left -= part.units;
    if (rest !== null) return [taken, [rest, ...segments.slice(i + 1)]];
  }
  assert(left === 0, 'more was closed of a lot than was left of it');
  return [taken, []];
}

/** Losses that wait for a replacement and units that may be one, as far as both go. */
function match(book: Book, partNo: number, holding: Holding): void {
  const part = book.parts[partNo];
  if (part === undefined || part.unitsLeft === 0) return;
  let { unitsLeft, lossLeft, disallowed } = part;
  const age = daysBetween(part.heldSince, part.closure.day);
  const segments = holding.segments.flatMap((segment): readonly Segment[] => {
    if (segment.replaces || unitsLeft === 0) return [segment];
    const [matched, rest] = cut(segment, Math.min(unitsLeft, segment.units));
    const amount = share(lossLeft, matched.units, unitsLeft);
    unitsLeft -= matched.units;
    lossLeft = minus(lossLeft, amount);
    disallowed = plus(disallowed, amount);
    book.links.push({ lot: part.lot.id, by: part.closure.by, replacement: holding.lot.id, units: matched.units, amount });
    const replaced = { ...matched, added: plus(matched.added, amount), replaces: true, heldSince: addDays(matched.heldSince, -age) };
    return rest === null ? [replaced] : [replaced, rest];
  });
  book.parts[partNo] = { ...part, unitsLeft, lossLeft, disallowed };
  book.holdings.set(holding.lot.id, { ...holding, segments });
}

const near = (a: TradingDay, b: TradingDay): boolean => Math.abs(daysBetween(a, b)) <= WINDOW_DAYS;

function open(book: Book, lot: Lot): void {
  const added = book.premiums.cost.get(lot.id) ?? usd(0);
  const segment: Segment = { units: unitsOf(lot, lot.qty), added, replaces: false, heldSince: lot.openedDay };
  book.holdings.set(lot.id, { lot, segments: [segment] });
  if (!isPurchase(lot)) return;
  for (const [i, part] of book.parts.entries()) {
    if (part.unitsLeft === 0 || kindOf(part.lot) !== kindOf(lot) || !near(part.closure.day, lot.openedDay)) continue;
    match(book, i, book.holdings.get(lot.id) as Holding);
  }
}

const amountOf = (part: Pick<TaxPart, 'proceeds' | 'cost'>): Usd => minus(part.proceeds, part.cost);

/** The parts of one closure, by the segments of its lot that it takes. */
function partsOf(book: Book, closure: Closure, lot: Lot, taken: readonly Segment[]): readonly OpenPart[] {
  const long = lot.qty > 0;
  let [cash, basis] = [
    plus(closure.cash, book.premiums.proceeds.get(closureName(closure)) ?? usd(0)),
    minus(closure.realized, closure.cash),
  ];
  let left = unitsOf(lot, closure.qty);
  return taken.map((segment): OpenPart => {
    const [closed, opened] = [share(cash, segment.units, left), share(basis, segment.units, left)];
    [cash, basis, left] = [minus(cash, closed), minus(basis, opened), left - segment.units];
    const proceeds = long ? closed : opened;
    const cost = plus(negate(long ? opened : closed), segment.added);
    const { units, heldSince } = segment;
    const term = long && isLongTerm(heldSince, closure.day) ? 'long' : 'short';
    const loss = negate(amountOf({ proceeds, cost }));
    const losing = loss > 0 ? { unitsLeft: units, lossLeft: loss } : { unitsLeft: 0, lossLeft: usd(0) };
    return { closure, lot, units, acquired: lot.openedDay, heldSince, proceeds, cost, disallowed: usd(0), term, ...losing };
  });
}

function close(book: Book, closures: readonly Closure[]): void {
  const first = book.parts.length;
  for (const closure of closures) {
    const holding = book.holdings.get(closure.lot);
    assert(holding !== undefined, `no lot ${closure.lot}`);
    const [taken, rest] = takeFirst(holding.segments, unitsOf(holding.lot, closure.qty));
    if (rest.length === 0) book.holdings.delete(closure.lot);
    else book.holdings.set(closure.lot, { ...holding, segments: rest });
    if (!book.premiums.moved.has(closureName(closure))) book.parts.push(...partsOf(book, closure, holding.lot, taken));
  }
  for (let i = first; i < book.parts.length; i++) replaceBefore(book, i);
}

/** Matches a loss with what was bought before it and is still held, the oldest purchase first. */
function replaceBefore(book: Book, partNo: number): void {
  const part = book.parts[partNo];
  if (part === undefined || part.unitsLeft === 0) return;
  const kind = kindOf(part.lot);
  const candidates = [...book.holdings.values()]
    .filter(({ lot }) => isPurchase(lot) && kindOf(lot) === kind && near(lot.openedDay, part.closure.day))
    .filter(({ lot }) => purchaseOf(lot) !== purchaseOf(part.lot))
    .sort((a, b) => a.lot.openedAt - b.lot.openedAt || (a.lot.id < b.lot.id ? -1 : 1));
  for (const holding of candidates) match(book, partNo, holding);
}

/** `total` units spread over segments in proportion: each keeps its age and what was added to it. */
function scaled(segments: readonly Segment[], total: number): readonly Segment[] {
  const units = shared(
    segments.map((s) => s.units),
    total,
  );
  let over = usd(0);
  const kept = segments.flatMap((segment, i): readonly Segment[] => {
    over = plus(over, segment.added);
    const n = units[i] ?? 0;
    if (n === 0) return [];
    const added = over;
    over = usd(0);
    return [{ ...segment, units: n, added }];
  });
  const last = kept.at(-1);
  return last === undefined || over === 0 ? kept : [...kept.slice(0, -1), { ...last, added: plus(last.added, over) }];
}

function convert(book: Book, closures: readonly Closure[], opened: readonly Lot[]): void {
  if (opened.length === 0) return close(book, closures);
  const before: Segment[] = [];
  for (const { lot } of closures) {
    before.push(...(book.holdings.get(lot)?.segments ?? []));
    book.holdings.delete(lot);
  }
  const after = scaled(
    before,
    opened.reduce((n, lot) => n + unitsOf(lot, lot.qty), 0),
  );
  let left: readonly Segment[] = after;
  for (const lot of opened) {
    const [mine, rest] = takeFirst(left, unitsOf(lot, lot.qty));
    left = rest;
    book.holdings.set(lot.id, { lot, segments: mine });
  }
}

function play(book: Book, event: TaxEvent): void {
  switch (event.kind) {
    case 'opened':
      return open(book, event.lot);
    case 'closed':
      return close(book, event.closures);
    case 'converted':
      return convert(book, event.closures, event.opened);
  }
}

const partOf = ({ heldSince: _h, unitsLeft: _u, lossLeft: _l, ...part }: OpenPart): TaxPart => part;

/**
 * Every closing of a ledger as the tax law sees it. The gains and what is carried by open lots make what was realized, to the micro; at
 * most so many units of a purchase replace units that were sold at a loss as it has, and no loss is disallowed twice.
 * @param lots every lot there ever was
 * @param closures every closure of them
 */
export function washSales(lots: readonly Lot[], closures: readonly Closure[]): WashSales {
  const book: Book = { premiums: movedPremiums(lots, closures), holdings: new Map(), parts: [], links: [] };
  for (const event of taxEvents(lots, closures)) play(book, event);
  const carried = [...book.holdings].map(([id, { segments }]): readonly [string, Usd] => [id, sum(segments.map((s) => s.added))]);
  return { parts: book.parts.map(partOf), links: book.links, carried: new Map(carried.filter(([, added]) => added !== 0)) };
}
