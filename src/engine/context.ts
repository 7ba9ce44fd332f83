// What a strategy sees: frozen reads of the market, the account, its own book, and nothing that acts.

import type { AccountFacts } from '../domain/account.ts';
import type { Phase } from '../domain/event.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { plus, type Usd, usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Now, TradingDay } from '../domain/time.ts';
import { isOpen, isRecent, type Trade } from '../domain/trade.ts';
import { settledCash } from '../execution/settlement.ts';
import type { Session } from '../market/calendar.ts';
import { heldCollateral, putCollateral } from '../risk/margin.ts';
import { atRisk } from '../risk/usage.ts';
import type { AccountView, BookView, Context, NeedsContext, RiskShare } from '../strategies/strategy.ts';
import { knownPenalties } from './penalties.ts';
import { activeLadders, liveOrders, positionsOf, type State, workingOf } from './state.ts';
import type { Enlisted, World } from './world.ts';

/** Settled cash, the smaller of what our ledger's settle days say and of what the broker does. */
function settled(world: World, state: State, account: AccountFacts, today: TradingDay): Usd {
  const theirs = Math.min(account.cash, account.nonMarginableBuyingPower) as Usd;
  if (state.cash === null) return theirs;
  return Math.min(theirs, settledCash(state.cash, state.movements, today, world.calendar)) as Usd;
}

function accountView(world: World, state: State, now: Now): AccountView | undefined {
  const { account, accountSeen } = state;
  if (account === null || accountSeen === null) return undefined;
  return {
    equity: account.equity,
    cash: account.cash,
    settledCash: settled(world, state, account, world.calendar.dayOf(now.exchange)),
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

const byTime = (at: (trade: Trade) => number) => (a: Trade, b: Trade) => at(a) - at(b) || (a.id < b.id ? -1 : 1);

/** What open trades can still lose from what was paid or collected for them, and what live openings set aside. */
function risksOf(state: State, live: readonly Order[]): readonly RiskShare[] {
  const held = [...state.trades.values()].filter(isOpen).sort(byTime((t) => t.openedAt));
  const open = held.map((trade): RiskShare => ({ strategy: trade.owner, underlying: trade.underlying, amount: usd(atRisk(trade)) }));
  const opening = live.filter((o) => o.purpose === 'O');
  return [
    ...open,
    ...opening.map((o): RiskShare => ({ strategy: o.strategy, underlying: o.legs[0].instrument.underlying, amount: o.reserve })),
  ];
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
    risks: risksOf(state, live),
    positions: [...state.positions.values()],
    trades: [...state.trades.values()].sort(byTime((t) => t.openedAt)),
    penalties: knownPenalties(state),
    flows: state.flows,
  };
}

const openTrades = (state: State, owner: StrategyId): readonly Trade[] =>
  [...state.trades.values()].filter((t) => t.owner === owner && isOpen(t)).sort(byTime((t) => t.openedAt));

const closedTrades = (state: State, owner: StrategyId, today: TradingDay): readonly Trade[] =>
  [...state.trades.values()]
    .filter((t) => t.owner === owner && !isOpen(t) && isRecent(t, today))
    .sort(byTime((t) => t.closedAt ?? t.openedAt));

/** Subjects with a ladder of a strategy still walking. */
const busySubjects = (state: State, owner: StrategyId): ReadonlySet<Symbol> =>
  new Set(
    activeLadders(state)
      .filter((l) => l.strategy === owner)
      .map((l) => l.intent.subject),
  );

/** The context of one evaluation; undefined until the account is known. */
export function contextOf(
  world: World,
  state: State,
  enlisted: Enlisted,
  slot: string,
  session: Session,
  now: Now,
): Context<unknown> | undefined {
  const account = accountView(world, state, now);
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
    trades: openTrades(state, id),
    closedTrades: closedTrades(state, id, session.day),
    busy: busySubjects(state, id),
    memory: state.memories.get(id) ?? null,
    sessionAt: (day, n) => world.calendar.offset(day, n),
  };
}

/** What the feeder asks a strategy's needs with. */
export function needsContextOf(world: World, state: State, enlisted: Enlisted, phase: Phase, now: Now): NeedsContext<unknown> {
  return {
    params: enlisted.params,
    now,
    day: world.calendar.currentOrNext(now.exchange).day,
    calendar: world.calendar,
    phase,
    positions: positionsOf(state, enlisted.strategy.id),
    book: { positions: [...state.positions.values()] },
    trades: openTrades(state, enlisted.strategy.id),
    busy: busySubjects(state, enlisted.strategy.id),
    equity: state.account?.equity ?? usd(0),
    market: world.market(now),
    memory: state.memories.get(enlisted.strategy.id) ?? null,
  };
}
