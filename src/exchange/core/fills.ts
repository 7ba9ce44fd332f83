// Executions: the only place where a trade moves cash and positions.
import { assert, ensure } from '../../base/assert.ts';
import type { Mark } from '../market.ts';
import type { XExecution, XLeg, XOrder } from '../types.ts';
import { bookFill } from './activities.ts';
import { type Part, partsOf, report, sideSign } from './book.ts';
import { afterExecution } from './ending.ts';
import { remaining } from './groups.ts';
import { traded } from './positions.ts';
import { cashOf, minus, plus } from './quantity.ts';
import type { BookOrder } from './rows.ts';
import { assetClassOf, multiplierOf, type Venue } from './venue.ts';

/** Price of one part, micros per share, and what sort of quote it came from. */
export interface PartPrice {
  readonly price: number;
  readonly mark: Mark;
}

/** Moves cash and a position; `cash` is signed from the account's side. */
export function settle(venue: Venue, account: string, symbol: string, delta: number, cash: number): void {
  const { truth } = venue;
  const row = truth.account(account);
  assert(Number.isSafeInteger(row.cash + cash), `cash of ${account} is out of range`);
  if (cash !== 0) truth.putAccount({ ...row, cash: row.cash + cash });
  if (delta !== 0) truth.putPosition(account, symbol, traded(truth.position(account, symbol), symbol, assetClassOf(symbol), delta, cash));
}

interface Traded {
  readonly part: Part;
  readonly qty: number;
  readonly price: number;
  readonly cash: number;
  readonly mark: Mark;
}

const partTrade = (part: Part, units: number, at: PartPrice): Traded => {
  const qty = units * part.ratio;
  return { part, qty, price: at.price, mark: at.mark, cash: -sideSign(part.side) * cashOf(qty * multiplierOf(part.symbol), at.price) };
};

function filledLegs(order: XOrder, trades: readonly Traded[]): readonly XLeg[] {
  return order.legs.map((leg, legNo) => {
    const trade = trades.find((t) => t.part.legNo === legNo);
    if (trade === undefined) return leg;
    return { ...leg, filledQty: leg.filledQty + trade.qty, filledCash: leg.filledCash + Math.abs(trade.cash) };
  });
}

function orderAfter(order: XOrder, units: number, trades: readonly Traded[], at: number): XOrder {
  const filledQty = plus(order.filledQty, units);
  const done = filledQty === order.qty;
  const cash = trades.reduce((sum, t) => sum + t.cash, 0);
  return {
    ...order,
    filledQty,
    updatedAt: at,
    filledCash: order.filledCash + (order.orderClass === 'mleg' ? (cash === 0 ? 0 : -cash) : Math.abs(cash)),
    legs: filledLegs(order, trades),
    status: done ? 'filled' : 'partially_filled',
    filledAt: done ? at : order.filledAt,
    held: done ? 0 : Math.floor((order.held / remaining(order)) * minus(order.qty, filledQty)),
  };
}

function bookTrades(venue: Venue, before: XOrder, order: XOrder, trades: readonly Traded[]): void {
  for (const { part, qty, price, cash, mark } of trades) {
    const done = part.legNo === null ? order.filledQty : ensure(order.legs[part.legNo], 'leg').filledQty;
    bookFill(venue, before.account, {
      symbol: part.symbol,
      qty,
      price,
      netAmount: cash,
      fill: {
        orderId: part.orderId,
        side: part.intent === 'sell_to_open' && multiplierOf(part.symbol) === 1 ? 'sell_short' : part.side,
        cumQty: done,
        leavesQty: minus(order.qty * part.ratio, done),
        kind: order.status === 'filled' ? 'fill' : 'partial_fill',
        orderStatus: order.status,
        mark,
      },
    });
  }
}

function executionOf(venue: Venue, order: XOrder, units: number, trades: readonly Traded[]): XExecution {
  const held = (symbol: string): number => venue.truth.position(order.account, symbol)?.qty ?? 0;
  const [only] = trades;
  if (order.orderClass !== 'mleg' && only !== undefined) {
    return { executionId: venue.uuid(), price: only.price, qty: units, positionQty: held(order.symbol), positionQtys: {}, legs: [] };
  }
  return {
    executionId: venue.uuid(),
    price: trades.reduce((net, t) => net + sideSign(t.part.side) * t.part.ratio * t.price, 0),
    qty: units,
    positionQty: 0,
    positionQtys: Object.fromEntries(trades.map((t) => [t.part.symbol, held(t.part.symbol)])),
    legs: trades.map((t) => ({ orderId: t.part.orderId, executionId: venue.uuid(), symbol: t.part.symbol, qty: t.qty, price: t.price })),
  };
}

/**
 * Executes units of an order, all its parts together, and reports it.
 * @param prices one for each part of the order, in that order
 * @param changes what becomes of the order's place in the book
 */
export function execute(
  venue: Venue,
  row: BookOrder,
  units: number,
  prices: readonly PartPrice[],
  changes: Partial<Omit<BookOrder, 'order'>> = {},
): void {
  const before = row.order;
  assert(units > 0 && units <= remaining(before), `cannot execute ${units} of ${remaining(before)}`);
  const trades = partsOf(before).map((part, i) => partTrade(part, units, ensure(prices[i], 'price')));
  const order = orderAfter(before, units, trades, venue.truth.scalars.at);
  for (const { part, qty, cash } of trades) settle(venue, before.account, part.symbol, sideSign(part.side) * qty, cash);
  bookTrades(venue, before, order, trades);
  const next: BookOrder = { ...row, ...changes, order };
  const closed: BookOrder = order.status === 'filled' ? { ...next, ackAt: null, matchAt: null, cancelAt: null } : next;
  report(venue, closed, order.status === 'filled' ? 'fill' : 'partial_fill', executionOf(venue, order, units, trades));
  if (venue.everyStep && row.cancelAt !== null && order.status === 'filled') report(venue, closed, 'order_cancel_rejected');
  afterExecution(venue, order.id);
}
