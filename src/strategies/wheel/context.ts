// Readings of one name at one tick that several of the wheel's rules share.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars, MICROS, type Price, type Usd } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { addDays, MINUTE, type TradingDay } from '../../domain/time.ts';
import { sma } from '../../market/indicators.ts';
import type { Bar, Quote } from '../../market/quote.ts';
import { optionTick } from '../../market/ticks.ts';
import type { Context, MarketView } from '../strategy.ts';
import type { TickAt } from '../toolkit/limits.ts';
import { mid } from '../toolkit/limits.ts';
import type { Setting } from '../toolkit/select.ts';
import type { WheelParams } from './params.ts';

export type WheelContext = Context<WheelParams>;

/** Dollars as micros. */
export const micros = (amount: number): number => Math.round(amount * MICROS);

/** The price grid of an option, as its class says. */
export const tickOf =
  (market: MarketView, option: Option): TickAt =>
  (at: Price) =>
    optionTick(option.underlying, at, market.contract(option.symbol)?.pennyProgram ?? null);

/** What options of a name are valued against, from its quote. Dividends that are not known count as the continuous yield says. */
export function settingOf(ctx: WheelContext, name: Symbol, quote: Quote, until: TradingDay): Setting {
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

/** The last day on which anything this strategy would look at expires. */
export const horizon = (ctx: Pick<WheelContext, 'day' | 'params'>): TradingDay =>
  addDays(ctx.day, Math.max(ctx.params.dte_max, ctx.params.call_dte_max, ctx.params.manage_dte + ctx.params.roll_dte_max));

export const minutesFromOpen = (ctx: WheelContext): number => (ctx.now.exchange - ctx.session.open) / MINUTE;
export const minutesToClose = (ctx: WheelContext): number => (ctx.session.close - ctx.now.exchange) / MINUTE;

const closes = (bars: readonly Bar[]): readonly number[] => bars.map((bar) => dollars(bar.close));

/** Closes of the last sessions against their own mean of `sessions`, newest last; BARS_SHORT when there are too few. */
export function closesAgainstMean(
  bars: readonly Bar[],
  sessions: number,
  count: number,
): Known<readonly { readonly close: number; readonly mean: number }[]> {
  const all = closes(bars);
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

/** Names of the assumed inputs behind a decision about an option: its own and its underlying's. */
export const assumedFor = (ctx: WheelContext, option: Option): readonly string[] =>
  [...new Set([...ctx.market.assumptions(option.underlying), ...ctx.market.assumptions(option.symbol)])].sort();
