// One function says what may leave now. Modes are a set: permission is AND over the active ones.
import { covers, type Halt } from '../domain/halt.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { type Mode, modes } from '../domain/turn.ts';
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

/** Halts that bind openings of a strategy in a name. */
export const haltsOn = (halts: readonly Halt[], strategy: StrategyId, underlying: Symbol): readonly string[] =>
  halts.filter((h) => covers(h.scope, strategy, underlying)).map((h) => h.reason);

/** Everything that bars openings of a strategy in a name, in words: halts, and a strategy that is off. */
export function barredBy(state: State, strategy: StrategyId, underlying: Symbol): readonly string[] {
  const off = state.off.get(strategy);
  return [...haltsOn(state.halts, strategy, underlying), ...(off === undefined ? [] : [off])];
}

/** Freezes that cover a strategy in a name: not even exits leave. */
export const frozenBy = (state: State, strategy: StrategyId, underlying: Symbol): readonly string[] =>
  haltsOn(
    state.halts.filter((h) => h.level === 'freeze'),
    strategy,
    underlying,
  );

/** `obstacles` to an action of a strategy in a name: a freeze of that alone counts as well. */
export function obstaclesTo(state: State, action: Action, strategy: StrategyId, underlying: Symbol): readonly string[] {
  const found = obstacles(state, action);
  if (action === 'cancel' || found.includes('FROZEN') || frozenBy(state, strategy, underlying).length === 0) return found;
  return [...found, 'FROZEN'];
}

export const actionOf = (order: Order): Action =>
  order.purpose === 'O' || order.purpose === 'R' ? 'open' : order.purpose === 'P' ? 'protect' : 'exit';

/** Asked in the same step as the write to the network: may this order's bytes leave now? */
export function mayLeave(state: State, order: Order): boolean {
  const action = actionOf(order);
  const { underlying } = order.legs[0].instrument;
  if (obstaclesTo(state, action, order.strategy, underlying).length > 0) return false;
  return action !== 'open' || barredBy(state, order.strategy, underlying).length === 0;
}

/** Adds or removes a mode; true when that changed anything. */
export function setMode(state: State, mode: Mode, on: boolean): boolean {
  if (state.modes.has(mode) === on) return false;
  if (on) state.modes.add(mode);
  else state.modes.delete(mode);
  return true;
}
