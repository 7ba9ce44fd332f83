// This machine's time as the clock port: exchange time is the wall's, held from stepping back.
import { epochMs, monoMs } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

/** Timers beyond about 24.8 days fire at once; alarms are re-armed well below that. */
const LONGEST_MS = 24 * 3_600_000;

/** An alarm of any length; returns its cancel. */
export function alarm(ms: number, ring: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    timer = left > LONGEST_MS ? setTimeout(() => arm(left - LONGEST_MS), LONGEST_MS) : setTimeout(ring, Math.max(0, left));
  };
  arm(ms);
  return () => clearTimeout(timer);
}

/** Speed 1. A wall clock set back stands still until it has caught up. */
export function systemClock(): Clock {
  let latest = 0;
  const wall = (): number => {
    latest = Math.max(latest, Date.now());
    return latest;
  };
  return {
    now: () => ({ exchange: epochMs(wall()), mono: monoMs(performance.now()), speed: 1 }),
    after: alarm,
    wallUntil: (at) => Math.max(0, at - wall()),
  };
}
