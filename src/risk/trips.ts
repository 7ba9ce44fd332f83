// Bursts of trouble with the broker: when its errors and refusals came so thick that openings must pause.
import { after, type EpochMs } from '../domain/time.ts';
import type { ErrorLimits } from './limits-orders.ts';

/** A `reject` is the broker's no; an `error` is no answer, or one that proves that nothing was sent. */
export interface Fault {
  readonly kind: 'reject' | 'error';
  readonly at: EpochMs;
}

/**
 * The instants at which a window held too many of one kind. Counting begins anew after each, so that one burst counts once.
 * @param faults ascending
 */
export function tripsOf(faults: readonly Fault[], { errorsMax, rejectsMax, windowMs }: ErrorLimits): readonly EpochMs[] {
  const trips: EpochMs[] = [];
  let window: Fault[] = [];
  for (const fault of faults) {
    window = [...window.filter((f) => f.at > fault.at - windowMs), fault];
    const count = (kind: Fault['kind']): number => window.filter((f) => f.kind === kind).length;
    if (count('error') < errorsMax && count('reject') < rejectsMax) continue;
    trips.push(fault.at);
    window = [];
  }
  return trips;
}

/** When openings may go on; null when nothing keeps them. */
export function pausedUntil(faults: readonly Fault[], limits: ErrorLimits): EpochMs | null {
  const last = tripsOf(faults, limits).at(-1);
  return last === undefined ? null : after(last, limits.pauseMs);
}
