// `[risk.losses]` and `[risk.volatility]`: what losses and a nervous market do to openings.
import { z } from 'zod';
import { MINUTE, SECOND } from '../domain/time.ts';
import type { LossLimits, VolatilityLimits } from '../risk/limits-losses.ts';
import { count, duration, part, strategy } from './units.ts';

const ascending = (values: readonly number[]): boolean => values.every((v, i) => i === 0 || v > (values[i - 1] ?? Infinity));
/** A key that is too large or out of order beside another one. */
const beside = (path: string, message: string) => ({ path: [path], message });

export const losses = z
  .strictObject({
    day_halt_pct: part(0.2),
    day_flatten_pct: part(0.5),
    week_halt_pct: part(0.5),
    month_halt_pct: part(0.5),
    drawdown_half_pct: part(0.5),
    drawdown_halt_pct: part(0.8),
    drawdown_flatten_pct: part(0.9),
    flatten_strategies: z.array(strategy()).max(10),
    cautious_factor: part(1),
    restricted_factor: part(1),
    restricted_sessions: count(1, 20),
    equity_refresh: duration(SECOND, 15 * SECOND),
    equity_max_age: duration(15 * SECOND, 10 * MINUTE),
  })
  .refine(
    (l) => l.day_halt_pct <= l.day_flatten_pct,
    beside('day_flatten_pct', 'is at least day_halt_pct: what closes positions also stops openings'),
  )
  .refine(
    (l) => ascending([l.drawdown_half_pct, l.drawdown_halt_pct, l.drawdown_flatten_pct]),
    beside('drawdown_flatten_pct', 'is above drawdown_halt_pct, which is above drawdown_half_pct'),
  )
  .transform(
    (l): LossLimits => ({
      dayHaltPct: l.day_halt_pct,
      dayFlattenPct: l.day_flatten_pct,
      weekHaltPct: l.week_halt_pct,
      monthHaltPct: l.month_halt_pct,
      drawdownHalfPct: l.drawdown_half_pct,
      drawdownHaltPct: l.drawdown_halt_pct,
      drawdownFlattenPct: l.drawdown_flatten_pct,
      flattenStrategies: l.flatten_strategies,
      cautiousFactor: l.cautious_factor,
      restrictedFactor: l.restricted_factor,
      restrictedSessions: l.restricted_sessions,
      refreshMs: l.equity_refresh,
      maxAgeMs: l.equity_max_age,
    }),
  );

const level = () => z.number().min(1).max(200);
/** Of an opening: nothing is a part here. */
const share = () => z.number().min(0).max(1);

export const volatility = z
  .strictObject({
    levels: z.array(level()).min(1).max(20),
    factors: z.array(share()).min(2).max(21),
    cautious_from: level(),
    day_rise_pct: part(10),
    unknown_factor: share(),
  })
  .refine((v) => ascending(v.levels), beside('levels', 'ascend'))
  .refine((v) => v.factors.length === v.levels.length + 1, beside('factors', 'are one more than levels: the first holds below all of them'))
  .transform(
    (v): VolatilityLimits => ({
      levels: v.levels,
      factors: v.factors,
      cautiousFrom: v.cautious_from,
      dayRisePct: v.day_rise_pct,
      unknownFactor: v.unknown_factor,
    }),
  );
