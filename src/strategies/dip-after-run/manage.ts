// What is held and what is still being bought: one decision for each, on every slot.
import type { Decision } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { Trade } from '../../domain/trade.ts';
import { closeTrade } from '../toolkit/closing.ts';
import { holds, pass } from '../toolkit/gates.ts';
import { heldTrade } from '../toolkit/holding.ts';
import { recallWatch, rememberJson, seen, type Watched, watchedOf } from '../toolkit/watch.ts';
import type { DipContext } from './call.ts';
import { atStop, figures, heldCall, rules } from './rules.ts';
import { fallOf } from './signal.ts';

interface Verdict {
  readonly decision: Decision;
  readonly watched: Watched;
}

/** One open trade: the first rule that speaks decides; a call without a quote is held, and what was seen of its stop forgotten. */
function judge(ctx: DipContext, trade: Trade, before: Watched): Verdict {
  const assumed = ctx.market.assumptions(trade.underlying);
  const held = heldTrade(ctx.market, trade);
  if (!held.known)
    return { decision: pass(trade.underlying, held.code, `held: ${held.why}`, [], assumed), watched: { ...before, stopSince: null } };
  const first = heldCall(ctx, held.value, before);
  const watched = seen(before, { now: ctx.now.exchange, reached: atStop(first), mark: held.value.mark });
  const call = { ...first, watched };
  for (const rule of rules) {
    const exit = rule(ctx, call);
    if (exit === undefined) continue;
    const told = { ...exit, gates: [...figures(call), ...exit.gates] };
    return { decision: closeTrade(ctx.market, held.value, told, ctx.params.ladder_step_seconds), watched };
  }
  const why = watched.stopSince === null ? 'no exit is due' : 'the stop was seen once: a second quote must agree';
  return { decision: pass(trade.underlying, 'HOLD', why, figures(call), assumed), watched };
}

/** An entry still at work: taken back once the dip has recovered, for then there is nothing left to buy. */
function entryAtWork(ctx: DipContext, name: Symbol): Decision {
  const assumed = ctx.market.assumptions(name);
  const fall = fallOf(ctx, name);
  if (!fall.known) return pass(name, fall.code, `the entry works on: ${fall.why}`, [], assumed);
  const { dip_recovered_pct } = ctx.params;
  const there = fall.value.dip <= dip_recovered_pct;
  const { gate } = holds('dip', { observed: fall.value.dip, threshold: dip_recovered_pct, pass: there }, 'SIGNAL_GONE', '');
  if (there) return pass(name, 'ORDER_WORKING', 'the entry works, and the dip is still there', [gate], assumed);
  const why = `the price is back to ${(100 * fall.value.dip).toFixed(2)} % of the last close before the entry filled`;
  return {
    kind: 'cancel',
    subject: name,
    code: 'SIGNAL_GONE',
    why,
    gates: [gate],
    walk: 'open',
    ...(assumed.length > 0 ? { assumed } : {}),
  };
}

/** Names with an entry still at work: busy, and not with the exit of what is held in full. */
const buying = (ctx: DipContext): readonly Symbol[] => {
  const opening = ctx.working.filter((o) => o.purpose === 'O').map((o) => o.legs[0].instrument.underlying);
  const unheld = [...ctx.busy].filter((name) => !ctx.trades.some((t) => t.underlying === name));
  return [...new Set([...opening, ...unheld])].sort();
};

/** One decision for every open trade, one for every entry at work, and what is to be remembered. */
export function manage(ctx: DipContext): readonly Decision[] {
  const memory = recallWatch(ctx.memory, ctx.trades);
  const verdicts = ctx.trades.map((trade) => ({ trade, ...judge(ctx, trade, watchedOf(memory, trade)) }));
  const after = { v: 1, trades: Object.fromEntries(verdicts.map(({ trade, watched }) => [trade.id, { ...watched }])) };
  return [
    ...verdicts.map(({ decision }) => decision),
    ...buying(ctx).map((name) => entryAtWork(ctx, name)),
    ...rememberJson({ v: 1, trades: memory.trades }, after),
  ];
}
