// What the baseline's verdict on a strategy does to its entries: none while it is suspended, half of each on probation.
import type { Json, Open } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import { qty, usd } from '../domain/money.ts';
import { BASELINE, type Judgement, judgementsIn } from '../strategies/index-baseline/standing.ts';
import { type Draft, note } from './draft.ts';
import type { State } from './state.ts';

/** The verdict that binds a strategy now; undefined while there is none. */
export const judgementOf = (state: State, strategy: StrategyId): Judgement | undefined =>
  judgementsIn(state.memories.get(BASELINE) ?? null)[strategy];

/** A part of an opening, 0 to 1, rounded down; undefined when nothing is left of it. */
export function partOf(decision: Open, part: number): Open | undefined {
  const count = Math.floor(decision.qty * part);
  // Written as a negation, so that a part that is no number leaves nothing.
  if (!(count >= 1)) return undefined;
  if (count === decision.qty) return decision;
  return { ...decision, qty: qty(count), maxLoss: usd(Math.ceil((decision.maxLoss * count) / decision.qty)) };
}

/** Tells every standing that a new memory of the baseline changes. */
export function noteStandings(draft: Draft, strategy: StrategyId, before: Json, after: Json): void {
  if (strategy !== BASELINE) return;
  const [was, is] = [judgementsIn(before), judgementsIn(after)];
  for (const id of [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()) {
    const [from, to] = [was[id]?.standing ?? 'ACTIVE', is[id]?.standing ?? 'ACTIVE'];
    if (from === to) continue;
    note(draft, 'strategy.standing', to === 'SUSPEND' ? 'major' : to === 'PROBATION' ? 'minor' : 'info', {
      strategy: id,
      from,
      to,
      month: is[id]?.month ?? null,
    });
  }
}
