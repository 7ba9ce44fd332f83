// Shares are protected at the broker while we are away: a resting stop for each holding whose strategy asks for one.
import type { Close } from '../domain/decision.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { leg, legs } from '../domain/legs.ts';
import { dollars, negate, price, qty, toTick } from '../domain/money.ts';
import type { Order, OrderState } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { MonoMs } from '../domain/time.ts';
import { planOrder } from '../execution/planner.ts';
import { type Draft, note } from './draft.ts';
import { consult, pausing } from './isolation.ts';
import { verdictOn } from './judging.ts';
import { record } from './ladders.ts';
import { may } from './permissions.ts';
import { cancelOrder } from './reports.ts';
import { activeLadders, liveOrders, type State } from './state.ts';
import type { World } from './world.ts';

const RETRY_MS = 5_000;
const RETRY_MS_MAX = 600_000;
const failed: ReadonlySet<OrderState> = new Set(['refused', 'rejected', 'dropped']);

const stopsOf = (state: State, strategy: StrategyId, symbol: string): Order[] =>
  liveOrders(state).filter((o) => o.purpose === 'P' && o.strategy === strategy && o.legs[0].instrument.symbol === symbol);

/** Brings every protected holding's stop in line with what is held. Sizes follow fills; nothing is placed under a walk. */
export function protectAll(world: World, state: State, draft: Draft): void {
  if (!may(state, 'protect') || state.shutdown !== null) return;
  if (state.protectRetryAt !== null && state.protectRetryAt > draft.at.mono) return;
  state.protectRetryAt = null;
  for (const { strategy, params } of world.strategies) {
    if (pausing(state, strategy.id, 'protection', draft.at.mono)) continue;
    const plan = consult(state, draft, strategy.id, 'protection', () => strategy.protection(params));
    if (plan?.kind !== 'stop') continue;
    for (const position of state.positions.values()) {
      if (position.owner !== strategy.id || position.instrument.kind !== 'equity' || position.qty <= 0) continue;
      protectOne(world, state, draft, strategy.id, position, plan.belowClosePct);
    }
    for (const order of liveOrders(state)) {
      const held = [...state.positions.values()].some(
        (p) => p.owner === strategy.id && p.instrument.symbol === order.legs[0].instrument.symbol,
      );
      if (order.purpose === 'P' && order.strategy === strategy.id && !held) cancelOrder(state, draft, order, 'nothing left to protect');
    }
  }
}

function protectOne(world: World, state: State, draft: Draft, strategy: StrategyId, position: Position, below: number): void {
  const { symbol } = position.instrument;
  if (activeLadders(state).some((l) => l.strategy === strategy && l.intent.legs.some((x) => x.instrument.symbol === symbol))) return;
  const stops = stopsOf(state, strategy, symbol);
  const [stop] = stops;
  if (stops.length === 1 && stop !== undefined && stop.qty - stop.cumQty === position.qty) return;
  if (stop !== undefined) {
    for (const order of stops) cancelOrder(state, draft, order, 'the holding it protects has changed');
    return;
  }
  const bars = world.market(draft.at).dailyBars(symbol, 1);
  const last = bars.known ? bars.value.at(-1) : undefined;
  if (last === undefined) {
    state.protectRetryAt = (draft.at.mono + RETRY_MS) as MonoMs;
    note(draft, 'protection.waiting', 'minor', { strategy, symbol, why: bars.known ? 'no bar' : bars.why });
    return;
  }
  placeStop(
    world,
    state,
    draft,
    strategy,
    position,
    toTick(stopLevel(world, draft, symbol, dollars(last.close), below), price(10_000), 'down'),
  );
}

/** A part under the last close, dollars; after a fall within the day that would lie above the market, where no broker takes a stop: then under the bid. */
function stopLevel(world: World, draft: Draft, symbol: Symbol, close: number, below: number): number {
  const quote = world.market(draft.at).quote(symbol);
  const bid = quote.known ? dollars(quote.value.bid) : close;
  const level = close * (1 - below);
  return level < bid ? level : bid * (1 - below);
}

function placeStop(world: World, state: State, draft: Draft, strategy: StrategyId, position: Position, at: ReturnType<typeof price>): void {
  const { instrument } = position;
  const today = [...state.orders.values()].filter((o) => o.purpose === 'P' && o.strategy === strategy && o.day === draft.day).length;
  const key = `protect:${instrument.symbol}:${draft.day}:${today}`;
  const intent: Close = {
    kind: 'close',
    key,
    subject: instrument.symbol,
    code: 'PROTECT',
    why: 'a resting stop protects the shares while we are away',
    gates: [],
    legs: legs(leg(instrument, 'sell', 'close')),
    qty: qty(position.qty),
    prices: { rungs: [negate(at)], stepMs: 0 },
  };
  const verdict = verdictOn(
    world,
    state,
    { strategy, intent, qty: position.qty, net: negate(at), ladder: key, protective: true },
    draft.at,
  );
  const row = {
    strategy,
    slot: 'protect',
    decision: intent,
    verdict: verdict.kind,
    denial: verdict.kind === 'denied' ? verdict.denial : null,
    checks: verdict.checks,
  } as const;
  if (verdict.kind === 'denied') {
    state.protectRetryAt = (draft.at.mono + RETRY_MS) as MonoMs;
    draft.decisions.push({ ...row, orders: [] });
    return;
  }
  const order = planOrder(verdict.cleared, {
    account: state.accountNumber,
    strategy,
    purpose: 'P',
    day: draft.day,
    ladder: key,
    slice: 0,
    rung: 0,
    retry: 0,
    type: 'stop',
    tif: 'gtc',
    limit: null,
    stop: at,
    at: draft.at.exchange,
    turnSeq: draft.seq,
  });
  if (state.orders.has(order.id)) return;
  record(world, state, draft, order, intent);
  // A stop that keeps being refused must not be sent again and again: the pause doubles with each failure of the day.
  const failures = [...state.orders.values()].filter((o) => o.purpose === 'P' && o.day === draft.day && failed.has(o.state)).length;
  state.protectRetryAt = (draft.at.mono + Math.min(RETRY_MS * 2 ** failures, RETRY_MS_MAX)) as MonoMs;
  draft.decisions.push({ ...row, orders: [order.id] });
}

/** When a postponed protection wants another try; an instant already past waits for whatever stands in its way. */
export const nextProtection = (state: State, draft: Draft): MonoMs | null =>
  state.protectRetryAt !== null && state.protectRetryAt > draft.at.mono ? state.protectRetryAt : null;
