// Time as a service: two clocks, one alarm.
import type { EpochMs, MonoMs, Now } from '../domain/time.ts';

export interface Clock {
  /** Both clocks at this moment. Exchange time never steps back within a run. */
  now(): Now;
  /** Rings once after `ms` of wall time (capped and re-armed beyond the timer limit); returns its cancel. */
  after(ms: number, ring: () => void): () => void;
  /** How much wall time until an instant of exchange time, at the present speed; 0 when past. */
  wallUntil(at: EpochMs): number;
}

/** Exchange time as announced by an exchange: this instant, this speed, from this moment of ours. */
export interface ClockAnnouncement {
  readonly exchange: EpochMs;
  readonly speed: number;
  readonly heard: MonoMs;
}
