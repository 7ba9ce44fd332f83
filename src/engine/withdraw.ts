// What was on its way into the market when a person (or a guard) said stop is taken back: openings that are barred by now, and under a
// freeze everything that works but protection.
import { covers, type HaltScope } from '../domain/halt.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Draft } from './draft.ts';
import { abandonLadder } from './ladders.ts';
import { actionOf, barredBy } from './permissions.ts';
import { cancelOrder } from './reports.ts';
import { activeLadders, type Ladder, liveOrders, type State } from './state.ts';

const underlyingOf = (of: { readonly legs: Order['legs'] }): Symbol => of.legs[0].instrument.underlying;

/** Gives up the walks that fit and cancels the orders that fit; orders of those walks with them. */
function takeBack(
  state: State,
  draft: Draft,
  walks: (walk: Ladder) => string | undefined,
  orders: (order: Order) => string | undefined,
): void {
  for (const walk of activeLadders(state)) {
    const why = walk.abandoned ? undefined : walks(walk);
    if (why !== undefined) abandonLadder(state, draft, walk, why);
  }
  for (const order of liveOrders(state)) {
    const why = orders(order);
    if (why !== undefined) cancelOrder(state, draft, order, why);
  }
}

/** Takes back every opening that a halt or a switch bars. Asked after every event, so that it holds across restarts, too. */
export function withdrawBarred(state: State, draft: Draft): void {
  if (state.halts.length === 0 && state.off.size === 0) return;
  const why = (strategy: StrategyId, of: { readonly legs: Order['legs'] }): string | undefined =>
    barredBy(state, strategy, underlyingOf(of))[0];
  takeBack(
    state,
    draft,
    (walk) => (walk.purpose === 'O' ? why(walk.strategy, walk.intent) : undefined),
    (order) => (actionOf(order) === 'open' ? why(order.strategy, order) : undefined),
  );
}

/** Takes back everything of a scope that works at the broker but protective stops: they are all that is left of a defence. */
export function withdrawAll(state: State, draft: Draft, scope: HaltScope, why: string): void {
  takeBack(
    state,
    draft,
    (walk) => (covers(scope, walk.strategy, underlyingOf(walk.intent)) ? why : undefined),
    (order) => (order.purpose !== 'P' && covers(scope, order.strategy, underlyingOf(order)) ? why : undefined),
  );
}
