// What would sell the core holding or a part of it, as rows: the weight beyond its band, and a loss worth taking. Its stop rests at the broker.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy } from '../toolkit/exit-rules.ts';
import type { BaselineParams } from './params.ts';

export function exits({ params }: ExitContext<BaselineParams>): readonly ExitRule[] {
  if (!params.enabled) return [];
  const most = params.target_weight + params.band_pct;
  return [
    ...exitBy('REBALANCE', [countTerm('weight of index funds', 'above', most, 'of equity')]),
    ...(params.harvest
      ? exitBy('HARVEST', [countTerm('loss of its lots', 'at or above', params.harvest_loss_min_pct, 'of their cost')])
      : []),
  ];
}
