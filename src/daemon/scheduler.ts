// The heartbeat: which strategies are due is read off the exchange's calendar, so half days, holidays and missed beats are one function.
import { type ScheduledTask, schedule } from 'node-cron';
import type { Phase } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import { type EpochMs, type Now, SECOND } from '../domain/time.ts';
import type { Enlisted } from '../engine/world.ts';
import type { Calendar } from '../market/calendar.ts';
import { dueSlot } from '../market/schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { Slot } from '../strategies/strategy.ts';

export interface DueTick {
  readonly strategy: StrategyId;
  readonly phase: Phase;
  readonly slot: string;
  readonly slotAt: EpochMs;
  readonly missed: number;
  /** Of those, the ones that a beat longer than the cadence passes over every time: nobody is late for them. */
  readonly passedOver: number;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly strategies: readonly Enlisted[];
  readonly heartbeatMs: number;
  /** Fetches what a tick needs. A strategy's slot is not run again while it is under way. */
  readonly prepare: (tick: DueTick) => Promise<void>;
  /** Brings a prepared tick to the engine. */
  readonly push: (tick: DueTick) => void;
  /** Called on every beat, for duties that are no strategy's. */
  readonly beat: (now: Now) => void;
}

export interface Scheduler {
  start(): void;
  stop(): void;
  /** Wall instant of the last beat, for the watchdog. */
  lastBeat(): Now | null;
}

/** A beat as a cron expression with seconds; beats under a second are rounded up to one. */
const cronOf = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds === 1 ? '* * * * * *' : `*/${Math.min(seconds, 59)} * * * * *`;
};

/** No tick waits longer for those in front of it than this much wall time. */
const PATIENCE_MS = 20 * SECOND;

/**
 * Brings the ticks of one beat to the engine: what manages positions as soon as it is ready, then the rest one after another in the
 * order of the strategies. So room goes to the same ones first, whichever data came sooner, and each is prepared when its turn comes:
 * on quotes that did not grow old in the queue, and on an account that knows of the orders before it.
 */
function inOrder({ clock, prepare, push }: SchedulerOptions): (due: readonly DueTick[], done: (tick: DueTick) => void) => void {
  const patiently = (before: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(PATIENCE_MS, resolve);
      const go = (): void => {
        cancel();
        resolve();
      };
      void before.then(go, go);
    });
  return (due, done) => {
    const run = (tick: DueTick, before: Promise<unknown> | null): Promise<void> => {
      const ready = before === null ? prepare(tick) : patiently(before).then(() => prepare(tick));
      return ready.then(() => push(tick)).finally(() => done(tick));
    };
    const managed = due.filter((t) => t.phase === 'manage').map((t) => run(t, null));
    let before: Promise<unknown> = Promise.all(managed);
    for (const tick of due) if (tick.phase !== 'manage') before = run(tick, before);
  };
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const lastRun = new Map<string, EpochMs>();
  const underWay = new Set<string>();
  const launch = inOrder(options);
  // Read once: a schedule follows from the parameters alone, and one that cannot be read is a fault of the start, not of a beat.
  const slots = options.strategies.flatMap((e) => e.strategy.schedule(e.params).map((slot: Slot) => ({ id: e.strategy.id, slot })));
  let task: ScheduledTask | null = null;
  let last: Now | null = null;
  const keyOf = (strategy: StrategyId, slot: string): string => `${strategy}:${slot}`;

  const consider = (id: StrategyId, slot: Slot, now: Now): DueTick | undefined => {
    const session = options.calendar.session(options.calendar.dayOf(now.exchange));
    const key = keyOf(id, slot.name);
    if (session === undefined || underWay.has(key)) return undefined;
    const since = lastRun.get(key);
    const before = since !== undefined && since >= session.open ? since : undefined;
    const due = dueSlot(slot, session, now.exchange, before, options.heartbeatMs * now.speed);
    if (due === undefined) return undefined;
    lastRun.set(key, due.slotAt);
    underWay.add(key);
    const aBeat = 'everyMs' in slot ? Math.ceil((options.heartbeatMs * now.speed) / slot.everyMs) : 1;
    const passedOver = Math.min(due.missed, Math.max(0, aBeat - 1));
    return { strategy: id, phase: slot.phase, slot: slot.name, slotAt: due.slotAt, missed: due.missed, passedOver };
  };
  const beat = (): void => {
    const now = options.clock.now();
    last = now;
    options.beat(now);
    const due = slots.flatMap(({ id, slot }) => consider(id, slot, now) ?? []);
    launch(due, (tick) => underWay.delete(keyOf(tick.strategy, tick.slot)));
  };
  return {
    start: () => {
      // After a sleep cron would print a line for each beat it missed; what was missed is counted slot by slot, and logged as such.
      task = schedule(cronOf(options.heartbeatMs), beat, { name: 'heartbeat', suppressMissedWarning: true });
    },
    stop: () => {
      void task?.destroy();
      task = null;
    },
    lastBeat: () => last,
  };
}
