// What the dip buyer can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { dte, fraction, rising, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

/** Large names with deep chains: a bounce after a hard day is bought there at a fair spread. */
const leaders = 'AAPL MSFT GOOGL META NVDA AMD AVGO TSLA AMZN NFLX CRM COST ADBE V MA LIN'.split(' ').map(symbol);

/** A fall, as a part of the price it is measured from: -0.03 is 3 % down. */
const fall = z.number().min(-0.9).max(0);

const bounded = z.strictObject({
  universe: universe.default(leaders),

  // When
  entry_start_minutes_after_open: sessionMinutes.default(30), // 10:00: the opening rush is over
  entry_end_minutes_before_close: sessionMinutes.default(30), // 15:30: a dip of the last half hour has no time to prove itself
  entry_every_seconds: z.int().min(15).max(3_600).default(60), // one completed minute more to judge
  manage_every_seconds: z.int().min(5).max(3_600).default(15), // a month's option out of the money halves within an hour at most

  // What has happened
  run_lookback_sessions: z.int().min(2).max(60).default(10), // intervals between closes: 10 of them need 11 closes
  run_min_pct: z.number().min(0).max(5).default(0.1), // a tenth in two weeks: strength that buyers come back to
  dip_max_pct: fall.default(-0.03), // the first hard day
  dip_floor_pct: fall.default(-0.12), // deeper is news, not a dip
  dip_recovered_pct: fall.default(-0.02), // above this before the fill, and the entry is taken back
  persist_minutes: z.int().min(1).max(60).default(5), // completed minutes in a row that close in the dip: no single print
  regime_index: ticker.default(symbol('SPY')), // the broad market
  regime_sma_sessions: z.int().min(20).max(400).default(200), // dips are bought in a rising market only
  earnings_guard_sessions: z.int().min(0).max(20).default(3), // no report moves the price so soon: a dip on a report is another trade
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20), // over this many sessions
  dte_min: dte.default(21), // three weeks: two sessions of decay cost little
  dte_target: dte.default(30), // decay of two sessions is small against the move that is wanted
  dte_max: dte.default(45), // further out the same bounce moves the price less
  otm_target_pct: fraction.default(0.05), // strike over spot less one
  otm_min_pct: fraction.default(0.03), // the nearest a listed strike may lie
  otm_max_pct: fraction.default(0.07), // and the furthest
  strike_tries: z.int().min(1).max(10).default(3), // listed strikes looked at, nearest to the target first
  delta_min: fraction.default(0.2), // below it the bounce must be a rally
  delta_max: fraction.default(0.45), // above it the call costs what the bounce brings
  premium_min_usd: z.number().min(0).default(0.3), // a share: under it the spread is most of the price
  iv_percentile_advisory: z.number().min(0).max(100).default(90), // said, never a reason to stay out

  // Whether the contract can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.1), // of the mid
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05), // a spread this small is fair at any price
  min_open_interest: z.int().min(0).default(500), // contracts: somebody must be there when we leave
  min_volume: z.int().min(0).default(50), // contracts of the session
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10), // the ask must hold our quantity, but never more than this is asked of it
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000), // wall milliseconds since the broker stated the account
  risk_pct: fraction.default(0.01), // of equity, premium and fees of one trade: all of it can be lost
  strategy_risk_pct: fraction.default(0.03), // three such trades
  book_risk_pct: fraction.default(0.25), // all premium and defined losses of the book
  underlying_risk_pct: fraction.default(0.2), // all strategies in one name
  max_positions: z.int().min(1).max(50).default(3), // dips come together: three are one bet on the market already
  max_contracts: z.int().min(1).max(1_000).default(10), // of one trade, however cheap
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.7), // of the way from mid to ask: 0.35 of the spread
  ladder_step_seconds: stepSeconds.default(10), // five rungs inside one entry slot

  // How it ends
  stop_frac: fraction.default(0.5), // of what was paid
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree
  delta_exit: fraction.default(0.6), // the bounce has come: from here the call moves like the stock
  delta_sell_part: fraction.default(0.5), // of the contracts, rounded up; the rest runs with its stop at what was paid
  target_mult: z.number().min(1).max(20).default(3), // bid over what was paid
  max_hold_sessions: z.int().min(0).max(20).default(2), // sessions after the entry's
  time_exit_minutes_before_close: sessionMinutes.default(15), // 15:45
  dte_floor: dte.default(7), // from here on decay is the trade
});

export const dipParams = bounded
  .refine(...rising('dip_floor_pct', 'dip_max_pct', 'dip_recovered_pct'))
  .refine((p) => p.dte_floor < p.dte_min && p.dte_min <= p.dte_target && p.dte_target <= p.dte_max, {
    path: ['dte_target'],
    message: 'dte_floor < dte_min <= dte_target <= dte_max must hold',
  })
  .refine(...rising('otm_min_pct', 'otm_target_pct', 'otm_max_pct'))
  .refine(...rising('delta_min', 'delta_max'));

export type DipParams = z.output<typeof dipParams>;
