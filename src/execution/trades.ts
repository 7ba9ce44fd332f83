// Lots and closures to the trades they belong to.
import type { Instrument } from '../domain/instrument.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import { negate, netQty, plus, type Usd, usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Decided, Trade, TradeHolding } from '../domain/trade.ts';

/** True for orders whose executions open trades. */
export const opensTrades = (order: Pick<Order, 'purpose'>): boolean => order.purpose === 'O' || order.purpose === 'R';

/** The trade of an opening order at its first execution, with nothing in it yet; null when its decision is not on record. */
export function newTrade(order: Order, decided: Decided | undefined, at: EpochMs, day: TradingDay): Trade | null {
  if (decided === undefined || decided.maxLoss === null) return null;
  return {
    id: order.ladder,
    owner: order.strategy,
    underlying: order.legs[0].instrument.underlying,
    legs: order.legs,
    code: decided.code,
    why: decided.why,
    maxLoss: decided.maxLoss,
    thesis: decided.thesis,
    openedAt: at,
    openedDay: day,
    units: 0,
    entryCash: usd(0),
    held: [],
    realized: usd(0),
    closedAt: null,
    closedDay: null,
    exit: null,
  };
}

function move(held: readonly TradeHolding[], instrument: Instrument, qty: number, cash: Usd): readonly TradeHolding[] {
  const there = held.find((h) => h.instrument.symbol === instrument.symbol);
  if (there === undefined) return [...held, { instrument, qty: netQty(qty), cash }];
  const after: TradeHolding = { instrument, qty: netQty(there.qty + qty), cash: plus(there.cash, cash) };
  return after.qty === 0 ? held.filter((h) => h !== there) : held.map((h) => (h === there ? after : h));
}

/** The trade with a lot that was opened in it. What an option delivers is no entry: its cash is the option's end. */
export const withLot = (trade: Trade, lot: Lot): Trade => ({
  ...trade,
  entryCash: lot.origin === 'fill' ? plus(trade.entryCash, lot.cash) : trade.entryCash,
  held: move(trade.held, lot.instrument, lot.qty, lot.cash),
  closedAt: null,
  closedDay: null,
  exit: null,
});

/** The trade after units of one of its lots were closed; it is closed when nothing is left. */
export function withClosure(trade: Trade, instrument: Instrument, closure: Closure): Trade {
  const basis = usd(closure.realized - closure.cash);
  const held = move(trade.held, instrument, -closure.qty, negate(basis));
  const over = held.length === 0;
  return {
    ...trade,
    held,
    realized: plus(trade.realized, closure.realized),
    closedAt: over ? closure.at : null,
    closedDay: over ? closure.day : null,
    exit: over ? closure.code : null,
  };
}
