// Whether a quote may be acted on: there, two-sided, and young enough.
import type { Symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { dollars } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { daysBetween, type Now, type TradingDay } from '../domain/time.ts';
import type { Quote } from './quote.ts';

export interface QuoteLimits {
  readonly stockQuoteMaxAgeMs: number;
  readonly optionQuoteMaxAgeMs: number;
  readonly lastDayOptionQuoteMaxAgeMs: number;
}

/** How old a quote is now, in wall milliseconds: its age when we had it, and what has passed on our own clock since. */
export const quoteAgeMs = (quote: Quote, now: Now): number => quote.ageAtSightMs + (now.mono - quote.seen);

/** The age beyond which a symbol's quote is stale: options by their days to expiry, else shares. */
export function maxQuoteAgeMs(symbol: Symbol, today: TradingDay, limits: QuoteLimits): number {
  const option = parseOcc(symbol);
  if (option === undefined) return limits.stockQuoteMaxAgeMs;
  return daysBetween(today, option.expiry) <= 1 ? limits.lastDayOptionQuoteMaxAgeMs : limits.optionQuoteMaxAgeMs;
}

/**
 * The quote, or QUOTE_MISSING (none, or a side without a price), QUOTE_CROSSED (ask not above bid), QUOTE_STALE. An
 * option may have no bid.
 */
export function judgeQuote(quote: Quote | undefined, symbol: Symbol, today: TradingDay, now: Now, limits: QuoteLimits): Known<Quote> {
  if (quote === undefined) return absent('QUOTE_MISSING', `${symbol}: no quote has been seen`);
  const sides = `bid ${String(dollars(quote.bid))}, ask ${String(dollars(quote.ask))}`;
  const isOption = parseOcc(symbol) !== undefined;
  if (quote.ask <= 0 || quote.bid < 0 || (quote.bid === 0 && !isOption)) return absent('QUOTE_MISSING', `${symbol}: one-sided, ${sides}`);
  if (quote.ask <= quote.bid) return absent('QUOTE_CROSSED', `${symbol}: ${sides}`);
  const age = quoteAgeMs(quote, now);
  const allowed = maxQuoteAgeMs(symbol, today, limits);
  if (age > allowed)
    return absent('QUOTE_STALE', `${symbol}: the quote is ${String(Math.round(age))} ms old, allowed are ${String(allowed)}`);
  return known(quote);
}
