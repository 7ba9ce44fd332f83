// The rows of the exchange's truth, as they are kept in memory and in the file.
import type { ListedContract, Mark } from '../market.ts';
import type { XActivity, XOrder, XPosition, XSettings, XStatus } from '../types.ts';

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
  /** Absent until the holder sets something. */
  readonly settings?: XSettings;
  /** Series that are to lapse at tonight's expiry, whatever they are worth; absent when there are none. */
  readonly declined?: readonly string[];
  /** Interest that has run up and is not booked yet, micros; absent before any has. */
  readonly interest?: { readonly debit: number; readonly credit: number };
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
  /** Units that trade at its limit before it does; absent when none do. */
  readonly ahead?: number;
  /** Why the venue will refuse it when it arrives; null when it will not. */
  readonly venueReason: string | null;
  /** A trade that was guaranteed and is not printed yet, part by part; absent when there is none. */
  readonly guaranteed?: readonly { readonly price: number; readonly mark: Mark }[];
  /** What must happen before it can work at all; null when nothing must. */
  readonly awaits: Awaited | null;
  /** The order that is about to take its place, and when; null when none is. */
  readonly replacement: { readonly by: string; readonly at: number } | null;
}

/**
 * `entry`: a leg waits for the order it protects to be filled whole. `replace`: a replacement waits for the order it replaces
 * to give way; `held` is the cash it will hold then, for the units left when it was asked for.
 */
export type Awaited =
  | { readonly kind: 'entry' }
  | { readonly kind: 'replace'; readonly of: string; readonly held: number; readonly units: number };

type Later = 'awaits' | 'replacement';
type LaterOrder = 'notional' | 'trail' | 'hwm' | 'parentId' | 'children' | 'replaces' | 'replacedBy' | 'replacedAt';

/** An order as files of the first format hold it. */
export interface FirstBookOrder extends Omit<BookOrder, Later | 'order'> {
  readonly order: Omit<XOrder, LaterOrder>;
}

const alone: Pick<BookOrder, Later> = { awaits: null, replacement: null };
const plain: Pick<XOrder, LaterOrder> = {
  notional: null,
  trail: null,
  hwm: null,
  parentId: null,
  children: [],
  replaces: null,
  replacedBy: null,
  replacedAt: null,
};

/** An order of any format as it is kept now: the first knew no groups, no replacements, no trails and no amounts. */
export const bookOrderOf = (row: FirstBookOrder): BookOrder => ({ ...alone, ...row, order: { ...plain, ...row.order } });

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

const closedStatuses: ReadonlySet<XStatus> = new Set(['filled', 'canceled', 'expired', 'replaced', 'rejected']);
export const isOpen = (order: XOrder): boolean => !closedStatuses.has(order.status);
