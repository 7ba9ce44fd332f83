// Expiry, exercise and assignment: positions and cash change in the night, rows are shown the next morning, the stream says nothing.
import type { TradingDay } from '../../domain/time.ts';
import type { ListedContract } from '../market.ts';
import { CONTRACT, delivered } from '../splits.ts';
import type { XPosition } from '../types.ts';
import { bookOvernight } from './activities.ts';
import { availableOf } from './buying-power.ts';
import { cancelOverhang } from './ending.ts';
import { settle } from './fills.ts';
import { contractOf, type Venue } from './venue.ts';

/** In the money by a cent or more is exercised without being asked. */
export const AUTO_EXERCISE = 10_000;

interface Expiring {
  readonly contract: ListedContract;
  readonly position: XPosition;
  readonly intrinsic: number;
}

/** What exercising a contract is worth while its underlying trades at a price, a hundredth of it; below zero out of the money. Micros. */
export function intrinsicAt(contract: ListedContract, price: number): number {
  const { shares, cash } = delivered(contract);
  const worth = contract.deliverable === undefined ? price : Math.round((shares * price + cash) / CONTRACT);
  return contract.right === 'call' ? worth - contract.strike : contract.strike - worth;
}

/** The price that decides a contract: the official close of its underlying; undefined while it is not known. */
const decidingPrice = (venue: Venue, contract: ListedContract): number | undefined =>
  venue.market.officialClose(contract.underlying, contract.expiry, venue.truth.scalars.at);

function remove(venue: Venue, account: string, symbol: string, delta: number): void {
  const left = venue.truth.position(account, symbol);
  // The premium was realised when it was traded: what leaves here leaves at no cash.
  settle(venue, account, symbol, delta, 0);
  if (left !== undefined) cancelOverhang(venue, account, symbol);
}

/** Shares change hands at the strike: `contracts` of a right, exercised by (+1) or against (-1) the account. */
function deliver(
  venue: Venue,
  account: string,
  contract: ListedContract,
  contracts: number,
  side: 1 | -1,
  day: TradingDay,
  type: 'OPEXC' | 'OPASN',
): void {
  const groupId = venue.uuid();
  const each = delivered(contract);
  const direction = (contract.right === 'call' ? side : -side) * contracts;
  const shares = direction * each.shares;
  const cash = direction * (each.cash - CONTRACT * contract.strike);
  remove(venue, account, contract.symbol, -side * contracts);
  settle(venue, account, contract.underlying, shares, cash);
  cancelOverhang(venue, account, contract.underlying);
  bookOvernight(venue, account, day, { type, symbol: contract.symbol, qty: -side * contracts, price: 0, netAmount: 0, groupId });
  bookOvernight(venue, account, day, {
    type: 'OPTRD',
    symbol: contract.underlying,
    qty: shares,
    price: contract.strike,
    netAmount: cash,
    groupId,
  });
}

/** Assigns short contracts of a series to an account. */
export const assign = (venue: Venue, account: string, contract: ListedContract, contracts: number, day: TradingDay): void =>
  deliver(venue, account, contract, contracts, -1, day, 'OPASN');

/** Exercises long contracts of a series for an account. */
export const deliverExercise = (venue: Venue, account: string, contract: ListedContract, contracts: number, day: TradingDay): void =>
  deliver(venue, account, contract, contracts, 1, day, 'OPEXC');

function lapse(venue: Venue, account: string, { contract, position }: Expiring): void {
  remove(venue, account, contract.symbol, -position.qty);
  bookOvernight(venue, account, contract.expiry, {
    type: 'OPEXP',
    symbol: contract.symbol,
    qty: -position.qty,
    price: 0,
    netAmount: 0,
    groupId: null,
  });
}

function settleInCash(venue: Venue, account: string, { contract, position, intrinsic }: Expiring): void {
  const cash = position.qty * intrinsic * CONTRACT;
  remove(venue, account, contract.symbol, -position.qty);
  settle(venue, account, contract.symbol, 0, cash);
  bookOvernight(venue, account, contract.expiry, {
    type: 'OPCSH',
    symbol: contract.symbol,
    qty: -position.qty,
    price: intrinsic,
    netAmount: cash,
    groupId: null,
  });
}

/** How many of `qty` long contracts the account can carry through exercise: calls need cash, puts need the shares. */
export function exercisable(venue: Venue, account: string, contract: ListedContract, qty: number): number {
  const { shares, cash } = delivered(contract);
  const costs = CONTRACT * contract.strike - cash;
  if (contract.right === 'call') return Math.min(qty, costs > 0 ? Math.floor(Math.max(0, venue.truth.account(account).cash) / costs) : qty);
  const held = isLong(venue, account, contract.underlying) ? availableOf(venue, account, contract.underlying) : 0;
  return Math.min(qty, shares > 0 ? Math.floor(held / shares) : qty);
}

const isLong = (venue: Venue, account: string, symbol: string): boolean => (venue.truth.position(account, symbol)?.qty ?? 0) > 0;

function exercise(venue: Venue, account: string, expiring: Expiring): void {
  const { contract, position } = expiring;
  const declined = venue.truth.account(account).declined?.includes(contract.symbol) ?? false;
  const contracts = declined ? 0 : exercisable(venue, account, contract, position.qty);
  if (contracts > 0) deliverExercise(venue, account, contract, contracts, contract.expiry);
  const left = venue.truth.position(account, expiring.contract.symbol);
  if (left !== undefined) lapse(venue, account, { ...expiring, position: left }); // what cannot be paid for is not exercised
}

function expiringOf(venue: Venue, account: string, day: TradingDay): readonly Expiring[] {
  return venue.truth.positions(account).flatMap((position) => {
    const contract = position.assetClass === 'us_option' ? contractOf(venue, position.symbol) : undefined;
    if (contract === undefined || contract.expiry > day) return [];
    const price = decidingPrice(venue, contract);
    return price === undefined ? [] : [{ contract, position, intrinsic: intrinsicAt(contract, price) }];
  });
}

/** An instruction to let a series lapse ends with the position. */
function forget(venue: Venue, account: string): void {
  const { declined, ...row } = venue.truth.account(account);
  const left = declined?.filter((symbol) => venue.truth.position(account, symbol) !== undefined) ?? [];
  if (declined !== undefined && left.length < declined.length) venue.truth.putAccount(left.length > 0 ? { ...row, declined: left } : row);
}

/**
 * Settles every contract that has expired by `day` and whose deciding price is known; one whose price is not yet known
 * stays and is looked at again the next night. Assignments come before exercises, so that the shares and the cash of a
 * spread's short leg are there for its long leg.
 */
export function settleExpired(venue: Venue, day: TradingDay): void {
  for (const { name } of [...venue.truth.accounts()]) {
    const expiring = expiringOf(venue, name, day);
    const worth = expiring.filter((e) => e.intrinsic >= AUTO_EXERCISE);
    for (const e of expiring) if (e.intrinsic < AUTO_EXERCISE) lapse(venue, name, e);
    for (const e of worth) if (e.contract.settlement === 'cash') settleInCash(venue, name, e);
    const physical = worth.filter((e) => e.contract.settlement === 'physical');
    for (const e of physical) if (e.position.qty < 0) assign(venue, name, e.contract, -e.position.qty, e.contract.expiry);
    for (const e of physical) if (e.position.qty > 0) exercise(venue, name, e);
    forget(venue, name);
  }
}
