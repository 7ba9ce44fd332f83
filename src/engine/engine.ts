// The turn: one event in, everything it causes out. Starts and ends without waiting for anything.
import { assert, never } from '../base/assert.ts';
import type { EngineEvent, OperatorAction } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import { isLive } from '../domain/order-machine.ts';
import { DAY, dayNumber, type EpochMs, epochMs, MINUTE, type MonoMs, type Now, tradingDay } from '../domain/time.ts';
import { modes, type Turn } from '../domain/turn.ts';
import type { Loaded } from '../ports/store.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { armExits } from './armed.ts';
import { guardAssignments, nextGuard } from './assignment-guard.ts';
import { nextBlind, watchQuotes } from './blind.ts';
import { advanceOrder } from './booking.ts';
import { beginChase, nextChase, pursue } from './chase.ts';
import { closeHeld, nextCloseHeld } from './close-held.ts';
import { watchConduct } from './conduct.ts';
import { needsContextOf } from './context.ts';
import type { Beliefs, Engine } from './contract.ts';
import { type Draft, finish, newDraft, note } from './draft.ts';
import { watchExecution } from './execution-watch.ts';
import { nextExpiry, tendExpiry } from './expiry.ts';
import { addHalt, followHalts, liftHalts } from './halts.ts';
import { nextStep, walkAll } from './ladders.ts';
import { stateFrom } from './load.ts';
import { lossView } from './loss-view.ts';
import { assessLosses } from './losses.ts';
import { onControl, onControlDenied } from './on-control.ts';
import { onSnapshot, onSnapshotFailed } from './on-snapshot.ts';
import { onTick } from './on-tick.ts';
import { may, mayLeave, setMode } from './permissions.ts';
import { nextProtection, protectAll } from './protect.ts';
import { applyReport, onCancelAnswered, onFound, onSend, onSubmitted } from './reports.ts';
import { riskAt, supposedVerdict } from './risk-view.ts';
import { quotesSeen } from './seen.ts';
import { beginShutdown, hurryShutdown, nextShutdownPoll, progressShutdown } from './shutdown.ts';
import { activeLadders, forgetOldOrders, forgetOldTrades, liveOrders, positionsOf, type State } from './state.ts';
import { followSwitches, isIdle } from './switches.ts';
import { withdrawBarred } from './withdraw.ts';
import type { World } from './world.ts';

const CRASH_LOOP_BOOTS = 3;
const KEEP_ORDERS_SESSIONS = 7;
/** The store counts its seven session days from the present one; a day more is left as a margin. */
const KNOWN_ORDERS_SESSIONS = 2;
const ACTIVITY_OVERLAP_MS = 3 * DAY;

/** An engine over what was loaded. The first event must be `boot`. */
export function createEngine(world: World, loaded: Loaded): Engine {
  const state = stateFrom(loaded, limitsAt(world, loaded));
  followSwitches(state, world.strategies);
  return {
    turn: (event, at) => turn({ ...world, limits: state.limits }, state, event, at),
    beliefs: beliefsOf(world, state),
    needsContext: (strategy, phase, at) => {
      const enlisted = world.strategies.find((e) => e.strategy.id === strategy);
      return enlisted === undefined ? undefined : needsContextOf(world, state, enlisted, phase, at);
    },
  };
}

/** The limits that stand at the start. A set one that the program no longer takes is for whoever starts it to find out first. */
function limitsAt({ limits, relimit }: World, { limitsSet }: Loaded): RiskLimits {
  if (limitsSet.size === 0 || relimit === undefined) return limits;
  const found = relimit(limitsSet);
  assert(found.ok, found.ok ? '' : found.why);
  return found.limits;
}

function turn(world: World, state: State, event: EngineEvent, at: Now): Turn {
  state.seq += 1;
  const draft = newDraft(state.seq, at, world.calendar.dayOf(at.exchange), event);
  // A limit that is reached by now holds for what this tick is about to open.
  if (state.booted && event.kind === 'tick') assessLosses(world, state, draft);
  handle(world, state, draft, event);
  // The same settling after every event: what is due by time or unblocked by news moves now, in one fixed order.
  if (state.booted) {
    pursue(state, draft);
    watchConduct(world, state, draft);
    assessLosses(world, state, draft);
    withdrawBarred(state, draft);
    watchQuotes(world, state, draft);
    walkAll(world, state, draft);
    tendExpiry(world, state, draft);
    guardAssignments(world, state, draft);
    closeHeld(world, state, draft);
    protectAll(world, state, draft);
    progressShutdown(world, state, draft);
    askReconcile(state, draft);
    armExits(world, state, draft);
    watchExecution(world, state, draft);
  }
  const market = world.market(at);
  return finish(draft, {
    modes: modes.filter((mode) => state.modes.has(mode)),
    wakeAt: wakeAt(world, state, draft),
    seen: (decision) => quotesSeen(market, at, decision),
  });
}

function handle(world: World, state: State, draft: Draft, event: EngineEvent): void {
  switch (event.kind) {
    case 'boot':
      return onBoot(world, state, draft, event);
    case 'tick':
      return onTick(world, state, draft, event);
    case 'send':
      return onSend(state, draft, event.id);
    case 'submitted':
      return onSubmitted(state, draft, event.id, event.outcome);
    case 'cancel_answered':
      return onCancelAnswered(state, draft, event.id, event.answer);
    case 'found':
      return onFound(state, draft, event.id, event.answer);
    case 'report':
      return applyReport(state, draft, event.report);
    case 'snapshot':
      return onSnapshot(world, state, draft, event.snapshot);
    case 'snapshot_failed':
      return onSnapshotFailed(state, draft, event.because);
    case 'link':
      return onLink(state, draft, event);
    case 'breaker':
      return onBreaker(state, draft, event);
    case 'clock':
      if (setMode(state, 'CLOCK_BAD', !event.good)) {
        draft.modesTouched = true;
        note(draft, event.good ? 'clock.good' : 'clock.bad', event.good ? 'info' : 'major', { skewMs: event.skewMs });
      }
      return;
    case 'iv':
      for (const reading of event.readings) draft.iv.push(reading);
      return;
    case 'wake':
      return;
    case 'operator':
      return onOperator(state, draft, event.order);
    case 'control':
      return onControl(world, state, draft, event.request);
    case 'control_denied':
      return onControlDenied(draft, event.denial);
    default:
      return never(event);
  }
}

function onBoot(world: World, state: State, draft: Draft, event: Extract<EngineEvent, { kind: 'boot' }>): void {
  state.booted = true;
  state.epoch = event.epoch;
  state.accountNumber = event.account;
  state.activitiesWatermark = activitiesFrom(state, draft);
  setMode(state, 'RECOVERING', true);
  followHalts(state);
  draft.modesTouched = true;
  const oldest = world.calendar.offset(world.calendar.currentOrNext(draft.at.exchange).day, -KEEP_ORDERS_SESSIONS).day;
  forgetOldOrders(state, oldest);
  forgetOldTrades(state, draft.day);
  // A broker's order older than what is remembered would look like one that nobody ordered.
  state.ordersKnownSince = world.calendar.offset(
    world.calendar.currentOrNext(draft.at.exchange).day,
    KNOWN_ORDERS_SESSIONS - KEEP_ORDERS_SESSIONS,
  ).open;
  for (const order of liveOrders(state)) {
    if (order.state === 'recorded') advanceOrder(state, draft, order, { kind: 'dropped', reason: 'unsent at an earlier stop' });
    if (order.state === 'submitting') advanceOrder(state, draft, order, { kind: 'answer_lost' });
    const now = state.orders.get(order.id);
    if (now !== undefined && isLive(now) && now.state !== 'working') beginChase(state, order.id, draft.at.mono, 0);
  }
  if (event.uncleanBoots >= CRASH_LOOP_BOOTS) {
    addHalt(
      state,
      draft,
      { kind: 'account' },
      `${event.uncleanBoots} unclean starts in ten minutes: a person must look before anything is opened`,
    );
  }
  note(draft, 'run.booted', 'info', {
    epoch: event.epoch,
    unclean: event.uncleanBoots,
    live: liveOrders(state).length,
    positions: state.positions.size,
  });
  state.reconcileAt = draft.at.mono;
}

/** Three days before the last activity booked (its id begins with its New York instant), or before now. */
function activitiesFrom(state: State, draft: Draft): EpochMs {
  const id = state.activityId;
  const last = id === null ? draft.at.exchange : dayNumber(tradingDay(`${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`)) * DAY;
  return epochMs(last - ACTIVITY_OVERLAP_MS);
}

function onLink(state: State, draft: Draft, event: Extract<EngineEvent, { kind: 'link' }>): void {
  if (event.link === 'quotes') {
    state.watch.quotesDownSince = event.up ? null : (state.watch.quotesDownSince ?? draft.at.mono);
    note(draft, event.up ? 'quotes.up' : 'quotes.down', 'info', { why: event.why });
    return;
  }
  const was = state.ordersLinkSince !== null;
  if (event.up !== was) state.ordersLinkSince = event.up ? draft.at.mono : null;
  if (setMode(state, 'STREAM_DOWN', !event.up)) draft.modesTouched = true;
  if (event.up === was) return;
  if (!event.up) {
    note(draft, 'stream.down', 'minor', { why: event.why });
    return;
  }
  // What was said while we could not hear is read again before anything is opened.
  setMode(state, 'RECOVERING', true);
  draft.modesTouched = true;
  note(draft, 'stream.up', 'info', { why: event.why });
  state.reconcileAt = draft.at.mono;
}

function onBreaker(state: State, draft: Draft, event: Extract<EngineEvent, { kind: 'breaker' }>): void {
  note(draft, `breaker.${event.state}`, event.state === 'open' ? 'major' : 'info', { lane: event.lane });
  if (event.lane === 'read' && setMode(state, 'BROKER_DOWN', event.state === 'open')) draft.modesTouched = true;
  if (event.lane === 'read' && event.state === 'closed') state.reconcileAt = draft.at.mono;
}

function onOperator(state: State, draft: Draft, order: OperatorAction): void {
  switch (order.action) {
    case 'halt':
      return addHalt(state, draft, order.scope, order.reason);
    case 'resume':
      liftHalts(state, draft, order.scope, order.reason);
      return;
    case 'reconcile':
      state.reconcileAt = draft.at.mono;
      return;
    case 'shutdown':
      return beginShutdown(state, draft, order);
    case 'hurry':
      return hurryShutdown(state);
    default:
      return never(order);
  }
}

/** One reconcile is under way at most; a second wish waits for its answer. */
function askReconcile(state: State, draft: Draft): void {
  if (state.reconcileAt === null || state.reconcileAt > draft.at.mono || state.reconcileAsked) return;
  state.reconcileAt = null;
  state.reconcileAsked = true;
  draft.commands.push({ kind: 'reconcile', because: draft.event.kind });
}

function wakeAt(world: World, state: State, draft: Draft): MonoMs | null {
  const candidates = [
    nextChase(state),
    nextStep(state, draft),
    nextShutdownPoll(state, draft),
    nextProtection(state, draft),
    nextBlind(state),
    nextExpiry(world, state, draft),
    nextGuard(world, state, draft),
    nextCloseHeld(state),
    state.reconcileAsked ? null : state.reconcileAt,
  ];
  const due = candidates.filter((c): c is MonoMs => c !== null);
  return due.length === 0 ? null : (Math.max(draft.at.mono, Math.min(...due)) as MonoMs);
}

function beliefsOf(world: World, state: State): Beliefs {
  const worldNow = (): World => ({ ...world, limits: state.limits });
  const order = (id: ClientOrderId) => state.orders.get(id);
  return {
    get account() {
      return state.account;
    },
    modes: state.modes,
    get halts() {
      return state.halts;
    },
    switches: state.switches,
    off: state.off,
    tokens: state.tokens,
    get limits() {
      return state.limits;
    },
    get limitsSet() {
      return state.limitsSet;
    },
    isIdle: (strategy, phase) => isIdle(state, strategy, phase),
    orders: state.orders,
    positions: (owner) => (owner === undefined ? [...state.positions.values()] : positionsOf(state, owner)),
    cycles: () => [...state.cycles.values()],
    lots: () => [...state.lots.values()].flat(),
    trades: () => [...state.trades.values()],
    get cash() {
      return state.cash;
    },
    losses: () => lossView(state),
    risk: (at) => riskAt(worldNow(), state, at),
    verdict: (order, at) => supposedVerdict(worldNow(), state, order, at),
    differences: () => [...state.suspicions].map(([name, { ours, theirs }]) => ({ name, ours, theirs })),
    ready: () => may(state, 'open'),
    mayLeave: (id) => {
      const found = order(id);
      return found !== undefined && mayLeave(state, found);
    },
    watching: () => [
      ...new Set([
        ...[...state.positions.values()].flatMap((p) => [p.instrument.symbol, p.instrument.underlying]),
        ...activeLadders(state).flatMap((l) => l.intent.legs.flatMap((x) => [x.instrument.symbol, x.instrument.underlying])),
        ...liveOrders(state).flatMap((o) => o.legs.flatMap((x) => [x.instrument.symbol, x.instrument.underlying])),
      ]),
    ],
    shutdownPhase: () => state.shutdown?.phase ?? null,
    ordersWatermark: () => {
      const live = liveOrders(state);
      return live.length === 0 ? null : Math.max(state.ordersKnownSince, Math.min(...live.map((o) => o.recordedAt)) - MINUTE);
    },
    activitiesWatermark: () => epochMs(state.activitiesWatermark),
  };
}
