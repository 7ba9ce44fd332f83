// Durable halts: they stop openings, survive restarts, and only an operator lifts them.
import type { HaltScope } from '../domain/event.ts';
import { type Draft, note } from './draft.ts';
import { setMode } from './permissions.ts';
import type { State } from './state.ts';

const same = (a: HaltScope, b: HaltScope): boolean => JSON.stringify(a) === JSON.stringify(b);

function settle(state: State, draft: Draft): void {
  draft.halts = state.halts;
  if (
    setMode(
      state,
      'HALTED',
      state.halts.some((h) => h.scope.kind === 'account'),
    )
  )
    draft.modesTouched = true;
}

/** Adds a halt; a second one of the same scope and reason changes nothing. */
export function addHalt(state: State, draft: Draft, scope: HaltScope, reason: string): void {
  if (state.halts.some((h) => same(h.scope, scope) && h.reason === reason)) return;
  state.halts = [...state.halts, { scope, reason, since: draft.at.exchange }];
  note(draft, 'halt.set', 'critical', { scope: JSON.stringify(scope), why: reason });
  settle(state, draft);
}

/** Lifts every halt of a scope. */
export function liftHalts(state: State, draft: Draft, scope: HaltScope, reason: string): void {
  const left = state.halts.filter((h) => !same(h.scope, scope));
  if (left.length === state.halts.length) return;
  state.halts = left;
  note(draft, 'halt.lifted', 'major', { scope: JSON.stringify(scope), why: reason });
  settle(state, draft);
}
