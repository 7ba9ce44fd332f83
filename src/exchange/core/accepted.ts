// The verdict on an order that may be taken.
import type { ListedContract } from '../market.ts';
import type { XIntent } from '../types.ts';

/** What the checks found out about an order that may be taken. */
export interface Accepted {
  readonly ok: true;
  /** null for a package. */
  readonly intent: XIntent | null;
  /** Units; of an order for an amount, what the amount comes to at the price it was costed at. */
  readonly qty: number;
  /** The touch a trailing stop starts from, micros; null for any other order. */
  readonly hwm: number | null;
  /** Cash to hold while it is open, micros. */
  readonly held: number;
  /** Why the venue will refuse it on arrival; null when it will not. */
  readonly venueReason: string | null;
  /** The broker's own order: no venue turns it down. */
  readonly own?: true;
  /** The contracts it names, to be remembered beyond their listing. */
  readonly contracts: readonly ListedContract[];
}
