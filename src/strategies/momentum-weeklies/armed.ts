// What would close a held weekly, as rows: the levels and hours that its rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, priceTerm } from '../toolkit/exit-rules.ts';
import { ownedOf } from '../toolkit/holding.ts';
import { recallWatch, watchedOf } from '../toolkit/watch.ts';
import { staying, stopLevel } from './manage.ts';
import type { MwkParams } from './params.ts';
import { thesisIn } from './thesis.ts';

export function exits({ params, memory }: ExitContext<MwkParams>, trade: Trade): readonly ExitRule[] {
  const owned = ownedOf(trade);
  if (owned === undefined) return [];
  const { entry, units } = owned;
  const half = units - staying(trade.units);
  const thesis = thesisIn(trade);
  const against = thesis?.way === 1 ? 'below' : 'above';
  const watched = thesis?.kind === 'breakout' ? '15-minute close' : 'share price';
  return [
    ...exitBy('STOP', [priceTerm('mark', 'at or below', stopLevel(params, owned, watchedOf(recallWatch(memory, [trade]), trade)))]),
    ...(thesis === undefined || thesis.invalidation === null
      ? []
      : exitBy('INVALIDATION', [priceTerm(watched, against, thesis.invalidation)])),
    ...exitBy('FLAT_TIME', [countTerm('minutes to the close', 'at or below', params.flat_minutes_before_close, 'minutes')]),
    ...exitBy('TIME_STOP', [
      countTerm(`minutes held without a gain of ${params.time_stop_gain_frac}`, 'at or above', params.time_stop_minutes, 'minutes'),
    ]),
    ...exitBy('TARGET', [priceTerm('mark', 'at or above', (1 + params.target_frac) * entry)]),
    ...(half > 0 ? exitBy('SCALE_OUT', [priceTerm('mark', 'at or above', (1 + params.scale_frac) * entry)], half) : []),
  ];
}
