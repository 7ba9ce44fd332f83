// How much all trades of one strategy may put at stake together.
import { capped } from '../capped.ts';
import { usageOfStrategy } from '../ceiling.ts';
import { deny, type Finding, type Rule, skip } from '../rule.ts';

/** What the strategy uses and what the order adds, inside its part of equity. Orders of uncertain fate count as filled. */
export const strategyCap: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('STRATEGY_CAP', 'exits use nothing up');
  const ceiling = c.limits.orders.ceilings.get(c.strategy);
  if (ceiling === undefined)
    return deny('STRATEGY_CAP', { observed: c.strategy, limit: 'a ceiling', unit: 'text' }, `no ceiling is set for ${c.strategy}`);
  const { measure, over, strategyPct } = ceiling;
  if (over !== 'open' && c.session === undefined)
    return deny('STRATEGY_CAP', { observed: 'closed', limit: 'a session', unit: 'text' }, 'no session to count in');
  const ask = { ...usageOfStrategy(c, measure, over), qty: c.qty, limit: Math.trunc(c.equity * strategyPct) };
  return capped('STRATEGY_CAP', ask, `more than ${strategyPct} of equity for ${c.strategy}`);
};
