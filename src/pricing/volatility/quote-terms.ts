// What the quotes of one expiry are judged against, and the reasons for which one is found bad.
import type { Right } from '../../domain/instrument.ts';
import { exp } from '../elementary.ts';

/** One option's two prices, dollars a share; a bid of 0 is nobody bidding. */
export interface OptionQuote {
  readonly right: Right;
  readonly strike: number;
  readonly bid: number;
  readonly ask: number;
}

/** One expiry at one moment. */
export interface ExpiryTerms {
  /** American options may be exercised early, which widens every bound by what that can be worth. */
  readonly style: 'european' | 'american';
  readonly spot: number;
  readonly years: number;
  readonly rate: number;
  /** Better implied from the quotes (`impliedForward`): (r - ln(F / S) / T). */
  readonly dividendYield: number;
  /** Dollars by which two quotes may contradict each other before either is suspect: one tick where all are of one instant, more where not. */
  readonly slack: number;
  /** How far the true cost of money may lie from `rate`, a fraction a year: 0.005 is half a point. */
  readonly rateSlack: number;
}

export const quoteFaults = [
  /** A price that is no number, negative, or a strike that is none. */
  'not_a_price',
  /** Nobody bids and nobody offers. */
  'no_quote',
  /** The ask does not exceed the bid. */
  'crossed',
  /** Offered for less than exercise, now or forward, is worth. */
  'below_bound',
  /** Bid for more than the share (call) or the strike (put). */
  'above_bound',
  /** A call bid above the ask of a lower strike, or a put bid above the ask of a higher one. */
  'not_monotone',
  /** Two strikes' prices lie further apart than the strikes. */
  'too_steep',
  /** A strike bid above what its two neighbours are offered for in the same mix. */
  'not_convex',
  /** Call and put of a strike cannot both be right, and this one lies farther from the smile. */
  'off_parity',
  /** Farther from the fitted smile than its spread explains. */
  'off_smile',
] as const;

export type QuoteFault = (typeof quoteFaults)[number];

/** Figures of one expiry that every bound is made of. */
export interface Bounds {
  readonly forward: number;
  /** S e^(-qT). */
  readonly asset: number;
  readonly discount: number;
  /** The most that `strike` dollars of parity or of distance may be worth: undiscounted where exercise may be early. */
  readonly widest: number;
  /** Dollars a dollar of strike by which the rate's uncertainty moves its present value. */
  readonly bondRoom: number;
}

export function boundsOf(terms: ExpiryTerms): Bounds {
  const years = Math.max(0, terms.years);
  const discount = exp(-terms.rate * years);
  const asset = terms.spot * exp(-terms.dividendYield * years);
  const widest = terms.style === 'american' ? Math.max(1, discount) : discount;
  return { forward: asset / discount, asset, discount, widest, bondRoom: terms.rateSlack * years };
}

/** What a quote itself shows, without any other: undefined when nothing is wrong. */
export function faultAlone(quote: OptionQuote, terms: ExpiryTerms, bounds: Bounds): QuoteFault | undefined {
  const { right, strike, bid, ask } = quote;
  if (!(strike > 0 && strike < Infinity && bid >= 0 && bid < Infinity && ask >= 0 && ask < Infinity)) return 'not_a_price';
  if (bid === 0 && ask === 0) return 'no_quote';
  if (ask <= bid) return 'crossed';
  const side = right === 'call' ? 1 : -1;
  const forwardValue = side * (bounds.asset - strike * bounds.discount) - bounds.bondRoom * strike;
  const now = terms.style === 'american' ? side * (terms.spot - strike) : forwardValue;
  if (ask < Math.max(forwardValue, now) - terms.slack) return 'below_bound';
  const share = terms.style === 'american' ? Math.max(terms.spot, bounds.asset) : bounds.asset;
  return bid > (right === 'call' ? share : strike * bounds.widest) + terms.slack ? 'above_bound' : undefined;
}
