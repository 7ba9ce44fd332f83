// The rows of the exchange's truth, as they are kept in memory and in the file.
import type { ListedContract } from '../market.ts';
import type { XActivity, XOrder, XPosition, XStatus } from '../types.ts';

export interface AccountRow {
  /** The name key pairs give it; every other row refers to it by this. */
  readonly name: string;
  readonly id: string;
  readonly number: string;
  readonly cash: number;
  /** Equity at the close before the current New York date. */
  readonly lastEquity: number;
  /** Equity at the last close; becomes `lastEquity` at midnight. */
  readonly closingEquity: number;
  readonly createdAt: number;
}

/** An order and what the exchange still has to do with it. */
export interface BookOrder {
  readonly order: XOrder;
  /** When the venue acknowledges it; null once it has. */
  readonly ackAt: number | null;
  /** When it is next tried against the touch by itself; null when it rests and only the sampling grid looks at it. */
  readonly matchAt: number | null;
  readonly cancelAt: number | null;
  /** Units that fill before the rest does; null when it fills in one piece. */
  readonly firstPart: number | null;
  /** It has met a touch it could not take in this session: from then on it fills at its own limit, not better. */
  readonly rested: boolean;
  /** Why the venue will refuse it when it arrives; null when it will not. */
  readonly venueReason: string | null;
}

/** Price of a held symbol at the last close and at the one before the current date. */
export interface CloseMark {
  readonly symbol: string;
  readonly close: number | null;
  readonly previous: number | null;
}

export interface HeldPosition {
  readonly account: string;
  readonly position: XPosition;
}
export interface BookedActivity {
  readonly seq: number;
  readonly account: string;
  readonly row: XActivity;
}

export interface Scalars {
  /** The last instant the truth was brought up to. */
  readonly at: number;
  /** Orders taken so far. */
  readonly ordinal: number;
  /** Identifiers drawn so far. */
  readonly drawn: number;
  readonly seed: number;
}

/** Everything there is, as it is read from and written to the file. */
export interface Image {
  readonly scalars: Scalars;
  readonly accounts: readonly AccountRow[];
  readonly orders: readonly BookOrder[];
  readonly positions: readonly HeldPosition[];
  readonly activities: readonly BookedActivity[];
  readonly contracts: readonly ListedContract[];
  readonly marks: readonly CloseMark[];
}

/** Rows to write; a position of quantity 0 is to be removed. */
export type Changes = Image;

const closedStatuses: ReadonlySet<XStatus> = new Set(['filled', 'canceled', 'expired', 'rejected']);
export const isOpen = (order: XOrder): boolean => !closedStatuses.has(order.status);
