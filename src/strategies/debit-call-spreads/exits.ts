// The rules by which a spread ends, each in the order of its danger. The first that speaks decides; where none does, it is held.
import type { Gate } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { cents, closesAgainstMean, minutesToClose } from '../toolkit/context.ts';
import { figure, weighed } from '../toolkit/gates.ts';
import { nextReportMove } from '../toolkit/report-guard.ts';
import { dividendDanger, exerciseNear } from '../toolkit/short-call.ts';
import { plannedExit, type SpreadContext } from './context.ts';
import type { HeldSpread } from './held.ts';
import { barsWanted, trendGone } from './screen.ts';

export interface Wish {
  readonly code: ReasonCode;
  readonly why: string;
  readonly gates: readonly Gate[];
  readonly pace: 'patient' | 'urgent';
}

/** Says nothing, or that the spread is to be closed. */
export type Rule = (ctx: SpreadContext, spread: HeldSpread) => Wish | undefined;

const now = (code: ReasonCode, why: string, gates: readonly Gate[]): Wish => ({ code, why, gates, pace: 'urgent' });

/** A contract that no longer delivers a hundred shares is not what was bought. */
export const adjusted: Rule = (ctx, { long, short }) => {
  const changed = [long, short].find(({ option }) => ctx.market.contract(option.symbol)?.standard === false);
  if (changed === undefined) return undefined;
  const { symbol } = changed.option;
  return now('NONSTANDARD_CONTRACT', `${symbol} does not deliver 100 shares any more`, [
    weighed('standard contract', 'true', symbol, false),
  ]);
};

/** In the money, and a dividend of the next sessions is worth more than the time value: the call is exercised on the eve. */
export const exDividend: Rule = (ctx, { call }) => {
  if (!call.known) return undefined;
  const danger = dividendDanger(ctx, call.value, ctx.params.ex_dividend_sessions);
  if (!danger.known || !danger.value.exercised) return undefined;
  const { dividend, extrinsic } = danger.value;
  return now('EXDIV_RISK', `time value ${figure(extrinsic)} of the short call is under the dividend ${figure(dividend)}`, [
    weighed('time value at the bid', dividend, extrinsic, false),
  ]);
};

/** A deep short call with next to no time value is exercised any night. */
export const deepShort: Rule = (ctx, { call }) => {
  if (!call.known) return undefined;
  const { extrinsic_min_usd, deep_delta } = ctx.params;
  if (!exerciseNear(call.value, call.value.setting, { extrinsicMax: extrinsic_min_usd, deltaMin: deep_delta })) return undefined;
  const { option, spot } = call.value;
  return now('EARLY_ASSIGNMENT_RISK', `the short ${dollars(option.strike)} call is deep in the money without time value`, [
    weighed('spot over the short strike', dollars(option.strike), spot, false),
  ]);
};

/** Half of the debit is lost, on two quotes in a row. */
export const stopped: Rule = (_ctx, { held, stop, stopSeen }) =>
  stopSeen.confirmed
    ? now('STOP', `mark ${figure(held.mark)} is at or under ${figure(stop)}, twice`, [
        weighed('mark over the stop', stop, held.mark, false),
      ])
    : undefined;

/** What time was given is used up. */
export const outOfTime: Rule = (ctx, { dte }) =>
  dte <= ctx.params.time_exit_dte
    ? now('TIME_STOP', `${dte} days to expiry are left`, [weighed('days to expiry over', ctx.params.time_exit_dte, dte, false)])
    : undefined;

/** A report moves the price before the planned exit: out in the last minutes before it can, or at once if it already may. */
export const beforeReport: Rule = (ctx, { held, long }) => {
  const exit = plannedExit(ctx, long.option.expiry);
  const next = nextReportMove(ctx, held.name, { day: exit.day, close: exit.open });
  if (!next.known || next.value === null) return undefined;
  const { from, day } = next.value;
  const left = minutesToClose(ctx);
  const { earnings_exit_minutes_before_close: last } = ctx.params;
  const due = from <= ctx.now.exchange || (from <= ctx.session.close && left <= last);
  if (!due) return undefined;
  return now('EARNINGS_EXIT', `${held.name} reports on ${day}, before the planned exit on ${exit.day}`, [
    weighed('no report before', exit.day, day, false),
    weighed('minutes to the close over', last, left, left > last),
  ]);
};

/** The last closes lie under their mean: the trend that was bought is gone. */
export const trendOver: Rule = (ctx, { held }) => {
  const { trend_exit_sma_sessions: sessions, trend_exit_closes: count } = ctx.params;
  const bars = ctx.market.dailyBars(held.name, sessions + count - 1);
  if (!bars.known) return undefined;
  const closes = closesAgainstMean(bars.value, sessions, count);
  if (!closes.known || !trendGone(closes.value)) return undefined;
  return now(
    'TREND_EXIT',
    `the last ${count} closes lie under their ${sessions}-session mean`,
    closes.value.map(({ close, mean }) => weighed('close over its mean', mean, close, false)),
  );
};

/** Half of the greatest profit is there by the mids, and closing at once would still be one. */
export const profitTaken: Rule = (ctx, { held, target }) => {
  if (cents(held.mark) < cents(target)) return undefined;
  const even = held.entry + (4 * ctx.params.fee_per_contract_usd) / 100;
  if (held.executable <= even) return undefined;
  return {
    code: 'TARGET',
    why: `mark ${figure(held.mark)} is at or over ${figure(target)}`,
    gates: [weighed('mark', target, held.mark, true), weighed('value at once over the debit and fees', even, held.executable, true)],
    pace: 'patient',
  };
};

export const rules: readonly Rule[] = [adjusted, exDividend, deepShort, stopped, outOfTime, beforeReport, trendOver, profitTaken];

/** What the rules could not see, so that a hold says so. */
export function unseen(ctx: SpreadContext, { held, call, long }: HeldSpread): readonly string[] {
  const { params, market } = ctx;
  const exit = plannedExit(ctx, long.option.expiry);
  const asked = [
    call.known ? dividendDanger(ctx, call.value, params.ex_dividend_sessions) : call,
    market.dailyBars(held.name, barsWanted(params)),
    nextReportMove(ctx, held.name, { day: exit.day, close: exit.open }),
  ];
  return asked.flatMap((answer) => (answer.known ? [] : [answer.code]));
}
