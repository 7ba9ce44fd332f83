// The risk of the book for people, and what the gate would say to an order that nobody has decided on. Both look, and change nothing.
import type { StrategyId } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { RiskReading } from '../domain/risk-figures.ts';
import type { EpochMs, Now } from '../domain/time.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type LossStanding, sizeFactor } from '../risk/losses.ts';
import { riskReading } from '../risk/portfolio/figures.ts';
import { intentOf, type SupposedOrder } from '../risk/supposed-order.ts';
import { type Use, utilisationOf } from '../risk/utilisation.ts';
import { BASELINE } from '../strategies/index-baseline/standing.ts';
import { conductOf } from './conduct.ts';
import { brokerRoomFor, ownCash, verdictOn } from './judging.ts';
import { standingAt } from './loss-standing.ts';
import { liveOrders, type State } from './state.ts';
import { portfolioNow } from './valuing.ts';
import { backTestOf, type VarBackTest } from './var-record.ts';
import type { World } from './world.ts';

export interface RiskView {
  readonly at: EpochMs;
  readonly equity: Usd;
  /** Figures of the book with all that works filled, or why there are none. */
  readonly reading: RiskReading;
  /** Of every limit, what stands above it or is not known first. */
  readonly uses: readonly Use[];
  /** Losses, the ladder's step and the volatility index. */
  readonly losses: LossStanding;
  /** The part of each opening that is left, 0 to 1. */
  readonly sizeFactor: number;
  /** Sessions on record with a value at risk to be held against, and its test; null while they are too few. */
  readonly varDays: number;
  readonly varTest: VarBackTest | null;
}

/** What an answer may not change: valuing the book remembers marks. */
const looking = (state: State): State => ({ ...state, marks: new Map(state.marks) });

/** How every limit stands now; ACCOUNT_STALE before the account was read for the first time. */
export function riskAt(world: World, believed: State, now: Now): Known<RiskView> {
  const state = looking(believed);
  const { account } = state;
  if (account === null) return absent('ACCOUNT_STALE', 'the account has not been read yet');
  const { equity } = account;
  const { limits } = world;
  const live = liveOrders(state);
  const portfolio = portfolioNow(world, state, live, now);
  const losses = standingAt(world, state, now);
  const asking = (strategy: StrategyId) => conductOf(world, state, { strategy, ladder: null }, now);
  const view = world.market(now);
  const uses = utilisationOf({
    limits,
    session: world.calendar.inSession(now.exchange),
    quote: (symbol) => view.quote(symbol),
    equity,
    cash: ownCash(state),
    brokerRoom: Math.min(brokerRoomFor(state, true), brokerRoomFor(state, false)) as Usd,
    accountAgeMs: state.accountSeen === null ? Infinity : now.mono - state.accountSeen,
    reconcileAgeMs: state.lastCleanReconcile === null ? Infinity : now.mono - state.lastCleanReconcile,
    positions: [...state.positions.values()],
    live,
    trades: [...state.trades.values()],
    portfolio,
    losses,
    // Settled cash, what was sent and round trips are the account's, whoever asks.
    conduct: asking(BASELINE),
    strategyDay: (strategy) => asking(strategy).strategyDay(),
  });
  const reading = riskReading(portfolio, equity, now.exchange);
  const varDays = state.losses?.varDays ?? [];
  return known({
    at: now.exchange,
    equity,
    reading,
    uses,
    losses,
    sizeFactor: sizeFactor(losses, limits.losses, limits.volatility),
    varDays: varDays.length,
    varTest: backTestOf(varDays) ?? null,
  });
}

/** The gate's verdict on an order as if it were decided on now: the quantity as it is asked for, with every rule's finding. */
export function supposedVerdict(world: World, believed: State, order: SupposedOrder, now: Now): Verdict {
  const { strategy, qty, rungs } = order;
  const question = { strategy, intent: intentOf(order), qty, net: rungs[0], ladder: null };
  return verdictOn(world, looking(believed), question, now);
}
