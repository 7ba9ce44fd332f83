// The options of one scripted name: what is listed, and prices after Black and Scholes from a volatility that the script states.
import { ensure } from '../../../src/base/assert.ts';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { type Option, occSymbol, parseOcc, type Right } from '../../../src/domain/instrument.ts';
import { price } from '../../../src/domain/money.ts';
import { addDays, DAY, daysBetween, epochMs, type TradingDay, tradingDay, weekday } from '../../../src/domain/time.ts';
import type { ListedContract, MarketBar, MarketQuote, OptionStats } from '../../../src/exchange/market.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import { bsGreeks, bsPrice } from '../../../src/pricing/black-scholes.ts';
import { at, calendar, type Day, sessionAfter, sessionOf, sessionsFrom, standing, type When } from './clock.ts';
import type { Path } from './path.ts';

/** Of the options' volatilities, from an instant on. */
export interface Surface {
  /** At the money, a fraction a year. */
  readonly level: number;
  /** What a strike adds for each unit of ln(strike / spot): -0.3 makes low strikes dearer. 0 when not said. */
  readonly slope?: number;
  /** Levels of single expiries, instead of `level`. */
  readonly expiries?: Readonly<Record<Day, number>>;
}

/** A quote stated outright, from an instant on, with sizes where they matter; `model` goes back to the model. */
export type Pin =
  | readonly [from: When, bid: number, ask: number]
  | readonly [from: When, bid: number, ask: number, bidSize: number, askSize: number]
  | readonly [from: When, back: 'model'];

export interface OptionScript {
  /** Listed throughout; each must be a session. */
  readonly expiries: readonly Day[];
  readonly strikes: { readonly from: number; readonly to: number; readonly step: number };
  /** What holds from when on; the first holds before that, too. */
  readonly iv: readonly (readonly [from: When, surface: Surface])[];
  /** The year before the story: its weekly expiries are listed, too, and the level swung between these two. Needed for an IV rank. */
  readonly past?: { readonly low: number; readonly high: number };
  /** `session` counts years in trading minutes of 252 days in the last two days, as models of same-day options do; else by the calendar. */
  readonly clock?: 'calendar' | 'session';
  /** Ask less bid, as a part of the value; 0.02 when not said, a tick at least. */
  readonly spread?: number;
  /** Contracts at the bid and at the ask; 50 each when not said. */
  readonly size?: number;
  /** By contract, its OCC symbol. */
  readonly pinned?: Readonly<Record<string, readonly Pin[]>>;
  /** Contracts a session and open interest of every contract; 2,000 and 5,000 when not said. */
  readonly volume?: number;
  readonly openInterest?: number;
  /** False for classes that trade in nickels and dimes. */
  readonly pennyProgram?: boolean;
}

/** What the options need to know of their underlying. */
export interface Underlying {
  readonly symbol: string;
  readonly path: Path;
  /** First day of the story. */
  readonly from: Day;
  /** Continuous, a fraction a year. */
  readonly dividendYield: number;
  readonly dividends: readonly { readonly exDay: TradingDay; readonly perShare: number; readonly announced: TradingDay }[];
}

export interface OptionBook {
  contracts(from: TradingDay, to: TradingDay, asOf: number, expired: boolean): readonly ListedContract[];
  contract(occ: string, asOf: number): ListedContract | undefined;
  quote(occ: string, instant: number): MarketQuote | undefined;
  stats(occ: string, instant: number): OptionStats;
  dailyBars(occ: string, from: TradingDay, to: TradingDay, asOf: number): readonly MarketBar[];
}

/** What every model here discounts with, a fraction a year. */
export const RATE = 0.04;
const YEAR = 365 * DAY;
const MICROS = 1_000_000;
const CENT = 10_000;
const NICKEL = 5 * CENT;
const DIME = 10 * CENT;
const THREE_DOLLARS = 3 * MICROS;
const CENT_CLASSES: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);
/** Sessions of a whole swing of the past's volatility, and days ahead of its expiry at which a past contract was listed. */
const SWING = 84;
const PAST_LISTED = 77;
const PAST_DAYS = 400;
const SIGMA_MIN = 0.01;
const none: OptionStats = { volume: null, previousVolume: null, last: null, iv: null, greeks: null };

const tickOf = (name: string, penny: boolean, micros: number): number => {
  if (CENT_CLASSES.has(name)) return CENT;
  if (penny) return micros < THREE_DOLLARS ? CENT : NICKEL;
  return micros < THREE_DOLLARS ? NICKEL : DIME;
};

/** The contract of a name, expiry, right and strike, e.g. `F`, `2026-03-06`, put 48. */
export const occ = (name: string, expiry: Day, right: Right, strike: number): Symbol =>
  occSymbol(symbol(name), tradingDay(expiry), right, price(Math.round(strike * MICROS)));

/** `count` weekly expiries from the first Friday on or after a day; the session before a Friday that is closed. */
export function weeklies(from: Day, count: number): readonly TradingDay[] {
  const first = addDays(tradingDay(from), (5 - weekday(tradingDay(from)) + 7) % 7);
  return Array.from({ length: count }, (_, i) => {
    const friday = addDays(first, 7 * i);
    return calendar.session(friday) === undefined ? sessionAfter(addDays(friday, 1), -1) : friday;
  });
}

function* grid(low: number, high: number, step: number): Iterable<number> {
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9; n++) yield Math.round(n * step * 1000) / 1000;
}

/** Strikes about the closes that a past contract lived through. */
function pastStrikes({ path }: Underlying, expiry: TradingDay, step: number): Iterable<number> {
  const closes = sessionsFrom(addDays(expiry, -PAST_LISTED), expiry).flatMap(({ day }) => path.closeOf(day) ?? []);
  return closes.length === 0 ? [] : grid(Math.min(...closes) - 3 * step, Math.max(...closes) + 3 * step, step);
}

/** All contracts by symbol, in the order of their expiries, then of their symbols. */
function listed(script: OptionScript, underlying: Underlying): ReadonlyMap<string, Option> {
  const { from, to, step } = script.strikes;
  const now = script.expiries.map((day) => [sessionOf(day).day, [...grid(from, to, step)]] as const);
  const first = addDays(tradingDay(underlying.from), -PAST_DAYS);
  const past = weeklies(first, Math.floor(PAST_DAYS / 7) + 1)
    .filter((day) => script.past !== undefined && day < underlying.from)
    .map((day) => [day, [...pastStrikes(underlying, day, step)]] as const);
  const all = [...past, ...now].flatMap(([expiry, strikes]) =>
    (['call', 'put'] as const).flatMap((right) => strikes.map((strike) => occ(underlying.symbol, expiry, right, strike))),
  );
  return new Map([...new Set(all)].sort().map((name) => [name, ensure(parseOcc(name), name)]));
}

/** The level that prices an expiry at an instant: the story's own, before it the swing of the past. */
function levelOf(script: OptionScript, { from }: Underlying): (expiry: TradingDay, instant: number) => Surface {
  const steps = script.iv.map(([when, surface]) => [at(when), surface] as const);
  const begins = at(from);
  const start = calendar.offset(tradingDay(from), 0).day;
  const { past } = script;
  return (expiry, instant) => {
    if (instant < begins && past !== undefined) {
      const back = sessionsFrom(calendar.dayOf(epochMs(instant)), start).length;
      const part = Math.abs(((back % SWING) / SWING) * 2 - 1);
      return { level: past.low + part * (past.high - past.low) };
    }
    const { level, ...rest } = ensure((steps.findLast(([when]) => when <= instant) ?? steps[0])?.[1], 'a volatility surface');
    return { ...rest, level: rest.expiries?.[expiry] ?? level };
  };
}

/** Model value of a contract, dollars a share, never under what exercise brings, and its volatility. */
function valuer(script: OptionScript, underlying: Underlying) {
  const level = levelOf(script, underlying);
  const { dividendYield, dividends } = underlying;
  const paidBefore = (today: TradingDay, expiry: TradingDay): number =>
    dividends
      .filter(({ exDay, announced }) => announced <= today && exDay > today && exDay <= expiry)
      .reduce((sum, { exDay, perShare }) => sum + (perShare / MICROS) * Math.exp((-RATE * daysBetween(today, exDay)) / 365), 0);
  return ({ right, strike, expiry }: Option, spot: number, instant: number) => {
    const dollars = strike / MICROS;
    const end = sessionOf(expiry).close;
    const years = script.clock === 'session' ? yearsToExpiry(epochMs(instant), expiry, calendar) : Math.max(0, end - instant) / YEAR;
    const { level: at_, slope = 0 } = level(expiry, instant);
    const sigma = Math.max(SIGMA_MIN, at_ + slope * Math.log(dollars / spot));
    const input = {
      right,
      spot: spot - paidBefore(calendar.dayOf(epochMs(instant)), expiry),
      strike: dollars,
      years,
      rate: RATE,
      dividendYield,
      sigma,
    };
    return { input, value: Math.max(bsPrice(input), right === 'call' ? spot - dollars : dollars - spot) };
  };
}

const micros = (dollars: number): number => Math.round(dollars * 100) * CENT;

/** Days on which a contract is known: a past one from some weeks before its expiry on. */
const isListed = (option: Option, from: Day, today: TradingDay): boolean =>
  option.expiry >= from || today >= addDays(option.expiry, -PAST_LISTED);

export function optionBook(script: OptionScript, underlying: Underlying): OptionBook {
  const { path, from } = underlying;
  const all = listed(script, underlying);
  const valueOf = valuer(script, underlying);
  const { spread = 0.02, size = 50, volume = 2_000, openInterest = 5_000, pennyProgram = true } = script;
  const dayOf = (instant: number): TradingDay => calendar.dayOf(epochMs(instant));
  for (const name of Object.keys(script.pinned ?? {})) if (!all.has(name)) throw new Error(`${name} is pinned, but not listed`);

  const modelled = (option: Option, spot: number, instant: number): MarketQuote => {
    const value = valueOf(option, spot, instant).value * MICROS;
    const half = Math.max(tickOf(underlying.symbol, pennyProgram, value), spread * value) / 2;
    const down = tickOf(underlying.symbol, pennyProgram, Math.max(0, value - half));
    const up = tickOf(underlying.symbol, pennyProgram, value + half);
    const bid = Math.max(0, Math.floor((value - half) / down + 1e-9) * down);
    const ask = Math.max(Math.ceil((value + half) / up - 1e-9) * up, bid + up);
    return { bid, ask, bidSize: bid === 0 ? 0 : size, askSize: size, at: instant, mark: 'live' };
  };
  const quote = (name: string, instant: number): MarketQuote | undefined => {
    const option = all.get(name);
    const spot = path.price(instant);
    if (option === undefined || spot === undefined || instant > sessionOf(option.expiry).close) return undefined;
    const pin = standing(script.pinned?.[name] ?? [], instant);
    if (pin === undefined || pin[1] === 'model') return modelled(option, spot, instant);
    const [, bid, ask, bidSize = size, askSize = size] = pin;
    return { bid: micros(bid), ask: micros(ask), bidSize, askSize, at: instant, mark: 'live' };
  };
  const facts = (option: Option, asOf: number): ListedContract => ({
    symbol: option.symbol,
    underlying: option.underlying,
    expiry: option.expiry,
    right: option.right,
    strike: option.strike,
    style: 'american',
    settlement: 'physical',
    pennyProgram,
    openInterest,
    openInterestDay: sessionAfter(dayOf(asOf), -1),
  });
  const barOf = (option: Option, day: TradingDay, asOf: number): MarketBar[] => {
    const session = sessionOf(day);
    const open = path.openOf(day);
    const until = Math.min(session.close, asOf);
    const close = until === session.close ? path.closeOf(day) : path.price(until);
    if (open === undefined || close === undefined) return [];
    const [first, last] = [micros(valueOf(option, open, session.open).value), micros(valueOf(option, close, until).value)];
    const [high, low] = [Math.max(first, last, CENT), Math.max(CENT, Math.min(first, last))];
    return [{ at: calendar.instant(day, 0, 0), day, open: Math.max(first, CENT), high, low, close: Math.max(last, CENT), volume }];
  };
  return {
    quote,
    contracts: (first, last, asOf, expired) => {
      const today = dayOf(asOf);
      const begin = expired || first > today ? first : today;
      return [...all.values()]
        .filter((option) => option.expiry >= begin && option.expiry <= last && isListed(option, from, today))
        .map((option) => facts(option, asOf));
    },
    contract: (name, asOf) => {
      const option = all.get(name);
      return option !== undefined && isListed(option, from, dayOf(asOf)) ? facts(option, asOf) : undefined;
    },
    stats: (name, instant) => {
      const option = all.get(name);
      if (option === undefined || !isListed(option, from, dayOf(instant))) return none;
      const spot = path.price(instant);
      const session = calendar.session(dayOf(instant));
      const part = session === undefined ? 1 : Math.min(1, Math.max(0, (instant - session.open) / (session.close - session.open)));
      const traded = { volume: Math.floor(volume * part), previousVolume: volume };
      if (spot === undefined || dayOf(instant) > option.expiry) return { ...none, ...traded };
      const { input, value } = valueOf(option, spot, instant);
      const { delta, gamma, theta, vega, rho } = bsGreeks(input);
      const last = { price: Math.max(CENT, micros(value)), at: instant, size: 1 };
      return { ...traded, last, iv: input.sigma, greeks: { delta, gamma, theta, vega, rho } };
    },
    dailyBars: (name, first, last, asOf) => {
      const option = all.get(name);
      if (option === undefined || first > last) return [];
      return sessionsFrom(first, last)
        .filter(({ day, open }) => open <= asOf && day <= option.expiry && isListed(option, from, day))
        .flatMap(({ day }) => barOf(option, day, asOf));
    },
  };
}
