// The daemon's own history of implied volatility: one reading a session, taken before the close, and a back-fill from daily option bars.
import type { EngineEvent, IvReading } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import type { Option } from '../domain/instrument.ts';
import { addDays, dayNumber, daysBetween, type TradingDay } from '../domain/time.ts';
import type { Board } from '../market/board.ts';
import type { Calendar, Session } from '../market/calendar.ts';
import { earningsIn } from '../market/earnings.ts';
import { groupBy } from '../market/group.ts';
import { iv30FromBars, iv30FromChain, type OptionBar } from '../market/iv.ts';
import type { Bar } from '../market/quote.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData, StrikeRange } from '../ports/market-data.ts';
import type { Feeder } from './feeder.ts';

export interface IvLogOptions {
  readonly board: Board;
  readonly data: MarketData;
  readonly feeder: Feeder;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly rate: number;
  readonly dividendYields: ReadonlyMap<string, number>;
  readonly push: (event: EngineEvent) => void;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface IvLog {
  /** Today's reading of each name from its chain's quotes. */
  record(symbols: readonly Symbol[]): Promise<void>;
  /** Readings of past sessions that are missing, from daily option bars; at most the last 252. */
  backfill(symbols: readonly Symbol[]): Promise<void>;
}

const SESSIONS = 252;
const CHAIN_DTE = { from: 7, to: 75 } as const;
/** A past session's bracket about thirty days lies within these days to expiry. */
const BRACKET = { min: 7, max: 70 } as const;
const STRIKES_PER_SIDE = 2;
const BATCH_SESSIONS = 10;
/** Strikes beside a year's closes that are still listed with them: by part of the close, and in dollars where a few make a wide part. */
const STRIKES_BEYOND = { part: 0.25, dollars: 2.5 } as const;

interface Wanted {
  readonly session: Session;
  readonly close: Bar;
  readonly options: readonly Option[];
}

const yieldOf = (options: IvLogOptions, symbol: Symbol): number => options.dividendYields.get(symbol) ?? 0;
const reportsOf = ({ board }: IvLogOptions, symbol: Symbol, day: TradingDay) =>
  earningsIn(board.earnings(symbol), symbol, day, addDays(day, BRACKET.max), day);

/** Today's reading of a name from its chain's quotes, unless there is one. */
async function recordOne(options: IvLogOptions, symbol: Symbol): Promise<void> {
  const { board, calendar, clock, feeder } = options;
  const today = calendar.dayOf(clock.now().exchange);
  if (board.ivHistory(symbol).some((r) => r.day === today)) return;
  await feeder.quotes([symbol]);
  await feeder.chain(symbol, CHAIN_DTE.from, CHAIN_DTE.to);
  const now = clock.now().exchange;
  const chain = board.chain(symbol);
  const quote = board.quote(symbol);
  if (chain === undefined || quote === undefined) return;
  const spot = (quote.bid + quote.ask) / 2e6;
  const terms = { now, calendar, spot, rate: options.rate, dividendYield: yieldOf(options, symbol) };
  const reading = iv30FromChain(chain, reportsOf(options, symbol, today), terms);
  if (reading.known) options.push({ kind: 'iv', readings: [reading.value] });
  else options.log('iv.missing', { symbol, why: reading.why });
}

/** A past session's reading from that day's option bars; none where they do not allow one. */
function readingOf(options: IvLogOptions, symbol: Symbol, wanted: Wanted, bars: ReadonlyMap<Symbol, readonly Bar[]>): readonly IvReading[] {
  const { session, close } = wanted;
  const priced = wanted.options.flatMap((option): OptionBar[] => {
    const bar = bars.get(option.symbol)?.find((b) => b.day === session.day);
    return bar === undefined ? [] : [{ option, bar }];
  });
  const terms = { now: session.close, calendar: options.calendar, rate: options.rate, dividendYield: yieldOf(options, symbol) };
  const reading = iv30FromBars(symbol, priced, close.close, reportsOf(options, symbol, session.day), terms);
  return reading.known ? [{ ...reading.value, day: session.day }] : [];
}

export function createIvLog(options: IvLogOptions): IvLog {
  const { board, data, calendar, clock } = options;
  const record = async (symbols: readonly Symbol[]): Promise<void> => {
    for (const symbol of symbols) await recordOne(options, symbol);
  };

  /** Sessions of the last year without a reading. */
  const missing = (symbol: Symbol): readonly Session[] => {
    const last = calendar.lastClosed(clock.now().exchange);
    const have = new Set(board.ivHistory(symbol).map((r) => r.day));
    return calendar.between(calendar.offset(last.day, -(SESSIONS - 1)).day, last.day).filter((s) => !have.has(s.day));
  };
  const one = async (symbol: Symbol): Promise<void> => {
    const sessions = missing(symbol);
    const [first] = sessions;
    const final = sessions.at(-1);
    if (first === undefined || final === undefined) return;
    await options.feeder.dailyBars([{ symbol, sessions: SESSIONS + 2 }]);
    const closes = new Map((board.dailyBars(symbol)?.bars ?? []).map((b) => [b.day, b]));
    const strikes = strikesAbout(sessions.flatMap(({ day }) => closes.get(day)?.close ?? []));
    if (strikes === undefined) return options.log('iv.backfill_failed', { symbol, why: 'no daily bars' });
    const listed = await data.contracts(symbol, addDays(first.day, BRACKET.min), addDays(final.day, BRACKET.max), true, strikes);
    if (!listed.ok) return options.log('iv.backfill_failed', { symbol, why: listed.why });
    const byExpiry = groupOptions(listed.value.filter((c) => c.standard).map((c) => c.option));
    const wanted = sessions.flatMap((session): Wanted[] => {
      const close = closes.get(session.day);
      return close === undefined ? [] : [{ session, close, options: bracketOf(byExpiry, session.day, close.close) }];
    });
    let readings = 0;
    for (const batch of batches(wanted)) {
      const days = batch.map((w) => w.session.day);
      const names = new Set(batch.flatMap((w) => w.options.map((o) => o.symbol)));
      const bars = await data.optionBars([...names], days[0] ?? first.day, days.at(-1) ?? final.day);
      if (!bars.ok) return options.log('iv.backfill_failed', { symbol, why: bars.why });
      const found = batch.flatMap((w) => readingOf(options, symbol, w, bars.value));
      if (found.length > 0) options.push({ kind: 'iv', readings: found });
      readings += found.length;
    }
    options.log('iv.backfilled', { symbol, sessions: sessions.length, readings });
  };
  const backfill = async (symbols: readonly Symbol[]): Promise<void> => {
    for (const symbol of symbols) await one(symbol);
  };
  return { record, backfill };
}

/** A contract lies near thirty days for some weeks of its life: read in batches, the rest of its bars stays where it is. */
function batches(wanted: readonly Wanted[]): readonly (readonly Wanted[])[] {
  return Array.from({ length: Math.ceil(wanted.length / BATCH_SESSIONS) }, (_, i) =>
    wanted.slice(i * BATCH_SESSIONS, (i + 1) * BATCH_SESSIONS),
  );
}

const groupOptions = (all: readonly Option[]): ReadonlyMap<TradingDay, readonly Option[]> => {
  const groups = new Map<TradingDay, Option[]>();
  for (const option of all) groups.set(option.expiry, [...(groups.get(option.expiry) ?? []), option]);
  return groups;
};

/** The strikes among which those nearest each of these closes (micros) lie, in dollars; undefined without a close. */
function strikesAbout(closes: readonly number[]): StrikeRange | undefined {
  if (closes.length === 0) return undefined;
  const { part, dollars } = STRIKES_BEYOND;
  const least = (Math.min(...closes) / 1e6) * (1 - part) - dollars;
  return { least: Math.max(0, Math.floor(least)), most: Math.ceil((Math.max(...closes) / 1e6) * (1 + part) + dollars) };
}

/** The Monday of a day's week, as a day number: 1970-01-01 was a Thursday. */
const weekOf = (day: TradingDay): number => dayNumber(day) - ((dayNumber(day) + 3) % 7);

/** The last expiry of each week: those in its middle are listed a fortnight ahead, and nobody traded them thirty days out. */
const endsOfWeeks = (expiries: readonly TradingDay[]): readonly TradingDay[] =>
  [...groupBy([...expiries].sort(), weekOf).values()].flatMap((week) => week.slice(-1));

/** The two expiries about thirty days out and, in each, the strikes nearest the close on both sides. */
function bracketOf(byExpiry: ReadonlyMap<TradingDay, readonly Option[]>, day: TradingDay, close: number): readonly Option[] {
  const expiries = endsOfWeeks(
    [...byExpiry.keys()].filter((e) => daysBetween(day, e) >= BRACKET.min && daysBetween(day, e) <= BRACKET.max),
  );
  const near = expiries.filter((e) => daysBetween(day, e) <= 30).at(-1);
  const far = expiries.find((e) => daysBetween(day, e) > 30);
  return [near, far].flatMap((expiry) => (expiry === undefined ? [] : aroundTheMoney(byExpiry.get(expiry) ?? [], close)));
}

function aroundTheMoney(options: readonly Option[], close: number): readonly Option[] {
  const strikes = [...new Set(options.map((o) => o.strike as number))].sort((a, b) => a - b);
  const above = strikes.findIndex((k) => k >= close);
  const middle = above === -1 ? strikes.length : above;
  const chosen = new Set(strikes.slice(Math.max(0, middle - STRIKES_PER_SIDE), middle + STRIKES_PER_SIDE));
  return options.filter((o) => chosen.has(o.strike));
}
