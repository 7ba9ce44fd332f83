// What the debit call spreads can be told. Every number of them stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

/** Names that trend and have deep chains of calls. */
const trending = 'AAPL MSFT GOOGL AMZN TSLA NVDA META NFLX CRM ADBE ORCL AMD QCOM UBER SNOW COIN PLTR ROKU ZM SHOP XYZ PYPL TWLO'
  .split(' ')
  .map(symbol);

const bounded = z.strictObject({
  universe: universe.default(trending),

  // When
  entry_minutes_after_open: z.array(sessionMinutes).min(1).max(6).default([45]), // 10:15: spreads have settled
  entry_minutes_before_close: z.array(sessionMinutes).max(6).default([90]), // 14:30: a second look, clear of the closing rush
  manage_minutes_after_open: sessionMinutes.default(5), // 09:35: before that spreads are too wide to believe a mark
  manage_every_seconds: z.int().min(5).max(3_600).default(60), // a spread of five weeks moves slowly

  // What a name must be
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20),
  regime_index: ticker.default(symbol('SPY')),
  regime_sma_sessions: z.int().min(20).max(400).default(200), // calls are bought in a rising market only
  long_mean_sessions: z.int().min(100).max(252).default(200), // and in names above their own long mean
  trend_min: fraction.default(0.6), // of 1: the edge claimed is trend

  // What volatility must be
  iv_rank_max: z.number().min(0).max(100).default(50), // we pay for it: not when it stands in its upper half
  iv_observations_min: z.int().min(10).max(252).default(126), // half a year, else rank says nothing
  iv_dte_min: dte.default(7), // the two expiries that bracket 30 days, neither in its last week
  iv_dte_max: dte.default(66), // wide enough for names with monthly expiries only

  // Which spread
  dte_min: dte.default(25),
  dte_target: dte.default(35), // time for a trend to pay, and three weeks of it before the time exit
  dte_max: dte.default(50),
  expiries_max: z.int().min(1).max(4).default(2), // looked at, nearest the target first
  long_delta_target: fraction.default(0.55), // just in the money: it moves with the stock
  long_delta_min: fraction.default(0.5),
  long_delta_max: fraction.default(0.65),
  short_delta_target: fraction.default(0.3), // pays for a part of it, and leaves room to run
  short_delta_min: fraction.default(0.2),
  short_delta_max: fraction.default(0.4),
  width_min_pct: fraction.default(0.025), // of spot: narrower, and spreads eat it
  width_max_pct: fraction.default(0.1), // wider, and it is a bare call
  pop_min: fraction.default(0.4), // chance to end beyond the break-even, with that level's own volatility
  reward_risk_min: z.number().min(0.1).max(20).default(1.2), // (width - debit) / debit
  slippage_max: fraction.default(0.05), // (natural - mid) / width
  debit_min_usd: z.number().min(0.01).max(100).default(0.25), // a share: less does not carry its own cost

  // Whether its legs can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.08), // of the mid, each leg
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05),
  min_open_interest: z.int().min(0).default(250),
  min_volume: z.int().min(0).default(25),
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10),
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000),

  // How it is priced and how much of it
  entry_cap_part: z.number().min(0).max(1).default(0.5), // of the way from mid to natural
  ladder_step_seconds: stepSeconds.default(10),
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative
  risk_pct: fraction.default(0.015), // debit and fees of one trade against equity
  strategy_risk_pct: fraction.default(0.1), // of all its trades
  book_risk_pct: fraction.default(0.25), // of all strategies that buy premium or sell defined risk
  underlying_risk_pct: fraction.default(0.2), // of one name, all strategies
  max_positions: z.int().min(1).max(50).default(8),
  max_contracts: z.int().min(1).max(100).default(10),

  // How it ends
  target_part: fraction.default(0.5), // of the greatest profit: the second half takes most of the time
  stop_part: fraction.default(0.5), // of the debit
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  time_exit_dte: dte.default(10), // gamma and assignment grow from here on
  trend_exit_sma_sessions: z.int().min(5).max(100).default(50),
  trend_exit_closes: z.int().min(1).max(20).default(2), // in a row under that mean
  ex_dividend_sessions: z.int().min(1).max(10).default(2), // a dividend that goes ex so soon counts
  extrinsic_min_usd: z.number().min(0).max(1).default(0.05), // a deep short call with no more is exercised any night
  deep_delta: fraction.default(0.95), // what counts as deep
  earnings_exit_minutes_before_close: sessionMinutes.default(30), // 15:30: out by 15:45 of the session before the report moves the price
  worthless_ask_max_usd: z.number().min(0).max(1).default(0.05), // for this the short call alone is bought back when nobody bids for the long one
});

export const debitCallSpreadsParams = bounded
  .refine(...rising('dte_min', 'dte_target', 'dte_max'))
  .refine((p) => p.time_exit_dte < p.dte_min, { path: ['time_exit_dte'], message: 'time_exit_dte < dte_min must hold' })
  .refine((p) => p.iv_dte_min <= p.dte_min && p.dte_max <= p.iv_dte_max, {
    path: ['iv_dte_max'],
    message: 'iv_dte_min <= dte_min and dte_max <= iv_dte_max must hold: one chain serves both',
  })
  .refine(...rising('long_delta_min', 'long_delta_target', 'long_delta_max'))
  .refine(...rising('short_delta_min', 'short_delta_target', 'short_delta_max'))
  .refine((p) => p.short_delta_target < p.long_delta_target, {
    path: ['short_delta_target'],
    message: 'short_delta_target < long_delta_target must hold: the short strike lies above the long one',
  })
  .refine(...rising('width_min_pct', 'width_max_pct'));

export type DebitCallSpreadsParams = z.output<typeof debitCallSpreadsParams>;
