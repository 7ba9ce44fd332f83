// The market view as risk reads it: mids, volatilities inverted from them, and what was last known where a quote is missing.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { daysBetween, type MonoMs, type Now } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { midOf } from '../../market/chain-check.ts';
import { yearsToExpiry } from '../../market/expiry.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import type { MarketView } from '../../market/view.ts';
import { MOVES_MAX } from './history.ts';
import type { Mark, RiskMarket } from './portfolio.ts';

/** The price of a share or the volatility of an option when it was last known. */
export interface LastMark {
  readonly value: number;
  readonly at: MonoMs;
}

export interface Marks {
  /** What was last known of each symbol, and now is: written as the market is read. */
  readonly last: Map<Symbol, LastMark>;
  readonly ageMsMax: number;
}

/** Keeps what is known; what is not is stood in for by the last known, while that is young enough. */
function remembered(marks: Marks, now: Now, symbol: Symbol, what: string, seen: Known<number>): Known<Mark> {
  if (seen.known) {
    marks.last.set(symbol, { value: seen.value, at: now.mono });
    return known({ value: seen.value, standIn: null });
  }
  const last = marks.last.get(symbol);
  if (last === undefined) return absent(seen.code, `${seen.why}, and no ${what} of it was known before`);
  const age = now.mono - last.at;
  // Written as a negation, since NaN makes every comparison false.
  if (!(age <= marks.ageMsMax))
    return absent(
      seen.code,
      `${seen.why}, and its last ${what} is ${String(Math.round(age))} ms old, allowed are ${String(marks.ageMsMax)}`,
    );
  return known({ value: last.value, standIn: `${what}:${symbol}` });
}

/**
 * Spots are mids of fresh quotes. Volatilities are those that mids mean under the view's rate and yield and the two clocks of expiry;
 * a price without time value has none, and its option moves with its share: 0, marked. Closes are as many as there are, up to 251.
 */
export function riskMarketOf(
  view: Pick<MarketView, 'quote' | 'rate' | 'dividendYield' | 'dailyBars'>,
  now: Now,
  calendar: Calendar,
  marks: Marks,
): RiskMarket {
  const mid = (symbol: Symbol): Known<number> => {
    const quote = view.quote(symbol);
    return quote.known ? known(midOf(quote.value)) : quote;
  };
  const years = (option: Option): number => yearsToExpiry(now.exchange, option.expiry, calendar);
  const volatility = (option: Option, spot: number): Known<Mark> => {
    const price = mid(option.symbol);
    if (!price.known) return remembered(marks, now, option.symbol, 'volatility', price);
    const quoted = quotedVolatility({
      right: option.right,
      spot,
      strike: dollars(option.strike),
      years: years(option),
      rate: view.rate(),
      dividendYield: view.dividendYield(option.underlying),
      price: price.value,
    });
    if (quoted.kind === 'solved') return remembered(marks, now, option.symbol, 'volatility', known(quoted.sigma));
    const last = remembered(
      marks,
      now,
      option.symbol,
      'volatility',
      absent(quoted.code, `${option.symbol}: no volatility explains its price`),
    );
    if (last.known || quoted.code !== 'IV_BELOW_INTRINSIC') return last;
    return known({ value: 0, standIn: `volatility:${option.symbol}` });
  };
  return {
    spot: (name) => remembered(marks, now, name, 'price', mid(name)),
    volatility,
    years,
    isLastDay: (option) => daysBetween(calendar.dayOf(now.exchange), option.expiry) <= 1,
    rate: view.rate(),
    dividendYield: (name) => view.dividendYield(name),
    closes: (name) => {
      const bars = view.dailyBars(name, MOVES_MAX + 1, 1);
      return bars.known ? bars.value : [];
    },
  };
}
