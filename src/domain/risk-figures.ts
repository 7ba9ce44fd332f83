// The risk of the whole book at one instant, as it is kept and shown: amounts in whole micros, rounded once.
import type { Symbol } from './ids.ts';
import type { Usd } from './money.ts';
import type { ReasonCode } from './reasons.ts';
import type { EpochMs } from './time.ts';

/** Which estimate of value at risk was the largest; `thin` where daily moves are too few for any but an assumed deviation. */
export type VarMethod = 'historical' | 'parametric' | 'ewma' | 'cornish_fisher' | 'thin';

/** Names that move together, and what they weigh together. */
export interface ClusterFigure {
  /** Underlyings in alphabetical order, at least two. */
  readonly names: readonly Symbol[];
  /** Sum over the names of the magnitude of each one's net beta delta. */
  readonly betaDelta: Usd;
}

/** A name's share price falls at once, alone: the book's gain, negative where it loses. */
export interface GapFigure {
  readonly name: Symbol;
  readonly pnl: Usd;
}

export interface RiskFigures {
  readonly at: EpochMs;
  readonly equity: Usd;
  /** Sum over underlyings of the magnitude of each one's net dollar delta. */
  readonly gross: Usd;
  /** Signed sum of dollar deltas. */
  readonly net: Usd;
  /** Signed sum of beta-weighted dollar deltas. */
  readonly betaDelta: Usd;
  /** What the dollar delta gains while every share rises by one percent. */
  readonly gamma1pct: Usd;
  /** What the book gains with every volatility one point (0.01) higher. */
  readonly vega: Usd;
  /** What the book gains in one calendar day. */
  readonly theta: Usd;
  /** One-day value at risk and expected shortfall, positive where they are losses, never negative. */
  readonly var95: Usd;
  readonly var99: Usd;
  readonly es99: Usd;
  readonly varMethod: VarMethod;
  /** The least of the grid and of the named index scenarios, and which it is. */
  readonly worstStress: Usd;
  readonly worstStressName: string;
  /** The worst fall of one name alone; null for a book without any name. */
  readonly worstGap: GapFigure | null;
  /** The heaviest first. */
  readonly clusters: readonly ClusterFigure[];
  /** False where any figure rests on a stand-in: a beta or a volatility that is assumed or held from before, or a thin history. */
  readonly inputsOk: boolean;
  /** What the stand-ins are, in alphabetical order; empty when `inputsOk`. */
  readonly standIns: readonly string[];
}

/** Figures, or why there are none: a book that cannot be valued has no risk figures, never zero ones. */
export type RiskReading =
  | { readonly kind: 'figures'; readonly figures: RiskFigures }
  | { readonly kind: 'absent'; readonly code: ReasonCode; readonly why: string };
