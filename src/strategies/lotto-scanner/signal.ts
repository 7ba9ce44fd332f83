// What must move before a ticket is looked at: a name with volume since the open, a name in the news, a report that options underrate.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { addDays, HOUR } from '../../domain/time.ts';
import { sma } from '../../market/indicators.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import { relativeVolume } from '../../market/rvol.ts';
import { FORECAST_SESSIONS, volatilityForecast } from '../../market/volatility-forecast.ts';
import type { Context } from '../strategy.ts';
import { type AnyContext, closesOf } from '../toolkit/context.ts';
import { eventTonight, meanAbsolute, type NightEvent, pastMoves } from '../toolkit/event.ts';
import { atLeast, figure, holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { change, justEnded } from '../toolkit/intraday.ts';
import { mid } from '../toolkit/limits.ts';
import { liquidName, noEarnings, tradable } from '../toolkit/name-gates.ts';
import type { LottoParams } from './params.ts';
import type { Play } from './thesis.ts';

export type LottoContext = Context<LottoParams>;

/** What the cheap questions need; the tick has it, and so has the planning of what to fetch. */
export type SignalContext = Pick<AnyContext, 'market' | 'day' | 'calendar' | 'now'> & { readonly params: LottoParams };

export type Way = 1 | -1;

/** A name that moves, and which way a ticket on it points. */
export interface Moving {
  readonly play: Exclude<Play, 'earnings'>;
  readonly way: Way;
  readonly quote: Quote;
  /** Annual volatility that is forecast for the hours ahead. */
  readonly forecast: number;
}

/** A report tonight whose options expect less than past reports brought. */
export interface Reporting {
  readonly event: NightEvent;
  readonly way: Way;
  readonly quote: Quote;
  /** Mean absolute log move of the past reports. */
  readonly pastMove: number;
}

/** Daily bars that a moving name is judged on. */
export const sessionsWanted = (params: Pick<LottoParams, 'dollar_volume_sessions'>): number =>
  Math.max(FORECAST_SESSIONS, params.dollar_volume_sessions);

const percent = (x: number): string => `${figure(100 * x)} %`;

function* farEnough(label: string, moved: number, least: number): Trial<Way> {
  yield holds(
    label,
    { observed: moved, threshold: least, pass: Math.abs(moved) >= least },
    'NO_PATTERN',
    `${label} is ${percent(moved)}, ${percent(least)} either way is asked`,
  );
  return moved > 0 ? 1 : -1;
}

/** Away from the open with volume. */
function* momentum(ctx: SignalContext, name: Symbol, five: readonly Bar[], spot: number): Trial<Way> {
  const { params, day } = ctx;
  const opening = five.find((bar) => bar.day === day);
  if (opening === undefined) return yield* refuse('open', 'BARS_MISSING', 'no bar of today is known');
  const least = params.funds.includes(name) ? params.momentum_fund_move_min : params.momentum_stock_move_min;
  return yield* farEnough('move since the open', change(spot, dollars(opening.open)), least);
}

/** Minutes without a hole: a name that was halted today is left alone for the rest of it, half an hour and more. */
function* neverHalted(ctx: SignalContext, name: Symbol): Trial<void> {
  const minutes = ctx.market.intradayBars(name, 1, 1);
  const holed = !minutes.known && minutes.code === 'BARS_SHORT';
  yield holds(
    'traded without a pause',
    { observed: minutes.known ? 'yes' : minutes.code, threshold: 'yes', pass: minutes.known },
    minutes.known ? 'HOLD' : holed ? 'HALTED_SYMBOL' : minutes.code,
    minutes.known ? '' : minutes.why,
  );
}

/** Away from the last close, with a headline that names it. */
function* catalyst(ctx: SignalContext, name: Symbol, daily: readonly Bar[], spot: number): Trial<Way> {
  const { params, market } = ctx;
  const last = daily.at(-1);
  if (last === undefined) return yield* refuse('day move', 'BARS_MISSING', 'no daily bar is known');
  const way = yield* farEnough('move since the last close', change(spot, dollars(last.close)), params.catalyst_move_min);
  const items = yield* need('headlines', market.news(name, params.news_max_age_hours * HOUR));
  const own = items.filter((item) => item.symbols.includes(name)).length;
  yield holds(
    'headlines',
    { observed: own, threshold: 1, pass: own > 0 },
    'NO_PATTERN',
    `no headline of the last ${params.news_max_age_hours} hours names ${name}: a move without a reason`,
  );
  yield* neverHalted(ctx, name);
  yield* noEarnings(ctx, name, addDays(ctx.day, params.catalyst_dte_max));
  return way;
}

/** A name of the day's two universes that moves, cheapest questions first. */
export function* moving(ctx: SignalContext, name: Symbol): Trial<Moving> {
  const { params, market, day, calendar } = ctx;
  const play = params.catalyst_universe.includes(name) ? 'catalyst' : 'momentum';
  yield* tradable(market, name);
  const daily = yield* need('daily bars', market.dailyBars(name, sessionsWanted(params)));
  yield* liquidName(daily, params);
  const quote = yield* need('quote', market.quote(name));
  const five = yield* need('5-minute bars', market.intradayBars(name, 5, params.rvol_sessions, 2));
  yield* justEnded(ctx, five, 5);
  const rvol = yield* need('relative volume', relativeVolume(five, params.rvol_bars, calendar));
  const least = play === 'catalyst' ? params.catalyst_rvol_min : params.momentum_rvol_min;
  yield atLeast('relative volume', least, rvol, 'RVOL_TOO_LOW');
  const spot = mid(quote);
  const way = yield* play === 'catalyst' ? catalyst(ctx, name, daily, spot) : momentum(ctx, name, five, spot);
  const forecast = yield* need('volatility forecast', volatilityForecast(daily, five, day));
  yield told('forecast volatility', forecast.sigma);
  return { play, way, quote, forecast: forecast.sigma };
}

/** Both the mean and the change of the last sessions point one way; TREND_TOO_WEAK else: no direction, no play. */
function* trendOf(daily: readonly Bar[], sessions: number): Trial<Way> {
  const closes = closesOf(daily);
  const [close, before, mean] = [closes.at(-1), closes.at(-1 - sessions), sma(closes, sessions)];
  if (close === undefined || before === undefined || mean === undefined)
    return yield* refuse('trend', 'BARS_SHORT', `${closes.length} daily bars, ${sessions + 1} are needed for the trend`);
  yield told(`mean of ${sessions} closes`, mean);
  const way = close > mean ? 1 : -1;
  yield holds(
    'change over them',
    { observed: close / before - 1, threshold: way === 1 ? 'up' : 'down', pass: close !== mean && way * (close - before) > 0 },
    'TREND_TOO_WEAK',
    `the close ${close} and its change over ${sessions} sessions do not point one way`,
  );
  return way;
}

/** A name that reports tonight, with its past and a direction. */
export function* reporting(ctx: SignalContext, name: Symbol): Trial<Reporting> {
  const { params, market } = ctx;
  const event = yield* eventTonight(ctx, name);
  yield* tradable(market, name);
  const daily = yield* need('daily bars', market.dailyBars(name, Math.max(params.trend_sessions + 1, params.dollar_volume_sessions)));
  yield* liquidName(daily, params);
  const moves = yield* need('past moves', pastMoves(ctx, name, { reports: params.history_reports, atLeast: params.history_reports_min }));
  const pastMove = meanAbsolute(moves);
  yield told('mean past move', pastMove);
  const way = yield* trendOf(daily, params.trend_sessions);
  const quote = yield* need('quote', market.quote(name));
  return { event, way, quote, pastMove };
}
