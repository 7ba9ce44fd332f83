// How a held option ends: stopped, proven wrong, out of time, unfit for the night, or by thirds on the way up.
import type { Decision } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import { sma } from '../../market/indicators.ts';
import { type BarMinutes, barEnd } from '../../market/intraday.ts';
import type { Bar } from '../../market/quote.ts';
import { cents, closesOf, minutesToClose } from '../toolkit/context.ts';
import { figure, met } from '../toolkit/gates.ts';
import { type Held, heldTrade, type Owned } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import { nextReportMove } from '../toolkit/report-guard.ts';
import { leave, type Ride, type RideRule, reached, rideAll, takeProfit } from '../toolkit/ride.ts';
import { rememberJson, type Watched } from '../toolkit/watch.ts';
import { beyond } from '../toolkit/way.ts';
import type { SwingContext } from './entry.ts';
import { type Evening, memoryJson, recallSwing } from './memory.ts';
import type { SwingParams } from './params.ts';
import { rungsOf } from './rungs.ts';
import { type Thesis, thesisIn } from './thesis.ts';

/** What was paid less the part that may be lost; what was paid, once the first rung was reached; never under the stop of an evening. */
export function stopLevel(params: SwingParams, held: Owned, before: Watched, evening: Evening | undefined): number {
  const [first] = rungsOf(held.trade.units, params);
  const sold = held.units < held.trade.units;
  const seen = first !== undefined && before.peak !== null && cents(before.peak) >= cents((1 + first.gain) * held.entry);
  const own = sold || seen ? held.entry : (1 - params.stop_frac_loss) * held.entry;
  return Math.max(own, evening?.stop ?? 0);
}

/** Bars that ended after the entry, none when the last did not: what was there before it has been judged. */
function barsSince(ctx: SwingContext, held: Held, minutes: BarMinutes, sessions: number): readonly Bar[] {
  const bars = ctx.market.intradayBars(held.name, minutes, sessions, 1);
  const last = bars.known ? bars.value.at(-1) : undefined;
  return bars.known && last !== undefined && barEnd(last, minutes) > held.trade.openedAt ? bars.value : [];
}

interface Line {
  readonly price: number;
  readonly level: number;
}

/** The price and the level it is held against: of a breakout closes of fifteen minutes, of momentum closes of five, of a reversal every price. */
function lineOf(ctx: SwingContext, held: Held, thesis: Thesis): Line | undefined {
  if (thesis.kind === 'momentum') {
    const closes = closesOf(barsSince(ctx, held, 5, 2));
    const [price, level] = [closes.at(-1), sma(closes, ctx.params.sma_slow)];
    return price === undefined || level === undefined ? undefined : { price, level };
  }
  if (thesis.invalidation === null) return undefined;
  if (thesis.kind === 'breakout') {
    const last = barsSince(ctx, held, 15, 1).at(-1);
    return last === undefined ? undefined : { price: dollars(last.close), level: thesis.invalidation };
  }
  const quote = ctx.market.quote(held.name);
  return quote.known ? { price: mid(quote.value), level: thesis.invalidation } : undefined;
}

const invalidated =
  (ctx: SwingContext): RideRule =>
  ({ held }) => {
    const thesis = thesisIn(held.trade);
    const line = thesis === undefined ? undefined : lineOf(ctx, held, thesis);
    if (thesis === undefined || line === undefined || !beyond(thesis.way, line.level, line.price)) return undefined;
    const why = `${held.name} at ${figure(line.price)} is beyond ${figure(line.level)}: the ${thesis.kind} is over`;
    return leave('INVALIDATION', why, met('invalidation', line.level, line.price));
  };

/** Minutes of trading that a setup is given. */
export const minutesToHold = (params: SwingParams, kind: Thesis['kind']): number =>
  ({ breakout: params.hold_minutes_breakout, momentum: params.hold_minutes_momentum, reversal: params.hold_minutes_reversal })[kind];

const outOfTime =
  ({ params }: SwingContext): RideRule =>
  ({ held, minutes }) => {
    const kind = thesisIn(held.trade)?.kind ?? 'momentum';
    const limit = minutesToHold(params, kind);
    if (minutes < limit) return undefined;
    return leave('TIME_STOP', `a ${kind} is held for ${limit} minutes of trading`, met('minutes held', limit, minutes));
  };

/** Why a trade may not be carried over this night; undefined when it may. */
function unfit(ctx: SwingContext, { held, dte, gain }: Pick<Ride, 'held' | 'dte' | 'gain'>): string | undefined {
  const { params } = ctx;
  if (!reached(held.mark, held, 1 + params.overnight_gain_min_frac)) return `a gain of ${figure(100 * gain)} % is too small for a night`;
  if (dte < params.overnight_dte_min) return `${dte} days to expiry are too few for a night`;
  const sessions = ctx.calendar.between(held.trade.openedDay, ctx.day).length;
  if (sessions >= params.overnight_sessions_max) return `it has been held in ${sessions} sessions`;
  if (params.no_reports.includes(held.name)) return undefined;
  const move = nextReportMove(ctx, held.name, ctx.calendar.offset(ctx.day, 1));
  if (!move.known) return `nobody can say that ${held.name} does not report: ${move.why}`;
  return move.value === null ? undefined : `${held.name} reports on ${move.value.day}`;
}

const isEvening = (ctx: SwingContext): boolean => minutesToClose(ctx) <= ctx.params.flat_minutes_before_close;

const flat =
  (ctx: SwingContext): RideRule =>
  (ride) => {
    const why = isEvening(ctx) ? unfit(ctx, ride) : undefined;
    if (why === undefined) return undefined;
    return leave('FLAT_TIME', why, met('minutes to the close', ctx.params.flat_minutes_before_close, minutesToClose(ctx)));
  };

/** All rungs that the mark has reached, less what was sold before: a jump over two of them sells both. */
const target =
  ({ params }: SwingContext): RideRule =>
  ({ held }) => {
    const due = rungsOf(held.trade.units, params).filter(({ gain }) => reached(held.mark, held, 1 + gain));
    const highest = due.at(-1);
    const sold = held.trade.units - held.units;
    const units = due.reduce((total, rung) => total + rung.units, 0) - sold;
    if (highest === undefined || units <= 0) return undefined;
    const level = (1 + highest.gain) * held.entry;
    const why = `the mark ${figure(held.mark)} has reached ${figure(level)}: ${units} of ${held.units} are sold`;
    return takeProfit(units === held.units ? 'TARGET' : 'SCALE_OUT', why, met('target', level, held.mark), units);
  };

/** The stops for the night of what is carried over it: set once an evening, and never lower than the one before. */
function evenings(ctx: SwingContext, before: Readonly<Record<string, Evening>>): Readonly<Record<string, Evening>> {
  if (!isEvening(ctx)) return before;
  const after: Record<string, Evening> = { ...before };
  for (const trade of ctx.trades) {
    const held = heldTrade(ctx.market, trade);
    if (!held.known || before[trade.id]?.day === ctx.day) continue;
    const { mark, entry } = held.value;
    const stop = Math.max(entry, ctx.params.overnight_stop_part * mark, before[trade.id]?.stop ?? 0);
    if (reached(mark, held.value, 1 + ctx.params.overnight_gain_min_frac)) after[trade.id] = { day: ctx.day, stop };
  }
  return after;
}

/** One decision for every open trade, and what is to be remembered. */
export function manage(ctx: SwingContext): readonly Decision[] {
  const { params } = ctx;
  const before = recallSwing(ctx.memory, ctx.trades);
  const { decisions, watch } = rideAll(ctx, before.watch, {
    stop: (held, watched) => stopLevel(params, held, watched, before.evenings[held.trade.id]),
    rules: [invalidated(ctx), outOfTime(ctx), flat(ctx), target(ctx)],
    stopConfirmSeconds: params.stop_confirm_seconds,
    ladderStepSeconds: params.ladder_step_seconds,
  });
  return [...decisions, ...rememberJson(memoryJson(before), memoryJson({ watch, evenings: evenings(ctx, before.evenings) }))];
}
