// The book valued now, from what is believed and what the market says: the grounds of every rule that judges an opening by the whole book.
import type { Symbol } from '../domain/ids.ts';
import { usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Known } from '../domain/reasons.ts';
import type { RiskReading } from '../domain/risk-figures.ts';
import type { Now } from '../domain/time.ts';
import { riskReading } from '../risk/portfolio/figures.ts';
import { riskMarketOf } from '../risk/portfolio/market.ts';
import { type Portfolio, portfolioOf } from '../risk/portfolio/portfolio.ts';
import { liveOrders, type State } from './state.ts';
import type { World } from './world.ts';

/** Last marks beyond their age say nothing any more. */
function forgetOldMarks(state: State, now: Now, ageMsMax: number): void {
  for (const [symbol, { at }] of state.marks) if (!(now.mono - at <= ageMsMax)) state.marks.delete(symbol);
}

/**
 * Positions of all owners and these live orders, at what the market is now. A holding without a quote keeps its last price or volatility
 * for a while, which this remembers; without one, the book is absent.
 */
export function portfolioNow(world: World, state: State, live: readonly Order[], now: Now): Known<Portfolio> {
  const { exposure, orders, indexFunds } = world.limits;
  forgetOldMarks(state, now, exposure.markAgeMsMax);
  const marks = { last: state.marks, ageMsMax: exposure.markAgeMsMax };
  const { gapPct, gapIndexFundPct } = orders;
  return portfolioOf([...state.positions.values()], live, riskMarketOf(world.market(now), now, world.calendar, marks), {
    ...exposure,
    gapPct,
    gapIndexFundPct,
    indexFunds,
    sectors: world.sectors ?? new Map<Symbol, string>(),
    equity: state.account?.equity ?? usd(0),
  });
}

/** The risk of the whole book as it would be were all working openings to fill, for the record. */
export const riskNow = (world: World, state: State, now: Now): RiskReading =>
  riskReading(portfolioNow(world, state, liveOrders(state), now), state.account?.equity ?? usd(0), now.exchange);
