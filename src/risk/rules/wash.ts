// Would a loss taken not long ago in the same name be disallowed for tax by this purchase?
import { addDays } from '../../domain/time.ts';
import { isOpen } from '../../domain/trade.ts';
import { deny, pass, type Rule, skip } from '../rule.ts';

/** Says how much was lost in the name inside the window, whoever lost it: a tag on the decision, and a denial only where it is asked for. */
export const wash: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('WASH', 'exits replace nothing');
  if (c.session === undefined) return skip('WASH', 'no session to count from');
  const { days, deny: denies } = c.limits.orders.wash;
  const since = addDays(c.session.day, -days);
  const { underlying } = c.intent.legs[0].instrument;
  const lost = c.trades.reduce((n, t) => {
    const counts = !isOpen(t) && t.underlying === underlying && t.realized < 0 && (t.closedDay ?? '') >= since;
    return n - (counts ? t.realized : 0);
  }, 0);
  const figures = { observed: lost, limit: 0, unit: 'usd_micros' } as const;
  return denies && !(lost <= 0) ? deny('WASH', figures, `a loss in ${underlying} is less than ${days} days old`) : pass('WASH', figures);
};
