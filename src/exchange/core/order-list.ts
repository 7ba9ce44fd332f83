// Reading orders back: the filters of the order list.
import type { XOrder, XOrderFilter } from '../types.ts';
import { shownOrder } from './groups.ts';
import { isOpen } from './rows.ts';
import type { Truth } from './truth.ts';

const concerns = (order: XOrder, symbols: readonly string[]): boolean =>
  symbols.includes(order.symbol) || order.legs.some((leg) => symbols.includes(leg.symbol));

/** Orders of an account in order of submission; `after`, `until` and both cursors are exclusive. */
export function listOrders(truth: Truth, account: string, filter: XOrderFilter): readonly XOrder[] {
  const { status, after, until, symbols, side, limit } = filter;
  const since = filter.afterOrderId === null ? undefined : truth.order(filter.afterOrderId)?.order.ordinal;
  const before = filter.beforeOrderId === null ? undefined : truth.order(filter.beforeOrderId)?.order.ordinal;
  const nested = filter.nested ?? false;
  const chosen: XOrder[] = [];
  for (const { order } of truth.orders()) {
    if (order.account !== account || (nested && order.parentId !== null)) continue;
    const works = isOpen(order) || (status === 'open' && nested && truth.childrenOf(order.id).some((leg) => isOpen(leg.order)));
    if (status !== 'all' && works !== (status === 'open')) continue;
    if ((after !== null && order.submittedAt <= after) || (until !== null && order.submittedAt >= until)) continue;
    if ((since !== undefined && order.ordinal <= since) || (before !== undefined && order.ordinal >= before)) continue;
    if (symbols !== null && !concerns(order, symbols)) continue;
    if (side !== null && order.side !== side) continue;
    chosen.push(order);
  }
  chosen.sort((a, b) => (filter.direction === 'asc' ? a.ordinal - b.ordinal : b.ordinal - a.ordinal));
  return chosen.slice(0, limit).map((order) => shownOrder(truth, order));
}
