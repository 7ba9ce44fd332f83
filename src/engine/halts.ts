// Durable halts: they stand against openings (or more) and survive restarts. A person lifts them, or, after the loss of a day, the next session.
import { type Halt, type HaltLevel, type HaltScope, scopeText } from '../domain/halt.ts';
import type { LossCause } from '../domain/losses.ts';
import { type Draft, note } from './draft.ts';
import { resetLadder, waive } from './loss-record.ts';
import { setMode } from './permissions.ts';
import type { State } from './state.ts';

const same = (a: HaltScope, b: HaltScope): boolean => scopeText(a) === scopeText(b);

/** The modes follow the halts of the whole account; called after a change, and once at the start. True when a mode changed. */
export function followHalts(state: State): boolean {
  const ofAccount = state.halts.filter((h) => h.scope.kind === 'account');
  const halted = setMode(state, 'HALTED', ofAccount.length > 0);
  const frozen = setMode(
    state,
    'FROZEN',
    ofAccount.some((h) => h.level === 'freeze'),
  );
  return halted || frozen;
}

function settle(state: State, draft: Draft): void {
  draft.halts = state.halts;
  if (followHalts(state)) draft.modesTouched = true;
}

/** Adds a halt; a second one of the same scope, level and reason changes nothing. */
export function addHalt(state: State, draft: Draft, scope: HaltScope, reason: string, level: HaltLevel = 'halt', cause?: LossCause): void {
  if (state.halts.some((h) => same(h.scope, scope) && h.level === level && h.reason === reason)) return;
  state.halts = [...state.halts, { scope, level, reason, since: draft.at.exchange, ...(cause === undefined ? {} : { cause }) }];
  note(draft, 'halt.set', 'critical', { scope: JSON.stringify(scope), level, why: reason });
  settle(state, draft);
}

/** Lifts every halt of a scope, whatever its level, by a person's word; how many there were. */
export function liftHalts(state: State, draft: Draft, scope: HaltScope, reason: string): number {
  const lifted = state.halts.filter((h) => same(h.scope, scope));
  if (lifted.length === 0) return 0;
  state.halts = state.halts.filter((h) => !same(h.scope, scope));
  note(draft, 'halt.lifted', 'major', { scope: JSON.stringify(scope), why: reason });
  waive(state, draft, lifted);
  settle(state, draft);
  return lifted.length;
}

/** Lifts halts that losses had set and whose time is over; openings begin again small. */
export function liftCauses(state: State, draft: Draft, reason: string, over: (halt: Halt) => boolean): void {
  const lifted = state.halts.filter((h) => h.cause !== undefined && over(h));
  if (lifted.length === 0) return;
  state.halts = state.halts.filter((h) => !lifted.includes(h));
  for (const { scope } of lifted) note(draft, 'halt.lifted', 'major', { scope: JSON.stringify(scope), why: reason });
  resetLadder(state, draft);
  settle(state, draft);
}
