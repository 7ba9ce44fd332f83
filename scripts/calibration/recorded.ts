// Probabilities of recorded chains' own smiles, as the strategies reckon them, held against where the names ended.
import { loadConfig } from '../../src/config/load.ts';
import type { Symbol } from '../../src/domain/ids.ts';
import { dollars, MICROS, price } from '../../src/domain/money.ts';
import { absent, type Known, known } from '../../src/domain/reasons.ts';
import type { TradingDay } from '../../src/domain/time.ts';
import { type Calendar, usCalendar } from '../../src/market/calendar.ts';
import { expirySession } from '../../src/market/expiry.ts';
import { flagExpiry } from '../../src/market/expiry-flags.ts';
import type { Quote } from '../../src/market/quote.ts';
import { bsGreeks } from '../../src/pricing/black-scholes.ts';
import { type Bucket, disjointSpans, type Interval, type Judged, wilson } from '../../src/pricing/calibration.ts';
import { probabilityBeyond } from '../../src/pricing/probability.ts';
import type { MarketView } from '../../src/strategies/strategy.ts';
import { type ExpiryOdds, expiryOdds } from '../../src/strategies/toolkit/odds.ts';
import { rowsOf, type Setting } from '../../src/strategies/toolkit/select.ts';
import { closesOf, type RecordedSet, ratesOf, recordedSets, type Snapshot, snapshotsOf } from './chains.ts';

/** The chance that a name ends above a strike, and whether it did. */
export interface RecordedForecast extends Judged {
  readonly set: string;
  readonly expiry: TradingDay;
  readonly strike: number;
  /** From the snapshot to the last trade of the expiry, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Expiries that gave no forecast, by reason. */
export type LeftOut = Readonly<Record<'outcome not recorded' | 'over at the snapshot' | 'no smile' | 'no rate', number>>;

export interface Recorded {
  readonly forecasts: readonly RecordedForecast[];
  readonly leftOut: LeftOut;
}

/** Call deltas asked for: an even grid, ten to a chain. */
const DELTAS = Array.from({ length: 10 }, (_, i) => 0.05 + 0.1 * i);
/** How far a strike's own delta may lie from the one that was asked for. */
const DELTA_WITHIN = 0.04;
/** Quoted out-of-the-money strikes on each side of the spot, below which there is no smile to speak of. */
const STRIKES_A_SIDE = 2;

interface Expiry {
  readonly set: RecordedSet;
  readonly snapshot: Snapshot;
  readonly setting: Setting;
  readonly expiry: TradingDay;
}

/** The quotes of an expiry that an entry may rest on: those that its other quotes do not contradict. */
function soundQuotes({ snapshot, setting, expiry }: Expiry): Pick<MarketView, 'entryQuote'> {
  const { chain, at, spot } = snapshot;
  const rows = chain.rows.filter((row) => row.contract.option.expiry === expiry);
  const quotes = new Map(rows.map((row) => [row.contract.option.symbol, row.quote]));
  const quoteOf = (name: Symbol): Known<Quote> => {
    const found = quotes.get(name) ?? null;
    return found === null ? absent('QUOTE_MISSING', `${name} has no quote on record`) : known(found);
  };
  const middle = price(Math.round(spot * MICROS));
  const share = { symbol: chain.underlying, bid: middle, ask: middle, bidSize: null, askSize: null, at, seen: chain.seen } as const;
  const flags = flagExpiry({ expiry, rows, quoteOf, spot: { ...share, ageAtSightMs: 0, provenance: 'live' } }, setting);
  const sound = (name: Symbol): boolean => flags.known && flags.value.has(name) && flags.value.get(name) === undefined;
  return { entryQuote: (name) => (sound(name) ? quoteOf(name) : absent('CHAIN_INCONSISTENT', `${name}: other quotes speak against it`)) };
}

/** Strikes of an expiry that somebody bids for, out of the money, ascending. */
function quotedStrikes({ snapshot, setting, expiry }: Expiry, { entryQuote }: Pick<MarketView, 'entryQuote'>): readonly number[] {
  const side = (right: 'put' | 'call'): readonly number[] =>
    rowsOf(snapshot.chain.rows, right, expiry).flatMap(({ contract: { option } }) => {
      const quote = entryQuote(option.symbol);
      const strike = dollars(option.strike);
      return quote.known && quote.value.bid > 0 && (right === 'put' ? strike <= setting.spot : strike > setting.spot) ? [strike] : [];
    });
  const [puts, calls] = [side('put'), side('call')];
  return puts.length < STRIKES_A_SIDE || calls.length < STRIKES_A_SIDE ? [] : [...puts, ...calls];
}

/** The strikes whose call deltas, by the smile, lie nearest the grid's; none twice. */
function gridStrikes(strikes: readonly number[], { terms, sigmaAt }: ExpiryOdds): readonly number[] {
  const deltas = strikes.map((strike) => ({ strike, delta: bsGreeks({ ...terms, right: 'call', strike, sigma: sigmaAt(strike) }).delta }));
  const chosen = DELTAS.flatMap((wanted) => {
    const away = ({ delta }: { readonly delta: number }): number => Math.abs(delta - wanted);
    const [nearest] = [...deltas].sort((a, b) => away(a) - away(b));
    return nearest !== undefined && away(nearest) <= DELTA_WITHIN ? [nearest.strike] : [];
  });
  return [...new Set(chosen)];
}

/** The forecasts of one expiry of one snapshot; undefined where its quotes make no smile. */
function forecastsOf(found: Expiry, calendar: Calendar, end: number): readonly RecordedForecast[] | undefined {
  const { set, snapshot, setting, expiry } = found;
  const quotes = soundQuotes(found);
  const strikes = quotedStrikes(found, quotes);
  const odds = expiryOdds(quotes, snapshot.chain, expiry, setting);
  if (strikes.length === 0 || !odds.known) return undefined;
  const { terms, sigmaAt } = odds.value;
  return gridStrikes(strikes, odds.value).map((strike) => ({
    set: set.name,
    expiry,
    strike,
    from: snapshot.at,
    to: expirySession(expiry, calendar).close,
    predicted: probabilityBeyond('above', strike, terms, sigmaAt(strike)),
    happened: end > strike,
  }));
}

/** Continuous yields as shipped, by name; the index pays as its fund does. */
function dividendYields(cwd: string): (name: string) => number {
  const loaded = loadConfig({ env: {}, cwd, mode: 'sim' });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const { dividendYields: yields } = loaded.config.data;
  return (name) => yields.get(name === 'SPX' ? 'SPY' : name) ?? 0;
}

/** What all snapshots share. */
interface World {
  readonly calendar: Calendar;
  readonly rate: (day: TradingDay) => number | undefined;
  readonly yieldOf: (name: string) => number;
}

/** One snapshot's expiries, each with its forecasts or why it has none. */
function judgedExpiries(
  set: RecordedSet,
  snapshot: Snapshot,
  closes: ReadonlyMap<string, number>,
  { calendar, rate, yieldOf }: World,
): readonly (readonly RecordedForecast[] | keyof LeftOut)[] {
  const { chain, at, spot } = snapshot;
  const day = calendar.dayOf(at);
  const r = rate(day);
  return [...new Set(chain.rows.map((row) => row.contract.option.expiry))].map((expiry) => {
    const last = expirySession(expiry, calendar);
    const end = closes.get(last.day);
    if (r === undefined) return 'no rate';
    if (at >= last.close) return 'over at the snapshot';
    if (end === undefined) return 'outcome not recorded';
    const setting: Setting = { now: at, day, calendar, spot, rate: r, dividendYield: yieldOf(chain.underlying), dividends: [] };
    const made = forecastsOf({ set, snapshot, setting, expiry }, calendar, end);
    return made === undefined || made.length === 0 ? 'no smile' : made;
  });
}

/**
 * Every forecast that the recorded chains of a folder allow.
 * @param cwd where the configuration is looked for
 */
export function recordedForecasts(folder: string, cwd: string, sets: readonly RecordedSet[] = recordedSets): Recorded {
  const world: World = { calendar: usCalendar(), rate: ratesOf(folder), yieldOf: dividendYields(cwd) };
  const leftOut = { 'outcome not recorded': 0, 'over at the snapshot': 0, 'no smile': 0, 'no rate': 0 };
  const forecasts: RecordedForecast[] = [];
  for (const set of sets) {
    const closes = closesOf(folder, set);
    for (const found of snapshotsOf(folder, set).flatMap((snapshot) => judgedExpiries(set, snapshot, closes, world))) {
      if (typeof found === 'string') leftOut[found] += 1;
      else forecasts.push(...found);
    }
  }
  return { forecasts, leftOut };
}

/** A bucket with what its forecasts amount to when all that share any time count as one. */
export interface WidenedBucket extends Bucket {
  /** Forecasts of the bucket whose spans do not overlap, whatever their names: at least so many are independent. */
  readonly independent: number;
  /** Wilson's interval of the observed share for that many. */
  readonly widened: Interval;
}

export function widened(forecasts: readonly RecordedForecast[], buckets: readonly Bucket[], z: number): readonly WidenedBucket[] {
  return buckets.map((bucket) => {
    const of = forecasts.filter(({ predicted: p }) => p >= bucket.from && (p < bucket.to || bucket.to === 1));
    const independent = disjointSpans(of);
    return { ...bucket, independent, widened: wilson(bucket.observed, independent, z) };
  });
}
