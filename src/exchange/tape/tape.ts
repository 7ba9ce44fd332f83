// A market of real recorded data: a folder of files, played from a day of one of its blocks of options to the block's end.
import { join } from 'node:path';
import { sha256Base32 } from '../../base/sha256.ts';
import { parseOcc } from '../../domain/instrument.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';
import type { ExchangeMarket, Mark, MarketQuote } from '../market.ts';
import type { AssumeFile } from './assume.ts';
import { type TapeContext, tapeContext } from './context.ts';
import { readText } from './csv.ts';
import { checkCalendar, tapeEarnings } from './events.ts';
import { openFolder } from './folder.ts';
import { tapeMacro } from './macro.ts';
import { chooseBlock, readManifest } from './manifest.ts';
import { notes as newNotes } from './notes.ts';
import { noStats, recordedBars, recordedContract, recordedStats, standingQuote } from './option-answers.ts';
import { lastPoint, type OptionPoint, type RecordedContract } from './option-book.ts';
import { type SharePoint, sharePoints } from './shares.ts';
import {
  recordedClose,
  recordedDailyBars,
  recordedDividends,
  recordedEquities,
  recordedIndex,
  recordedMinuteBars,
  recordedOpen,
  recordedSplits,
} from './underlying-answers.ts';

export interface TapeOptions {
  /** A folder with a manifest.csv. */
  readonly dir: string;
  readonly calendar: Calendar;
  /** The day to start on; the first day of the newest block of whole chains when absent. */
  readonly from?: TradingDay;
  /** `held`: a standing quote carries the present instant. `aged`: it carries the time it was recorded. */
  readonly quotes: 'held' | 'aged';
  readonly assume?: AssumeFile;
}

/** Used, and reported, where the tape has no Treasury yield for a day. */
const RATE_BY_RULE = 0.04;

/** Points of shares by symbol, built on first use. */
function shareDesk(context: TapeContext): (symbol: string) => readonly SharePoint[] {
  const desks = new Map<string, readonly SharePoint[]>();
  return (symbol) => {
    const found = desks.get(symbol) ?? sharePoints(symbol, context.folder, context.calendar, context.assume, context.notes);
    desks.set(symbol, found);
    return found;
  };
}

function contractOf(context: TapeContext, symbol: string, at: number): RecordedContract | undefined {
  const root = parseOcc(symbol)?.underlying;
  if (root === undefined) return undefined;
  // An adjusted class (AAPL1) is recorded in the file of the plain one.
  const contract =
    context.folder.options(root).contracts.get(symbol) ?? context.folder.options(root.replace(/\d$/, '')).contracts.get(symbol);
  return contract !== undefined && contract.since <= at ? contract : undefined;
}

/** A two-sided record as a quote; undefined where a side is not on record. Sizes that are not may be the operator's. */
function optionQuote(context: TapeContext, point: OptionPoint, at: number, aged: boolean): MarketQuote | undefined {
  if (point.bid === null || point.ask === null) return undefined;
  const size = context.assume?.sizes.options ?? null;
  const assumed = size !== null && (point.bidSize === null || point.askSize === null);
  if (assumed) context.notes.assume(`sizes.options = ${String(size)}`);
  const mark: Mark = assumed ? 'assumed' : at > point.at ? 'held' : 'live';
  return { bid: point.bid, ask: point.ask, bidSize: point.bidSize ?? size, askSize: point.askSize ?? size, at: aged ? point.at : at, mark };
}

function shareQuote(point: SharePoint | undefined, session: Session, at: number, aged: boolean): MarketQuote | undefined {
  if (point === undefined || point.day !== session.day) return undefined;
  const { bid, ask, bidSize, askSize } = point;
  return { bid, ask, bidSize, askSize, at: aged ? point.at : at, mark: point.assumed ? 'assumed' : at > point.at ? 'held' : 'live' };
}

/** Who asks for a rate or a spot behind a recorded quote. */
function statsInputs(context: TapeContext, shares: (symbol: string) => readonly SharePoint[], contract: RecordedContract) {
  return {
    calendar: context.calendar,
    spotAt(at: number): number | undefined {
      if (context.folder.isIndex(contract.underlying)) {
        const level = recordedIndex(context, contract.underlying, at);
        return level === undefined ? undefined : level * 1_000_000;
      }
      const point = lastPoint(shares(contract.underlying), at);
      return point === undefined || point.day !== context.dayOf(at) ? undefined : (point.bid + point.ask) / 2;
    },
    rate(day: TradingDay): number {
      const rate = context.folder.rate(day);
      if (rate === undefined) context.notes.assume(`risk-free rate ${String(RATE_BY_RULE)} on ${day}: no Treasury yield recorded`);
      return rate ?? RATE_BY_RULE;
    },
  };
}

/** The block's sessions from the day asked for. */
function span(
  dir: string,
  calendar: Calendar,
  block: { readonly first: TradingDay; readonly last: TradingDay },
  from: TradingDay | undefined,
) {
  const sessions = calendar.between(from ?? block.first, block.last);
  const [first] = sessions;
  const last = sessions[sessions.length - 1];
  if (first === undefined || last === undefined) throw new Error(`${dir}: no session from ${from ?? block.first} to ${block.last}`);
  if (from !== undefined && first.day !== from)
    throw new Error(`${dir}: ${from} is not a session; the next one on this tape is ${first.day}`);
  return { first, last };
}

/**
 * A recorded market. What a record says is known at its own time (chains) or when its bar has ended, and stands until the next record
 * of the same session: no quote of one session is carried into another, and none outlives its contract, so a day starts without option
 * quotes until its first chain. Shares without minute bars are quoted at the open, at each chain's `underlying_price` and at the close,
 * a half-spread either side, marked assumed. A bid of 0 stays 0; sizes not recorded are null unless assumed. Crossed records are passed on
 * as they are.
 * @throws Error naming folder, file, line or day when something is missing or wrong
 */
export function openTape({ dir, calendar, from, quotes, assume }: TapeOptions): ExchangeMarket {
  const files = readManifest(dir);
  const block = chooseBlock(dir, files, from);
  const { first, last } = span(dir, calendar, block, from);
  checkCalendar(dir, calendar, block.first, block.last);
  const notes = newNotes();
  const context = tapeContext(openFolder(dir, files, block, calendar, notes.assume), calendar, assume, notes);
  const shares = shareDesk(context);
  const aged = quotes === 'aged';
  const quoteOf = (symbol: string, session: Session, at: number): MarketQuote | undefined => {
    if (parseOcc(symbol) === undefined)
      return context.folder.isIndex(symbol) ? undefined : shareQuote(lastPoint(shares(symbol), at), session, at, aged);
    const contract = contractOf(context, symbol, at);
    const point = contract === undefined ? undefined : standingQuote(contract, session, at);
    return point === undefined ? undefined : optionQuote(context, point, at, aged);
  };
  const facts = (contract: RecordedContract, asOf: number) =>
    recordedContract(contract, context.folder.options(contract.underlying).pennyProgram.has(contract.underlying), asOf, calendar);
  return {
    id: `tape-${block.first}-${sha256Base32(readText(join(dir, 'manifest.csv')), 6)}`,
    firstInstant: first.open,
    lastInstant: last.close,
    equities: () => recordedEquities(context),
    quote(symbol, at) {
      const session = context.running(at);
      const quote = session === undefined ? undefined : quoteOf(symbol, session, at);
      if (quote !== undefined) notes.quoted(quote.mark);
      return quote;
    },
    dailyBars: (symbol, fromDay, to, asOf, adjustment = 'split') => recordedDailyBars(context, symbol, fromDay, to, asOf, adjustment),
    minuteBars: (symbol, fromAt, to, asOf) => recordedMinuteBars(context, symbol, fromAt, to, asOf),
    contracts(underlying, fromDay, to, asOf, expired) {
      const today = context.dayOf(asOf);
      return [...context.folder.options(underlying).contracts.values()]
        .filter(
          (c) => c.underlying === underlying && c.since <= asOf && c.expiry >= fromDay && c.expiry <= to && (expired || c.expiry >= today),
        )
        .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
        .map((c) => facts(c, asOf));
    },
    contract(symbol, asOf) {
      const contract = contractOf(context, symbol, asOf);
      return contract === undefined ? undefined : facts(contract, asOf);
    },
    optionDailyBars(symbol, fromDay, to, asOf) {
      const contract = contractOf(context, symbol, asOf);
      if (contract === undefined) return [];
      const sessions = calendar.between(block.first, block.last).filter((s) => s.day >= fromDay && s.day <= to);
      return recordedBars(contract, sessions, (day) => calendar.instant(day, 0, 0), asOf);
    },
    optionStats(symbol, at) {
      const contract = contractOf(context, symbol, at);
      if (contract === undefined) return noStats;
      const session = calendar.session(context.dayOf(at)) ?? context.closed(at);
      return recordedStats(contract, session, at, statsInputs(context, shares, contract));
    },
    officialOpen: (symbol, day, asOf) => recordedOpen(context, symbol, day, asOf),
    officialClose: (symbol, day, asOf) => recordedClose(context, symbol, day, asOf),
    indexValue: (symbol, at) => recordedIndex(context, symbol, at),
    splits: (fromDay, to, asOf) => recordedSplits(context, fromDay, to, asOf),
    dividends: (fromDay, to, asOf) => recordedDividends(context, fromDay, to, asOf),
    earnings: () => tapeEarnings(dir),
    news: () => undefined, // nobody recorded any
    macro: () => tapeMacro(dir, block, assume, notes),
    report: notes.report,
  };
}
