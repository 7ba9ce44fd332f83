// Ways out: one closing walk of a position at a time, and a more urgent reason takes the place of a less urgent one.
import type { Close } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import { overlap } from '../domain/legs.ts';
import { urgency } from '../domain/urgency.ts';
import { type Draft, note } from './draft.ts';
import { abandonLadder, beginLadder } from './ladders.ts';
import { activeLadders, type Ladder, type State } from './state.ts';
import type { World } from './world.ts';

/** Exits of one position are numbered within the day: the next number is above that of every walk and every order so far. */
function exitKey(state: State, draft: Draft, prefix: string): string {
  const today = [...state.orders.values()].filter((o) => o.day === draft.day && o.purpose === 'C').map((o) => o.ladder);
  const ordinals = [...today, ...state.ladders.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number(key.slice(prefix.length)));
  return `${prefix}${Math.max(-1, ...ordinals.filter(Number.isInteger)) + 1}`;
}

export interface Exit {
  readonly strategy: StrategyId;
  readonly slot: string;
  /** Its `key` is the prefix under which exits of the position are numbered. */
  readonly intent: Close;
  /** Which walks it takes the place of; by the urgency of their reasons when absent. */
  readonly outranks?: (walking: Ladder) => boolean;
}

/**
 * Begins a way out, unless one that it does not outrank is under way in any of its instruments. Those it outranks are given up; it
 * places its first order as soon as the last of theirs is known to be over, and for no more than is then left.
 */
export function beginExit(world: World, state: State, draft: Draft, exit: Exit): Ladder | undefined {
  const { strategy, intent } = exit;
  const outranks = exit.outranks ?? ((l: Ladder) => urgency(intent.code) < urgency(l.intent.code));
  const rivals = activeLadders(state).filter(
    (l) => l.strategy === strategy && l.purpose === 'C' && !l.abandoned && overlap(l.intent.legs, intent.legs),
  );
  if (!rivals.every(outranks)) return undefined;
  for (const rival of rivals) {
    note(draft, 'ladder.replaced', 'info', { strategy, symbol: rival.intent.subject, was: rival.intent.code, by: intent.code });
    abandonLadder(state, draft, rival, `${intent.code} comes before ${rival.intent.code}`);
  }
  return beginLadder(world, state, draft, { key: exitKey(state, draft, `${strategy}:${intent.key}:`), slot: exit.slot, strategy, intent });
}
