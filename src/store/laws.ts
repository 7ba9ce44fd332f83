// The laws that the state tables follow from, of execution/: handed in, since they stand in another layer.
import type { Owner, StrategyId, Symbol } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Closure, Lot, LotCause } from '../domain/lot.ts';
import type { NetQty, Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Decided, Trade } from '../domain/trade.ts';

/** A fill or a ledger row that moves units. */
export interface UnitMovement {
  readonly owner: Owner;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
  readonly by: string;
  readonly kind: LotCause;
  readonly at: EpochMs;
  readonly code: ReasonCode | null;
  readonly trade: string | null;
}

interface Conversion {
  readonly to: Instrument;
  readonly total: number;
  readonly by: string;
  readonly at: EpochMs;
  readonly day: TradingDay;
}

interface CycleStep {
  readonly owner: StrategyId;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
  readonly sharesAfter: NetQty;
  readonly flatAfter: boolean;
}

type LotStep = { readonly taken: readonly Lot[]; readonly closures: readonly Closure[] };

/** `ledgerLaws` of execution/laws.ts. */
export interface Laws {
  readonly applyExecution: (before: Position | null, execution: UnitMovement) => Position | null;
  readonly applyToLots: (
    before: readonly Lot[],
    movement: UnitMovement,
  ) => LotStep & { readonly open: readonly Lot[]; readonly opened: Lot | null };
  readonly convertLots: (before: readonly Lot[], conversion: Conversion) => LotStep & { readonly opened: readonly Lot[] };
  readonly convertPosition: (before: Position, there: Position | null, conversion: Conversion) => Position | null;
  readonly applyToCycle: (before: Cycle | null, step: CycleStep) => Cycle | null;
  readonly renames: (was: Symbol, to: Instrument) => boolean;
  readonly renameCycle: (before: Cycle, there: Cycle | null, underlying: Symbol) => Cycle;
  readonly newTrade: (order: Order, decided: Decided | undefined, at: EpochMs, day: TradingDay) => Trade | null;
  readonly withLot: (trade: Trade, lot: Lot) => Trade;
  readonly withClosure: (trade: Trade, instrument: Instrument, closure: Closure) => Trade;
}
