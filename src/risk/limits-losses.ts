// The figures by which losses and volatility make positions smaller, stop openings, or close what is held. Parts are fractions of equity.
import type { StrategyId } from '../domain/ids.ts';

export interface LossLimits {
  /** Losses since the previous close: at the first nothing is opened in this session, at the second some strategies are closed as well. */
  readonly dayHaltPct: number;
  readonly dayFlattenPct: number;
  /** Since the last close of the week and of the month before; until a person lifts the halt. */
  readonly weekHaltPct: number;
  readonly monthHaltPct: number;
  /** Fall of a unit's value from its highest close: half of each opening, none, and some strategies closed. */
  readonly drawdownHalfPct: number;
  readonly drawdownHaltPct: number;
  readonly drawdownFlattenPct: number;
  /** Those that are closed. */
  readonly flattenStrategies: readonly StrategyId[];
  /** Part of each opening that is left on these steps of the ladder, and how many whole sessions the second one lasts at least. */
  readonly cautiousFactor: number;
  readonly restrictedFactor: number;
  readonly restrictedSessions: number;
  /** Wall milliseconds: how often equity is marked in a session, and how old a mark may be before it is not known any more. */
  readonly refreshMs: number;
  readonly maxAgeMs: number;
}

export interface VolatilityLimits {
  /** Ascending levels of the index; from each one on the factor of the same place holds. The last level itself is in the band below. */
  readonly levels: readonly number[];
  /** One more than levels: the first holds below all of them. */
  readonly factors: readonly number[];
  /** From here on the ladder stands at cautious. */
  readonly cautiousFrom: number;
  /** A rise since the previous session's last level, from which on nothing is opened. */
  readonly dayRisePct: number;
  readonly unknownFactor: number;
}
