// The limits about orders, strategies and the account's conduct that a person may set, by their names under `[risk]`.
import { type StrategyId, strategyCodes, strategyId } from '../domain/ids.ts';
import type { OrderLimits } from './limits-orders.ts';

/** Which way the limit allows more, and its figure. */
export type OrderKey = readonly [loosens: 'up' | 'down', figure: (limits: OrderLimits) => number];

/** The figure of one strategy; no number where it has none. */
const of = (map: ReadonlyMap<StrategyId, number>, id: string): number => map.get(strategyId(id)) ?? Number.NaN;

// biome-ignore format: a table
const plain: Readonly<Record<string, OrderKey>> = {
  'orders.market_order_max_usd': ['up', (l) => l.marketOrderMax],
  'orders.volume_pct': ['up', (l) => l.volumePctMax],
  'orders.open_interest_pct': ['up', (l) => l.openInterestPctMax],
  'orders.spread_min_usd': ['up', (l) => l.spreadMin],
  'orders.spread_share_pct': ['up', (l) => l.spreadSharePct],
  'orders.spread_option_pct': ['up', (l) => l.spreadOptionPct],
  'orders.spread_option_pct_of.lotto': ['up', (l) => of(l.spreadOptionPctOf, 'lotto')],
  'orders.gap_pct': ['down', (l) => l.gapPct],
  'orders.gap_index_fund_pct': ['down', (l) => l.gapIndexFundPct],
  'orders.long_premium_pct': ['up', (l) => l.budget.longPremiumPct],
  'orders.short_loss_pct': ['up', (l) => l.budget.shortLossPct],
  'orders.near_expiry_pct': ['up', (l) => l.budget.nearExpiryPct],
  'orders.near_expiry_days': ['down', (l) => l.budget.nearExpiryDays],
  'orders.margin_excess_pct': ['down', (l) => l.dayTrade.excessPctMin],
  'orders.wash_days': ['down', (l) => l.wash.days],
  'orders.kelly_trades_min': ['up', (l) => l.kelly.tradesMin],
  'orders.kelly_part': ['up', (l) => l.kelly.part],
  'ceilings.leaps.stop_part': ['down', (l) => l.ceilings.get(strategyId('leaps'))?.atStop?.part ?? Number.NaN],
  'ceilings.leaps.stop_pct': ['up', (l) => l.ceilings.get(strategyId('leaps'))?.atStop?.pct ?? Number.NaN],
  'rate.account_per_minute': ['up', (l) => l.rate.account.perMinute],
  'rate.account_burst': ['up', (l) => l.rate.account.burst],
  'rate.strategy_per_minute': ['up', (l) => l.rate.strategy.perMinute],
  'rate.strategy_burst': ['up', (l) => l.rate.strategy.burst],
  'rate.symbol_per_minute': ['up', (l) => l.rate.symbol.perMinute],
  'rate.symbol_burst': ['up', (l) => l.rate.symbol.burst],
  'rate.day_openings_max': ['up', (l) => l.rate.dayOpeningsMax],
  'health.losses_in_a_row': ['up', (l) => l.health.lossesInARow],
  'health.expectancy_trades': ['up', (l) => l.health.expectancyTrades],
  'health.expectancy_t': ['down', (l) => l.health.expectancyT],
  'health.day_loss_pct': ['up', (l) => l.health.dayLossPct],
  'errors.errors_max': ['up', (l) => l.errors.errorsMax],
  'errors.rejects_max': ['up', (l) => l.errors.rejectsMax],
  'errors.window': ['down', (l) => l.errors.windowMs],
  'errors.pause': ['down', (l) => l.errors.pauseMs],
  'events.ex_dividend_sessions': ['down', (l) => l.events.exDividendSessions],
  'events.macro_before': ['down', (l) => l.events.macroBeforeMs],
  'events.macro_after': ['down', (l) => l.events.macroAfterMs],
};

/** Strategies that the shipped configuration names in a table of its own; others may be named there by the operator alone. */
const opensMore = ['base', 'wheel', 'zdte', 'mwk', 'swing', 'leaps', 'earn'];
const asksForReports = ['dip', 'mwk', 'swing'];

/** By name under `[risk]`. */
export const orderKeys: ReadonlyMap<string, OrderKey> = new Map([
  ...Object.entries(plain),
  ...opensMore.map((id): [string, OrderKey] => [`orders.openings_per_session.${id}`, ['up', (l) => of(l.openingsPerSession, id)]]),
  ...asksForReports.map((id): [string, OrderKey] => [`events.earnings_sessions.${id}`, ['down', (l) => of(l.events.earningsSessions, id)]]),
  ...[...strategyCodes.keys()].flatMap((id): readonly [string, OrderKey][] => [
    [`ceilings.${id}.trade_pct`, ['up', (l) => l.ceilings.get(id)?.tradePct ?? Number.NaN]],
    [`ceilings.${id}.strategy_pct`, ['up', (l) => l.ceilings.get(id)?.strategyPct ?? Number.NaN]],
  ]),
]);
