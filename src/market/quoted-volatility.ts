// The volatility a quote means, under the policy of all who trade on one: how much time value a price must hold.
import { forwardIntrinsicValue, type ImpliedVolatilityInput, impliedVolatility } from '../pricing/implied-volatility.ts';

/** Time value under this many dollars carries no volatility a quote could mean. */
const LEAST_TIME_VALUE = 1e-6;

export type QuotedVolatility =
  | { readonly kind: 'solved'; readonly sigma: number }
  | {
      readonly kind: 'unexplained';
      readonly code: 'IV_BELOW_INTRINSIC' | 'IV_ABOVE_BOUND';
      /** Dollars: the intrinsic value or the upper bound that the price offends. */
      readonly bound: number;
    };

/**
 * The volatility of a price with at least a millionth of a dollar of time value. IV_BELOW_INTRINSIC for any price with less, one that
 * is no number included; IV_ABOVE_BOUND for one that no volatility reaches, and for time value at the expiry.
 */
export function quotedVolatility(input: ImpliedVolatilityInput): QuotedVolatility {
  const intrinsic = forwardIntrinsicValue(input);
  if (!(input.price > intrinsic + LEAST_TIME_VALUE)) return { kind: 'unexplained', code: 'IV_BELOW_INTRINSIC', bound: intrinsic };
  const answer = impliedVolatility(input);
  if (answer.kind === 'solved') return answer;
  return { kind: 'unexplained', code: answer.reason === 'at_intrinsic' ? 'IV_BELOW_INTRINSIC' : 'IV_ABOVE_BOUND', bound: answer.bound };
}
