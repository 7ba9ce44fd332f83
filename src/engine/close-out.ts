// Closes what a strategy holds in one name, as covered structures where they can trade whole, in an order that leaves nothing bare.
import type { PricePlan } from '../domain/decision.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Position } from '../domain/position.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import {
  type Approach,
  type Closing,
  closable,
  closingIntent,
  closingOf,
  closingPackage,
  closingPlan,
  type TouchOf,
} from '../execution/flatten.ts';
import { packagesOf } from '../execution/group.ts';
import type { MarketView } from '../market/view.ts';
import type { Draft } from './draft.ts';
import { beginExit } from './exits.ts';
import { type Ladder, positionsOf, type State } from './state.ts';
import type { World } from './world.ts';

export interface CloseOut {
  readonly strategy: StrategyId;
  readonly slot: string;
  readonly code: ReasonCode;
  readonly why: string;
  readonly approach: Approach;
  readonly outranks?: (walking: Ladder) => boolean;
  /** Limits for what has no market now; undefined to wait for one. */
  readonly instead?: (closing: Closing) => PricePlan | undefined;
}

const touchOf =
  (view: MarketView): TouchOf =>
  (symbol) => {
    const quote = view.quote(symbol);
    return quote.known ? quote.value : undefined;
  };

/** The positions of a book by owner and name, in a fixed order; what is nobody's of ours is left out. */
export function byName(positions: readonly Position[]): readonly (readonly [StrategyId, readonly Position[]])[] {
  const groups = new Map<string, { readonly owner: StrategyId; readonly held: Position[] }>();
  for (const position of positions) {
    if (position.owner === 'EXTERNAL') continue;
    const key = `${position.owner}|${position.instrument.underlying}`;
    const group = groups.get(key) ?? { owner: position.owner, held: [] };
    group.held.push(position);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { owner, held }]) => [owner, held] as const);
}

/** What of the positions may be sent now, and what has to wait for a market. Shares stand behind short options until those are gone. */
function stepsOf(state: State, strategy: StrategyId, held: readonly Position[], touch: TouchOf): { now: Closing[]; waiting: Closing[] } {
  const now: Closing[] = [];
  const waiting: Closing[] = [];
  for (const held_ of packagesOf(held)) {
    const steps = closable(held_, touch);
    if (steps.length > 0) now.push(...steps);
    else waiting.push(closingPackage(held_));
  }
  for (const position of held) {
    if (position.instrument.kind !== 'equity') continue;
    const { underlying } = position.instrument;
    const bound = positionsOf(state, strategy).some(
      (p) => p.instrument.kind === 'option' && p.instrument.underlying === underlying && p.qty < 0,
    );
    if (!bound) (touch(underlying) === undefined ? waiting : now).push(closingOf(position));
  }
  return { now, waiting };
}

/** Keeps a way out under way for each of the positions, of one owner and name. Returns what has no price to close at. */
export function closeOut(world: World, state: State, draft: Draft, held: readonly Position[], spec: CloseOut): readonly Symbol[] {
  const touch = touchOf(world.market(draft.at));
  const { now, waiting } = stepsOf(state, spec.strategy, held, touch);
  const begin = (closing: Closing, prices: PricePlan): void => {
    const intent = closingIntent(closing, prices, `${spec.slot}:${closing.legs[0].instrument.symbol}`, spec.code, spec.why);
    const { strategy, slot } = spec;
    beginExit(world, state, draft, { strategy, slot, intent, ...(spec.outranks === undefined ? {} : { outranks: spec.outranks }) });
  };
  for (const closing of now) {
    const prices = closingPlan(closing, touch, world.tick, spec.approach);
    if (prices !== undefined) begin(closing, prices);
  }
  const unpriced: Symbol[] = [];
  for (const closing of waiting) {
    const prices = spec.instead?.(closing);
    if (prices === undefined)
      unpriced.push(...closing.legs.map((l) => l.instrument.symbol).filter((s) => touch(s) === undefined || closing.legs.length === 1));
    else begin(closing, prices);
  }
  return unpriced;
}
