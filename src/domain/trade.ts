// One decision to open and all that came of it, to the last unit: executions, assignments, exits and what they brought.
import type { Json } from './decision.ts';
import type { StrategyId, Symbol } from './ids.ts';
import type { Instrument } from './instrument.ts';
import type { Legs } from './legs.ts';
import type { NetQty, Usd } from './money.ts';
import type { HalfSpreads } from './penalty.ts';
import type { ReasonCode } from './reasons.ts';
import { addDays, type EpochMs, type TradingDay } from './time.ts';

/** What the decision behind an order said of it, for as long as the order may still fill. */
export interface Decided {
  readonly code: ReasonCode;
  readonly why: string;
  /** Worst loss of the whole opening, positive; null for a close. */
  readonly maxLoss: Usd | null;
  /** Numbers the strategy wants back while the trade lives; null when it gave none. */
  readonly thesis: Json;
  /** Half the spreads of the market it was decided in; absent where that was not kept. */
  readonly halfSpreads?: HalfSpreads;
}

/** What is left of a trade in one instrument. */
export interface TradeHolding {
  readonly instrument: Instrument;
  /** Signed: negative is short. Zero holdings are not kept. */
  readonly qty: NetQty;
  /** Signed cash of what is left: paid is negative. */
  readonly cash: Usd;
}

export interface Trade {
  /** The ladder key of the walk that opened it. */
  readonly id: string;
  readonly owner: StrategyId;
  readonly underlying: Symbol;
  /** As decided: one package. */
  readonly legs: Legs;
  readonly code: ReasonCode;
  readonly why: string;
  /** Worst loss of the whole as decided, positive. */
  readonly maxLoss: Usd;
  readonly thesis: Json;
  /** The first execution. */
  readonly openedAt: EpochMs;
  readonly openedDay: TradingDay;
  /** Packages filled so far by the walk that opened it. */
  readonly units: number;
  /** Signed cash of the executions that opened it: paid is negative. */
  readonly entryCash: Usd;
  /** What is left, shares that were delivered included, in the order in which they came. */
  readonly held: readonly TradeHolding[];
  /** Won or lost so far by what was closed. */
  readonly realized: Usd;
  /** null while anything is held. */
  readonly closedAt: EpochMs | null;
  readonly closedDay: TradingDay | null;
  /** Reason of the closing that left nothing; null while open, or when the decision behind the order is not on record. */
  readonly exit: ReasonCode | null;
}

/** True while anything of the trade is held. */
export const isOpen = (trade: Trade): boolean => trade.closedAt === null;

/** Calendar days for which a closed trade stays in sight of its strategy. */
export const CLOSED_TRADE_DAYS = 45;

/** True while a trade is open, or was closed in the last 45 days. */
export const isRecent = (trade: Trade, today: TradingDay): boolean =>
  trade.closedDay === null || trade.closedDay >= addDays(today, -CLOSED_TRADE_DAYS);

/** Signed units left of one symbol: of a leg, or of the shares that came of it. */
export const qtyLeft = (trade: Trade, symbol: Symbol): number => trade.held.find((h) => h.instrument.symbol === symbol)?.qty ?? 0;
