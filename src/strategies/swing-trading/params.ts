// What the swing trader can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

/** Names and funds that move a percent in an hour and trade options in cents. */
const movers =
  'SPY QQQ IWM AAPL MSFT GOOGL AMZN TSLA NVDA META AMD NFLX CRM ADBE PYPL XYZ ROKU ZM PLTR COIN XLF XLE XLK XBI ARKK TQQQ SOXL SPXL'
    .split(' ')
    .map(symbol);
/** They report nothing: no calendar of reports holds them. */
const withoutReports = 'SPY QQQ IWM XLF XLE XLK XBI ARKK TQQQ SOXL SPXL'.split(' ').map(symbol);
/** They move alike: two of them are one trade twice. */
const broadMarket = 'SPY QQQ IWM'.split(' ').map(symbol);
/** They move three times as far as what they follow. */
const threefold = 'TQQQ SOXL SPXL'.split(' ').map(symbol);

const names = z.array(ticker).max(500);
/** Minutes of a session in quarters: a bar that ends on a whole minute takes some seconds to arrive. */
const quarterMinutes = z.number().multipleOf(0.25).min(0.25).max(390);
const strengthPoints = z.number().min(0).max(100);
const heldMinutes = z.int().min(1).max(3_900);
const gain = z.number().min(0).max(20);

const bounded = z.strictObject({
  universe: universe.default(movers),
  no_reports: names.default(withoutReports), // of these no report date is asked for
  one_name: names.default(broadMarket), // one of these is held at a time
  leveraged: names.default(threefold), // half the budget for these
  leveraged_part: fraction.default(0.5), // of the usual budget

  // When
  entry_start_minutes_after_open: quarterMinutes.default(20.25), // 09:50, and a quarter of a minute for the bar to arrive
  entry_end_minutes_before_close: quarterMinutes.default(59.75), // the bar that ends at 15:00 is the last
  entry_every_minutes: z.int().min(5).max(60).default(5), // once for each completed bar
  manage_every_seconds: z.int().min(5).max(3_600).default(15), // two weeks of time left: slower than a weekly
  manage_start_minutes_after_open: sessionMinutes.default(5), // 09:35: what a night did is judged on quotes that have settled

  // What every setup asks
  strength_min: strengthPoints.default(60), // of 100, on one scale for all three setups
  chase_max_day_move_pct: fraction.default(0.05), // from the last close, either way
  rvol_sessions: z.int().min(16).max(60).default(21), // the running one and the twenty its slots are held against
  bars_min: z.int().min(30).max(500).default(60), // of fifteen minutes: less says nothing of pivots
  atr_bars: z.int().min(2).max(78).default(14), // Wilder, on the bars of fifteen minutes
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20), // over this many sessions
  earnings_guard_sessions: z.int().min(0).max(20).default(3), // no report before the close of the third session: it may be held so long
  loss_streak: z.int().min(1).max(50).default(5), // losses in a row, fees counted, and entries pause
  pause_sessions: z.int().min(1).max(60).default(3), // after the session of the last loss

  // Breakout, bars of fifteen minutes
  pivot_sessions: z.int().min(1).max(20).default(5), // the running one included
  pivot_wing_bars: z.int().min(1).max(20).default(3), // bars on each side that a pivot stands above
  pivot_age_bars: z.int().min(1).max(100).default(5), // a level is known before it breaks
  pivot_near_pct: fraction.default(0.02), // of the highest high so far: a level in a valley holds nobody
  breakout_min_pct: fraction.default(0.003), // beyond the level
  breakout_roc_min: fraction.default(0.005), // over the bars below
  roc_bars: z.int().min(1).max(50).default(5), // an hour and a quarter
  breakout_rvol_min: z.number().min(1).max(20).default(2), // of two bars
  breakout_stop_atr: z.number().min(0).max(10).default(0.25), // back inside by this much of the bars' own range

  // Momentum, bars of five minutes
  sma_fast: z.int().min(2).max(100).default(5), // the three means stand in order
  sma_middle: z.int().min(2).max(200).default(10), // twice the fast one
  sma_slow: z.int().min(2).max(300).default(20), // a close behind it ends the trade
  momentum_rvol_min: z.number().min(1).max(20).default(1.5), // of six bars: half an hour
  adx_bars: z.int().min(2).max(100).default(14), // Wilder

  // Reversal, bars of fifteen minutes
  rsi_bars: z.int().min(2).max(100).default(14), // Wilder
  rsi_look_back_bars: z.int().min(1).max(100).default(10), // the exhaustion lies this near
  rsi_max: z.number().min(0).max(50).default(30), // sold out; 70 and above for the way down
  bounce_bars: z.int().min(2).max(200).default(20), // the low of these is what is bounced from
  bounce_min_pct: fraction.default(0.015), // a day's noise of such names
  reversal_rvol_min: z.number().min(1).max(20).default(2), // of two bars

  // Which option
  dte_min: dte.default(7), // a week: held overnight only from here on
  dte_target: dte.default(17), // decay of three sessions is small against the move that is wanted
  dte_max: dte.default(30), // further out the premium pays for time that is not used
  delta_target: fraction.default(0.5), // half of every move, at the best spread of the chain
  delta_min: fraction.default(0.4), // below it the move must be a run
  delta_max: fraction.default(0.6), // above it the premium is mostly share
  premium_min_usd: z.number().min(0).default(0.5), // a share: under it the spread is most of the price

  // Whether the contract can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.08), // a round trip costs twice half of it
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05), // a spread this small is fair at any price
  min_open_interest: z.int().min(0).default(250), // contracts: somebody must be there when we leave
  min_volume: z.int().min(0).default(50), // contracts of the session
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10), // the ask must hold our quantity, but never more than this is asked of it
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000), // wall milliseconds since the broker stated the account

  // How much
  risk_pct: fraction.default(0.01), // of equity, premium and fees of one trade: all of it can be lost
  strategy_risk_pct: fraction.default(0.04), // four such trades
  book_risk_pct: fraction.default(0.25), // all premium and defined losses of the book
  underlying_risk_pct: fraction.default(0.2), // all strategies in one name
  max_positions: z.int().min(1).max(50).default(5), // at a time, entries at work included
  max_contracts: z.int().min(1).max(1_000).default(5), // in one trade, whatever the account's size
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.7), // of the way from mid to ask: 0.35 of the spread
  ladder_step_seconds: stepSeconds.default(10), // exchange seconds between two rungs

  // How it ends
  stop_frac_loss: fraction.default(0.3), // of what was paid
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  target_1_frac: gain.default(0.25), // a third is sold, and the stop of the rest goes to what was paid
  target_2_frac: gain.default(0.5), // another third; a single contract as a whole
  target_3_frac: gain.default(1), // the rest
  hold_minutes_breakout: heldMinutes.default(360), // of regular session
  hold_minutes_momentum: heldMinutes.default(240), // the shortest lived
  hold_minutes_reversal: heldMinutes.default(480), // a turn takes its time
  flat_minutes_before_close: sessionMinutes.default(15), // 15:45
  overnight_gain_min_frac: gain.default(0.1), // what has not paid by the evening is not carried over a night
  overnight_dte_min: dte.default(7), // nor what decays fast
  overnight_sessions_max: z.int().min(1).max(20).default(3), // the entry's included
  overnight_stop_part: fraction.default(0.8), // of the evening's mark, what was paid at least
});

export const swingParams = bounded
  .refine((p) => p.sma_fast < p.sma_middle && p.sma_middle < p.sma_slow, {
    path: ['sma_middle'],
    message: 'sma_fast < sma_middle < sma_slow must hold',
  })
  .refine(...rising('dte_min', 'dte_target', 'dte_max'))
  .refine(...rising('delta_min', 'delta_target', 'delta_max'))
  .refine(...rising('target_1_frac', 'target_2_frac', 'target_3_frac'))
  .refine((p) => p.pivot_sessions <= p.rvol_sessions, {
    path: ['pivot_sessions'],
    message: 'pivot_sessions <= rvol_sessions must hold: no more is fetched',
  });

export type SwingParams = z.output<typeof swingParams>;
