// What is nobody's strategy: reconcile on a timer, fresh quotes for what is held or walked, the clock's skew, the volatility log.
import type { EngineEvent } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { isLive } from '../domain/order-machine.ts';
import { MINUTE, type Now, SECOND, type TradingDay } from '../domain/time.ts';
import type { Engine } from '../engine/contract.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Feeder } from './feeder.ts';
import type { IvLog } from './iv-log.ts';
import type { Reconciler } from './reconciler.ts';

export interface DutiesOptions {
  readonly clock: Clock;
  readonly broker: Broker;
  readonly calendar: Calendar;
  readonly engine: Engine;
  readonly feeder: Feeder;
  readonly ivLog: IvLog;
  readonly reconciler: Reconciler;
  readonly push: (event: EngineEvent) => void;
  readonly reconcileEveryMs: number;
  readonly ivNames: () => readonly Symbol[];
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Duties {
  start(): void;
  stop(): void;
  beat(now: Now): void;
}

const QUOTES_EVERY_MS = 2 * SECOND;
/** While orders live, their fate is polled this often, whatever the stream says: a mute stream looks like a healthy one. */
const BUSY_RECONCILE_MS = 10 * SECOND;
const SKEW_EVERY_MS = 30 * SECOND;
const SKEW_BAD_MS = 5 * SECOND;
/** Minutes before the close at which the day's implied volatility is read. */
const IV_BEFORE_CLOSE_MS = 15 * MINUTE;

export function createDuties(options: DutiesOptions): Duties {
  const { clock, engine } = options;
  let alive = false;
  const cancels = new Set<() => void>();
  let ivDay: TradingDay | null = null;
  let backfilling = false;
  let backfilled = '';

  /** Runs a task again and again, each pause counted from the end of the one before. */
  const repeat = (everyMs: () => number, task: () => Promise<void>): void => {
    const cancel = clock.after(everyMs(), () => {
      cancels.delete(cancel);
      if (!alive) return;
      void task().finally(() => {
        if (alive) repeat(everyMs, task);
      });
    });
    cancels.add(cancel);
  };
  const busy = (): boolean => [...engine.beliefs.orders.values()].some((o) => isLive(o) && o.purpose !== 'P');

  const quotes = async (): Promise<void> => {
    await options.feeder.quotes(engine.beliefs.watching());
    // Resting stops are set from the last close of what is held.
    const shares = engine.beliefs.positions().filter((p) => p.instrument.kind === 'equity' && p.owner !== 'EXTERNAL');
    await options.feeder.dailyBars(shares.map((p) => ({ symbol: p.instrument.symbol, sessions: 1 })));
  };
  const skew = async (): Promise<void> => {
    const before = clock.now();
    const answer = await options.broker.clock();
    if (!answer.ok) return;
    const now = clock.now();
    // The broker spoke between the two readings; at a speed above one, exchange time runs on while we wait.
    const early = before.exchange - answer.value.at;
    const late = answer.value.at - now.exchange;
    const skewMs = Math.round(Math.max(early, late, 0) / now.speed);
    options.push({ kind: 'clock', good: skewMs <= SKEW_BAD_MS, skewMs });
  };
  const logIv = (now: Now): void => {
    const session = options.calendar.inSession(now.exchange);
    if (session === undefined || ivDay === session.day || now.exchange < session.close - IV_BEFORE_CLOSE_MS) return;
    ivDay = session.day;
    void options.ivLog.record(options.ivNames());
  };
  const fillHistory = (now: Now): void => {
    const day = options.calendar.lastClosed(now.exchange).day;
    if (backfilling || backfilled === day || !engine.beliefs.ready()) return;
    backfilling = true;
    void options.ivLog.backfill(options.ivNames()).finally(() => {
      backfilling = false;
      backfilled = day;
    });
  };

  return {
    start: () => {
      alive = true;
      let lastReconcile = clock.now().mono;
      repeat(() => Math.min(options.reconcileEveryMs, BUSY_RECONCILE_MS), async () => {
        const now = clock.now().mono;
        if (!busy() && now - lastReconcile < options.reconcileEveryMs - SECOND) return;
        lastReconcile = now;
        await options.reconciler.run('timer');
      });
      repeat(() => QUOTES_EVERY_MS, quotes);
      repeat(() => SKEW_EVERY_MS, skew);
    },
    stop: () => {
      alive = false;
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
    beat: (now) => {
      logIv(now);
      fillHistory(now);
    },
  };
}
