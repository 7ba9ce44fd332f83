// The tables of `[risk]` about one order, one strategy and how the account behaves, as written in TOML and as the gate reads them.
import { z } from 'zod';
import { type StrategyId, strategyCodes, strategyId, symbol } from '../domain/ids.ts';
import { DAY, HOUR, SECOND } from '../domain/time.ts';
import type { Ceiling, OrderLimits } from '../risk/limits-orders.ts';
import { count, duration, money, part, strategy, ticker } from './units.ts';

/** A value for some strategies, by id. */
const perStrategy = <T extends z.ZodType>(value: T) =>
  z
    .record(strategy(), value)
    .transform((r): ReadonlyMap<StrategyId, z.output<T>> => new Map(Object.entries(r) as [StrategyId, z.output<T>][]));

const strategies = () => z.array(strategy()).max(strategyCodes.size);

const orders = z.strictObject({
  deny: z.array(ticker()).max(1_000),
  market_order_max_usd: money(),
  volume_pct: part(1),
  open_interest_pct: part(1),
  spread_min_usd: money(),
  spread_share_pct: part(0.1),
  spread_option_pct: part(1),
  spread_option_pct_of: perStrategy(part(1)),
  openings_per_session: perStrategy(count(1, 1_000)),
  gap_pct: part(1),
  gap_index_fund_pct: part(1),
  budget_strategies: strategies(),
  long_premium_pct: part(1),
  short_loss_pct: part(1),
  near_expiry_pct: part(1),
  near_expiry_days: count(0, 365),
  day_trade: z.enum(['off', 'legacy_pdt', 'intraday_margin', 'cash_gfv']),
  margin_excess_pct: part(1),
  wash_days: count(1, 365),
  wash_deny: z.boolean(),
  kelly_trades_min: count(10, 100_000),
  kelly_part: part(1),
});

const ceiling = z
  .strictObject({
    measure: z.enum(['loss', 'collateral', 'value']),
    over: z.enum(['open', 'day', 'week']).optional(),
    trade_pct: part(1),
    strategy_pct: part(1),
    stop_part: part(1).optional(),
    stop_pct: part(1).optional(),
  })
  .refine((c) => (c.stop_part === undefined) === (c.stop_pct === undefined), {
    path: ['stop_pct'],
    message: 'stop_part and stop_pct go together: what of the premium the stop gives up, and how much of equity that may be',
  })
  .refine((c) => c.measure === 'loss' || (c.over ?? 'open') === 'open', {
    path: ['over'],
    message: 'only losses are counted over a day or a week: collateral and value are what is there now',
  })
  .transform(
    (c): Ceiling => ({
      measure: c.measure,
      over: c.over ?? 'open',
      tradePct: c.trade_pct,
      strategyPct: c.strategy_pct,
      atStop: c.stop_part === undefined || c.stop_pct === undefined ? null : { part: c.stop_part, pct: c.stop_pct },
    }),
  );

/** The one that holds the index: its cap is what the index fund may be, and stands beside the others. */
const CORE = strategyId('base');

const ceilings = z
  .strictObject(Object.fromEntries([...strategyCodes.keys()].map((id) => [id, ceiling])))
  .transform((r): ReadonlyMap<StrategyId, Ceiling> => new Map(Object.entries(r) as [StrategyId, Ceiling][]))
  .superRefine((all, context) => {
    const sum = [...all].reduce((n, [id, c]) => n + (id === CORE ? 0 : c.strategyPct), 0);
    // Written as a negation, since NaN makes every comparison false; the last bits of a sum of fractions are no excess.
    if (!(sum <= 1 + 1e-9))
      context.addIssue(`strategy_pct of all strategies but ${CORE} adds up to ${sum.toFixed(4)}: more than all there is`);
  });

const rate = z.strictObject({
  account_per_minute: count(1, 10_000),
  account_burst: count(1, 10_000),
  strategy_per_minute: count(1, 10_000),
  strategy_burst: count(1, 10_000),
  symbol_per_minute: count(1, 10_000),
  symbol_burst: count(1, 10_000),
  day_openings_max: count(1, 1_000_000),
});

const health = z.strictObject({
  losses_in_a_row: count(2, 1_000),
  expectancy_trades: count(5, 10_000),
  expectancy_t: z.number().min(-100).max(0),
  day_loss_pct: part(1),
});

const errors = z.strictObject({
  errors_max: count(1, 1_000),
  rejects_max: count(1, 1_000),
  window: duration(SECOND, HOUR),
  pause: duration(SECOND, DAY),
});

const events = z.strictObject({
  earnings_sessions: perStrategy(count(0, 60)),
  earnings_until_expiry: strategies(),
  ex_dividend_sessions: count(0, 60),
  macro_before: duration(0, HOUR),
  macro_after: duration(0, HOUR),
  macro_exempt: strategies(),
});

/** The tables, to be spread into `[risk]`. */
export const orderTables = { orders, ceilings, rate, health, errors, events };

type Tables = { readonly [name in keyof typeof orderTables]: z.output<(typeof orderTables)[name]> };

/** The limits that these tables state. */
export const orderLimitsOf = ({ orders: o, ceilings: all, rate: r, health: h, errors: e, events: v }: Tables): OrderLimits => ({
  denied: o.deny.map(symbol),
  marketOrderMax: o.market_order_max_usd,
  volumePctMax: o.volume_pct,
  openInterestPctMax: o.open_interest_pct,
  spreadMin: o.spread_min_usd,
  spreadSharePct: o.spread_share_pct,
  spreadOptionPct: o.spread_option_pct,
  spreadOptionPctOf: o.spread_option_pct_of,
  openingsPerSession: o.openings_per_session,
  gapPct: o.gap_pct,
  gapIndexFundPct: o.gap_index_fund_pct,
  ceilings: all,
  budget: {
    strategies: o.budget_strategies,
    longPremiumPct: o.long_premium_pct,
    shortLossPct: o.short_loss_pct,
    nearExpiryPct: o.near_expiry_pct,
    nearExpiryDays: o.near_expiry_days,
  },
  rate: {
    account: { perMinute: r.account_per_minute, burst: r.account_burst },
    strategy: { perMinute: r.strategy_per_minute, burst: r.strategy_burst },
    symbol: { perMinute: r.symbol_per_minute, burst: r.symbol_burst },
    dayOpeningsMax: r.day_openings_max,
  },
  health: {
    lossesInARow: h.losses_in_a_row,
    expectancyTrades: h.expectancy_trades,
    expectancyT: h.expectancy_t,
    dayLossPct: h.day_loss_pct,
  },
  errors: { errorsMax: e.errors_max, rejectsMax: e.rejects_max, windowMs: e.window, pauseMs: e.pause },
  events: {
    earningsSessions: v.earnings_sessions,
    earningsUntilExpiry: v.earnings_until_expiry,
    exDividendSessions: v.ex_dividend_sessions,
    macroBeforeMs: v.macro_before,
    macroAfterMs: v.macro_after,
    macroExempt: v.macro_exempt,
  },
  dayTrade: { policy: o.day_trade, excessPctMin: o.margin_excess_pct },
  wash: { days: o.wash_days, deny: o.wash_deny },
  kelly: { tradesMin: o.kelly_trades_min, part: o.kelly_part },
});
