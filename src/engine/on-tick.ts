// A slot is due: the strategy is asked, and what it says is judged, recorded and begun, one decision after another.
import type { Pass } from '../domain/decision.ts';
import type { EngineEvent } from '../domain/event.ts';
import { symbol } from '../domain/ids.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { blindOf } from './blind.ts';
import { carryOut } from './carry-out.ts';
import { contextOf } from './context.ts';
import type { Draft } from './draft.ts';
import { consult, recordFailure, recordSuccess, resting } from './isolation.ts';
import { haltsOn, obstacles } from './permissions.ts';
import { judgementOf } from './standing.ts';
import type { State } from './state.ts';
import { isIdle } from './switches.ts';
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

/** A loss's own code where one has halted the account, and a switch's otherwise. */
function haltCode(state: State): ReasonCode {
  const causes = state.halts.flatMap(({ scope, cause }) => (scope.kind === 'account' && cause !== undefined ? [cause] : []));
  return (['DAY_HALT', 'WEEK_HALT', 'MONTH_HALT'] as const).find((code) => causes.includes(code)) ?? 'KILL_SWITCH';
}

/** Why a strategy is not asked for entries now; null when it is. */
function closedToEntries(state: State, draft: Draft, { strategy }: Enlisted): readonly [ReasonCode, string] | null {
  const against = obstacles(state, 'open');
  if (against.length > 0) return [against.includes('HALTED') ? haltCode(state) : 'RECON_PENDING', `entries are off: ${against.join(', ')}`];
  const halts = haltsOn(
    state.halts.filter((h) => h.scope.kind === 'strategy'),
    strategy.id,
    symbol('*'),
  );
  if (halts.length > 0) return ['KILL_SWITCH', `halted: ${halts.join('; ')}`];
  const judgement = judgementOf(state, strategy.id);
  if (judgement?.standing === 'SUSPEND') return ['SUSPENDED', `suspended by the baseline's verdict of ${judgement.month}`];
  const until = resting(state, strategy.id, draft.at.mono);
  if (until !== null) return ['STRATEGY_FAILED', `it failed; it is asked again in ${Math.ceil((until - draft.at.mono) / SECOND)} s`];
  const blind = blindOf(state, strategy.id);
  return blind === undefined ? null : ['BLIND', `${blind} is held without a quote`];
}

/** Counts what failed while the tick was prepared. */
function noteFault(state: State, draft: Draft, tick: Tick): void {
  if (tick.fault !== undefined) {
    recordFailure(state, draft, tick.strategy, tick.fault);
    return;
  }
  for (const call of ['watches', 'chains'] as const) recordSuccess(state, tick.strategy, call);
}

/** What the configuration leaves off says nothing; what a person switched off is told, slot by slot. */
function sayOff(state: State, draft: Draft, enlisted: Enlisted, slot: string): void {
  const { id } = enlisted.strategy;
  if (state.switches.has(id)) sitOut(draft, enlisted, slot, 'DISABLED', state.off.get(id) ?? '');
}

export function onTick(world: World, state: State, draft: Draft, tick: Tick): void {
  const enlisted = world.strategies.find((e) => e.strategy.id === tick.strategy);
  if (enlisted === undefined || state.shutdown !== null) return;
  const slot = slotLabel(world, tick);
  noteFault(state, draft, tick);
  if (tick.phase === 'entry') {
    if (isIdle(state, tick.strategy, tick.phase)) {
      sayOff(state, draft, enlisted, slot);
      return;
    }
    const closed = closedToEntries(state, draft, enlisted);
    if (closed !== null) {
      sitOut(draft, enlisted, slot, ...closed);
      return;
    }
  }
  const session = world.calendar.session(draft.day) ?? world.calendar.currentOrNext(draft.at.exchange);
  const context = contextOf(world, state, enlisted, tick.slot, session, draft.at);
  if (context === undefined) {
    sitOut(draft, enlisted, slot, 'ACCOUNT_STALE', 'the account has not been read yet');
    return;
  }
  const { strategy } = enlisted;
  if (context.account.optionsLevel < strategy.optionsLevel && tick.phase === 'entry') {
    sitOut(draft, enlisted, slot, 'LEVEL_TOO_LOW', `options level ${context.account.optionsLevel}, needs ${strategy.optionsLevel}`);
    return;
  }
  const call = tick.phase === 'manage' ? 'manage' : 'evaluate';
  const decisions = consult(state, draft, strategy.id, call, () => [...strategy[call](context)]);
  if (decisions === undefined) {
    sitOut(draft, enlisted, slot, 'STRATEGY_FAILED', `its ${call} failed: nothing of it was carried out`);
    return;
  }
  for (const decision of decisions) carryOut(world, state, draft, { strategy: strategy.id, tick, slot }, decision);
}
