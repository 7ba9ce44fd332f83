// Every open trade, every few seconds: what should not be there is closed first, then the spreads by their rules, and wings last.
import type { Close, Decision, Gate, Pass } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import { SECOND } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import { boundsOf } from '../../domain/worth.ts';
import { closeTrade } from '../toolkit/closing.ts';
import { minutesToClose } from '../toolkit/context.ts';
import { figure, noted, pass } from '../toolkit/gates.ts';
import { closeLeftover, type Disposal, type Leftover } from '../toolkit/leftover.ts';
import { rememberJson } from '../toolkit/watch.ts';
import { type Standing, standingOf, stopInSight, type Wish, wishOf } from './exits.ts';
import { recall, type ZdteMemory } from './memory.ts';
import { LAST_HOUR_MINUTES } from './params.ts';
import type { ZdteContext } from './screen.ts';
import { type Quoted, quotedSpreads, type Remains, remainsOf, type Spread } from './sides.ts';

interface Step {
  readonly decision: Close | Pass;
  readonly memory: ZdteMemory;
}

const held = (ctx: ZdteContext, trade: Trade, code: Pass['code'], why: string, gates: readonly Gate[] = []): Pass =>
  pass(trade.underlying, code, why, gates, ctx.market.assumptions(trade.underlying));

/** One leftover out, or the reason why it stays for now. */
function dispose(ctx: ZdteContext, trade: Trade, left: Leftover, disposal: Omit<Disposal, 'gates'>): Close | Pass {
  const gates = [noted('held', `${left.qty} ${left.instrument.symbol}`)];
  const close = closeLeftover(ctx.market, trade, left, { ...disposal, gates }, ctx.params.ladder_step_seconds);
  return close.known ? close.value : held(ctx, trade, close.code, `${disposal.why}, but ${close.why}`, gates);
}

/** Nothing of a trade is left to this strategy's rules in the last hour of its options. */
const isLastHour = (ctx: ZdteContext): boolean => minutesToClose(ctx) <= LAST_HOUR_MINUTES;

const lastHour = (ctx: ZdteContext, trade: Trade, gates: readonly Gate[]): Pass => {
  const why = `${figure(minutesToClose(ctx))} min to the close: the last hour of what expires today is worked without this strategy`;
  return held(ctx, trade, 'EXPIRY_DEADLINE', why, gates);
};

const outOfPlace = { code: 'ASSIGNED', why: 'an option delivered shares, which this strategy does not hold', pace: 'urgent' } as const;

/** A wing that outlived its short option: sold while it is worth something, else left to expire. */
function wing(ctx: ZdteContext, trade: Trade, long: Leftover): Close | Pass {
  const quote = ctx.market.quote(long.instrument.symbol);
  const bid = quote.known ? dollars(quote.value.bid) : 0;
  if (bid > ctx.params.residual_max_usd)
    return dispose(ctx, trade, long, { code: 'INVALIDATION', why: `its short option is gone, and ${bid} is bid for it`, pace: 'patient' });
  return held(ctx, trade, 'HOLD', `${long.instrument.symbol} is all that is left: next to nothing is bid for it, and it can lose no more`, [
    noted('contracts', long.qty),
    noted('bid', quote.known ? bid : null),
  ]);
}

/** What is left where no spread is whole any more: a short option at once, then a wing. */
function remnant(ctx: ZdteContext, trade: Trade, { bareShorts: [bare], loneLongs: [long] }: Remains): Close | Pass {
  const left = bare ?? long;
  if (left === undefined) return held(ctx, trade, 'RECON_PENDING', 'the trade is open and holds nothing');
  if (isLastHour(ctx)) return lastHour(ctx, trade, [noted('held', `${left.qty} ${left.instrument.symbol}`)]);
  if (left !== bare) return wing(ctx, trade, left);
  return dispose(ctx, trade, left, { code: 'STOP', why: `${left.instrument.symbol} is short without its wing`, pace: 'urgent' });
}

/** The most that closing spreads can be worth to anybody, dollars a share: nobody is paid more. */
const mostOf = (spreads: readonly Spread[]): number =>
  (boundsOf(
    spreads.flatMap(({ short, long }) => [
      { option: short, weight: 1 },
      { option: long, weight: -1 },
    ]),
  ).most ?? 0) / 1e6;

/**
 * A package that would sell a wing nobody bids for is never filled: what can be closed whole goes first, then a short option alone, whose
 * wing is worth nothing to anybody.
 */
function sellable(ctx: ZdteContext, wish: Wish): Wish {
  if (wish.alone === true) return wish;
  const whole = wish.spreads.filter(({ long }) => {
    const quote = ctx.market.quote(long.symbol);
    return !quote.known || quote.value.bid > 0;
  });
  if (whole.length > 0) return { ...wish, spreads: whole };
  return { ...wish, alone: true, why: `${wish.why}; nobody bids for its wing, so the short option alone is bought back` };
}

/** The order that a wish asks for; the absence of a quote where one that it needs is gone. */
function closeFor(ctx: ZdteContext, trade: Trade, wanted: Wish, gates: readonly Gate[]): Close | Pass {
  const wish = sellable(ctx, wanted);
  const { ladder_step_seconds: step } = ctx.params;
  const [first] = wish.spreads;
  if (wish.alone === true && first !== undefined) {
    const left = { instrument: first.short, qty: -first.units };
    const close = closeLeftover(ctx.market, trade, left, { ...wish, gates }, step);
    return close.known ? close.value : held(ctx, trade, close.code, close.why, gates);
  }
  // Sides of different sizes are not one package: the larger one goes down to the other's size first, as part of it.
  const units = Math.min(...wish.spreads.map((spread) => spread.units));
  const quoted = quotedSpreads(ctx.market, wish.spreads);
  if (!quoted.known) return held(ctx, trade, quoted.code, quoted.why, gates);
  const { legs, close } = quoted.value;
  const { code, why, pace } = wish;
  return closeTrade(
    ctx.market,
    { trade, name: trade.underlying, units, legs, close },
    { code, why, pace, gates, bound: mostOf(wish.spreads) },
    step,
  );
}

/** Since when the stop has been in sight, and whether that is long enough. */
function watched(
  ctx: ZdteContext,
  trade: Trade,
  standing: Standing,
  before: ZdteMemory,
): { since: number | undefined; confirmed: boolean } {
  if (stopInSight(ctx, standing) === undefined) return { since: undefined, confirmed: false };
  const since = before.stopSince[trade.id] ?? ctx.now.exchange;
  return { since, confirmed: ctx.now.exchange - since >= ctx.params.stop_confirm_seconds * SECOND };
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([k]) => k !== key));

function bySpreads(ctx: ZdteContext, trade: Trade, quoted: Quoted, before: ZdteMemory): Step {
  const standing = standingOf(ctx, quoted);
  const { since, confirmed } = watched(ctx, trade, standing, before);
  const rest = without(before.stopSince, trade.id);
  const memory: ZdteMemory = { ...before, stopSince: since === undefined ? rest : { ...rest, [trade.id]: since } };
  const gates = [noted('spreads', Math.min(...quoted.spreads.map((s) => s.units))), ...standing.gates];
  if (isLastHour(ctx)) return { decision: lastHour(ctx, trade, gates), memory };
  const wish = wishOf(ctx, standing, confirmed);
  if (wish === undefined) {
    const why = since === undefined ? 'no rule asks for anything' : 'the stop is in sight: a second quote must agree';
    return { decision: held(ctx, trade, 'HOLD', why, gates), memory };
  }
  const stopped = wish.code === 'STOP' ? { ...memory.stopped, [trade.underlying]: ctx.day } : memory.stopped;
  return { decision: closeFor(ctx, trade, wish, gates), memory: { ...memory, stopped } };
}

function manageTrade(ctx: ZdteContext, trade: Trade, memory: ZdteMemory): Step {
  const remains = remainsOf(trade);
  const [share] = remains.shares;
  if (share !== undefined) return { decision: dispose(ctx, trade, share, outOfPlace), memory };
  const bareFirst = remains.bareShorts.length > 0 && !isLastHour(ctx);
  if (bareFirst || remains.spreads.length === 0) return { decision: remnant(ctx, trade, remains), memory };
  const quoted = quotedSpreads(ctx.market, remains.spreads);
  if (!quoted.known) return { decision: held(ctx, trade, quoted.code, `held without a quote: ${quoted.why}`), memory };
  return bySpreads(ctx, trade, quoted.value, memory);
}

/** One decision for every open trade; runs in halts too. */
export function manage(ctx: ZdteContext): readonly Decision[] {
  let memory = recall(ctx.memory, ctx.day, ctx.trades);
  const decisions: Decision[] = [];
  for (const trade of ctx.trades) {
    const step = manageTrade(ctx, trade, memory);
    decisions.push(step.decision);
    memory = step.memory;
  }
  return [...decisions, ...rememberJson(ctx.memory, memory)];
}
