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
  /** Where time ends, UTC milliseconds: the clock comes to stand there. Never when absent. */
  readonly end?: number;
  /** Told once, when a reader first finds the clock at its end. */
  readonly onEnd?: () => void;
}

const STEP_MS = 250;
const STEPS = 8;
/** From the close, until post-session executions and options' late closes are over. */
const AFTER_CLOSE = 20 * MINUTE;
const BEFORE_OPEN = 30 * MINUTE;

interface Quiet {
  readonly from: number;
  readonly to: number;
}

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

/** The clock's works: where it stands, how fast it runs, and which step through closed hours is due when. */
interface Works {
  readonly speed: number;
  /** Exchange time at this moment, fractions of a millisecond included. */
  read(): number;
  /** Performs the next step if it is due: `jump` moved the clock, `none` means that nothing is due. */
  step(): 'jump' | 'plain' | 'none';
  run(speed: number): void;
  moveTo(exchange: number): void;
}

function works({ start, speed: first, wallNow, calendar, nightSpeed, nextEvent, end = Infinity }: PacedClockOptions): Works {
  let speed = checkedSpeed(first);
  let wall = wallNow();
  let anchor = start;
  let quiet = quietAt(anchor, calendar);
  let due = wall;

  const at = (moment: number): number => Math.min(end, anchor + Math.max(0, moment - wall) * speed);
  /** The next step is due at the quiet period's first moment, and no earlier than `earliest`. */
  const schedule = (earliest: number): void => {
    due = Math.max(earliest, wall + (quiet.from - anchor) / speed);
  };
  const stand = (moment: number, exchange: number): void => {
    wall = moment;
    anchor = exchange;
  };
  const targetFrom = (from: number): number => {
    const length = nightSpeed === undefined ? (quiet.to - quiet.from) / STEPS : nightSpeed * STEP_MS;
    const event = nextEvent?.(Math.floor(from)) ?? Infinity;
    return Math.min(end, quiet.to, from + length, event > from ? event : Infinity);
  };
  schedule(wall);
  return {
    get speed() {
      return speed;
    },
    read: () => at(wallNow()),
    step() {
      const moment = due;
      if (moment > wallNow() || anchor >= end) return 'none';
      const from = at(moment);
      if (from >= end) {
        stand(moment, end);
        return 'none';
      }
      const target = targetFrom(from);
      // A step that plain running would make by itself before the next one is left to it.
      const jumps = target > from + STEP_MS * speed;
      stand(moment, jumps ? target : from);
      if (anchor < quiet.to) due = moment + STEP_MS;
      else {
        quiet = quietAt(anchor, calendar);
        schedule(moment);
      }
      return jumps ? 'jump' : 'plain';
    },
    run(next) {
      const moment = wallNow();
      stand(moment, at(moment));
      speed = checkedSpeed(next);
      schedule(moment);
    },
    moveTo(exchange) {
      const moment = wallNow();
      stand(moment, Math.max(exchange, at(moment)));
      quiet = quietAt(anchor, calendar);
      schedule(moment);
    },
  };
}

/**
 * A clock that runs at `speed` and steps through closed hours. Time moves when it is read: `now` performs the steps
 * that have fallen due, and announces each before it returns.
 */
export function pacedClock(options: PacedClockOptions): ExchangeClock {
  const listeners = new Set<(state: ClockState) => void>();
  const inside = works(options);
  const announce = (why: ClockState['why']): void => {
    const state = { exchange: Math.floor(inside.read()), speed: inside.speed, why };
    for (const listener of [...listeners]) listener(state);
  };
  let ended = false;
  const now = (): number => {
    for (let done = inside.step(); done !== 'none'; done = inside.step()) if (done === 'jump') announce('jump');
    const read = Math.floor(inside.read());
    if (!ended && read >= (options.end ?? Infinity)) {
      ended = true;
      options.onEnd?.();
    }
    return read;
  };
  return {
    now,
    get speed() {
      return inside.speed;
    },
    setSpeed(speed) {
      checkedSpeed(speed);
      now();
      inside.run(speed);
      announce('speed');
    },
    jumpTo(target) {
      const present = now();
      if (!Number.isSafeInteger(target)) throw new Error(`not an instant to jump to: ${String(target)}`);
      if (target < present) {
        throw new Error(`cannot jump back: it is ${new Date(present).toISOString()} and ${new Date(target).toISOString()} is earlier`);
      }
      if (target > (options.end ?? Infinity)) throw new Error(`cannot jump to ${new Date(target).toISOString()}: time ends before it`);
      inside.moveTo(target);
      announce('jump');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
