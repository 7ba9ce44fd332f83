// Whether a chain holds together: strikes enough on each side, and calls and puts at parity near the forward.
import type { Symbol } from '../domain/ids.ts';
import { dollars } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { OptionQuote } from '../pricing/volatility/quote-terms.ts';
import type { Calendar } from './calendar.ts';
import { type Breaches, bothOf, breachesOf, noBreaches, tooMany } from './exercise-check.ts';
import { yearsToExpiry } from './expiry.ts';
import { groupBy } from './group.ts';
import type { Chain, ChainRow, Dividend, Quote } from './quote.ts';

export interface ChainTerms {
  readonly now: EpochMs;
  readonly calendar: Calendar;
  readonly rate: number;
  readonly dividendYield: number;
  /** Cash dividends that are announced: those that a holder still gets take the yield's place. */
  readonly dividends: readonly Dividend[];
}

const STRIKES_MIN = 5;
const STRIKES_CHECKED = 3;
/** Room for early exercise and dividends not yet in the yield, as a share of spot. */
const PARITY_SLACK = 0.01;

/** Middle of the touch in dollars a share. */
export const midOf = (quote: Quote): number => (dollars(quote.bid) + dollars(quote.ask)) / 2;

/** Rows by expiry, soonest first. */
export function byExpiry(chain: Chain): ReadonlyMap<TradingDay, readonly ChainRow[]> {
  return new Map([...groupBy(chain.rows, (row) => row.contract.option.expiry)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Rows of standard contracts whose quote has two prices in order. */
const quoted = (rows: readonly ChainRow[]): readonly (ChainRow & { readonly quote: Quote })[] =>
  rows.filter(
    (row): row is ChainRow & { readonly quote: Quote } => row.contract.standard && row.quote !== null && row.quote.ask > row.quote.bid,
  );

export interface Pair {
  readonly strike: number;
  readonly call: Quote;
  readonly put: Quote;
}

/** Strikes whose call and put are both among the rows. */
export function pairsOf(rows: readonly (ChainRow & { readonly quote: Quote })[]): readonly Pair[] {
  const puts = new Map(rows.filter((r) => r.contract.option.right === 'put').map((r) => [r.contract.option.strike, r.quote]));
  const pairs: Pair[] = [];
  for (const { contract, quote } of rows) {
    const put = puts.get(contract.option.strike);
    if (contract.option.right === 'call' && put !== undefined) pairs.push({ strike: dollars(contract.option.strike), call: quote, put });
  }
  return pairs;
}

/**
 * What the share is worth to whoever gets it at the expiry, dollars: a call does not collect the dividends before it. Their few days of
 * interest are left out, far below the room that parity is given.
 */
function deliveredValue(spot: number, expiry: TradingDay, years: number, terms: ChainTerms): number {
  const today = terms.calendar.dayOf(terms.now);
  const before = terms.dividends.filter(({ exDay }) => exDay > today && exDay <= expiry);
  if (before.length === 0) return spot * Math.exp(-terms.dividendYield * years);
  return before.reduce((value, { amount }) => value - dollars(amount), spot);
}

/** The three strikes nearest the forward must be at parity within half the two spreads and 1 % of spot; what offends, or undefined. */
function parityBreach(pairs: readonly Pair[], spot: number, expiry: TradingDay, terms: ChainTerms): string | undefined {
  const years = yearsToExpiry(terms.now, expiry, terms.calendar);
  const asset = deliveredValue(spot, expiry, years, terms);
  const discount = Math.exp(-terms.rate * years);
  const forward = asset / discount;
  const nearest = [...pairs]
    .sort((a, b) => Math.abs(a.strike - forward) - Math.abs(b.strike - forward) || a.strike - b.strike)
    .slice(0, STRIKES_CHECKED);
  if (nearest.length === 0) return 'no strike has both a call and a put quoted';
  for (const { strike, call, put } of nearest) {
    const gap = Math.abs(midOf(call) - midOf(put) - (asset - strike * discount));
    const allowed = (dollars(call.ask) - dollars(call.bid) + dollars(put.ask) - dollars(put.bid)) / 2 + PARITY_SLACK * spot;
    if (gap > allowed) return `at ${String(strike)} call less put is ${gap.toFixed(4)} off parity, allowed are ${allowed.toFixed(4)}`;
  }
  return undefined;
}

type ExpiryVerdict = { readonly kind: 'sound' } | { readonly kind: 'thin' | 'inconsistent'; readonly why: string };

function judgeExpiry(rows: readonly ChainRow[], expiry: TradingDay, spot: number, terms: ChainTerms): ExpiryVerdict {
  const usable = quoted(rows);
  const calls = usable.filter((r) => r.contract.option.right === 'call').length;
  const puts = usable.length - calls;
  if (calls < STRIKES_MIN || puts < STRIKES_MIN) {
    return {
      kind: 'thin',
      why: `${expiry}: ${String(calls)} calls and ${String(puts)} puts quoted, needed are ${String(STRIKES_MIN)} each`,
    };
  }
  const breach = parityBreach(pairsOf(usable), spot, expiry, terms);
  return breach === undefined ? { kind: 'sound' } : { kind: 'inconsistent', why: `${expiry}: ${breach}` };
}

const describe = (underlying: Symbol, faults: readonly string[]): string =>
  `${underlying}: ${faults.slice(0, 3).join('; ')}${faults.length > 3 ? `; and ${String(faults.length - 3)} more expiries` : ''}`;

/** Quotes of standard contracts, in dollars. */
const pricesOf = (rows: readonly ChainRow[]): readonly OptionQuote[] =>
  quoted(rows).map(({ contract: { option }, quote }) => ({
    right: option.right,
    strike: dollars(option.strike),
    bid: dollars(quote.bid),
    ask: dollars(quote.ask),
  }));

function chainBreaches(expiries: ReadonlyMap<TradingDay, readonly ChainRow[]>, spot: number, { now, calendar }: ChainTerms): Breaches {
  return [...expiries]
    .map(([expiry, rows]) => breachesOf(pricesOf(rows), spot, yearsToExpiry(now, expiry, calendar)))
    .reduce(bothOf, noBreaches);
}

/**
 * The chain reduced to its sound expiries, each judged by itself so that one thin weekly does not hide the monthly.
 * NO_EXPIRY_IN_RANGE when nothing is listed; CHAIN_INCONSISTENT when too many quotes cannot be of a share at this price, and when no
 * expiry is sound and one broke parity; else CHAIN_EMPTY. Staleness of single quotes is judged where they are used.
 * @param spot the underlying's own, fresh quote
 */
export function soundChain(chain: Chain, spot: Quote, terms: ChainTerms): Known<Chain> {
  const expiries = byExpiry(chain);
  const breaches = chainBreaches(expiries, midOf(spot), terms);
  if (tooMany(breaches)) {
    const { judged, beyond } = breaches;
    const why = `${String(beyond)} of ${String(judged)} quotes cannot be of a share at ${midOf(spot).toFixed(2)}`;
    return absent('CHAIN_INCONSISTENT', `${chain.underlying}: ${why}`);
  }
  const thin: string[] = [];
  const inconsistent: string[] = [];
  const sound: ChainRow[] = [];
  for (const [expiry, rows] of expiries) {
    const verdict = judgeExpiry(rows, expiry, midOf(spot), terms);
    if (verdict.kind === 'sound') sound.push(...rows);
    else if (verdict.kind === 'thin') thin.push(verdict.why);
    else inconsistent.push(verdict.why);
  }
  if (sound.length > 0) return known({ ...chain, rows: sound });
  if (chain.rows.length === 0)
    return absent('NO_EXPIRY_IN_RANGE', `${chain.underlying}: nothing is listed from ${chain.from} to ${chain.to}`);
  if (inconsistent.length > 0) return absent('CHAIN_INCONSISTENT', describe(chain.underlying, inconsistent));
  return absent('CHAIN_EMPTY', describe(chain.underlying, thin));
}
