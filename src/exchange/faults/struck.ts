// A fault that has struck, as logs tell of it.
import type { FaultKind } from './plan.ts';

export interface Struck {
  /** Its place in the plan, from 0. */
  readonly index: number;
  readonly kind: FaultKind;
  /** Exchange time, UTC milliseconds. */
  readonly at: number;
  /** The request, stream, symbol or account it struck. */
  readonly where: string;
  readonly detail: string;
}
