// Choosing an expiry and a strike: contracts valued by our own volatility, then the nearest to what was asked.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { addDays, daysBetween, type EpochMs, type TradingDay, weekday } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { yearsToExpiry } from '../../market/expiry.ts';
import type { ChainRow, Dividend, Quote } from '../../market/quote.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import { bsGreeks, probabilityItm } from '../../pricing/black-scholes.ts';
import type { EndTerms } from '../../pricing/probability.ts';
import { mid } from './limits.ts';

/** What every contract of one underlying is valued against. */
export interface Setting {
  readonly now: EpochMs;
  readonly day: TradingDay;
  readonly calendar: Calendar;
  /** Dollars. */
  readonly spot: number;
  /** Continuous, a fraction a year. */
  readonly rate: number;
  readonly dividendYield: number;
  /** Announced dividends; when there are any, they replace the yield. */
  readonly dividends: readonly Dividend[];
}

/** A contract with its quote and what our own arithmetic makes of it. */
export interface Valued {
  readonly option: Option;
  readonly quote: Quote;
  readonly dte: number;
  readonly sigma: number;
  readonly delta: number;
  /** Risk-neutral probability that it expires in the money. */
  readonly pItm: number;
}

export type ValuedRow = Valued & { readonly row: ChainRow };

/** Spot less the present value of dividends that go ex before the expiry (escrowed), or the continuous yield where none is announced. */
function carry(setting: Setting, expiry: TradingDay): Pick<EndTerms, 'spot' | 'dividendYield'> {
  const due = setting.dividends.filter((d) => d.exDay > setting.day && d.exDay <= expiry);
  if (due.length === 0) return { spot: setting.spot, dividendYield: setting.dividendYield };
  const presentValue = due.reduce(
    (total, d) => total + dollars(d.amount) * Math.exp((-setting.rate * daysBetween(setting.day, d.exDay)) / 365),
    0,
  );
  return { spot: setting.spot - presentValue, dividendYield: 0 };
}

/** What the share's end at an expiry is judged from: the terms every contract of that expiry is valued on. */
export const endTerms = (setting: Setting, expiry: TradingDay): EndTerms => ({
  ...carry(setting, expiry),
  years: yearsToExpiry(setting.now, expiry, setting.calendar),
  rate: setting.rate,
});

/**
 * Values an option at the mid of its quote: volatility, delta and the probability to expire in the money, European.
 * Absent with IV_BELOW_INTRINSIC or IV_ABOVE_BOUND where no volatility explains the price.
 */
export function valued(option: Option, quote: Quote, setting: Setting): Known<Valued> {
  const terms = { ...endTerms(setting, option.expiry), right: option.right, strike: dollars(option.strike) };
  const solved = quotedVolatility({ ...terms, price: mid(quote) });
  if (solved.kind !== 'solved') {
    return absent(solved.code, `${option.symbol} at ${mid(quote)} lies beyond the bound ${solved.bound}: no volatility explains it`);
  }
  const input = { ...terms, sigma: solved.sigma };
  return known({
    option,
    quote,
    dte: daysBetween(setting.day, option.expiry),
    sigma: solved.sigma,
    delta: bsGreeks(input).delta,
    pItm: probabilityItm(input),
  });
}

/** The third Friday of an expiry's month or, when the market is closed then, the session before it. */
function standardMonthly(expiry: TradingDay, calendar: Calendar): TradingDay {
  const first = `${expiry.slice(0, 8)}01` as TradingDay;
  const friday = addDays(first, ((5 - weekday(first) + 7) % 7) + 14);
  return calendar.session(friday) === undefined ? calendar.offset(friday, -1).day : friday;
}

export interface ExpiryAsk {
  readonly day: TradingDay;
  readonly calendar: Calendar;
  /** Calendar days to expiry. */
  readonly min: number;
  readonly target: number;
  readonly max: number;
  /** A standard monthly this close to the target is preferred. */
  readonly monthlyWithin: number;
  /** Of two equally near the target, the later one. */
  readonly laterOnTie?: boolean;
}

/**
 * The listed expiries inside the window, nearest the target first; of two as near the earlier, unless the later is asked for. A standard
 * monthly near enough comes before all.
 */
export function expiriesInside(expiries: Iterable<TradingDay>, ask: ExpiryAsk): readonly TradingDay[] {
  const away = (expiry: TradingDay): number => Math.abs(daysBetween(ask.day, expiry) - ask.target);
  const inside = [...new Set(expiries)]
    .filter((expiry) => daysBetween(ask.day, expiry) >= ask.min && daysBetween(ask.day, expiry) <= ask.max)
    .sort((a, b) => away(a) - away(b) || (a < b === (ask.laterOnTie === true) ? 1 : -1));
  const monthly = inside.find((expiry) => away(expiry) <= ask.monthlyWithin && expiry === standardMonthly(expiry, ask.calendar));
  return monthly === undefined ? inside : [monthly, ...inside.filter((expiry) => expiry !== monthly)];
}

/** The first of them; undefined when none is listed in the window. */
export const nearestExpiry = (expiries: Iterable<TradingDay>, ask: ExpiryAsk): TradingDay | undefined => expiriesInside(expiries, ask)[0];

/** Nearest to a delta (compared without sign), the one further out of the money of two. */
export function byDelta(target: number): (a: Valued, b: Valued) => number {
  const away = (v: Valued): number => Math.abs(Math.abs(v.delta) - target);
  return (a, b) => away(a) - away(b) || Math.abs(a.delta) - Math.abs(b.delta) || (a.option.symbol < b.option.symbol ? -1 : 1);
}

export const inDeltaBand = (v: Valued, min: number, max: number): boolean => Math.abs(v.delta) >= min && Math.abs(v.delta) <= max;

/** Rows in the order of their strikes. */
export const byStrike = (rows: readonly ChainRow[]): readonly ChainRow[] =>
  [...rows].sort((a, b) => a.contract.option.strike - b.contract.option.strike);

/** Rows of one right and expiry, by strike. */
export const rowsOf = (rows: readonly ChainRow[], right: Option['right'], expiry: TradingDay): readonly ChainRow[] =>
  byStrike(rows.filter((row) => row.contract.option.right === right && row.contract.option.expiry === expiry));

/** The rows somebody bids for, with a fresh quote that a volatility explains; the others fall out. */
export function valuedRows(rows: readonly ChainRow[], setting: Setting, quoteOf: (symbol: Symbol) => Known<Quote>): readonly ValuedRow[] {
  return rows.flatMap((row) => {
    const quote = quoteOf(row.contract.option.symbol);
    if (!quote.known || quote.value.bid <= 0) return [];
    const value = valued(row.contract.option, quote.value, setting);
    return value.known ? [{ ...value.value, row }] : [];
  });
}
