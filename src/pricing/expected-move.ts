// How far options expect a share to move, from a volatility or from what a straddle costs.

/** Mean of |Z| for a standard normal Z, sqrt(2/pi): what an at-the-money straddle costs in units of one standard deviation. */
export const STRADDLE_PER_DEVIATION = 0.7978845608028654;

/** The rule of thumb that multiplies the straddle by 0.85 has no derivation; it is given because others quote it. */
const POPULAR_SHARE = 0.85;

export interface ExpectedMove {
  readonly kind: 'move';
  /** One standard deviation of the share price, S sigma sqrt T; dollars. */
  readonly oneSd: number;
  /** Mean absolute move, 0.7979 of one standard deviation, which is what the at-the-money-forward straddle costs; dollars. */
  readonly meanAbsolute: number;
  /** 0.85 of the straddle: reported, never decided on; dollars. */
  readonly popular: number;
}

export type ExpectedMoveResult = ExpectedMove | { readonly kind: 'refused'; readonly reason: 'not_finite' | 'negative' };

function moveOf(oneSd: number, straddle: number): ExpectedMove {
  return { kind: 'move', oneSd, meanAbsolute: straddle, popular: POPULAR_SHARE * straddle };
}

function faultOf(...values: readonly number[]): 'not_finite' | 'negative' | undefined {
  if (!values.every(Number.isFinite)) return 'not_finite';
  return values.some((v) => v < 0) ? 'negative' : undefined;
}

/**
 * The move that the at-the-money volatility expects by a time.
 * @param spot dollars, not negative
 * @param sigma annual volatility at the money, 0.25 is 25 %
 * @param years to the time in question
 */
export function expectedMove(spot: number, sigma: number, years: number): ExpectedMoveResult {
  const reason = faultOf(spot, sigma, years);
  if (reason !== undefined) return { kind: 'refused', reason };
  const oneSd = spot * sigma * Math.sqrt(years);
  return moveOf(oneSd, STRADDLE_PER_DEVIATION * oneSd);
}

/**
 * The move that a straddle's price expects, after the at-the-money approximation straddle = sqrt(2/pi) S sigma sqrt T (M. Brenner and
 * M. G. Subrahmanyam, "A Simple Formula to Compute the Implied Standard Deviation", 1988). Below 1 % off while sigma sqrt T < 0.5.
 * @param straddle price of the at-the-money call and put together, dollars a share
 */
export function moveFromStraddle(straddle: number): ExpectedMoveResult {
  const reason = faultOf(straddle);
  if (reason !== undefined) return { kind: 'refused', reason };
  return moveOf(straddle / STRADDLE_PER_DEVIATION, straddle);
}
