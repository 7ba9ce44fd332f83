// Is the market too nervous to open anything? Below that it makes openings smaller, once, where a walk begins.
import { volatilityPart } from '../losses.ts';
import { deny, pass, type Rule, skip } from '../rule.ts';

/** The part of an opening that is left, above nothing. */
export const volatility: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('VOLATILITY', 'exits do not wait for calm');
  const { levels, dayRisePct } = c.limits.volatility;
  const { volatility: level, volatilityRise: rise } = c.losses;
  const figures = { observed: level.known ? level.value : level.code, limit: levels.at(-1) ?? 0, unit: 'points' } as const;
  // Written as a negation, since NaN makes every comparison false.
  if (volatilityPart(c.losses, c.limits.volatility) > 0) return pass('VOLATILITY', figures);
  if (rise.known && !(rise.value < dayRisePct))
    return deny('VOLATILITY', { observed: rise.value, limit: dayRisePct, unit: 'part' }, 'the volatility index has risen too much today');
  return deny('VOLATILITY', figures, 'the volatility index is too high');
};
