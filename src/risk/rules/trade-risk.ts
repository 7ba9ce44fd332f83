// How much one trade may lose, by the ceiling of its strategy.
import { capped } from '../capped.ts';
import { usageOfTrade } from '../ceiling.ts';
import { deny, type Finding, type Rule, skip } from '../rule.ts';

/** The amount at risk of the order, with what its own walk has filled already, inside the strategy's part of equity for one trade. */
export const tradeRisk: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('TRADE_RISK', 'exits put nothing at risk');
  const ceiling = c.limits.orders.ceilings.get(c.strategy);
  if (ceiling === undefined)
    return deny('TRADE_RISK', { observed: c.strategy, limit: 'a ceiling', unit: 'text' }, `no ceiling is set for ${c.strategy}`);
  const { measure, tradePct, atStop } = ceiling;
  const usage = usageOfTrade(c, measure);
  const limit = Math.trunc(c.equity * tradePct);
  const whole = capped('TRADE_RISK', { ...usage, qty: c.qty, limit }, `more at risk in one trade than ${tradePct} of equity`);
  if (atStop === null || whole.kind === 'deny') return whole;
  const qty = whole.kind === 'resize' ? whole.qty : c.qty;
  const given = { used: Math.ceil(usage.used * atStop.part), unit: usage.unit * atStop.part, qty };
  const stopped = capped(
    'TRADE_RISK',
    { ...given, limit: Math.trunc(c.equity * atStop.pct) },
    `more lost at the stop than ${atStop.pct} of equity`,
  );
  return stopped.kind === 'pass' ? whole : stopped;
};
