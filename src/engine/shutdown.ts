// An orderly stop: settle what is in flight, take back openings, make us flat (or not, by policy), verify, and say what is left.
import type { OperatorAction, Remainder } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { formatMicros } from '../domain/money.ts';
import { isAmbiguous } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { MonoMs } from '../domain/time.ts';
import type { Approach } from '../execution/flatten.ts';
import { byName, closeOut } from './close-out.ts';
import { type Draft, note } from './draft.ts';
import { abandonLadder } from './ladders.ts';
import { frozenBy, setMode } from './permissions.ts';
import { cancelOrder } from './reports.ts';
import { activeLadders, liveOrders, type Shutdown, type State } from './state.ts';
import type { World } from './world.ts';

type Ask = Extract<OperatorAction, { action: 'shutdown' }>;

const SETTLE_MS = 10_000;
const CANCEL_MS = 12_000;
const VERIFY_MS = 4_000;
const CLOSE_RESERVE_MS = 5_000;
/** Half way to natural, there, and through it: the last limit is one that somebody takes. */
const HASTY: Approach = { fractions: [0.5, 1], beyondTicks: [1, 3, 5], stepMs: 3_000 };
const POLL_MS = 250;

export function beginShutdown(state: State, draft: Draft, ask: Ask): void {
  if (state.shutdown !== null) return;
  const now = draft.at.mono;
  state.shutdown = {
    policy: ask.policy,
    reason: ask.reason,
    marketOpen: ask.marketOpen,
    since: now,
    deadline: (now + ask.budgetMs) as MonoMs,
    phase: 'settle',
    phaseSince: now,
    verifyAsked: false,
    hurried: false,
    remainder: [],
  };
  if (setMode(state, 'SHUTTING_DOWN', true)) draft.modesTouched = true;
  note(draft, 'shutdown.began', 'info', { policy: ask.policy, why: ask.reason, marketOpen: ask.marketOpen });
  for (const ladder of activeLadders(state)) abandonLadder(state, draft, ladder, 'shutting down');
}

export function hurryShutdown(state: State): void {
  if (state.shutdown !== null) state.shutdown = { ...state.shutdown, hurried: true };
}

const owned = (state: State): Position[] => [...state.positions.values()].filter((p) => p.owner !== 'EXTERNAL');

/** What would be left if we stopped now, and how it is protected. */
export function remainderOf(state: State): readonly Remainder[] {
  const left: Remainder[] = [];
  const live = liveOrders(state);
  for (const p of owned(state)) {
    // A stop of uncertain fate protects nothing that we could promise.
    const stop = live.find(
      (o) => o.purpose === 'P' && o.strategy === p.owner && o.legs[0].instrument.symbol === p.instrument.symbol && !isAmbiguous(o.state),
    );
    const protection =
      stop !== undefined
        ? `stop at ${stop.stop === null ? '' : formatMicros(stop.stop)}`
        : p.instrument.kind === 'option'
          ? 'none: option stops live in the daemon'
          : 'none';
    left.push({ what: 'position', symbol: p.instrument.symbol, qty: p.qty, protection, why: `${p.owner}` });
  }
  for (const o of live) {
    if (o.purpose === 'P' && !isAmbiguous(o.state) && owned(state).some((p) => p.instrument.symbol === o.legs[0].instrument.symbol))
      continue;
    left.push({
      what: isAmbiguous(o.state) ? 'unresolved' : 'order',
      symbol: o.legs[0].instrument.symbol,
      qty: o.qty - o.cumQty,
      protection: 'none',
      why: `${o.id} ${o.state}`,
    });
  }
  return left;
}

const enter = (state: State, draft: Draft, s: Shutdown, phase: Shutdown['phase']): Shutdown => {
  const next = { ...s, phase, phaseSince: draft.at.mono };
  state.shutdown = next;
  note(draft, 'shutdown.phase', 'info', { phase });
  return next;
};

/** Moves the stop as far as it can go in this turn. */
export function progressShutdown(world: World, state: State, draft: Draft): void {
  const s = state.shutdown;
  if (s === null || s.phase === 'done') return;
  const now = draft.at.mono;
  if (s.hurried || now >= s.deadline) {
    finish(state, draft, s, true);
    return;
  }
  switch (s.phase) {
    case 'settle': {
      const inFlight = liveOrders(state).some((o) => o.state === 'submitting' || o.state === 'unknown');
      if (inFlight && now - s.phaseSince < SETTLE_MS) return;
      enter(state, draft, s, 'cancel');
      cancelOpenings(state, draft);
      return;
    }
    case 'cancel':
      cancelOpenings(state, draft);
      if (liveOrders(state).some((o) => o.purpose !== 'P' && !isAmbiguous(o.state)) && now - s.phaseSince < CANCEL_MS) return;
      // Nothing may be closed before the ledger was squared once; with the market shut nothing is queued for the next open.
      enter(state, draft, s, s.policy === 'flatten' && s.marketOpen && state.reconciledOnce ? 'flatten' : 'verify');
      return;
    case 'flatten':
      if (flattenOn(world, state, draft, s)) enter(state, draft, s, 'verify');
      return;
    case 'verify':
      verify(state, draft, s);
      return;
  }
}

function cancelOpenings(state: State, draft: Draft): void {
  for (const order of liveOrders(state)) if (order.purpose !== 'P') cancelOrder(state, draft, order, 'shutting down');
}

/** Keeps a closing walk under way for every position whose turn it is; true when flat or out of time. */
function flattenOn(world: World, state: State, draft: Draft, s: Shutdown): boolean {
  const all = owned(state);
  const book = all.filter((p) => p.owner !== 'EXTERNAL' && frozenBy(state, p.owner, p.instrument.underlying).length === 0);
  if (book.length === 0 && all.length > 0) return true; // the rest is frozen: it stays, and is declared
  if (book.length === 0 && activeLadders(state).length === 0) {
    for (const order of liveOrders(state)) if (order.purpose === 'P') cancelOrder(state, draft, order, 'nothing left to protect');
    return liveOrders(state).every((o) => isAmbiguous(o.state));
  }
  if (draft.at.mono > s.deadline - CLOSE_RESERVE_MS) return true;
  if (state.modes.has('FROZEN')) return true;
  const way = { slot: 'flatten', code: 'SHUTDOWN', why: 'flatten on shutdown', approach: HASTY } as const;
  for (const [strategy, held] of byName(book)) sayUnpriced(world, state, draft, closeOut(world, state, draft, held, { strategy, ...way }));
  return false;
}

/** Asked again at every poll, said once. */
function sayUnpriced(world: World, state: State, draft: Draft, symbols: readonly Symbol[]): void {
  const { unpriced } = state.upkeep;
  for (const symbol of symbols) {
    if (unpriced.has(symbol)) continue;
    unpriced.add(symbol);
    const quote = world.market(draft.at).quote(symbol);
    note(draft, 'shutdown.unpriced', 'minor', { symbol, why: quote.known ? 'nobody bids' : quote.why });
  }
}

function verify(state: State, draft: Draft, s: Shutdown): void {
  if (!s.verifyAsked) {
    draft.commands.push({ kind: 'reconcile', because: 'shutdown' });
    state.shutdown = { ...s, verifyAsked: true };
    return;
  }
  const read = state.lastSnapshotAt !== null && state.lastSnapshotAt.mono >= s.phaseSince;
  if (read || draft.at.mono - s.phaseSince >= VERIFY_MS || !state.booted) finish(state, draft, s, false);
}

function finish(state: State, draft: Draft, s: Shutdown, late: boolean): void {
  const remainder = remainderOf(state);
  const unresolved = remainder.some((r) => r.what === 'unresolved');
  const complete = s.policy !== 'flatten' && !remainder.some((r) => r.what === 'order');
  const exitCode = unresolved ? 12 : remainder.length === 0 || (complete && !late) ? 0 : late ? 11 : 10;
  state.shutdown = { ...s, phase: 'done', remainder };
  note(draft, 'shutdown.done', remainder.length === 0 ? 'info' : 'major', { code: exitCode, left: remainder.length, late });
  draft.commands.push({ kind: 'stop', exitCode, remainder });
}

/** When the stop wants to be looked at again. */
export const nextShutdownPoll = (state: State, draft: Draft): MonoMs | null =>
  state.shutdown === null || state.shutdown.phase === 'done' ? null : ((draft.at.mono + POLL_MS) as MonoMs);
