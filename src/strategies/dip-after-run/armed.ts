// What would close a held call, as rows: the levels, days and events that its rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import { after, MINUTE } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { clockTerm, countTerm, exitBy, factTerm, priceTerm } from '../toolkit/exit-rules.ts';
import { ownedOf } from '../toolkit/holding.ts';
import type { DipParams } from './params.ts';
import { deltaUnits, stopAt } from './rules.ts';

export function exits(ctx: ExitContext<DipParams>, trade: Trade): readonly ExitRule[] {
  const { params } = ctx;
  const owned = ownedOf(trade);
  if (owned === undefined) return [];
  const last = ctx.sessionAt(trade.openedDay, params.max_hold_sessions);
  const byDelta = deltaUnits(params, owned);
  return [
    ...exitBy('STOP', [priceTerm('mark', 'at or below', stopAt(params, owned))]),
    ...exitBy('EARNINGS_EXIT', [factTerm('report', `before the close of ${last.day}`)]),
    ...exitBy('TIME_STOP', [
      clockTerm(after(last.close, -params.time_exit_minutes_before_close * MINUTE)),
      countTerm('days to expiry', 'at or below', params.dte_floor, 'days'),
    ]),
    ...exitBy('TARGET', [priceTerm('bid', 'at or above', params.target_mult * owned.entry)]),
    ...(byDelta > 0 ? exitBy('DELTA_EXIT', [countTerm('delta', 'at or above', params.delta_exit, '')], byDelta) : []),
  ];
}
