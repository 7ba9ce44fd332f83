// What would close a short option or take the shares away, as rows: the levels, days and events that the wheel's rules look for.
import type { ExitRule } from '../../domain/exit-rule.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { qtyLeft, type Trade } from '../../domain/trade.ts';
import type { ExitContext } from '../strategy.ts';
import { countTerm, exitBy, factTerm, priceTerm } from '../toolkit/exit-rules.ts';
import type { WheelParams } from './params.ts';

/** The credit that the rules hold a mark against: the average of all that was sold of the option. */
function creditOf({ positions }: ExitContext<WheelParams>, option: Option): number | undefined {
  const position = positions.find((p) => p.instrument.symbol === option.symbol);
  return position === undefined || position.qty >= 0 ? undefined : position.cost / (-position.qty * 100) / 1e6;
}

/** Half of the credit earned; on the last day the last cents. */
const profit = ({ params }: ExitContext<WheelParams>, credit: number): readonly ExitRule[] =>
  exitBy('TARGET', [
    priceTerm('ask', 'at or below', params.profit_take_part * credit),
    priceTerm('ask on the last day', 'at or below', params.expiry_buy_back_max_usd),
  ]);

const lastDay = ({ params }: ExitContext<WheelParams>): readonly ExitRule[] =>
  params.accept_pin
    ? []
    : exitBy('EXPIRY_DEADLINE', [
        countTerm(
          `minutes to the last close, within ${params.expiry_pin_band_pct} of the strike`,
          'at or below',
          params.expiry_pin_minutes_before_close,
          'minutes',
        ),
      ]);

function ofPut(ctx: ExitContext<WheelParams>, option: Option, credit: number): readonly ExitRule[] {
  const { params } = ctx;
  const near = countTerm('days to expiry', 'at or below', params.manage_dte, 'days');
  const evenAt = credit - params.fee_per_contract_usd / 100;
  return [
    ...exitBy('THESIS_STOP', [
      priceTerm(
        `mark, after ${params.thesis_stop_sessions} closes under the ${params.trend_sessions}-session mean`,
        'at or above',
        params.thesis_stop_credits * credit,
      ),
    ]),
    ...exitBy('TIME_STOP', [{ ...near, measure: `days to expiry, at an ask below ${evenAt.toFixed(4)}` }]),
    ...exitBy('ROLL', [{ ...near, measure: `days to expiry, in the money or at a delta of ${params.defend_delta}` }]),
    ...profit(ctx, credit),
    ...lastDay(ctx),
    ...exitBy('ASSIGNED', [priceTerm('share price at the expiry', 'below', dollars(option.strike))]),
  ];
}

const ofCall = (ctx: ExitContext<WheelParams>, option: Option, credit: number): readonly ExitRule[] => [
  ...exitBy('EXDIV_RISK', [
    { measure: 'time value on the eve of an ex-date, in the money', side: 'below', level: 'the dividend', unit: 'dollars a share' },
  ]),
  ...exitBy('ROLL', [countTerm('days to expiry, in the money while the trend is up', 'at or below', ctx.params.manage_dte, 'days')]),
  ...profit(ctx, credit),
  ...lastDay(ctx),
  ...exitBy('ASSIGNED', [priceTerm('share price at the expiry', 'above', dollars(option.strike))]),
];

/** Shares stay until a call that was sold on them is exercised. */
const ofShares = (): readonly ExitRule[] => exitBy('CALLED_AWAY', [factTerm('a call sold on the shares', 'assigned')]);

export function exits(ctx: ExitContext<WheelParams>, trade: Trade): readonly ExitRule[] {
  const [{ instrument: option }] = trade.legs;
  if (qtyLeft(trade, trade.underlying) > 0) return ofShares();
  if (option.kind !== 'option') return [];
  const credit = creditOf(ctx, option);
  if (credit === undefined) return [];
  return option.right === 'put' ? ofPut(ctx, option, credit) : ofCall(ctx, option, credit);
}
