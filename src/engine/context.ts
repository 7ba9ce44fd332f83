// What a strategy sees: frozen reads of the market, the account, its own book, and nothing that acts.

import type { Phase } from '../domain/event.ts';
import { plus, type Usd, usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Now } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';
import { heldCollateral, putCollateral } from '../risk/margin.ts';
import type { AccountView, BookView, Context, NeedsContext } from '../strategies/strategy.ts';
import { activeLadders, liveOrders, positionsOf, type State, workingOf } from './state.ts';
import type { Enlisted, World } from './world.ts';

function accountView(state: State, now: Now): AccountView | undefined {
  const { account, accountSeen } = state;
  if (account === null || accountSeen === null) return undefined;
  return {
    equity: account.equity,
    cash: account.cash,
    settledCash: Math.min(account.cash, account.nonMarginableBuyingPower) as Usd,
    optionsBuyingPower: account.optionsBuyingPower,
    optionsLevel: account.optionsLevel,
    ageMs: now.mono - accountSeen,
  };
}

/** Cash that would stand behind the puts that live orders would sell, were they all to fill. */
function workingCollateral(live: readonly Order[]): Usd {
  let total = 0;
  for (const o of live) {
    const [first] = o.legs;
    if (o.legs.length === 1 && first.instrument.kind === 'option' && first.side === 'sell' && first.effect === 'open')
      total += putCollateral(first.instrument, o.qty - o.cumQty);
  }
  return usd(total);
}

function bookView(state: State): BookView {
  const live = liveOrders(state);
  const reserved = usd(live.reduce((n, o) => n + o.reserve, 0));
  const held = heldCollateral(state.positions.values());
  return {
    disputed: new Set(state.disputed),
    reserved,
    putCollateral: plus(held, workingCollateral(live)),
    cashClaims: plus(held, reserved),
    positions: [...state.positions.values()],
    flows: state.flows,
  };
}

/** The context of one evaluation; undefined until the account is known. */
export function contextOf(
  world: World,
  state: State,
  enlisted: Enlisted,
  slot: string,
  session: Session,
  now: Now,
): Context<unknown> | undefined {
  const account = accountView(state, now);
  if (account === undefined) return undefined;
  const { id } = enlisted.strategy;
  return {
    now,
    day: session.day,
    session,
    calendar: world.calendar,
    slot,
    params: enlisted.params,
    market: world.market(now),
    account,
    book: bookView(state),
    positions: positionsOf(state, id),
    working: workingOf(state, id),
    cycles: [...state.cycles.values()].filter((c) => c.owner === id),
    busy: new Set(
      activeLadders(state)
        .filter((l) => l.strategy === id)
        .map((l) => l.intent.subject),
    ),
    memory: state.memories.get(id) ?? null,
    sessionAt: (day, n) => world.calendar.offset(day, n),
  };
}

/** What the feeder asks a strategy's needs with. */
export function needsContextOf(world: World, state: State, enlisted: Enlisted, phase: Phase, now: Now): NeedsContext<unknown> {
  return {
    params: enlisted.params,
    day: world.calendar.currentOrNext(now.exchange).day,
    phase,
    positions: positionsOf(state, enlisted.strategy.id),
    equity: state.account?.equity ?? usd(0),
    market: world.market(now),
    memory: state.memories.get(enlisted.strategy.id) ?? null,
  };
}
