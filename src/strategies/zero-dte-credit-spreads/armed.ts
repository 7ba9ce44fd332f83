// What would close open spreads, as rows: costs, deltas, strikes and the hour that their rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import { dollars } from '../../domain/money.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, priceTerm } from '../toolkit/exit-rules.ts';
import { levelsOf } from './exits.ts';
import type { ZdteParams } from './params.ts';
import { remainsOf } from './sides.ts';

export function exits({ params }: ExitContext<ZdteParams>, trade: Trade): readonly ExitRule[] {
  if (trade.units === 0) return [];
  const { spreads } = remainsOf(trade);
  if (spreads.length === 0) return [];
  const { target, stop } = levelsOf(params, spreads);
  return [
    ...exitBy('STOP', [
      priceTerm('cost to close', 'at or above', stop / 100),
      ...spreads.flatMap(({ right, short }) => [
        countTerm(`delta of the short ${right}`, 'at or above', params.delta_stop, ''),
        priceTerm('share price', right === 'put' ? 'below' : 'above', dollars(short.strike)),
      ]),
    ]),
    ...exitBy('FLAT_TIME', [countTerm('minutes to the close', 'at or below', params.flat_minutes_before_close, 'minutes')]),
    ...exitBy('TARGET', [
      priceTerm('cost to close', 'at or below', target / 100),
      priceTerm('ask of a short option', 'at or below', params.residual_max_usd),
    ]),
  ];
}
