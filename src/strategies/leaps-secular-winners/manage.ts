// What is held, one decision for each trade on every slot; and the second half of rolls, once the first is sold.
import type { Decision, Gate } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import type { Trade } from '../../domain/trade.ts';
import { yearsToExpiry } from '../../market/expiry.ts';
import { bsPrice } from '../../pricing/black-scholes.ts';
import { closeTrade } from '../toolkit/closing.ts';
import { settingOf } from '../toolkit/context.ts';
import { figure, noted, pass, refuse, settle } from '../toolkit/gates.ts';
import { heldTrade } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import { rememberJson, seen, type Watched, watchedOf } from '../toolkit/watch.ts';
import { chooseCall, type LeapsContext } from './call.ts';
import { buy, ready } from './entry.ts';
import { asJson, type HalfDone, halfDone, type LeapsMemory, type Roll, recall, rollKey } from './memory.ts';
import { atStop, figures, heldCall, inOrderHours, rules } from './rules.ts';
import { roomNow } from './sizing.ts';

interface Verdict {
  readonly decision: Decision;
  readonly watched: Watched;
  readonly sigma: number | undefined;
  readonly roll?: Roll;
}

/** What the call would be worth at its last own volatility: shown where it has no market, and acted on by nobody. */
function modelValue(ctx: LeapsContext, trade: Trade, sigma: number | undefined): readonly Gate[] {
  const option = trade.legs[0].instrument;
  const share = ctx.market.quote(trade.underlying);
  if (option.kind !== 'option' || sigma === undefined || !share.known) return [];
  const { rate, dividendYield } = settingOf(ctx, trade.underlying, share.value, option.expiry);
  const years = yearsToExpiry(ctx.now.exchange, option.expiry, ctx.calendar);
  const strike = dollars(option.strike);
  const value = bsPrice({ right: option.right, spot: mid(share.value), strike, years, rate, dividendYield, sigma });
  return [noted('value by the model at its last volatility', value)];
}

function judge(ctx: LeapsContext, trade: Trade, before: Watched, lastSigma: number | undefined): Verdict {
  const assumed = ctx.market.assumptions(trade.underlying);
  const { symbol: contract } = trade.legs[0].instrument;
  const held = heldTrade(ctx.market, trade);
  const wait = (code: Parameters<typeof pass>[1], why: string): Verdict => ({
    decision: pass(trade.underlying, code, why, modelValue(ctx, trade, lastSigma), assumed),
    watched: { ...before, stopSince: null },
    sigma: lastSigma,
  });
  if (ctx.market.contract(contract)?.standard === false)
    return wait('NONSTANDARD_CONTRACT', `${contract} was adjusted: what it delivers has to be settled by hand first`);
  if (!held.known) return wait(held.code, `held: ${held.why}`);
  if (held.value.executable <= 0) return wait('QUOTE_MISSING', `held: nobody bids for ${contract}`);
  const watched = seen(before, { now: ctx.now.exchange, reached: atStop(ctx, held.value), mark: held.value.mark });
  const call = heldCall(ctx, held.value, watched);
  const sigma = call.value?.sigma ?? lastSigma;
  for (const rule of rules) {
    const exit = rule(ctx, call);
    if (exit === undefined) continue;
    const told = { ...exit, gates: [...figures(call), ...exit.gates] };
    const decision = closeTrade(ctx.market, held.value, told, ctx.params.exit_step_seconds);
    const roll = { day: ctx.day, name: trade.underlying, units: held.value.units };
    return { decision, watched, sigma, ...(exit.code === 'ROLL' ? { roll } : {}) };
  }
  const why = watched.stopSince === null ? 'no exit is due' : 'the stop was seen once: a second quote must agree';
  return { decision: pass(trade.underlying, 'HOLD', why, figures(call), assumed), watched, sigma };
}

/** The old call is sold, and sold for its roll; nothing else is at work in the name. */
const isDue = (ctx: LeapsContext, roll: HalfDone): boolean =>
  ctx.closedTrades.some((t) => t.id === roll.trade && t.exit === 'ROLL') && !ctx.busy.has(roll.name);

/** The new call of a roll, by the rules of every entry; no more contracts than were sold. */
function* secondHalf(ctx: LeapsContext, roll: HalfDone): ReturnType<typeof buy> {
  const { name } = roll;
  yield* ready(ctx);
  if (!inOrderHours(ctx)) yield* refuse('order hours', 'OUTSIDE_WINDOW', 'nothing is bought so near to the open or the close');
  if (ctx.book.disputed.has(name)) yield* refuse('ledger agrees', 'RECON_PENDING', `positions and ledger disagree in ${name}`);
  const candidate = yield* chooseCall(ctx, name);
  const why = `the second half of a roll of ${roll.units}: ${figure(dollars(candidate.call.option.strike))} of ${candidate.call.option.expiry}`;
  return yield* buy(ctx, { name, key: rollKey(roll.trade), why, candidate, atMost: roll.units, composite: null }, roomNow(ctx));
}

function complete(ctx: LeapsContext, roll: HalfDone): Decision {
  const { name } = roll;
  const outcome = settle(secondHalf(ctx, roll));
  if (!outcome.ok)
    return pass(name, outcome.code, `the second half of a roll waits: ${outcome.why}`, outcome.gates, ctx.market.assumptions(name));
  return { ...outcome.value.open, code: 'ROLL', gates: outcome.gates };
}

/** One decision for every open trade, one for every roll that is half done, and what is to be remembered. */
export function manage(ctx: LeapsContext): readonly Decision[] {
  const before = recall(ctx.memory, ctx.trades, ctx.day);
  const verdicts = ctx.trades.map((trade) => ({
    trade,
    ...judge(ctx, trade, watchedOf(before.watch, trade), before.sigmas[trade.id]),
  }));
  // Sold in two walks, it is still one roll: what was held at its first is what is bought anew.
  const started = verdicts.flatMap(({ trade, roll }) => (roll === undefined ? [] : [[trade.id, before.rolls[trade.id] ?? roll] as const]));
  const due = halfDone(before, ctx.trades, ctx.day).filter((roll) => isDue(ctx, roll));
  const after: LeapsMemory = {
    watch: { v: 1, trades: Object.fromEntries(verdicts.map(({ trade, watched }) => [trade.id, watched])) },
    sigmas: Object.fromEntries(verdicts.flatMap(({ trade, sigma }) => (sigma === undefined ? [] : [[trade.id, sigma]]))),
    rolls: { ...before.rolls, ...Object.fromEntries(started) },
  };
  return [
    ...verdicts.map(({ decision }) => decision),
    ...due.map((roll) => complete(ctx, roll)),
    ...rememberJson(ctx.memory, asJson(after)),
  ];
}
