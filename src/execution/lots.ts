// Executions to lots, first in, first out. Every unit and every micro of an execution ends in exactly one closure or one new lot.
import type { Closure, Lot, LotCause } from '../domain/lot.ts';
import { minus, netQty, plus, type Usd, usd } from '../domain/money.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { EpochMs } from '../domain/time.ts';
import { type Execution, share } from './fills.ts';

/** An execution or ledger row that moves units, with its name and its reason. */
export interface LotExecution extends Execution {
  /** Key of the fill or ledger row. */
  readonly by: string;
  readonly kind: LotCause;
  readonly at: EpochMs;
  /** Why it closes what it closes. */
  readonly code: ReasonCode | null;
  /** The trade that what it opens belongs to. */
  readonly trade: string | null;
  /** Of a fill: half the spread that was quoted as its order was decided, micros a share. */
  readonly halfSpread?: number;
}

export interface LotStep {
  /** Open lots afterwards, oldest first. */
  readonly open: readonly Lot[];
  /** Lots it took from, as they are now, closed ones included. */
  readonly taken: readonly Lot[];
  readonly closures: readonly Closure[];
  /** The lot it opened, if it did. */
  readonly opened: Lot | null;
}

const born = (e: LotExecution, qty: number, cash: Usd): Lot => ({
  id: e.by,
  owner: e.owner,
  instrument: e.instrument,
  trade: e.trade,
  origin: e.kind,
  openedAt: e.at,
  openedDay: e.day,
  qty: netQty(qty),
  cash,
  qtyLeft: netQty(qty),
  cashLeft: cash,
});

/** `count` units taken from a lot for `cash`. */
function take(lot: Lot, count: number, cash: Usd, e: LotExecution): { readonly lot: Lot; readonly closure: Closure } {
  const basis = share(lot.cashLeft, count, Math.abs(lot.qtyLeft));
  const qty = netQty(Math.sign(lot.qtyLeft) * count);
  return {
    lot: { ...lot, qtyLeft: minus(lot.qtyLeft, qty), cashLeft: minus(lot.cashLeft, basis) },
    closure: { lot: lot.id, by: e.by, kind: e.kind, at: e.at, day: e.day, qty, cash, realized: plus(cash, basis), code: e.code },
  };
}

/**
 * The lots of one owner and symbol after an execution: what goes against them closes the oldest first, the rest opens a
 * new one. Cash is split in proportion and rounded towards zero; the last part of a split takes what is left of it.
 * @param before open lots of the execution's owner and symbol, oldest first, all of one sign
 */
export function applyToLots(before: readonly Lot[], execution: LotExecution): LotStep {
  const side = Math.sign(execution.qty);
  let count = Math.abs(execution.qty);
  let cash = execution.cash;
  const open: Lot[] = [];
  const taken: Lot[] = [];
  const closures: Closure[] = [];
  for (const lot of before) {
    if (count === 0 || Math.sign(lot.qtyLeft) === side) {
      open.push(lot);
      continue;
    }
    const part = Math.min(count, Math.abs(lot.qtyLeft));
    const paid = share(cash, part, count);
    const after = take(lot, part, paid, execution);
    taken.push(after.lot);
    closures.push(after.closure);
    if (after.lot.qtyLeft !== 0) open.push(after.lot);
    count -= part;
    cash = minus(cash, paid);
  }
  const opened = count === 0 ? null : born(execution, side * count, usd(cash));
  return { open: opened === null ? open : [...open, opened], taken, closures, opened };
}
