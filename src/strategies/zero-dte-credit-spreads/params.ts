// What the seller of same-day spreads can be told. Every number of it stands here, with its bounds, its default and its reason.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { fraction, rising, sessionMinutes, stepSeconds, universe } from '../toolkit/params.ts';

/** The last hour of an expiring option is the engine's: from here on it closes whatever is left. */
export const LAST_HOUR_MINUTES = 60;

const widths = z.record(z.string().regex(/^[A-Z]{1,5}$/, 'not a ticker'), z.number().min(0.5).max(50));
const eventNames = z.array(z.string().regex(/^[A-Z][A-Z0-9_]{1,19}$/, 'not the name of an event: capitals, such as FOMC')).max(20);
const window = z.tuple([sessionMinutes, sessionMinutes]);

const bounded = z.strictObject({
  universe: universe.default([symbol('SPY')]), // expirations every day, cent-wide markets; QQQ and IWM qualify too

  // When
  entry_windows_minutes_after_open: z
    .array(window)
    .min(1)
    .max(6)
    .default([
      [15, 120], // 09:45 to 11:30: the open has been found, the day's premium is still there
      [180, 240], // 12:30 to 13:30: after it too little premium is left for its gamma
    ]),
  entry_every_seconds: z.int().min(10).max(3_600).default(30), // a ladder lasts as long
  manage_every_seconds: z.int().min(1).max(60).default(5), // the last hours of an option are fast
  macro_all_day_events: eventNames.default(['FOMC']), // a decision at 14:00 makes all of the day its eve
  macro_morning_events: eventNames.default(['CPI', 'NFP']), // out before the open
  macro_morning_minutes_after_open: sessionMinutes.default(45), // by 10:15 their move has shown itself

  // What the day must be
  vix_max: z.number().min(5).max(200).default(30), // above it a day's range outruns the wings
  gap_max_pct: fraction.default(0.015), // open against the previous close: after more the day trends
  edge_min: z.number().min(0.5).max(5).default(1.1), // implied over forecast volatility: else the odds are merely fair
  min_dollar_volume_usd: z.number().min(0).default(50_000_000), // mean of a session's close x volume
  dollar_volume_sessions: z.int().min(1).max(252).default(20),
  strikes_per_side_min: z.int().min(1).max(200).default(20), // listed out of the money, each side: a living chain

  // Which structure
  condor_z_max: z.number().min(0).max(5).default(0.25), // nearer the session's mean price than this, in daily deviations, both sides are sold
  short_delta_target: fraction.default(0.2),
  short_delta_min: fraction.default(0.1), // nearer to nothing the credit does not pay for the wing
  short_delta_max: fraction.default(0.3), // nearer to the money the strike is touched on most days
  width_usd: widths.default({ SPY: 5, QQQ: 5, IWM: 2 }), // between the strikes: the width bounds the loss, no stop does
  width_max_part: z.number().min(1).max(3).default(1.5), // of the width, where the strike exactly that far away is not listed
  credit_min_usd: z.number().min(0.01).max(50).default(0.2), // a share, at the end of the ladder: less is eaten by fees and spreads
  credit_width_min: fraction.default(0.1), // of the width: under it ten wins do not pay for one loss
  pop_min: fraction.default(0.75), // chance of a gain at expiry, one side
  pop_condor_min: fraction.default(0.6), // and of a condor, which has two break-evens

  // Whether the contracts can be traded
  max_rel_spread: z.number().min(0).max(1).default(0.1), // of the short leg
  spread_always_ok_usd: z.number().min(0).max(1).default(0.05),
  min_open_interest: z.int().min(0).default(500),
  min_volume: z.int().min(0).default(500),
  volume_minutes_after_open: sessionMinutes.default(60), // before 10:30 the previous session's volume counts
  touch_size_max_contracts: z.int().min(1).max(100).default(10),
  account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000),

  // How much
  risk_pct: fraction.default(0.01), // of equity: width less credit, with fees, of one trade
  strategy_risk_pct: fraction.default(0.02), // and of all trades of a day, the closed ones included
  book_risk_pct: fraction.default(0.25), // all premium and defined losses of the book
  underlying_risk_pct: fraction.default(0.2), // all strategies in one name
  entries_per_day_max: z.int().min(1).max(20).default(2),
  max_contracts: z.int().min(1).max(1_000).default(10), // spreads of one trade

  // How it is priced
  entry_cap_part: z.number().min(0).max(1).default(0.5), // of the way from mid to natural
  ladder_step_seconds: stepSeconds.default(5), // five rungs inside one entry slot
  fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative

  // How it ends
  profit_take_part: fraction.default(0.5), // cost to close, of the credit: the second half is earned against growing gamma
  stop_credits: z.number().min(1.05).max(20).default(2), // cost to close, in credits: the stop loses what the whole credit would win
  stop_confirm_seconds: z.int().min(0).max(600).default(5), // two quotes this far apart must agree, unless the strike itself is passed
  delta_stop: fraction.default(0.45), // of the short strike: nearly at the money
  residual_max_usd: z.number().min(0.01).max(1).default(0.05), // a short strike offered at this is bought back alone
  flat_minutes_before_close: z.int().min(LAST_HOUR_MINUTES).max(360).default(LAST_HOUR_MINUTES), // closed from here on; at 60 this is the engine's own start
});

export const zdteParams = bounded
  .refine(...rising('short_delta_min', 'short_delta_target', 'short_delta_max'))
  .refine((p) => p.short_delta_max < p.delta_stop, { path: ['delta_stop'], message: 'short_delta_max < delta_stop must hold' })
  .refine((p) => p.universe.every((name) => p.width_usd[name] !== undefined), {
    path: ['width_usd'],
    message: 'every name of the universe needs its width',
  })
  .refine(({ entry_windows_minutes_after_open: all }) => all.every(([from, to], i) => from < to && from > (all[i - 1]?.[1] ?? 0)), {
    path: ['entry_windows_minutes_after_open'],
    message: 'each window must end after it begins, and begin after the one before it has ended',
  });

export type ZdteParams = z.output<typeof zdteParams>;
