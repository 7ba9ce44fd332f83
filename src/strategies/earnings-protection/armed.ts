// What would close the night's trade, as rows: the hours of its morning, and what would spoil it before.
import type { ExitRule, ExitTerm } from '../../domain/exit-rule.ts';
import { after, MINUTE } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { clockTerm, countTerm, exitBy, factTerm } from '../toolkit/exit-rules.ts';
import { ownedOf } from '../toolkit/holding.ts';
import type { EarnParams } from './params.ts';
import { type Thesis, thesisIn } from './thesis.ts';

function spoiled(params: EarnParams, thesis: Thesis): readonly ExitTerm[] {
  const least = thesis.variance - params.collapse_part * thesis.deviation ** 2;
  const gap = params.exit_gap_deviations * thesis.deviation;
  return [
    countTerm('move since the close, up or down, on the morning', 'above', gap, 'of the price'),
    factTerm('report tonight', 'none'),
    ...(thesis.kind === 'protect' ? [] : [countTerm('total variance of what was sold', 'below', least, '')]),
  ];
}

/** A trade whose thesis cannot be read is left on the next morning there is. */
export function exits(ctx: ExitContext<EarnParams>, trade: Trade): readonly ExitRule[] {
  if (ownedOf(trade) === undefined) return [];
  const { params } = ctx;
  const thesis = thesisIn(trade);
  const morning = ctx.sessionAt(thesis?.exitDay ?? ctx.day, 0);
  const from = (minutes: number) => [clockTerm(after(morning.open, minutes * MINUTE))];
  return [
    ...exitBy('TIME_STOP', from(params.exit_start_minutes_after_open)),
    ...exitBy('FLAT_TIME', from(params.exit_natural_minutes_after_open)),
    ...exitBy('INVALIDATION', thesis === undefined ? [] : spoiled(params, thesis)),
  ];
}
