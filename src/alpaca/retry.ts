// Repeating what may be repeated: reads and cancels. Orders never pass through here.
import pRetry from 'p-retry';
import type { Clock } from '../ports/clock.ts';
import { AlpacaFault } from './faults.ts';

export interface RetryPolicy {
  /** All tries together, the first included. */
  readonly attempts: number;
  /** Every delay lies in [leastMs, ceiling), the ceiling doubling from `baseMs` up to `mostMs`. */
  readonly leastMs: number;
  readonly baseMs: number;
  readonly mostMs: number;
  /** Asked to wait longer than this, we give up rather than come back too soon. */
  readonly patienceMs: number;
}

/** Reads that change nothing. */
export const readPolicy: RetryPolicy = { attempts: 3, leastMs: 0, baseMs: 250, mostMs: 2_000, patienceMs: 10_000 };
/** Cancels: asking twice is asking once. */
export const cancelPolicy: RetryPolicy = { attempts: 5, leastMs: 200, baseMs: 500, mostMs: 2_000, patienceMs: 10_000 };

/** A failure that another try may cure: never a refusal, and never what we held back ourselves. */
export function isWorthRetrying(fault: AlpacaFault, policy: RetryPolicy): boolean {
  if (fault.kind === 'rate') return (fault.retryAfterMs ?? 0) <= policy.patienceMs;
  if (fault.status !== null && fault.status >= 400 && fault.status < 500) return false;
  return fault.code === 'ALPACA_CONNECT' || fault.kind === 'unknown';
}

/** Full jitter: uniform between the least delay and a doubling ceiling, and never sooner than the broker asked. */
export function retryDelay(failures: number, fault: AlpacaFault, policy: RetryPolicy, random: () => number): number {
  const ceiling = Math.min(policy.mostMs, policy.baseMs * 2 ** (failures - 1));
  const jitter = policy.leastMs + random() * Math.max(0, ceiling - policy.leastMs);
  return Math.max(jitter, fault.retryAfterMs ?? 0);
}

/**
 * Runs `task` until it succeeds, is refused, or the policy is spent; then its last fault is thrown.
 * Delays are ours, through the clock and the seeded `random`, because the library's own use the global ones.
 */
export function retry<T>(task: () => Promise<T>, policy: RetryPolicy, clock: Clock, random: () => number): Promise<T> {
  const hopeful = (error: Error): error is AlpacaFault => error instanceof AlpacaFault && isWorthRetrying(error, policy);
  return pRetry(task, {
    retries: policy.attempts - 1,
    minTimeout: 0,
    maxTimeout: 0,
    factor: 1,
    randomize: false,
    shouldRetry: ({ error }) => hopeful(error),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || !hopeful(error)) return;
      const ms = retryDelay(attemptNumber, error, policy, random);
      await new Promise<void>((resolve) => {
        clock.after(ms, resolve);
      });
    },
  });
}
