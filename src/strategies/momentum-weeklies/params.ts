// What the momentum buyer can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, universe } from '../toolkit/params.ts';

/** Names with expiries every week and spreads of cents in them. */
const liquidWeeklies = 'AAPL MSFT GOOGL AMZN TSLA NVDA META NFLX CRM ADBE ORCL INTC AMD QCOM TXN AVGO PYPL DIS V MA JPM BAC WMT HD'
  .split(' ')
  .map(symbol);

/** Minutes of a session in quarters: a bar that ends on a whole minute takes some seconds to arrive. */
const quarterMinutes = z.number().multipleOf(0.25).min(0.25).max(390);

const bounded = z.strictObject({
  universe: universe.default(liquidWeeklies),

  // When
  entry_start_minutes_after_open: quarterMinutes.default(20.25), // 09:50, and a quarter of a minute for the bar to arrive
  entry_end_minutes_before_close: quarterMinutes.default(59.75), // the bar that ends at 15:00 is the last: less than an hour is no time to be right in
  entry_every_minutes: z.int().min(5).max(60).default(5), // once for each completed bar
  manage_every_seconds: z.int().min(5).max(3_600).default(10), // a week's option halves in minutes

  // What the volume says
  rvol_sessions: z.int().min(16).max(60).default(21), // the running one and the twenty its slots are held against
  rvol_bars: z.int().min(1).max(12).default(3), // a quarter of an hour: one print is not a crowd
  rvol_min: z.number().min(1).max(20).default(3), // three times what these slots usually trade: news, whether or not it was read
  breakout_rvol: z.number().min(1).max(20).default(1.5), // of the one 15-minute bar that breaks out

  // Reversal
  reversal_window_bars: z.int().min(13).max(78).default(24), // two hours of five-minute bars
  low_max_index: z.int().min(0).max(77).default(14), // 0 is the oldest: the turn lies three quarters of an hour back at least
  bounce_min_pct: fraction.default(0.015), // from the extreme close
  reversal_mean_bars: z.int().min(2).max(78).default(12), // the last hour's mean is passed
  reversal_stop_atr: z.number().min(0).max(5).default(0.1), // beyond the extreme by this much of the bars' own range
  atr_bars: z.int().min(2).max(78).default(14), // Wilder, on the five-minute bars

  // Breakout
  breakout_sessions: z.int().min(1).max(20).default(3), // full sessions before today whose extreme is the level
  breakout_min_pct: fraction.default(0.005), // beyond the level: a touch is not a break
  breakout_back_pct: fraction.default(0.002), // a close this far back inside, and it was none

  // News
  news_max_age_minutes: z.int().min(5).max(390).default(60), // later everybody has read it
  news_move_pct: fraction.default(0.02), // one way, since the headline
  news_symbols_max: z.int().min(1).max(50).default(3), // what names more is about the market, not the name

  // Where it is too late or too near
  chase_max_day_move_pct: fraction.default(0.08), // from the last close, either way
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20), // over this many sessions
  earnings_guard_sessions: z.int().min(0).max(20).default(1), // no report before tomorrow's close: the option would be priced for it
  entries_per_week_max: z.int().min(1).max(50).default(2), // in one name: the third is a grudge

  // Which option
  dte_min: dte.default(2), // not tomorrow's: its decay is faster than a hold of hours
  dte_max: dte.default(9), // next week's at most: further out the premium pays for time that is not used
  min_sessions_left: z.int().min(1).max(10).default(2), // today included
  weekend_cut_minutes_after_open: sessionMinutes.default(210), // Friday 13:00: what expires on Monday only decays from here
  delta_target: fraction.default(0.4), // moves with the share, costs less than half of it
  delta_min: fraction.default(0.3), // further out a lottery ticket
  delta_max: fraction.default(0.5), // from here on it is the share, on credit
  otm_cap_sd: z.number().min(0).max(3).default(0.5), // of the one-deviation move to expiry: reachable within the week
  premium_min_usd: z.number().min(0).default(0.5), // a share: under it the spread is most of the price

  // Whether the contract can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.08), // a round trip costs twice half of it
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05), // a spread this small is fair at any price
  min_open_interest: z.int().min(0).default(250), // contracts: somebody must be there when we leave
  min_volume: z.int().min(0).default(100), // contracts of the session
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10), // the ask must hold our quantity, but never more than this is asked of it
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000), // wall milliseconds since the broker stated the account

  // How much
  risk_pct: fraction.default(0.01), // of equity, premium and fees of one trade: all of it can be lost
  strategy_risk_pct: fraction.default(0.03), // three such trades
  book_risk_pct: fraction.default(0.25), // all premium and defined losses of the book
  underlying_risk_pct: fraction.default(0.2), // all strategies in one name
  max_positions: z.int().min(1).max(50).default(3), // at a time, entries at work included
  max_contracts: z.int().min(1).max(1_000).default(10), // in one trade, whatever the account's size
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.7), // of the way from mid to ask: 0.35 of the spread
  ladder_step_seconds: stepSeconds.default(10), // exchange seconds between two rungs

  // How it ends
  stop_frac_loss: fraction.default(0.3), // of what was paid: with +50 % for a win it takes three wins in eight to come out even
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  scale_frac: z.number().min(0).max(10).default(0.25), // the gain at which half is sold and the stop of the rest goes to what was paid
  target_frac: z.number().min(0).max(20).default(0.5), // the gain at which the rest is sold
  time_stop_minutes: sessionMinutes.default(120), // momentum that has not paid in two hours was none
  time_stop_gain_frac: z.number().min(0).max(10).default(0.1), // the gain that lets it run on
  flat_minutes_before_close: sessionMinutes.default(15), // 15:45: never held over a night
});

export const mwkParams = bounded
  .refine((p) => p.low_max_index < p.reversal_window_bars - 1, {
    path: ['low_max_index'],
    message: 'it counts bars of the window from 0: low_max_index < reversal_window_bars - 1 must hold',
  })
  .refine((p) => p.reversal_mean_bars <= p.reversal_window_bars, {
    path: ['reversal_mean_bars'],
    message: 'reversal_mean_bars <= reversal_window_bars must hold',
  })
  .refine((p) => p.breakout_sessions < p.rvol_sessions, {
    path: ['breakout_sessions'],
    message: 'breakout_sessions < rvol_sessions must hold: no more is fetched',
  })
  .refine(...rising('dte_min', 'dte_max'))
  .refine(...rising('delta_min', 'delta_target', 'delta_max'))
  .refine((p) => p.scale_frac <= p.target_frac, { path: ['scale_frac'], message: 'scale_frac <= target_frac must hold' });

export type MwkParams = z.output<typeof mwkParams>;
