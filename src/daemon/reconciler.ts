// Reads the broker and brings the read to the engine; one at a time, later wishes share the one under way.

import type { EngineEvent } from '../domain/event.ts';
import { epochMs, type Now } from '../domain/time.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';

export interface Reconciler {
  /** Resolves when the engine has seen the read, or its failure. */
  run(because: string): Promise<void>;
  /** As `run`, unless a read that began at most a moment ago has been seen: what is due together shares one. */
  recent(because: string): Promise<void>;
}

/** Wall and exchange milliseconds in which the account of one read is as good as that of another: a fast exchange does much in two seconds. */
const MOMENT_MS = 2_000;
const EXCHANGE_MOMENT_MS = 1_800_000;

/** Closed orders and activities are read from the engine's own watermarks on. */
export function createReconciler(broker: Broker, beliefs: Beliefs, clock: Clock, push: (event: EngineEvent) => void): Reconciler {
  let underWay: Promise<void> | null = null;
  let seen: Now | null = null;
  const read = async (): Promise<void> => {
    const began = clock.now();
    const after = beliefs.ordersWatermark();
    const answer = await broker.snapshot({
      ordersAfter: after === null ? null : epochMs(after),
      activitiesAfter: epochMs(beliefs.activitiesWatermark()),
    });
    // A wish that this very answer gives rise to is a new read, not this one again.
    underWay = null;
    if (answer.ok) seen = began;
    push(answer.ok ? { kind: 'snapshot', snapshot: answer.value } : { kind: 'snapshot_failed', because: answer.why });
  };
  const run = (): Promise<void> => {
    underWay ??= read();
    return underWay;
  };
  return {
    run,
    recent: () => {
      const now = clock.now();
      const fresh = seen !== null && now.mono - seen.mono <= MOMENT_MS && now.exchange - seen.exchange <= EXCHANGE_MOMENT_MS;
      return fresh ? Promise.resolve() : run();
    },
  };
}
