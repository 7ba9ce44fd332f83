// Every open play, every ten seconds: half at the first target, the rest at the second or on the way back; and what the clock asks for.
import type { Decision, Gate, Pass } from '../../domain/decision.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { Trade } from '../../domain/trade.ts';
import { closeTrade, type Exit } from '../toolkit/closing.ts';
import { cents, minutesFromOpen, minutesToClose } from '../toolkit/context.ts';
import { figure, met, noted, pass } from '../toolkit/gates.ts';
import { type Held, heldTrade } from '../toolkit/holding.ts';
import { closeLeftover, type Leftover, leftovers, wholePart } from '../toolkit/leftover.ts';
import { leave, takeProfit } from '../toolkit/ride.ts';
import { recallWatch, rememberJson, seen, stopConfirmed, type Watched, watchedOf } from '../toolkit/watch.ts';
import type { LottoContext } from './signal.ts';
import { thesisIn } from './thesis.ts';

/** A play with its bid: targets, trail and stop are reached by what somebody pays, never by a mid. */
interface Riding {
  readonly held: Held;
  readonly bid: number;
  readonly watched: Watched;
}

const wait = (ctx: LottoContext, trade: Trade, code: ReasonCode, why: string, gates: readonly Gate[]): Pass =>
  pass(trade.underlying, code, why, gates, ctx.market.assumptions(trade.underlying));

const halved = ({ held }: Riding): boolean => held.units < held.trade.units;

/** Contracts that stay when half has been sold, the odd one going with the half; a single one is sold whole. */
export const staying = (bought: number): number => Math.floor(bought / 2);

export const stopLevel = ({ params }: Pick<LottoContext, 'params'>, held: Pick<Held, 'entry'>): number =>
  params.stop_part > 0 ? (1 - params.stop_part) * held.entry : 0;

type Rule = (ctx: LottoContext, riding: Riding) => Exit | undefined;

const stopped: Rule = (ctx, { held, bid, watched }) => {
  const stop = stopLevel(ctx, held);
  if (stop === 0 || !stopConfirmed(watched, ctx.now.exchange, ctx.params.stop_confirm_seconds)) return undefined;
  return leave('STOP', `the bid ${figure(bid)} stands at or under ${figure(stop)}, on two quotes`, met('stop', stop, bid));
};

/** The morning after a report: the move has come or it has not. */
const afterReport: Rule = (ctx, { held }) => {
  const { earnings_exit_minutes_after_open: due } = ctx.params;
  const minutes = minutesFromOpen(ctx);
  if (thesisIn(held.trade)?.play !== 'earnings' || ctx.day <= held.trade.openedDay || minutes < due) return undefined;
  return leave('TIME_STOP', 'the report is out', met('minutes after the open', due, minutes));
};

/** The hour of its last day in which it must go, as long as the engine has not taken over. */
const flat: Rule = (ctx, { held }) => {
  const left = minutesToClose(ctx);
  const { flat_minutes_before_close: due } = ctx.params;
  if (left > due || !held.legs.some(({ option }) => option.expiry === ctx.day)) return undefined;
  return leave('FLAT_TIME', 'it expires today', met('minutes to the close', due, left));
};

const rest: Rule = ({ params }, { held, bid }) => {
  const level = params.rest_multiple * held.entry;
  if (cents(bid) < cents(level)) return undefined;
  return takeProfit('TARGET', `the bid ${figure(bid)} has reached ${figure(level)}`, met('second target', level, bid), held.units);
};

/** The first target, once: half, or the only contract. */
const half: Rule = ({ params }, riding) => {
  const { held, bid } = riding;
  const level = params.half_multiple * held.entry;
  const units = held.units - staying(held.trade.units);
  if (halved(riding) || units <= 0 || cents(bid) < cents(level)) return undefined;
  const code = units === held.units ? 'TARGET' : 'SCALE_OUT';
  return takeProfit(
    code,
    `the bid ${figure(bid)} has reached ${figure(level)}: ${units} of ${held.units} are sold`,
    met('first target', level, bid),
    units,
  );
};

/** On the way back from the best bid, once half is sold. */
const trailed: Rule = ({ params }, riding) => {
  const { bid, watched } = riding;
  if (!halved(riding) || watched.peak === null) return undefined;
  const level = (1 - params.trail_part) * watched.peak;
  if (cents(bid) > cents(level)) return undefined;
  return leave(
    'TRAIL',
    `the bid ${figure(bid)} is back from ${figure(watched.peak)}, at or under ${figure(level)}`,
    met('trail', level, bid),
  );
};

const rules: readonly Rule[] = [stopped, flat, afterReport, rest, half, trailed];

const figures = (ctx: LottoContext, { held, bid, watched }: Riding): readonly Gate[] => [
  noted('contracts', held.units),
  noted('paid', held.entry),
  noted('bid', bid),
  noted('best bid', watched.peak),
  noted('first target', ctx.params.half_multiple * held.entry),
  noted('second target', ctx.params.rest_multiple * held.entry),
];

/** Its last hour is the engine's, whatever this strategy thinks of it. */
const engineHas = (ctx: LottoContext, held: Held): boolean =>
  minutesToClose(ctx) < LAST_HOUR_MINUTES && held.legs.some(({ option }) => option.expiry === ctx.day);
const LAST_HOUR_MINUTES = 60;

function judge(ctx: LottoContext, trade: Trade, before: Watched): { readonly decision: Decision; readonly watched: Watched } {
  const read = heldTrade(ctx.market, trade);
  // Two quotes in a row must agree on a stop: one that did not come breaks the row.
  if (!read.known) return { decision: wait(ctx, trade, read.code, `held: ${read.why}`, []), watched: { ...before, stopSince: null } };
  const held = read.value;
  const bid = held.executable;
  const watched = seen(before, { now: ctx.now.exchange, reached: cents(bid) <= cents(stopLevel(ctx, held)), mark: bid });
  const riding: Riding = { held, bid, watched };
  const gates = figures(ctx, riding);
  if (engineHas(ctx, held))
    return { decision: wait(ctx, trade, 'EXPIRY_DEADLINE', 'its last hour is worked without this strategy', gates), watched };
  for (const rule of rules) {
    const exit = rule(ctx, riding);
    if (exit !== undefined)
      return {
        decision: closeTrade(ctx.market, held, { ...exit, gates: [...gates, ...exit.gates] }, ctx.params.ladder_step_seconds),
        watched,
      };
  }
  return { decision: wait(ctx, trade, 'HOLD', 'no rule asks for anything', gates), watched };
}

/** Shares that an exercise delivered are closed at once. */
function dispose(ctx: LottoContext, trade: Trade, left: Leftover): Decision {
  const gates = [noted(left.instrument.symbol, left.qty)];
  const why = `${left.qty} ${left.instrument.symbol} came of an option and are closed`;
  const disposal = { code: 'ASSIGNED', why, gates, pace: 'urgent' } as const;
  const close = closeLeftover(ctx.market, trade, left, disposal, ctx.params.ladder_step_seconds);
  return close.known ? close.value : wait(ctx, trade, close.code, `held without a quote: ${close.why}`, gates);
}

/** One decision or more for every open trade; runs in halts too. */
export function manage(ctx: LottoContext): readonly Decision[] {
  let memory = recallWatch(ctx.memory, ctx.trades);
  const decisions: Decision[] = [];
  for (const trade of ctx.trades) {
    const whole = wholePart(trade);
    if (whole !== undefined) {
      const { decision, watched } = judge(ctx, whole, watchedOf(memory, trade));
      decisions.push(decision);
      memory = { ...memory, trades: { ...memory.trades, [trade.id]: watched } };
    }
    decisions.push(...leftovers(trade).map((left) => dispose(ctx, trade, left)));
  }
  return [...decisions, ...rememberJson(ctx.memory, memory)];
}
