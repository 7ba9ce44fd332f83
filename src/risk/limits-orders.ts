// What one order, one strategy and one account may do, beside freshness, hours and price: parsed and bounded by the configuration.
// Parts are fractions of equity unless said otherwise, money is micros, times are exchange milliseconds.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { Bucket } from './token-bucket.ts';

/**
 * What a strategy's ceilings are held against. `loss`: the most it can lose, or what a gap takes where that has no useful bound.
 * `collateral`: strike x 100 of puts sold, in one name for one trade. `value`: the market value of shares.
 */
export type Measure = 'loss' | 'collateral' | 'value';

/** Over what a strategy's own ceiling counts: what is open now, or all that was opened in a session or an ISO week, closed or not. */
export type Span = 'open' | 'day' | 'week';

export interface Ceiling {
  readonly measure: Measure;
  readonly over: Span;
  readonly tradePct: number;
  readonly strategyPct: number;
  /** What of a premium its stop gives up, and how much of equity that may be; null where no stop is counted on. */
  readonly atStop: { readonly part: number; readonly pct: number } | null;
}

export interface RateLimits {
  readonly account: Bucket;
  readonly strategy: Bucket;
  readonly symbol: Bucket;
  readonly dayOpeningsMax: number;
}

export interface HealthLimits {
  readonly lossesInARow: number;
  readonly expectancyTrades: number;
  /** Student's t of the mean result under which a strategy is taken to lose, negative. */
  readonly expectancyT: number;
  readonly dayLossPct: number;
}

export interface ErrorLimits {
  /** So many inside the window, and openings pause. */
  readonly errorsMax: number;
  readonly rejectsMax: number;
  readonly windowMs: number;
  readonly pauseMs: number;
}

export interface EventLimits {
  /** Sessions after today whose reports count, by strategy; one that is not named does not ask. */
  readonly earningsSessions: ReadonlyMap<StrategyId, number>;
  /** Strategies that hold to expiry: no report before it. */
  readonly earningsUntilExpiry: readonly StrategyId[];
  /** No call is sold so many sessions or fewer before its share goes ex-dividend; 0: not asked. */
  readonly exDividendSessions: number;
  /** Around a macro event whose minute is known. */
  readonly macroBeforeMs: number;
  readonly macroAfterMs: number;
  readonly macroExempt: readonly StrategyId[];
}

export type DayTradePolicy = 'off' | 'legacy_pdt' | 'intraday_margin' | 'cash_gfv';

export interface BudgetLimits {
  readonly strategies: readonly StrategyId[];
  readonly longPremiumPct: number;
  readonly shortLossPct: number;
  readonly nearExpiryPct: number;
  readonly nearExpiryDays: number;
}

export interface OrderLimits {
  /** Names in which nothing is opened. */
  readonly denied: readonly Symbol[];
  /** Shares worth more than this are opened with a limit only. */
  readonly marketOrderMax: Usd;
  /** Of the mean volume of twenty sessions, and of a contract's open interest. */
  readonly volumePctMax: number;
  readonly openInterestPctMax: number;
  /** A spread this small is fair at any price; above it, parts of the mid. */
  readonly spreadMin: Usd;
  readonly spreadSharePct: number;
  readonly spreadOptionPct: number;
  readonly spreadOptionPctOf: ReadonlyMap<StrategyId, number>;
  /** Openings of one strategy in one name and session; 1 where a strategy is not named. */
  readonly openingsPerSession: ReadonlyMap<StrategyId, number>;
  /** A fall over night that no stop catches, of a share's price. */
  readonly gapPct: number;
  readonly gapIndexFundPct: number;
  readonly ceilings: ReadonlyMap<StrategyId, Ceiling>;
  readonly budget: BudgetLimits;
  readonly rate: RateLimits;
  readonly health: HealthLimits;
  readonly errors: ErrorLimits;
  readonly events: EventLimits;
  readonly dayTrade: { readonly policy: DayTradePolicy; readonly excessPctMin: number };
  readonly wash: { readonly days: number; readonly deny: boolean };
  readonly kelly: { readonly tradesMin: number; readonly part: number };
}
