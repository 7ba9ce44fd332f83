// Whether a strategy may open anything at all: a person's switch stands above the configuration. The one place that knows.
import type { Switch } from '../domain/control.ts';
import type { Phase } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { State } from './state.ts';
import type { Enlisted } from './world.ts';

function offBecause({ enabled, leftOut }: Enlisted, switched: Switch | undefined): string | null {
  if (leftOut === true) return 'left out of this run';
  if (switched?.on ?? enabled) return null;
  return switched === undefined ? 'off in the configuration' : `switched off: ${switched.reason}`;
}

/** Applies a switch; without one the configuration says it. */
function follow(state: State, enlisted: Enlisted): void {
  const { id } = enlisted.strategy;
  const why = offBecause(enlisted, state.switches.get(id));
  if (why === null) state.off.delete(id);
  else state.off.set(id, why);
}

/** What is off at the start: by configuration, or by a switch of an earlier run. */
export function followSwitches(state: State, strategies: readonly Enlisted[]): void {
  for (const enlisted of strategies) follow(state, enlisted);
}

/** Sets a switch. */
export function setSwitch(state: State, enlisted: Enlisted, next: Switch): void {
  state.switches.set(next.strategy, next);
  follow(state, enlisted);
}

/** True when a slot of this phase asks nothing of the strategy: nothing needs to be fetched for it. */
export const isIdle = (state: State, strategy: StrategyId, phase: Phase): boolean => phase === 'entry' && state.off.has(strategy);
