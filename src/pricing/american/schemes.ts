// The named schemes of the boundary method, as data, with the tables each needs made once.
import { type Level, makeLevel, prolongation } from './collocation.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';

/** A fine level and how the coarse one leads to it. */
export interface Refinement {
  readonly level: Level;
  /** The interpolation from the coarse nodes, by rows of the fine. */
  readonly weights: Float64Array;
  /** So many fine nodes, the first in order, lie at or after the first coarse time. */
  readonly shared: number;
}

export interface Scheme {
  /** Where the boundary is first solved, roughly. */
  readonly coarse: Level;
  readonly smooth: Refinement;
  /** For a yield above the rate, where the boundary leaves its value at expiry in a layer that takes more nodes to resolve. */
  readonly layered: Refinement;
  /** Newton sweeps stop after one that moves no node by this many standard deviations; what is left is about ten times its square. */
  readonly settled: number;
  readonly mostSweeps: number;
  /** The rule of the premium's integral. */
  readonly premium: Quadrature;
}

interface SchemeShape {
  /** Nodes of the levels; integrals over the past have as many points. */
  readonly coarse: number;
  readonly smooth: number;
  readonly layered: number;
  readonly settled: number;
  readonly mostSweeps: number;
  readonly premiumPoints: number;
}

function refinement(coarse: Level, nodes: number): Refinement {
  const level = makeLevel(nodes, nodes);
  const first = coarse.fractions.at(-1) ?? 1;
  return { level, weights: prolongation(coarse, level), shared: level.fractions.filter((x) => x >= first).length };
}

export function makeScheme(shape: SchemeShape): Scheme {
  const coarse = makeLevel(shape.coarse, shape.coarse);
  return {
    coarse,
    smooth: refinement(coarse, shape.smooth),
    layered: refinement(coarse, shape.layered),
    settled: shape.settled,
    mostSweeps: shape.mostSweeps,
    premium: gaussLegendre(shape.premiumPoints),
  };
}

/** For a chain: the median error is near 1e-10 of the strike, the worst of ordinary contracts near 1e-6. */
export const FAST: Scheme = makeScheme({ coarse: 4, smooth: 6, layered: 8, settled: 0.03, mostSweeps: 8, premiumPoints: 16 });

/** For one contract, or as a check of the fast scheme: within 1e-8 of the strike. */
export const ACCURATE: Scheme = makeScheme({ coarse: 6, smooth: 14, layered: 22, settled: 1e-4, mostSweeps: 20, premiumPoints: 48 });

/** For derivatives, whose differences want the boundary settled further than a price needs. */
export const SMOOTH: Scheme = makeScheme({ coarse: 6, smooth: 14, layered: 22, settled: 1e-5, mostSweeps: 24, premiumPoints: 64 });
