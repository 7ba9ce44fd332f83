// Does a value at risk keep its promise? The proportion-of-failures test over past days.

/** 95 % point of chi-squared with one degree of freedom. */
const CRITICAL = 3.841;

export interface BackTest {
  /** Likelihood ratio, 0 where the failures are exactly as many as promised. */
  readonly ratio: number;
  readonly verdict: 'accept' | 'reject';
}

/** n ln(p), with 0^0 = 1. */
const logPower = (p: number, n: number): number => (n === 0 ? 0 : n * Math.log(p));

/**
 * Kupiec (1995): LR = -2 ln[ (1-p)^(T-x) p^x / ((1-x/T)^(T-x) (x/T)^x) ], p = 1 - level; rejected above 3.841.
 * @param failures days whose loss was above the value at risk, 0 to `days`
 * @param days days looked at, at least 1
 */
export function kupiec(failures: number, days: number, level: number): BackTest {
  const p = 1 - level;
  const seen = failures / days;
  const promised = logPower(1 - p, days - failures) + logPower(p, failures);
  const observed = logPower(1 - seen, days - failures) + logPower(seen, failures);
  const ratio = Math.max(0, -2 * (promised - observed));
  return { ratio, verdict: ratio <= CRITICAL ? 'accept' : 'reject' };
}
