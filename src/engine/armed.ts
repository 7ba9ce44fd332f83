// Exit rules as rows: after every turn that moved a trade or asked a strategy to manage, what would close each of its open trades is written
// anew where it changed.
//
// 1. The strategy states its own levels; the engine adds what it does itself: the deadline of options, and the stop that rests at the broker.
// 2. A rule that is no longer stated is disarmed, and so are all when the trade ends. One that fails to be stated stands as it was.
// 3. Whether one fired is recorded beside this (fired.ts).
import type { ArmedExit, ExitRule } from '../domain/exit-rule.ts';
import type { ClientOrderId, StrategyId } from '../domain/ids.ts';
import { dollars } from '../domain/money.ts';
import type { EpochMs } from '../domain/time.ts';
import { isOpen, type Trade } from '../domain/trade.ts';
import { deadlinesOf } from '../execution/deadline.ts';
import { expirySession } from '../market/expiry.ts';
import { newYorkMinute } from '../market/new-york.ts';
import type { ExitContext } from '../strategies/strategy.ts';
import type { Draft } from './draft.ts';
import { mayBeAssigned } from './expiry.ts';
import { fireResting, keepRule } from './fired.ts';
import { consult } from './isolation.ts';
import { liveOrders, positionsOf, ruleKey, type State } from './state.ts';
import type { Enlisted, World } from './world.ts';

/** A rule as it is stated now. */
type Stated = ExitRule & { readonly order: ClientOrderId | null };

/** When the engine begins to close the options of a trade, whatever its strategy thinks; none for shorts that may be assigned. */
function deadlineOf(world: World, state: State, trade: Trade): readonly Stated[] {
  const instants = trade.held.flatMap(({ instrument, qty, cash }) => {
    const held = { owner: trade.owner, instrument, qty, cost: cash, openedDay: trade.openedDay };
    if (instrument.kind !== 'option' || mayBeAssigned(world, state, held)) return [];
    return [deadlinesOf(instrument.underlying, expirySession(instrument.expiry, world.calendar).close).start];
  });
  if (instants.length === 0) return [];
  const level = newYorkMinute(Math.min(...instants) as EpochMs);
  return [{ code: 'EXPIRY_DEADLINE', when: [{ measure: 'clock', side: 'from', level, unit: 'New York time' }], units: null, order: null }];
}

/** The stop that rests at the broker for shares of a trade. */
function restingStop(state: State, trade: Trade): readonly Stated[] {
  const order = liveOrders(state).find(
    (o) => o.purpose === 'P' && o.strategy === trade.owner && trade.held.some((h) => h.instrument.symbol === o.legs[0].instrument.symbol),
  );
  if (order?.stop === undefined || order.stop === null) return [];
  const level = dollars(order.stop);
  const when = [{ measure: 'price at the exchange', side: 'at or below', level, unit: 'dollars a share' }] as const;
  return [{ code: 'PROTECT', when, units: null, order: order.id }];
}

const sameTerms = (a: ExitRule, b: ExitRule): boolean => a.units === b.units && JSON.stringify(a.when) === JSON.stringify(b.when);

/** Arms a rule, or moves it to its new levels. */
function arm(state: State, draft: Draft, trade: Trade, { code, when, units, order }: Stated): void {
  const before = state.exits.get(ruleKey({ trade: trade.id, code }));
  const fresh: ArmedExit = {
    trade: trade.id,
    owner: trade.owner,
    code,
    when,
    units,
    order,
    armedAt: draft.at.exchange,
    fired: before?.fired ?? 0,
    firedAt: before?.firedAt ?? null,
    disarmedAt: null,
  };
  if (before === undefined || before.disarmedAt !== null || !sameTerms(before, fresh)) keepRule(state, draft, fresh);
  else if (before.order !== order) keepRule(state, draft, { ...before, order });
}

const armedOf = (state: State, trade: string): readonly ArmedExit[] =>
  [...state.exits.values()].filter((rule) => rule.trade === trade && rule.disarmedAt === null);

function disarm(state: State, draft: Draft, rules: readonly ArmedExit[]): void {
  for (const rule of rules) keepRule(state, draft, { ...rule, disarmedAt: draft.at.exchange });
}

function contextFor(world: World, state: State, draft: Draft, { strategy, params }: Enlisted): ExitContext<unknown> {
  const session = world.calendar.session(draft.day) ?? world.calendar.currentOrNext(draft.at.exchange);
  return {
    now: draft.at,
    day: session.day,
    session,
    calendar: world.calendar,
    params,
    market: world.market(draft.at),
    positions: positionsOf(state, strategy.id),
    memory: state.memories.get(strategy.id) ?? null,
    sessionAt: (day, n) => world.calendar.offset(day, n),
  };
}

/** Whose rules this turn may have changed. */
function touched(draft: Draft): ReadonlySet<StrategyId> {
  const { event } = draft;
  return new Set([
    ...[...draft.trades.values()].map((trade) => trade.owner),
    ...[...draft.orders.values()].flatMap((order) => (order.purpose === 'P' ? [order.strategy] : [])),
    ...(event.kind === 'tick' ? [event.strategy] : []),
  ]);
}

/** Brings the rules of all trades that this turn may have changed in line with what would close them now. */
export function armExits(world: World, state: State, draft: Draft): void {
  fireResting(state, draft);
  const owners = touched(draft);
  for (const trade of draft.trades.values()) if (!isOpen(trade)) disarm(state, draft, armedOf(state, trade.id));
  for (const enlisted of world.strategies) {
    const { strategy } = enlisted;
    const open = owners.has(strategy.id) ? [...state.trades.values()].filter((t) => t.owner === strategy.id && isOpen(t)) : [];
    if (open.length === 0) continue;
    const context = contextFor(world, state, draft, enlisted);
    const stated = consult(state, draft, strategy.id, 'exits', () => open.map((trade) => strategy.exits(context, trade)));
    if (stated === undefined) continue;
    for (const [i, trade] of open.entries()) {
      const own = (stated[i] ?? []).map((rule) => ({ ...rule, order: null }));
      const rules: readonly Stated[] = [...own, ...deadlineOf(world, state, trade), ...restingStop(state, trade)];
      for (const rule of rules) arm(state, draft, trade, rule);
      disarm(
        state,
        draft,
        armedOf(state, trade.id).filter((rule) => !rules.some((r) => r.code === rule.code)),
      );
    }
  }
}
