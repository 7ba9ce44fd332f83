// Whether what was foretold happened: by prices where they are at hand, else by what expiries say of where the share ended; or why unknown.
import type { Forecast, Foretold, PriceStretch } from '../../domain/forecast.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { type EpochMs, MINUTE, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { expirySession } from '../../market/expiry.ts';
import type { OptionEnd } from '../../store/forecasts.ts';

/** Why it is not known whether a foretold event happened, and what to do about it. */
export const unknownReasons = {
  NOT_DUE: 'its time had not come when the ledger (or the market) was read',
  NOT_IN_LEDGER: 'nothing in the ledger says where the share was: --market asks for its prices',
  BETWEEN_STRIKES: 'the ledger says only between which strikes the share ended: --market asks for its prices',
  CONTRADICTORY: 'expiries and assignments in the ledger contradict each other about where the share ended',
  BARS_MISSING: 'the market has no price of that time',
  BARS_INCOMPLETE: 'the market lacks a part of the time, and in the rest it did not happen',
  SPLIT: 'prices of another size than those of the decision: a split lies between',
  DECISION_MISSING: 'the instant of the decision is not on record',
} as const;
export type UnknownReason = keyof typeof unknownReasons;

export type Outcome =
  | { readonly kind: 'known'; readonly happened: boolean; readonly from: 'ledger' | 'market' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** A minute or more of a share's prices, dollars. */
export interface PriceBar {
  readonly at: EpochMs;
  readonly minutes: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** A share's prices as a market tells them afterwards. */
export interface Prices {
  /** Close of a session, dollars; undefined where there is none. */
  close(symbol: Symbol, day: TradingDay): number | undefined;
  /** Bars of regular hours that lie wholly in [from, to], oldest first. */
  bars(symbol: Symbol, from: EpochMs, to: EpochMs): readonly PriceBar[];
}

/** Where a share ended, as far as options of ours tell: at or above `low`, at or below `high`. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

export type Ends = ReadonlyMap<string, Bounds>;

const endKey = (symbol: Symbol, day: TradingDay): string => `${symbol} ${day}`;

/**
 * What ends of options say of where shares ended on their last days. One that expired says that the share was on its worthless side, one
 * that was assigned or exercised that it was on the other; an assignment before the last day says nothing of it.
 */
export function endsOf(ends: readonly OptionEnd[], calendar: Calendar): Ends {
  const found = new Map<string, Bounds>();
  for (const { option, kind, day } of ends) {
    const last = expirySession(option.expiry, calendar).day;
    if (day < last) continue;
    const key = endKey(option.underlying, last);
    const before = found.get(key) ?? { low: 0, high: Number.POSITIVE_INFINITY };
    const strike = dollars(option.strike);
    const below = (option.right === 'call') === (kind === 'expiry');
    found.set(key, below ? { ...before, high: Math.min(before.high, strike) } : { ...before, low: Math.max(before.low, strike) });
  }
  return found;
}

export interface Foreteller {
  readonly underlying: Symbol;
  readonly saidAt: EpochMs | null;
  readonly forecast: Forecast;
}

export interface Evidence {
  readonly calendar: Calendar;
  readonly ends: Ends;
  /** null: none were asked for. */
  readonly prices: Prices | null;
  /** Up to when anything can be known. */
  readonly asOf: EpochMs;
}

const unknown = (reason: UnknownReason): Outcome => ({ kind: 'unknown', reason });
const seen = (happened: boolean, from: 'ledger' | 'market'): Outcome => ({ kind: 'known', happened, from });

const low = ({ from }: PriceStretch): number => from ?? 0;
const high = ({ to }: PriceStretch): number => to ?? Number.POSITIVE_INFINITY;

/** By the bounds that the ledger puts on the share's end. */
function byEnds(within: readonly PriceStretch[], bounds: Bounds | undefined): Outcome {
  if (bounds === undefined) return unknown('NOT_IN_LEDGER');
  if (bounds.low > bounds.high) return unknown('CONTRADICTORY');
  if (within.some((s) => bounds.low >= low(s) && bounds.high <= high(s))) return seen(true, 'ledger');
  if (within.every((s) => bounds.high <= low(s) || bounds.low >= high(s))) return seen(false, 'ledger');
  return unknown('BETWEEN_STRIKES');
}

/** Two prices of one day that differ by more than two fifths are not of one kind of share: a split of 3 for 2 or more lies between. */
const SPLIT_PART = 1.4;
const sameSize = (price: number, spot: number): boolean => price < spot * SPLIT_PART && price > spot / SPLIT_PART;

/** Minutes that may be missing at either end of a stretch. */
const SLACK_MINUTES = 5;

const beyond = (side: 'above' | 'below', price: number, level: number): boolean => (side === 'above' ? price >= level : price <= level);

/** Every regular minute of [from, to] is in some bar, but for a few at the ends of each session's part. */
function covered(bars: readonly PriceBar[], from: EpochMs, to: EpochMs, calendar: Calendar): boolean {
  return calendar.between(calendar.dayOf(from), calendar.dayOf(to)).every((session) => {
    const start = Math.max(session.open, from);
    const end = Math.min(session.close, to);
    const minutes = (end - start) / MINUTE;
    if (minutes <= 2 * SLACK_MINUTES) return true;
    const held = bars.filter((bar) => bar.at >= start && bar.at < end).reduce((sum, bar) => sum + bar.minutes, 0);
    return held >= minutes - 2 * SLACK_MINUTES;
  });
}

type Pathwise = Exclude<Foretold, { readonly kind: 'ends' }>;

function byTouch(event: Extract<Foretold, { kind: 'touches' }>, bars: readonly PriceBar[], from: EpochMs, calendar: Calendar): Outcome {
  if (bars.length === 0) return unknown('BARS_MISSING');
  if (bars.some((bar) => beyond(event.side, event.side === 'above' ? bar.high : bar.low, event.level))) return seen(true, 'market');
  return covered(bars, from, event.by, calendar) ? seen(false, 'market') : unknown('BARS_INCOMPLETE');
}

function byPath(event: Pathwise, { underlying, saidAt, forecast }: Foreteller, prices: Prices, calendar: Calendar): Outcome {
  if (saidAt === null) return unknown('DECISION_MISSING');
  const day = calendar.dayOf(saidAt);
  const close = prices.close(underlying, day);
  if (close === undefined) return unknown('BARS_MISSING');
  if (!sameSize(close, forecast.spot)) return unknown('SPLIT');
  if (event.kind === 'touches') return byTouch(event, prices.bars(underlying, saidAt, event.by), saidAt, calendar);
  const last = prices.bars(underlying, (event.at - SLACK_MINUTES * MINUTE) as EpochMs, event.at).at(-1);
  return last === undefined ? unknown('BARS_MISSING') : seen(beyond(event.side, last.close, event.level), 'market');
}

function byClose(event: Extract<Foretold, { kind: 'ends' }>, foreteller: Foreteller, prices: Prices, calendar: Calendar): Outcome {
  const { underlying, saidAt, forecast } = foreteller;
  const close = prices.close(underlying, event.day);
  if (close === undefined) return unknown('BARS_MISSING');
  if (saidAt === null) return unknown('DECISION_MISSING');
  const then = prices.close(underlying, calendar.dayOf(saidAt));
  if (then === undefined) return unknown('BARS_MISSING');
  if (!sameSize(then, forecast.spot)) return unknown('SPLIT');
  return seen(
    event.within.some((s) => close > low(s) && close < high(s)),
    'market',
  );
}

/** The instant from which it can be known. */
export function dueAt(event: Foretold, calendar: Calendar): EpochMs {
  if (event.kind === 'ends') return expirySession(event.day, calendar).close;
  return event.kind === 'touches' ? event.by : event.at;
}

/** Whether a forecast came true. Prices decide where they are at hand; what they do not tell the ledger may. */
export function outcomeOf(foreteller: Foreteller, { calendar, ends, prices, asOf }: Evidence): Outcome {
  const { event } = foreteller.forecast;
  if (dueAt(event, calendar) > asOf) return unknown('NOT_DUE');
  if (event.kind !== 'ends') return prices === null ? unknown('NOT_IN_LEDGER') : byPath(event, foreteller, prices, calendar);
  const told = prices === null ? undefined : byClose(event, foreteller, prices, calendar);
  if (told?.kind === 'known') return told;
  const booked = byEnds(event.within, ends.get(endKey(foreteller.underlying, event.day)));
  return booked.kind === 'known' ? booked : (told ?? booked);
}
