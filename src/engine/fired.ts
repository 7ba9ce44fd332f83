// Exit rules that speak: one fires when a way out begins by its reason, and a stop that rests at the broker when it first fills.
import type { Close } from '../domain/decision.ts';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { StrategyId } from '../domain/ids.ts';
import { isOpen } from '../domain/trade.ts';
import type { Draft } from './draft.ts';
import { ruleKey, type State } from './state.ts';

/** Puts a rule in its place, in memory and in the turn. */
export function keepRule(state: State, draft: Draft, rule: ArmedExit): void {
  state.exits.set(ruleKey(rule), rule);
  draft.exits.set(ruleKey(rule), rule);
}

/** The first execution of a resting stop is its firing. */
export function fireResting(state: State, draft: Draft): void {
  for (const { order, legNo, cumQty, qty } of draft.fills) {
    if (legNo !== 0 || cumQty !== Math.abs(qty)) continue;
    const rule = [...state.exits.values()].find((r) => r.order === order);
    if (rule !== undefined) keepRule(state, draft, { ...rule, fired: rule.fired + 1, firedAt: draft.at.exchange });
  }
}

/** A way out has begun: the rules of its reason, of the trades that it closes something of, have fired. */
export function fireExits(state: State, draft: Draft, strategy: StrategyId, intent: Close): void {
  const symbols = new Set<string>(intent.legs.map((l) => l.instrument.symbol));
  const closes = [...state.trades.values()].filter(
    (t) => t.owner === strategy && isOpen(t) && t.held.some((h) => symbols.has(h.instrument.symbol)),
  );
  // A close of one trade alone is named by it; one of a holding speaks for every trade in it.
  const named = closes.filter((trade) => intent.key.includes(trade.id));
  for (const trade of named.length > 0 ? named : closes) {
    const rule = state.exits.get(ruleKey({ trade: trade.id, code: intent.code }));
    if (rule !== undefined && rule.disarmedAt === null)
      keepRule(state, draft, { ...rule, fired: rule.fired + 1, firedAt: draft.at.exchange });
  }
}
