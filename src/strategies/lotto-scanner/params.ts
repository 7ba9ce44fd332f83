// What the lottery tickets can be told. Every number of them stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

const tickers = (text: string) => text.split(' ').map(symbol);
const names = z
  .array(ticker)
  .max(200)
  .refine((list) => new Set(list).size === list.length, 'a ticker stands in it twice: remove one');

const bounded = z.strictObject({
  universe: universe.default(tickers('SPY QQQ AAPL MSFT GOOGL AMZN TSLA NVDA META')), // options of the same day, where one is listed
  catalyst_universe: names.default(tickers('GME AMC PLTR COIN HOOD RIVN SOFI')), // names that headlines move
  earnings_universe: names.default(
    tickers('AAPL MSFT GOOGL AMZN META TSLA NVDA NFLX AMD CRM ADBE ORCL INTC QCOM PYPL XYZ PLTR COIN ROKU ZM DOCU SNOW CRWD ZS'),
  ), // names that report
  funds: names.default(tickers('SPY QQQ')), // index funds: a smaller move counts

  // When
  entry_start_minutes_after_open: sessionMinutes.default(30), // 10:00: the opening rush is over
  entry_end_minutes_before_close: sessionMinutes.default(120), // 14:00: later there is no time for it to happen
  entry_every_seconds: z.int().min(10).max(3_600).default(60),
  earnings_start_minutes_before_close: sessionMinutes.default(30), // 15:30
  earnings_end_minutes_before_close: sessionMinutes.default(10), // 15:50
  manage_every_seconds: z.int().min(5).max(600).default(10), // such options double and halve in minutes

  // What must move
  rvol_sessions: z.int().min(16).max(60).default(21), // the running one and the twenty its slots are held against
  rvol_bars: z.int().min(1).max(12).default(3), // five-minute bars: a quarter of an hour
  momentum_rvol_min: z.number().min(1).max(50).default(2.5),
  momentum_fund_move_min: fraction.default(0.006), // since the open, an index fund
  momentum_stock_move_min: fraction.default(0.015), // since the open, a stock
  catalyst_rvol_min: z.number().min(1).max(50).default(3),
  catalyst_move_min: fraction.default(0.03), // since the last close
  news_max_age_hours: z.int().min(1).max(72).default(24), // a move without a headline is not a catalyst
  edge_min: z.number().min(0.5).max(5).default(1.15), // forecast over implied volatility: only what is cheap is bought
  cheap_max: z.number().min(0.1).max(2).default(0.85), // expected over mean past move of a report: only what is cheap is bought
  history_sessions: z.int().min(300).max(3_000).default(1_500), // daily bars fetched to measure past reports with
  history_reports: z.int().min(4).max(40).default(8), // the last two years
  history_reports_min: z.int().min(2).max(40).default(6), // fewer say nothing
  trend_sessions: z.int().min(5).max(100).default(20), // direction of a report play: the mean and the change over so many
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20), // over this many sessions

  // Which ticket
  catalyst_dte_max: dte.default(5), // this week's
  earnings_dte_max: dte.default(5), // the first expiry after the report
  next_days_max: dte.default(35), // the second expiry of the term structure, days after the first
  front_minutes_left_min: sessionMinutes.default(195), // half a session on the morning after; else the next expiry is the front
  premium_min_usd: z.number().min(0.01).max(100).default(0.1), // a share: under it the tick is a tenth of the price
  premium_max_usd: z.number().min(0.01).max(100).default(2), // above it one contract is no small bet
  multiple: z.number().min(1.5).max(20).default(3), // of its price: what the odds are asked for
  p_hit_min: fraction.default(0.12), // of reaching it by the horizon
  horizon_part: fraction.default(0.5), // of the minutes of the session that are left
  horizon_minutes_max: sessionMinutes.default(150), // and no more than this
  scenario_minutes_after_open: sessionMinutes.default(30), // 10:00 of the morning after a report: where the option is valued

  // Whether it can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.15), // of the mid
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05), // a spread this small is fair at any price
  min_open_interest: z.int().min(0).default(500), // somebody must be there when we leave
  min_volume: z.int().min(0).default(200), // contracts of the session
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10), // the ask must hold our quantity, but never more than this is asked of it
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000), // wall milliseconds since the broker stated the account

  // How it is priced and how much of it
  entry_cap_part: z.number().min(0).max(1).default(0.7), // of the way from mid to ask: 0.35 of the spread
  ladder_step_seconds: stepSeconds.default(10), // five rungs inside one entry slot
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative
  risk_pct: fraction.default(0.0025), // of equity, premium and fees of one play: most of them are lost whole
  strategy_risk_pct: fraction.default(0.005), // two such plays
  book_risk_pct: fraction.default(0.25), // all premium and defined losses of the book
  underlying_risk_pct: fraction.default(0.2), // of one name, all strategies
  max_positions: z.int().min(1).max(20).default(2), // at a time, entries at work included
  plays_per_week_max: z.int().min(1).max(50).default(2), // of an ISO week: a year of total losses costs 26 %
  max_contracts: z.int().min(1).max(100).default(10), // in one play, however cheap

  // How it ends
  half_multiple: z.number().min(1.1).max(50).default(3), // bid over what was paid: half is sold, a single contract whole
  rest_multiple: z.number().min(1.1).max(100).default(5), // bid over what was paid: the rest is sold
  trail_part: fraction.default(0.4), // under the best bid since, once half is sold
  stop_part: fraction.default(0), // of what was paid may be lost; 0: none, the size is the stop
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  flat_minutes_before_close: z.int().min(60).max(390).default(60), // 15:00 of the expiry's day, when the engine takes over at the latest
  earnings_exit_minutes_after_open: sessionMinutes.default(15), // 09:45 of the morning after the report
});

export const lottoScannerParams = bounded
  .refine(...rising('premium_min_usd', 'premium_max_usd'))
  .refine((p) => p.half_multiple < p.rest_multiple, { path: ['rest_multiple'], message: 'half_multiple < rest_multiple must hold' })
  .refine((p) => p.earnings_start_minutes_before_close < p.entry_end_minutes_before_close, {
    path: ['earnings_start_minutes_before_close'],
    message: 'earnings_start_minutes_before_close < entry_end_minutes_before_close must hold: one window after the other',
  })
  .refine((p) => p.earnings_end_minutes_before_close < p.earnings_start_minutes_before_close, {
    path: ['earnings_end_minutes_before_close'],
    message: 'earnings_end_minutes_before_close < earnings_start_minutes_before_close must hold',
  })
  .refine((p) => p.history_reports_min <= p.history_reports, {
    path: ['history_reports_min'],
    message: 'history_reports_min <= history_reports must hold',
  })
  .refine((p) => p.catalyst_universe.every((name) => !p.universe.includes(name)), {
    path: ['catalyst_universe'],
    message: 'a ticker stands in universe, too: a name is judged by one rule a slot, remove it from one of the two',
  });

export type LottoParams = z.output<typeof lottoScannerParams>;
