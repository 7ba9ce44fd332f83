// The last day of an option: whatever expires today is closed by the engine in time, whichever strategy owns it and however that fares.
//
// 1. An hour before the close it begins; minutes before the broker's cut-off it pays what it takes; what is then left calls for a person.
// 2. Left alone: long options out of the money that nobody bids for, and shorts that may be assigned, where cash or shares cover them.
// 3. Without quotes it goes on inside this hour alone, at the widest price the structure allows.
import type { PricePlan } from '../domain/decision.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Option } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import { HOUR, type MonoMs } from '../domain/time.ts';
import { intrinsic, uncoveredShorts } from '../domain/worth.ts';
import { type Deadlines, deadlinesOf, forced, patient } from '../execution/deadline.ts';
import { blindPlan, type Closing } from '../execution/flatten.ts';
import type { Session } from '../market/calendar.ts';
import { expirySession } from '../market/expiry.ts';
import { heldCollateral } from '../risk/margin.ts';
import { isBlind } from './blind.ts';
import { byName, closeOut } from './close-out.ts';
import { type Draft, note } from './draft.ts';
import { abandonLadder } from './ladders.ts';
import { activeLadders, DEADLINE_SLOT, positionsOf, type State } from './state.ts';
import { sayOnce } from './upkeep.ts';
import type { World } from './world.ts';

const BLIND_STEP_MS = 10_000;
/** How often what does not want to close is looked at again: so much exchange time, inside these bounds of wall time. */
const AGAIN_MS = 15_000;
const AGAIN_WALL_MS = { least: 250, most: 5_000 };
const LONGEST_SLEEP_MS = 6 * HOUR;

/** Options of ours that trade for the last time in a session. */
const expiringIn = (world: World, state: State, session: Session): readonly Position[] =>
  [...state.positions.values()].filter(
    ({ owner, instrument }) =>
      owner !== 'EXTERNAL' && instrument.kind === 'option' && expirySession(instrument.expiry, world.calendar).day === session.day,
  );

/** Middle of the underlying's market, micros; undefined where it is not known or not fresh. */
export function spotOf(world: World, draft: Draft, underlying: Symbol): number | undefined {
  const quote = world.market(draft.at).quote(underlying);
  return quote.known ? (quote.value.bid + quote.value.ask) / 2 : undefined;
}

/** A short option that its strategy lets be assigned, with the cash or the shares for it there. */
export function mayBeAssigned(world: World, state: State, { owner, instrument, qty }: Position): boolean {
  const strategy = world.strategies.find((e) => e.strategy.id === owner)?.strategy;
  if (strategy?.mayBeAssigned !== true || instrument.kind !== 'option' || qty > 0) return false;
  if (instrument.right === 'put') return state.cash !== null && state.cash >= heldCollateral(state.positions.values());
  const own = positionsOf(state, owner).filter((p) => p.instrument.underlying === instrument.underlying);
  const shares = own.find((p) => p.instrument.kind === 'equity')?.qty ?? 0;
  const options = own.flatMap((p) => (p.instrument.kind === 'option' ? [{ option: p.instrument, weight: p.qty }] : []));
  return uncoveredShorts(options, 'call') * 100 <= shares;
}

/** A long option that is worth nothing and that nobody bids for: it is left to expire. */
function isWorthless(world: World, draft: Draft, option: Option, spot: number | undefined): boolean {
  const quote = world.market(draft.at).quote(option.symbol);
  return quote.known && quote.value.bid === 0 && spot !== undefined && intrinsic(option, spot) === 0;
}

/** The limits of what has no market: none for what is left to expire, none before it has been without quotes for a minute. */
function withoutMarket(world: World, state: State, draft: Draft, strategy: StrategyId, closing: Closing): PricePlan | undefined {
  const [{ instrument, side }] = closing.legs;
  const spot = spotOf(world, draft, instrument.underlying);
  if (instrument.kind !== 'option') return undefined;
  const alone = closing.legs.length === 1 && side === 'sell';
  if (alone && isWorthless(world, draft, instrument, spot)) return undefined;
  const unbid = alone && world.market(draft.at).quote(instrument.symbol).known && spot !== undefined;
  const blind = closing.legs.some((l) => isBlind(state, strategy, l.instrument.symbol));
  return unbid || blind ? blindPlan(closing, spot, world.tick, BLIND_STEP_MS) : undefined;
}

/** Nothing is opened any more in what expires today, held or not. */
function endOpenings(world: World, state: State, draft: Draft, session: Session): void {
  for (const ladder of activeLadders(state)) {
    const [{ instrument }] = ladder.intent.legs;
    if (ladder.purpose !== 'O' || draft.at.exchange < deadlinesOf(instrument.underlying, session.close).start) continue;
    const expires = ladder.intent.legs.some(
      (l) => l.instrument.kind === 'option' && expirySession(l.instrument.expiry, world.calendar).day === session.day,
    );
    if (expires) abandonLadder(state, draft, ladder, 'it expires today');
  }
}

/** Looks after what one strategy holds of one name that expires today. */
function tendName(world: World, state: State, draft: Draft, session: Session, strategy: StrategyId, held: readonly Position[]): void {
  const now = draft.at.exchange;
  const [first] = held;
  if (first === undefined) return;
  const due = deadlinesOf(first.instrument.underlying, session.close);
  const spot = spotOf(world, draft, first.instrument.underlying);
  const wanted = held.filter((p) => !mayBeAssigned(world, state, p));
  const hurried = now >= due.forced;
  closeOut(world, state, draft, wanted, {
    strategy,
    slot: DEADLINE_SLOT,
    code: 'EXPIRY_DEADLINE',
    why: `it expires today${hurried ? ', and must be gone in minutes' : ''}`,
    approach: hurried ? forced : patient,
    // Its own patient walk gives way once there is no time left for patience.
    ...(hurried ? { outranks: (l) => l.slot !== DEADLINE_SLOT || l.begunAt < due.forced } : {}),
    instead: (closing) => withoutMarket(world, state, draft, strategy, closing),
  });
  for (const { instrument, qty } of wanted) {
    if (instrument.kind !== 'option') continue;
    const { symbol } = instrument;
    if (qty > 0 && isWorthless(world, draft, instrument, spot)) {
      if (sayOnce(state.upkeep, session.day, `left ${symbol}`)) note(draft, 'expiry.left', 'info', { strategy, symbol, qty });
    } else if (now >= due.critical && sayOnce(state.upkeep, session.day, `held ${strategy} ${symbol}`)) {
      note(draft, 'expiry.held', 'critical', { strategy, symbol, qty });
    }
  }
}

/** Lists, closes and calls out what expires today. Not while an orderly stop closes everything anyway, nor before the books were squared. */
export function tendExpiry(world: World, state: State, draft: Draft): void {
  const session = world.calendar.inSession(draft.at.exchange);
  if (session === undefined || state.shutdown !== null || !state.reconciledOnce) return;
  endOpenings(world, state, draft, session);
  const expiring = expiringIn(world, state, session);
  for (const [strategy, held] of byName(expiring)) {
    const [first] = held;
    if (first === undefined) continue;
    const due = deadlinesOf(first.instrument.underlying, session.close);
    if (draft.at.exchange < due.list) continue;
    if (sayOnce(state.upkeep, session.day, `listed ${strategy} ${first.instrument.underlying}`))
      note(draft, 'expiry.listed', 'info', { strategy, names: held.map((p) => p.instrument.symbol) });
    if (draft.at.exchange < due.start) continue;
    tendName(world, state, draft, session, strategy, held);
  }
}

const instants = (due: Deadlines): readonly number[] => [due.list, due.start, due.forced, due.critical];

/** When what expires next wants to be looked at, wall time. */
export function nextExpiry(world: World, state: State, draft: Draft): MonoMs | null {
  if (state.shutdown !== null) return null;
  const { exchange, mono, speed } = draft.at;
  let earliest: number | null = null;
  for (const { owner, instrument } of state.positions.values()) {
    if (owner === 'EXTERNAL' || instrument.kind !== 'option') continue;
    const { close } = expirySession(instrument.expiry, world.calendar);
    if (exchange >= close) continue;
    const due = deadlinesOf(instrument.underlying, close);
    const ahead = instants(due).filter((at) => at > exchange);
    const again = exchange >= due.start ? Math.min(AGAIN_WALL_MS.most, Math.max(AGAIN_WALL_MS.least, AGAIN_MS / speed)) : Infinity;
    const wait = Math.min(again, Math.ceil((Math.min(...ahead) - exchange) / speed), LONGEST_SLEEP_MS);
    if (earliest === null || wait < earliest) earliest = wait;
  }
  return earliest === null ? null : ((mono + earliest) as MonoMs);
}
