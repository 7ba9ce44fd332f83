// What a strategy may read of the market in one tick: known and fresh, or absent with the reason.
import { once } from '../base/once.ts';
import type { IvReading } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import { type Option, parseOcc } from '../domain/instrument.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { DAY, daysBetween, MINUTE, type Now, type TradingDay } from '../domain/time.ts';
import type { Asset, Board } from './board.ts';
import type { Calendar } from './calendar.ts';
import { type ChainTerms, soundChain } from './chain-check.ts';
import { earningsIn } from './earnings.ts';
import { type ExpiryFlags, faultCode, faultWords, flagExpiry } from './expiry-flags.ts';
import { groupBy } from './group.ts';
import { judgeLevel } from './index-level.ts';
import { type BarMinutes, judgeIntraday } from './intraday.ts';
import { type MacroEvent, macroIn } from './macro.ts';
import { judgeNews, type NewsItem } from './news.ts';
import type { Bar, Chain, Contract, Dividend, EarningsReport, Quote } from './quote.ts';
import { judgeQuote } from './quote-check.ts';
import { pastReports } from './report-gap.ts';

/** What quotes of options are worth: the consolidated best bid and offer, or a vendor's altered and delayed stand-in. */
export type OptionFeed = 'opra' | 'indicative';

/** Frozen reads of one tick. A typed absence, with its reason, for whatever is not known or not fresh. */
export interface MarketView {
  /** Two-sided and fresh: QUOTE_MISSING, QUOTE_STALE or QUOTE_CROSSED otherwise. A zero bid is allowed for options. */
  quote(symbol: Symbol): Known<Quote>;
  /**
   * Completed daily bars, oldest first, last one the previous session's (or today's after the close), as traded and split-adjusted:
   * `sessions` of them or, where `atLeast` is given, as many as there are from that number on.
   */
  dailyBars(symbol: Symbol, sessions: number, atLeast?: number): Known<readonly Bar[]>;
  /**
   * Completed bars of regular hours, oldest first, of the last `sessions` sessions, the running one included: BARS_MISSING, BARS_STALE
   * or BARS_SHORT otherwise. `atLeast` (all of them when left out) says how many of the sessions must be whole; an earlier one
   * with more than two bars missing in a row is left out.
   */
  intradayBars(symbol: Symbol, minutes: BarMinutes, sessions: number, atLeast?: number): Known<readonly Bar[]>;
  /**
   * The expiries that hold together: at least five strikes quoted on each side, and calls and puts at parity near the
   * forward. CHAIN_EMPTY or CHAIN_INCONSISTENT when none does, NO_EXPIRY_IN_RANGE when the window that was fetched lists nothing.
   */
  chain(underlying: Symbol): Known<Chain>;
  /**
   * A quote as grounds for an entry: as `quote`, and for an option in line with the other quotes of its expiry, which are judged together
   * on the first look at any of them. The code of what is wrong with it (`QUOTE_NOT_MONOTONE` and its like) where it is not, CHAIN_EMPTY
   * where its chain does not hold it.
   */
  entryQuote(symbol: Symbol): Known<Quote>;
  contract(symbol: Symbol): Contract | undefined;
  /** Up to the last 252 stored sessions, oldest first, today's excluded. */
  ivHistory(symbol: Symbol): Known<readonly IvReading[]>;
  /** An IV rank, 0 to 100, that the operator supplied in place of a history; undefined when none was. Stamped wherever it is used. */
  assumedIvRank(symbol: Symbol): number | undefined;
  /**
   * Reports inside [from, to]; EARNINGS_UNKNOWN when the calendar cannot say. Where sources disagree on a date each of their days is
   * there, unconfirmed and marked as in conflict.
   */
  earnings(symbol: Symbol, from: TradingDay, to: TradingDay): Known<readonly EarningsReport[]>;
  /**
   * Up to `count` past reports whose gap can be measured, the newest last: EARNINGS_UNKNOWN when the calendar does not hold the
   * name, EARNINGS_HISTORY_SHORT when there are fewer than `atLeast`.
   */
  earningsHistory(symbol: Symbol, count: number, atLeast: number): Known<readonly EarningsReport[]>;
  /** Macro events inside [from, to]; MACRO_UNKNOWN when the calendar cannot say. `assumptions` of `MACRO` names what of it is assumed. */
  macro(from: TradingDay, to: TradingDay): Known<readonly MacroEvent[]>;
  /** Headlines of at most an age (exchange milliseconds) that name a symbol, oldest first; NEWS_UNKNOWN when none could be fetched. */
  news(symbol: Symbol, maxAgeMs: number): Known<readonly NewsItem[]>;
  /** The level of an index in points; VIX_UNKNOWN when it is not known or too old. */
  indexValue(symbol: Symbol): Known<number>;
  /** What quotes of options come from. */
  optionFeed(): OptionFeed;
  /** Announced dividends with ex-date in [from, to]; DIVIDEND_UNKNOWN when not fetched. */
  dividends(symbol: Symbol, from: TradingDay, to: TradingDay): Known<readonly Dividend[]>;
  /** Risk-free rate, a fraction a year. */
  rate(): number;
  /** Continuous dividend yield, a fraction a year; 0 where none is known. */
  dividendYield(symbol: Symbol): number;
  /** Names of assumed inputs behind a symbol's figures; empty for live data. */
  assumptions(symbol: Symbol): readonly string[];
  /** Exchange's asset record: tradable, optionable; undefined when not fetched. */
  asset(symbol: Symbol): Asset | undefined;
}

export interface ViewLimits {
  /** Wall milliseconds. */
  readonly stockQuoteMaxAgeMs: number;
  readonly optionQuoteMaxAgeMs: number;
  /** For options with a day or less to expiry. */
  readonly lastDayOptionQuoteMaxAgeMs: number;
  /** Exchange milliseconds since the dividends were fetched. */
  readonly dividendsMaxAgeMs: number;
  readonly ivObservationsMin: number;
  /** Wall milliseconds. */
  readonly indexMaxAgeMs: number;
  /** Exchange milliseconds since headlines were last asked for. */
  readonly newsMaxAgeMs: number;
}

export const defaultViewLimits: ViewLimits = {
  stockQuoteMaxAgeMs: 5_000,
  optionQuoteMaxAgeMs: 15_000,
  lastDayOptionQuoteMaxAgeMs: 5_000,
  dividendsMaxAgeMs: DAY,
  ivObservationsMin: 126,
  indexMaxAgeMs: MINUTE,
  newsMaxAgeMs: 5 * MINUTE,
};

export interface ViewOptions {
  readonly now: Now;
  readonly calendar: Calendar;
  /** Risk-free rate, a fraction a year. */
  readonly rate: number;
  /** Continuous dividend yields by symbol, fractions a year. */
  readonly dividendYields: ReadonlyMap<string, number>;
  readonly limits: ViewLimits;
  /** Names of the inputs the operator supplied for a symbol, beyond those the data itself is marked with. */
  readonly assumed: ReadonlyMap<string, readonly string[]>;
  /** IV ranks the operator supplied, by symbol. */
  readonly assumedIvRanks?: ReadonlyMap<string, number>;
  /** The lesser feed when left out. */
  readonly optionFeed?: OptionFeed;
}

const IV_SESSIONS = 252;
/** No closure of the exchange since 1933 left more days than this between two sessions. */
const LONGEST_CLOSURE_DAYS = 7;

/** The last bars of a record, judged: present, up to date, enough, and without a hole. */
function judgeBars(board: Board, symbol: Symbol, sessions: number, atLeast: number, options: ViewOptions): Known<readonly Bar[]> {
  const { calendar, now } = options;
  const last = calendar.lastClosed(now.exchange);
  const complete = board.dailyBars(symbol)?.bars.filter((bar) => bar.day <= last.day) ?? [];
  const newest = complete.at(-1);
  if (newest === undefined) return absent('BARS_MISSING', `${symbol}: no completed daily bar is known`);
  // On the evening of a session its bar may not be out yet; the one before it still is the previous session's.
  const evening = last.day === calendar.dayOf(now.exchange);
  const oldestAllowed = evening ? calendar.offset(last.day, -1).day : last.day;
  if (newest.day < oldestAllowed)
    return absent('BARS_STALE', `${symbol}: the last daily bar is of ${newest.day}, needed is ${oldestAllowed}`);
  if (complete.length < atLeast)
    return absent('BARS_SHORT', `${symbol}: ${String(complete.length)} daily bars, needed are ${String(atLeast)}`);
  const wanted = complete.slice(Math.max(0, complete.length - sessions));
  for (const [i, bar] of wanted.entries()) {
    const previous = wanted[i - 1];
    if (previous !== undefined && daysBetween(previous.day, bar.day) > LONGEST_CLOSURE_DAYS) {
      return absent('BARS_SHORT', `${symbol}: no daily bar between ${previous.day} and ${bar.day}`);
    }
  }
  return known(wanted);
}

function judgeIvHistory(board: Board, symbol: Symbol, { now, calendar, limits }: ViewOptions): Known<readonly IvReading[]> {
  const today = calendar.dayOf(now.exchange);
  const before = board.ivHistory(symbol).filter((r) => r.day < today);
  if (before.length < limits.ivObservationsMin) {
    return absent(
      'IV_HISTORY_SHORT',
      `${symbol}: ${String(before.length)} sessions of implied volatility, needed are ${String(limits.ivObservationsMin)}`,
    );
  }
  const recent = before.slice(-IV_SESSIONS);
  const previous = calendar.offset(today, -1).day;
  const last = recent.at(-1)?.day;
  if (last !== previous)
    return absent('IV_HISTORY_STALE', `${symbol}: the last implied volatility is of ${String(last)}, needed is ${previous}`);
  return known(recent);
}

function judgeDividends(board: Board, symbol: Symbol, from: TradingDay, to: TradingDay, options: ViewOptions): Known<readonly Dividend[]> {
  const record = board.dividends(symbol);
  if (record === undefined) return absent('DIVIDEND_UNKNOWN', `${symbol}: dividends have not been fetched`);
  const age = options.now.exchange - record.seen.exchange;
  if (age > options.limits.dividendsMaxAgeMs) {
    return absent(
      'DIVIDEND_UNKNOWN',
      `${symbol}: dividends were fetched ${String(age)} ms ago, allowed are ${String(options.limits.dividendsMaxAgeMs)}`,
    );
  }
  if (from < record.from || to > record.to) {
    return absent('DIVIDEND_UNKNOWN', `${symbol}: dividends are known for ${record.from}..${record.to}, asked were ${from}..${to}`);
  }
  return known(record.dividends.filter((d) => d.exDay >= from && d.exDay <= to));
}

/** What the data behind a symbol's figures is marked with, and what the operator supplied. */
function assumptionsOf(board: Board, symbol: Symbol, options: ViewOptions): readonly string[] {
  const underlying = parseOcc(symbol)?.underlying ?? symbol;
  const names = new Set([...(options.assumed.get(underlying) ?? []), ...(options.assumed.get(symbol) ?? [])]);
  if (board.quote(symbol)?.provenance === 'assumed') names.add(`quote:${symbol}`);
  if (board.quote(underlying)?.provenance === 'assumed') names.add(`quote:${underlying}`);
  if (board.ivHistory(underlying).some((r) => r.quality === 'assumed')) names.add(`iv_history:${underlying}`);
  return [...names].sort();
}

/** A fresh quote, unless its expiry's other quotes speak against it, or there are none to say anything. */
function uncontradicted({ symbol }: Option, quote: Known<Quote>, flags: Known<ExpiryFlags>): Known<Quote> {
  if (!flags.known) return flags;
  if (!flags.value.has(symbol)) return absent('CHAIN_EMPTY', `${symbol}: it is not in the chain that was fetched`);
  const fault = flags.value.get(symbol);
  return fault === undefined ? quote : absent(faultCode(fault), `${symbol}: ${faultWords(fault)}`);
}

/**
 * The board as of one instant. Nothing is copied: the board changes between turns only, a strategy runs inside one turn and
 * without a pause, so what it reads twice is the same twice.
 */
export function viewOf(board: Board, options: ViewOptions): MarketView {
  const { calendar, now, limits } = options;
  const today = calendar.dayOf(now.exchange);
  const quote = (symbol: Symbol): Known<Quote> => judgeQuote(board.quote(symbol), symbol, today, now, limits);
  const dividendYield = (symbol: Symbol): number => options.dividendYields.get(symbol) ?? 0;
  const terms = (underlying: Symbol): ChainTerms => ({
    now: now.exchange,
    calendar,
    rate: options.rate,
    dividendYield: dividendYield(underlying),
    dividends: board.dividends(underlying)?.dividends ?? [],
  });
  // Judging a chain solves parity at every expiry; a strategy may ask for it once per contract it looks at.
  const chain = once((underlying: Symbol): Known<Chain> => {
    const seen = board.chain(underlying);
    if (seen === undefined) return absent('CHAIN_EMPTY', `${underlying}: no chain has been fetched`);
    const spot = quote(underlying);
    return spot.known ? soundChain(seen, spot.value, terms(underlying)) : spot;
  });
  const expiries = once((underlying: Symbol) => groupBy(board.chain(underlying)?.rows ?? [], (row) => row.contract.option.expiry));
  const judge = (underlying: Symbol, expiry: TradingDay): Known<ExpiryFlags> => {
    const spot = quote(underlying);
    if (!spot.known) return spot;
    return flagExpiry({ expiry, rows: expiries(underlying).get(expiry) ?? [], quoteOf: quote, spot: spot.value }, terms(underlying));
  };
  // Judging an expiry takes milliseconds: none is judged that nobody looks at, and none twice.
  const flagsOf = once((underlying: Symbol) => once((expiry: TradingDay) => judge(underlying, expiry)));
  return {
    quote,
    dailyBars: (symbol, sessions, atLeast = sessions) => judgeBars(board, symbol, sessions, atLeast, options),
    intradayBars: (symbol, minutes, sessions, atLeast = sessions) =>
      judgeIntraday(board.intradayBars(symbol, minutes), symbol, { minutes, sessions, atLeast }, calendar, now.exchange),
    chain,
    entryQuote(symbol) {
      const seen = quote(symbol);
      const option = seen.known ? parseOcc(symbol) : undefined;
      return option === undefined ? seen : uncontradicted(option, seen, flagsOf(option.underlying)(option.expiry));
    },
    contract: (symbol) => board.contract(symbol),
    ivHistory: (symbol) => judgeIvHistory(board, symbol, options),
    assumedIvRank: (symbol) => options.assumedIvRanks?.get(symbol),
    earnings: (symbol, from, to) => earningsIn(board.earnings(symbol), symbol, from, to, today),
    earningsHistory: (symbol, count, atLeast) => pastReports(board.earnings(symbol), symbol, count, atLeast, calendar, now.exchange),
    macro: (from, to) => macroIn(board.macro(), from, to, today),
    news: (symbol, maxAgeMs) => judgeNews(board.news(symbol), symbol, maxAgeMs, limits.newsMaxAgeMs, now),
    indexValue: (symbol) => judgeLevel(board.indexLevel(symbol), symbol, limits.indexMaxAgeMs, now),
    optionFeed: () => options.optionFeed ?? 'indicative',
    dividends: (symbol, from, to) => judgeDividends(board, symbol, from, to, options),
    rate: () => options.rate,
    dividendYield,
    assumptions: (symbol) => assumptionsOf(board, symbol, options),
    asset: (symbol) => board.asset(symbol),
  };
}
