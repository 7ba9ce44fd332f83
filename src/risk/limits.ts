// The figures the gate judges by, parsed and bounded by the configuration. Money in micros, ages in wall milliseconds.
import type { StrategyId } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { ExposureLimits } from './limits-exposure.ts';
import type { LossLimits, VolatilityLimits } from './limits-losses.ts';
import type { OrderLimits } from './limits-orders.ts';

/** Caps of the class of strategies that expect to lose what they put in. Whatever they ask for, no more is put at stake. */
export interface LotteryLimits {
  readonly strategies: readonly StrategyId[];
  /** Parts of equity at stake in one trade, in all that one session opens, and in all that one ISO week opens. */
  readonly tradePct: number;
  readonly dayPct: number;
  readonly weekPct: number;
  /** Trades opened in one ISO week. */
  readonly weekTradesMax: number;
}

export interface RiskLimits {
  /** Openings are refused this long after the open and before the close, exchange milliseconds. */
  readonly openBufferMs: number;
  readonly closeBufferMs: number;
  readonly equityQuoteAgeMsMax: number;
  readonly optionQuoteAgeMsMax: number;
  readonly accountAgeMsMax: number;
  readonly reconcileAgeMsMax: number;
  /** Per order: the smaller of an amount and a share of equity; index funds have a share of their own. */
  readonly orderNotionalMax: Usd;
  readonly orderEquityPctMax: number;
  readonly indexFundEquityPctMax: number;
  readonly indexFunds: readonly string[];
  readonly contractsMax: number;
  /** Collar around the mid: shares as a fraction, options the larger of an amount, a fraction, and the spread. */
  readonly collarShareMin: Usd;
  readonly collarIndexFundPct: number;
  readonly collarSharePct: number;
  readonly collarOptionMin: Usd;
  readonly collarOptionPct: number;
  /** Kept out of buying power, a share of equity. */
  readonly cashBufferPct: number;
  /** The same strategy opening the same legs again inside this much exchange time is a duplicate. */
  readonly duplicateWindowMs: number;
  /** Exit walks of one position inside ten minutes, and orders of one walk. */
  readonly exitLaddersMax: number;
  readonly exitRungsMax: number;
  /** What is bought to be lost whole. */
  readonly lottery: LotteryLimits;
  /** One order, one strategy, and how the account behaves. */
  readonly orders: OrderLimits;
  /** What the book as a whole may carry. */
  readonly exposure: ExposureLimits;
  /** Losses that stop openings, and how nervous a market makes them smaller. */
  readonly losses: LossLimits;
  readonly volatility: VolatilityLimits;
}
