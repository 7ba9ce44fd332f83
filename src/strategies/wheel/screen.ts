// The cheap questions asked of a name before its option chain is worth fetching, in order of cost.
import type { IvReading } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { closesAgainstMean } from '../toolkit/context.ts';
import { atMost, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { ivReadings } from '../toolkit/iv-rank.ts';
import { mid } from '../toolkit/limits.ts';
import { liquidName, noEarnings, tradable } from '../toolkit/name-gates.ts';
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

function* ivHistory(ctx: ScreenContext, name: Symbol): Trial<readonly IvReading[]> {
  const readings = yield* ivReadings(ctx.market, name, ctx.params.iv_observations_min);
  if (readings.length === 0) return []; // the operator's rank stands in the history's place
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
  yield* tradable(ctx.market, name);
  const bars = yield* need('daily bars', ctx.market.dailyBars(name, barsWanted(params)));
  yield* liquidName(bars, params);
  const readings = yield* ivHistory(ctx, name);
  yield* trend(ctx, bars);
  yield* noEarnings(ctx, name, until);
  return { quote, readings };
}
