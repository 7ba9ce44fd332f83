// Ours against theirs, as data. Pure: what differs, and what of it is explained by expiry, assignment or exercise.
import type { BrokerPosition, BrokerSnapshot } from '../domain/account.ts';
import type { OrderReport } from '../domain/event.ts';
import type { ClientOrderId, Symbol } from '../domain/ids.ts';
import { type Option, parseOcc } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import { readOrderId } from './order-id.ts';

export interface OrderDifference {
  /** Reports of orders we know, to be stepped. */
  readonly known: readonly OrderReport[];
  /** Carries our prefix, but we have no intent for it: a restored backup or a twin. */
  readonly orphans: readonly OrderReport[];
  readonly foreign: readonly OrderReport[];
  /** Live in our ledger and not among the broker's rows: to be looked up, never guessed at. */
  readonly unseen: readonly Order[];
}

/** Orders of a stable read against ours. */
export function orderDifference(
  snapshot: BrokerSnapshot,
  ours: ReadonlyMap<ClientOrderId, Order>,
  live: readonly Order[],
): OrderDifference {
  const seen = new Set(snapshot.orders.map((report) => report.id));
  const known: OrderReport[] = [];
  const orphans: OrderReport[] = [];
  const foreign: OrderReport[] = [];
  for (const report of snapshot.orders) {
    if (ours.has(report.id)) known.push(report);
    else if (readOrderId(report.id) === undefined) foreign.push(report);
    else orphans.push(report);
  }
  return { known, orphans, foreign, unseen: live.filter((order) => order.state !== 'recorded' && !seen.has(order.id)) };
}

export interface PositionDifference {
  readonly symbol: Symbol;
  readonly ours: number;
  readonly theirs: number;
}

const whole = (p: BrokerPosition): number | undefined => (typeof p.net === 'number' ? p.net : undefined);

/** Symbols whose summed quantity over all owners differs from the broker's; fractional holdings are shown, never compared. */
export function positionDifference(theirs: readonly BrokerPosition[], ours: Iterable<Position>): readonly PositionDifference[] {
  const book = new Map<Symbol, number>();
  for (const p of ours) book.set(p.instrument.symbol, (book.get(p.instrument.symbol) ?? 0) + p.qty);
  const found: PositionDifference[] = [];
  for (const p of theirs) {
    const net = whole(p);
    const mine = book.get(p.symbol) ?? 0;
    book.delete(p.symbol);
    if (net !== undefined && net !== mine) found.push({ symbol: p.symbol, ours: mine, theirs: net });
  }
  for (const [symbol, mine] of book) if (mine !== 0) found.push({ symbol, ours: mine, theirs: 0 });
  return found.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

export interface LifeEvent {
  readonly kind: 'assignment' | 'exercise' | 'expiry';
  readonly option: Option;
  readonly contracts: number;
  /** Signed shares that came with it. */
  readonly shares: number;
}
export interface Explained {
  readonly events: readonly LifeEvent[];
  readonly rest: readonly PositionDifference[];
}

/** Shares that one contract of a short (assigned) or long (exercised) position brings. */
export const sharesPerContract = (option: Option, held: number): number => (option.right === 'call' ? 1 : -1) * (held > 0 ? 100 : -100);

/**
 * Options that are gone without an order: assigned or exercised when the matching shares moved, expired when their last
 * session is over, else unexplained. `overBy` says whether the expiry's session has closed.
 */
export function explain(differences: readonly PositionDifference[], overBy: (expiry: TradingDay) => boolean): Explained {
  const shares = new Map<Symbol, number>();
  for (const d of differences) if (parseOcc(d.symbol) === undefined) shares.set(d.symbol, d.theirs - d.ours);
  const events: LifeEvent[] = [];
  const rest: PositionDifference[] = [];
  for (const d of differences) {
    const option = parseOcc(d.symbol);
    if (option === undefined) continue;
    const gone = Math.abs(d.ours) - Math.abs(d.theirs);
    if (gone <= 0 || (d.theirs !== 0 && Math.sign(d.theirs) !== Math.sign(d.ours))) {
      rest.push(d);
      continue;
    }
    const each = sharesPerContract(option, d.ours);
    const moved = shares.get(option.underlying) ?? 0;
    const delivered = Math.sign(moved) === Math.sign(each) ? Math.min(gone, Math.floor(Math.abs(moved) / 100)) : 0;
    if (delivered > 0) {
      events.push({ kind: d.ours < 0 ? 'assignment' : 'exercise', option, contracts: delivered, shares: delivered * each });
      shares.set(option.underlying, moved - delivered * each);
    }
    const lapsed = gone - delivered;
    if (lapsed > 0 && overBy(option.expiry)) events.push({ kind: 'expiry', option, contracts: lapsed, shares: 0 });
    else if (lapsed > 0) rest.push({ symbol: d.symbol, ours: Math.sign(d.ours) * (Math.abs(d.theirs) + lapsed), theirs: d.theirs });
  }
  for (const d of differences) {
    const left = shares.get(d.symbol);
    if (left !== undefined && left !== 0) rest.push({ symbol: d.symbol, ours: d.theirs - left, theirs: d.theirs });
  }
  return { events, rest };
}
