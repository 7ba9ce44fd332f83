// One decision for every name of a universe: each is judged alone, what passes is ranked, and the room is handed out from the top.
import type { Decision, Gate, Open, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { MarketView } from '../strategy.ts';
import { type Outcome, pass, settle, type Trial } from './gates.ts';

export interface Judged<C> {
  readonly name: Symbol;
  readonly candidate: C;
  readonly gates: readonly Gate[];
}

export interface UniverseAsk<C, R> {
  readonly market: MarketView;
  readonly names: readonly Symbol[];
  /** Everything asked of a name that does not depend on the others. */
  judge(name: Symbol): Trial<C>;
  /** Higher is served first; ties by name. */
  score(candidate: C): number;
  readonly room: R;
  /** The intent inside the room that is left, and the room after it. */
  allot(judged: Judged<C>, room: R): Trial<{ readonly open: Omit<Open, 'gates'>; readonly room: R }>;
}

const refusal = (market: MarketView, name: Symbol, outcome: Extract<Outcome<unknown>, { ok: false }>, before: readonly Gate[]): Pass =>
  pass(name, outcome.code, outcome.why, [...before, ...outcome.gates], market.assumptions(name));

/** Exactly one decision a name. The order of `names` changes nothing. */
export function decideUniverse<C, R>(ask: UniverseAsk<C, R>): readonly Decision[] {
  const { market } = ask;
  const judged: Judged<C>[] = [];
  const passes: Pass[] = [];
  for (const name of [...new Set(ask.names)].sort()) {
    const outcome = settle(ask.judge(name));
    if (outcome.ok) judged.push({ name, candidate: outcome.value, gates: outcome.gates });
    else passes.push(refusal(market, name, outcome, []));
  }
  judged.sort((a, b) => ask.score(b.candidate) - ask.score(a.candidate) || (a.name < b.name ? -1 : 1));
  let room = ask.room;
  const served = judged.map((j): Decision => {
    const outcome = settle(ask.allot(j, room));
    if (!outcome.ok) return refusal(market, j.name, outcome, j.gates);
    room = outcome.value.room;
    return { ...outcome.value.open, gates: [...j.gates, ...outcome.gates] };
  });
  return [...served, ...passes];
}
