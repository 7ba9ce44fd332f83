// Everything risk looks at, gathered for one intent at this instant.
import type { Intent } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import { packageKey } from '../domain/legs.ts';
import { type Usd, usd } from '../domain/money.ts';
import { isLive } from '../domain/order-machine.ts';
import { absent } from '../domain/reasons.ts';
import { MINUTE, type Now } from '../domain/time.ts';
import type { Verdict } from '../domain/verdict.ts';
import { judge } from '../risk/gate.ts';
import { blindOf } from './blind.ts';
import { conductOf } from './conduct.ts';
import { standingAt } from './loss-standing.ts';
import { barredBy, obstaclesTo } from './permissions.ts';
import { liveOrders, type State } from './state.ts';
import { portfolioNow } from './valuing.ts';
import type { World } from './world.ts';

export interface Question {
  readonly strategy: StrategyId;
  readonly intent: Intent;
  readonly qty: number;
  readonly net: number | null;
  /** The walk it is a rung of: its own earlier rungs are no duplicates of it. */
  readonly ladder: string | null;
  readonly protective?: boolean;
  /** It closes what expires today. */
  readonly deadline?: boolean;
}

const TEN_MINUTES = 10 * MINUTE;

/** Cash by our own ledger or by the broker's word, the smaller of the two; 0 while either is unknown. */
export const ownCash = ({ account, cash }: State): Usd =>
  account === null || cash === null ? usd(0) : (Math.min(cash, account.cash) as Usd);

/** What the broker lets us spend, on options or on shares, less what we have recorded since it said so. */
export function brokerRoomFor(state: State, options: boolean): number {
  const { account, lastSnapshotAt } = state;
  if (account === null) return 0;
  const figure = options ? account.optionsBuyingPower : account.nonMarginableBuyingPower;
  const since = lastSnapshotAt?.exchange ?? -Infinity;
  return liveOrders(state).reduce((room, o) => (o.recordedAt >= since ? room - o.reserve : room), figure as number);
}

const brokerRoom = (state: State, intent: Intent): number =>
  brokerRoomFor(
    state,
    intent.legs.some((l) => l.instrument.kind === 'option'),
  );

/** Exit walks of the same package that placed an order in the last ten minutes of exchange time; what risk denied was no try. */
function exitLadders(state: State, question: Question, now: Now): number {
  const plan = packageKey(question.intent.legs);
  return [...state.ladders.values()].filter(
    (l) =>
      l.purpose === 'C' &&
      l.strategy === question.strategy &&
      l.key !== question.ladder &&
      packageKey(l.intent.legs) === plan &&
      l.placedAt !== null &&
      l.placedAt.exchange > now.exchange - TEN_MINUTES,
  ).length;
}

/** Judges an intent against all that is believed now. */
export function verdictOn(world: World, state: State, question: Question, now: Now): Verdict {
  const { intent, strategy } = question;
  const { limits } = world;
  const view = world.market(now);
  const action = question.protective === true ? 'protect' : intent.kind === 'open' ? 'open' : 'exit';
  const { underlying } = intent.legs[0].instrument;
  const against = obstaclesTo(state, action, strategy, underlying);
  const since = now.exchange - limits.duplicateWindowMs;
  const live = liveOrders(state).filter((o) => question.ladder === null || o.ladder !== question.ladder);
  const others = [...state.orders.values()].filter((o) => question.ladder === null || o.ladder !== question.ladder);
  return judge({
    intent,
    strategy,
    qty: question.qty,
    net: question.net as never,
    now,
    limits,
    session: world.calendar.inSession(now.exchange),
    obstacles: action === 'open' && blindOf(state, strategy) !== undefined ? [...against, 'BLIND'] : against,
    halts: barredBy(state, strategy, underlying),
    quote: (symbol) => view.quote(symbol),
    tick: world.tick,
    equity: state.account?.equity ?? usd(0),
    cash: ownCash(state),
    brokerRoom: brokerRoom(state, intent) as Usd,
    accountAgeMs: state.accountSeen === null ? Infinity : now.mono - state.accountSeen,
    reconcileAgeMs: state.lastCleanReconcile === null ? Infinity : now.mono - state.lastCleanReconcile,
    positions: [...state.positions.values()],
    live,
    recent: others.filter((o) => isLive(o) || o.recordedAt > since),
    ladder: question.ladder,
    trades: [...state.trades.values()],
    exitLadders: exitLadders(state, question, now),
    shuttingDown: state.shutdown !== null,
    protective: question.protective ?? false,
    portfolio: action === 'open' ? portfolioNow(world, state, live, now) : absent('BOOK_UNVALUED', 'exits are not judged by the book'),
    losses: standingAt(world, state, now),
    deadline: question.deadline ?? false,
    conduct: conductOf(world, state, question, now),
  });
}
