// Are the strategies one bet in several coats? How their daily returns move together, and who brings the risk.
import type { Owner } from '../../domain/ids.ts';
import { type Concentration, concentrationOf } from '../portfolio/concentration.ts';
import { correlation, type Matrix, shrunk } from '../portfolio/correlation.ts';
import { sampleDeviation } from '../portfolio/moments.ts';
import type { Caps, StrategyDay } from './strategy-daily.ts';

/** Fewer days in common say nothing of a pair: it is taken to move as strategies of one kind do. */
const DAYS_MIN = 40;
const ASSUMED = 0.8;

export interface Together {
  /** Strategies with a record long enough, in alphabetical order; their figures below stand in the same order. */
  readonly owners: readonly Owner[];
  /** Shrunk towards their mean. */
  readonly correlations: Matrix;
  /** Pairs whose correlation is assumed, since they have too few days in common. */
  readonly assumed: readonly (readonly [Owner, Owner])[];
  readonly concentration: Concentration;
}

type Returns = ReadonlyMap<string, number>;

/** Known daily returns by owner; what is nobody's of ours, and who has too few, is left out. */
function recordsOf(daily: readonly StrategyDay[]): readonly (readonly [Owner, Returns])[] {
  const found = new Map<Owner, Map<string, number>>();
  for (const { owner, day, returnOnCap } of daily) {
    if (owner === 'EXTERNAL' || returnOnCap === null) continue;
    const own = found.get(owner) ?? new Map<string, number>();
    found.set(owner, own.set(day, returnOnCap));
  }
  return [...found].filter(([, own]) => own.size >= DAYS_MIN).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Correlation over the days that both have; undefined where those are too few, or one of the two never moved. */
function together(a: Returns, b: Returns): number | undefined {
  const days = [...a.keys()].filter((day) => b.has(day));
  if (days.length < DAYS_MIN) return undefined;
  const rho = correlation(
    days.map((day) => a.get(day) as number),
    days.map((day) => b.get(day) as number),
  );
  return Number.isFinite(rho) ? rho : undefined;
}

/**
 * Correlations of daily returns on capital, shrunk, and the decomposition of their common variance with the capital each may use as its
 * weight. Null for fewer than two strategies with forty days on record, and where nothing moved.
 */
export function togetherOf(daily: readonly StrategyDay[], caps: Caps): Together | null {
  const records = recordsOf(daily);
  if (records.length < 2) return null;
  const owners = records.map(([owner]) => owner);
  const assumed: (readonly [Owner, Owner])[] = [];
  const rho = records.map(([one, a], i) =>
    records.map(([other, b], j) => {
      if (i === j) return 1;
      const measured = together(a, b);
      if (measured === undefined && i < j) assumed.push([one, other]);
      return measured ?? ASSUMED;
    }),
  );
  const correlations = shrunk(rho);
  const weights = owners.map((owner) => caps.get(owner) ?? 1);
  const concentration = concentrationOf(
    weights,
    records.map(([, own]) => sampleDeviation([...own.values()])),
    correlations,
  );
  return Number.isFinite(concentration.effectiveBets) ? { owners, correlations, assumed, concentration } : null;
}
