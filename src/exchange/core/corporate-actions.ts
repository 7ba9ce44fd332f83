// Splits: what every account holds of a name, and what it has ordered there, on the morning of an ex-day.
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { ListedContract, ShareSplit } from '../market.ts';
import { contractAfter, isForward } from '../splits.ts';
import type { XActivity, XPosition } from '../types.ts';
import { bookMidnight } from './activities.ts';
import { partsOf } from './book.ts';
import { end } from './ending.ts';
import { settle } from './fills.ts';
import { cashOf, isWhole, minus, plus, proportion } from './quantity.ts';
import type { BookOrder, CloseMark } from './rows.ts';
import { assetClassOf, contractOf, type Venue } from './venue.ts';

/** How far back a close is looked for that says what a fraction of a share is worth, in calendar days. */
const LOOK_BACK_DAYS = 10;

/** A split, and what a new share is worth by the last close; undefined where no close is known. */
interface Known extends ShareSplit {
  readonly newPrice: number | undefined;
}

function known(venue: Venue, split: ShareSplit, at: number): Known {
  const before = venue.market.dailyBars(split.symbol, addDays(split.exDay, -LOOK_BACK_DAYS), addDays(split.exDay, -1), at, 'raw').at(-1);
  const close = before?.close ?? venue.truth.mark(split.symbol)?.close ?? undefined;
  return { ...split, newPrice: close === undefined ? undefined : Math.round((close * split.from) / split.to) };
}

/** The contract behind a symbol where the split changes it: one on the name that has not expired. */
function affected(venue: Venue, symbol: string, split: ShareSplit): ListedContract | undefined {
  if (assetClassOf(symbol) === 'us_equity') return undefined;
  const contract = contractOf(venue, symbol);
  return contract?.underlying === split.symbol && contract.expiry >= split.exDay ? contract : undefined;
}

/** The broker cancels what is open in the name and in its contracts: its prices and quantities mean something else from now on. */
function cancelOrders(venue: Venue, split: ShareSplit): void {
  const concerns = ({ order }: BookOrder): boolean =>
    partsOf(order).some((part) => part.symbol === split.symbol || affected(venue, part.symbol, split) !== undefined);
  for (const row of [...venue.truth.open()].filter(concerns)) {
    const now = venue.truth.order(row.order.id);
    if (now !== undefined) end(venue, now, 'canceled');
  }
}

const subTypeOf = (split: ShareSplit): string => (isForward(split) ? 'FSPLIT' : 'RSPLIT');

function bookRow(
  venue: Venue,
  account: string,
  split: ShareSplit,
  row: Pick<XActivity, 'symbol' | 'qty' | 'netAmount'>,
  group: string,
): void {
  const options = row.symbol !== null && assetClassOf(row.symbol) === 'us_option';
  bookMidnight(venue, account, split.exDay, {
    ...row,
    type: options ? 'OPCA' : 'SPLIT',
    subType: options ? `SPLIT.${subTypeOf(split)}` : subTypeOf(split),
    price: null,
    groupId: group,
  });
}

/** Shares after a split: a holding of whole shares stays one, and the fraction is paid for; where no price is known it is kept. */
function splitShares(venue: Venue, account: string, held: XPosition, split: Known): void {
  const exact = proportion(held.qty, split);
  const qty = isWhole(held.qty) && split.newPrice !== undefined ? Math.trunc(exact) : exact;
  const fraction = minus(exact, qty);
  const cash = fraction === 0 || split.newPrice === undefined ? 0 : cashOf(fraction, split.newPrice);
  const cost = fraction === 0 ? held.cost : Math.round((held.cost / exact) * qty);
  venue.truth.putPosition(account, held.symbol, qty === 0 ? undefined : { ...held, qty, cost });
  settle(venue, account, held.symbol, 0, cash);
  bookRow(venue, account, split, { symbol: held.symbol, qty: minus(qty, held.qty), netAmount: cash }, venue.uuid());
}

function splitContracts(venue: Venue, account: string, held: XPosition, contract: ListedContract, split: Known): void {
  const next = contractAfter(contract, split, split.newPrice ?? 0);
  const { symbol } = next.contract;
  const qty = held.qty * next.count;
  venue.truth.putContract(next.contract, true);
  venue.truth.putPosition(account, held.symbol, undefined);
  const there = venue.truth.position(account, symbol);
  const both = { symbol, assetClass: held.assetClass, qty: plus(there?.qty ?? 0, qty), cost: (there?.cost ?? 0) + held.cost };
  venue.truth.putPosition(account, symbol, both.qty === 0 ? undefined : both);
  const group = venue.uuid();
  bookRow(venue, account, split, { symbol: held.symbol, qty: -held.qty, netAmount: 0 }, group);
  bookRow(venue, account, split, { symbol, qty, netAmount: 0 }, group);
}

/** The contracts of an account that a split renames, those first that no other of them is renamed to. */
function contractsOf(venue: Venue, account: string, split: ShareSplit): readonly (readonly [XPosition, ListedContract])[] {
  const found = venue.truth.positions(account).flatMap((position) => {
    const contract = affected(venue, position.symbol, split);
    return contract === undefined ? [] : [[position, contract] as const];
  });
  // Strikes only fall in a forward split, so the lowest gives way first; adjusted roots are taken by nobody else.
  return found.sort(([, a], [, b]) => a.strike - b.strike);
}

/** Closes in the new shares, and of the new contracts: worked out from those of before, all of them, before any is written. */
function marksAfter(venue: Venue, split: Known): readonly CloseMark[] {
  return [...venue.truth.marks()].flatMap((mark): readonly CloseMark[] => {
    const contract = affected(venue, mark.symbol, split);
    if (contract === undefined && mark.symbol !== split.symbol) return [];
    const next = contract === undefined ? undefined : contractAfter(contract, split, split.newPrice ?? 0);
    const parts = next === undefined ? split.to / split.from : next.count;
    const inNew = (price: number | null): number | null => (price === null ? null : Math.round(price / parts));
    return [{ symbol: next?.contract.symbol ?? mark.symbol, close: inNew(mark.close), previous: inNew(mark.previous) }];
  });
}

function applySplit(venue: Venue, split: ShareSplit, at: number): void {
  const worth = known(venue, split, at);
  cancelOrders(venue, split);
  const marks = marksAfter(venue, worth);
  for (const { name } of [...venue.truth.accounts()]) {
    for (const [position, contract] of contractsOf(venue, name, split)) splitContracts(venue, name, position, contract, worth);
    const shares = venue.truth.position(name, split.symbol);
    if (shares !== undefined) splitShares(venue, name, shares, worth);
  }
  for (const mark of marks) venue.truth.putMark(mark);
}

/** Carries out the splits whose ex-day begins. Prices of the market are those of the new shares from now on. */
export function applySplits(venue: Venue, day: TradingDay, at: number): void {
  for (const split of venue.market.splits(day, day, at)) applySplit(venue, split, at);
}
