// The seeded synthetic market: every price is a function of (seed, symbol, instant), whatever was asked before.
import { parseOcc } from '../../domain/instrument.ts';
import { addDays, type EpochMs, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { CashDividend, EarningsDate, ExchangeMarket, ListedEquity, MarketBar, OptionStats, ShareSplit } from '../market.ts';
import { ANNOUNCED_AHEAD, isAnnounced } from './events.ts';
import { expiries as expiriesOf } from './expiries.ts';
import type { SyntheticContract } from './listing.ts';
import { macroDates } from './macro.ts';
import { type NameMarket, nameMarket } from './name-market.ts';
import { type SyntheticName, syntheticNames } from './names.ts';
import { newsDesk } from './news.ts';
import { listedContract, optionBars, optionQuote, optionStats } from './option-answers.ts';
import { type Regime, type RegimeOptions, regimeOf } from './regime.ts';
import { earlierDay, FIRST_DAY, LAST_DAY, REFERENCE_DAY, type SessionIndex, sessionIndex } from './session-index.ts';
import { NOTICE, type WantedSplit } from './share-basis.ts';
import { monthVol } from './surface.ts';

export interface SyntheticOptions {
  /** A whole number in 0..2^32 - 1: one seed, one market for good. */
  readonly seed: number;
  readonly calendar: Calendar;
  /** First instant of a run, UTC milliseconds; 2026-11-23 15:05 New York when absent. Prices do not depend on it. */
  readonly start?: number;
  /** What kind of market it is from a day on; when absent the seed alone decides. A run starts with it unless `start` says otherwise. */
  readonly regime?: RegimeOptions;
  /** Splits that come about beside those that the seed draws. */
  readonly splits?: readonly WantedSplit[];
}

/** Sessions of past that every start has behind it, after a year in which the volatility levels settle. */
const HISTORY = 520;
const SETTLING = 252;
/** Calendar days of future report dates, and of macro events, that are given out. */
const REPORTS_AHEAD = 1100;
const MICROS = 1_000_000;
/** So many calendar days before the end of the calendar's rules a run has to end: orders and listings look as far ahead. */
const KNOWN_AHEAD = 120;

const isRatio = ({ from, to }: WantedSplit): boolean => [from, to].every((n) => Number.isInteger(n) && n >= 1 && n <= 1_000) && from !== to;

const equities: readonly ListedEquity[] = syntheticNames.map(({ symbol, name, venue, pennyProgram }) => ({
  symbol,
  name,
  venue,
  optionable: true,
  pennyProgram,
}));

const noStats: OptionStats = { volume: null, previousVolume: null, last: null, iv: null, greeks: null };

interface World {
  readonly sessions: SessionIndex;
  readonly markets: ReadonlyMap<string, NameMarket>;
  /** The number of today's session or, on a closed day, of the last one before it. */
  today(at: number): number;
}

function build(seed: number, calendar: Calendar, regime: Regime | undefined, wanted: readonly WantedSplit[]): World {
  const sessions = sessionIndex(calendar);
  const expiries = expiriesOf(sessions);
  const midnight = (index: number): number => calendar.instant(sessions.session(index).day, 0, 0);
  const first = regime === undefined ? 0 : sessions.from(regime.day);
  const tiltOf = (name: SyntheticName) => (regime === undefined ? undefined : (index: number) => regime.tilt(name, index - first));
  const marketOf = (name: SyntheticName): NameMarket => {
    const own = wanted.filter(({ symbol }) => symbol === name.symbol);
    return nameMarket(seed, name, sessions, expiries, midnight, tiltOf(name), own);
  };
  const markets = new Map(syntheticNames.map((name) => [name.symbol, marketOf(name)]));
  const today = (at: number): number => {
    const moment = sessions.moment(at);
    if (moment !== undefined) return moment.index;
    const day = calendar.dayOf(at as EpochMs);
    const index = sessions.from(day);
    return sessions.session(index).day === day ? index : index - 1;
  };
  return { sessions, markets, today };
}

function dividendsOf({ markets }: World, from: TradingDay, to: TradingDay, today: TradingDay): readonly CashDividend[] {
  const last = earlierDay(to, addDays(today, ANNOUNCED_AHEAD));
  return [...markets.values()].flatMap(({ name, path, basis }) =>
    path.events
      .payments(from < FIRST_DAY ? FIRST_DAY : from, last)
      .filter((payment) => isAnnounced(payment, today))
      .map(
        ({ exDay, payDay, perShare }): CashDividend => ({
          symbol: name.symbol,
          exDay,
          payDay,
          perShare: Math.round((perShare * MICROS) / basis.factorOn(exDay)),
        }),
      ),
  );
}

function splitsOf({ markets, sessions }: World, from: TradingDay, to: TradingDay, today: TradingDay): readonly ShareSplit[] {
  const last = sessions.from(today) + NOTICE;
  return [...markets.values()]
    .flatMap(({ basis }) => basis.upTo(last))
    .filter(({ exDay, announced }) => exDay >= from && exDay <= to && announced <= today)
    .sort((a, b) => a.index - b.index)
    .map(({ symbol, exDay, from: old, to: fresh }): ShareSplit => ({ symbol, exDay, from: old, to: fresh }));
}

const earningsOf = ({ markets }: World, to: TradingDay): readonly EarningsDate[] =>
  [...markets.values()].flatMap(({ name, path }) =>
    path.events.reports(FIRST_DAY, to).map(({ day, time }): EarningsDate => ({ symbol: name.symbol, day, time })),
  );

/** 100 x the fund's 30-day volatility, to a hundredth; between sessions the last close's. */
function volatilityIndex({ markets, sessions }: World, at: number): number | undefined {
  const fund = markets.get('SPY');
  if (fund === undefined) return undefined;
  const view = fund.view(at) ?? fund.viewAtClose(Math.max(0, sessions.closedBy(at)));
  return Math.round(monthVol(fund.path, view) * 10_000) / 100;
}

function check(seed: number, splits: readonly WantedSplit[]): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new Error(`synthetic market: the seed must be a whole number from 0 to 4294967295, not ${String(seed)}`);
  }
  const strange = splits.find((one) => !syntheticNames.some(({ symbol }) => symbol === one.symbol) || !isRatio(one));
  if (strange === undefined) return;
  const what = `${strange.symbol}, ${String(strange.to)} for ${String(strange.from)}`;
  throw new Error(`synthetic market: no split of ${what}: name a symbol of the market, and two different whole numbers from 1 to 1000`);
}

/** One name for each market there can be. */
function idOf(seed: number, regime: Regime | undefined, splits: readonly WantedSplit[]): string {
  const bent = regime === undefined ? [] : [regime.name, ...(regime.size === null ? [] : [String(regime.size)]), regime.day];
  const split = splits.map(({ symbol, day, from, to }) => `${symbol}-${String(to)}-for-${String(from)}-${day}`);
  return ['synthetic', String(seed), ...bent, ...split].join('-');
}

/** What the market answers of the bars of shares and of their auctions. */
function barsOf(
  { markets, sessions }: World,
  dayOf: (at: number) => TradingDay,
): Pick<ExchangeMarket, 'dailyBars' | 'minuteBars' | 'officialOpen' | 'officialClose'> {
  /** A session's bar once it has opened, or closed. */
  const barOn = (symbol: string, day: TradingDay, edge: 'open' | 'close', asOf: number): MarketBar | undefined => {
    const index = sessions.of(day);
    return index === undefined || sessions.session(index)[edge] > asOf ? undefined : markets.get(symbol)?.bar(index);
  };
  return {
    dailyBars: (symbol, from, to, asOf, adjustment = 'split') =>
      from > dayOf(asOf) ? [] : (markets.get(symbol)?.dailyBars(from, to, asOf, dayOf(asOf), adjustment) ?? []),
    minuteBars: (symbol, from, to, asOf) => (from > asOf ? [] : (markets.get(symbol)?.minuteBars(from, to, asOf) ?? [])),
    officialOpen: (symbol, day, asOf) => barOn(symbol, day, 'open', asOf)?.open,
    officialClose: (symbol, day, asOf) => barOn(symbol, day, 'close', asOf)?.close,
  };
}

/**
 * An invented market in real tickers. A share's quote or an option's exists while its session runs, the closing instant
 * included, and carries the last whole second. Option values are European with one volatility for both rights of a strike.
 * @throws Error for a seed out of range, a split that cannot be, or a start that has too little past
 */
export function syntheticMarket({ seed, calendar, start, regime: wanted, splits = [] }: SyntheticOptions): ExchangeMarket {
  check(seed, splits);
  const regime = wanted === undefined ? undefined : regimeOf(wanted, calendar);
  const world = build(seed, calendar, regime, splits);
  const { sessions, markets, today } = world;
  const firstInstant = start ?? regime?.start ?? calendar.instant(REFERENCE_DAY, 15, 5);
  const earliest = sessions.session(HISTORY + SETTLING);
  if (firstInstant < earliest.open) {
    throw new Error(`synthetic market: it can start at the earliest on ${earliest.day}, when ${HISTORY} sessions of history lie behind it`);
  }
  const dayOf = (at: number): TradingDay => calendar.dayOf(at as EpochMs);
  const desk = newsDesk(seed, markets, sessions, calendar);
  const scheduledTo = addDays(dayOf(firstInstant), REPORTS_AHEAD);
  /** A contract and its name, when it is listed by an instant. */
  const find = (symbol: string, at: number): { readonly market: NameMarket; readonly contract: SyntheticContract } | undefined => {
    const market = markets.get(parseOcc(symbol)?.underlying.replace(/\d$/, '') ?? '');
    const contract = market?.listing.contract(symbol, today(at));
    return market === undefined || contract === undefined ? undefined : { market, contract };
  };
  return {
    id: idOf(seed, regime, splits),
    firstInstant,
    lastInstant: calendar.lastClosed(calendar.instant(addDays(LAST_DAY, -KNOWN_AHEAD), 0, 0)).close,
    equities: () => equities,
    quote(symbol, at) {
      const shares = markets.get(symbol);
      if (shares !== undefined) return shares.quote(at);
      const found = find(symbol, at);
      return found === undefined ? undefined : optionQuote(found.market, found.contract, at);
    },
    ...barsOf(world, dayOf),
    contracts(underlying, from, to, asOf, expired) {
      const market = markets.get(underlying);
      if (market === undefined) return [];
      const session = today(asOf);
      // On a closed day today() is the last session; what expired on it is gone by now.
      const alive = expired || from >= dayOf(asOf) ? from : dayOf(asOf);
      return market.listing.contracts(session, alive, to, expired).map((c) => listedContract(market, c, session, sessions));
    },
    contract(symbol, asOf) {
      const found = find(symbol, asOf);
      return found === undefined ? undefined : listedContract(found.market, found.contract, today(asOf), sessions);
    },
    optionDailyBars(symbol, from, to, asOf) {
      const found = find(symbol, asOf);
      return found === undefined || from > dayOf(asOf) ? [] : optionBars(found.market, found.contract, from, to, asOf, sessions);
    },
    optionStats(symbol, at) {
      const found = find(symbol, at);
      return found === undefined ? noStats : optionStats(found.market, found.contract, at, today(at), sessions);
    },
    indexValue: (symbol, at) => (symbol === 'VIX' ? volatilityIndex(world, at) : undefined),
    dividends: (from, to, asOf) => dividendsOf(world, from, to, dayOf(asOf)),
    splits: (from, to, asOf) => splitsOf(world, from, to, dayOf(asOf)),
    earnings: () => earningsOf(world, scheduledTo),
    news: (symbols, from, to, asOf) => (from > asOf ? [] : desk.read(symbols, from, Math.min(to, asOf))),
    macro: () => macroDates(seed, sessions, scheduledTo),
    report: () => ({ heldQuotes: 0, assumedQuotes: 0, assumptions: [] }),
  };
}
