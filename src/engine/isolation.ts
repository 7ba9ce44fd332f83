// The one place where a strategy may fail: what it throws is caught here, its decisions of that call are dropped, and the others go on.
//
// 1. A failure is a note, and counts. Entries wait, twice as long each time; what is held is managed at every slot all the same.
// 2. Five in a row of one call halt the strategy until a person resumes it. One success ends the row.
import type { StrategyCall, StrategyFault } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import { MINUTE, type MonoMs, SECOND } from '../domain/time.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { noNeeds } from '../strategies/strategy.ts';
import { type Draft, note } from './draft.ts';
import { addHalt } from './halts.ts';
import type { State } from './state.ts';
import type { Enlisted } from './world.ts';

/** In a row, of one call. */
const HALT_AFTER = 5;
const BACK_OFF_MS = 30 * SECOND;
const BACK_OFF_MS_MAX = 15 * MINUTE;

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: StrategyFault };

/** The innermost frame of a stack: function, file and line, without the folders, which differ from machine to machine. */
const frameOf = (error: Error): string => {
  const frame = error.stack?.split('\n').find((line) => /^\s*at /.test(line)) ?? '';
  return frame.trim().replace(/(?:file:\/\/)?[^\s()]*[\\/](?=[^\\/]+$)/, '');
};

/** Asks a strategy, and takes whatever it throws. */
function attempt<T>(call: StrategyCall, ask: () => T): Attempt<T> {
  try {
    return { ok: true, value: ask() };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
    return { ok: false, fault: { call, why, at: error instanceof Error ? frameOf(error) : '' } };
  }
}

const keyOf = (strategy: StrategyId, call: StrategyCall): string => `${strategy}|${call}`;

/** Counts a failure, says it, and halts the strategy when there were too many. */
export function recordFailure(state: State, draft: Draft, strategy: StrategyId, fault: StrategyFault): void {
  const key = keyOf(strategy, fault.call);
  const inARow = (state.upkeep.failing.get(key)?.inARow ?? 0) + 1;
  const pause = Math.min(BACK_OFF_MS * 2 ** (inARow - 1), BACK_OFF_MS_MAX);
  state.upkeep.failing.set(key, { strategy, inARow, until: (draft.at.mono + pause) as MonoMs });
  note(draft, 'strategy.failed', 'major', { strategy, call: fault.call, why: fault.why, at: fault.at, inARow });
  if (inARow >= HALT_AFTER)
    addHalt(state, draft, { kind: 'strategy', id: strategy }, `its ${fault.call} failed ${HALT_AFTER} times in a row`);
}

/** Ends the row of failures of a call. */
export function recordSuccess(state: State, strategy: StrategyId, call: StrategyCall): void {
  state.upkeep.failing.delete(keyOf(strategy, call));
}

/** Asks a strategy inside a turn; undefined when it failed, which is then counted and said. */
export function consult<T>(state: State, draft: Draft, strategy: StrategyId, call: StrategyCall, ask: () => T): T | undefined {
  const answer = attempt(call, ask);
  if (answer.ok) {
    recordSuccess(state, strategy, call);
    return answer.value;
  }
  recordFailure(state, draft, strategy, answer.fault);
  return undefined;
}

/** Until when a strategy is not asked for entries, for it failed; null when it may be asked. */
export function resting(state: State, strategy: StrategyId, now: MonoMs): MonoMs | null {
  const until = Math.max(-Infinity, ...[...state.upkeep.failing.values()].filter((f) => f.strategy === strategy).map((f) => f.until));
  return until > now ? (until as MonoMs) : null;
}

/** True while one call of a strategy is not to be repeated yet. */
export const pausing = (state: State, strategy: StrategyId, call: StrategyCall, now: MonoMs): boolean =>
  (state.upkeep.failing.get(keyOf(strategy, call))?.until ?? -Infinity) > now;

export interface Guarded {
  readonly strategies: readonly Enlisted[];
  /** What a strategy threw outside of a turn since this was last asked; the next tick carries it into the engine. */
  take(strategy: StrategyId): StrategyFault | null;
}

/** The same strategies, whose wishes for data do not throw: one that fails wishes for nothing, and the fault is kept. */
export function guarded(strategies: readonly Enlisted[]): Guarded {
  const faults = new Map<StrategyId, StrategyFault>();
  const keep = <T>(id: StrategyId, call: StrategyCall, ask: () => T, instead: T): T => {
    const answer = attempt(call, ask);
    if (!answer.ok) faults.set(id, answer.fault);
    return answer.ok ? answer.value : instead;
  };
  const guard = (strategy: AnyStrategy): AnyStrategy => ({
    ...strategy,
    watches: (context) => keep(strategy.id, 'watches', () => strategy.watches(context), noNeeds),
    chains: (context) => keep(strategy.id, 'chains', () => strategy.chains(context), []),
  });
  return {
    strategies: strategies.map((e) => ({ ...e, strategy: guard(e.strategy) })),
    take: (id) => {
      const fault = faults.get(id) ?? null;
      faults.delete(id);
      return fault;
    },
  };
}
