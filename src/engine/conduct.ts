// How a strategy and the account have behaved, read off orders and trades, which a restart keeps; and what the engine does about it at once.
import type { StrategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Usd, usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Now, TradingDay } from '../domain/time.ts';
import { isOpen, type Trade } from '../domain/trade.ts';
import { settledCash } from '../execution/settlement.ts';
import type { Bar } from '../market/quote.ts';
import type { MarketView } from '../market/view.ts';
import type { Conduct, RoundTrips, SentOpening } from '../risk/conduct.ts';
import { roundTripsOf } from '../risk/round-trips.ts';
import { closedBy, tOf } from '../risk/trade-results.ts';
import { type Fault, tripsOf } from '../risk/trips.ts';
import { type Draft, note } from './draft.ts';
import { addHalt } from './halts.ts';
import { liveOrders, type State } from './state.ts';
import type { World } from './world.ts';

const VOLUME_SESSIONS = 20;
/** Sessions over which day trades are counted, this one among them. */
const DAY_TRADE_SESSIONS = 5;
/** Bursts of one session after which openings stay halted until a person looks. */
const TRIPS_MAX = 2;

const opens = (order: Order): boolean => order.purpose === 'O' || order.purpose === 'R';

/** Walks of openings that were sent on a day, or will be with this turn, each at its first order. What was dropped unsent took nothing. */
function sentOn(orders: Iterable<Order>, day: TradingDay): readonly SentOpening[] {
  const first = new Map<string, SentOpening>();
  for (const order of orders) {
    if (order.day !== day || !opens(order) || (order.attempts === 0 && order.state !== 'recorded')) continue;
    const at = first.get(order.ladder)?.at ?? order.recordedAt;
    const { ladder, strategy, legs } = order;
    if (at >= order.recordedAt) first.set(ladder, { ladder, strategy, underlying: legs[0].instrument.underlying, at: order.recordedAt });
  }
  return [...first.values()].sort((a, b) => a.at - b.at || (a.ladder < b.ladder ? -1 : 1));
}

const wasRefused = (order: Order): boolean => order.state === 'rejected' || order.state === 'refused';

/** The broker's refusals of a day, and what it has not answered since this start. */
function faultsOn(state: State, day: TradingDay): readonly Fault[] {
  const rejects = [...state.orders.values()].flatMap((o): readonly Fault[] =>
    o.day === day && wasRefused(o) && o.closedAt !== null ? [{ kind: 'reject', at: o.closedAt }] : [],
  );
  const errors = state.upkeep.errors.flatMap((e): readonly Fault[] => (e.day === day ? [{ kind: 'error', at: e.at }] : []));
  return [...rejects, ...errors].sort((a, b) => a.at - b.at);
}

/** Micros that what is left of a trade would bring beyond what was paid for it, at the side it would be closed at; 0 for what nobody quotes. */
function unrealized(trade: Trade, view: MarketView): number {
  return trade.held.reduce((n, { instrument, qty, cash }) => {
    const quote = view.quote(instrument.symbol);
    return quote.known ? n + cash + qty * instrument.multiplier * (qty > 0 ? quote.value.bid : quote.value.ask) : n;
  }, 0);
}

/** Closed today: the whole result. Opened today and held: what it has brought and would bring. */
function resultOf(state: State, strategy: StrategyId, today: TradingDay, view: MarketView): number {
  let total = 0;
  for (const trade of state.trades.values()) {
    if (trade.owner !== strategy) continue;
    if (trade.closedDay === today) total += trade.realized;
    else if (isOpen(trade) && trade.openedDay === today) total += trade.realized + unrealized(trade, view);
  }
  return total;
}

function roundTrips(world: World, state: State, today: TradingDay): RoundTrips {
  const since = world.calendar.offset(today, 1 - DAY_TRADE_SESSIONS).day;
  const recent = [...state.orders.values()].filter((o) => o.day >= since);
  const openedToday = new Set(
    recent
      .filter((o) => o.day === today && o.cumQty > 0)
      .flatMap((o) => o.legs.filter((l) => l.effect === 'open').map((l) => l.instrument.symbol)),
  );
  const working = liveOrders(state).filter((o) =>
    o.legs.some((l) => l.effect === 'close' && openedToday.has(l.instrument.symbol) && o.purpose !== 'P'),
  );
  return { done: roundTripsOf(recent), working: working.length };
}

/** Settled cash by our ledger's settle days and by the broker's own figure, each less what was set aside since, the smaller of the two. */
function settledFree(world: World, state: State, ladder: string | null, today: TradingDay): Usd {
  const { account, cash, lastSnapshotAt } = state;
  if (account === null || cash === null) return usd(0);
  const live = liveOrders(state).filter((o) => ladder === null || o.ladder !== ladder);
  const since = lastSnapshotAt?.exchange ?? -Infinity;
  const reserved = (orders: readonly Order[]): number => orders.reduce((n, o) => n + o.reserve, 0);
  const ours = Math.min(account.cash, settledCash(cash, state.movements, today, world.calendar)) - reserved(live);
  return usd(Math.min(ours, account.nonMarginableBuyingPower - reserved(live.filter((o) => o.recordedAt >= since))));
}

/** Mean shares a session; null where a bar has none: a bar is there because something traded, so its source does not know how much. */
export function meanVolume(bars: readonly Pick<Bar, 'volume'>[]): number | null {
  if (bars.length === 0 || bars.some((bar) => !(bar.volume > 0))) return null;
  return bars.reduce((n, bar) => n + bar.volume, 0) / bars.length;
}

function volumeOf(view: MarketView, symbol: Instrument['symbol']): number | null {
  const bars = view.dailyBars(symbol, VOLUME_SESSIONS);
  return bars.known ? meanVolume(bars.value) : null;
}

function tradable(view: MarketView, instrument: Instrument): boolean | null {
  if (instrument.kind === 'equity') return view.asset(instrument.symbol)?.tradable ?? null;
  const contract = view.contract(instrument.symbol);
  return contract === undefined ? null : contract.tradable && contract.standard;
}

/** What the order-level rules judge an opening of a strategy by. */
export function conductOf(
  world: World,
  state: State,
  asked: { readonly strategy: StrategyId; readonly ladder: string | null },
  now: Now,
): Conduct {
  const view = world.market(now);
  const { calendar, approvals } = world;
  const today = calendar.dayOf(now.exchange);
  const { strategy, ladder } = asked;
  return {
    approval: approvals === undefined ? null : { requested: approvals.requested, approved: approvals.of.get(strategy) ?? null },
    optionsLevel: state.account?.optionsLevel ?? null,
    tradable: (instrument) => tradable(view, instrument),
    averageVolume: (symbol) => volumeOf(view, symbol),
    openInterest: (symbol) => view.contract(symbol)?.openInterest ?? null,
    sent: sentOn(state.orders.values(), today),
    faults: faultsOn(state, today),
    strategyDay: () => resultOf(state, strategy, today, view),
    previousSession: calendar.offset(today, -1).day,
    roundTrips: () => roundTrips(world, state, today),
    settled: settledFree(world, state, ladder, today),
    calendar,
    market: view,
  };
}

/** No answer to an order, or proof that none of it left: the broker failed. */
function noteError(state: State, draft: Draft): void {
  const { event, at, day } = draft;
  if (event.kind !== 'submitted' || (event.outcome.kind !== 'unknown' && event.outcome.kind !== 'unsent')) return;
  const { errors } = state.upkeep;
  if (errors[0]?.day !== day) errors.length = 0;
  errors.push({ day, at: at.exchange });
}

/** A burst of refusals or failures pauses openings by itself; the second one of a session halts them until a person resumes. */
function watchBroker(world: World, state: State, draft: Draft): void {
  const { day } = draft;
  const before = state.upkeep.trips;
  const trips = tripsOf(faultsOn(state, day), world.limits.orders.errors);
  state.upkeep.trips = { day, count: trips.length };
  if (before === null || trips.length <= (before.day === day ? before.count : 0)) return;
  note(draft, 'broker.burst', 'major', { bursts: trips.length, pauseMs: world.limits.orders.errors.pauseMs });
  if (trips.length >= TRIPS_MAX)
    addHalt(
      state,
      draft,
      { kind: 'account' },
      `the broker refused or failed too often, for the second time on ${day}: see what we send it`,
    );
}

/** A strategy whose last trades lose beyond doubt opens nothing more until a person has looked at it. */
function watchRecord(world: World, state: State, draft: Draft): void {
  const { expectancyTrades, expectancyT } = world.limits.orders.health;
  const closed = [...draft.trades.values()].filter((t) => t.closedAt === draft.at.exchange);
  for (const strategy of new Set(closed.map((t) => t.owner))) {
    const results = closedBy([...state.trades.values()], strategy).map((t) => t.realized);
    const t = results.length < expectancyTrades ? null : tOf(results.slice(-expectancyTrades));
    if (t !== null && t < expectancyT)
      addHalt(
        state,
        draft,
        { kind: 'strategy', id: strategy },
        `its last ${expectancyTrades} trades lose for certain (t below ${expectancyT})`,
      );
  }
}

/** Looked at after every event that moved an order or a trade, and once at the start. */
export function watchConduct(world: World, state: State, draft: Draft): void {
  noteError(state, draft);
  if (draft.orders.size > 0 || draft.event.kind === 'submitted' || state.upkeep.trips === null) watchBroker(world, state, draft);
  if (draft.trades.size > 0) watchRecord(world, state, draft);
}
