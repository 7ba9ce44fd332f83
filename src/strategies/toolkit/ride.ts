// Holding one option that was bought: each quote moves its mark and its stop, and the first rule that speaks ends it or a part of it.
import type { Decision, Gate } from '../../domain/decision.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { daysBetween } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import { closeTrade, type Exit } from './closing.ts';
import { type AnyContext, cents } from './context.ts';
import { figure, met, noted, pass } from './gates.ts';
import { type Held, heldTrade } from './holding.ts';
import { tradedMinutes } from './intraday.ts';
import { seen, stopConfirmed, type Watched, type WatchMemory, watchedOf } from './watch.ts';

export interface Ride {
  readonly held: Held;
  /** This quote included. */
  readonly watched: Watched;
  /** Dollars a share: at or below it the stop is reached. */
  readonly stop: number;
  /** Mark over what was paid, less one. */
  readonly gain: number;
  /** Minutes of regular session since the first execution. */
  readonly minutes: number;
  readonly dte: number;
}

export type RideRule = (ride: Ride) => Exit | undefined;

export interface RideBook {
  /** The level of the stop, dollars a share, from what was seen up to the quote before. */
  stop(held: Held, before: Watched): number;
  /** In the order of their urgency, after the stop. */
  readonly rules: readonly RideRule[];
  /** Exchange seconds between the two quotes that must agree on a stop. */
  readonly stopConfirmSeconds: number;
  readonly ladderStepSeconds: number;
}

type Riding = Pick<AnyContext, 'market' | 'now' | 'day' | 'calendar' | 'trades'>;

/** Has a mark come to `part` of what was paid, or more? Whole cents, as they are quoted. */
export const reached = (mark: number, held: Held, part: number): boolean => cents(mark) >= cents(part * held.entry);

/** An exit of everything at once. */
export const leave = (code: ReasonCode, why: string, gate: Gate): Exit => ({ code, why, gates: [gate], pace: 'urgent' });

/** An exit of some, or all, at a profit. */
export const takeProfit = (code: 'TARGET' | 'SCALE_OUT', why: string, gate: Gate, units: number): Exit => ({
  code,
  why,
  gates: [gate],
  pace: 'patient',
  units,
});

const figures = (ride: Ride): readonly Gate[] => [
  noted('contracts', ride.held.units),
  noted('paid', ride.held.entry),
  noted('mark', ride.held.mark),
  noted('bid', ride.held.executable),
  noted('gain', ride.gain),
  noted('highest mark', ride.watched.peak),
  noted('stop level', ride.stop),
  noted('minutes held', ride.minutes),
];

function rideOf(ctx: Riding, held: Held, before: Watched, book: RideBook): Ride {
  const stop = book.stop(held, before);
  const [leg] = held.legs;
  return {
    held,
    stop,
    watched: seen(before, { now: ctx.now.exchange, reached: cents(held.mark) <= cents(stop), mark: held.mark }),
    gain: held.mark / held.entry - 1,
    minutes: tradedMinutes(ctx.calendar, held.trade.openedAt, ctx.now.exchange),
    dte: leg === undefined ? 0 : daysBetween(ctx.day, leg.option.expiry),
  };
}

function exitOf(ctx: Riding, ride: Ride, book: RideBook): Exit | undefined {
  const { held, stop, watched } = ride;
  if (stopConfirmed(watched, ctx.now.exchange, book.stopConfirmSeconds))
    return leave('STOP', `the mark ${figure(held.mark)} stands at or under ${figure(stop)}, on two quotes`, met('stop', stop, held.mark));
  for (const rule of book.rules) {
    const exit = rule(ride);
    if (exit !== undefined) return exit;
  }
  return undefined;
}

interface Judged {
  readonly decision: Decision;
  readonly watched: Watched;
}

function judge(ctx: Riding, trade: Trade, before: Watched, book: RideBook): Judged {
  const { underlying } = trade;
  const assumed = ctx.market.assumptions(underlying);
  const held = heldTrade(ctx.market, trade);
  // Two quotes in a row must agree on a stop: one that did not come breaks the row.
  if (!held.known)
    return { decision: pass(underlying, held.code, `held: ${held.why}`, [], assumed), watched: { ...before, stopSince: null } };
  const ride = rideOf(ctx, held.value, before, book);
  const exit = exitOf(ctx, ride, book);
  if (exit !== undefined) {
    const told = { ...exit, gates: [...figures(ride), ...exit.gates] };
    return { decision: closeTrade(ctx.market, held.value, told, book.ladderStepSeconds), watched: ride.watched };
  }
  const why = ride.watched.stopSince === null ? 'no exit is due' : 'the stop was seen once: a second quote must agree';
  return { decision: pass(underlying, 'HOLD', why, figures(ride), assumed), watched: ride.watched };
}

/** One decision for every open trade, and what is to be remembered of each. */
export function rideAll(
  ctx: Riding,
  before: WatchMemory,
  book: RideBook,
): { readonly decisions: readonly Decision[]; readonly watch: WatchMemory } {
  const judged = ctx.trades.map((trade) => ({ trade, ...judge(ctx, trade, watchedOf(before, trade), book) }));
  return {
    decisions: judged.map(({ decision }) => decision),
    watch: { v: 1, trades: Object.fromEntries(judged.map(({ trade, watched }) => [trade.id, watched])) },
  };
}
