// Volatility of a maturity that is not listed, from one listed before it and one after.

/** At-the-money volatility of one expiry; days stand for any unit of time, the same in all. */
export interface TermPoint {
  readonly days: number;
  /** Annual, 0.25 is 25 %. */
  readonly iv: number;
}

export type ConstantMaturity =
  | {
      readonly kind: 'volatility';
      readonly iv: number;
      /** The later expiry holds less total variance than the nearer, which arbitrage forbids. */
      readonly fallingVariance: boolean;
    }
  | { readonly kind: 'absent'; readonly reason: 'not_positive' | 'out_of_order' | 'negative_variance' };

/**
 * Volatility at `days`, total variance iv^2 t taken as straight in time between the two (beyond them too). Two points of one day are one.
 * Falling variance is kept and said; where it runs below zero there is no volatility.
 */
export function constantMaturity(near: TermPoint, far: TermPoint, days: number): ConstantMaturity {
  if (![near.days, near.iv, far.days, far.iv, days].every((v) => v > 0 && v < Infinity)) return { kind: 'absent', reason: 'not_positive' };
  if (far.days < near.days) return { kind: 'absent', reason: 'out_of_order' };
  if (near.days === far.days) return { kind: 'volatility', iv: near.iv, fallingVariance: false };
  const variance = (p: TermPoint): number => p.iv * p.iv * p.days;
  const weight = (days - near.days) / (far.days - near.days);
  const total = variance(near) + weight * (variance(far) - variance(near));
  if (!(total > 0)) return { kind: 'absent', reason: 'negative_variance' };
  return { kind: 'volatility', iv: Math.sqrt(total / days), fallingVariance: variance(far) < variance(near) };
}
