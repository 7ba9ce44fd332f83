// Has the strategy been approved for where its orders would go?
import { type Venue, venues } from '../conduct.ts';
import { deny, pass, type Rule, skip } from '../rule.ts';

/** What needs nobody's approval. */
const UNASKED: Venue = 'paper';

/** An approval reaches to the venue it names and to all that are asked less of. Where nobody keeps approvals there is nothing to judge by. */
export const mode: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('MODE', 'exits need no approval');
  if (c.conduct.approval === null) return skip('MODE', 'nobody keeps approvals');
  const { requested, approved } = c.conduct.approval;
  const reach = approved ?? UNASKED;
  const figures = { observed: reach, limit: requested, unit: 'text' } as const;
  return venues.indexOf(reach) >= venues.indexOf(requested)
    ? pass('MODE', figures)
    : deny('MODE', figures, `${c.strategy} is approved for ${reach}, not for ${requested}`);
};
