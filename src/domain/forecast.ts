// What a strategy foretold of a trade when it opened it, in terms that what happened can be held against.
import type { EpochMs, TradingDay } from './time.ts';

/** An open stretch of share prices, dollars; null where it has no end. */
export interface PriceStretch {
  readonly from: number | null;
  readonly to: number | null;
}

/** Something about the share of the opening's subject that either happens or does not. */
export type Foretold =
  /** Its last price of that day's regular session lies within one of the stretches. */
  | { readonly kind: 'ends'; readonly day: TradingDay; readonly within: readonly PriceStretch[] }
  /** It trades at the level or beyond it, in regular hours, between the decision and the deadline. */
  | { readonly kind: 'touches'; readonly side: 'above' | 'below'; readonly level: number; readonly by: EpochMs }
  /** It stands beyond the level at an instant. */
  | { readonly kind: 'stands'; readonly side: 'above' | 'below'; readonly level: number; readonly at: EpochMs };

/** The question that was answered: forecasts of one name are judged together. docs/calibration.md says what each asks. */
export const forecastNames = [
  'gain_at_expiry',
  'in_the_money_at_expiry',
  'strike_touched',
  'multiple_in_time',
  'multiple_after_report',
] as const;
export type ForecastName = (typeof forecastNames)[number];

/** Where the volatility behind a probability is from; all of them from quotes of the moment of the decision. */
export type ForecastMethod =
  /** Lognormal, at each level with the volatility that the out-of-the-money quotes of its expiry put there. */
  | 'quoted_smile'
  /** Lognormal, with the volatility that the contract's own quote implies. */
  | 'own_quote'
  /** A lognormal jump, its size from the term structure of the quotes. */
  | 'quoted_event';

export interface Forecast {
  readonly name: ForecastName;
  readonly method: ForecastMethod;
  /** Risk-neutral, 0 to 1. */
  readonly probability: number;
  /** Dollars: what the share stood at. Levels and prices of another size tell of a split in between. */
  readonly spot: number;
  readonly event: Foretold;
}
