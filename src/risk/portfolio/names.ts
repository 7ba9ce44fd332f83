// What is known of each underlying beside its price: beta, sector, how it jumps, and with whom it moves.
import { once } from '../../base/once.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { ExposureLimits } from '../limits-exposure.ts';
import { type Matrix, shrunk } from './correlation.ts';
import { betaOf, COMMON_MIN, filledMoves, type History, recentCorrelation } from './history.ts';
import type { Jumps } from './revalue.ts';
import { spotFactor } from './revalue.ts';
import { gapJump, jumpsOf } from './scenarios.ts';

export interface Names {
  readonly beta: (name: Symbol) => number;
  /** True where beta is assumed, for want of sixty daily moves beside the market's. */
  readonly isAssumed: (name: Symbol) => boolean;
  /** Days of the market's own history; fewer than sixty say nothing. */
  readonly days: number;
  readonly isIndexFund: (name: Symbol) => boolean;
  readonly sector: (name: Symbol) => string | undefined;
  /** Size of the jump that a holding's risk amount is measured at. */
  readonly gap: (name: Symbol) => number;
  readonly scenarios: (name: Symbol) => Jumps;
  readonly pastDays: (name: Symbol) => Jumps;
  /** The fall of a single name; none for an index fund, which is no single name. */
  readonly ownFall: (name: Symbol) => Jumps | undefined;
  /** Of one cluster: correlated over sixty days or, where that is not known, of one sector. */
  readonly linked: (a: Symbol, b: Symbol) => boolean;
  /** Shrunk correlations for adding risks up: 1 where nothing is known, never below 0, since a loss here is no gain there. */
  readonly correlations: (names: readonly Symbol[]) => Matrix;
}

export interface NameTerms
  extends Pick<ExposureLimits, 'marketIndex' | 'assumedBeta' | 'assumedIndexFundBeta' | 'gapVolatility' | 'clusterCorrelation'> {
  readonly indexFunds: readonly string[];
  /** Falls that no stop catches, as parts of the price: a single name's and an index fund's. */
  readonly gapPct: number;
  readonly gapIndexFundPct: number;
  /** Sector by ticker; a name that is not listed has none that is known. */
  readonly sectors: ReadonlyMap<string, string>;
  /** Betas that somebody states: they stand before what is measured. */
  readonly betas?: ReadonlyMap<Symbol, number>;
}

/** Facts of names from their daily moves; the market index has beta 1 by definition, whatever its history. */
export function namesOf({ market, moves }: History, terms: NameTerms): Names {
  const isIndexFund = (name: Symbol): boolean => terms.indexFunds.includes(name);
  const ownMoves = once(moves);
  const measured = once((name: Symbol) => (name === terms.marketIndex ? 1 : (terms.betas?.get(name) ?? betaOf(ownMoves(name), market))));
  const beta = (name: Symbol): number => measured(name) ?? (isIndexFund(name) ? terms.assumedIndexFundBeta : terms.assumedBeta);
  const rhoFrom = once((a: Symbol) => once((b: Symbol) => recentCorrelation(ownMoves(a), ownMoves(b))));
  const rho = (a: Symbol, b: Symbol): number | undefined => (a < b ? rhoFrom(a)(b) : rhoFrom(b)(a));
  const sector = (name: Symbol): string | undefined => terms.sectors.get(name);
  const still = new Float64Array(market.length).fill(1);
  return {
    beta,
    isAssumed: (name) => measured(name) === undefined,
    days: market.length,
    isIndexFund,
    sector,
    gap: (name) => (isIndexFund(name) ? terms.gapIndexFundPct : terms.gapPct),
    scenarios: once((name) => jumpsOf(beta(name))),
    pastDays: once((name) => ({ spot: filledMoves(ownMoves(name), market, beta(name)).map((move) => spotFactor(1, move)), sigma: still })),
    ownFall: (name) => (isIndexFund(name) ? undefined : gapJump(terms.gapPct, terms.gapVolatility)),
    linked: (a, b) => {
      const known = rho(a, b);
      return known === undefined ? sector(a) !== undefined && sector(a) === sector(b) : known >= terms.clusterCorrelation;
    },
    correlations: (names) =>
      shrunk(names.map((a) => names.map((b) => (a === b ? 1 : (rho(a, b) ?? 1))))).map((row) => row.map((r) => Math.max(0, r))),
  };
}

/** True when the market's own history is too short to say what a day may bring. */
export const isThin = ({ days }: Names): boolean => !(days >= COMMON_MIN);
