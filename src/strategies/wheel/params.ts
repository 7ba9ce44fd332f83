// What the wheel can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, universe } from '../toolkit/params.ts';

/** Liquid names one would not mind owning; the notional filter leaves out what the account is too small for. */
const curated = 'AAPL MSFT GOOGL AMZN NVDA META AMD PLTR F BAC T KO PFE INTC JPM WFC C XOM CVX WMT V'.split(' ').map(symbol);

const bounded = z.strictObject({
  universe: universe.default(curated),

  // When
  entry_minutes_after_open: z.array(sessionMinutes).min(1).max(6).default([45, 210]), // 10:15 and 13:00: spreads have settled
  entry_minutes_before_close: z.array(sessionMinutes).max(6).default([45]), // 15:15: the last look before the closing rush
  manage_every_seconds: z.int().min(5).max(3_600).default(60), // an option's price cannot run far in a minute

  // What a name must be
  name_notional_pct: fraction.default(0.1), // strike x 100 of one name against equity: one bad name costs a tenth at most
  total_collateral_pct: fraction.default(0.5), // all strikes x 100 against equity: half stays free for assignment and the rest of the book
  max_positions: z.int().min(1).max(50).default(8), // names at a time
  new_names_per_day: z.int().min(1).max(20).default(2), // spreads entries over days, so over volatility regimes
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20),
  trend_sessions: z.int().min(20).max(252).default(200), // above its long mean: we sell puts on what holds up
  keep_trend_sessions: z.int().min(5).max(252).default(50), // and a call is rolled only while the shorter mean, too, is above the long one
  drawdown_sessions: z.int().min(20).max(252).default(252),
  drawdown_max_pct: fraction.default(0.3), // a third below its high is a falling knife

  // What the premium must be
  iv_rank_min: z.number().min(0).max(100).default(30), // premium above its own usual level
  iv_observations_min: z.int().min(10).max(252).default(126), // half a year, else rank says nothing
  iv_dte_min: dte.default(7), // the two expiries that bracket 30 days, neither in its last week
  iv_dte_max: dte.default(66), // wide enough for names with monthly expiries only
  credit_min_usd: z.number().min(0).default(50), // for one contract: less does not pay for the attention
  yield_min: z.number().min(0).max(10).default(0.12), // a year, on strike less credit
  expected_fill_part: fraction.default(0.5), // yield and score are judged half-way down the ladder, where fills are expected

  // Which put
  dte_min: dte.default(28),
  dte_target: dte.default(38), // decay is steep from here, gamma is not yet
  dte_max: dte.default(45),
  monthly_within_cal_days: z.int().min(0).max(15).default(3), // the standard expiry trades best
  put_delta_target: fraction.default(0.25),
  put_delta_min: fraction.default(0.15),
  put_delta_max: fraction.default(0.3),

  // Which call
  call_dte_min: dte.default(21),
  call_dte_target: dte.default(30), // a month: time to collect, time to let the stock go
  call_dte_max: dte.default(45),
  call_delta_target: fraction.default(0.3),
  call_delta_min: fraction.default(0.2),
  call_delta_max: fraction.default(0.35),
  call_yield_min: z.number().min(0).max(10).default(0.08), // a year, on the shares' price; instead of the least credit
  repair_after_sessions: z.int().min(1).max(250).default(60), // under water for a quarter
  repair_basis_part: z.number().min(0.5).max(1).default(0.97), // then strikes down to this part of the basis
  repair_delta_max: fraction.default(0.2), // but only if far from being called

  // Whether the contract can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.1),
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05),
  min_open_interest: z.int().min(0).default(250),
  min_volume: z.int().min(0).default(25),
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10),
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000),

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.7), // of the way from mid to bid: 0.35 of the spread
  ladder_step_seconds: stepSeconds.default(10),
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it ends
  profit_take_part: fraction.default(0.5), // of the credit: most of the decay for half of the time
  manage_dte: dte.default(21), // gamma grows from here on
  defend_delta: fraction.default(0.45), // nearly at the money: roll while there is something to sell
  roll_net_credit_min_usd: z.number().min(0).max(10).default(0.1), // a share: a roll must pay
  roll_start_minutes_after_open: sessionMinutes.default(15), // what is bought back is sold again at once: not before options may be opened
  roll_end_minutes_before_close: z.int().min(0).max(390).default(30), // nor so late that the second half finds no time
  roll_dte_min: dte.default(28), // days after the old expiry
  roll_dte_max: dte.default(45),
  roll_attempts_max: z.int().min(1).max(10).default(3), // ladders of the second half; then the name rests in cash or shares
  thesis_stop_credits: z.number().min(1).max(20).default(3), // mark in credits received
  thesis_stop_sessions: z.int().min(1).max(20).default(2), // closes below the long mean, in a row
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  expiry_pin_band_pct: fraction.default(0.005), // of the strike: too near to call
  expiry_buy_back_max_usd: z.number().min(0).max(1).default(0.05), // on its last day an out-of-the-money option is worth this to be rid of
  expiry_last_minutes_before_close: sessionMinutes.default(60), // from 15:00 it is let expire
  expiry_pin_minutes_before_close: sessionMinutes.default(90), // 14:30: the pin is resolved before the broker's deadline
  accept_pin: z.boolean().default(false),
  blind_seconds: z.int().min(5).max(3_600).default(60), // without a quote of a held option: entries stop
});

export const wheelParams = bounded
  .refine(...rising('dte_min', 'dte_target', 'dte_max'))
  .refine(...rising('call_dte_min', 'call_dte_target', 'call_dte_max'))
  .refine(...rising('put_delta_min', 'put_delta_target', 'put_delta_max'))
  .refine(...rising('call_delta_min', 'call_delta_target', 'call_delta_max'))
  .refine(...rising('roll_dte_min', 'roll_dte_max'));

export type WheelParams = z.output<typeof wheelParams>;
