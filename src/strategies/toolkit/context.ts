// Readings of one tick that the rules of every strategy share.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars, MICROS, type Price, type Usd } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import { sma } from '../../market/indicators.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import { optionTick } from '../../market/ticks.ts';
import type { Context, MarketView } from '../strategy.ts';
import { mid, type TickAt } from './limits.ts';
import type { Setting } from './select.ts';

/** A context whose parameters do not matter to the question. */
export type AnyContext = Context<unknown>;

/** Dollars as micros. */
export const micros = (amount: number): number => Math.round(amount * MICROS);

/** Dollars as whole cents, a half of one upwards: levels are compared in these, since floats of quotes carry noise in the last bits. */
export const cents = (amount: number): number => Math.round(amount * 100 + 1e-6);

/** The price grid of an option, as its class says. */
export const tickOf =
  (market: MarketView, option: Option): TickAt =>
  (at: Price) =>
    optionTick(option.underlying, at, market.contract(option.symbol)?.pennyProgram ?? null);

/** The price grid of a package of two or more legs. */
export const packageTickOf =
  (underlying: Symbol, legs: number): TickAt =>
  (at: Price) =>
    optionTick(underlying, at, null, legs);

/** What options of a name are valued against, from its quote. Dividends that are not known count as the continuous yield says. */
export function settingOf(
  ctx: Pick<AnyContext, 'market' | 'now' | 'day' | 'calendar'>,
  name: Symbol,
  quote: Quote,
  until: TradingDay,
): Setting {
  const dividends = ctx.market.dividends(name, ctx.day, until);
  return {
    now: ctx.now.exchange,
    day: ctx.day,
    calendar: ctx.calendar,
    spot: mid(quote),
    rate: ctx.market.rate(),
    dividendYield: ctx.market.dividendYield(name),
    dividends: dividends.known ? dividends.value : [],
  };
}

type Clocked = Pick<AnyContext, 'now' | 'session'>;
export const minutesFromOpen = (ctx: Clocked): number => (ctx.now.exchange - ctx.session.open) / MINUTE;
export const minutesToClose = (ctx: Clocked): number => (ctx.session.close - ctx.now.exchange) / MINUTE;

/** Closes in dollars, oldest first. */
export const closesOf = (bars: readonly Bar[]): readonly number[] => bars.map((bar) => dollars(bar.close));

/** Closes of the last sessions against their own mean of `sessions`, newest last; BARS_SHORT when there are too few. */
export function closesAgainstMean(
  bars: readonly Bar[],
  sessions: number,
  count: number,
): Known<readonly { readonly close: number; readonly mean: number }[]> {
  const all = closesOf(bars);
  if (all.length < sessions + count - 1) return absent('BARS_SHORT', `${all.length} daily bars, ${sessions + count - 1} are needed`);
  const rows = Array.from({ length: count }, (_, i) => {
    const end = all.length - count + 1 + i;
    const window = all.slice(end - sessions, end);
    return { close: window.at(-1) as number, mean: sma(window, sessions) as number };
  });
  return known(rows);
}

/** Share of equity, micros. */
export const shareOfEquity = (equity: Usd, part: number): number => Math.floor(equity * part);

/** Names of the assumed inputs behind a decision about contracts: their own and their underlyings'. */
export const assumedFor = (market: MarketView, options: readonly Option[]): readonly string[] =>
  [...new Set(options.flatMap((option) => [...market.assumptions(option.underlying), ...market.assumptions(option.symbol)]))].sort();
