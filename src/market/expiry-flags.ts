// Which quotes of one expiry contradict the rest of it: prices that no volatility explains, and those far off the smile of the others.
import type { Symbol } from '../domain/ids.ts';
import { dollars } from '../domain/money.ts';
import { absent, type Known, known, type ReasonCode } from '../domain/reasons.ts';
import type { TradingDay } from '../domain/time.ts';
import { impliedForward } from '../pricing/volatility/forward.ts';
import { flagQuotes } from '../pricing/volatility/quote-flags.ts';
import type { ExpiryTerms, OptionQuote, QuoteFault } from '../pricing/volatility/quote-terms.ts';
import { type ChainTerms, midOf, pairsOf } from './chain-check.ts';
import { yearsToExpiry } from './expiry.ts';
import type { ChainRow, Quote } from './quote.ts';

/** What is wrong with each contract's quote, undefined for a good one; contracts without a quote to judge are not in it. */
export type ExpiryFlags = ReadonlyMap<Symbol, QuoteFault | undefined>;

/** What a share may move between two quotes of one chain, as a share of it: two quotes contradict each other beyond this alone. */
const SLACK_PART = 0.0005;
/** And a cent at least. */
const SLACK_MIN_USD = 0.01;
/** How far the cost of money in the quotes may lie from the rate in use: half a point a year. */
const RATE_SLACK = 0.005;

export interface FlagAsk {
  readonly expiry: TradingDay;
  /** Rows of that expiry. Those of nonstandard contracts are left out: their prices are of another delivery. */
  readonly rows: readonly ChainRow[];
  /** A contract's quote as it would be used: one that is stale or missing is no witness, a crossed one is a fault. */
  readonly quoteOf: (symbol: Symbol) => Known<Quote>;
  /** The underlying's own, fresh quote. */
  readonly spot: Quote;
}

/** The carry that the expiry's own quotes imply, dividends and borrowing included; that of the terms where they imply none. */
function expiryTerms(rows: readonly (ChainRow & { readonly quote: Quote })[], { expiry, spot }: FlagAsk, terms: ChainTerms): ExpiryTerms {
  const at = midOf(spot);
  const { rate } = terms;
  const years = yearsToExpiry(terms.now, expiry, terms.calendar);
  const pairs = pairsOf(rows).map(({ strike, call, put }) => ({ strike, call: midOf(call), put: midOf(put) }));
  const implied = impliedForward(pairs, at, rate, years);
  return {
    style: rows[0]?.contract.style ?? 'american',
    spot: at,
    years,
    rate,
    dividendYield: implied.kind === 'forward' && years > 0 ? rate - Math.log(implied.forward / at) / years : terms.dividendYield,
    slack: Math.max(SLACK_MIN_USD, SLACK_PART * at),
    rateSlack: RATE_SLACK,
  };
}

/** Every quoted contract of an expiry, judged against all the others; CHAIN_INCONSISTENT where nothing can be judged, as after the expiry. */
export function flagExpiry(ask: FlagAsk, terms: ChainTerms): Known<ExpiryFlags> {
  const flags = new Map<Symbol, QuoteFault | undefined>();
  const quoted = ask.rows.flatMap((row): readonly (ChainRow & { readonly quote: Quote })[] => {
    const { symbol } = row.contract.option;
    const quote = row.contract.standard ? ask.quoteOf(symbol) : undefined;
    if (quote?.known === false && quote.code === 'QUOTE_CROSSED') flags.set(symbol, 'crossed');
    return quote?.known === true ? [{ ...row, quote: quote.value }] : [];
  });
  const quotes = quoted.map(({ contract: { option }, quote }): OptionQuote => {
    return { right: option.right, strike: dollars(option.strike), bid: dollars(quote.bid), ask: dollars(quote.ask) };
  });
  const judged = flagQuotes(quotes, expiryTerms(quoted, ask, terms));
  if (judged.kind === 'refused') return absent('CHAIN_INCONSISTENT', `quotes of ${ask.expiry} cannot be judged: ${judged.reason}`);
  for (const [i, row] of quoted.entries()) flags.set(row.contract.option.symbol, judged.verdicts[i]?.fault);
  return known(flags);
}

interface Meaning {
  readonly code: ReasonCode;
  readonly words: string;
}

const meanings: Readonly<Record<QuoteFault, Meaning>> = {
  not_a_price: { code: 'QUOTE_MISSING', words: 'its quote is no price' },
  no_quote: { code: 'QUOTE_MISSING', words: 'nobody bids and nobody offers' },
  crossed: { code: 'QUOTE_CROSSED', words: 'the ask does not exceed the bid' },
  below_bound: { code: 'QUOTE_BEYOND_BOUNDS', words: 'it is offered for less than its exercise is worth' },
  above_bound: { code: 'QUOTE_BEYOND_BOUNDS', words: 'more is bid than it can ever bring' },
  not_monotone: { code: 'QUOTE_NOT_MONOTONE', words: 'more is bid for it than a better strike is offered for, or the reverse' },
  too_steep: { code: 'QUOTE_NOT_MONOTONE', words: 'its price lies further from that of another strike than the strikes lie apart' },
  not_convex: { code: 'QUOTE_NOT_CONVEX', words: 'a butterfly with its neighbours would pay for being held' },
  off_parity: { code: 'QUOTE_OFF_PARITY', words: 'it and the other right of its strike cannot both be right' },
  off_smile: { code: 'QUOTE_OFF_SMILE', words: "its volatility lies far off that of its expiry's other strikes" },
};

/** The reason that a decision names for a quote at fault. */
export const faultCode = (fault: QuoteFault): ReasonCode => meanings[fault].code;

/** What is wrong with it, to be read after its symbol. */
export const faultWords = (fault: QuoteFault): string => meanings[fault].words;
