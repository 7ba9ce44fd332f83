// Stand-ins for the daemon's surroundings, written by hand: a clock that is moved, turns that carry what a test gives them, a broker that notes what it is asked.
import type { EngineEvent } from '../../../src/domain/event.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import type { Broker, SnapshotRequest } from '../../../src/ports/broker.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { openDesk } from '../engine/desk.ts';

export interface HandClock extends Clock {
  /** Moves both clocks and rings what is due, in the order of its instants. */
  advance(ms: number): void;
  readonly alarms: number;
}

export function handClock(start = 1_773_158_400_000): HandClock {
  let mono = 0;
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  return {
    now: () => ({ exchange: epochMs(start + mono), mono: monoMs(mono), speed: 1 }),
    after(ms, ring) {
      const alarm = { at: mono + ms, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    wallUntil: (at) => Math.max(0, at - start - mono),
    advance(ms) {
      const target = mono + ms;
      for (;;) {
        const due = [...alarms].filter((a) => a.at <= target).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        alarms.delete(due);
        mono = Math.max(mono, due.at);
        due.ring();
      }
      mono = target;
    },
    get alarms() {
      return alarms.size;
    },
  };
}

/** A turn that left nothing behind, but for what is given. */
export const turnOf = (event: EngineEvent, over: Partial<Turn> = {}): Turn => ({
  seq: 1,
  at: { exchange: epochMs(0), mono: monoMs(0), speed: 1 },
  day: tradingDay('2026-03-10'),
  event,
  decisions: [],
  orders: [],
  fills: [],
  ledger: [],
  positions: [],
  cycles: [],
  trades: [],
  lots: [],
  closures: [],
  exits: [],
  names: [],
  memories: new Map(),
  iv: [],
  halts: null,
  equity: null,
  losses: null,
  risk: null,
  modes: null,
  activityWatermark: null,
  control: null,
  commands: [],
  notes: [],
  wakeAt: null,
  ...over,
});

export interface NotedBroker extends Broker {
  readonly asked: readonly string[];
  readonly requests: readonly SnapshotRequest[];
  /** Lets the snapshots that were asked for so far be answered. */
  answer(ok: boolean): Promise<void>;
}

/** A broker that accepts every order, and reads when it is told to. */
export function notedBroker(clock: Clock): NotedBroker {
  const desk = openDesk(1_000, () => tradingDay('2026-03-10'));
  const asked: string[] = [];
  const requests: SnapshotRequest[] = [];
  const waiting: ((ok: boolean) => void)[] = [];
  return {
    asked,
    requests,
    connect: () => {},
    submit(order, mayLeave) {
      asked.push(`submit ${order.id} ${mayLeave()}`);
      return Promise.resolve({ kind: 'accepted', report: desk.accept(order) });
    },
    cancel(order) {
      asked.push(`cancel ${order.id}`);
      return Promise.resolve('requested');
    },
    find(id) {
      asked.push(`find ${id}`);
      return Promise.resolve({ kind: 'absent' });
    },
    snapshot(request) {
      requests.push(request);
      return new Promise((resolve) => {
        waiting.push((ok) =>
          resolve(
            ok ? { ok: true, value: desk.snapshot(clock.now()) } : { ok: false, fault: 'ALPACA_TIMEOUT', auth: false, why: 'timeout' },
          ),
        );
      });
    },
    account: () => Promise.resolve({ ok: true, value: desk.snapshot(clock.now()).account }),
    clock: () => Promise.resolve({ ok: false, fault: 'ALPACA_TIMEOUT', auth: false, why: 'timeout' }),
    sessions: () => Promise.resolve({ ok: true, value: [] }),
    restartStream: () => {},
    health: () => ({ lanes: [], stream: { up: true, reconnects: 0, lastFrameAgeMs: null }, rateRemaining: null }),
    close: () => Promise.resolve(),
    async answer(ok) {
      for (const settle of waiting.splice(0)) settle(ok);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
