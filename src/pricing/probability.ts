// Where a share ends: bets on a level, the chance of ending beyond it, and the chance that a package of options gains.
import { type BsInput, forwardIntrinsic, phi, termsOf } from './black-scholes.ts';
import { exp } from './elementary.ts';
import { normalCdf, normalPdf } from './normal.ts';
import type { Stretch } from './payoff.ts';

export interface Bet {
  /** Today's value, dollars. */
  readonly price: number;
  /** Per dollar of spot. */
  readonly delta: number;
}

export type DigitalFault =
  | 'not_finite'
  | 'spot_not_positive'
  | 'strike_not_positive'
  /** Nothing is uncertain and the forward stands on the strike: the value jumps there, and no delta exists. */
  | 'at_the_jump'
  /** A value that no double holds. */
  | 'out_of_range';

export type Digital =
  | {
      readonly kind: 'digital';
      /** Pays one dollar if the option ends in the money. */
      readonly cash: Bet;
      /** Pays the share if the option ends in the money. */
      readonly asset: Bet;
    }
  | { readonly kind: 'refused'; readonly reason: DigitalFault };

function digitalFault(input: BsInput): DigitalFault | undefined {
  if (![input.spot, input.strike, input.years, input.rate, input.dividendYield, input.sigma].every(Number.isFinite)) return 'not_finite';
  if (input.spot <= 0) return 'spot_not_positive';
  return input.strike <= 0 ? 'strike_not_positive' : undefined;
}

/**
 * The two halves of an option, cash or nothing and asset or nothing (M. Rubinstein and E. Reiner, "Unscrambling the Binary Code",
 * 1991): asset less strike times cash is the call, strike times cash less asset the put. Without time or volatility, their limits.
 */
export function digital(input: BsInput): Digital {
  const reason = digitalFault(input);
  if (reason !== undefined) return { kind: 'refused', reason };
  const terms = termsOf(input);
  const { asset, moneyness, deviation, years } = terms;
  const discount = exp(-input.rate * years);
  const carry = exp(-input.dividendYield * years);
  const side = phi(input.right);
  if (deviation <= 0) {
    const value = forwardIntrinsic(input.right, terms);
    if (value === 0) return { kind: 'refused', reason: 'at_the_jump' };
    const inside = Number(value > 0);
    return { kind: 'digital', cash: { price: inside * discount, delta: 0 }, asset: { price: inside * asset, delta: inside * carry } };
  }
  const d1 = moneyness / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const n1 = normalCdf(side * d1);
  const cash = { price: discount * normalCdf(side * d2), delta: (side * discount * normalPdf(d2)) / (input.spot * deviation) };
  const share = { price: asset * n1, delta: carry * (n1 + (side * normalPdf(d1)) / deviation) };
  if (![cash.price, cash.delta, share.price, share.delta].every(Number.isFinite)) return { kind: 'refused', reason: 'out_of_range' };
  return { kind: 'digital', cash, asset: share };
}

/** What a share's end is judged from; the volatility is that of the level asked about. */
export type EndTerms = Pick<BsInput, 'spot' | 'years' | 'rate' | 'dividendYield'>;

/**
 * Risk-neutral probability that the share ends above (or below) `level`, N(d2) or N(-d2): relative accuracy in both tails. A level of 0
 * or less lies below every end, Infinity above; without time or volatility the forward decides, and on it the share is on neither side.
 * All finite but the level; NaN in, NaN out.
 */
export function probabilityBeyond(side: 'above' | 'below', level: number, terms: EndTerms, sigma: number): number {
  if (level <= 0) return Number(side === 'above');
  if (level === Infinity) return Number(side === 'below');
  const right = side === 'above' ? 'call' : 'put';
  const found = termsOf({ ...terms, strike: level, sigma });
  if (found.deviation <= 0) return Number(forwardIntrinsic(right, found) > 0);
  return normalCdf(phi(right) * (found.moneyness / found.deviation - found.deviation / 2));
}

export type ProfitOdds =
  | { readonly kind: 'odds'; readonly probability: number }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'not_finite'
        | 'spot_not_positive'
        | 'no_volatility'
        /** The volatilities at the ends of a stretch make it a negative probability, or all of them more than one: the smile is no smile. */
        | 'smile_inconsistent';
    };

/** Rounding by which probabilities may leave 0 to 1. */
const SLACK = 1e-12;

/**
 * Probability that the share ends within the stretches where a package gains (`payoffAtExpiry(...).gainsWithin`), each end reckoned with
 * the volatility that holds at its level. Exact where the volatility is one for all; with a smile, the spread between neighbouring
 * strikes' volatilities is taken as is, without the slope term of a digital's replication.
 * @param sigmaAt annual volatility at a share price; asked only at the finite, positive ends
 */
export function probabilityOfProfit(gainsWithin: readonly Stretch[], terms: EndTerms, sigmaAt: (level: number) => number): ProfitOdds {
  const { spot, years, rate, dividendYield } = terms;
  if (![spot, years, rate, dividendYield].every(Number.isFinite)) return { kind: 'refused', reason: 'not_finite' };
  if (spot <= 0) return { kind: 'refused', reason: 'spot_not_positive' };
  const forward = spot * exp((rate - dividendYield) * Math.max(0, years));
  let total = 0;
  for (const { from, to } of gainsWithin) {
    const low = from > 0 ? sigmaAt(from) : 0;
    const high = to < Infinity ? sigmaAt(to) : 0;
    if (!(low >= 0 && high >= 0 && low < Infinity && high < Infinity)) return { kind: 'refused', reason: 'no_volatility' };
    // Differences are taken in the tail that the stretch lies in, where they keep their digits.
    const part =
      from >= forward || (to === Infinity && from > 0)
        ? probabilityBeyond('above', from, terms, low) - probabilityBeyond('above', to, terms, high)
        : probabilityBeyond('below', to, terms, high) - probabilityBeyond('below', from, terms, low);
    if (part < -SLACK) return { kind: 'refused', reason: 'smile_inconsistent' };
    total += Math.max(0, part);
  }
  if (total > 1 + SLACK) return { kind: 'refused', reason: 'smile_inconsistent' };
  return { kind: 'odds', probability: Math.min(1, total) };
}
