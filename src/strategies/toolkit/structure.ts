// A package of option legs with their quotes: what it is worth, what it costs now, and the order that opens or closes it.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { type Effect, type Legs, leg, type Side, sign } from '../../domain/legs.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { Quote } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { packageTickOf, tickOf } from './context.ts';
import type { NetMarket, TickAt } from './limits.ts';

export interface QuotedLeg {
  readonly option: Option;
  readonly side: Side;
  readonly ratio: number;
  readonly quote: Quote;
}

const bidOf = (l: QuotedLeg): number => dollars(l.quote.bid);
const askOf = (l: QuotedLeg): number => dollars(l.quote.ask);

/** Net prices of a package, never from one leg alone and never from a last trade. */
export function packageMarket(legs: readonly QuotedLeg[]): NetMarket {
  let mid = 0;
  let natural = 0;
  let best = 0;
  for (const l of legs) {
    const weight = sign(l.side) * l.ratio;
    mid += weight * ((bidOf(l) + askOf(l)) / 2);
    natural += weight * (l.side === 'buy' ? askOf(l) : bidOf(l));
    best += weight * (l.side === 'buy' ? bidOf(l) : askOf(l));
  }
  return { mid, natural, best };
}

/** The grid of a package's net price: that of its contract for a single leg, a cent for more. */
export const packageGrid = (market: MarketView, underlying: Symbol, legs: readonly Pick<QuotedLeg, 'option'>[]): TickAt => {
  const [first] = legs;
  return legs.length === 1 && first !== undefined ? tickOf(market, first.option) : packageTickOf(underlying, legs.length);
};

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** The legs of an order, bought ones first, in lowest terms. Never empty. */
export function orderLegs(legs: readonly Pick<QuotedLeg, 'option' | 'side' | 'ratio'>[], effect: Effect): Legs {
  const divisor = legs.reduce((d, l) => greatestDivisor(d, l.ratio), 0) || 1;
  const sorted = [...legs].sort((a, b) => (a.side === b.side ? (a.option.symbol < b.option.symbol ? -1 : 1) : a.side === 'buy' ? -1 : 1));
  return sorted.map((l) => leg(l.option, l.side, effect, l.ratio / divisor)) as unknown as Legs;
}

/** Quotes of a package taken further apart than this, exchange milliseconds, are not one market. */
const LEG_AGE_MS_MAX = 2_000;

type Unquoted = Omit<QuotedLeg, 'quote'>;

function legsBy(quoteOf: (symbol: Symbol) => Known<Quote>, legs: readonly Unquoted[]): Known<readonly QuotedLeg[]> {
  const quoted: QuotedLeg[] = [];
  for (const l of legs) {
    const quote = quoteOf(l.option.symbol);
    if (!quote.known) return quote;
    quoted.push({ ...l, quote: quote.value });
  }
  const seen = quoted.map((l) => l.quote.seen - l.quote.ageAtSightMs);
  const apart = Math.max(...seen) - Math.min(...seen);
  if (apart > LEG_AGE_MS_MAX) return absent('QUOTE_STALE', `the legs' quotes lie ${apart} ms apart, ${LEG_AGE_MS_MAX} are allowed`);
  return known(quoted);
}

/** The legs with fresh quotes of nearly one moment; the first absence otherwise, QUOTE_STALE when they lie more than two seconds apart. */
export const quotedLegs = (market: MarketView, legs: readonly Unquoted[]): Known<readonly QuotedLeg[]> =>
  legsBy((symbol) => market.quote(symbol), legs);

/** The same of a package that is to be entered: each quote must also be in line with the others of its expiry. */
export const entryLegs = (market: MarketView, legs: readonly Unquoted[]): Known<readonly QuotedLeg[]> =>
  legsBy((symbol) => market.entryQuote(symbol), legs);
