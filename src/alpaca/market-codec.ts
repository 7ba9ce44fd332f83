// Quotes, bars, contracts, dividends and headlines as the market's shapes.
import { type Symbol, symbol } from '../domain/ids.ts';
import { isAdjusted, parseOcc } from '../domain/instrument.ts';
import { price } from '../domain/money.ts';
import { type EpochMs, type Now, type TradingDay, tradingDay } from '../domain/time.ts';
import { newYorkDay } from '../market/new-york.ts';
import type { NewsItem } from '../market/news.ts';
import type { Bar, Contract, Provenance, Quote } from '../market/quote.ts';
import { decimalMicros, wholeNumber } from './codec.ts';
import type { BarWire, ContractWire, NewsWire, QuoteWire } from './wire.ts';

export interface QuoteFigures {
  readonly at: EpochMs;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly provenance: Provenance;
}

/** An exchange that plays a record says of a quote that it stands from earlier or is assumed; every other condition is a live market's. */
export function provenanceOf(conditions: string | readonly string[] | null | undefined): Provenance {
  const all = typeof conditions === 'string' ? [conditions] : (conditions ?? []);
  if (all.includes('assumed')) return 'assumed';
  return all.includes('held') ? 'held' : 'live';
}

export const quoteFigures = (wire: QuoteWire): QuoteFigures => ({
  at: wire.t,
  bid: wire.bp,
  ask: wire.ap,
  bidSize: wire.bs ?? null,
  askSize: wire.as ?? null,
  provenance: provenanceOf(wire.c),
});

/** How old something dated by the exchange is at the moment we see it, wall milliseconds, never negative. */
export const ageAtSight = (at: EpochMs, now: Now): number => Math.max(0, now.exchange - at) / (now.speed > 0 ? now.speed : 1);

/** A quote as we saw it: its age is exchange time at sight brought to wall time, never negative. */
export const quoteOf = (ticker: Symbol, figures: QuoteFigures, now: Now): Quote => ({
  symbol: ticker,
  bid: price(figures.bid),
  ask: price(figures.ask),
  bidSize: figures.bidSize,
  askSize: figures.askSize,
  at: figures.at,
  seen: now.mono,
  ageAtSightMs: ageAtSight(figures.at, now),
  provenance: figures.provenance,
});

/** A bar of any length; a daily one starts at New York midnight, so that its day, too, is the New York date of its instant. */
export const barOf = (wire: BarWire): Bar => ({
  at: wire.t,
  day: newYorkDay(wire.t),
  open: price(wire.o),
  high: price(wire.h),
  low: price(wire.l),
  close: price(wire.c),
  volume: wire.v,
});

export const newsOf = (wire: NewsWire): NewsItem => ({
  id: String(wire.id),
  at: wire.created_at,
  headline: wire.headline,
  symbols: wire.symbols.map(symbol),
});

/**
 * A listed contract, or why it is not one: the OCC symbol and the record's own fields must say the same.
 * A contract that is not 100 shares of its own underlying is told apart as not standard.
 */
export function contractOf(wire: ContractWire): Contract | string {
  const option = parseOcc(wire.symbol);
  if (option === undefined) return `${wire.symbol}: not an OCC symbol`;
  const strike = decimalMicros(wire.strike_price);
  if (option.expiry !== wire.expiration_date || option.right !== wire.type || option.strike !== strike)
    return `${wire.symbol}: its record says ${wire.expiration_date} ${wire.type} ${String(strike)}`;
  const delivers = wire.deliverables ?? [];
  const plain =
    wholeNumber(wire.size) === 100 &&
    (wire.multiplier === null || wire.multiplier === undefined || wholeNumber(wire.multiplier) === 100) &&
    !isAdjusted(option) &&
    delivers.length <= 1;
  return {
    option: { ...option, underlying: symbol(wire.underlying_symbol) },
    tradable: wire.tradable,
    style: wire.style,
    standard: plain,
    openInterest: wire.open_interest === null || wire.open_interest === undefined ? null : (wholeNumber(wire.open_interest) ?? null),
    openInterestDay: wire.open_interest_date === null || wire.open_interest_date === undefined ? null : tradingDay(wire.open_interest_date),
    pennyProgram: wire.ppind ?? null,
  };
}

interface DayVolume {
  readonly t: EpochMs;
  readonly v: number;
}

/** Contracts traded in today's session and in the last one before it, from the two newest daily bars. */
export function volumesOf(
  newest: DayVolume | null | undefined,
  before: DayVolume | null | undefined,
  today: TradingDay,
): { readonly volume: number | null; readonly previousVolume: number | null } {
  if (newest === null || newest === undefined) return { volume: null, previousVolume: null };
  if (newYorkDay(newest.t) === today) return { volume: newest.v, previousVolume: before?.v ?? null };
  return { volume: null, previousVolume: newest.v };
}
