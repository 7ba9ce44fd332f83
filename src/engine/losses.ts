// Looks at equity: how much was lost since when, which limits that reaches, where the ladder stands, and what of it is kept.
//
// 1. It looks before every tick, after everything that was booked or read of the broker, and every few seconds of a session, for which the
//    daemon wakes it.
// 2. What a limit calls for happens in the same turn: the halt stands before any intent of that turn is judged.
// 3. A figure that is not known reaches no limit and opens nothing.
import { percent } from '../base/percent.ts';
import type { AccountFacts } from '../domain/account.ts';
import { parseScope, scopeText } from '../domain/halt.ts';
import type { LossBase, LossCause, LossRecord } from '../domain/losses.ts';
import { minus, plus, sum, type Usd, usd } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { Session } from '../market/calendar.ts';
import {
  drawdownOf,
  type Equities,
  flattens,
  floorOf,
  type LossFigures,
  lossOf,
  tripsOf,
  unitsAfter,
  worseChange,
} from '../risk/losses.ts';
import type { Draft } from './draft.ts';
import { isRowDue, keepEquity, sayStale } from './equity-rows.ts';
import { addHalt } from './halts.ts';
import { keepRecord, noFigures, periodOf } from './loss-record.ts';
import { beginRecord, beginSession, endSession, releaseDay } from './loss-sessions.ts';
import { cautions, factorAt, followCautions, sayStep } from './loss-standing.ts';
import type { Look, Valuation } from './loss-watch.ts';
import type { State } from './state.ts';
import { keepBrokerMarks, valueBook } from './valuation.ts';
import { riskNow } from './valuing.ts';
import type { World } from './world.ts';

/** What a look begins with. */
interface Sight {
  readonly account: AccountFacts;
  readonly cash: Usd;
  /** The turn moved cash or units. */
  readonly booked: boolean;
}

/** True when the turn booked something since the last look; what was realized is added to the session's. */
function absorb(state: State, draft: Draft): boolean {
  const { watch, losses } = state;
  const before = watch.counted.seq === draft.seq ? watch.counted : { rows: 0, closures: 0 };
  const rows = draft.fills.length + draft.ledger.length;
  const closed = draft.closures.slice(before.closures);
  watch.counted = { seq: draft.seq, rows, closures: draft.closures.length };
  if (closed.length > 0 && losses !== null)
    keepRecord(state, draft, { ...losses, realised: plus(losses.realised, sum(closed.map((c) => c.realized))) });
  return rows > before.rows;
}

/** Both figures: ours, and the broker's as long as it is young. */
function equitiesOf(world: World, state: State, draft: Draft, account: AccountFacts, ours: Known<Valuation>): Equities {
  const age = state.accountSeen === null ? Infinity : draft.at.mono - state.accountSeen;
  return {
    ours: ours.known ? known(ours.value.equity) : ours,
    broker: age <= world.limits.losses.maxAgeMs ? known(account.equity) : absent('ACCOUNT_STALE', 'the broker has not been read lately'),
  };
}

/** The broker's own previous close, where it has spoken in this session's day, and what came and went since by its own dates. */
function brokerBase(world: World, state: State, session: Session, account: AccountFacts): LossBase {
  const previous = world.calendar.offset(session.day, -1).day;
  const readAt = state.lastSnapshotAt?.exchange;
  const today = readAt !== undefined && world.calendar.dayOf(readAt) === session.day;
  const flows = sum(state.flows.filter((f) => f.day > previous).map((f) => f.amount));
  return { day: previous, ours: null, broker: today && account.lastEquity > 0 ? account.lastEquity : null, flows };
}

/** Results since the three bases, and the fall of a unit from its highest close. */
function figuresOf(equities: Equities, { base, peak }: LossRecord, broker: LossBase, nav: number): LossFigures {
  return {
    day: worseChange(equities, base.day, broker),
    week: worseChange(equities, base.week, base.week),
    month: worseChange(equities, base.month, base.month),
    drawdown: known(drawdownOf(nav, peak)),
  };
}

/** Profit and loss of the day: ours, or the broker's where ours is not known. */
function dayPnlOf(equities: Equities, { base }: LossRecord, broker: LossBase): Known<Usd> {
  const since = (now: Known<Usd>, then: Usd | null, flows: Usd): Known<Usd> | null =>
    now.known && then !== null ? known(minus(minus(now.value, then), flows)) : null;
  return (
    since(equities.ours, base.day.ours, base.day.flows) ??
    since(equities.broker, broker.broker, broker.flows) ??
    absent('EQUITY_UNKNOWN', 'the previous close or the present equity is not known')
  );
}

/** Turns what came and went into units, at their value of the moment. */
function settleFlows(state: State, draft: Draft, record: LossRecord, equity: Usd): LossRecord {
  if (record.pending === 0) return record;
  const next = { ...record, units: unitsAfter(record.units, equity, record.pending), pending: usd(0) };
  keepRecord(state, draft, next);
  return next;
}

const subjects: Readonly<Record<LossCause, string>> = {
  DAY_HALT: 'the day',
  DAY_FLATTEN: 'the day',
  WEEK_HALT: 'the week',
  MONTH_HALT: 'the month',
  DRAWDOWN_HALT: 'the fall from the highest close',
  DRAWDOWN_FLATTEN: 'the fall from the highest close',
};

/** Sets the halts that are called for and do not stand. */
function trip(world: World, state: State, draft: Draft, figures: LossFigures): void {
  for (const { cause, scope, observed, floor } of tripsOf(figures, world.limits.losses, state.losses?.waivers ?? [])) {
    const whom = parseScope(scope);
    if (whom === undefined || state.halts.some((h) => h.cause === cause && scopeText(h.scope) === scope)) continue;
    const reason = `${cause}: ${subjects[cause]} is at ${percent(observed)}, the limit is ${percent(floor)}`;
    addHalt(state, draft, whom, reason, flattens(cause) ? 'flatten' : 'halt', cause);
  }
}

/** Waivers end with their period, that of a drawdown when it is back above its limit. */
function endWaivers(world: World, state: State, draft: Draft, record: LossRecord, figures: LossFigures): void {
  const left = record.waivers.filter(({ cause, scope, period }) => {
    if (period !== null) return period === periodOf(cause, record.day);
    const loss = lossOf(cause, figures);
    return !loss.known || loss.value <= floorOf(cause, scope, world.limits.losses, []);
  });
  if (left.length < record.waivers.length) keepRecord(state, draft, { ...record, waivers: left });
}

/** Keeps the part of openings that is left, for those who read the record. */
function keepFactor(world: World, state: State, draft: Draft): void {
  const factor = factorAt(world, state, draft.at);
  if (state.losses !== null && state.losses.factor !== factor && Number.isFinite(factor))
    keepRecord(state, draft, { ...state.losses, factor });
}

function lookInSession(world: World, state: State, draft: Draft, session: Session, { account, cash, booked }: Sight): void {
  const ours = valueBook(state, world.market(draft.at), cash, draft.at.mono, world.limits.losses.maxAgeMs);
  const equities = equitiesOf(world, state, draft, account, ours);
  const equity = equities.ours.known ? equities.ours.value : account.equity;
  const first = state.losses === null;
  if (first) beginRecord(state, draft, session, equities, equity, account);
  if (state.losses === null) return;
  const record = settleFlows(state, draft, state.losses, equity);
  const nav = equity / record.units;
  state.watch.nav = nav;
  const opens = record.day !== session.day;
  if (opens) beginSession(world, state, draft, session);
  else releaseDay(state, draft, session);
  const broker = brokerBase(world, state, session, account);
  const figures = figuresOf(equities, state.losses, broker, nav);
  const look: Look = { at: draft.at.mono, ours, figures, dayPnl: dayPnlOf(equities, state.losses, broker) };
  state.watch.look = look;
  endWaivers(world, state, draft, state.losses, figures);
  trip(world, state, draft, figures);
  followCautions(world, state, draft, figures);
  keepFactor(world, state, draft);
  sayStale(world, state, draft, look);
  keepEquity(state, draft, look, account, cash, first || opens ? 'open' : booked ? 'booked' : 'minute');
  if (draft.equity === null) return;
  const risk = riskNow(world, state, draft.at);
  draft.risk = risk;
  state.watch.var99 = risk.kind === 'figures' ? risk.figures.var99 : null;
}

/** With the market closed: the end of the session is marked once, in its own day, and what is booked meanwhile. */
function lookAfterHours(world: World, state: State, draft: Draft, { account, cash, booked }: Sight): void {
  const record = state.losses;
  if (record === null) return;
  const over = !record.closed && draft.at.exchange >= (world.calendar.session(record.day)?.close ?? Infinity);
  const ends = over && draft.day === record.day;
  if (!ends && !booked) return;
  // The last word of the session stands until the next one.
  const ours = valueBook(state, world.market(draft.at), cash, draft.at.mono, Infinity);
  state.watch.nav = minus(ours.known ? ours.value.equity : account.equity, record.pending) / record.units;
  const { figures, dayPnl } = state.watch.look ?? { figures: noFigures, dayPnl: noFigures.day as Known<never> };
  const look: Look = { at: draft.at.mono, ours, figures, dayPnl };
  if (ends) endSession(world, state, draft, look, account, cautions(world, state, draft, figures).length > 0);
  keepEquity(state, draft, look, account, cash, ends ? 'close' : 'booked');
}

function isDue(world: World, state: State, draft: Draft, booked: boolean): boolean {
  const { kind } = draft.event;
  const { look } = state.watch;
  if (booked || look === null || kind === 'tick' || kind === 'snapshot') return true;
  return draft.at.mono >= look.at + world.limits.losses.refreshMs || isRowDue(state, draft);
}

/** Looks, where it is time to. Asked in every turn, and before what a tick is about. */
export function assessLosses(world: World, state: State, draft: Draft): void {
  const { account, cash, reconciledOnce } = state;
  if (draft.event.kind === 'snapshot') keepBrokerMarks(state, draft.event.snapshot);
  const booked = absorb(state, draft);
  if (!reconciledOnce || account === null || cash === null) return;
  const session = world.calendar.inSession(draft.at.exchange);
  const sight = { account, cash, booked };
  if (session === undefined) lookAfterHours(world, state, draft, sight);
  else if (isDue(world, state, draft, booked)) lookInSession(world, state, draft, session, sight);
  sayStep(state, draft);
}
