// What a day and a name must be before a chain is looked at: cheap figures only, asked in the same words by the feeder and by the entry.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import { FORECAST_SESSIONS, type VolatilityForecast, volatilityForecast } from '../../market/volatility-forecast.ts';
import { vwap } from '../../market/vwap.ts';
import type { Context, MarketView } from '../strategy.ts';
import { atMost, figure, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { liquidName, opraFeed, tradable } from '../toolkit/name-gates.ts';
import type { ZdteParams } from './params.ts';

export type ZdteContext = Context<ZdteParams>;
export const VIX = 'VIX' as Symbol;

/** Daily bars that the screen reads. */
export const sessionsWanted = (params: Pick<ZdteParams, 'dollar_volume_sessions'>): number =>
  Math.max(FORECAST_SESSIONS, params.dollar_volume_sessions);

export interface Around {
  readonly market: MarketView;
  readonly day: TradingDay;
  readonly params: ZdteParams;
}

export interface Screened {
  readonly quote: Quote;
  /** Mean price of the session so far, dollars. */
  readonly vwap: number;
  readonly forecast: VolatilityForecast;
}

/** Events that keep us out: some all day, some only until their move has shown itself. */
function* macroQuiet({ market, day, params }: Around, minutesAfterOpen: number | undefined): Trial<void> {
  const events = yield* need('macro calendar', market.macro(day, day));
  const morning = minutesAfterOpen !== undefined && minutesAfterOpen < params.macro_morning_minutes_after_open;
  const blocking = events.find(
    ({ event }) => params.macro_all_day_events.includes(event) || (morning && params.macro_morning_events.includes(event)),
  );
  yield holds(
    'no macro event',
    { observed: blocking?.event ?? 'none', threshold: 'none', pass: blocking === undefined },
    'MACRO_EVENT',
    `${blocking?.event ?? ''} is published today${blocking?.time === undefined || blocking.time === null ? '' : ` at ${blocking.time}`}`,
  );
}

/** The first price of the session against the last of the one before. */
function* smallGap(daily: readonly Bar[], minutes: readonly Bar[], { day, params }: Around): Trial<void> {
  const previous = daily.at(-1);
  const first = minutes.find((bar) => bar.day === day);
  if (previous === undefined || first === undefined)
    return yield* refuse('opening gap', 'BARS_MISSING', 'no minute of today is known: the opening gap cannot be reckoned');
  yield atMost('opening gap', params.gap_max_pct, figure(Math.abs(dollars(first.open) / dollars(previous.close) - 1)), 'GAP_TOO_LARGE');
}

/**
 * The day and the name, by what is cheap to know.
 * @param minutesAfterOpen undefined where the time is not known: morning events are then left to whoever knows it
 */
export function* screen(around: Around, name: Symbol, minutesAfterOpen?: number): Trial<Screened> {
  const { market, day, params } = around;
  yield* tradable(market, name);
  yield opraFeed(market);
  yield* macroQuiet(around, minutesAfterOpen);
  const vix = yield* need('VIX', market.indexValue(VIX));
  yield atMost('VIX', params.vix_max, vix, 'VIX_TOO_HIGH');
  const quote = yield* need('quote', market.quote(name));
  const daily = yield* need('daily bars', market.dailyBars(name, sessionsWanted(params)));
  yield* liquidName(daily, params);
  const minutes = yield* need('minute bars', market.intradayBars(name, 1, 1));
  yield* smallGap(daily, minutes, around);
  const mean = yield* need('session mean price', vwap(minutes, day));
  const fives = yield* need('five-minute bars', market.intradayBars(name, 5, 1));
  const forecast = yield* need('volatility forecast', volatilityForecast(daily, fives, day));
  return { quote, vwap: mean, forecast };
}
