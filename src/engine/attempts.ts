// How often an intent has been tried today: three walks without a fill, and it rests until tomorrow.
import type { StrategyId } from '../domain/ids.ts';
import { isTerminal } from '../domain/order.ts';
import type { TradingDay } from '../domain/time.ts';
import type { State } from './state.ts';

/** Walks of one intent in a day. */
export const ATTEMPTS_MAX = 3;

/** The key of a walk that opens: the slot makes it the walk it is, the rest makes it the intent it is. */
export const entryKey = (strategy: StrategyId, slot: string, slotAt: number, key: string): string => `${strategy}:${slot}:${slotAt}:${key}`;

/** Today's walks of an intent that are over and filled nothing, read off the orders, which a restart keeps. */
export function unfilledWalks(state: State, day: TradingDay, strategy: StrategyId, key: string): number {
  const filled = new Map<string, number>();
  for (const order of state.orders.values()) {
    if (order.strategy !== strategy || order.purpose !== 'O' || order.day !== day) continue;
    const [, , , ...rest] = order.ladder.split(':');
    if (rest.join(':') !== key) continue;
    const open = isTerminal(order.state) ? 0 : 1; // one that works may yet fill
    filled.set(order.ladder, (filled.get(order.ladder) ?? 0) + order.cumQty + open);
  }
  return [...filled.values()].filter((n) => n === 0).length;
}
