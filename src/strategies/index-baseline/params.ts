// What the index baseline can be told: what it measures against, and whether it holds an index itself.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { fraction, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';

const funds = ['SPY', 'VTI', 'QQQ', 'IWM', 'DIA'].map(symbol);

export const baselineParams = z
  .strictObject({
    benchmarks: universe.default(funds), // total return of each is kept beside our own
    mark_minutes_after_close: sessionMinutes.default(15), // official closes and the day's last fills are in by then
    series_sessions_max: z.int().min(60).max(2_520).default(520), // two years of daily marks in memory
    observations_min: z.int().min(2).max(2_520).default(60), // under a quarter no ratio means anything

    enabled: z.boolean().default(false), // the core holding; the ledger above runs either way
    instrument: ticker.default(symbol('SPY')),
    target_weight: fraction.default(0.35), // of equity, all benchmark funds together
    band_pct: fraction.default(0.05), // absolute: inside it a trade costs more than the drift
    min_trade_pct: fraction.default(0.01), // of equity
    check_minutes_before_close: sessionMinutes.default(30), // 15:30: deep books, prices near the close
    limit_offset_pct: z.number().min(0).max(0.01).default(0.0002), // through the touch by this part of it: filled at once, never at any price
    order_seconds: stepSeconds.default(60), // then it is cancelled; the next check decides anew
    account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000),
    manage_every_minutes: z.int().min(1).max(390).default(15), // nothing is decided there, only shown
    stop_below_close_pct: z.number().min(0.01).max(0.9).default(0.15), // rests at the broker for the days we cannot trade
  })
  .refine((p) => p.benchmarks.includes(p.instrument), {
    path: ['instrument'],
    message: 'must be one of benchmarks: its weight is measured with theirs',
  });

export type BaselineParams = z.output<typeof baselineParams>;
