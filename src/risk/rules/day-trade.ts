// Does the account's own regime for trading within the day allow another opening?
import { type Price, usd } from '../../domain/money.ts';
import { maintenanceAdded, maintenanceHeld } from '../maintenance.ts';
import { heldCollateral, reservePerUnit } from '../margin.ts';
import { deny, type Finding, pass, type Rule, type RuleContext, skip } from '../rule.ts';
import { worstNet } from '../unit-risk.ts';

/** Below this equity an account is bound by the count of its day trades (the rule before 2026). */
export const FREE_EQUITY = usd(25_000_000_000);
/** Fewer than this many in five sessions. */
export const DAY_TRADES = 4;

/** What is opened may have to be closed today: it counts as a day trade before it is one. */
function counted(c: RuleContext): Finding {
  const { done, working } = c.conduct.roundTrips();
  const figures = { observed: done + working + 1, limit: DAY_TRADES - 1, unit: 'count' } as const;
  if (c.equity >= FREE_EQUITY) return skip('DAYTRADE', 'equity is above the bound of the rule');
  return figures.observed <= figures.limit
    ? pass('DAYTRADE', figures)
    : deny('DAYTRADE', figures, `${done} day trades in five sessions, ${working} more at work`);
}

/** Equity above maintenance, with everything at work and this order filled. */
function excess(c: RuleContext): Finding {
  const left = Math.floor(c.equity - maintenanceHeld(c) - maintenanceAdded(c));
  const figures = { observed: left, limit: Math.trunc(c.equity * c.limits.orders.dayTrade.excessPctMin), unit: 'usd_micros' } as const;
  return left >= figures.limit
    ? pass('DAYTRADE', figures)
    : deny('DAYTRADE', figures, 'too little equity would be left above what must be kept against the positions');
}

/** Nothing is bought with proceeds that have not settled: so whatever is held may be sold at any time. */
function settled(c: RuleContext): Finding {
  const needed = reservePerUnit(c.intent.legs, worstNet(c) as Price) * c.qty;
  const figures = { observed: needed, limit: c.conduct.settled - heldCollateral(c.positions), unit: 'usd_micros' } as const;
  return needed <= figures.limit ? pass('DAYTRADE', figures) : deny('DAYTRADE', figures, 'not enough settled cash');
}

export const dayTrade: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('DAYTRADE', 'a way out is never closed');
  const { policy } = c.limits.orders.dayTrade;
  switch (policy) {
    case 'off':
      return skip('DAYTRADE', 'switched off');
    case 'legacy_pdt':
      return counted(c);
    case 'intraday_margin':
      return excess(c);
    case 'cash_gfv':
      return settled(c);
  }
};
