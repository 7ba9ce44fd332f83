// What is nobody's strategy: reconcile on a timer, fresh quotes for what is held or walked, the clock's skew, the
// volatility log, and the looks at equity.
import type { EngineEvent } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { isLive } from '../domain/order-machine.ts';
import { MINUTE, type Now, SECOND, type TradingDay } from '../domain/time.ts';
import type { Engine } from '../engine/contract.ts';
import type { Board } from '../market/board.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { MOVES_MAX } from '../risk/portfolio/history.ts';
import type { Feeder } from './feeder.ts';
import type { IvLog } from './iv-log.ts';
import { createLooks } from './looks.ts';
import type { Reconciler } from './reconciler.ts';

export interface DutiesOptions {
  readonly clock: Clock;
  readonly board: Board;
  readonly broker: Broker;
  readonly calendar: Calendar;
  readonly engine: Engine;
  readonly feeder: Feeder;
  readonly ivLog: IvLog;
  readonly reconciler: Reconciler;
  readonly push: (event: EngineEvent) => void;
  readonly reconcileEveryMs: number;
  readonly ivNames: () => readonly Symbol[];
}

export interface Duties {
  start(): void;
  stop(): void;
  beat(now: Now): void;
}

/** A bar more than the moves that are looked back on. */
const BARS_OF_A_YEAR = MOVES_MAX + 1;
const QUOTES_EVERY_MS = 2 * SECOND;
/** While orders live, their fate is polled this often, whatever the stream says: a mute stream looks like a healthy one. */
const BUSY_RECONCILE_MS = 10 * SECOND;
const SKEW_EVERY_MS = 30 * SECOND;
const SKEW_BAD_MS = 5 * SECOND;
/** Minutes before the close at which the day's implied volatility is read. */
const IV_BEFORE_CLOSE_MS = 15 * MINUTE;

/** Runs tasks again and again, each pause counted from the end of the one before. */
function repeater(clock: Clock) {
  const cancels = new Set<() => void>();
  let alive = true;
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
  return {
    repeat,
    stop: () => {
      alive = false;
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}

/** How far the broker's clock is from ours, wall milliseconds; it spoke between two of our readings, and exchange time runs on meanwhile. */
async function measureSkew({ clock, broker, push }: DutiesOptions): Promise<void> {
  const before = clock.now();
  const answer = await broker.clock();
  if (!answer.ok) return;
  const now = clock.now();
  const skewMs = Math.round(Math.max(before.exchange - answer.value.at, answer.value.at - now.exchange, 0) / now.speed);
  push({ kind: 'clock', good: skewMs <= SKEW_BAD_MS, skewMs });
}

/** The volatility log: today's reading before the close, and past ones filled in once a day. */
function volatilityDuty({ calendar, engine, ivLog, ivNames }: DutiesOptions): (now: Now) => void {
  let readDay: TradingDay | null = null;
  let filling = false;
  let filledDay = '';
  return (now) => {
    const session = calendar.inSession(now.exchange);
    if (session !== undefined && readDay !== session.day && now.exchange >= session.close - IV_BEFORE_CLOSE_MS) {
      readDay = session.day;
      void ivLog.record(ivNames());
    }
    const day = calendar.lastClosed(now.exchange).day;
    if (filling || filledDay === day || !engine.beliefs.ready()) return;
    filling = true;
    void ivLog.backfill(ivNames()).finally(() => {
      filling = false;
      filledDay = day;
    });
  };
}

export function createDuties(options: DutiesOptions): Duties {
  const { clock, engine, feeder } = options;
  const tasks = repeater(clock);
  const looks = createLooks(options);
  const volatility = volatilityDuty(options);
  const busy = (): boolean => [...engine.beliefs.orders.values()].some((o) => isLive(o) && o.purpose !== 'P');
  const quotes = async (): Promise<void> => {
    const watching = engine.beliefs.watching();
    await feeder.quotes(watching);
    // Risk is measured by a year of daily moves beside the market's; resting stops are set from the last close.
    const names = new Set([engine.beliefs.limits.exposure.marketIndex, ...watching.map((symbol) => instrumentOf(symbol).underlying)]);
    await feeder.dailyBars([...names].map((symbol) => ({ symbol, sessions: BARS_OF_A_YEAR })));
    // A call that is short is exercised for a dividend, whoever sold it.
    const calls = engine.beliefs.positions().filter((p) => p.instrument.kind === 'option' && p.instrument.right === 'call' && p.qty < 0);
    await feeder.dividends([...new Set(calls.map((p) => p.instrument.underlying))]);
  };
  return {
    start: () => {
      let last = clock.now().mono;
      tasks.repeat(
        () => Math.min(options.reconcileEveryMs, BUSY_RECONCILE_MS),
        async () => {
          const now = clock.now().mono;
          if (!busy() && now - last < options.reconcileEveryMs - SECOND) return;
          last = now;
          await options.reconciler.run('timer');
        },
      );
      tasks.repeat(() => QUOTES_EVERY_MS, quotes);
      tasks.repeat(() => looks.everyMs, looks.look);
      void looks.volatility().finally(() => tasks.repeat(looks.volatilityEveryMs, looks.volatility));
      tasks.repeat(
        () => SKEW_EVERY_MS,
        () => measureSkew(options),
      );
    },
    stop: tasks.stop,
    beat: volatility,
  };
}
