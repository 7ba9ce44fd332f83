// Whether the quotes of a chain belong to the share they are said to belong to, asked of each alone: what exercise brings bounds every price.
import { boundsOf, type ExpiryTerms, faultAlone, type OptionQuote } from '../pricing/volatility/quote-terms.ts';

export interface Breaches {
  /** Quotes with two sides in order. */
  readonly judged: number;
  /** Of these, how many are offered for less than exercise brings, or bid for more than it can ever bring. */
  readonly beyond: number;
}

/** What the share may have moved between a quote and the price beside it, as a part of that price: much where a minute passes in a blink. */
const SLACK_PART = 0.02;
/** What rates and dividends, neither of them asked for here, may take off the value of an exercise at the expiry: a fraction of the strike a year. */
const CARRY_SLACK = 0.06;
/** One in so many is not error but another market: frozen quotes of before a split, or another share's price. */
const ONE_IN = 20;
/** Fewer than this many say nothing of the rest. */
const LEAST = 5;

const termsOf = (years: number, spot: number): ExpiryTerms => ({
  style: 'european',
  spot,
  years,
  rate: 0,
  dividendYield: 0,
  slack: SLACK_PART * spot,
  rateSlack: CARRY_SLACK,
});

/**
 * Counts the quotes of one expiry that cannot be of a share at this price (dollars), whatever its volatility, its dividends, the cost of
 * money and the style of exercise.
 * @param years to the expiry
 */
export function breachesOf(quotes: Iterable<OptionQuote>, spot: number, years: number): Breaches {
  const terms = termsOf(years, spot);
  const bounds = boundsOf(terms);
  let [judged, beyond] = [0, 0];
  for (const quote of quotes) {
    if (!(quote.ask > quote.bid)) continue;
    judged += 1;
    if (faultAlone(quote, terms, bounds) !== undefined) beyond += 1;
  }
  return { judged, beyond };
}

export const bothOf = (a: Breaches, b: Breaches): Breaches => ({ judged: a.judged + b.judged, beyond: a.beyond + b.beyond });
export const noBreaches: Breaches = { judged: 0, beyond: 0 };

/** Too many for the others to be believed: one in twenty or more, and five at least. */
export const tooMany = ({ judged, beyond }: Breaches): boolean => beyond >= LEAST && beyond * ONE_IN >= judged;
