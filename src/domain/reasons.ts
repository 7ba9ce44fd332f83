// The closed set of reason codes a decision may carry. docs/reasons.md explains each; a test holds the two together.

// biome-ignore format: grouped by meaning, read as a list
export const reasonCodes = [
  // market and data
  'MARKET_CLOSED', 'OUTSIDE_WINDOW', 'EARLY_CLOSE_DAY', 'HALTED_SYMBOL', 'SYMBOL_NOT_TRADABLE', 'OPTIONS_NOT_ENABLED', 'UNDERLYING_ILLIQUID',
  'BARS_MISSING', 'BARS_STALE', 'BARS_SHORT', 'QUOTE_MISSING', 'QUOTE_STALE', 'QUOTE_CROSSED', 'FEED_NOT_OPRA', 'CHAIN_EMPTY', 'CHAIN_INCONSISTENT',
  'OI_UNKNOWN', 'IV_BELOW_INTRINSIC', 'IV_ABOVE_BOUND', 'IV_HISTORY_SHORT', 'IV_HISTORY_STALE', 'RVOL_HISTORY_SHORT', 'EARNINGS_UNKNOWN',
  'EARNINGS_DATE_CONFLICT', 'EARNINGS_TIME_UNKNOWN', 'EARNINGS_HISTORY_SHORT', 'EVENT_VOL_UNSOLVABLE', 'EVENT_PRICING_INCONSISTENT',
  'DIVIDEND_UNKNOWN', 'MACRO_UNKNOWN', 'VIX_UNKNOWN', 'ACCOUNT_STALE', 'RECON_PENDING', 'CLOCK_SKEW', 'NONSTANDARD_CONTRACT', 'ODDS_INCONSISTENT',
  'INSUFFICIENT_OBS',
  // signal
  'RUN_TOO_SMALL', 'DIP_TOO_SHALLOW', 'DIP_TOO_DEEP', 'DIP_NOT_PERSISTENT', 'RVOL_TOO_LOW', 'NO_PATTERN', 'CHASE', 'STRENGTH_TOO_LOW',
  'TREND_TOO_WEAK', 'REGIME_BLOCK', 'COMPOSITE_TOO_LOW', 'TIMING_TOO_LOW', 'IV_RANK_OUT_OF_BAND', 'EDGE_TOO_SMALL', 'EARNINGS_WINDOW',
  'MACRO_EVENT', 'VIX_TOO_HIGH', 'GAP_TOO_LARGE', 'RICHNESS_TOO_LOW', 'P_HIT_TOO_LOW', 'SIGNAL_GONE', 'DRAWDOWN_TOO_DEEP', 'INSIDE_BAND',
  // contract
  'NO_EXPIRY_IN_RANGE', 'NO_0DTE_LISTED', 'NO_STRIKE_IN_BAND', 'NO_STRIKE_ABOVE_BASIS', 'OI_TOO_LOW', 'VOLUME_TOO_LOW', 'SPREAD_TOO_WIDE',
  'NBBO_SIZE_TOO_SMALL', 'PREMIUM_TOO_LOW', 'PREMIUM_TOO_HIGH', 'CREDIT_TOO_LOW', 'YIELD_TOO_LOW', 'POP_TOO_LOW', 'RR_TOO_LOW',
  'SLIPPAGE_TOO_HIGH', 'EXTRINSIC_TOO_HIGH',
  // risk and operations
  'SIZE_ZERO', 'MAX_POSITIONS', 'STRATEGY_CEILING', 'BOOK_CEILING', 'UNDERLYING_CEILING', 'COLLATERAL_SHORT', 'BUYING_POWER', 'LEVEL_TOO_LOW',
  'WEEKLY_CAP', 'COOLDOWN', 'LOSS_STREAK_PAUSE', 'DAY_HALT', 'WEEK_HALT', 'MONTH_HALT', 'KILL_SWITCH', 'DUPLICATE_INTENT', 'CONTRACT_CONFLICT',
  'WASH_SALE_GUARD', 'ENTRY_UNFILLED', 'BROKER_REJECT', 'CAPABILITY_OFF', 'ORDER_WORKING', 'ALREADY_HELD', 'RANKED_OUT', 'DISABLED',
  // what an entry or a holding says when it acts or waits
  'ENTRY', 'HOLD', 'REBALANCE', 'MARK',
  // exits
  'STOP', 'TARGET', 'SCALE_OUT', 'TRAIL', 'DELTA_EXIT', 'TIME_STOP', 'INVALIDATION', 'FLAT_TIME', 'EXPIRY_DEADLINE', 'EXDIV_RISK',
  'EARLY_ASSIGNMENT_RISK', 'EARNINGS_EXIT', 'TREND_EXIT', 'ROLL', 'THESIS_STOP', 'ASSIGNED', 'EXPIRED', 'CALLED_AWAY', 'BROKER_LIQUIDATION',
  'BLIND', 'OPERATOR', 'SHUTDOWN', 'PROTECT',
] as const;

export type ReasonCode = (typeof reasonCodes)[number];

/** A value that is there, or a typed absence that says why. Missing is never zero. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly code: ReasonCode; readonly why: string };

export const known = <T>(value: T): Known<T> => ({ known: true, value });
export const absent = (code: ReasonCode, why: string): Known<never> => ({ known: false, code, why });
