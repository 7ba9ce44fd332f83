// Is the bet larger than the strategy's own record bears out?
import { capped } from '../capped.ts';
import { type Finding, type Rule, skip } from '../rule.ts';
import { closedBy, kellyOfResults } from '../trade-results.ts';
import { unitRisk } from '../unit-risk.ts';
import { ownStake } from '../usage.ts';

/** A part of the growth-optimal bet, by the lower bound of the odds; a record that should not bet at all opens nothing. */
export const kelly: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('KELLY', 'exits bet nothing');
  const { tradesMin, part } = c.limits.orders.kelly;
  const results = closedBy(c.trades, c.strategy).map((t) => t.realized);
  if (results.length < tradesMin) return skip('KELLY', `${results.length} closed trades are too few to tell`);
  const bet = Math.max(0, kellyOfResults(results)) * part;
  const ask = { used: ownStake(c.trades, c.ladder), unit: unitRisk(c), qty: c.qty, limit: Math.trunc(c.equity * bet) };
  return capped('KELLY', ask, `the record of ${results.length} trades bears out ${bet.toFixed(4)} of equity`);
};
