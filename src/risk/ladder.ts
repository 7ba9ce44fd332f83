// The halt ladder as a pure machine: what the account stands on beneath the halts of the moment, and when it is left again.
import type { Halt } from '../domain/halt.ts';
import type { LadderState, LadderStep } from '../domain/losses.ts';
import type { TradingDay } from '../domain/time.ts';
import { flattens } from './losses.ts';

export type LadderEvent =
  /** Asked after every look: the drawdown's first step, high volatility, or a source of data that is gone. */
  | { readonly kind: 'caution'; readonly on: boolean; readonly day: TradingDay; readonly nav: number }
  /** A halt that a loss had set was lifted, by the next session or by a person. */
  | { readonly kind: 'reset'; readonly day: TradingDay; readonly nav: number }
  | { readonly kind: 'opened'; readonly day: TradingDay }
  | { readonly kind: 'closed'; readonly day: TradingDay; readonly nav: number; readonly caution: boolean };

const stand = (footing: LadderState['footing'], day: TradingDay, nav: number): LadderState => ({
  footing,
  since: day,
  counting: false,
  sessions: 0,
  nav,
});

export const firstFooting = (day: TradingDay, nav: number): LadderState => stand('normal', day, nav);

/** A session has ended: one that counted is added, and what has been stood on for long enough is left. */
function afterSession(state: LadderState, event: Extract<LadderEvent, { kind: 'closed' }>, sessionsMin: number): LadderState {
  const sessions = state.sessions + (state.counting ? 1 : 0);
  const on = stand(event.caution ? 'cautious' : 'normal', event.day, event.nav);
  if (state.footing === 'cautious' && sessions >= 1 && !event.caution) return on;
  // Written as a negation of what keeps it, so that a value that is no number does not leave it.
  if (state.footing === 'restricted' && sessions >= sessionsMin && event.nav >= state.nav) return on;
  return { ...state, sessions, counting: false };
}

/**
 * The next footing.
 *
 * 1. Caution is left when a whole session has passed without its cause.
 * 2. Restricted follows every halt that a loss had set. It is left at the end of a session, after `sessionsMin` whole ones, with no loss
 *    since it began.
 * 3. Restricted is below caution: a cause for caution does not lift anybody out of it.
 */
export function stepLadder(state: LadderState, event: LadderEvent, sessionsMin: number): LadderState {
  switch (event.kind) {
    case 'reset':
      // Halts that go one after another in one session are one return.
      return state.footing === 'restricted' && state.since === event.day ? state : stand('restricted', event.day, event.nav);
    case 'caution':
      if (!event.on || state.footing === 'restricted') return state;
      // The cause is there, or there again: this session counts for nothing, nor do those before it.
      if (state.footing === 'normal') return stand('cautious', event.day, event.nav);
      return state.counting || state.sessions > 0 ? { ...state, counting: false, sessions: 0 } : state;
    case 'opened':
      return { ...state, counting: true };
    case 'closed':
      return afterSession(state, event, sessionsMin);
  }
}

/** The step: the halts of the moment above, the footing beneath. */
export const stepOf = (state: LadderState | null, over: { readonly flattening: boolean; readonly halted: boolean }): LadderStep =>
  over.flattening ? 'flatten' : over.halted ? 'halted' : (state?.footing ?? 'normal');

/** The step as these halts and the footing beneath them make it. */
export const stepUnder = (state: LadderState | null, halts: readonly Halt[]): LadderStep =>
  stepOf(state, {
    flattening: halts.some((h) => h.level === 'flatten' && (h.scope.kind === 'account' || (h.cause !== undefined && flattens(h.cause)))),
    halted: halts.some((h) => h.scope.kind === 'account'),
  });
