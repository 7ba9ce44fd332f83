// The cheap questions asked of a name before its option chain is worth fetching, in order of cost.
import type { IvReading } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Bar, EarningsReport, Quote } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { atLeast, atMost, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { closesAgainstMean } from './context.ts';
import type { WheelParams } from './params.ts';

/** What the cheap questions need; the tick has it, and so has the planning of what to fetch. */
export interface ScreenContext {
  readonly params: WheelParams;
  readonly market: MarketView;
  readonly day: TradingDay;
  readonly equityDollars: number;
  /** The session before this one; undefined when only planning what to fetch. */
  readonly previousDay: TradingDay | undefined;
}

export interface Screened {
  readonly quote: Quote;
  readonly readings: readonly IvReading[];
}

function* tradable(ctx: ScreenContext, name: Symbol): Trial<void> {
  const asset = ctx.market.asset(name);
  if (asset === undefined) yield* refuse('asset', 'SYMBOL_NOT_TRADABLE', `the broker's record of ${name} is not known`);
  yield holds(
    'tradable',
    { observed: String(asset?.tradable), threshold: 'true', pass: asset?.tradable === true },
    'SYMBOL_NOT_TRADABLE',
    `the broker does not trade ${name}`,
  );
  yield holds(
    'options',
    { observed: String(asset?.options), threshold: 'true', pass: asset?.options === true },
    'OPTIONS_NOT_ENABLED',
    `the broker lists no options on ${name}`,
  );
}

function meanDollarVolume(bars: readonly Bar[], sessions: number): Known<number> {
  if (bars.length < sessions) return absent('BARS_SHORT', `${bars.length} daily bars, ${sessions} are needed for the dollar volume`);
  const recent = bars.slice(-sessions);
  return known(recent.reduce((total, bar) => total + dollars(bar.close) * bar.volume, 0) / sessions);
}

function* ivHistory(ctx: ScreenContext, name: Symbol): Trial<readonly IvReading[]> {
  if (ctx.market.assumedIvRank(name) !== undefined) return []; // the operator's rank stands in the history's place
  const readings = yield* need('iv history', ctx.market.ivHistory(name));
  yield atLeast('iv observations', ctx.params.iv_observations_min, readings.length, 'IV_HISTORY_SHORT');
  const last = readings.at(-1)?.day ?? null;
  if (ctx.previousDay !== undefined) {
    yield holds(
      'last iv reading',
      { observed: last, threshold: ctx.previousDay, pass: last === ctx.previousDay },
      'IV_HISTORY_STALE',
      `the last reading is of ${last ?? 'no day'}, the previous session was ${ctx.previousDay}`,
    );
  }
  return readings;
}

function* trend(ctx: ScreenContext, bars: readonly Bar[]): Trial<void> {
  const { params } = ctx;
  const [now] = yield* need('daily bars', closesAgainstMean(bars, params.trend_sessions, 1));
  if (now !== undefined) {
    yield holds(
      'close above its mean',
      { observed: now.close, threshold: now.mean, pass: now.close > now.mean },
      'TREND_TOO_WEAK',
      `close ${now.close} is not above its ${params.trend_sessions}-session mean ${now.mean}`,
    );
    if (bars.length < params.drawdown_sessions)
      yield* refuse('daily bars', 'BARS_SHORT', `${bars.length} daily bars, ${params.drawdown_sessions} are needed for the drawdown`);
    const high = Math.max(...bars.slice(-params.drawdown_sessions).map((bar) => dollars(bar.high)));
    yield atMost('drawdown from the high', params.drawdown_max_pct, 1 - now.close / high, 'DRAWDOWN_TOO_DEEP');
  }
}

/** Does the gap of a report lie between now and the close of an expiry? What may lie there counts as lying there. */
export const gapInside = (report: EarningsReport, today: TradingDay, expiry: TradingDay): boolean =>
  !(report.day === today && report.time === 'BMO') && !(report.day === expiry && report.time === 'AMC');

/** No earnings gap from now until a day: EARNINGS_UNKNOWN where the calendar cannot say, EARNINGS_WINDOW where there is one. */
export function* noEarnings(ctx: Pick<ScreenContext, 'market' | 'day'>, name: Symbol, until: TradingDay): Trial<void> {
  const reports = yield* need('earnings calendar', ctx.market.earnings(name, ctx.day, until));
  const inside = reports.find((report) => gapInside(report, ctx.day, until));
  yield holds(
    'no earnings before',
    { observed: inside?.day ?? 'none', threshold: until, pass: inside === undefined },
    'EARNINGS_WINDOW',
    `${name} reports on ${inside?.day ?? ''} (${inside?.time ?? ''}), before ${until}`,
  );
}

/** Enough daily bars for every question asked of them. */
export const barsWanted = (params: WheelParams): number =>
  Math.max(
    params.trend_sessions + params.thesis_stop_sessions - 1,
    params.drawdown_sessions,
    params.dollar_volume_sessions,
    params.repair_after_sessions,
    params.keep_trend_sessions,
  );

/** The cheap filters for a new put. `until` is the nearest day on which any put we would sell could expire. */
export function* screen(ctx: ScreenContext, name: Symbol, until: TradingDay): Trial<Screened> {
  const { params } = ctx;
  const quote = yield* need('quote', ctx.market.quote(name));
  yield atMost('100 shares', params.name_notional_pct * ctx.equityDollars, 100 * mid(quote), 'UNDERLYING_CEILING');
  yield* tradable(ctx, name);
  const bars = yield* need('daily bars', ctx.market.dailyBars(name, barsWanted(params)));
  yield atLeast(
    'dollar volume',
    params.min_dollar_volume_usd,
    yield* need('daily bars', meanDollarVolume(bars, params.dollar_volume_sessions)),
    'UNDERLYING_ILLIQUID',
  );
  const readings = yield* ivHistory(ctx, name);
  yield* trend(ctx, bars);
  yield* noEarnings(ctx, name, until);
  return { quote, readings };
}
