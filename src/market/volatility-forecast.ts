// How much a share is likely to move in the hours ahead, from how much it has moved: today, in the last week, in the last month.
import { dollars } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { TradingDay } from '../domain/time.ts';
import { closeToClose } from '../pricing/volatility/realized.ts';
import { realizedVolatility } from './indicators.ts';
import type { Bar } from './quote.ts';

const WEEK = 5;
const MONTH = 22;
/** Five-minute stretches of a whole session. */
const STRETCHES_A_SESSION = 78;
/** Fewer stretches of today than this say nothing. */
const STRETCHES_MIN = 6;

/** Daily bars that a forecast is made of, at least. */
export const FORECAST_SESSIONS = MONTH + 1;

/** Annual realised volatilities, as fractions; today's undefined while the session is too young. */
export interface RealizedParts {
  readonly today?: number;
  readonly week: number;
  readonly month: number;
}

const square = (x: number): number => x * x;

/** The forecast, annual: square root of 0.5 today^2 + 0.3 week^2 + 0.2 month^2; without today's of 0.6 week^2 + 0.4 month^2. */
export const blendedVolatility = ({ today, week, month }: RealizedParts): number =>
  Math.sqrt(
    today === undefined ? 0.6 * square(week) + 0.4 * square(month) : 0.5 * square(today) + 0.3 * square(week) + 0.2 * square(month),
  );

/**
 * Annual volatility of a session so far: standard deviation (n - 1) of its log returns over five minutes, from the end of its first five
 * minutes on. Undefined before six of them.
 * @param bars five-minute bars, oldest first; those of other days are passed over
 */
export function volatilityToday(bars: readonly Bar[], day: TradingDay): number | undefined {
  const closes = bars.filter((bar) => bar.day === day).map((bar) => dollars(bar.close));
  if (closes.length - 1 < STRETCHES_MIN) return undefined;
  const found = closeToClose(closes);
  // The estimator counts a return as a session's.
  return found.kind === 'volatility' ? found.sigma * Math.sqrt(STRETCHES_A_SESSION) : undefined;
}

export interface VolatilityForecast extends RealizedParts {
  /** Annual, a fraction; positive. */
  readonly sigma: number;
}

/**
 * The forecast at this moment. BARS_SHORT under 23 daily bars; INSUFFICIENT_OBS where prices stood still throughout: no forecast is zero.
 * @param daily completed daily bars, oldest first
 * @param fiveMinutes bars of today, oldest first
 */
export function volatilityForecast(daily: readonly Bar[], fiveMinutes: readonly Bar[], day: TradingDay): Known<VolatilityForecast> {
  const closes = daily.map((bar) => dollars(bar.close));
  const week = realizedVolatility(closes, WEEK);
  const month = realizedVolatility(closes, MONTH);
  if (week === undefined || month === undefined)
    return absent('BARS_SHORT', `${closes.length} daily bars, ${FORECAST_SESSIONS} are needed for the forecast of volatility`);
  const today = volatilityToday(fiveMinutes, day);
  const parts: RealizedParts = { week, month, ...(today === undefined ? {} : { today }) };
  const sigma = blendedVolatility(parts);
  if (!(sigma > 0)) return absent('INSUFFICIENT_OBS', 'the price has not moved in a month: its volatility cannot be forecast');
  return known({ ...parts, sigma });
}
