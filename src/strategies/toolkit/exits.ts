// How a held option is closed: the ladder that the urgency of its reason allows.
import type { PricePlan } from '../../domain/decision.ts';
import { dollars, type Price } from '../../domain/money.ts';
import { ladder, type Market, mid, relativeSpread, type TickAt } from './limits.ts';

export interface BuyBack {
  readonly market: Market;
  readonly tickAt: TickAt;
  readonly stepSeconds: number;
  /** The most it may cost, dollars a share. */
  readonly bound?: number;
}

/** Profit is patient: from the mid to the ask in four moves. */
export const patientBuyBack = (spec: BuyBack): PricePlan => ladder({ ...spec, side: 'buy', from: 0, to: 1, steps: 4 });

/** Danger is not: from half-way to the ask, then through it, tick by tick, up to five. */
export const urgentBuyBack = (spec: BuyBack): PricePlan => ladder({ ...spec, side: 'buy', from: 0.5, to: 1, steps: 2, through: 5 });

/** What a short option is marked at, dollars: the mid of a fair market, else what it would cost to be rid of it. */
export const shortMark = (market: Market, maxRelativeSpread: number): number =>
  relativeSpread(market) <= maxRelativeSpread ? mid(market) : dollars(market.ask);

/** Last and worst price of a plan. */
export const worstOf = (plan: PricePlan): Price => plan.rungs[plan.rungs.length - 1] ?? plan.rungs[0];
