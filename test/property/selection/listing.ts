// A chain as a flat list of what is listed, valued by the tests' own arithmetic: what the brute force searches.

import type { Known } from '../../../src/domain/reasons.ts';
import type { TradingDay } from '../../../src/domain/time.ts';
import type { Chain, Quote } from '../../../src/market/quote.ts';
import { calendar, RATE, type World } from '../../golden/strategies/world.ts';
import { deltaOf, insideOf, type Terms, volatilityOf } from './own-math.ts';

export type Right = 'call' | 'put';

export interface Listed {
  readonly symbol: string;
  readonly right: Right;
  readonly strike: number;
  readonly expiry: string;
  /** Calendar days. */
  readonly dte: number;
  readonly standard: boolean;
  readonly tradable: boolean;
  readonly openInterest: number | null;
  readonly openInterestDay: string | null;
  readonly volume: number | null;
  /** What an entry may rest on; null where there is no such quote. */
  readonly quote: { readonly bid: number; readonly ask: number; readonly bidSize: number | null; readonly askSize: number | null } | null;
}

export interface Valued extends Listed {
  readonly bid: number;
  readonly ask: number;
  readonly mid: number;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly sigma: number;
  /** Without sign. */
  readonly delta: number;
  /** Chance to end in the money. */
  readonly inside: number;
}

/** Everything a search may look at. */
export interface Listing {
  readonly day: string;
  readonly now: number;
  readonly spot: number;
  readonly equity: number;
  readonly rows: readonly Listed[];
}

const days = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
const closeOf = (expiry: string): number => (calendar.session(expiry as TradingDay) ?? calendar.offset(expiry as TradingDay, -1)).close;

/** Minutes of regular sessions until an expiry's last trade. */
export function sessionMinutes({ day, now }: Listing, expiry: string): number {
  const last = closeOf(expiry);
  return calendar
    .between(day as TradingDay, expiry as TradingDay)
    .filter(({ close }) => close <= last)
    .reduce((total, { open, close }) => total + Math.max(0, close - Math.max(open, now)) / 60_000, 0);
}

/** Years left: calendar days over 365 from two days out, before that minutes of session over 252 x 390. */
export const yearsLeft = (listing: Listing, expiry: string): number =>
  days(listing.day, expiry) >= 2 ? (closeOf(expiry) - listing.now) / (365 * 86_400_000) : sessionMinutes(listing, expiry) / (252 * 390);

export const termsOf = (listing: Listing, { right, strike, expiry }: Pick<Listed, 'right' | 'strike' | 'expiry'>): Terms => ({
  right,
  strike,
  spot: listing.spot,
  years: yearsLeft(listing, expiry),
  rate: RATE,
  dividendYield: 0,
});

/** What can be valued: two prices, one of them a bid, and a volatility that explains their middle. */
export function valuedIn(listing: Listing, wanted: (row: Listed) => boolean): readonly Valued[] {
  return listing.rows.flatMap((row) => {
    if (!wanted(row) || row.quote === null || !(row.quote.bid > 0)) return [];
    const { bid, ask, bidSize, askSize } = row.quote;
    const mid = (bid + ask) / 2;
    const terms = termsOf(listing, row);
    const sigma = volatilityOf(terms, mid);
    if (sigma === undefined) return [];
    return [{ ...row, bid, ask, mid, bidSize, askSize, sigma, delta: Math.abs(deltaOf(terms, sigma)), inside: insideOf(terms, sigma) }];
  });
}

/** The list of a chain, its quotes as an entry sees them. */
export function listingOf(w: World, chain: Chain, spot: number, quoteOf: (symbol: Chain['underlying']) => Known<Quote>): Listing {
  const rows = chain.rows.map(({ contract, volume, previousVolume }): Listed => {
    const { option } = contract;
    const quote = quoteOf(option.symbol);
    const session = calendar.session(w.day);
    const early = session !== undefined && w.at - session.open < 60 * 60_000;
    return {
      symbol: option.symbol,
      right: option.right,
      strike: option.strike / 1e6,
      expiry: option.expiry,
      dte: days(w.day, option.expiry),
      standard: contract.standard,
      tradable: contract.tradable,
      openInterest: contract.openInterest,
      openInterestDay: contract.openInterestDay,
      volume: early ? previousVolume : volume,
      quote: quote.known
        ? { bid: quote.value.bid / 1e6, ask: quote.value.ask / 1e6, bidSize: quote.value.bidSize, askSize: quote.value.askSize }
        : null,
    };
  });
  return { day: w.day, now: w.at, spot, equity: w.account.equity, rows };
}
