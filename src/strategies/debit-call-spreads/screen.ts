// The cheap questions asked of a name before its chain is worth fetching: the market's trend, its own, its volatility's history, its reports.
import type { IvReading } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { closesAgainstMean } from '../toolkit/context.ts';
import { atLeast, holds, need, type Trial } from '../toolkit/gates.ts';
import { ivReadings } from '../toolkit/iv-rank.ts';
import { liquidName, noEarnings, regime, tradable } from '../toolkit/name-gates.ts';
import { maScore, readTrend, trendScore } from '../toolkit/trend.ts';
import type { DebitCallSpreadsParams } from './params.ts';

/** What the cheap questions need; the tick has it, and so has the planning of what to fetch. */
export interface ScreenContext {
  readonly params: DebitCallSpreadsParams;
  readonly market: MarketView;
  readonly day: TradingDay;
}

export interface Screened {
  readonly quote: Quote;
  readonly readings: readonly IvReading[];
  /** 0 to 1. */
  readonly trend: number;
}

/** Enough daily bars for every question asked of them. */
export const barsWanted = (params: DebitCallSpreadsParams): number =>
  Math.max(
    params.long_mean_sessions,
    params.dollar_volume_sessions,
    params.trend_exit_sma_sessions + params.trend_exit_closes - 1,
    100, // what the trend's parts ask for
  );

/** True when each of the last closes lies under its own mean: the trend that was bought is gone. */
export const trendGone = (closes: readonly { readonly close: number; readonly mean: number }[]): boolean =>
  closes.every(({ close, mean }) => close < mean);

function* trending(params: DebitCallSpreadsParams, bars: readonly Bar[]): Trial<number> {
  const [now] = yield* need('daily bars', closesAgainstMean(bars, params.long_mean_sessions, 1));
  const close = now?.close ?? 0;
  const mean = now?.mean ?? Number.POSITIVE_INFINITY;
  yield holds(
    'close above its long mean',
    { observed: close, threshold: mean, pass: close > mean },
    'TREND_TOO_WEAK',
    `close ${close} is not above its ${params.long_mean_sessions}-session mean ${mean}`,
  );
  const reading = yield* need('trend', readTrend(bars));
  const score = trendScore({ ...reading, ma: maScore(reading) });
  yield atLeast('trend', params.trend_min, score, 'TREND_TOO_WEAK');
  // What the exit would close at once is not opened.
  const recent = yield* need('daily bars', closesAgainstMean(bars, params.trend_exit_sma_sessions, params.trend_exit_closes));
  const gone = trendGone(recent);
  yield holds(
    'closes not under the exit mean',
    { observed: String(!gone), threshold: 'true', pass: !gone },
    'TREND_TOO_WEAK',
    `the last ${params.trend_exit_closes} closes lie under their ${params.trend_exit_sma_sessions}-session mean`,
  );
  return score;
}

/** The market as a whole: asked once for all names. */
export const marketRises = (ctx: ScreenContext): Trial<void> => regime(ctx.market, ctx.params.regime_index, ctx.params.regime_sma_sessions);

/** The cheap filters of a name. Reports are asked about until the soonest planned exit of any spread that could be chosen. */
export function* screen(ctx: ScreenContext, name: Symbol): Trial<Screened> {
  const { params, market, day } = ctx;
  yield* tradable(market, name);
  const bars = yield* need('daily bars', market.dailyBars(name, barsWanted(params)));
  yield* liquidName(bars, params);
  const trend = yield* trending(params, bars);
  const readings = yield* ivReadings(market, name, params.iv_observations_min);
  yield* noEarnings(ctx, name, addDays(day, params.dte_min - params.time_exit_dte));
  const quote = yield* need('quote', market.quote(name));
  return { quote, readings, trend };
}
