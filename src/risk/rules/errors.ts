// Has the broker refused or failed so often that something must be wrong with what we send?
import { deny, pass, type Rule, skip } from '../rule.ts';
import { pausedUntil } from '../trips.ts';

/** Openings pause after a burst; the second burst of a session halts them until a person resumes, which is the engine's to do. */
export const errors: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('ERRORS', 'exits are tried in any case');
  const until = pausedUntil(c.conduct.faults, c.limits.orders.errors);
  const left = until === null ? 0 : until - c.now.exchange;
  const figures = { observed: Math.max(0, left), limit: 0, unit: 'ms' } as const;
  // Written as a negation, since NaN makes every comparison false.
  return !(left <= 0)
    ? deny('ERRORS', figures, `the broker refused or failed too often: openings go on in ${Math.ceil(left / 1_000)} s`)
    : pass('ERRORS', figures);
};
