// What would close a held play, as rows: the bids and hours that its rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, priceTerm } from '../toolkit/exit-rules.ts';
import { ownedOf } from '../toolkit/holding.ts';
import { recallWatch, watchedOf } from '../toolkit/watch.ts';
import { staying, stopLevel } from './manage.ts';
import type { LottoParams } from './params.ts';
import { thesisIn } from './thesis.ts';

export function exits({ params, memory }: ExitContext<LottoParams>, trade: Trade): readonly ExitRule[] {
  const owned = ownedOf(trade);
  if (owned === undefined) return [];
  const { entry, units } = owned;
  const halved = units < trade.units;
  const half = halved ? 0 : units - staying(trade.units);
  const { peak } = watchedOf(recallWatch(memory, [trade]), trade);
  const stop = stopLevel({ params }, owned);
  const first = priceTerm('bid', 'at or above', params.half_multiple * entry);
  const second = priceTerm('bid', 'at or above', params.rest_multiple * entry);
  return [
    ...(stop > 0 ? exitBy('STOP', [priceTerm('bid', 'at or below', stop)]) : []),
    ...exitBy('FLAT_TIME', [countTerm('minutes to the close of its last day', 'at or below', params.flat_minutes_before_close, 'minutes')]),
    ...(thesisIn(trade)?.play === 'earnings'
      ? exitBy('TIME_STOP', [
          countTerm('minutes after the open on a later day', 'at or above', params.earnings_exit_minutes_after_open, 'minutes'),
        ])
      : []),
    ...exitBy('TARGET', half === units ? [second, first] : [second]),
    ...(half > 0 && half < units ? exitBy('SCALE_OUT', [first], half) : []),
    ...(halved && peak !== null ? exitBy('TRAIL', [priceTerm('bid', 'at or below', (1 - params.trail_part) * peak)]) : []),
  ];
}
