// Is the strategy fit to open more after what it has lost?
import { deny, pass, type Rule, skip } from '../rule.ts';
import { closedBy, lossesInARow } from '../trade-results.ts';

/**
 * After so many losses in a row it rests for what is left of that session and for the next one; after a day's loss beyond its part of
 * equity for what is left of the day. A record that loses for certain is halted by the engine, until a person resumes it.
 */
export const strategyPaused: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('STRATEGY_PAUSED', 'exits are never paused');
  const { lossesInARow: most, dayLossPct } = c.limits.orders.health;
  const lost = -c.conduct.strategyDay();
  const limit = Math.trunc(c.equity * dayLossPct);
  const day = { observed: lost, limit, unit: 'usd_micros' } as const;
  // Written as a negation, since NaN makes every comparison false.
  if (!(lost <= limit)) return deny('STRATEGY_PAUSED', day, `${c.strategy} has lost more than ${dayLossPct} of equity today`);
  const closed = closedBy(c.trades, c.strategy);
  const row = lossesInARow(closed.map((t) => t.realized));
  const last = closed.at(-1)?.closedDay ?? null;
  const fresh = last !== null && last >= c.conduct.previousSession;
  const figures = { observed: row, limit: most - 1, unit: 'count' } as const;
  return fresh && !(row < most)
    ? deny('STRATEGY_PAUSED', figures, `${row} losses in a row, the last on ${last}: it rests a session`)
    : pass('STRATEGY_PAUSED', figures);
};
