// One function says what may leave now. Modes are a set: permission is AND over the active ones.
import type { HaltScope } from '../domain/event.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { type Halt, type Mode, modes } from '../domain/turn.ts';
import type { State } from './state.ts';

export type Action = 'open' | 'exit' | 'protect' | 'cancel';

/** Modes that stand against an action: every one against an opening. Exits pass everything but a frozen book and a journal that cannot be written. */
const against: Readonly<Record<Action, readonly Mode[]>> = {
  open: modes,
  exit: ['JOURNAL_DOWN', 'FROZEN'],
  protect: ['JOURNAL_DOWN', 'FROZEN', 'SHUTTING_DOWN'],
  cancel: [],
};

/** Names of what stands against an action now; empty means that it may. */
export function obstacles(state: State, action: Action): readonly string[] {
  const found: string[] = against[action].filter((mode) => state.modes.has(mode));
  if (action !== 'cancel' && !state.reconciledOnce) found.push('NOT_RECONCILED');
  if (action === 'open' && state.account !== null) {
    const { tradingBlocked, accountBlocked, suspendedByUser } = state.account;
    if (tradingBlocked || accountBlocked || suspendedByUser) found.push('ACCOUNT_BLOCKED');
  }
  return found;
}

export const may = (state: State, action: Action): boolean => obstacles(state, action).length === 0;

const covers = (scope: HaltScope, strategy: StrategyId, underlying: Symbol): boolean =>
  scope.kind === 'account' ||
  (scope.kind === 'strategy' && scope.id === strategy) ||
  (scope.kind === 'symbol' && scope.symbol === underlying);

/** Halts that bind openings of a strategy in a name. */
export const haltsOn = (halts: readonly Halt[], strategy: StrategyId, underlying: Symbol): readonly string[] =>
  halts.filter((h) => covers(h.scope, strategy, underlying)).map((h) => h.reason);

export const actionOf = (order: Order): Action =>
  order.purpose === 'O' || order.purpose === 'R' ? 'open' : order.purpose === 'P' ? 'protect' : 'exit';

/** Asked in the same step as the write to the network: may this order's bytes leave now? */
export function mayLeave(state: State, order: Order): boolean {
  const action = actionOf(order);
  if (!may(state, action)) return false;
  return action !== 'open' || haltsOn(state.halts, order.strategy, order.legs[0].instrument.underlying).length === 0;
}

/** Adds or removes a mode; true when that changed anything. */
export function setMode(state: State, mode: Mode, on: boolean): boolean {
  if (state.modes.has(mode) === on) return false;
  if (on) state.modes.add(mode);
  else state.modes.delete(mode);
  return true;
}
