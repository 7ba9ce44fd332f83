// Every section of the configuration: strict at each level, snake case as written in TOML, camel case and plain units as read.
import { z } from 'zod';
import { HOUR, MINUTE, SECOND } from '../domain/time.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { exposureTable } from './risk-exposure.ts';
import { losses, volatility } from './risk-losses.ts';
import { orderLimitsOf, orderTables } from './risk-orders.ts';
import { count, day, duration, money, part, strategy, ticker, url } from './units.ts';

export const runModes = ['sim', 'dry-run', 'paper', 'live'] as const;
export type RunMode = (typeof runModes)[number];

const run = z
  .strictObject({
    mode: z.enum(runModes),
    // Exchange milliseconds per wall millisecond; only the embedded exchange can run faster than the world.
    speed: z.number().min(0.1).max(10_000),
    seed: count(0, 4_294_967_295),
  })
  .transform(({ mode, speed, seed }) => ({ mode, speed, seed }));

const broker = z
  .strictObject({
    trading_url: url('https:', 'http:').optional(),
    data_url: url('https:', 'http:').optional(),
    stream_url: url('wss:', 'ws:').optional(),
    stock_stream_url: url('wss:', 'ws:').optional(),
    feed: z.enum(['iex', 'sip', 'delayed_sip']),
    option_feed: z.enum(['opra', 'indicative']),
  })
  .transform((b) => ({
    tradingUrl: b.trading_url ?? null,
    dataUrl: b.data_url ?? null,
    streamUrl: b.stream_url ?? null,
    stockStreamUrl: b.stock_stream_url ?? null,
    feed: b.feed,
    optionFeed: b.option_feed,
  }));

const risk = z
  .strictObject({
    stock_quote_max_age: duration(100, 5 * MINUTE),
    option_quote_max_age: duration(100, 30 * MINUTE),
    account_max_age: duration(SECOND, 10 * MINUTE),
    reconcile_max_age: duration(MINUTE, 2 * HOUR),
    open_buffer: duration(0, HOUR),
    close_buffer: duration(0, HOUR),
    fat_finger_usd: money(),
    fat_finger_pct: part(1),
    fat_finger_index_fund_pct: part(1),
    contracts_max: count(1, 10_000),
    index_funds: z.array(ticker()).max(50),
    collar_share_min_usd: money(),
    collar_index_fund_pct: part(0.2),
    collar_share_pct: part(0.5),
    collar_option_min_usd: money(),
    collar_option_pct: part(1),
    cash_buffer_pct: z.number().min(0).max(0.95),
    duplicate_window: duration(SECOND, HOUR),
    exit_ladders_max: count(1, 100),
    exit_rungs_max: count(1, 100),
    lottery_strategies: z.array(strategy()).min(1).max(10),
    lottery_trade_pct: part(0.01),
    lottery_day_pct: part(0.02),
    lottery_week_pct: part(0.05),
    lottery_week_trades_max: count(1, 50),
    exposure: exposureTable,
    losses,
    volatility,
    ...orderTables,
  })
  .transform(
    (r): RiskLimits => ({
      openBufferMs: r.open_buffer,
      closeBufferMs: r.close_buffer,
      equityQuoteAgeMsMax: r.stock_quote_max_age,
      optionQuoteAgeMsMax: r.option_quote_max_age,
      accountAgeMsMax: r.account_max_age,
      reconcileAgeMsMax: r.reconcile_max_age,
      orderNotionalMax: r.fat_finger_usd,
      orderEquityPctMax: r.fat_finger_pct,
      indexFundEquityPctMax: r.fat_finger_index_fund_pct,
      indexFunds: r.index_funds,
      contractsMax: r.contracts_max,
      collarShareMin: r.collar_share_min_usd,
      collarIndexFundPct: r.collar_index_fund_pct,
      collarSharePct: r.collar_share_pct,
      collarOptionMin: r.collar_option_min_usd,
      collarOptionPct: r.collar_option_pct,
      cashBufferPct: r.cash_buffer_pct,
      duplicateWindowMs: r.duplicate_window,
      exitLaddersMax: r.exit_ladders_max,
      exitRungsMax: r.exit_rungs_max,
      lottery: {
        strategies: r.lottery_strategies,
        tradePct: r.lottery_trade_pct,
        dayPct: r.lottery_day_pct,
        weekPct: r.lottery_week_pct,
        weekTradesMax: r.lottery_week_trades_max,
      },
      exposure: r.exposure,
      losses: r.losses,
      volatility: r.volatility,
      orders: orderLimitsOf(r),
    }),
  );

const schedule = z
  .strictObject({ heartbeat: duration(250, MINUTE), reconcile_every: duration(5 * SECOND, HOUR) })
  .transform((s) => ({ heartbeatMs: s.heartbeat, reconcileEveryMs: s.reconcile_every }));

const data = z
  .strictObject({
    earnings_file: z.string().min(1).optional(),
    macro_file: z.string().min(1).optional(),
    risk_free_rate: z.number().min(-0.02).max(0.25),
    risk_free_rate_as_of: day(),
    dividend_yield: z.record(ticker(), z.number().min(0).max(0.25)),
  })
  .transform((d) => ({
    earningsFile: d.earnings_file ?? null,
    macroFile: d.macro_file ?? null,
    riskFreeRate: d.risk_free_rate,
    riskFreeRateAsOf: d.risk_free_rate_as_of,
    dividendYields: new Map(Object.entries(d.dividend_yield)),
  }));

/** What the broker's answers may take, and how many of them may be refusals. */
const execution = z
  .strictObject({
    window_orders: count(10, 1_000),
    window_orders_min: count(2, 1_000),
    ack_p95_max: duration(1, 5 * MINUTE),
    refused_pct_max: part(1),
  })
  .refine((e) => e.window_orders_min <= e.window_orders, {
    path: ['window_orders_min'],
    message: 'window_orders_min <= window_orders must hold: else nothing is ever judged',
  })
  .transform((e) => ({
    windowOrders: e.window_orders,
    windowOrdersMin: e.window_orders_min,
    ackP95MsMax: e.ack_p95_max,
    refusedMax: e.refused_pct_max,
  }));

const shutdown = z
  .strictObject({ budget: duration(5 * SECOND, 10 * MINUTE), policy: z.enum(['flatten', 'protect', 'leave']) })
  .transform((s) => ({ budgetMs: s.budget, policy: s.policy }));

const http = z.strictObject({ host: z.string().min(1), port: count(0, 65_535) });

/** Of the embedded exchange. */
const sim = z.strictObject({ starting_cash: money() }).transform((s) => ({ startingCash: s.starting_cash }));

const log = z.strictObject({ level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']) });

/** All sections but `[strategies]`, whose keys are the registry's. */
export const sections = z.strictObject({ run, broker, risk, schedule, data, execution, shutdown, http, log, sim });

export type Sections = z.output<typeof sections>;

/** Limits that a live account must be given in so many words by its operator: no file of ours states them for live. */
export const liveLimits = ['fat_finger_usd', 'fat_finger_pct', 'fat_finger_index_fund_pct', 'contracts_max', 'cash_buffer_pct'] as const;
