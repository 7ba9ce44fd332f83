// The rules by which a short put and a covered call end, each in the order of its danger.
import type { Gate } from '../../domain/decision.ts';
import { dollars, MICROS } from '../../domain/money.ts';
import { SECOND } from '../../domain/time.ts';
import { closesAgainstMean, micros, minutesToClose } from '../toolkit/context.ts';
import { worstOf } from '../toolkit/exits.ts';
import { figure, noted, settle, weighed } from '../toolkit/gates.ts';
import { patiently, urgently, type Watched, type Wish } from './close.ts';
import type { WheelContext } from './context.ts';
import { cyclePremium, type Holding } from './holding.ts';
import type { Roll, WheelMemory } from './memory.ts';
import { chooseRoll, inRollHours, rollFrom } from './roll.ts';
import { barsWanted } from './screen.ts';

/** A rule says nothing, or what it wants; the first of a list that speaks decides. */
export type Rule = (ctx: WheelContext, w: Watched, holding: Holding, memory: WheelMemory) => Wish | undefined;

const hold = (why: string, gates: readonly Gate[] = [], code: 'HOLD' | 'EARLY_ASSIGNMENT_RISK' = 'HOLD'): Wish => ({
  kind: 'hold',
  code,
  why,
  gates,
});

/** How far out of the money, as a part of the strike; negative in the money. */
const outBy = (w: Watched): number => (w.short.option.right === 'put' ? w.spot - w.strike : w.strike - w.spot) / w.strike;

/** The last day has rules of its own, and they are the only ones that speak then. */
export const expiryDay: Rule = (ctx, w) => {
  if (w.dte > 0) return undefined;
  const { params } = ctx;
  const out = outBy(w);
  const left = minutesToClose(ctx);
  const gates = [
    weighed('out of the money by', params.expiry_pin_band_pct, out, out > params.expiry_pin_band_pct),
    noted('minutes to the close', left),
  ];
  if (out > params.expiry_pin_band_pct) {
    if (w.ask <= params.expiry_buy_back_max_usd && left > params.expiry_last_minutes_before_close) {
      return {
        kind: 'buy back',
        code: 'TARGET',
        why: `worth at most ${params.expiry_buy_back_max_usd} on its last day`,
        gates,
        prices: patiently(ctx, w, params.expiry_buy_back_max_usd),
      };
    }
    return hold(
      left <= params.expiry_last_minutes_before_close
        ? 'let expire: out of the money by more than the pin band'
        : 'waiting for the last cents or the expiry',
      gates,
    );
  }
  if (out < -params.expiry_pin_band_pct) return hold('in the money on its last day: assignment is accepted', gates);
  if (params.accept_pin) return hold('inside the pin band, which is accepted', gates);
  if (left > params.expiry_pin_minutes_before_close) return hold('inside the pin band: decided nearer the close', gates);
  return {
    kind: 'buy back',
    code: 'EXPIRY_DEADLINE',
    why: 'too near the strike to know the outcome of the expiry',
    gates,
    prices: urgently(ctx, w),
  };
};

/** The exchange instant at which a put's thesis stop was first seen, or undefined while there is nothing to see. */
export function stopSeen(ctx: WheelContext, w: Watched, memory: WheelMemory): number | undefined {
  if (w.mark < ctx.params.thesis_stop_credits * w.credit) return undefined;
  const { trend_sessions, thesis_stop_sessions } = ctx.params;
  const bars = ctx.market.dailyBars(w.name, barsWanted(ctx.params));
  if (!bars.known) return undefined;
  const closes = closesAgainstMean(bars.value, trend_sessions, thesis_stop_sessions);
  if (!closes.known || !closes.value.every(({ close, mean }) => close < mean)) return undefined;
  return memory.stops[w.short.option.symbol] ?? ctx.now.exchange;
}

/** The reason for owning the stock is gone: the mark is a multiple of the credit and the trend has broken, seen twice. */
export const thesisStop: Rule = (ctx, w, _holding, memory) => {
  const seen = stopSeen(ctx, w, memory);
  if (seen === undefined) return undefined;
  const { thesis_stop_credits, stop_confirm_seconds } = ctx.params;
  const waited = (ctx.now.exchange - seen) / SECOND;
  const gates = [
    weighed('mark in credits', thesis_stop_credits, w.mark / w.credit, true),
    weighed('seconds since first seen', stop_confirm_seconds, waited, waited >= stop_confirm_seconds),
  ];
  if (waited < stop_confirm_seconds) return hold('thesis stop seen once: a second quote must agree', gates);
  return {
    kind: 'buy back',
    code: 'THESIS_STOP',
    why: `mark ${figure(w.mark)} against a credit of ${figure(w.credit)}, and closes under the long mean`,
    gates,
    prices: urgently(ctx, w),
  };
};

function rollWish(ctx: WheelContext, w: Watched, holding: Holding, memory: WheelMemory, orElse: string, gates: readonly Gate[]): Wish {
  if (holding.stage === 'RECONCILE') return hold('a roll would open something while the books disagree', gates);
  if (!inRollHours(ctx)) return hold('a roll waits for the hours in which both its halves can be done', gates);
  const from = rollFrom(w.name, w.short, w.ask, w.pSafe ?? 1);
  const outcome = settle(chooseRoll(ctx, from));
  if (!outcome.ok) return hold(`${orElse}: ${outcome.why}`, [...gates, ...outcome.gates]);
  const target = outcome.value;
  const bound = dollars(target.quote.bid) - ctx.params.roll_net_credit_min_usd;
  const prices = urgently(ctx, w, bound);
  const paidAtMost = worstOf(prices);
  const { option, contracts } = w.short;
  const premium = cyclePremium(holding, memory);
  const roll: Roll = {
    right: option.right,
    option: option.symbol,
    strike: option.strike,
    expiry: option.expiry,
    qty: contracts,
    paidAtMost,
    day: ctx.day,
    premiumAfter: premium - paidAtMost * 100 * contracts,
    pSafe: from.pSafe,
    attempts: 0,
  };
  const net = dollars(target.quote.bid) - w.ask;
  const why = `to ${dollars(target.option.strike)} of ${target.option.expiry} for a net credit of ${figure(net)}`;
  return {
    kind: 'buy back',
    code: 'ROLL',
    why,
    gates: [...gates, ...outcome.gates, noted('new strike', dollars(target.option.strike))],
    prices,
    roll,
  };
}

/** Near expiry a profitable put is closed, one in trouble is rolled, and one that cannot be rolled is held for assignment. */
export const putTimeRule: Rule = (ctx, w, holding, memory) => {
  const { params } = ctx;
  if (w.dte > params.manage_dte) return undefined;
  const breakEven = w.credit - params.fee_per_contract_usd / 100;
  const gates = [weighed('days to expiry', params.manage_dte, w.dte, true), weighed('cost to close', breakEven, w.ask, w.ask < breakEven)];
  if (w.ask < breakEven)
    return { kind: 'buy back', code: 'TIME_STOP', why: `in profit with ${w.dte} days left`, gates, prices: urgently(ctx, w, breakEven) };
  const threatened = w.spot < w.strike || (w.delta !== undefined && w.delta >= params.defend_delta);
  if (!threatened) return hold('neither in profit nor threatened', gates);
  return rollWish(ctx, w, holding, memory, 'held for assignment', gates);
};

/** Half of the credit is earned. */
export const profitRule: Rule = (ctx, w) => {
  const trigger = ctx.params.profit_take_part * w.credit;
  if (micros(w.ask) > micros(trigger)) return undefined;
  return {
    kind: 'buy back',
    code: 'TARGET',
    why: `bought back at ${figure(w.ask)} or less of a credit of ${figure(w.credit)}`,
    gates: [weighed('ask', trigger, w.ask, true)],
    prices: patiently(ctx, w, trigger),
  };
};

/** On the eve of an ex-date a call in the money whose time value is under the dividend will be exercised. */
export const exDividend: Rule = (ctx, w) => {
  if (w.spot <= w.strike) return undefined;
  const eve = ctx.sessionAt(ctx.day, 1).day;
  const due = ctx.market.dividends(w.name, eve, eve);
  if (!due.known) return undefined;
  const dividend = due.value.reduce((total, d) => total + dollars(d.amount), 0);
  if (dividend <= 0) return undefined;
  const extrinsic = Math.round((w.bid - (w.spot - w.strike)) * MICROS) / MICROS;
  const gates = [weighed('time value at the bid', dividend, extrinsic, extrinsic >= dividend)];
  if (extrinsic >= dividend) return undefined;
  return {
    kind: 'buy back',
    code: 'EXDIV_RISK',
    why: `time value ${figure(extrinsic)} is under the dividend ${figure(dividend)} of ${eve}`,
    gates,
    prices: urgently(ctx, w),
  };
};

/** The stock is worth keeping while its close is over the shorter mean, and that over the longer. */
function trendStillUp(ctx: WheelContext, w: Watched): boolean {
  const bars = ctx.market.dailyBars(w.name, barsWanted(ctx.params));
  if (!bars.known) return false;
  const long = closesAgainstMean(bars.value, ctx.params.trend_sessions, 1);
  const short = closesAgainstMean(bars.value, ctx.params.keep_trend_sessions, 1);
  const [l] = long.known ? long.value : [];
  const [s] = short.known ? short.value : [];
  return l !== undefined && s !== undefined && s.close > s.mean && s.mean > l.mean;
}

/** Near expiry a call in the money is rolled up and out while the stock is worth keeping; else it may be called away. */
export const callTimeRule: Rule = (ctx, w, holding, memory) => {
  if (w.dte > ctx.params.manage_dte || w.spot <= w.strike) return undefined;
  const up = trendStillUp(ctx, w);
  const gates = [weighed('days to expiry', ctx.params.manage_dte, w.dte, true), weighed('trend still up', 'true', String(up), up)];
  return up
    ? rollWish(ctx, w, holding, memory, 'may be called away', gates)
    : hold('may be called away: the trend does not ask to keep the stock', gates);
};

/** Assignment on the eve of an ex-date is welcome where the strike is not under the basis: the dividend is forgone. */
export const acceptedExDividend = (w: Watched, wish: Wish, basis: number | undefined): Wish => {
  if (wish.kind !== 'buy back' || wish.code !== 'EXDIV_RISK' || basis === undefined || micros(w.strike) < basis) return wish;
  return hold(
    `early assignment is accepted, the dividend forgone: ${wish.why}`,
    [...wish.gates, weighed('strike over basis', figure(basis / MICROS), w.strike, true)],
    'EARLY_ASSIGNMENT_RISK',
  );
};

export const putRules: readonly Rule[] = [expiryDay, thesisStop, putTimeRule, profitRule];
export const callRules: readonly Rule[] = [expiryDay, exDividend, callTimeRule, profitRule];
