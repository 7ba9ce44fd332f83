// What the report trades can be told. Every number of them stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

/** Names whose options are priced for their reports, with weekly expiries. */
export const reporting = 'AAPL MSFT GOOGL AMZN META TSLA NVDA NFLX AMD CRM ADBE ORCL INTC QCOM PYPL XYZ PLTR COIN ROKU ZM DOCU SNOW CRWD ZS'
  .split(' ')
  .map(symbol);

const technology = 'AAPL MSFT NVDA AMD CRM ADBE ORCL INTC QCOM PLTR ZM DOCU SNOW CRWD ZS'.split(' ');
const sectorOf = (name: string): string => {
  if (technology.includes(name)) return 'technology';
  if (['GOOGL', 'META', 'NFLX', 'ROKU'].includes(name)) return 'communication';
  return ['AMZN', 'TSLA'].includes(name) ? 'consumer' : 'financial';
};
const usualSectors = Object.fromEntries(reporting.map((name) => [name, sectorOf(name)]));

const bounded = z.strictObject({
  universe: universe.default(reporting),
  sectors: z.record(ticker, z.string().min(1)).default(usualSectors), // one position a sector and evening: they move together

  // When
  entry_start_minutes_before_close: sessionMinutes.default(45), // 15:15: the price of the night is made, and there is time to fill
  entry_end_minutes_before_close: sessionMinutes.default(15), // 15:45: never chased into the close
  entry_every_seconds: z.int().min(5).max(600).default(30),
  manage_every_seconds: z.int().min(5).max(600).default(30),
  exit_start_minutes_after_open: sessionMinutes.default(15), // 09:45: the first prints have settled, the crush is done
  exit_gap_minutes_after_open: sessionMinutes.default(5), // 09:35 after a gap beyond the structure
  exit_natural_minutes_after_open: sessionMinutes.default(45), // 10:15: from here on what the market pays
  exit_gap_deviations: z.number().min(1).max(10).default(2), // of the event: beyond, nothing of the structure is left to wait for
  collapse_part: fraction.default(0.75), // of the event's variance gone before the close: the news is out, the reason with it

  // What the report must be worth
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20),
  history_sessions: z.int().min(300).max(3_000).default(1_500), // daily bars fetched to measure past reports with
  history_reports: z.int().min(4).max(40).default(8), // the last two years
  history_reports_min: z.int().min(2).max(40).default(6), // fewer say nothing
  iv_observations_min: z.int().min(10).max(252).default(126), // half a year, else a percentile says nothing
  iv_percentile_min: z.number().min(0).max(100).default(70), // of the front expiry against the name's own history
  expected_move_min: fraction.default(0.04), // less does not carry its own costs
  richness_min: z.number().min(0.5).max(5).default(1.15), // expected over mean past move: only what is dear is sold
  front_dte_max: dte.default(10), // the first expiry after the report: a week's
  front_minutes_left_min: sessionMinutes.default(195), // half a session on the morning after; else the next expiry is the front
  next_days_max: dte.default(35), // the second expiry of the term structure, days after the first

  // Which structure
  scenario_minutes_after_open: sessionMinutes.default(30), // 10:00 of the morning after: where its legs are repriced
  mleg_calendar: z.boolean().default(false), // set it once you have seen the broker take an opening calendar in one order
  iv_ratio_min: z.number().min(1).max(10).default(1.25), // front over back volatility of a calendar
  back_days_min: dte.default(21), // of a calendar's bought leg, days after the sold one
  back_days_target: dte.default(28),
  back_days_max: dte.default(45),
  short_distance_deviations: z.number().min(0.5).max(3).default(1.05), // of the event, where a condor's strikes are sold
  wing_min_pct: fraction.default(0.02), // of spot, from a sold strike to its wing
  edge_min: fraction.default(0.08), // mean gain over past moves, of the risk
  consistency_max: fraction.default(0.03), // mean gain over the priced move, of the risk: must be about nothing

  // Whether it can be traded
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
  exit_patient_step_seconds: stepSeconds.default(90), // two or three walks from 09:45 to 10:15, and no more are allowed
  exit_urgent_step_seconds: stepSeconds.default(30),
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative
  risk_pct: fraction.default(0.0075), // no stop works over night: the whole of it can be lost
  strategy_risk_pct: fraction.default(0.025),
  book_risk_pct: fraction.default(0.25), // of all strategies that buy premium or sell defined risk
  underlying_risk_pct: fraction.default(0.2), // of one name, all strategies
  max_positions: z.int().min(1).max(50).default(3),
  max_contracts: z.int().min(1).max(100).default(10),

  // Protection of shares that others hold into a report
  protect_value_min_pct: fraction.default(0.03), // of equity: less is not worth its cost
  protect_deviation_min: fraction.default(0.05), // of the event
  protect_dte_min: dte.default(5), // a put of a day is all premium
  protect_cost_max_pct: fraction.default(0.007), // of the share's price
});

export const earningsProtectionParams = bounded
  .refine((p) => p.entry_end_minutes_before_close < p.entry_start_minutes_before_close, {
    path: ['entry_end_minutes_before_close'],
    message: 'entry_end_minutes_before_close < entry_start_minutes_before_close must hold',
  })
  .refine(
    (p) =>
      p.exit_gap_minutes_after_open <= p.exit_start_minutes_after_open &&
      p.exit_start_minutes_after_open < p.exit_natural_minutes_after_open,
    {
      path: ['exit_start_minutes_after_open'],
      message: 'exit_gap_minutes_after_open <= exit_start_minutes_after_open < exit_natural_minutes_after_open must hold',
    },
  )
  .refine((p) => p.history_reports_min <= p.history_reports, {
    path: ['history_reports_min'],
    message: 'history_reports_min <= history_reports must hold',
  })
  .refine(...rising('back_days_min', 'back_days_target', 'back_days_max'));

export type EarnParams = z.output<typeof earningsProtectionParams>;
