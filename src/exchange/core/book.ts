// Open orders seen by symbol: what they would trade, what they lock, and how an order changes state.
import type { XIntent, XOrder, XStatus, XTradeEvent } from '../types.ts';
import { type BookOrder, isOpen } from './rows.ts';
import type { Venue } from './venue.ts';

/** One symbol's share of an order: the order itself, or one leg of it. */
export interface Part {
  /** The order's own id, or the leg's. */
  readonly orderId: string;
  readonly legNo: number | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly intent: XIntent;
  readonly ratio: number;
}

export const sideSign = (side: 'buy' | 'sell'): 1 | -1 => (side === 'buy' ? 1 : -1);
export const isClosing = (intent: XIntent): boolean => intent === 'buy_to_close' || intent === 'sell_to_close';
export const remaining = (order: XOrder): number => order.qty - order.filledQty;

export function partsOf(order: XOrder): readonly Part[] {
  if (order.orderClass === 'mleg') {
    return order.legs.map((leg, legNo) => ({
      orderId: leg.id,
      legNo,
      symbol: leg.symbol,
      side: leg.side,
      intent: leg.intent,
      ratio: leg.ratioQty,
    }));
  }
  if (order.side === '' || order.intent === null) return [];
  return [{ orderId: order.id, legNo: null, symbol: order.symbol, side: order.side, intent: order.intent, ratio: 1 }];
}

/** Open orders of an account that would close a position in a symbol, and the quantity they lock. */
export function closingOrders(venue: Venue, account: string, symbol: string): { readonly ids: readonly string[]; readonly locked: number } {
  const ids: string[] = [];
  let locked = 0;
  for (const { order } of venue.truth.openOf(account)) {
    for (const part of partsOf(order)) {
      if (part.symbol !== symbol || !isClosing(part.intent)) continue;
      ids.push(order.id);
      locked += remaining(order) * part.ratio;
    }
  }
  return { ids, locked };
}

/** Puts a changed order on the books and tells the stream. */
export function report(venue: Venue, row: BookOrder, event: XTradeEvent['event'], execution: XTradeEvent['execution'] = null): void {
  venue.truth.putOrder(row);
  venue.emit({ account: row.order.account, event, at: venue.truth.scalars.at, order: row.order, execution });
}

/** Ends an order that still works; its hold is released. */
export function end(
  venue: Venue,
  row: BookOrder,
  status: Extract<XStatus, 'canceled' | 'expired' | 'rejected'>,
  reason: string | null = null,
): void {
  if (!isOpen(row.order)) return;
  const at = venue.truth.scalars.at;
  const order: XOrder = {
    ...row.order,
    status,
    held: 0,
    updatedAt: at,
    rejectReason: reason ?? row.order.rejectReason,
    canceledAt: status === 'canceled' ? at : row.order.canceledAt,
    expiredAt: status === 'expired' ? at : row.order.expiredAt,
    failedAt: status === 'rejected' ? at : row.order.failedAt,
  };
  report(venue, { ...row, order, ackAt: null, matchAt: null, cancelAt: null }, status);
}

/**
 * Cancels what would close more of a symbol than is held, newest first. A position can vanish without a trade:
 * by assignment, exercise or expiry.
 */
export function cancelOverhang(venue: Venue, account: string, symbol: string): void {
  const position = venue.truth.position(account, symbol)?.qty ?? 0;
  const rows = venue.truth.openOf(account).filter(({ order }) => partsOf(order).some((p) => p.symbol === symbol && isClosing(p.intent)));
  for (const row of rows.reverse()) {
    const parts = partsOf(row.order).filter((p) => p.symbol === symbol && isClosing(p.intent));
    const wrongWay = parts.some((p) => sideSign(p.side) * position >= 0);
    if (wrongWay || closingOrders(venue, account, symbol).locked > Math.abs(position)) end(venue, row, 'canceled');
  }
}
