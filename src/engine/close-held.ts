// Halts of the level `flatten`: as long as one stands, what it covers is closed, walk after walk, while the market is open.
import { covers } from '../domain/halt.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Position } from '../domain/position.ts';
import type { MonoMs } from '../domain/time.ts';
import type { Approach } from '../execution/flatten.ts';
import { byName, type CloseOut, closeOut } from './close-out.ts';
import { type Draft, note } from './draft.ts';
import { frozenBy } from './permissions.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

/** From half way to the natural price to a little beyond it: a person who says flatten wants out, at a limit all the same. */
export const ORDERED_OUT: Approach = { fractions: [0.5, 1], beyondTicks: [1, 3, 5], stepMs: 5_000 };
export const FLATTEN_SLOT = 'flatten';
/** What found no taker, or no quote, is looked at again after this much wall time. */
const LOOK_MS = 5_000;

const ofOurs = (state: State): Position[] => [...state.positions.values()].filter((p) => p.owner !== 'EXTERNAL');

/** Positions that a flatten covers and no freeze keeps. */
const covered = (state: State): readonly Position[] =>
  ofOurs(state).filter((p) => {
    const { owner, instrument } = p;
    if (owner === 'EXTERNAL' || frozenBy(state, owner, instrument.underlying).length > 0) return false;
    return state.halts.some((h) => h.level === 'flatten' && covers(h.scope, owner, instrument.underlying));
  });

/** How a group leaves: by the word of the first flatten that covers it. */
function wayOut(state: State, strategy: StrategyId, [first]: readonly Position[]): CloseOut {
  const underlying = first?.instrument.underlying;
  const halt = state.halts.find((h) => h.level === 'flatten' && underlying !== undefined && covers(h.scope, strategy, underlying));
  const code = halt?.cause === undefined ? 'OPERATOR' : 'LOSS_LIMIT';
  return { strategy, slot: FLATTEN_SLOT, code, why: `flatten: ${halt?.reason ?? ''}`, approach: ORDERED_OUT };
}

/** Keeps a way out under way for all that a flatten covers. */
export function closeHeld(world: World, state: State, draft: Draft): void {
  const { upkeep } = state;
  if (state.shutdown !== null || !state.reconciledOnce || !state.halts.some((h) => h.level === 'flatten')) {
    upkeep.flattenAt = null;
    return;
  }
  const held = covered(state);
  if (held.length === 0) {
    if (upkeep.flattenAt !== null) note(draft, 'flatten.done', 'info', {});
    upkeep.flattenAt = null;
    return;
  }
  if (upkeep.flattenAt !== null && upkeep.flattenAt > draft.at.mono) return;
  upkeep.flattenAt = (draft.at.mono + LOOK_MS) as MonoMs;
  if (world.calendar.inSession(draft.at.exchange) === undefined) return;
  for (const [strategy, group] of byName(held)) {
    for (const symbol of closeOut(world, state, draft, group, wayOut(state, strategy, group))) {
      if (upkeep.unpriced.has(symbol)) continue;
      upkeep.unpriced.add(symbol);
      note(draft, 'flatten.waiting', 'major', { strategy, symbol });
    }
  }
}

/** When what could not be closed yet is looked at again. */
export const nextCloseHeld = (state: State): MonoMs | null => state.upkeep.flattenAt;
