// What would close an open spread, as rows: the levels and events that its rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, factTerm, priceTerm } from '../toolkit/exit-rules.ts';
import { ownedOf } from '../toolkit/holding.ts';
import { plannedExit } from './context.ts';
import { levels } from './held.ts';
import type { DebitCallSpreadsParams } from './params.ts';

/** Strikes of both calls, dollars, and their expiry. */
function termsOf(trade: Trade) {
  const strike = (side: 'buy' | 'sell') =>
    trade.legs.flatMap(({ instrument, side: of }) => (instrument.kind === 'option' && of === side ? [instrument] : []))[0];
  const [long, short] = [strike('buy'), strike('sell')];
  return long === undefined || short === undefined ? undefined : { width: (short.strike - long.strike) / 1e6, expiry: long.expiry };
}

export function exits(ctx: ExitContext<DebitCallSpreadsParams>, trade: Trade): readonly ExitRule[] {
  const { params } = ctx;
  const owned = ownedOf(trade);
  const terms = termsOf(trade);
  if (owned === undefined || terms === undefined) return [];
  const { target, stop } = levels(owned.entry, terms.width, params);
  const shortCall = 'time value of the short call, in the money';
  return [
    ...exitBy('NONSTANDARD_CONTRACT', [factTerm('what a contract delivers', 'not 100 shares')]),
    ...exitBy('EXDIV_RISK', [{ measure: shortCall, side: 'below', level: 'the next dividend', unit: 'dollars a share' }]),
    ...exitBy('EARLY_ASSIGNMENT_RISK', [
      priceTerm(`${shortCall} at a delta of ${params.deep_delta}`, 'at or below', params.extrinsic_min_usd),
    ]),
    ...exitBy('STOP', [priceTerm('mark', 'at or below', stop)]),
    ...exitBy('TIME_STOP', [countTerm('days to expiry', 'at or below', params.time_exit_dte, 'days')]),
    ...exitBy('EARNINGS_EXIT', [factTerm('report', `before the open of ${plannedExit(ctx, terms.expiry).day}`)]),
    ...exitBy('TREND_EXIT', [
      countTerm(
        `closes in a row under their ${params.trend_exit_sma_sessions}-session mean`,
        'at or above',
        params.trend_exit_closes,
        'closes',
      ),
    ]),
    ...exitBy('TARGET', [priceTerm('mark', 'at or above', target)]),
  ];
}
