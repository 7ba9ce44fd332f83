// What a strategy said, made so: remembered, noted, taken back, or begun as a walk, one decision after another.
import type { CancelDecision, Close, Decision, Open, Pass } from '../domain/decision.ts';
import type { EngineEvent } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import { ATTEMPTS_MAX, entryKey, unfilledWalks } from './attempts.ts';
import { type Draft, note } from './draft.ts';
import { beginExit } from './exits.ts';
import { abandonLadder, beginLadder } from './ladders.ts';
import { factorAt } from './loss-standing.ts';
import { cancelOrder } from './reports.ts';
import { judgementOf, noteStandings, partOf } from './standing.ts';
import { activeLadders, type Ladder, type State } from './state.ts';
import type { World } from './world.ts';

export interface Speaker {
  readonly strategy: StrategyId;
  readonly tick: Extract<EngineEvent, { kind: 'tick' }>;
  /** As it stands in the decision's row. */
  readonly slot: string;
}

const keep = (draft: Draft, { strategy, slot }: Speaker, decision: Pass | CancelDecision): void => {
  draft.decisions.push({ strategy, slot, decision, verdict: null, denial: null, checks: [], orders: [] });
};

/** The walks that a cancel names. */
function walksOf(state: State, strategy: StrategyId, decision: CancelDecision): readonly Ladder[] {
  const own = activeLadders(state).filter((l) => l.strategy === strategy);
  if ('order' in decision) return own.filter((l) => l.current === decision.order);
  const purpose = decision.walk === 'open' ? 'O' : 'C';
  return own.filter(
    (l) => l.purpose === purpose && l.intent.subject === decision.subject && (decision.key === undefined || l.intent.key === decision.key),
  );
}

function takeBack(state: State, draft: Draft, speaker: Speaker, decision: CancelDecision): void {
  const walks = walksOf(state, speaker.strategy, decision);
  for (const walk of walks) abandonLadder(state, draft, walk, decision.why);
  const order = 'order' in decision ? state.orders.get(decision.order) : undefined;
  if (walks.length === 0 && order?.strategy === speaker.strategy) cancelOrder(state, draft, order, decision.why);
  keep(draft, speaker, decision);
}

/** Every intent has three walks a day at most; what nobody took by then is left alone. */
function openUp(world: World, state: State, draft: Draft, speaker: Speaker, decision: Open): void {
  const { strategy, tick, slot } = speaker;
  // The strategy sees the working order; a second walk in the name would be the same intent twice.
  if (activeLadders(state).some((l) => l.strategy === strategy && l.purpose === 'O' && l.intent.subject === decision.subject)) return;
  const walks = unfilledWalks(state, draft.day, strategy, decision.key);
  if (walks >= ATTEMPTS_MAX) {
    const { subject, gates } = decision;
    const spent = { name: 'walks without a taker today', threshold: ATTEMPTS_MAX - 1, observed: walks, pass: false };
    const why = `${walks} walks of it found no taker today`;
    keep(draft, speaker, { kind: 'pass', subject, code: 'ENTRY_UNFILLED', why, gates: [...gates, spent] });
    return;
  }
  const key = entryKey(strategy, tick.slot, tick.slotAt, decision.key);
  if (beginLadder(world, state, draft, { key, slot, strategy, intent: decision }) === undefined)
    note(draft, 'intent.repeated', 'info', { strategy, symbol: decision.subject, key });
}

/** Half of what is asked for is left to a strategy on probation. */
const PROBATION_PART = 0.5;

/**
 * What is left of an opening: half on probation, and of that the part that losses and the market leave to everybody. It is taken once,
 * before the walk begins, and rounded down; where nothing is left at all, risk says which limit it is.
 */
function openSized(world: World, state: State, draft: Draft, speaker: Speaker, decision: Open): void {
  const judgement = judgementOf(state, speaker.strategy);
  const probation = judgement?.standing === 'PROBATION' ? PROBATION_PART : 1;
  const factor = factorAt(world, state, draft.at) || 1;
  const left = partOf(decision, probation * factor);
  if (left !== undefined) return openUp(world, state, draft, speaker, left);
  const { subject, gates, qty } = decision;
  const part = probation * factor;
  const bound = { name: 'part of what was asked for', threshold: 1, observed: qty * part, pass: false };
  const [code, why] =
    factor < 1
      ? (['SIZE_FACTOR', `losses or the market leave ${String(part)} of each opening: of ${String(qty)} that is none`] as const)
      : (['PROBATION', `on probation since ${judgement?.month ?? ''}: half of one is none`] as const);
  keep(draft, speaker, { kind: 'pass', subject, code, why, gates: [...gates, bound] });
}

const wayOut = (world: World, state: State, draft: Draft, { strategy, slot }: Speaker, intent: Close): void =>
  void beginExit(world, state, draft, { strategy, slot, intent });

/** Carries out one decision of a strategy. */
export function carryOut(world: World, state: State, draft: Draft, speaker: Speaker, decision: Decision): void {
  switch (decision.kind) {
    case 'remember':
      noteStandings(draft, speaker.strategy, state.memories.get(speaker.strategy) ?? null, decision.memory);
      state.memories.set(speaker.strategy, decision.memory);
      draft.memories.set(speaker.strategy, decision.memory);
      return;
    case 'pass':
      return keep(draft, speaker, decision);
    case 'cancel':
      return takeBack(state, draft, speaker, decision);
    case 'open':
      return openSized(world, state, draft, speaker, decision);
    case 'close':
      return wayOut(world, state, draft, speaker, decision);
  }
}
