// Quotes of shares on a tape: recorded ones where minutes are, else one price and an assumed half-spread.
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { AssumeFile } from './assume.ts';
import type { TapeFolder } from './folder.ts';
import { knownAt } from './minute-bars.ts';
import type { Notes } from './notes.ts';

/** What a share was quoted at from an instant on, micros. */
export interface SharePoint {
  readonly at: number;
  readonly day: TradingDay;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  /** The spread, or a size, is not on record. */
  readonly assumed: boolean;
}

const CENT = 10_000;
/** Where the operator says nothing: a cent, or one part in ten thousand of the price where that is more. */
const LEAST_HALF_SPREAD = CENT;
const HALF_SPREAD_PART = 0.0001;

function spreadAbout(price: number, assume: AssumeFile | undefined, notes: Notes): { readonly bid: number; readonly ask: number } {
  const stated = assume?.equity.halfSpreadUsd ?? null;
  const half = stated === null ? Math.max(LEAST_HALF_SPREAD, price * HALF_SPREAD_PART) : stated * 1_000_000;
  notes.assume(
    stated === null ? 'equity half-spread: a cent or 0.01 % of the price, by rule' : `equity.half_spread_usd = ${String(stated)}`,
  );
  return { bid: Math.max(0, Math.floor((price - half) / CENT) * CENT), ask: Math.ceil((price + half) / CENT) * CENT };
}

/**
 * Everything a share was seen at in the block, in order of time: the daily open from 09:30, the `underlying_price` of each chain,
 * the daily close at the close, recorded minutes once they have ended. Of two for one instant the later kind in this list stands.
 */
export function sharePoints(
  symbol: string,
  folder: TapeFolder,
  calendar: Calendar,
  assume: AssumeFile | undefined,
  notes: Notes,
): readonly SharePoint[] {
  const { first, last } = folder.block;
  const size = assume?.sizes.shares ?? null;
  const points: SharePoint[] = [];
  const single = (at: number, day: TradingDay, price: number): void => {
    if (size !== null) notes.assume(`sizes.shares = ${String(size)}`);
    points.push({ at, day, ...spreadAbout(price, assume, notes), bidSize: size, askSize: size, assumed: true });
  };
  const sessions = calendar.between(first, last);
  const daily = folder.daily(symbol);
  for (const { day, open } of sessions) {
    const row = daily?.traded(day);
    if (row !== undefined) single(open, day, row.open);
  }
  for (const spot of folder.options(symbol).spots)
    if (spot.symbol === symbol) single(spot.at, calendar.dayOf(spot.at as never), spot.price);
  for (const { day, close } of sessions) {
    const row = daily?.traded(day);
    if (row !== undefined) single(close, day, row.close);
  }
  for (const row of folder.minutes(symbol)) {
    if (row.quote !== null) points.push({ at: knownAt(row), day: row.day, ...row.quote, assumed: false });
    else if (row.bar !== null) single(knownAt(row), row.day, row.bar.close);
  }
  return points.sort((a, b) => a.at - b.at);
}
