// The last orders that left, and what became of them. Runtime alone: a restart begins to look anew.
import type { ClientOrderId } from '../domain/ids.ts';
import type { MonoMs } from '../domain/time.ts';
import type { OrderOutcome } from '../execution/budgets.ts';

export interface ExecutionWindow {
  /** Orders under way, and when their bytes may first have left. */
  readonly sent: Map<ClientOrderId, MonoMs>;
  /** Orders that were heard of, the oldest first. */
  readonly outcomes: Map<ClientOrderId, OrderOutcome>;
  slow: boolean;
  refusing: boolean;
}

export const newExecutionWindow = (): ExecutionWindow => ({ sent: new Map(), outcomes: new Map(), slow: false, refusing: false });
