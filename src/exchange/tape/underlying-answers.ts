// What a tape answers about shares and indices: bars, closes, levels and dividends.
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import type { BarAdjustment, CashDividend, ListedEquity, MarketBar, ShareSplit } from '../market.ts';
import { splitRatio } from '../splits.ts';
import type { TapeContext } from './context.ts';
import { knownAt } from './minute-bars.ts';
import { lastPoint } from './option-book.ts';

/** Index levels are settled this long after the close of trading. */
const INDEX_SETTLES = 15 * MINUTE;

/** Bars of finished sessions only: a daily record does not say how far its day had come. Split-adjusted as of the instant, unless `raw`. */
export function recordedDailyBars(
  context: TapeContext,
  symbol: string,
  from: TradingDay,
  to: TradingDay,
  asOf: number,
  adjustment: BarAdjustment,
): readonly MarketBar[] {
  const { folder, calendar, assume, notes } = context;
  const series = folder.daily(symbol);
  if (series === undefined) return [];
  const done = context.closed(asOf).day;
  const { until } = folder.actions();
  if (folder.splitAdjusted(symbol) && (until === null || until < done)) {
    notes.assume(`${symbol}: bars of a split-adjusted file taken as traded: splits are recorded up to ${until ?? 'no day at all'}`);
  }
  const shares = adjustment === 'raw' ? null : context.dayOf(asOf);
  return series.adjusted(from, to < done ? to : done, shares).map(({ day, open, high, low, close, volume }) => {
    const stated = assume?.dailyVolume.get(symbol);
    if (volume === null)
      notes.assume(
        stated === undefined ? `${symbol}: daily volume not recorded, given as 0` : `daily_volume.${symbol} = ${String(stated)}`,
      );
    return { at: calendar.instant(day, 0, 0), day, open, high, low, close, volume: volume ?? stated ?? 0 };
  });
}

export function recordedMinuteBars(context: TapeContext, symbol: string, from: number, to: number, asOf: number): readonly MarketBar[] {
  return context.folder.minutes(symbol).flatMap((row): readonly MarketBar[] => {
    if (row.bar === null || row.start < from || row.start > to || knownAt(row) > asOf) return [];
    if (row.bar.volume === null) context.notes.assume(`${symbol}: minute volume not recorded, given as 0`);
    return [{ at: row.start, day: row.day, ...row.bar, volume: row.bar.volume ?? 0 }];
  });
}

/** The close as traded, once the session has ended: an index's own, or the share's. */
export function recordedClose(context: TapeContext, symbol: string, day: TradingDay, asOf: number): number | undefined {
  const session = context.calendar.session(day);
  if (session === undefined || session.close > asOf) return undefined;
  const { folder } = context;
  if (folder.isIndex(symbol)) return folder.index(symbol).find((row) => row.day === day)?.close;
  return folder.daily(symbol)?.traded(day)?.close;
}

/** The first price of the session as traded, once it has opened; an index has no auction. */
export function recordedOpen(context: TapeContext, symbol: string, day: TradingDay, asOf: number): number | undefined {
  const session = context.calendar.session(day);
  if (session === undefined || session.open > asOf || context.folder.isIndex(symbol)) return undefined;
  return context.folder.daily(symbol)?.traded(day)?.open;
}

/** Micros of the index from the running session's own records: a minute that has ended, or a chain seen. */
function intradayLevel(context: TapeContext, symbol: string, at: number): number | undefined {
  const session = context.running(at);
  if (session === undefined) return undefined;
  const point = lastPoint(context.folder.levels(symbol), at);
  return point !== undefined && point.at >= session.open ? point.price : undefined;
}

/**
 * An index level: in a session what was recorded in it, else the operator's assumed level, else undefined;
 * between sessions the last settled close.
 */
export function recordedIndex(context: TapeContext, symbol: string, at: number): number | undefined {
  const level = intradayLevel(context, symbol, at);
  if (level !== undefined) return level / 1_000_000;
  if (context.running(at) !== undefined) {
    const assumed = context.assume?.indexValues.get(symbol);
    if (assumed !== undefined) context.notes.assume(`index_values.${symbol} = ${String(assumed)}`);
    return assumed;
  }
  const settled = context.closed(at - INDEX_SETTLES).day;
  const row = context.folder.index(symbol).findLast((r) => r.day <= settled);
  return row === undefined ? undefined : row.close / 1_000_000;
}

/** A dividend is known from its ex-date on: the record does not say when it was announced, nor when it was paid. */
export function recordedDividends(context: TapeContext, from: TradingDay, to: TradingDay, asOf: number): readonly CashDividend[] {
  const today = context.dayOf(asOf);
  const { dividends, until } = context.folder.actions();
  if (until === null || until < today)
    context.notes.assume(`dividends are recorded up to ${until ?? 'no day at all'}; none is known after it`);
  const known = dividends.filter((d) => d.exDay >= from && d.exDay <= to && d.exDay <= today);
  if (known.length > 0) context.notes.assume('dividends are paid on their ex-date: pay dates are not recorded');
  return known.map(({ symbol, exDay, perShare }) => ({ symbol, exDay, payDay: exDay, perShare }));
}

/** A split is known from its ex-date on: the record does not say when it was announced. */
export function recordedSplits(context: TapeContext, from: TradingDay, to: TradingDay, asOf: number): readonly ShareSplit[] {
  const today = context.dayOf(asOf);
  return context.folder
    .actions()
    .splits.filter(({ exDay }) => exDay >= from && exDay <= to && exDay <= today)
    .map(({ symbol, exDay, ratio }) => ({ symbol, exDay, ...splitRatio(ratio) }));
}

/** Shares that the block trades: underlyings of its options and whatever has bars over all of it; indices are not shares. */
export function recordedEquities(context: TapeContext): readonly ListedEquity[] {
  const { folder } = context;
  const optionable = new Set(folder.underlyings());
  const symbols = new Set([...optionable, ...folder.dailySymbols, ...folder.minuteSymbols]);
  context.notes.assume('listing venues are not recorded: every share is shown on NYSE');
  return [...symbols]
    .filter((symbol) => !folder.isIndex(symbol))
    .sort()
    .map((symbol) => ({
      symbol,
      name: symbol,
      venue: 'NYSE',
      optionable: optionable.has(symbol),
      pennyProgram: optionable.has(symbol) && folder.options(symbol).pennyProgram.has(symbol),
    }));
}
