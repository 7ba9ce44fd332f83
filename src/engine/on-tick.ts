// A slot is due: the strategy is asked, and what it says is judged, recorded and begun, one decision after another.
import type { Decision, Pass } from '../domain/decision.ts';
import type { EngineEvent } from '../domain/event.ts';
import { symbol } from '../domain/ids.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { MINUTE } from '../domain/time.ts';
import { contextOf } from './context.ts';
import { type Draft, note } from './draft.ts';
import { abandonLadder, beginLadder } from './ladders.ts';
import { obstacles } from './permissions.ts';
import { cancelOrder } from './reports.ts';
import { activeLadders, type State } from './state.ts';
import type { Enlisted, World } from './world.ts';

type Tick = Extract<EngineEvent, { kind: 'tick' }>;

/** One row for a whole evaluation that could not be held. */
function sitOut(draft: Draft, enlisted: Enlisted, slot: string, code: ReasonCode, why: string): void {
  const decision: Pass = { kind: 'pass', subject: symbol('*'), code, why, gates: [] };
  draft.decisions.push({ strategy: enlisted.strategy.id, slot, decision, verdict: null, denial: null, checks: [], orders: [] });
}

/** `entry@15:15`: the slot by its New York time, reckoned from the session's open. */
function slotLabel(world: World, tick: Tick): string {
  const session = world.calendar.session(world.calendar.dayOf(tick.slotAt));
  if (session === undefined) return tick.slot;
  const minutes = 9 * 60 + 30 + Math.round((tick.slotAt - session.open) / MINUTE);
  return `${tick.slot}@${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

export function onTick(world: World, state: State, draft: Draft, tick: Tick): void {
  const enlisted = world.strategies.find((e) => e.strategy.id === tick.strategy);
  if (enlisted === undefined || state.shutdown !== null) return;
  const slot = slotLabel(world, tick);
  if (tick.phase === 'entry') {
    if (!enlisted.enabled) return;
    const against = obstacles(state, 'open');
    if (against.length > 0) {
      sitOut(draft, enlisted, slot, against.includes('HALTED') ? 'KILL_SWITCH' : 'RECON_PENDING', `entries are off: ${against.join(', ')}`);
      return;
    }
  }
  const session = world.calendar.session(draft.day) ?? world.calendar.currentOrNext(draft.at.exchange);
  const context = contextOf(world, state, enlisted, tick.slot, session, draft.at);
  if (context === undefined) {
    sitOut(draft, enlisted, slot, 'ACCOUNT_STALE', 'the account has not been read yet');
    return;
  }
  if (context.account.optionsLevel < enlisted.strategy.optionsLevel && tick.phase === 'entry') {
    sitOut(
      draft,
      enlisted,
      slot,
      'LEVEL_TOO_LOW',
      `options level ${context.account.optionsLevel}, needs ${enlisted.strategy.optionsLevel}`,
    );
    return;
  }
  const decisions = tick.phase === 'manage' ? enlisted.strategy.manage(context) : enlisted.strategy.evaluate(context);
  for (const decision of decisions) carryOut(world, state, draft, enlisted, tick, slot, decision);
}

function carryOut(world: World, state: State, draft: Draft, enlisted: Enlisted, tick: Tick, slot: string, decision: Decision): void {
  const { id } = enlisted.strategy;
  switch (decision.kind) {
    case 'remember':
      state.memories.set(id, decision.memory);
      draft.memories.set(id, decision.memory);
      return;
    case 'pass':
      draft.decisions.push({ strategy: id, slot, decision, verdict: null, denial: null, checks: [], orders: [] });
      return;
    case 'cancel': {
      const order = state.orders.get(decision.order);
      const ladder = [...state.ladders.values()].find((l) => l.current === decision.order);
      if (ladder !== undefined && ladder.strategy === id) abandonLadder(state, draft, ladder, decision.why);
      else if (order !== undefined && order.strategy === id) cancelOrder(state, draft, order, decision.why);
      draft.decisions.push({ strategy: id, slot, decision, verdict: null, denial: null, checks: [], orders: [] });
      return;
    }
    case 'open':
    case 'close': {
      const walking = activeLadders(state).some(
        (l) => l.strategy === id && l.intent.subject === decision.subject && l.purpose === (decision.kind === 'open' ? 'O' : 'C'),
      );
      if (walking) return; // the strategy sees the working order; a second walk in the name would be the same intent twice
      const key =
        decision.kind === 'open' ? `${id}:${tick.slot}:${tick.slotAt}:${decision.key}` : exitKey(state, draft, `${id}:${decision.key}:`);
      if (beginLadder(world, state, draft, { key, slot, strategy: id, intent: decision }) === undefined) {
        note(draft, 'intent.repeated', 'info', { strategy: id, symbol: decision.subject, key });
      }
      return;
    }
  }
}

/** Exits of one position are numbered within the day: the next number is above that of every walk and every order so far. */
function exitKey(state: State, draft: Draft, prefix: string): string {
  const today = [...state.orders.values()].filter((o) => o.day === draft.day && o.purpose === 'C').map((o) => o.ladder);
  const ordinals = [...today, ...state.ladders.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number(key.slice(prefix.length)));
  return `${prefix}${Math.max(-1, ...ordinals.filter(Number.isInteger)) + 1}`;
}
