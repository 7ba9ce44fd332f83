// What the book as a whole may carry: parts of equity, and the assumptions that stand in where the market does not say.
import type { Symbol } from '../domain/ids.ts';

/** Of one underlying, each as a part of equity. */
export interface NameLimits {
  /** Value of the shares. */
  readonly sharesPct: number;
  /** Magnitude of the net dollar delta. */
  readonly deltaPct: number;
  /** Cash behind short puts. */
  readonly reservePct: number;
}

export interface ExposureLimits {
  /** What betas are measured against and index scenarios move; its own beta is 1. */
  readonly marketIndex: Symbol;
  readonly singleName: NameLimits;
  readonly indexFund: NameLimits;
  /** Parts of equity: the sum over names of the magnitude of dollar delta, and the magnitude of the net beta delta. */
  readonly grossPct: number;
  readonly netBetaPct: number;
  /** Part of equity at risk in all that is open. */
  readonly openRiskPct: number;
  /** Names whose daily returns correlate this much are one cluster; its part of equity, by beta delta. */
  readonly clusterCorrelation: number;
  readonly clusterPct: number;
  /** Parts of equity, by dollar delta; a name whose sector is unknown is a bucket of its own. */
  readonly sectorPct: number;
  readonly unknownSectorPct: number;
  /** Parts of equity: beta delta, gamma of a move of 1 %, vega of a point, and a day's theta paid and received. */
  readonly betaDeltaPct: number;
  readonly gammaPct: number;
  readonly vegaPct: number;
  readonly thetaPaidPct: number;
  readonly thetaEarnedPct: number;
  /** Parts of equity that one day may lose. */
  readonly var95Pct: number;
  readonly es99Pct: number;
  /** Parts of equity that the worst index scenario, and the worst fall of one name, may lose. */
  readonly stressPct: number;
  readonly gapPct: number;
  /** Rise of a name's volatility in its fall, relative. */
  readonly gapVolatility: number;
  /** Beta of a name with fewer than sixty daily returns: a share's and an index fund's. */
  readonly assumedBeta: number;
  readonly assumedIndexFundBeta: number;
  /** Wall milliseconds for which the last price or volatility of what is held stands in for a missing quote. */
  readonly markAgeMsMax: number;
}
