// Every open spread, on every manage tick: closed by the first rule that speaks, else held with its numbers. What assignment left is undone.
import type { Close, Decision, Gate, Pass } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import type { Known, ReasonCode } from '../../domain/reasons.ts';
import type { Trade } from '../../domain/trade.ts';
import { closeTrade } from '../toolkit/closing.ts';
import { noted, pass } from '../toolkit/gates.ts';
import { closeLeftover, type Leftover, leftovers, sharesDelivered, wholePart } from '../toolkit/leftover.ts';
import { recallWatch, rememberJson, seen, type WatchMemory, watchedOf } from '../toolkit/watch.ts';
import type { SpreadContext } from './context.ts';
import { rules, unseen, type Wish } from './exits.ts';
import { type HeldSpread, readSpread, withStop } from './held.ts';

/** What a debit vertical is closed for never costs anything: at worst it is given away. */
const GIVEN_AWAY = 0;

const wait = (ctx: SpreadContext, trade: Trade, code: ReasonCode, why: string, gates: readonly Gate[]): Pass =>
  pass(trade.underlying, code, why, gates, ctx.market.assumptions(trade.underlying));

const orWait = (ctx: SpreadContext, trade: Trade, close: Known<Close>, gates: readonly Gate[]): Decision =>
  close.known ? close.value : wait(ctx, trade, close.code, `held without a quote: ${close.why}`, gates);

/**
 * The order a wish becomes. Where nobody bids for the long call and the short one is nearly worthless, the short one alone is bought back
 * and the long one kept: it costs nothing more and may yet be worth something.
 */
function carryOut(ctx: SpreadContext, trade: Trade, spread: HeldSpread, wish: Wish): Decision {
  const { market, params } = ctx;
  const { held, long, short } = spread;
  const gates = [...spread.gates, ...wish.gates];
  const step = params.ladder_step_seconds;
  if (long.quote.bid > 0 || dollars(short.quote.ask) > params.worthless_ask_max_usd)
    return closeTrade(market, held, { ...wish, gates, bound: GIVEN_AWAY }, step);
  const alone: Leftover = { instrument: short.option, qty: -held.units };
  const why = `${wish.why}; nobody bids for the long call, so the short one alone is bought back`;
  return orWait(ctx, trade, closeLeftover(market, trade, alone, { ...wish, why, gates, pace: 'patient' }, step), gates);
}

function manageWhole(ctx: SpreadContext, trade: Trade, memory: WatchMemory): { readonly decision: Decision; readonly memory: WatchMemory } {
  const read = readSpread(ctx, trade);
  if (!read.known) {
    const gates = trade.held.map((h) => noted(h.instrument.symbol, h.qty));
    return { decision: wait(ctx, trade, read.code, `held: ${read.why}`, gates), memory };
  }
  const sighting = { now: ctx.now.exchange, reached: read.value.stopSeen.reached, mark: read.value.held.mark };
  const watched = seen(watchedOf(memory, trade), sighting);
  const after: WatchMemory = { ...memory, trades: { ...memory.trades, [trade.id]: watched } };
  const spread = withStop(ctx, read.value, watched);
  for (const rule of rules) {
    const wish = rule(ctx, spread);
    if (wish !== undefined) return { decision: carryOut(ctx, trade, spread, wish), memory: after };
  }
  const missing = unseen(ctx, spread);
  const why = spread.stopSeen.reached ? 'the stop was seen once: a second quote must agree' : 'no rule asks for anything';
  const gates = missing.length > 0 ? [...spread.gates, noted('not known', missing.join(' '))] : spread.gates;
  return { decision: wait(ctx, trade, 'HOLD', why, gates), memory: after };
}

/** What is left beside whole spreads: shares of an assignment and calls that lost their other leg. */
function manageLeftover(ctx: SpreadContext, trade: Trade, left: Leftover): Decision {
  const { market, params } = ctx;
  const { instrument, qty } = left;
  const delivered = sharesDelivered(trade);
  const gates = [noted(instrument.symbol, qty), noted('shares delivered', delivered)];
  const step = params.ladder_step_seconds;
  const close = (code: ReasonCode, why: string): Decision =>
    orWait(ctx, trade, closeLeftover(market, trade, left, { code, why, gates, pace: 'urgent' }, step), gates);
  if (instrument.kind === 'equity') return close('ASSIGNED', `${qty} shares were delivered: they are closed, and the calls beside them`);
  if (qty < 0) return close('EARLY_ASSIGNMENT_RISK', 'a short call without its long one is bought back');
  if (delivered !== 0) return close('ASSIGNED', 'the short call was assigned: the long one has nothing left to cover');
  const quote = market.quote(instrument.symbol);
  const bid = quote.known ? dollars(quote.value.bid) : null;
  const worth = bid !== null && bid > params.worthless_ask_max_usd;
  if (worth) return close('INVALIDATION', 'a long call without its short one is no spread any more');
  return wait(ctx, trade, 'HOLD', 'a long call whose short one is gone, kept while nobody bids enough for it', [
    ...gates,
    noted('bid', bid),
  ]);
}

/** One decision or more for every open trade; runs in halts too. */
export function manage(ctx: SpreadContext): readonly Decision[] {
  let memory = recallWatch(ctx.memory, ctx.trades);
  const decisions: Decision[] = [];
  for (const trade of ctx.trades) {
    const whole = wholePart(trade);
    if (whole !== undefined) {
      const step = manageWhole(ctx, whole, memory);
      decisions.push(step.decision);
      memory = step.memory;
    }
    decisions.push(...leftovers(trade).map((left) => manageLeftover(ctx, trade, left)));
  }
  return [...decisions, ...rememberJson(ctx.memory, memory)];
}
