// The rules by which a held call ends, each in the order of its danger; the first that speaks decides.
import type { Gate } from '../../domain/decision.ts';
import { daysBetween, MINUTE } from '../../domain/time.ts';
import { type Exit, exit } from '../toolkit/closing.ts';
import { cents } from '../toolkit/context.ts';
import { figure, met, noted } from '../toolkit/gates.ts';
import { heldValue } from '../toolkit/held-option.ts';
import type { Held, Owned } from '../toolkit/holding.ts';
import { nextReportMove } from '../toolkit/report-guard.ts';
import { stopConfirmed, type Watched } from '../toolkit/watch.ts';
import type { DipContext } from './call.ts';
import type { DipParams } from './params.ts';

/** A held call with everything its rules look at. */
export interface HeldCall {
  readonly held: Held;
  readonly watched: Watched;
  /** Contracts bought, and sold since. */
  readonly bought: number;
  readonly sold: number;
  /** Dollars a share at which the stop stands: what was paid, once a part was sold. */
  readonly stop: number;
  /** Undefined where the price of the share, or the volatility, is not known. */
  readonly delta: number | undefined;
  readonly dte: number;
}

/** Dollars a share at which the stop stands: what was paid, once a part was sold. */
export const stopAt = ({ stop_frac }: Pick<DipParams, 'stop_frac'>, { trade, units, entry }: Owned): number =>
  units < trade.units ? entry : stop_frac * entry;

/** Contracts that a call which moves like its share is still to be sold for; the part of what was bought is rounded up. */
export const deltaUnits = ({ delta_sell_part }: Pick<DipParams, 'delta_sell_part'>, { trade, units }: Owned): number =>
  Math.min(Math.ceil(delta_sell_part * trade.units) - (trade.units - units), units);

export function heldCall(ctx: DipContext, held: Held, watched: Watched): HeldCall {
  const sold = held.trade.units - held.units;
  const [leg] = held.legs;
  return {
    held,
    watched,
    bought: held.trade.units,
    sold,
    stop: stopAt(ctx.params, held),
    delta: heldValue(ctx, held)?.delta,
    dte: leg === undefined ? 0 : daysBetween(ctx.day, leg.option.expiry),
  };
}

/** The stop's level is reached on this quote. Whole cents, as they are quoted. */
export const atStop = (call: Pick<HeldCall, 'held' | 'stop'>): boolean => cents(call.held.mark) <= cents(call.stop);

export const figures = (call: HeldCall): readonly Gate[] => [
  noted('contracts', call.held.units),
  noted('paid', call.held.entry),
  noted('mark', call.held.mark),
  noted('bid', call.held.executable),
  noted('delta', call.delta ?? null),
  noted('days to expiry', call.dte),
];

type Rule = (ctx: DipContext, call: HeldCall) => Exit | undefined;

/** Half of what was paid is gone, or all that the first half brought is about to be; two quotes in a row say so. */
const stop: Rule = (ctx, call) => {
  if (!atStop(call) || !stopConfirmed(call.watched, ctx.now.exchange, ctx.params.stop_confirm_seconds)) return undefined;
  const why = `mark ${figure(call.held.mark)} at or under ${figure(call.stop)}, on two quotes`;
  return exit('STOP', 'urgent', why, [met('stop', call.stop, call.held.mark)]);
};

/** The bounce had its sessions. */
const timeStop: Rule = (ctx, call) => {
  const last = ctx.sessionAt(call.held.trade.openedDay, ctx.params.max_hold_sessions);
  const at = last.close - ctx.params.time_exit_minutes_before_close * MINUTE;
  if (ctx.now.exchange < at) return undefined;
  return exit('TIME_STOP', 'urgent', `held for ${ctx.params.max_hold_sessions} sessions after the entry's`, [
    met('last session', last.day, ctx.day),
  ]);
};

/** A report came up that would move the price before the time stop. */
const reportAhead: Rule = (ctx, call) => {
  const last = ctx.sessionAt(call.held.trade.openedDay, ctx.params.max_hold_sessions);
  const move = nextReportMove(ctx, call.held.name, last);
  if (!move.known || move.value === null) return undefined;
  const at = move.value.from - ctx.params.time_exit_minutes_before_close * MINUTE;
  if (ctx.now.exchange < at) return undefined;
  return exit('EARNINGS_EXIT', 'urgent', `${call.held.name} reports on ${move.value.day}`, [met('report', 'none', move.value.day)]);
};

/** Too near its expiry: decay is the trade from here on. */
const dteFloor: Rule = (ctx, call) => {
  if (call.dte > ctx.params.dte_floor) return undefined;
  return exit('TIME_STOP', 'urgent', `${call.dte} days to expiry`, [met('days to expiry', ctx.params.dte_floor, call.dte)]);
};

const target: Rule = (ctx, call) => {
  const level = ctx.params.target_mult * call.held.entry;
  if (cents(call.held.executable) < cents(level)) return undefined;
  return exit('TARGET', 'patient', `bid ${figure(call.held.executable)} of ${figure(level)}`, [met('bid', level, call.held.executable)]);
};

/** The call moves like the stock: a part is sold, once, and the rest has its stop at what was paid. */
const deltaExit: Rule = (ctx, call) => {
  const { delta_exit } = ctx.params;
  if (call.delta === undefined || call.delta < delta_exit) return undefined;
  const units = deltaUnits(ctx.params, call.held);
  if (units <= 0) return undefined;
  return exit(
    'DELTA_EXIT',
    'patient',
    `delta ${figure(call.delta)}: ${units} of ${call.held.units} are sold`,
    [met('delta', delta_exit, call.delta)],
    units,
  );
};

export const rules: readonly Rule[] = [stop, reportAhead, timeStop, dteFloor, target, deltaExit];
