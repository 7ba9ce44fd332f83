// Where each unit we hold came from and what came of it: lots, consumed first in, first out, and the closures that consume them.
import type { Owner } from './ids.ts';
import type { Instrument } from './instrument.ts';
import type { NetQty, Usd } from './money.ts';
import type { FillRow, LedgerKind } from './position.ts';
import type { ReasonCode } from './reasons.ts';
import type { EpochMs, TradingDay } from './time.ts';

/** What moved the units: an execution of an order of ours, or a ledger row. */
export type LotCause = 'fill' | LedgerKind;
/** `held`: a position that is older than the record of lots, taken over whole, at its average cost. */
export type LotOrigin = LotCause | 'held';

/** Units of one instrument that one execution or ledger row opened. Identity never changes; what is left only shrinks. */
export interface Lot {
  /** Key of the fill or ledger row that opened it. */
  readonly id: string;
  readonly owner: Owner;
  readonly instrument: Instrument;
  /** The trade it belongs to; null for what no decision of ours opened. */
  readonly trade: string | null;
  readonly origin: LotOrigin;
  readonly openedAt: EpochMs;
  readonly openedDay: TradingDay;
  /** Signed: negative is short. */
  readonly qty: NetQty;
  /** Signed cash of the whole: paid is negative. */
  readonly cash: Usd;
  /** Signed as `qty`; 0 once closed. */
  readonly qtyLeft: NetQty;
  /** The part of `cash` that belongs to what is left. */
  readonly cashLeft: Usd;
}

/** Units of a lot that one execution or ledger row closed: never changed, never deleted. At most one for each (lot, by). */
export interface Closure {
  readonly lot: string;
  /** Key of the fill or ledger row that closed them. */
  readonly by: string;
  readonly kind: LotCause;
  readonly at: EpochMs;
  readonly day: TradingDay;
  /** Signed as the lot: what was sold of a long lot is positive. */
  readonly qty: NetQty;
  /** Signed cash of the closing: received is positive. */
  readonly cash: Usd;
  /** `cash` and the lot's own share of cash together: what was won (positive) or lost. */
  readonly realized: Usd;
  /** Why; null when the decision behind the order is not on record. */
  readonly code: ReasonCode | null;
}

/** The name of an execution: an order's leg and the cumulative quantity after it. */
export const fillKey = (row: Pick<FillRow, 'order' | 'legNo' | 'cumQty'>): string => `${row.order}/${row.legNo}/${row.cumQty}`;

/** Why a ledger row closes what it closes. Shares that leave by an assignment are called away. */
export function closingCode(kind: LedgerKind, instrument: Instrument, qty: number): ReasonCode {
  switch (kind) {
    case 'assignment':
      return instrument.kind === 'equity' && qty < 0 ? 'CALLED_AWAY' : 'ASSIGNED';
    case 'exercise':
      return 'EXERCISED';
    case 'expiry':
      return 'EXPIRED';
    default:
      return 'ADJUSTED';
  }
}
