// How much a share has moved, as an annual volatility, from its daily bars.
import { log } from '../elementary.ts';

/** A session's prices, in any one unit. */
export interface OhlcBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export type RealizedVolatility =
  /** Annual, 0.25 is 25 %. */
  | { readonly kind: 'volatility'; readonly sigma: number }
  | { readonly kind: 'absent'; readonly reason: 'too_short'; readonly needed: number }
  | { readonly kind: 'absent'; readonly reason: PriceFault; readonly index: number };

/** What no session can have traded. */
export type PriceFault = 'not_positive' | 'high_below_low' | 'outside_range';

export const SESSIONS_PER_YEAR = 252;
const LN_2 = Math.LN2;

const volatilityOf = (variancePerSession: number): RealizedVolatility => ({
  kind: 'volatility',
  sigma: Math.sqrt(variancePerSession * SESSIONS_PER_YEAR),
});

function faultOf(bar: OhlcBar): PriceFault | undefined {
  const { open, high, low, close } = bar;
  for (const price of [open, high, low, close]) if (!(price > 0 && price < Infinity)) return 'not_positive';
  if (high < low) return 'high_below_low';
  return Math.max(open, close) > high || Math.min(open, close) < low ? 'outside_range' : undefined;
}

/** The first thing that forbids an estimate from these bars. */
function absenceOf(bars: readonly OhlcBar[], needed: number): RealizedVolatility | undefined {
  if (bars.length < needed) return { kind: 'absent', reason: 'too_short', needed };
  for (const [index, bar] of bars.entries()) {
    const reason = faultOf(bar);
    if (reason !== undefined) return { kind: 'absent', reason, index };
  }
  return undefined;
}

/** Sample variance (n - 1) about the mean; two values or more. */
function sampleVariance(values: readonly number[]): number {
  let mean = 0;
  for (const v of values) mean += v / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) ** 2;
  return squares / (values.length - 1);
}

function meanOf(bars: readonly OhlcBar[], term: (bar: OhlcBar) => number): number {
  let sum = 0;
  for (const bar of bars) sum += term(bar);
  return sum / bars.length;
}

/**
 * Close to close: standard deviation (n - 1) of log returns. It takes the nights in, needs no other price, and wastes the rest.
 * @param closes oldest first; three or more
 */
export function closeToClose(closes: readonly number[]): RealizedVolatility {
  if (closes.length < 3) return { kind: 'absent', reason: 'too_short', needed: 3 };
  const index = closes.findIndex((close) => !(close > 0 && close < Infinity));
  if (index >= 0) return { kind: 'absent', reason: 'not_positive', index };
  const returns = closes.slice(1).map((close, i) => log(close / (closes[i] as number)));
  return volatilityOf(sampleVariance(returns));
}

/**
 * From the range alone (M. Parkinson, "The Extreme Value Method for Estimating the Variance of the Rate of Return", 1980): about five
 * times as efficient as closes, for a share without drift. Of the session only: the nights are left out.
 */
export function parkinson(bars: readonly OhlcBar[]): RealizedVolatility {
  const range = ({ high, low }: OhlcBar): number => log(high / low) ** 2;
  return absenceOf(bars, 1) ?? volatilityOf(meanOf(bars, range) / (4 * LN_2));
}

/**
 * From range and body (M. B. Garman and M. J. Klass, "On the Estimation of Security Price Volatilities from Historical Data", 1980, the
 * practical estimator): about 7.4 times as efficient as closes, for a share without drift. Of the session only.
 */
export function garmanKlass(bars: readonly OhlcBar[]): RealizedVolatility {
  const term = ({ open, high, low, close }: OhlcBar): number => 0.5 * log(high / low) ** 2 - (2 * LN_2 - 1) * log(close / open) ** 2;
  return absenceOf(bars, 1) ?? volatilityOf(meanOf(bars, term));
}

const rogersSatchellTerm = ({ open, high, low, close }: OhlcBar): number =>
  log(high / close) * log(high / open) + log(low / close) * log(low / open);

/**
 * From range and body, whatever the drift (L. C. G. Rogers and S. E. Satchell, "Estimating Variance from High, Low and Closing Prices",
 * 1991). Of the session only.
 */
export function rogersSatchell(bars: readonly OhlcBar[]): RealizedVolatility {
  return absenceOf(bars, 1) ?? volatilityOf(meanOf(bars, rogersSatchellTerm));
}

/**
 * Nights and sessions together, whatever the drift (D. Yang and Q. Zhang, "Drift-Independent Volatility Estimation Based on High, Low,
 * Open, and Close Prices", 2000): the nights' variance, and the mix of the bodies' variance with Rogers and Satchell's whose error is least.
 * @param bars oldest first; the first gives its close only, so three or more
 */
export function yangZhang(bars: readonly OhlcBar[]): RealizedVolatility {
  const absence = absenceOf(bars, 3);
  if (absence !== undefined) return absence;
  const used = bars.slice(1);
  const n = used.length;
  const nights = sampleVariance(used.map(({ open }, i) => log(open / (bars[i] as OhlcBar).close)));
  const bodies = sampleVariance(used.map(({ open, close }) => log(close / open)));
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  return volatilityOf(nights + k * bodies + (1 - k) * meanOf(used, rogersSatchellTerm));
}
