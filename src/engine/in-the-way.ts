// Orders of ours that stand between a walk and the market, and how they are got out of its way.
import { overlap } from '../domain/legs.ts';
import { isTerminal, type Order } from '../domain/order.ts';
import type { Draft } from './draft.ts';
import { cancelOrder } from './reports.ts';
import { type Ladder, liveOrders, type State } from './state.ts';

/**
 * Own resting stops on the shares a walk would trade: the broker refuses both to live at once. For a way out one that every look-up found
 * absent is none: should it turn up after all, the broker has no shares left for it, and refuses it.
 */
function restingStops(state: State, ladder: Ladder): Order[] {
  const symbols = new Set(ladder.intent.legs.filter((l) => l.instrument.kind === 'equity').map((l) => l.instrument.symbol));
  return liveOrders(state).filter(
    (o) =>
      o.purpose === 'P' &&
      o.strategy === ladder.strategy &&
      !(ladder.purpose === 'C' && o.state === 'absent_watch') &&
      o.legs.some((l) => symbols.has(l.instrument.symbol)),
  );
}

/** Given-up exits of the same strategy in the same instruments whose last order is not known to be over. */
const replaced = (state: State, ladder: Ladder): boolean =>
  ladder.purpose === 'C' &&
  [...state.ladders.values()].some(
    (l) =>
      l.key !== ladder.key &&
      l.strategy === ladder.strategy &&
      l.purpose === 'C' &&
      l.abandoned &&
      l.current !== null &&
      !isTerminal(state.orders.get(l.current)?.state ?? 'dropped') &&
      overlap(l.intent.legs, ladder.intent.legs),
  );

/** Takes own resting stops back; true when nothing is in the way of a walk any more. */
export function isClear(state: State, draft: Draft, ladder: Ladder): boolean {
  for (const order of restingStops(state, ladder)) cancelOrder(state, draft, order, 'a trade of the protected shares comes first');
  return restingStops(state, ladder).length === 0 && !replaced(state, ladder);
}

/** Orders that open on the other side of what an exit would close, whoever sent them: a way in gives way to a way out. */
export const crossing = (state: State, ladder: Ladder): readonly Order[] =>
  liveOrders(state).filter(
    (o) =>
      o.purpose === 'O' &&
      o.legs.some((a) => ladder.intent.legs.some((b) => a.instrument.symbol === b.instrument.symbol && a.side !== b.side)),
  );
