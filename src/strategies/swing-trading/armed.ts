// What would close a held option, as rows: the levels, hours and rungs that its rules look for.
import type { ExitRule, ExitTerm } from '../../domain/exit-rule.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, factTerm, priceTerm } from '../toolkit/exit-rules.ts';
import { type Owned, ownedOf } from '../toolkit/holding.ts';
import { watchedOf } from '../toolkit/watch.ts';
import { minutesToHold, stopLevel } from './manage.ts';
import { recallSwing } from './memory.ts';
import type { SwingParams } from './params.ts';
import { rungsOf } from './rungs.ts';
import { thesisIn } from './thesis.ts';

function invalidation(params: SwingParams, trade: Trade): readonly ExitTerm[] {
  const thesis = thesisIn(trade);
  if (thesis === undefined) return [];
  const side = thesis.way === 1 ? 'below' : 'above';
  if (thesis.kind === 'momentum') return [factTerm('5-minute close', `${side} its mean of ${params.sma_slow}`)];
  if (thesis.invalidation === null) return [];
  return [priceTerm(thesis.kind === 'breakout' ? '15-minute close' : 'share price', side, thesis.invalidation)];
}

/** The next rung that leaves something, and the last one, at which all goes. */
function targets(params: SwingParams, { trade, units, entry }: Owned): readonly ExitRule[] {
  const sold = trade.units - units;
  let until = 0;
  const open = rungsOf(trade.units, params).filter((rung) => {
    until += rung.units;
    return until > sold;
  });
  const last = open.at(-1);
  const [next] = open;
  const level = (gain: number) => [priceTerm('mark', 'at or above', (1 + gain) * entry)];
  return [
    ...(last === undefined ? [] : exitBy('TARGET', level(last.gain))),
    ...(next === undefined || next === last ? [] : exitBy('SCALE_OUT', level(next.gain), next.units)),
  ];
}

export function exits({ params, memory }: ExitContext<SwingParams>, trade: Trade): readonly ExitRule[] {
  const owned = ownedOf(trade);
  if (owned === undefined) return [];
  const { watch, evenings } = recallSwing(memory, [trade]);
  const minutes = minutesToHold(params, thesisIn(trade)?.kind ?? 'momentum');
  return [
    ...exitBy('STOP', [priceTerm('mark', 'at or below', stopLevel(params, owned, watchedOf(watch, trade), evenings[trade.id]))]),
    ...exitBy('INVALIDATION', invalidation(params, trade)),
    ...exitBy('TIME_STOP', [countTerm('minutes held', 'at or above', minutes, 'minutes')]),
    ...exitBy('FLAT_TIME', [
      countTerm('minutes to the close, unfit for the night', 'at or below', params.flat_minutes_before_close, 'minutes'),
    ]),
    ...targets(params, owned),
  ];
}
