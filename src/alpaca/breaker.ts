// One circuit breaker: it opens on what the broker did, never on what it refused, and comes back by one careful step.
import type { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import type { Clock } from '../ports/clock.ts';
import { AlpacaFault } from './faults.ts';

export type BreakerState = 'closed' | 'half_open' | 'open';

export interface BreakerPolicy {
  readonly name: string;
  /** Opens on this many failures within the window. */
  readonly failures: number;
  readonly windowMs: number;
  /** Opens as well when at least `share` percent of at least `volume` calls in the window failed; null never. */
  readonly rate: { readonly share: number; readonly volume: number } | null;
  /** Time until half-open; doubles with every opening in a row up to `mostResetMs`. */
  readonly resetMs: number;
  readonly mostResetMs: number;
  readonly startHalfOpen: boolean;
  /** Whether a connection that was never made counts: it proves an order unsent, but a host unreachable. */
  readonly countsUnreachable: boolean;
}

export const entryPolicy: BreakerPolicy = {
  name: 'entry',
  failures: 3,
  windowMs: 60_000,
  rate: { share: 50, volume: 6 },
  resetMs: 30_000,
  mostResetMs: 300_000,
  startHalfOpen: true,
  countsUnreachable: false,
};
export const readBreakerPolicy: BreakerPolicy = {
  name: 'read',
  failures: 5,
  windowMs: 30_000,
  rate: null,
  resetMs: 5_000,
  mostResetMs: 5_000,
  startHalfOpen: false,
  countsUnreachable: true,
};
export const dataBreakerPolicy: BreakerPolicy = { ...readBreakerPolicy, name: 'data' };

/** Breakers share one beat for their statistics instead of a timer each. */
export const BUCKET_MS = 6_000;

export interface Breaker {
  readonly state: BreakerState;
  /** @throws AlpacaFault ALPACA_BREAKER_OPEN without running the task while open, or while half-open and already trying */
  run<T>(task: () => Promise<T>): Promise<T>;
  open(): void;
  /** Failures and calls in the window. */
  counts(): { readonly failures: number; readonly calls: number };
  shutdown(): void;
}

type Task = () => Promise<unknown>;
// The typings know nothing of `state`, with which a breaker is born half-open.
type Options = CircuitBreaker.Options<[Task]> & {
  resetTimeout: number;
  state: { enabled: boolean; closed: boolean; halfOpen: boolean; warmUp: boolean; shutdown: boolean };
};

/** An answer of the broker closes a half-open breaker, and nothing but an ambiguous outcome counts against a closed one. */
const isFailure = (error: unknown, policy: BreakerPolicy, halfOpen: boolean): boolean => {
  if (!(error instanceof AlpacaFault)) return true;
  return error.kind === 'unknown' || (error.kind === 'unsent' && (halfOpen || policy.countsUnreachable));
};

function optionsOf(policy: BreakerPolicy, beat: EventEmitter, halfOpen: () => boolean): Options {
  return {
    name: policy.name,
    group: 'alpaca',
    timeout: false, // a deadline here would lose an acknowledgement that is on its way
    enabled: true,
    allowWarmUp: false,
    capacity: Number.MAX_SAFE_INTEGER,
    cache: false,
    resetTimeout: policy.resetMs,
    rollingCountTimeout: policy.windowMs,
    rollingCountBuckets: Math.max(1, Math.round(policy.windowMs / BUCKET_MS)),
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: beat,
    // Opens above the threshold, so a hair below the share; 100 is never exceeded.
    errorThresholdPercentage: policy.rate === null ? 100 : policy.rate.share - 1e-6,
    volumeThreshold: policy.rate?.volume ?? 1,
    errorFilter: (error: unknown) => !isFailure(error, policy, halfOpen()),
    state: { enabled: true, closed: !policy.startHalfOpen, halfOpen: policy.startHalfOpen, warmUp: false, shutdown: false },
  };
}

/** @param beat emits `rotate` every BUCKET_MS of wall time */
export function createBreaker(policy: BreakerPolicy, beat: EventEmitter, clock: Clock, changed: (state: BreakerState) => void): Breaker {
  const options = optionsOf(policy, beat, () => circuit.halfOpen);
  const circuit: CircuitBreaker<[Task]> = new CircuitBreaker<[Task]>((task) => task(), options);
  let recent: readonly number[] = [];
  circuit.on('failure', () => {
    const now = clock.now().mono;
    recent = [...recent.filter((at) => now - at < policy.windowMs), now];
    if (recent.length >= policy.failures) circuit.open();
  });
  circuit.on('open', () => {
    options.resetTimeout = Math.min(policy.mostResetMs, options.resetTimeout * 2); // the running timer keeps the time it was set to
    changed('open');
  });
  circuit.on('halfOpen', () => changed('half_open'));
  circuit.on('close', () => {
    recent = [];
    options.resetTimeout = policy.resetMs;
    changed('closed');
  });
  const state = (): BreakerState => (circuit.opened ? 'open' : circuit.halfOpen ? 'half_open' : 'closed');
  return {
    get state() {
      return state();
    },
    run: async <T>(task: () => Promise<T>): Promise<T> => {
      try {
        return (await circuit.fire(task)) as T;
      } catch (error) {
        if (error instanceof Error && CircuitBreaker.isOurError(error))
          throw new AlpacaFault('ALPACA_BREAKER_OPEN', `the ${policy.name} breaker is ${state().replace('_', '-')}`);
        throw error;
      }
    },
    open: () => circuit.open(),
    counts: () => ({ failures: circuit.stats.failures, calls: circuit.stats.fires }),
    shutdown: () => circuit.shutdown(),
  };
}
