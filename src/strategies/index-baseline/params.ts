// What the index baseline can be told: what it measures against, and whether it holds an index itself.
import { z } from 'zod';
import { symbol } from '../../domain/ids.ts';
import { fraction, sessionMinutes, stepSeconds, ticker, universe } from '../toolkit/params.ts';
import { anotherIndex, LONGEST_WASH_DAYS } from './harvest.ts';

const funds = ['SPY', 'VTI', 'QQQ', 'IWM', 'DIA'].map(symbol);

/** What each strategy may have at risk by its own rules, of equity. */
const usualCeilings = { dip: 0.03, mwk: 0.03, dcs: 0.1, leaps: 0.2, wheel: 0.5, swing: 0.04, zdte: 0.02, earn: 0.025, lotto: 0.005 };
const judged = z.enum(['dip', 'mwk', 'dcs', 'leaps', 'wheel', 'swing', 'zdte', 'earn', 'lotto']);

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
    max_rel_spread: z.number().min(0).max(0.1).default(0.005), // of the mid: a fund quoted wider waits for another day
    limit_offset_pct: z.number().min(0).max(0.01).default(0.0002), // through the touch by this part of it: filled at once, never at any price
    order_seconds: stepSeconds.default(60), // then it is cancelled; the next check decides anew
    account_age_ms_max: z.int().min(1_000).max(600_000).default(10_000),
    manage_every_minutes: z.int().min(1).max(390).default(15), // nothing is decided there, only shown
    stop_below_close_pct: z.number().min(0.01).max(0.9).default(0.15), // rests at the broker for the days we cannot trade

    // Tax losses of the core
    harvest: z.boolean().default(false), // whether a loss is worth taking is a question of the account's taxes, not of the market
    harvest_replacement: ticker.default(symbol('VTI')), // another index: a fund of the same one is the same thing to the tax office
    harvest_loss_min_pct: fraction.default(0.1), // of a lot's cost
    harvest_loss_min_usd: z.number().min(0).default(500),
    harvest_wash_days: z.int().min(31).max(LONGEST_WASH_DAYS).default(31), // calendar days before and after the sale

    // The verdict on the others
    ceilings: z.partialRecord(judged, fraction).default(usualCeilings), // of equity: a drawdown is measured in these; what is not listed is not judged
    results_trades_max: z.int().min(30).max(1_000).default(250), // of one strategy: older ones say little of what it is now
    penalty_fee_per_contract_usd: z.number().min(0).max(5).default(0.05), // one side; conservative
    verdict_trades_min: z.int().min(30).max(1_000).default(30), // fewer can be luck
    verdict_probation_t: z.number().min(-10).max(0).default(-1),
    verdict_suspend_t: z.number().min(-10).max(0).default(-2),
    verdict_suspend_drawdown: z.number().min(0.1).max(10).default(2), // in ceilings
    verdict_exempt: z.array(judged).default([]), // opens as configured whatever its verdict says
  })
  .refine((p) => p.benchmarks.includes(p.instrument), {
    path: ['instrument'],
    message: 'must be one of benchmarks: its weight is measured with theirs',
  })
  .refine((p) => !p.harvest || p.benchmarks.includes(p.harvest_replacement), {
    path: ['harvest_replacement'],
    message: 'must be one of benchmarks: its weight is measured with theirs',
  })
  .refine((p) => !p.harvest || anotherIndex(p.instrument, p.harvest_replacement), {
    path: ['harvest_replacement'],
    message: 'must follow another index than instrument: a loss in the same thing is no loss for tax',
  })
  .refine((p) => p.verdict_suspend_t <= p.verdict_probation_t, {
    path: ['verdict_suspend_t'],
    message: 'verdict_suspend_t <= verdict_probation_t must hold',
  });

export type BaselineParams = z.output<typeof baselineParams>;
