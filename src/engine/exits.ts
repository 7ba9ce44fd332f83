// Ways out: one closing walk of a position at a time, and a more urgent reason takes the place of a less urgent one.
import type { Close } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import { overlap, packageKey } from '../domain/legs.ts';
import { price } from '../domain/money.ts';
import { urgency } from '../domain/urgency.ts';
import { type Draft, note } from './draft.ts';
import { fireExits } from './fired.ts';
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

const repeats = (walking: Ladder, intent: Close): boolean =>
  walking.intent.key === intent.key && walking.intent.code === intent.code && packageKey(walking.intent.legs) === packageKey(intent.legs);

/**
 * The walk goes on by the prices of the present market, at the rung where it is, and never for better than what already works: in a
 * steady fall the rungs of the first quote would trail behind every later one until the walk is over.
 */
function goBy(state: State, walking: Ladder, intent: Close): void {
  const works = walking.current === null ? undefined : state.orders.get(walking.current)?.limit;
  const least =
    works ?? walking.intent.prices.rungs[Math.min(walking.rung, walking.intent.prices.rungs.length - 1)] ?? intent.prices.rungs[0];
  const [first, ...rest] = intent.prices.rungs.map((rung) => price(Math.max(rung, least)));
  if (first === undefined) return;
  state.ladders.set(walking.key, { ...walking, intent: { ...walking.intent, prices: { ...intent.prices, rungs: [first, ...rest] } } });
}

/**
 * Begins a way out, unless one that it does not outrank is under way in any of its instruments; the same one, said again, goes on by the new
 * prices. Those it outranks are given up; it
 * places its first order as soon as the last of theirs is known to be over, and for no more than is then left.
 */
export function beginExit(world: World, state: State, draft: Draft, exit: Exit): Ladder | undefined {
  const { strategy, intent } = exit;
  const outranks = exit.outranks ?? ((l: Ladder) => urgency(intent.code) < urgency(l.intent.code));
  const rivals = activeLadders(state).filter(
    (l) => l.strategy === strategy && l.purpose === 'C' && !l.abandoned && overlap(l.intent.legs, intent.legs),
  );
  if (!rivals.every(outranks)) {
    for (const same of rivals.filter((l) => repeats(l, intent))) goBy(state, same, intent);
    return undefined;
  }
  for (const rival of rivals) {
    note(draft, 'ladder.replaced', 'info', { strategy, symbol: rival.intent.subject, was: rival.intent.code, by: intent.code });
    abandonLadder(state, draft, rival, `${intent.code} comes before ${rival.intent.code}`);
  }
  const key = exitKey(state, draft, `${strategy}:${intent.key}:`);
  const begun = beginLadder(world, state, draft, { key, slot: exit.slot, strategy, intent });
  if (begun !== undefined) fireExits(state, draft, strategy, intent);
  return begun;
}
