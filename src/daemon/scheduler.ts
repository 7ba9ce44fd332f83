// The heartbeat: which strategies are due is read off the exchange's calendar, so half days, holidays and missed beats are one function.
import { type ScheduledTask, schedule } from 'node-cron';
import type { Phase } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { EpochMs, Now } from '../domain/time.ts';
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
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly strategies: readonly Enlisted[];
  readonly heartbeatMs: number;
  /** Prepares and pushes one tick; a strategy's slot is not run again while it is under way. */
  readonly run: (tick: DueTick) => Promise<void>;
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

export function createScheduler(options: SchedulerOptions): Scheduler {
  const lastRun = new Map<string, EpochMs>();
  const underWay = new Set<string>();
  let task: ScheduledTask | null = null;
  let last: Now | null = null;

  const consider = (enlisted: Enlisted, slot: Slot, now: Now): void => {
    const { id } = enlisted.strategy;
    const session = options.calendar.session(options.calendar.dayOf(now.exchange));
    const key = `${id}:${slot.name}`;
    if (session === undefined || underWay.has(key)) return;
    const since = lastRun.get(key);
    const due = dueSlot(
      slot,
      session,
      now.exchange,
      since !== undefined && since >= session.open ? since : undefined,
      options.heartbeatMs * now.speed,
    );
    if (due === undefined) return;
    lastRun.set(key, due.slotAt);
    underWay.add(key);
    void options
      .run({ strategy: id, phase: slot.phase, slot: slot.name, slotAt: due.slotAt, missed: due.missed })
      .finally(() => underWay.delete(key));
  };
  const beat = (): void => {
    const now = options.clock.now();
    last = now;
    options.beat(now);
    for (const enlisted of options.strategies)
      for (const slot of enlisted.strategy.schedule(enlisted.params)) consider(enlisted, slot, now);
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
