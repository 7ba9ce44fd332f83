// How strongly a name trends, from its daily bars: averages, rate of change, persistence and volume, as parts of one score of 0 to 1.
import { absent, type Known, known } from '../../domain/reasons.ts';
import { runningEma, sma } from '../../market/indicators.ts';
import type { Bar } from '../../market/quote.ts';
import { closesOf } from './context.ts';

/** The readings behind the score; lengths in sessions. */
export interface TrendReading {
  readonly close: number;
  readonly sma20: number;
  readonly sma50: number;
  /** close / close 20 sessions before - 1. */
  readonly roc20: number;
  /** Share of the last 20 closes above the exponential mean of their own day. */
  readonly aboveEma20: number;
  /** Mean volume of the last 10 sessions over that of the last 30. */
  readonly volumeRatio: number;
}

const SHORT = 20;
const MIDDLE = 50;
/** Enough for the slowest part, and for the seed of the exponential mean to have faded. */
const BARS_MIN = 2 * MIDDLE;

/** 0 to 1. */
export const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));

const mean = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0) / values.length;

/** The share of the last closes above their own day's exponential mean of `SHORT`. */
function shareAboveEma(closes: readonly number[]): number {
  const running = runningEma(SHORT);
  const above = closes.map((close) => close > (running.next(close) ?? Number.POSITIVE_INFINITY));
  const recent = above.slice(-SHORT);
  return recent.filter(Boolean).length / recent.length;
}

/** The readings at the last bar; BARS_SHORT when there are too few, and when nothing was traded in thirty sessions. */
export function readTrend(bars: readonly Bar[]): Known<TrendReading> {
  if (bars.length < BARS_MIN) return absent('BARS_SHORT', `${bars.length} daily bars, ${BARS_MIN} are needed for the trend`);
  const closes = closesOf(bars);
  const volumes = bars.map((bar) => bar.volume);
  const usual = mean(volumes.slice(-30));
  const close = closes.at(-1);
  const before = closes.at(-1 - SHORT);
  const sma20 = sma(closes, SHORT);
  const sma50 = sma(closes, MIDDLE);
  if (close === undefined || before === undefined || sma20 === undefined || sma50 === undefined || usual <= 0)
    return absent('BARS_SHORT', 'the daily bars hold no trade of the last thirty sessions');
  return known({
    close,
    sma20,
    sma50,
    roc20: close / before - 1,
    aboveEma20: shareAboveEma(closes),
    volumeRatio: mean(volumes.slice(-10)) / usual,
  });
}

/** 1 where the close stands above its short mean and that above the middle one, 0.6 above the short one alone, else 0. */
export const maScore = ({ close, sma20, sma50 }: Pick<TrendReading, 'close' | 'sma20' | 'sma50'>): number => {
  if (close <= sma20) return 0;
  return sma20 > sma50 ? 1 : 0.6;
};

export interface TrendParts extends Pick<TrendReading, 'roc20' | 'aboveEma20' | 'volumeRatio'> {
  /** Of `maScore`. */
  readonly ma: number;
}

/** A rise of 15 % in twenty sessions is a full mark. */
const ROC_FULL = 0.15;

/** 0 to 1: 0.35 averages, 0.30 rate of change, 0.20 persistence, 0.15 volume. */
export const trendScore = ({ ma, roc20, aboveEma20, volumeRatio }: TrendParts): number =>
  0.35 * ma + 0.3 * clamp01(roc20 / ROC_FULL) + 0.2 * aboveEma20 + 0.15 * clamp01(volumeRatio - 0.5);
