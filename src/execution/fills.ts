// Executions to positions, at average cost, and to cycles. A position is never computed in any other way.
import type { Owner, StrategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { sign } from '../domain/legs.ts';
import { type NetQty, netQty, plus, price, type Usd, usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, FillRow, Position } from '../domain/position.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';

export interface Execution {
  readonly owner: Owner;
  readonly instrument: Instrument;
  /** Signed quantity: bought is positive. */
  readonly qty: number;
  /** Signed cash: paid is negative. */
  readonly cash: Usd;
  readonly day: TradingDay;
}

/** The part of an amount that belongs to `part` of `whole` units, rounded towards zero. */
export const share = (amount: Usd, part: number, whole: number): Usd => {
  // Split so that no product leaves the safe integers: quotient exactly, remainder by its own small product.
  const quotient = Math.trunc(amount / whole);
  return usd(quotient * part + Math.trunc(((amount - quotient * whole) * part) / whole));
};

/**
 * The position after an execution; null when it is flat. A reduction takes cost out in proportion, so what is
 * realised is the difference; passing through zero opens the rest at the execution's own price.
 */
export function applyExecution(before: Position | null, execution: Execution): Position | null {
  const { owner, instrument, qty, cash, day } = execution;
  if (qty === 0) return before;
  const held = before?.qty ?? 0;
  const after = held + qty;
  if (after === 0) return null;
  if (before === null || held === 0) return { owner, instrument, qty: netQty(qty), cost: cash, openedDay: day };
  if (Math.sign(held) === Math.sign(qty)) return { ...before, qty: netQty(after), cost: plus(before.cost, cash) };
  if (Math.sign(after) === Math.sign(held)) return { ...before, qty: netQty(after), cost: share(before.cost, after, held) };
  return { owner, instrument, qty: netQty(after), cost: share(cash, after, qty), openedDay: day };
}

/** The execution rows between two states of one order: one for each leg that traded more. */
export function fillRows(before: Order, after: Order, at: EpochMs, day: TradingDay): readonly FillRow[] {
  const rows: FillRow[] = [];
  for (const fill of after.fills) {
    const seen = before.fills.find((f) => f.legNo === fill.legNo);
    const count = fill.cumQty - (seen?.cumQty ?? 0);
    const leg = after.legs[fill.legNo];
    if (count <= 0 || leg === undefined || after.brokerId === null) continue;
    const cash = usd(fill.cumCash - (seen?.cumCash ?? 0));
    rows.push({
      order: after.id,
      legNo: fill.legNo,
      cumQty: fill.cumQty,
      symbol: fill.symbol,
      owner: after.strategy,
      qty: sign(leg.side) * count,
      price: price(Math.round(Math.abs(cash) / (count * leg.instrument.multiplier))),
      cash,
      at,
      day,
      brokerId: after.brokerId,
      assumed: after.assumed,
    });
  }
  return rows;
}

export interface CycleStep {
  readonly owner: StrategyId;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
  /** Shares of the underlying held by the owner after the step, and whether anything in it is held at all. */
  readonly sharesAfter: NetQty;
  readonly flatAfter: boolean;
}

/** The cycle after an execution or a ledger row; null when the owner is flat in the underlying again. */
export function applyToCycle(before: Cycle | null, step: CycleStep): Cycle | null {
  if (step.flatAfter) return null;
  const base: Cycle = before ?? {
    owner: step.owner,
    underlying: step.instrument.underlying,
    startedDay: step.day,
    premium: usd(0),
    stock: usd(0),
    contractsTraded: 0,
    sharesSinceDay: null,
  };
  const option = step.instrument.kind === 'option';
  return {
    ...base,
    premium: option ? plus(base.premium, step.cash) : base.premium,
    stock: option ? base.stock : plus(base.stock, step.cash),
    contractsTraded: base.contractsTraded + (option && step.cash !== 0 ? Math.abs(step.qty) : 0),
    sharesSinceDay: step.sharesAfter > 0 ? (base.sharesSinceDay ?? step.day) : null,
  };
}
