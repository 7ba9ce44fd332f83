// What would close a held call or move it on, as rows: the levels and counts that its rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, priceTerm } from '../toolkit/exit-rules.ts';
import { type Owned, ownedOf } from '../toolkit/holding.ts';
import type { LeapsParams } from './params.ts';
import { scaledOut, stopAt } from './rules.ts';

/** All at once where few were bought, else the next level at which something is still to be sold. */
function targets(params: LeapsParams, { trade, units, entry }: Owned): readonly ExitRule[] {
  const bid = (level: number) => [priceTerm('bid', 'at or above', (1 + level) * entry)];
  if (trade.units <= params.small_position_max) return exitBy('TARGET', bid(params.small_position_level));
  const sold = trade.units - units;
  const wanted = (levels: number) => Math.min(units, scaledOut(trade.units, levels, params.scale_out_part) - sold);
  const next = params.scale_out_levels.findIndex((_, i) => wanted(i + 1) > 0);
  const level = params.scale_out_levels[next];
  return level === undefined ? [] : exitBy('SCALE_OUT', bid(level), wanted(next + 1));
}

export function exits({ params }: ExitContext<LeapsParams>, trade: Trade): readonly ExitRule[] {
  const owned = ownedOf(trade);
  if (owned === undefined) return [];
  const near = countTerm('days to expiry', 'at or below', params.roll_dte, 'days');
  const deep = countTerm('delta', 'at or above', params.roll_delta, '');
  const worthless = `the name under a composite of ${params.roll_composite_min}`;
  return [
    ...exitBy('STOP', [priceTerm('mark', 'at or below', stopAt({ params }, owned))]),
    ...exitBy('TREND_EXIT', [
      countTerm('closes in a row under the long mean', 'at or above', params.trend_stop_sessions, 'closes'),
      countTerm('sessions since the death cross, under the long mean', 'at or below', params.death_cross_sessions, 'sessions'),
    ]),
    ...exitBy('TIME_STOP', [
      countTerm('days to expiry', 'at or below', params.hard_exit_dte, 'days'),
      { ...near, measure: `days to expiry, ${worthless}` },
    ]),
    ...exitBy('DELTA_EXIT', [{ ...deep, measure: `delta, ${worthless}` }]),
    ...exitBy('ROLL', [near, deep]),
    ...targets(params, owned),
  ];
}
