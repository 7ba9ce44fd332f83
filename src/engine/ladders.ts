// Walks: an intent goes out as one order at a time, each rung cancelled and confirmed by evidence before the next is judged anew.
import type { Intent } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Price } from '../domain/money.ts';
import { isTerminal, type Order } from '../domain/order.ts';
import { halfSpreadsOf } from '../domain/penalty.ts';
import { MINUTE, type MonoMs } from '../domain/time.ts';
import type { Decided } from '../domain/trade.ts';
import { planOrder } from '../execution/planner.ts';
import { ATTEMPTS_MAX, unfilledWalks } from './attempts.ts';
import { type Draft, type DraftedDecision, note } from './draft.ts';
import { crossing, isClear } from './in-the-way.ts';
import { verdictOn } from './judging.ts';
import { cancelOrder } from './reports.ts';
import { quotesSeen } from './seen.ts';
import { DEADLINE_SLOT, type Ladder, positionKey, type State } from './state.ts';
import type { World } from './world.ts';

/** No rung is replaced sooner than this much wall time after it was placed, however fast the exchange runs. */
const STEP_WALL_MS_MIN = 250;
const REFUSALS_MAX = 3;
const BLOCKED_RETRY_MS = MINUTE;
const OBSTACLE_RETRY_MS = 1_000;
const KEEP_DONE_MS = 10 * MINUTE;

export interface NewLadder {
  readonly key: string;
  readonly slot: string;
  readonly strategy: StrategyId;
  readonly intent: Intent;
}

/** Begins a walk and places its first order if nothing of ours is in its way. The decision row says how it went. */
export function beginLadder(world: World, state: State, draft: Draft, wanted: NewLadder): Ladder | undefined {
  if (state.ladders.has(wanted.key)) return undefined; // the same decision again: its state stands
  const ladder: Ladder = {
    ...wanted,
    purpose: wanted.intent.kind === 'open' ? 'O' : 'C',
    total: wanted.intent.qty,
    sliceMax: wanted.intent.qty,
    filled: 0,
    rung: 0,
    slice: 0,
    phase: 'clearing',
    current: null,
    placedAt: null,
    refusals: 0,
    retryAt: null,
    begunAt: draft.at.exchange,
    abandoned: false,
  };
  state.ladders.set(ladder.key, ladder);
  walk(world, state, draft, ladder.key);
  return state.ladders.get(ladder.key);
}

/** Gives a walk up: what lives is cancelled, nothing more is placed. */
export function abandonLadder(state: State, draft: Draft, ladder: Ladder, why: string): void {
  if (ladder.phase === 'done' || ladder.abandoned) return;
  const current = ladder.current === null ? undefined : state.orders.get(ladder.current);
  const given: Ladder = { ...ladder, abandoned: true };
  state.ladders.set(ladder.key, given);
  if (current === undefined) end(state, draft, given, why);
  else cancelOrder(state, draft, current, why);
}

const end = (state: State, draft: Draft, ladder: Ladder, how: string): void => {
  state.ladders.set(ladder.key, { ...ladder, phase: 'done', current: null });
  note(draft, 'ladder.done', 'info', {
    strategy: ladder.strategy,
    symbol: ladder.intent.subject,
    purpose: ladder.purpose,
    filled: ladder.filled,
    of: ladder.total,
    how,
  });
};

/** Moves one walk as far as it can go in this turn. */
export function walk(world: World, state: State, draft: Draft, key: string): void {
  // A walk makes at most a few steps in one turn: settle the closed order, then place the next.
  for (let i = 0; i < 4; i++) {
    const ladder = state.ladders.get(key);
    if (ladder === undefined || ladder.phase === 'done') return;
    if (!advanceWalk(world, state, draft, ladder)) return;
  }
}

/** One step; true when there may be another. */
function advanceWalk(world: World, state: State, draft: Draft, ladder: Ladder): boolean {
  const current = ladder.current === null ? undefined : state.orders.get(ladder.current);
  if (current !== undefined && !isTerminal(current.state)) {
    if (current.state === 'working' && stepDue(ladder, draft)) cancelOrder(state, draft, current, 'next rung');
    return false;
  }
  if (current !== undefined) return settleOrder(state, draft, ladder, current);
  if (ladder.abandoned) {
    end(state, draft, ladder, 'given up');
    return false;
  }
  if (ladder.retryAt !== null && ladder.retryAt > draft.at.mono) return false;
  if (ladder.phase === 'clearing' && !isClear(state, draft, ladder)) return false;
  place(world, state, draft, { ...ladder, phase: 'walking' });
  return false;
}

function stepDue(ladder: Ladder, draft: Draft): boolean {
  const { placedAt, intent } = ladder;
  if (placedAt === null) return false;
  return draft.at.exchange >= placedAt.exchange + intent.prices.stepMs && draft.at.mono >= placedAt.mono + STEP_WALL_MS_MIN;
}

/** Filled by all orders of a walk. Read off the orders, since a fill may be told after its cancel. */
const filledOf = (state: State, key: string): number =>
  [...state.orders.values()].reduce((n, o) => n + (o.ladder === key ? o.cumQty : 0), 0);

/** The current order has closed: count it, and decide what comes next. */
function settleOrder(state: State, draft: Draft, ladder: Ladder, order: Order): boolean {
  const next: Ladder = { ...ladder, filled: filledOf(state, ladder.key), current: null, phase: 'clearing' };
  if (next.filled >= next.total) {
    end(state, draft, next, 'filled');
    return false;
  }
  if (order.state === 'filled') {
    state.ladders.set(next.key, { ...next, slice: next.slice + 1 });
    return true;
  }
  if (order.state === 'canceled' && !next.abandoned && next.rung + 1 < rungCount(next)) {
    state.ladders.set(next.key, { ...next, rung: next.rung + 1 });
    return true;
  }
  const failed = order.state === 'rejected' || order.state === 'refused' || order.state === 'dropped';
  if (failed && next.purpose === 'C' && !next.abandoned) return refusedExit(state, draft, next, order);
  const unfilled = order.state === 'canceled' && !next.abandoned;
  end(state, draft, next, unfilled ? 'unfilled' : order.state);
  if (unfilled && next.purpose === 'O' && next.filled === 0) sayUnfilled(state, draft, next);
  return false;
}

/** A way in that nobody took; after the third of a day the intent rests. */
function sayUnfilled(state: State, draft: Draft, ladder: Ladder): void {
  const { strategy, intent } = ladder;
  const walks = unfilledWalks(state, draft.day, strategy, intent.key);
  note(draft, 'entry.unfilled', 'info', { strategy, symbol: intent.subject, key: intent.key, walks, of: ATTEMPTS_MAX });
}

/** An exit that is refused goes on to the next rung, and after three refusals calls for a person and tries once a minute. */
function refusedExit(state: State, draft: Draft, ladder: Ladder, order: Order): boolean {
  const refusals = ladder.refusals + 1;
  const blocked = refusals >= REFUSALS_MAX;
  if (blocked)
    note(draft, 'exit.blocked', 'critical', {
      strategy: ladder.strategy,
      symbol: ladder.intent.subject,
      why: order.reason ?? '',
      refusals,
    });
  const retryAt = (draft.at.mono + (blocked && state.shutdown === null ? BLOCKED_RETRY_MS : OBSTACLE_RETRY_MS)) as MonoMs;
  state.ladders.set(ladder.key, { ...ladder, refusals, rung: Math.min(ladder.rung + 1, rungCount(ladder) - 1), retryAt });
  return false;
}

const rungCount = (ladder: Ladder): number => ladder.intent.prices.rungs.length + (ladder.intent.prices.last === 'market' ? 1 : 0);

/** Judges the rung and, when cleared, records its order: provably unsent until the second commit. */
function place(world: World, state: State, draft: Draft, ladder: Ladder): void {
  const { intent } = ladder;
  const atMarket = ladder.rung >= intent.prices.rungs.length;
  const limit = atMarket ? null : (intent.prices.rungs[ladder.rung] as Price);
  const wanted = Math.min(ladder.total - ladder.filled, ladder.sliceMax);
  const rungs = [limit ?? (intent.prices.rungs.at(-1) as Price)] as const;
  const asked: Intent = { ...intent, qty: wanted as Intent['qty'], prices: { ...intent.prices, rungs } };
  const verdict = verdictOn(
    world,
    state,
    { strategy: ladder.strategy, intent: asked, qty: wanted, net: limit, ladder: ladder.key, deadline: ladder.slot === DEADLINE_SLOT },
    draft.at,
  );
  const row: Omit<DraftedDecision, 'orders'> = {
    strategy: ladder.strategy,
    slot: ladder.slot,
    decision: asked,
    verdict: verdict.kind,
    denial: verdict.kind === 'denied' ? verdict.denial : null,
    checks: verdict.checks,
  };
  if (verdict.kind === 'denied') {
    draft.decisions.push({ ...row, orders: [] });
    denied(state, draft, ladder, verdict.denial.code, verdict.denial.why);
    return;
  }
  const order = planOrder(verdict.cleared, {
    account: state.accountNumber,
    strategy: ladder.strategy,
    purpose: ladder.purpose,
    day: draft.day,
    ladder: ladder.key,
    slice: ladder.slice,
    rung: ladder.rung,
    retry: ladder.refusals,
    type: atMarket ? 'market' : 'limit',
    tif: 'day',
    limit,
    stop: null,
    at: draft.at.exchange,
    turnSeq: draft.seq,
  });
  if (state.orders.has(order.id)) {
    end(state, draft, ladder, 'the same decision was acted on before');
    return;
  }
  record(world, state, draft, order, asked);
  draft.decisions.push({ ...row, orders: [order.id] });
  const cut = verdict.cleared.qty < wanted ? verdict.cleared.qty : null;
  // What was sliced goes on with the next slice; what was cut to what a limit allows, or to what is left to close, wants no more.
  const total = verdict.whole < wanted ? ladder.filled + verdict.whole : ladder.total;
  state.ladders.set(ladder.key, {
    ...ladder,
    current: order.id,
    placedAt: draft.at,
    total,
    sliceMax: cut ?? ladder.sliceMax,
    retryAt: null,
  });
}

/** A way in across a way out is taken back, whoever began it. */
function giveWay(state: State, draft: Draft, ladder: Ladder): void {
  for (const order of crossing(state, ladder)) {
    const other = [...state.ladders.values()].find((l) => l.current === order.id);
    if (other === undefined) cancelOrder(state, draft, order, 'an exit of the same contract comes first');
    else abandonLadder(state, draft, other, 'an exit of the same contract comes first');
  }
}

const holdsAny = (state: State, ladder: Ladder): boolean =>
  ladder.intent.legs.some((l) => l.effect === 'close' && state.positions.has(positionKey(ladder.strategy, l.instrument.symbol)));

function denied(state: State, draft: Draft, ladder: Ladder, code: string, why: string): void {
  if (ladder.purpose === 'C' && (code === 'NOT_READY' || code === 'SELF_CROSS')) {
    if (code === 'SELF_CROSS') giveWay(state, draft, ladder);
    state.ladders.set(ladder.key, { ...ladder, phase: 'clearing', retryAt: (draft.at.mono + OBSTACLE_RETRY_MS) as MonoMs });
    return;
  }
  if (code === 'OVER_CLOSE' && !holdsAny(state, ladder)) {
    end(state, draft, ladder, 'nothing is left to close');
    return;
  }
  note(draft, 'intent.denied', ladder.purpose === 'C' ? 'major' : 'info', {
    strategy: ladder.strategy,
    symbol: ladder.intent.subject,
    code,
    why,
  });
  end(state, draft, ladder, `denied: ${code}`);
}

/** What outlives the walk, for what the order may yet fill. */
const decidedOf = (world: World, draft: Draft, intent: Intent): Decided => ({
  code: intent.code,
  why: intent.why,
  maxLoss: intent.kind === 'open' ? intent.maxLoss : null,
  thesis: intent.kind === 'open' ? (intent.thesis ?? null) : null,
  halfSpreads: halfSpreadsOf(quotesSeen(world.market(draft.at), draft.at, intent)),
});

/** Puts an order on record and asks for its second step. */
export function record(world: World, state: State, draft: Draft, order: Order, intent: Intent): void {
  state.orders.set(order.id, order);
  state.decided.set(order.id, decidedOf(world, draft, intent));
  draft.orders.set(order.id, order);
  state.recordedMono.set(order.id, draft.at.mono);
  draft.commands.push({ kind: 'send', id: order.id });
  note(draft, 'order.recorded', 'info', {
    coid: order.id,
    strategy: order.strategy,
    symbol: order.legs[0].instrument.symbol,
    purpose: order.purpose,
    side: order.legs[0].side,
    qty: order.qty,
    limit: order.limit,
    type: order.type,
    rung: order.rung,
  });
}

/** Moves every walk, and forgets those long done. */
export function walkAll(world: World, state: State, draft: Draft): void {
  for (const [key, ladder] of [...state.ladders]) {
    if (ladder.phase !== 'done') walk(world, state, draft, key);
    else if (draft.at.exchange - (ladder.placedAt?.exchange ?? ladder.begunAt) > KEEP_DONE_MS) state.ladders.delete(key);
  }
}

/** When the next walk wants to move, wall time. */
export function nextStep(state: State, draft: Draft): MonoMs | null {
  let earliest: number | null = null;
  for (const ladder of state.ladders.values()) {
    if (ladder.phase === 'done') continue;
    const stepAt =
      ladder.placedAt === null
        ? null
        : Math.max(
            ladder.placedAt.mono + STEP_WALL_MS_MIN,
            draft.at.mono + (ladder.placedAt.exchange + ladder.intent.prices.stepMs - draft.at.exchange) / draft.at.speed,
          );
    const current = ladder.current === null ? undefined : state.orders.get(ladder.current);
    const due = ladder.retryAt ?? (current?.state === 'working' ? stepAt : null);
    if (due !== null && (earliest === null || due < earliest)) earliest = due;
  }
  return earliest as MonoMs | null;
}
