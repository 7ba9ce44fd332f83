// Open orders seen by symbol: what they would trade, what they lock, and how a change of one is told.
import type { XIntent, XOrder, XTradeEvent } from '../types.ts';
import { ownUnits, shownOrder } from './groups.ts';
import { plus } from './quantity.ts';
import type { BookOrder } from './rows.ts';
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
  for (const row of venue.truth.openOf(account)) {
    for (const part of partsOf(row.order)) {
      if (part.symbol !== symbol || !isClosing(part.intent)) continue;
      const units = ownUnits(venue.truth, row);
      if (units === 0) continue;
      ids.push(row.order.id);
      locked = plus(locked, units * part.ratio);
    }
  }
  return { ids, locked };
}

/** Puts a changed order on the books and tells the stream. */
export function report(venue: Venue, row: BookOrder, event: XTradeEvent['event'], execution: XTradeEvent['execution'] = null): void {
  venue.truth.putOrder(row);
  venue.emit({ account: row.order.account, event, at: venue.truth.scalars.at, order: shownOrder(venue.truth, row.order), execution });
}
