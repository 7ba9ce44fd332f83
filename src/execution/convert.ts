// Units that become others by a corporate action: the count and the symbol change; total cost, owner, trade and holding period do not.
import type { Instrument } from '../domain/instrument.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import { negate, netQty, plus, usd } from '../domain/money.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';

export interface Conversion {
  readonly to: Instrument;
  /** Signed units of one owner afterwards, of the sign of what was held; 0 when not even one whole unit comes of it. */
  readonly total: number;
  /** Key of the ledger row. */
  readonly by: string;
  readonly at: EpochMs;
  readonly day: TradingDay;
}

export interface ConversionStep {
  /** The old lots, now empty, and their closures; nothing is realized by them unless nothing comes of the whole. */
  readonly taken: readonly Lot[];
  readonly closures: readonly Closure[];
  /** The lots that came of them, oldest first. */
  readonly opened: readonly Lot[];
}

const emptied = (lot: Lot): Lot => ({ ...lot, qtyLeft: netQty(0), cashLeft: usd(0) });

const closureOf = (lot: Lot, { by, at, day, total }: Conversion): Closure => ({
  lot: lot.id,
  by,
  kind: 'split',
  at,
  day,
  qty: lot.qtyLeft,
  cash: total === 0 ? usd(0) : negate(lot.cashLeft),
  realized: total === 0 ? lot.cashLeft : usd(0),
  code: 'ADJUSTED',
});

/** `total` units shared over parts in proportion, so that the first parts together always have their whole share rounded towards zero. */
export function shared(parts: readonly number[], total: number): readonly number[] {
  const whole = parts.reduce((a, b) => a + b, 0);
  let before = 0;
  let given = 0;
  return parts.map((part) => {
    before += part;
    const upTo = Number((BigInt(before) * BigInt(total)) / BigInt(whole));
    const mine = upTo - given;
    given = upTo;
    return mine === 0 ? 0 : mine;
  });
}

/**
 * The lots of one owner and symbol after a conversion of all of them. Each becomes a lot with its own cost, day and trade; a lot of which
 * no whole unit comes leaves its cost to the next that has one (the last such, to the one before).
 * @param before open lots, oldest first, all of one sign
 */
export function convertLots(before: readonly Lot[], conversion: Conversion): ConversionStep {
  const { to, total, by } = conversion;
  const taken = before.map(emptied);
  const closures = before.map((lot) => closureOf(lot, conversion));
  if (before.length === 0 || total === 0) return { taken, closures, opened: [] };
  const units = shared(
    before.map((lot) => lot.qtyLeft),
    total,
  );
  const opened: Lot[] = [];
  let carried = usd(0);
  for (const [i, lot] of before.entries()) {
    const qty = netQty(units[i] ?? 0);
    carried = plus(carried, lot.cashLeft);
    if (qty === 0) continue;
    const { owner, trade, openedAt, openedDay } = lot;
    const whole = { qty, cash: carried, qtyLeft: qty, cashLeft: carried };
    opened.push({ id: `${by}/${opened.length + 1}`, owner, instrument: to, trade, origin: 'split', openedAt, openedDay, ...whole });
    carried = usd(0);
  }
  const last = opened.at(-1);
  if (last !== undefined && carried !== 0)
    opened[opened.length - 1] = { ...last, cash: plus(last.cash, carried), cashLeft: plus(last.cashLeft, carried) };
  return { taken, closures, opened };
}

/** The position that a converted one becomes, together with what its owner held of the new symbol already; null when nothing comes of it. */
export function convertPosition(
  before: Position,
  there: Position | null,
  { to, total }: Pick<Conversion, 'to' | 'total'>,
): Position | null {
  if (total === 0) return there;
  const after: Position = { ...before, instrument: to, qty: netQty(total) };
  if (there === null) return after;
  const { openedDay } = there.openedDay < before.openedDay ? there : before;
  return { ...after, qty: plus(after.qty, there.qty), cost: plus(after.cost, there.cost), openedDay };
}

/** True when a conversion changes the name itself: the root of an adjusted option is still that of its name. */
export const renames = (was: Instrument['underlying'], to: Instrument): boolean =>
  to.underlying !== was && !(to.kind === 'option' && to.underlying.replace(/\d$/, '') === was.replace(/\d$/, ''));

/** A cycle whose name was changed, together with one that ran under the new name already. */
export function renameCycle(before: Cycle, there: Cycle | null, underlying: Cycle['underlying']): Cycle {
  if (there === null) return { ...before, underlying };
  const { startedDay, sharesSinceDay } = before.startedDay < there.startedDay ? before : there;
  return {
    ...there,
    startedDay,
    sharesSinceDay: sharesSinceDay ?? there.sharesSinceDay ?? before.sharesSinceDay,
    premium: plus(before.premium, there.premium),
    stock: plus(before.stock, there.stock),
    contractsTraded: before.contractsTraded + there.contractsTraded,
  };
}
