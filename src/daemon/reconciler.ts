// Reads the broker and brings the read to the engine; one at a time, later wishes share the one under way.

import type { EngineEvent } from '../domain/event.ts';
import { epochMs } from '../domain/time.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { Broker } from '../ports/broker.ts';

export interface Reconciler {
  /** Resolves when the engine has seen the read, or its failure. */
  run(because: string): Promise<void>;
}

/** Closed orders and activities are read from the engine's own watermarks on. */
export function createReconciler(broker: Broker, beliefs: Beliefs, push: (event: EngineEvent) => void): Reconciler {
  let underWay: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    const after = beliefs.ordersWatermark();
    const answer = await broker.snapshot({
      ordersAfter: after === null ? null : epochMs(after),
      activitiesAfter: epochMs(beliefs.activitiesWatermark()),
    });
    // A wish that this very answer gives rise to is a new read, not this one again.
    underWay = null;
    push(answer.ok ? { kind: 'snapshot', snapshot: answer.value } : { kind: 'snapshot_failed', because: answer.why });
  };
  return {
    run: () => {
      underWay ??= read();
      return underWay;
    },
  };
}
