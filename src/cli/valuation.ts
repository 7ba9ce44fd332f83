// One option by its exercise and its dividends to the method that values it: the commands' way into pricing.
import { americanDerivatives, americanImpliedVolatility, europeanCashDerivatives } from '../pricing/american/american.ts';
import type { AmericanInput, CashDividend } from '../pricing/american/contract.ts';
import { type BsInput, type Derivatives, valueOption } from '../pricing/black-scholes.ts';
import { europeanCashImpliedVolatility } from '../pricing/european-cash.ts';

export type Style = 'american' | 'european';

/** An option without its volatility, in raw units; cash dividends come on top of the yield. */
export interface Terms extends Omit<BsInput, 'sigma'> {
  readonly dividends: readonly CashDividend[];
}

/** Why an option has no value, or a price no volatility; docs/pricing.md explains each. */
export const refusals = [
  'nan',
  'negative',
  'zero',
  'at_intrinsic',
  'below_intrinsic',
  'above_max',
  'expired',
  'out_of_range',
  'two_boundaries',
] as const;
export type Refusal = (typeof refusals)[number];

interface Refused {
  readonly kind: 'refused';
  readonly reason: Refusal;
}
export type Value = { readonly kind: 'valued'; readonly derivatives: Derivatives } | Refused;
export type Volatility = { readonly kind: 'solved'; readonly sigma: number } | Refused;

/** Methods name what is wrong with a figure; here figures were read as finite, so that what is left lies beyond what they hold. */
const refused = (reason: string): Refused => ({ kind: 'refused', reason: refusals.find((known) => known === reason) ?? 'out_of_range' });

/**
 * Where the boundary method and the method for cash dividends are held to their accuracy, with much room about any listed contract.
 * Beyond it a figure is refused, not guessed.
 */
const REACH = { years: 100, rate: 2, rateYears: 20, deviation: 20, moneyness: 1e4, least: 1e-6, most: 1e12 } as const;

function withinReach({ spot, strike, years, rate, dividendYield }: Terms, sigma: number): boolean {
  const rates = Math.max(Math.abs(rate), Math.abs(dividendYield));
  return (
    Math.min(spot, strike) >= REACH.least &&
    Math.max(spot, strike) <= REACH.most &&
    Math.max(spot / strike, strike / spot) <= REACH.moneyness &&
    years <= REACH.years &&
    rates <= REACH.rate &&
    rates * years <= REACH.rateYears &&
    sigma * Math.sqrt(years) <= REACH.deviation
  );
}

/**
 * Value and derivatives, raw units. European without dividends: Black-Scholes-Merton; with them and American: `americanDerivatives` says
 * how exact each figure is.
 */
export function valueAt(style: Style, terms: Terms, sigma: number): Value {
  const input: AmericanInput = { ...terms, sigma };
  if (style === 'european' && terms.dividends.length === 0) {
    const plain = valueOption(input);
    return plain.kind === 'valued' ? plain : refused(plain.reason);
  }
  if (!withinReach(terms, sigma)) return refused('out_of_range');
  const priced = style === 'american' ? americanDerivatives(input) : europeanCashDerivatives(input);
  if (priced.kind === 'unpriceable') return refused(priced.reason);
  return Number.isFinite(priced.derivatives.price) ? { kind: 'valued', derivatives: priced.derivatives } : refused('out_of_range');
}

/** The volatility that a price implies. */
export function volatilityAt(style: Style, terms: Terms, price: number): Volatility {
  const cash = terms.dividends.length > 0;
  if ((style === 'american' || cash) && !withinReach(terms, 0)) return refused('out_of_range');
  const asked = { ...terms, price };
  const found = style === 'american' ? americanImpliedVolatility(asked) : europeanCashImpliedVolatility(asked);
  return found.kind === 'solved' ? found : refused(found.reason);
}
