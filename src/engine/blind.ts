// Held without a quote: after a minute its strategy opens nothing and a person is told, after five a person is called. It is held
// meanwhile: selling blind into a halt gives the money away.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Position } from '../domain/position.ts';
import { MINUTE, type MonoMs } from '../domain/time.ts';
import { type Draft, note } from './draft.ts';
import { positionKey, type State } from './state.ts';
import type { Blind } from './upkeep.ts';
import type { World } from './world.ts';

/** Without a usable quote for so long, wall time: quotes age by our own clock. */
const BLIND_AFTER_MS = MINUTE;
const PAGE_AFTER_MS = 5 * MINUTE;

/** What is to be said of a position that has had no quote since then. */
const levelAfter = (ms: number): Blind['said'] => (ms >= PAGE_AFTER_MS ? 2 : ms >= BLIND_AFTER_MS ? 1 : 0);

function unseen(state: State, draft: Draft, position: Position, key: string, why: string): void {
  const now = draft.at.mono;
  const before = state.upkeep.blind.get(key);
  const since = before?.since ?? now;
  const level = levelAfter(now - since);
  if (level > (before?.said ?? 0)) {
    const { symbol } = position.instrument;
    note(draft, 'position.blind', level === 2 ? 'critical' : 'major', { strategy: position.owner, symbol, ms: now - since, why });
  }
  state.upkeep.blind.set(key, { since, said: Math.max(level, before?.said ?? 0) as Blind['said'], firstSeen: null });
}

/** A quote is there again. What was called blind needs a second one: the first after a halt may be the last before the next. */
function seen(state: State, draft: Draft, position: Position, key: string, at: MonoMs): void {
  const before = state.upkeep.blind.get(key);
  if (before === undefined) return;
  if (before.said > 0 && (before.firstSeen === null || before.firstSeen === at)) {
    state.upkeep.blind.set(key, { ...before, firstSeen: at });
    return;
  }
  state.upkeep.blind.delete(key);
  if (before.said > 0)
    note(draft, 'position.seen', 'info', {
      strategy: position.owner,
      symbol: position.instrument.symbol,
      ms: draft.at.mono - before.since,
    });
}

/** Looks at the quote of everything held. With the market closed nothing is quoted, and nothing is missed. */
export function watchQuotes(world: World, state: State, draft: Draft): void {
  const { blind } = state.upkeep;
  if (world.calendar.inSession(draft.at.exchange) === undefined) {
    blind.clear();
    return;
  }
  for (const key of [...blind.keys()]) if (!state.positions.has(key)) blind.delete(key);
  const view = world.market(draft.at);
  for (const position of state.positions.values()) {
    if (position.owner === 'EXTERNAL') continue;
    const key = positionKey(position.owner, position.instrument.symbol);
    const quote = view.quote(position.instrument.symbol);
    if (quote.known) seen(state, draft, position, key, quote.value.seen);
    else unseen(state, draft, position, key, quote.why);
  }
}

/** A position of the strategy that is blind; undefined when it sees all it holds. */
export function blindOf(state: State, strategy: StrategyId): Symbol | undefined {
  for (const position of state.positions.values())
    if (position.owner === strategy && (state.upkeep.blind.get(positionKey(strategy, position.instrument.symbol))?.said ?? 0) > 0)
      return position.instrument.symbol;
  return undefined;
}

/** True when a position has had no quote for a minute. */
export const isBlind = (state: State, strategy: StrategyId, symbol: Symbol): boolean =>
  (state.upkeep.blind.get(positionKey(strategy, symbol))?.said ?? 0) > 0;

/** When the next word on a position without a quote is due, wall time. */
export function nextBlind(state: State): MonoMs | null {
  const due = [...state.upkeep.blind.values()]
    .filter((b) => b.said < 2)
    .map((b) => b.since + (b.said === 0 ? BLIND_AFTER_MS : PAGE_AFTER_MS));
  return due.length === 0 ? null : (Math.min(...due) as MonoMs);
}
