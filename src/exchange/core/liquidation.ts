// The broker's sale on the last afternoon: what an account could not carry through exercise is closed at the market.
import { epochMs } from '../../domain/time.ts';
import type { ListedContract } from '../market.ts';
import { CONTRACT, delivered } from '../splits.ts';
import { isClosing, partsOf } from './book.ts';
import { powerOf } from './buying-power.ts';
import { closingRequest } from './closing-request.ts';
import { end } from './ending.ts';
import { lastOpening } from './hours.ts';
import { AUTO_EXERCISE, exercisable, intrinsicAt } from './settlement.ts';
import { take } from './take.ts';
import { contractOf, type Venue } from './venue.ts';

/** A contract that ends today in the money, as things stand, with what is held of it. */
interface Ending {
  readonly contract: ListedContract;
  readonly qty: number;
}

function expiringToday(venue: Venue, account: string, day: string): readonly Ending[] {
  const endings: Ending[] = [];
  // Asked at every step of time, of accounts that mostly hold shares.
  for (const { assetClass, symbol, qty } of venue.truth.positions(account)) {
    if (assetClass !== 'us_option') continue;
    const contract = contractOf(venue, symbol);
    if (contract !== undefined && contract.expiry === day && contract.settlement === 'physical') endings.push({ contract, qty });
  }
  return endings;
}

/** When the broker looks at the accounts next; null while none of them holds a contract that expires with the session. */
export function nextLiquidation(venue: Venue, after: number): number | null {
  const { day, close } = venue.calendar.currentOrNext(epochMs(after));
  let next: number | null = null;
  for (const { name } of venue.truth.accounts()) {
    for (const { contract } of expiringToday(venue, name, day)) {
      const due = lastOpening(contract.underlying, close);
      if (due > after && (next === null || due < next)) next = due;
    }
  }
  return next;
}

/** True when an account can take on tonight what these contracts, all exercised and assigned, would leave it with. */
function carries(venue: Venue, account: string, underlying: string, endings: readonly Ending[], at: number): boolean {
  let shares = venue.truth.position(account, underlying)?.qty ?? 0;
  let cash = powerOf(venue, account, at).optionsBuyingPower;
  for (const { contract, qty } of endings) {
    const each = delivered(contract);
    const direction = contract.right === 'call' ? qty : -qty;
    shares += direction * each.shares;
    cash -= direction * (CONTRACT * contract.strike - each.cash);
  }
  return shares >= 0 && cash >= 0;
}

/** Contracts to be closed: of long ones alone what cannot be paid for or delivered; of structures with short legs all or nothing. */
function uncarried(venue: Venue, account: string, underlying: string, endings: readonly Ending[], at: number): readonly Ending[] {
  if (endings.every(({ qty }) => qty > 0)) {
    return endings.flatMap(({ contract, qty }) => {
      const excess = qty - exercisable(venue, account, contract, qty);
      return excess > 0 ? [{ contract, qty: excess }] : [];
    });
  }
  if (carries(venue, account, underlying, endings, at)) return [];
  return [...endings].sort((a, b) => a.qty - b.qty); // short legs first: nothing is left without its cover
}

function sellOut(venue: Venue, account: string, { contract, qty }: Ending, at: number): void {
  const { symbol } = contract;
  for (const { order } of venue.truth.openOf(account)) {
    const row = venue.truth.order(order.id);
    if (row !== undefined && partsOf(order).some((part) => part.symbol === symbol && isClosing(part.intent))) end(venue, row, 'canceled');
  }
  const request = closingRequest(symbol, qty, Math.abs(qty));
  take(
    venue,
    account,
    request,
    { ok: true, intent: request.intent, qty: request.qty, hwm: null, held: 0, venueReason: null, contracts: [], own: true },
    at,
  );
}

/** Closes, account by account, what expires today in the money and cannot be carried; the stream shows these orders as any other. */
export function liquidate(venue: Venue, at: number): void {
  const { day, close } = venue.calendar.currentOrNext(epochMs(at));
  for (const { name } of [...venue.truth.accounts()]) {
    const declined = venue.truth.account(name).declined ?? [];
    const endings = expiringToday(venue, name, day).filter(({ contract }) => {
      if (lastOpening(contract.underlying, close) !== at) return false;
      const price = venue.desk.mark(contract.underlying, at);
      return price !== undefined && intrinsicAt(contract, price) >= AUTO_EXERCISE && !declined.includes(contract.symbol);
    });
    for (const underlying of new Set(endings.map((ending) => ending.contract.underlying))) {
      const own = endings.filter((ending) => ending.contract.underlying === underlying);
      for (const ending of uncarried(venue, name, underlying, own, at)) sellOut(venue, name, ending, at);
    }
  }
}
