// Exchange time at a pace: a multiple of wall time in the session, and announced steps through nights and weekends.
import { type EpochMs, MINUTE } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import type { ClockState, ExchangeClock } from './clock.ts';

export interface PacedClockOptions {
  /** Exchange time at the start, UTC milliseconds. */
  readonly start: number;
  /** Exchange milliseconds per wall millisecond, above 0. */
  readonly speed: number;
  /** Monotonic wall milliseconds from any origin. */
  readonly wallNow: () => number;
  readonly calendar: Calendar;
  /** Exchange milliseconds per wall millisecond through closed hours; without it each closed period takes about 2 s. */
  readonly nightSpeed?: number;
  /** The next instant after one at which something other than a price happens: a step stops there. */
  readonly nextEvent?: (after: number) => number;
}

const STEP_MS = 250;
const STEPS = 8;
/** From the close, until post-session executions and options' late closes are over. */
const AFTER_CLOSE = 20 * MINUTE;
const BEFORE_OPEN = 30 * MINUTE;

interface Quiet { readonly from: number; readonly to: number }

/** The quiet period at an instant or, outside one, the next: 20 minutes after a close to 30 before the following open. */
function quietAt(at: number, calendar: Calendar): Quiet {
  const session = calendar.currentOrNext(at as EpochMs);
  if (at < session.open - BEFORE_OPEN) {
    return { from: calendar.lastClosed(at as EpochMs).close + AFTER_CLOSE, to: session.open - BEFORE_OPEN };
  }
  return { from: session.close + AFTER_CLOSE, to: calendar.offset(session.day, 1).open - BEFORE_OPEN };
}

function checkedSpeed(speed: number): number {
  if (!Number.isFinite(speed) || speed <= 0) throw new Error(`a clock's speed must be above 0, not ${String(speed)}`);
  return speed;
}

/**
 * A clock that runs at `speed` and steps through closed hours. Time moves when it is read: `now` performs the steps
 * that have fallen due, and announces each before it returns.
 */
export function pacedClock(options: PacedClockOptions): ExchangeClock {
  const { wallNow, calendar, nightSpeed, nextEvent } = options;
  const listeners = new Set<(state: ClockState) => void>();
  let speed = checkedSpeed(options.speed);
  let wall = wallNow();
  let anchor = options.start;
  let quiet = quietAt(anchor, calendar);
  let due = wall;

  const at = (moment: number): number => anchor + Math.max(0, moment - wall) * speed;
  const moveTo = (moment: number, exchange: number): void => {
    wall = moment;
    anchor = exchange;
  };
  /** When the next step is due: at the quiet period's first moment, then every 250 ms. */
  const schedule = (earliest: number): void => {
    due = Math.max(earliest, wall + (quiet.from - anchor) / speed);
  };
  const announce = (why: ClockState['why']): void => {
    const state = { exchange: Math.floor(at(wallNow())), speed, why };
    for (const listener of [...listeners]) listener(state);
  };
  schedule(wall);

  /** One step at wall moment `due`; false when plain running has carried the clock there or past it already. */
  const step = (): boolean => {
    const from = at(due);
    const length = nightSpeed === undefined ? (quiet.to - quiet.from) / STEPS : nightSpeed * STEP_MS;
    const event = nextEvent?.(Math.floor(from)) ?? Infinity;
    const target = Math.min(quiet.to, from + length, event > from ? event : Infinity);
    const jumps = target > from + STEP_MS * speed;
    const moment = due;
    moveTo(moment, jumps ? target : from);
    if (anchor >= quiet.to) {
      quiet = quietAt(anchor, calendar);
      schedule(moment);
    } else due = moment + STEP_MS;
    return jumps;
  };
  const settle = (): void => {
    while (due <= wallNow()) if (step()) announce('jump');
  };

  return {
    now() {
      settle();
      return Math.floor(at(wallNow()));
    },
    get speed() {
      return speed;
    },
    setSpeed(next) {
      checkedSpeed(next);
      settle();
      const moment = wallNow();
      moveTo(moment, at(moment));
      speed = next;
      schedule(moment);
      announce('speed');
    },
    jumpTo(target) {
      settle();
      const moment = wallNow();
      const present = Math.floor(at(moment));
      if (!Number.isSafeInteger(target)) throw new Error(`not an instant to jump to: ${String(target)}`);
      if (target < present) {
        throw new Error(`cannot jump back: it is ${new Date(present).toISOString()} and ${new Date(target).toISOString()} is earlier`);
      }
      moveTo(moment, Math.max(target, at(moment)));
      quiet = quietAt(anchor, calendar);
      schedule(moment);
      announce('jump');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
