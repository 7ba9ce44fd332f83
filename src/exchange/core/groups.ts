// Orders that belong together: an entry with its exits (bracket, oto), or two exits of which one may trade (oco).
import type { XOrder } from '../types.ts';
import { minus } from './quantity.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Truth } from './truth.ts';

export const isGrouped = ({ orderClass }: Pick<XOrder, 'orderClass'>): boolean =>
  orderClass === 'bracket' || orderClass === 'oco' || orderClass === 'oto';

/** True of the order that leads a group into a position; an oco has none. */
export const isEntry = (order: XOrder): boolean =>
  order.parentId === null && (order.orderClass === 'bracket' || order.orderClass === 'oto');

/** All orders of a group, its leader first; an order alone is a group of one. Replaced orders have left it. */
export function groupOf(truth: Truth, order: XOrder): readonly BookOrder[] {
  const leader = truth.order(order.parentId ?? order.id);
  return leader === undefined ? [] : [leader, ...truth.childrenOf(leader.order.id)];
}

/** The other exit of a pair, while it is open; undefined for an order that is in none. */
export function partnerOf(truth: Truth, order: XOrder): BookOrder | undefined {
  if (!isGrouped(order) || isEntry(order)) return undefined;
  return groupOf(truth, order).find((row) => row.order.id !== order.id && !isEntry(row.order) && isOpen(row.order));
}

/** The exit of a pair that stops a loss: it gives way to the other while that one works. */
export const isStopSide = (order: XOrder): boolean => order.type === 'stop' || order.type === 'stop_limit';

export const remaining = (order: XOrder): number => minus(order.qty, order.filledQty);

/**
 * Units that an open order may still trade beyond what other open orders already answer for: none of a leg that waits for its
 * entry, none of a stop whose partner works for the same shares, and of a replacement only what it adds.
 */
export function ownUnits(truth: Truth, row: BookOrder): number {
  const { order, awaits } = row;
  if (awaits?.kind === 'entry') return 0;
  if (awaits?.kind === 'replace') {
    const old = truth.order(awaits.of)?.order;
    return old !== undefined && isOpen(old) ? Math.max(0, minus(remaining(order), remaining(old))) : remaining(order);
  }
  return isStopSide(order) && partnerOf(truth, order) !== undefined ? 0 : remaining(order);
}

/** An order as it is shown: with the other orders of the group it leads. */
export function shownOrder(truth: Truth, order: XOrder): XOrder {
  if (!isGrouped(order) || order.parentId !== null) return order;
  return { ...order, children: truth.childrenOf(order.id).map((row) => row.order) };
}
