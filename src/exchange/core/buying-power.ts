// What an account can still spend: its marks, its margin, the collateral of its short options and the holds of its open orders.
import { ensure } from '../../base/assert.ts';
import type { ListedContract } from '../market.ts';
import { CONTRACT, delivered, isAdjusted } from '../splits.ts';
import type { XPosition } from '../types.ts';
import { closingOrders } from './book.ts';
import { type Requirement, type RiskLeg, requirement } from './collateral.ts';
import { ownUnits } from './groups.ts';
import { cashOf, minus } from './quantity.ts';
import { settingsOf } from './settings.ts';
import { contractOf, multiplierOf, type Venue } from './venue.ts';

interface Power {
  readonly equity: number;
  readonly longMarketValue: number;
  readonly shortMarketValue: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly buyingPower: number;
  readonly optionsBuyingPower: number;
  readonly nonMarginableBuyingPower: number;
}

/** Contracts of a series as hundreds of shares at the price they are paid: an adjusted one delivers more or less than a hundred. */
export function riskLeg(contract: ListedContract, qty: number): RiskLeg {
  const { right, expiry } = contract;
  if (!isAdjusted(contract)) return { right, expiry, strike: contract.strike, qty };
  const { shares, cash } = delivered(contract);
  if (shares === 0) return { right, expiry, strike: contract.strike, qty };
  return { right, expiry, strike: Math.round((CONTRACT * contract.strike - cash) / shares), qty: (qty * shares) / CONTRACT };
}

const listed = (venue: Venue, symbol: string): ListedContract => ensure(contractOf(venue, symbol), `contract ${symbol}`);

/** The option positions of an account in one underlying. */
const heldLegs = (venue: Venue, account: string, underlying: string): readonly RiskLeg[] =>
  venue.truth.positions(account).flatMap((p) => {
    if (p.assetClass !== 'us_option') return [];
    const contract = listed(venue, p.symbol);
    return contract.underlying === underlying ? [riskLeg(contract, p.qty)] : [];
  });

/** Short legs that open single-leg sells may still add, and long ones they may take away. Buys are no cover before they are filled. */
function pendingSales(venue: Venue, account: string, underlying: string): readonly RiskLeg[] {
  return venue.truth.openOf(account).flatMap((row) => {
    const { order } = row;
    if (order.orderClass === 'mleg' || order.side !== 'sell' || order.assetClass !== 'us_option') return [];
    const contract = listed(venue, order.symbol);
    return contract.underlying === underlying ? [riskLeg(contract, -ownUnits(venue.truth, row))] : [];
  });
}

/** Shares of an underlying that no open order would sell, were `added` more (or less) of them held. */
export const unsoldShares = (venue: Venue, account: string, symbol: string, added = 0): number =>
  Math.max(0, minus((venue.truth.position(account, symbol)?.qty ?? 0) + added, closingOrders(venue, account, symbol).locked));

/** What the short options of an underlying need, held and about to be opened; `added` and `shares` are what an act would change. */
export const exposure = (venue: Venue, account: string, underlying: string, added: readonly RiskLeg[] = [], shares = 0): Requirement =>
  requirement(
    [...heldLegs(venue, account, underlying), ...pendingSales(venue, account, underlying), ...added],
    unsoldShares(venue, account, underlying, shares),
  );

/** Quantity that may still be closed or sold: what is held less what open orders and covered calls lock. Not negative. */
export function availableOf(venue: Venue, account: string, symbol: string): number {
  const qty = venue.truth.position(account, symbol)?.qty ?? 0;
  const pledged = multiplierOf(symbol) === 1 && qty > 0 ? Math.ceil(exposure(venue, account, symbol).coverLots * CONTRACT - 1e-6) : 0;
  return Math.max(0, minus(minus(Math.abs(qty), closingOrders(venue, account, symbol).locked), pledged));
}

/** Cash that stands behind the short options held now, over all underlyings. */
function collateralOf(venue: Venue, account: string): number {
  const underlyings = new Set<string>();
  for (const p of venue.truth.positions(account)) if (p.assetClass === 'us_option') underlyings.add(listed(venue, p.symbol).underlying);
  let sum = 0;
  for (const u of underlyings) sum += requirement(heldLegs(venue, account, u), venue.truth.position(account, u)?.qty ?? 0).cash;
  return sum;
}

/** The price a position is valued at: its mark, else its last closing mark, else what it cost. Micros per share. */
function valuePrice(venue: Venue, position: XPosition, at: number): number {
  const mark = venue.desk.mark(position.symbol, at) ?? venue.truth.mark(position.symbol)?.close;
  return mark ?? Math.round(position.cost / position.qty / multiplierOf(position.symbol));
}

const LOW_PRICE_LONG = 2_500_000;
const LOW_PRICE_SHORT = 5_000_000;

/** Long: 100 % under $2.50, else 30 %. Short: the greater of a flat charge a share and 100 % or 30 % of value. */
function maintenance(qty: number, price: number): number {
  const value = cashOf(Math.abs(qty), price);
  if (qty > 0) return price < LOW_PRICE_LONG ? value : Math.ceil(value * 0.3);
  return price < LOW_PRICE_SHORT ? Math.max(cashOf(-qty, 2_500_000), value) : Math.max(cashOf(-qty, 5_000_000), Math.ceil(value * 0.3));
}

/** The account's figures at an instant, open orders already deducted. */
export function powerOf(venue: Venue, account: string, at: number): Power {
  const { cash } = venue.truth.account(account);
  let long = 0;
  let short = 0;
  let initial = 0;
  let kept = 0;
  let borrowed = 0;
  for (const position of venue.truth.positions(account)) {
    const price = valuePrice(venue, position, at);
    const value = cashOf(position.qty * multiplierOf(position.symbol), price);
    if (value > 0) long += value;
    else short += value;
    if (position.assetClass === 'us_option') {
      initial += Math.max(0, value);
      continue;
    }
    initial += Math.ceil(Math.abs(value) / 2);
    kept += maintenance(position.qty, price);
    borrowed += Math.max(0, -value);
  }
  let heldShares = 0;
  let heldOptions = 0;
  for (const { order } of venue.truth.openOf(account)) {
    if (order.assetClass === 'us_equity') heldShares += order.held;
    else heldOptions += order.held;
  }
  const collateral = collateralOf(venue, account);
  const equity = cash + long + short;
  const borrows = settingsOf(venue.truth.account(account)).configurations.maxMarginMultiplier !== '1';
  // What a sale of borrowed shares brought in, and half of it again, stands behind them.
  const own = cash - Math.ceil(borrowed * 1.5);
  const unborrowed = Math.max(0, own - collateral - heldOptions - heldShares);
  return {
    equity,
    longMarketValue: long,
    shortMarketValue: short,
    initialMargin: initial + collateral,
    maintenanceMargin: kept + collateral,
    buyingPower: borrows ? Math.max(0, 2 * Math.max(0, equity - initial - collateral - heldOptions) - heldShares) : unborrowed,
    optionsBuyingPower: unborrowed,
    nonMarginableBuyingPower: Math.max(0, own - heldOptions - heldShares),
  };
}

/** Symbols an account has anything in; used where every mark must be taken. */
export const symbolsHeld = (venue: Venue): ReadonlySet<string> => {
  const symbols = new Set<string>();
  for (const account of venue.truth.accounts()) for (const p of venue.truth.positions(account.name)) symbols.add(p.symbol);
  return symbols;
};
