// What protects each kind of call: its lane, its breaker if it has one, its deadline, and its retries if it may have any.
import { EventEmitter } from 'node:events';
import type { z } from 'zod';
import type { BrokerHealth } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import {
  type Breaker,
  type BreakerPolicy,
  type BreakerState,
  BUCKET_MS,
  createBreaker,
  dataBreakerPolicy,
  entryPolicy,
  readBreakerPolicy,
} from './breaker.ts';
import { AlpacaFault } from './faults.ts';
import type { Gateway, Send } from './gateway.ts';
import { createLanes, type Lane, type Lanes } from './lanes.ts';
import { cancelPolicy, type RetryPolicy, readPolicy, retry } from './retry.ts';

/** Deadlines and policies that a test or a slow line may widen. */
export interface Patience {
  readonly orderMs: number;
  readonly readMs: number;
  readonly reads: RetryPolicy;
  readonly cancels: RetryPolicy;
}
export const defaultPatience: Patience = { orderMs: 10_000, readMs: 5_000, reads: readPolicy, cancels: cancelPolicy };

/** Wall time a call waits for room in the budget. An entry's verdict ages meanwhile, so it waits least. */
const waits: Readonly<Record<Lane, number>> = {
  exit: 10_000,
  cancel: 10_000,
  lookup: 5_000,
  reconcile: 10_000,
  entry: 2_000,
  info: 15_000,
};

export interface ResilienceOptions {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly random: () => number;
  readonly patience: Patience;
  /** Proof that the broker answers before the first order after trouble: reads only, throws when it does not. */
  readonly probe: () => Promise<void>;
  readonly breakerChanged: (lane: string, state: BreakerState) => void;
}

type OrderLane = 'entry' | 'exit';

export interface Resilience {
  /** A read of the trading host: repeated, behind the read breaker. */
  read<T>(lane: Extract<Lane, 'lookup' | 'reconcile' | 'info'>, send: Send, body: z.ZodType<T>): Promise<T>;
  /** A read of the data host. */
  data<T>(send: Send, body: z.ZodType<T>): Promise<T>;
  /** A cancel: repeated, behind no breaker. */
  cancel(send: Send): Promise<void>;
  /** An order, sent at most once. Exits pass no breaker; entries pass theirs, and after trouble only behind a probe. */
  order<T>(lane: OrderLane, send: Send, body: z.ZodType<T>, mayLeave: () => boolean): Promise<T>;
  health(): Pick<BrokerHealth, 'lanes' | 'rateRemaining'>;
  close(): void;
}

interface Tally {
  calls: number;
  failures: number;
}

/** Counts what passes through a lane without a breaker. */
const tallied = async <T>(tally: Tally, task: () => Promise<T>): Promise<T> => {
  tally.calls += 1;
  try {
    return await task();
  } catch (error) {
    if (error instanceof AlpacaFault && error.kind === 'unknown') tally.failures += 1;
    throw error;
  }
};

function startBeat(clock: Clock, beat: EventEmitter): () => void {
  let stop = clock.after(BUCKET_MS, tick);
  function tick(): void {
    beat.emit('rotate');
    stop = clock.after(BUCKET_MS, tick);
  }
  return () => stop();
}

/** One careful step back: only when the broker answers plain questions may an order be the next one. */
async function probed(entry: Breaker, probe: () => Promise<void>): Promise<void> {
  if (entry.state !== 'half_open') return;
  try {
    await probe();
  } catch (error) {
    if (!(error instanceof AlpacaFault)) throw error;
    entry.open();
    throw new AlpacaFault('ALPACA_BREAKER_OPEN', `the broker did not answer the probe: ${error.line}`);
  }
}

export function createResilience(options: ResilienceOptions): Resilience {
  const { gateway, clock, random, patience } = options;
  const beat = new EventEmitter();
  const stopBeat = startBeat(clock, beat);
  const breaker = (policy: BreakerPolicy): Breaker =>
    createBreaker(policy, beat, clock, (state) => options.breakerChanged(policy.name, state));
  const entry = breaker(entryPolicy);
  const read = breaker(readBreakerPolicy);
  const data = breaker(dataBreakerPolicy);
  const exits: Tally = { calls: 0, failures: 0 };
  const cancels: Tally = { calls: 0, failures: 0 };
  const tradingLanes = createLanes({ clock, reserved: true });
  const dataLanes = createLanes({ clock, reserved: false });

  const reading = <T>(budget: Lanes, through: Breaker, lane: Lane, send: Send, body: z.ZodType<T>): Promise<T> => {
    const once = (): Promise<T> =>
      gateway.call(budget, { lane, deadlineMs: patience.readMs, waitMs: waits[lane], send, body, through: (task) => through.run(task) });
    return retry(once, patience.reads, clock, random);
  };

  const sendOne = async <T>(lane: OrderLane, send: Send, body: z.ZodType<T>, mayLeave: () => boolean): Promise<T> => {
    const call = { lane, deadlineMs: patience.orderMs, waitMs: waits[lane], send, body, mayLeave };
    if (lane === 'exit') return gateway.call(tradingLanes, { ...call, through: (task) => tallied(exits, task) });
    if (entry.state === 'open') throw new AlpacaFault('ALPACA_BREAKER_OPEN', 'the entry breaker is open');
    await probed(entry, options.probe);
    const through = (task: () => Promise<T>): Promise<T> => {
      // Asked here too, so that an order we hold back ourselves is no evidence to a half-open breaker.
      if (!mayLeave()) throw new AlpacaFault('ALPACA_WITHHELD', 'permission was withdrawn before the request left');
      return entry.run(task);
    };
    return gateway.call(tradingLanes, { ...call, through });
  };

  // A half-open breaker lets one order through at a time: the next waits for its answer instead of being turned away.
  let trial: Promise<unknown> = Promise.resolve();
  const order = <T>(lane: OrderLane, send: Send, body: z.ZodType<T>, mayLeave: () => boolean): Promise<T> => {
    if (lane === 'exit' || entry.state !== 'half_open') return sendOne(lane, send, body, mayLeave);
    const mine = trial.then(() => sendOne(lane, send, body, mayLeave));
    trial = mine.catch(() => undefined);
    return mine;
  };

  const row = (name: string, from: Breaker): BrokerHealth['lanes'][number] => ({ lane: name, breaker: from.state, ...from.counts() });
  return {
    read: (lane, send, body) => reading(tradingLanes, read, lane, send, body),
    data: (send, body) => reading(dataLanes, data, 'info', send, body),
    cancel: (send) => {
      const call = { lane: 'cancel' as const, deadlineMs: patience.readMs, waitMs: waits.cancel, send, body: null };
      const once = (): Promise<undefined> => gateway.call(tradingLanes, { ...call, through: (task) => tallied(cancels, task) });
      return retry(once, patience.cancels, clock, random);
    },
    order,
    health: () => ({
      lanes: [
        row('entry', entry),
        row('read', read),
        row('data', data),
        { lane: 'exit', breaker: 'none', ...exits },
        { lane: 'cancel', breaker: 'none', ...cancels },
      ],
      rateRemaining: tradingLanes.remaining(),
    }),
    close: () => {
      stopBeat();
      for (const circuit of [entry, read, data]) circuit.shutdown();
      tradingLanes.close();
      dataLanes.close();
    },
  };
}
