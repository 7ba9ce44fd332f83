// What the secular-winners strategy can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

const names = (text: string) => universe.default(text.split(' ').map(symbol));

/** A name may stand in several themes, and then counts in each. */
const themes = z.strictObject({
  ai: names('NVDA AMD GOOGL MSFT META ORCL CRM SNOW'),
  cloud: names('MSFT AMZN GOOGL CRM SNOW DDOG NET OKTA'),
  electric_mobility: names('TSLA RIVN LCID GM F'),
  cybersecurity: names('CRWD ZS PANW OKTA NET S FTNT'),
  fintech: names('V MA PYPL COIN HOOD SOFI AFRM XYZ'),
});

const points = z.number().min(0).max(100);

const bounded = z.strictObject({
  themes: themes.prefault({}),

  // When
  entry_minutes_after_open: sessionMinutes.default(60), // 10:30: once a day, on completed daily bars
  manage_every_minutes: z.int().min(1).max(390).default(15), // a call of a year and a half moves like its share
  last_look_minutes_before_close: sessionMinutes.default(15), // 15:45
  orders_from_minutes_after_open: sessionMinutes.default(30), // 10:00: what is bought anew in a roll
  orders_until_minutes_before_close: sessionMinutes.default(30), // 15:30

  // What a name must be
  trend_short_sessions: z.int().min(5).max(100).default(20), // a month: the price must be above it
  trend_middle_sessions: z.int().min(10).max(200).default(50), // a quarter
  trend_long_sessions: z.int().min(50).max(400).default(200), // the line between owning and leaving
  cross_lookback_sessions: z.int().min(10).max(250).default(120), // an older cross of the means says nothing
  closes_min: z.int().min(60).max(520).default(252), // a year: with less there is no score, and none is made up
  composite_min: points.default(65), // of 100
  entry_timing_min: points.default(60), // of 100: no entry under a fresh death cross
  exit_timing_max: points.default(70), // above it one would be leaving
  earnings_guard_sessions: z.int().min(0).max(20).default(2), // no report moves the price so soon
  regime_index: ticker.default(symbol('SPY')), // the broad market
  regime_sma_sessions: z.int().min(20).max(400).default(200), // leverage on a rising market only
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20), // over this many sessions
  chains_max: z.int().min(1).max(50).default(8), // best-ranked names whose chains are fetched in one evaluation

  // Which call
  dte_min: dte.default(400), // far from the steep part of decay
  dte_target: dte.default(540), // a year before the roll
  dte_max: dte.default(800), // further out hardly anything trades
  delta_target: fraction.default(0.8), // a financed share position, not a lottery ticket
  delta_min: fraction.default(0.7), // under it time value is too much of the price
  delta_max: fraction.default(0.88), // above it there is hardly any leverage
  extrinsic_annual_max: fraction.default(0.08), // time value a year, of the share's price: what the leverage costs

  // Whether the contract can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.05), // of the mid: these trade thinly, and are left again
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05), // a spread this small is fair at any price
  min_open_interest: z.int().min(0).default(100), // contracts: somebody must be there when we leave
  min_volume: z.int().min(0).default(0), // a sound long-dated call may go untraded for a day
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10), // the ask must hold our quantity, but never more than this is asked of it
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000), // wall milliseconds since the broker stated the account

  // How much
  premium_max_pct: fraction.default(0.06), // of equity, premium and fees of one name, all its tranches
  risk_at_stop_pct: fraction.default(0.02), // of equity, what one name loses at its premium stop
  total_pct: fraction.default(0.2), // of equity, all premium of this strategy
  underlying_risk_pct: fraction.default(0.2), // of equity, all strategies in one name
  max_positions: z.int().min(1).max(50).default(5), // names at a time
  theme_positions_max: z.int().min(1).max(50).default(2), // names of one theme: they fall together
  tranches: z.int().min(1).max(10).default(2), // a name is bought in so many parts
  tranche_spacing_sessions: z.int().min(1).max(252).default(20), // a month between them: not one price
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.5), // of the way from mid to ask: time is not short
  ladder_step_seconds: stepSeconds.default(120), // five rungs in ten minutes
  exit_step_seconds: stepSeconds.default(30), // exits want to be done

  // How it ends
  stop_frac_loss: fraction.default(0.4), // of what was paid: the backstop behind the trend
  stop_confirm_seconds: z.int().min(0).max(7_200).default(5), // two quotes this far apart must agree
  trend_stop_sessions: z.int().min(1).max(60).default(5), // closes in a row under the long mean
  death_cross_sessions: z.int().min(0).max(60).default(5), // so fresh a cross, with the close under the long mean
  scale_out_levels: z.array(z.number().positive().max(100)).min(1).max(8).default([0.6, 1.2, 2]), // gains at which a part is sold
  scale_out_part: fraction.default(0.25), // of the contracts bought, at each
  small_position_max: z.int().min(0).max(10).default(2), // so few contracts cannot be sold in parts
  small_position_level: z.number().positive().max(100).default(1.2), // and are sold whole at this gain
  roll_dte: dte.default(180), // decay quickens from here on
  roll_delta: fraction.default(0.93), // hardly any leverage left: profit is taken out and the strike moved up
  roll_composite_min: points.default(60), // a name worth owning still
  hard_exit_dte: dte.default(120), // whatever the roll did
});

export const leapsParams = bounded
  .refine((p) => p.trend_short_sessions < p.trend_middle_sessions && p.trend_middle_sessions < p.trend_long_sessions, {
    path: ['trend_middle_sessions'],
    message: 'trend_short_sessions < trend_middle_sessions < trend_long_sessions must hold',
  })
  .refine((p) => p.closes_min > p.trend_long_sessions, {
    path: ['closes_min'],
    message: 'must be above trend_long_sessions: the means of two sessions are compared',
  })
  .refine((p) => p.hard_exit_dte <= p.roll_dte && p.roll_dte < p.dte_min && p.dte_min <= p.dte_target && p.dte_target <= p.dte_max, {
    path: ['dte_target'],
    message: 'hard_exit_dte <= roll_dte < dte_min <= dte_target <= dte_max must hold',
  })
  .refine((p) => p.delta_min <= p.delta_target && p.delta_target <= p.delta_max && p.delta_max < p.roll_delta, {
    path: ['delta_target'],
    message: 'delta_min <= delta_target <= delta_max < roll_delta must hold',
  })
  .refine((p) => p.scale_out_levels.every((level, i, all) => i === 0 || level > (all[i - 1] ?? 0)), {
    path: ['scale_out_levels'],
    message: 'must rise from level to level',
  });

export type LeapsParams = z.output<typeof leapsParams>;

export type ThemeName = keyof LeapsParams['themes'];

/** Every name of every theme, once, by the alphabet. */
export const universeOf = (params: LeapsParams): LeapsParams['themes'][ThemeName] =>
  [...new Set(Object.values(params.themes).flat())].sort();

/** Themes a name stands in. */
export const themesOf = (params: LeapsParams, name: ReturnType<typeof symbol>): readonly ThemeName[] =>
  (Object.keys(params.themes) as ThemeName[]).filter((theme) => params.themes[theme].includes(name));
