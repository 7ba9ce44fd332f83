// Tells the good quotes of one expiry from the bad: by what no price may do, then by distance from the smile of the rest.
import { valueOption } from '../black-scholes.ts';
import { log } from '../elementary.ts';
import { impliedVolatility } from '../implied-volatility.ts';
import { type Accusation, butterflyFaults, type Distances, pairwiseFaults, rowOf } from './quote-conflicts.ts';
import { type Bounds, boundsOf, type ExpiryTerms, faultAlone, type OptionQuote, type QuoteFault } from './quote-terms.ts';
import { sviVariance } from './svi.ts';
import { fitSvi, type SmileQuote, type SviFit } from './svi-fit.ts';

export interface QuoteVerdict {
  /** Undefined for a good quote. */
  readonly fault: QuoteFault | undefined;
  /**
   * How far the fitted smile's price lies outside bid and ask, in units of half the spread and the tolerance together; 0 within. Undefined
   * where there is no smile to measure from.
   */
  readonly distance: number | undefined;
}

export type QuoteFlags =
  | { readonly kind: 'judged'; readonly verdicts: readonly QuoteVerdict[]; readonly fit: SviFit }
  | { readonly kind: 'refused'; readonly reason: 'not_finite' | 'spot_not_positive' | 'expired' };

export interface SmileTolerance {
  /** Annual volatility that the curve may be off anywhere: 0.01 is a point. */
  readonly volatility: number;
  /** Distance beyond which a quote is off the smile. */
  readonly limit: number;
}

const DEFAULT_TOLERANCE: SmileTolerance = { volatility: 0.005, limit: 2 };

/** What is being judged, and what was found so far by place in the caller's list. */
interface Case {
  readonly quotes: readonly OptionQuote[];
  readonly terms: ExpiryTerms;
  readonly bounds: Bounds;
  readonly faults: Map<number, QuoteFault>;
}

function note({ faults }: Case, accusations: readonly Accusation[]): void {
  for (const { index, fault } of accusations) faults.set(index, fault);
}

/** Quotes of one right that nothing has been said against. */
const unaccused = ({ quotes, faults }: Case, right: OptionQuote['right']) =>
  quotes.flatMap((quote, index) => (quote.right === right && !faults.has(index) ? [{ index, quote }] : []));

/** Out-of-the-money quotes that somebody bids for and nothing was said against, as the fit takes them. */
function smileQuotes({ quotes, terms, bounds, faults }: Case): readonly SmileQuote[] {
  const found: SmileQuote[] = [];
  const { spot, years, rate, dividendYield } = terms;
  for (const [index, { right, strike, bid, ask }] of quotes.entries()) {
    if (faults.has(index) || bid <= 0 || (right === 'put') !== strike <= bounds.forward) continue;
    const solve = (price: number) => impliedVolatility({ right, spot, strike, years, rate, dividendYield, price });
    const [low, mid, high] = [solve(bid), solve((bid + ask) / 2), solve(ask)];
    if (low.kind !== 'solved' || mid.kind !== 'solved' || high.kind !== 'solved') continue;
    const variance = mid.sigma * mid.sigma * years;
    const halfWidth = ((high.sigma * high.sigma - low.sigma * low.sigma) * years) / 2;
    found.push({ k: log(strike / bounds.forward), variance, halfWidth });
  }
  return found;
}

/** The most that the right to exercise early can add in the money; out of it the fitted smile contains it. */
function earlyExercise({ right, strike }: OptionQuote, terms: ExpiryTerms, bounds: Bounds): number {
  const inTheMoney = right === 'put' ? strike > bounds.forward : strike <= bounds.forward;
  if (terms.style === 'european' || !inTheMoney) return 0;
  return Math.max(0, right === 'put' ? strike * (1 - bounds.discount) : terms.spot - bounds.asset);
}

/** Distances of all quotes from the fitted smile, which is flat beyond the strikes that it was fitted to: there the curve knows nothing. */
function distancesFrom(fit: SviFit, { quotes, terms, bounds, faults }: Case, tolerance: number): Distances {
  const { spot, years, rate, dividendYield } = terms;
  if (fit.kind === 'refused' || fit.arbitrage?.kind === 'no_variance') return quotes.map(() => undefined);
  return quotes.map((quote, index) => {
    if (faults.get(index) === 'not_a_price') return undefined;
    const k = Math.min(fit.range.to, Math.max(fit.range.from, log(quote.strike / bounds.forward)));
    const sigma = Math.sqrt(sviVariance(fit.svi, k) / years);
    const model = valueOption({ right: quote.right, spot, strike: quote.strike, years, rate, dividendYield, sigma });
    if (model.kind !== 'valued') return undefined;
    const { price, vega } = model.derivatives;
    const off = Math.max(0, quote.bid - price - earlyExercise(quote, terms, bounds), price - quote.ask);
    return off / (Math.max(0, quote.ask - quote.bid) / 2 + vega * tolerance + terms.slack + bounds.bondRoom * quote.strike);
  });
}

/** What no volatility explains: each quote alone, then two by two against the others of its right. */
function judgeStatically(judged: Case): void {
  const { quotes, terms, bounds, faults } = judged;
  for (const [index, quote] of quotes.entries()) {
    const fault = faultAlone(quote, terms, bounds);
    if (fault !== undefined) faults.set(index, fault);
  }
  for (const right of ['call', 'put'] as const) {
    note(judged, pairwiseFaults(rowOf(unaccused(judged, right), bounds.forward), bounds, terms.slack));
  }
}

/** Whether buying one of call and put, selling the other and holding the share pays for sure. */
function breaksParity(call: OptionQuote, put: OptionQuote, terms: ExpiryTerms, bounds: Bounds): boolean {
  const { strike } = call;
  const bond = strike * bounds.discount;
  const american = terms.style === 'american';
  const most = american ? Math.max(terms.spot, bounds.asset) - Math.min(strike, bond) : bounds.asset - bond;
  const least = american ? Math.min(terms.spot, bounds.asset) - Math.max(strike, bond) : bounds.asset - bond;
  const room = terms.slack + bounds.bondRoom * strike;
  return call.bid - put.ask > most + room || call.ask - put.bid < least - room;
}

/** Accuses of two quotes that break parity the one farther from the smile; both when they are equally far, or nothing measures them. */
function judgeParity(judged: Case, distances: Distances): void {
  const { terms, bounds, faults } = judged;
  const puts = new Map(unaccused(judged, 'put').map((put) => [put.quote.strike, put]));
  for (const call of unaccused(judged, 'call')) {
    const put = puts.get(call.quote.strike);
    if (put === undefined || !breaksParity(call.quote, put.quote, terms, bounds)) continue;
    const [ofCall, ofPut] = [distances[call.index] ?? 0, distances[put.index] ?? 0];
    if (ofCall >= ofPut) faults.set(call.index, 'off_parity');
    if (ofPut >= ofCall) faults.set(put.index, 'off_parity');
  }
}

/**
 * Judges every quote of one expiry. First what needs no volatility: prices, bounds, order and distance of strikes; of two quotes that
 * contradict each other the one is accused against which the more trusted word stands. Then an SVI curve through the out-of-the-money
 * rest, robust against what is still wrong among it, and every quote's distance from it; where three cannot all be right (butterflies) or
 * call and put cannot (parity), the smile says who is wrong. Without a fit (few strikes) trust decides that too. Some milliseconds for a
 * hundred strikes.
 * @returns verdicts in the order of the quotes
 */
export function flagQuotes(quotes: readonly OptionQuote[], terms: ExpiryTerms, tolerance: SmileTolerance = DEFAULT_TOLERANCE): QuoteFlags {
  const { spot, years, rate, dividendYield, slack, rateSlack } = terms;
  if (![spot, years, rate, dividendYield, slack, rateSlack].every(Number.isFinite)) return { kind: 'refused', reason: 'not_finite' };
  if (spot <= 0) return { kind: 'refused', reason: 'spot_not_positive' };
  if (years <= 0) return { kind: 'refused', reason: 'expired' };
  const judged: Case = { quotes, terms, bounds: boundsOf(terms), faults: new Map() };
  judgeStatically(judged);
  const fit = fitSvi(smileQuotes(judged));
  const distances = distancesFrom(fit, judged, tolerance.volatility);
  for (const right of ['call', 'put'] as const) {
    note(judged, butterflyFaults(rowOf(unaccused(judged, right), judged.bounds.forward), slack, distances));
  }
  judgeParity(judged, distances);
  for (const [index, distance] of distances.entries()) {
    if (!judged.faults.has(index) && distance !== undefined && distance > tolerance.limit) judged.faults.set(index, 'off_smile');
  }
  return { kind: 'judged', verdicts: quotes.map((_, index) => ({ fault: judged.faults.get(index), distance: distances[index] })), fit };
}
