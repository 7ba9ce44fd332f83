// How a held weekly ends: stopped, proven wrong, out of time, at its target, or by half on the way there.
import type { Decision } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import { barEnd } from '../../market/intraday.ts';
import type { Bar } from '../../market/quote.ts';
import { cents, minutesToClose } from '../toolkit/context.ts';
import { figure, met } from '../toolkit/gates.ts';
import type { Owned } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import { leave, type Ride, type RideRule, reached, rideAll, takeProfit } from '../toolkit/ride.ts';
import { recallWatch, rememberJson, type Watched } from '../toolkit/watch.ts';
import { beyond, opposite } from '../toolkit/way.ts';
import type { MwkContext } from './contract.ts';
import type { MwkParams } from './params.ts';
import { type Thesis, thesisIn } from './thesis.ts';

/** Contracts that stay when half has been sold: the odd one goes with the half. One contract is never halved. */
export const staying = (bought: number): number => (bought >= 2 ? Math.floor(bought / 2) : bought);

/** What was paid less the part that may be lost; once the first gain was seen, or half is sold, what was paid. */
export function stopLevel(params: MwkParams, held: Owned, before: Watched): number {
  const halved = held.units < held.trade.units;
  const seen = before.peak !== null && cents(before.peak) >= cents((1 + params.scale_frac) * held.entry);
  return halved || seen ? held.entry : (1 - params.stop_frac_loss) * held.entry;
}

/** The price that is held against the invalidation: of a reversal the present one, of a breakout the last 15-minute close since the entry. */
function priceAgainst(ctx: MwkContext, { held }: Ride, thesis: Thesis): number | undefined {
  if (thesis.kind === 'reversal') {
    const quote = ctx.market.quote(held.name);
    return quote.known ? mid(quote.value) : undefined;
  }
  const bars = ctx.market.intradayBars(held.name, 15, 1);
  const last: Bar | undefined = bars.known ? bars.value.at(-1) : undefined;
  return last !== undefined && barEnd(last, 15) > held.trade.openedAt ? dollars(last.close) : undefined;
}

const invalidated =
  (ctx: MwkContext): RideRule =>
  (ride) => {
    const thesis = thesisIn(ride.held.trade);
    if (thesis === undefined || thesis.invalidation === null) return undefined;
    const price = priceAgainst(ctx, ride, thesis);
    if (price === undefined || !beyond(opposite(thesis.way), price, thesis.invalidation)) return undefined;
    const why = `${ride.held.name} at ${figure(price)} is beyond ${figure(thesis.invalidation)}: the ${thesis.kind} is over`;
    return leave('INVALIDATION', why, met('invalidation', thesis.invalidation, price));
  };

const flat =
  (ctx: MwkContext): RideRule =>
  () => {
    const left = minutesToClose(ctx);
    const { flat_minutes_before_close } = ctx.params;
    if (left > flat_minutes_before_close) return undefined;
    return leave('FLAT_TIME', 'nothing is held over a night', met('minutes to the close', flat_minutes_before_close, left));
  };

const outOfTime =
  ({ params }: MwkContext): RideRule =>
  ({ held, minutes, gain }) => {
    if (minutes < params.time_stop_minutes || reached(held.mark, held, 1 + params.time_stop_gain_frac)) return undefined;
    const why = `${figure(minutes)} minutes without ${figure(100 * params.time_stop_gain_frac)} %: ${figure(100 * gain)} %`;
    return leave('TIME_STOP', why, met('minutes held', params.time_stop_minutes, minutes));
  };

const target =
  ({ params }: MwkContext): RideRule =>
  ({ held }) => {
    const part = 1 + params.target_frac;
    if (!reached(held.mark, held, part)) return undefined;
    const level = part * held.entry;
    return takeProfit('TARGET', `the mark ${figure(held.mark)} has reached ${figure(level)}`, met('target', level, held.mark), held.units);
  };

const half =
  ({ params }: MwkContext): RideRule =>
  ({ held }) => {
    const part = 1 + params.scale_frac;
    const units = held.units - staying(held.trade.units);
    if (units <= 0 || !reached(held.mark, held, part)) return undefined;
    const level = part * held.entry;
    const why = `the mark ${figure(held.mark)} has reached ${figure(level)}: ${units} of ${held.units} are sold`;
    return takeProfit('SCALE_OUT', why, met('first target', level, held.mark), units);
  };

/** One decision for every open trade, and what is to be remembered. */
export function manage(ctx: MwkContext): readonly Decision[] {
  const { params } = ctx;
  const before = recallWatch(ctx.memory, ctx.trades);
  const { decisions, watch } = rideAll(ctx, before, {
    stop: (held, watched) => stopLevel(params, held, watched),
    rules: [invalidated(ctx), flat(ctx), outOfTime(ctx), target(ctx), half(ctx)],
    stopConfirmSeconds: params.stop_confirm_seconds,
    ladderStepSeconds: params.ladder_step_seconds,
  });
  return [...decisions, ...rememberJson(before, watch)];
}
