// The rules by which a held call ends or is moved on, each in the order of its danger; the first that speaks decides.
import type { Gate } from '../../domain/decision.ts';
import { daysBetween } from '../../domain/time.ts';
import { type Exit, exit } from '../toolkit/closing.ts';
import { cents, closesOf, minutesFromOpen, minutesToClose } from '../toolkit/context.ts';
import { figure, holds, met, noted } from '../toolkit/gates.ts';
import { type HeldValue, heldValue } from '../toolkit/held-option.ts';
import type { Held } from '../toolkit/holding.ts';
import { stopConfirmed, type Watched } from '../toolkit/watch.ts';
import type { LeapsContext } from './call.ts';
import { closesUnderMean, type Scores, scoresOf } from './scores.ts';
import { barsOf } from './signal.ts';

/** A held call with everything its rules look at. */
export interface HeldCall {
  readonly held: Held;
  readonly watched: Watched;
  /** Contracts bought, and sold since. */
  readonly bought: number;
  readonly sold: number;
  readonly value: HeldValue | undefined;
  readonly dte: number;
  /** Undefined where the bars do not reach. */
  readonly scores: Scores | undefined;
  /** Closes in a row under the long mean. */
  readonly under: number;
}

export function heldCall(ctx: LeapsContext, held: Held, watched: Watched): HeldCall {
  const bars = barsOf(ctx, held.name);
  const closes = bars.known ? closesOf(bars.value) : [];
  const scores = scoresOf(closes, ctx.params);
  const [leg] = held.legs;
  return {
    held,
    watched,
    bought: held.trade.units,
    sold: held.trade.units - held.units,
    value: heldValue(ctx, held),
    dte: daysBetween(ctx.day, leg?.option.expiry ?? ctx.day),
    scores: scores.known ? scores.value : undefined,
    under: closesUnderMean(closes, ctx.params.trend_long_sessions),
  };
}

/** Dollars a share at which the premium stop stands. */
export const stopAt = (ctx: Pick<LeapsContext, 'params'>, held: Pick<Held, 'entry'>): number =>
  (1 - ctx.params.stop_frac_loss) * held.entry;

/** The stop's level is reached on this quote, in whole cents. */
export const atStop = (ctx: LeapsContext, held: Held): boolean => cents(held.mark) <= cents(stopAt(ctx, held));

export const figures = (call: HeldCall): readonly Gate[] => [
  noted('contracts', call.held.units),
  noted('contracts bought', call.bought),
  noted('paid', call.held.entry),
  noted('mark', call.held.mark),
  noted('bid', call.held.executable),
  noted('delta', call.value?.delta ?? null),
  noted('days to expiry', call.dte),
  noted('composite', call.scores?.composite ?? null),
  noted('closes under the long mean', call.under),
];

type Rule = (ctx: LeapsContext, call: HeldCall) => Exit | undefined;

/** Two quotes in a row say that too much of the premium is gone. */
const stop: Rule = (ctx, call) => {
  if (!atStop(ctx, call.held) || !stopConfirmed(call.watched, ctx.now.exchange, ctx.params.stop_confirm_seconds)) return undefined;
  const level = stopAt(ctx, call.held);
  return exit('STOP', 'urgent', `mark ${figure(call.held.mark)} at or under ${figure(level)}, on two quotes`, [
    met('stop', level, call.held.mark),
  ]);
};

/** The trend of the share has turned: closes under its long mean, or a fresh cross of the means downwards. */
const trend: Rule = (ctx, call) => {
  const { trend_stop_sessions, death_cross_sessions } = ctx.params;
  if (call.under >= trend_stop_sessions) {
    const gates = [met('closes under the long mean', trend_stop_sessions, call.under)];
    return exit('TREND_EXIT', 'urgent', `${call.under} closes in a row under the long mean`, gates);
  }
  const cross = call.scores?.cross;
  if (cross?.kind !== 'death' || cross.ago > death_cross_sessions || call.under === 0) return undefined;
  const gates = [met('sessions since the death cross', death_cross_sessions, cross.ago)];
  return exit('TREND_EXIT', 'urgent', `the means crossed downwards ${cross.ago} sessions ago, and the close is under the long one`, gates);
};

const hardExit: Rule = (ctx, call) => {
  if (call.dte > ctx.params.hard_exit_dte) return undefined;
  return exit('TIME_STOP', 'urgent', `${call.dte} days to expiry`, [met('days to expiry', ctx.params.hard_exit_dte, call.dte)]);
};

/** New calls are bought in these hours only. */
export const inOrderHours = (ctx: LeapsContext): boolean =>
  minutesFromOpen(ctx) >= ctx.params.orders_from_minutes_after_open && minutesToClose(ctx) >= ctx.params.orders_until_minutes_before_close;

/** Too near its expiry, or hardly any leverage left: moved on while the name is worth owning, else sold. Waits for the score and the hours. */
const roll: Rule = (ctx, call) => {
  const { roll_dte, roll_delta, roll_composite_min } = ctx.params;
  const { dte, value, scores } = call;
  const near = dte <= roll_dte;
  const deep = value !== undefined && value.delta >= roll_delta;
  if (!(near || deep) || scores === undefined) return undefined;
  const gates = [near ? met('days to expiry', roll_dte, dte) : met('delta', roll_delta, value?.delta ?? 0)];
  const why = near ? `${dte} days to expiry` : `delta ${figure(value?.delta ?? 0)}`;
  const worth = scores.composite >= roll_composite_min;
  if (!worth) {
    const failed = holds('composite', { observed: scores.composite, threshold: roll_composite_min, pass: false }, 'HOLD', '').gate;
    return exit(near ? 'TIME_STOP' : 'DELTA_EXIT', 'patient', `${why}, and the name is not worth a new one`, [...gates, failed]);
  }
  if (!inOrderHours(ctx)) return undefined;
  return exit('ROLL', 'patient', `${why}: sold, and bought anew further out`, [
    ...gates,
    met('composite', roll_composite_min, scores.composite),
  ]);
};

/** What the call would bring at once has gained so much, in whole cents. */
const gained = (held: Held, level: number): boolean => cents(held.executable) >= cents((1 + level) * held.entry);

/** Too few to be sold in parts: all at once. */
const smallTarget: Rule = (ctx, call) => {
  const { small_position_max, small_position_level } = ctx.params;
  if (call.bought > small_position_max || !gained(call.held, small_position_level)) return undefined;
  const level = (1 + small_position_level) * call.held.entry;
  return exit('TARGET', 'patient', `bid ${figure(call.held.executable)} of ${figure(level)}`, [met('bid', level, call.held.executable)]);
};

/** Contracts that are to have been sold once so many levels are reached. */
export const scaledOut = (bought: number, levels: number, part: number): number =>
  Math.min(bought, levels * Math.max(1, Math.floor(part * bought)));

/** At each level a part of what was bought; a level is done when its contracts are sold, not when they are offered. */
const scaleOut: Rule = (ctx, call) => {
  const { small_position_max, scale_out_levels, scale_out_part } = ctx.params;
  if (call.bought <= small_position_max) return undefined;
  const reached = scale_out_levels.filter((level) => gained(call.held, level)).length;
  const units = Math.min(call.held.units, scaledOut(call.bought, reached, scale_out_part) - call.sold);
  if (units <= 0) return undefined;
  const level = (1 + (scale_out_levels[reached - 1] ?? 0)) * call.held.entry;
  return exit(
    'SCALE_OUT',
    'patient',
    `${reached} levels reached: ${units} of ${call.held.units} are sold`,
    [met('bid', level, call.held.executable)],
    units,
  );
};

export const rules: readonly Rule[] = [stop, trend, hardExit, roll, smallTarget, scaleOut];
