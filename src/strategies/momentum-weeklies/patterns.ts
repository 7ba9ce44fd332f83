// The three shapes of momentum, each as arithmetic on closes and levels, and each mirrored for the way down.
import { beyond, farthest, gained, opposite, type Way } from '../toolkit/way.ts';
import type { MwkParams } from './params.ts';

export type Kind = 'reversal' | 'breakout' | 'news';

export interface Reversal {
  /** The close that was turned from, and its place in the window, 0 the oldest. */
  readonly extreme: number;
  readonly index: number;
  readonly bounce: number;
  /** Of the last closes. */
  readonly mean: number;
}

/** A window of closes, oldest first, as a turn from its extreme. The last close is the present. */
export function reversalOf(way: Way, closes: readonly number[], params: Pick<MwkParams, 'reversal_mean_bars'>): Reversal {
  const extreme = farthest(opposite(way), closes);
  const recent = closes.slice(-params.reversal_mean_bars);
  return {
    extreme,
    index: closes.indexOf(extreme),
    bounce: gained(way, closes.at(-1) as number, extreme),
    mean: recent.reduce((total, close) => total + close, 0) / recent.length,
  };
}

/** An old enough extreme, a bounce, and the price past both its own mean and the session's. */
export const isReversal = (
  way: Way,
  turn: Reversal,
  price: number,
  vwap: number,
  params: Pick<MwkParams, 'low_max_index' | 'bounce_min_pct'>,
): boolean =>
  turn.index <= params.low_max_index && turn.bounce >= params.bounce_min_pct && beyond(way, price, turn.mean) && beyond(way, price, vwap);

/** A close far enough beyond a level. */
export const isBreakout = (way: Way, close: number, level: number, params: Pick<MwkParams, 'breakout_min_pct'>): boolean =>
  gained(way, close, level) >= params.breakout_min_pct;

/** One setup with all its exit and its rank need. */
export interface Setup {
  readonly kind: Kind;
  readonly way: Way;
  readonly rvol: number;
  /** Bounce, distance beyond the level, or move since the headline; positive. */
  readonly momentum: number;
  /** The extreme, the level broken, or null for news. Dollars. */
  readonly level: number | null;
  /** The price beyond which the idea is wrong, and what is held against it; null for news, which has none. */
  readonly invalidation: number | null;
}

/** Rank among setups, of one name and of all: volume and momentum against what is asked of a reversal. */
export const score = (setup: Pick<Setup, 'rvol' | 'momentum'>, params: Pick<MwkParams, 'rvol_min' | 'bounce_min_pct'>): number =>
  (setup.rvol / params.rvol_min) * (setup.momentum / params.bounce_min_pct);
