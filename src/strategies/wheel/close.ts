// What a rule about a held short option says, and the order that follows from it.
import type { Close, Gate, PricePlan } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { leg, legs } from '../../domain/legs.ts';
import { dollars, qty } from '../../domain/money.ts';
import { type Known, known, type ReasonCode } from '../../domain/reasons.ts';
import { daysBetween } from '../../domain/time.ts';
import type { Quote } from '../../market/quote.ts';
import { settingOf, tickOf } from '../toolkit/context.ts';
import { patientBuyBack, shortMark, urgentBuyBack } from '../toolkit/exits.ts';
import { noted } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { valued } from '../toolkit/select.ts';
import { assumedFor, horizon, type WheelContext } from './context.ts';
import type { Holding, Short } from './holding.ts';
import type { Roll } from './memory.ts';

/** A held short option with everything its rules look at. Dollars a share. */
export interface Watched {
  readonly name: Symbol;
  readonly short: Short;
  readonly quote: Quote;
  readonly underlying: Quote;
  readonly spot: number;
  readonly strike: number;
  readonly credit: number;
  readonly bid: number;
  readonly ask: number;
  readonly mark: number;
  readonly dte: number;
  /** Without a sign; undefined where no volatility explains the price. */
  readonly delta: number | undefined;
  /** Probability to expire worthless; undefined like the delta. */
  readonly pSafe: number | undefined;
  readonly gates: readonly Gate[];
}

/** Reads everything about a held short option; absent with the reason of the quote that is missing. */
export function watch(ctx: WheelContext, holding: Holding, short: Short): Known<Watched> {
  const quote = ctx.market.quote(short.option.symbol);
  if (!quote.known) return quote;
  const underlying = ctx.market.quote(holding.name);
  if (!underlying.known) return underlying;
  const value = valued(short.option, quote.value, settingOf(ctx, holding.name, underlying.value, horizon(ctx)));
  const spot = mid(underlying.value);
  const credit = short.credit / 1e6;
  const mark = shortMark(quote.value, ctx.params.max_rel_spread);
  const days = daysBetween(ctx.day, short.option.expiry);
  const delta = value.known ? Math.abs(value.value.delta) : undefined;
  return known({
    name: holding.name,
    short,
    quote: quote.value,
    underlying: underlying.value,
    spot,
    strike: dollars(short.option.strike),
    credit,
    bid: dollars(quote.value.bid),
    ask: dollars(quote.value.ask),
    mark,
    dte: days,
    delta,
    pSafe: value.known ? 1 - value.value.pItm : undefined,
    gates: [
      noted('contracts', short.contracts),
      noted('credit', credit),
      noted('mark', mark),
      noted('ask', dollars(quote.value.ask)),
      noted('days to expiry', days),
      noted('delta', delta ?? null),
      noted('spot', spot),
      noted('strike', dollars(short.option.strike)),
    ],
  });
}

/** What a rule wants done: nothing (with its reason), or a buy-back. The first rule that speaks decides. */
export type Wish =
  | { readonly kind: 'hold'; readonly code: ReasonCode; readonly why: string; readonly gates: readonly Gate[] }
  | {
      readonly kind: 'buy back';
      readonly code: ReasonCode;
      readonly why: string;
      readonly gates: readonly Gate[];
      readonly prices: PricePlan;
      readonly roll?: Roll;
    };

const buyBackSpec = (ctx: WheelContext, w: Watched, bound?: number) => ({
  market: w.quote,
  tickAt: tickOf(ctx.market, w.short.option),
  stepSeconds: ctx.params.ladder_step_seconds,
  ...(bound === undefined ? {} : { bound }),
});

export const patiently = (ctx: WheelContext, w: Watched, bound: number): PricePlan => patientBuyBack(buyBackSpec(ctx, w, bound));
export const urgently = (ctx: WheelContext, w: Watched, bound?: number): PricePlan => urgentBuyBack(buyBackSpec(ctx, w, bound));

/** The buy-back of all contracts of a short option; never more than are held. */
export const buyToClose = (ctx: WheelContext, w: Watched, wish: Extract<Wish, { kind: 'buy back' }>): Close => {
  const { option, contracts } = w.short;
  const assumed = assumedFor(ctx, option);
  return {
    kind: 'close',
    subject: option.symbol,
    code: wish.code,
    why: wish.why,
    gates: [...w.gates, ...wish.gates],
    key: `${wish.code.toLowerCase()}:${option.symbol}`,
    legs: legs(leg(option, 'buy', 'close')),
    qty: qty(contracts),
    prices: wish.prices,
    ...(assumed.length > 0 ? { assumed } : {}),
  };
};
