// Of several candidates that are each judged alone, the best of those that pass.
import { refuse, settle, type Trial } from './gates.ts';

export interface Contest<C, T> {
  /** The one preferred first: where none passes, its failure is the answer. */
  readonly candidates: readonly C[];
  judge(candidate: C): Trial<T>;
  /** The most wins; of equals the one that came first. */
  score(judged: T): number;
}

/** The best candidate that passes, with the findings it was judged by; NO_STRIKE_IN_BAND when there is no candidate at all. */
export function* bestOf<C, T>(contest: Contest<C, T>): Trial<T> {
  const { candidates, judge, score } = contest;
  let best: { readonly candidate: C; readonly score: number } | undefined;
  for (const candidate of candidates) {
    const outcome = settle(judge(candidate));
    if (outcome.ok && (best === undefined || score(outcome.value) > best.score)) best = { candidate, score: score(outcome.value) };
  }
  const chosen = best?.candidate ?? candidates[0];
  if (chosen === undefined) return yield* refuse('candidates', 'NO_STRIKE_IN_BAND', 'no package of contracts to choose from', 0, 1);
  return yield* judge(chosen);
}
