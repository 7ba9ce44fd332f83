// The parts of a tape folder that one block of days needs, each read from disk when it is first asked for.
import { once } from '../../base/once.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { type DailyRow, type DailySeries, dailyFileFor, dailySeries, isSplitAdjusted, readDaily } from './daily-bars.ts';
import { type CorporateActions, readCorporateActions, readRates } from './events.ts';
import { type Block, isChain, isDailyBars, isIndex, isMinuteBars, isOptionMinutes, type TapeFile, touches } from './manifest.ts';
import { knownAt, type MinuteRow, readMinuteBars } from './minute-bars.ts';
import { type OptionBook, readOptions, underlyingOf } from './option-book.ts';

export interface TapeFolder {
  readonly block: Block;
  /** What the block's options are written on. */
  underlyings(): readonly string[];
  /** Symbols with daily bars over the whole block. */
  readonly dailySymbols: readonly string[];
  readonly minuteSymbols: readonly string[];
  /** All options recorded under a root or underlying; an empty book when there are none. */
  options(symbol: string): OptionBook;
  daily(symbol: string): DailySeries | undefined;
  minutes(symbol: string): readonly MinuteRow[];
  /** Daily levels of an index, sorted by day; empty when the tape has none. */
  index(symbol: string): readonly DailyRow[];
  isIndex(symbol: string): boolean;
  /** Prices that minutes (once they have ended) and chains of the block give an index or a share, in order of time; micros. */
  levels(symbol: string): readonly { readonly at: number; readonly price: number }[];
  actions(): CorporateActions;
  /** The three-month yield published before a day, a fraction a year; undefined when none is. */
  rate(day: TradingDay): number | undefined;
  /** True when a symbol's bars come from a split-adjusted file. */
  splitAdjusted(symbol: string): boolean;
}

/** @param note told of what had to be left out, in a sentence */
export function openFolder(
  dir: string,
  files: readonly TapeFile[],
  block: Block,
  calendar: Calendar,
  note: (words: string) => void,
): TapeFolder {
  const { first, last } = block;
  const optionFiles = files.filter((f) => (isChain(f) || isOptionMinutes(f)) && touches(f, first, last));
  const minuteFiles = files.filter((f) => isMinuteBars(f) && touches(f, first, last));
  const indexFiles = files.filter(isIndex);
  const openOf = (day: TradingDay): EpochMs | undefined => calendar.session(day)?.open;
  const actions = once((_: 'all') => readCorporateActions(dir));
  const rates = once((_: 'all') => readRates(dir));
  const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();
  const dailySymbols = sorted(files.filter((f) => isDailyBars(f) && f.from <= first && f.to >= last).map((f) => f.symbol));
  const underlying = once((file: TapeFile) => underlyingOf(file));
  // Files are read once however many symbols ask for them.
  const book = once((file: string) =>
    readOptions(
      optionFiles.filter((f) => f.file === file),
      block,
      openOf,
      note,
    ),
  );
  const rows = once((file: string) => readMinuteBars(file, first, last));
  const options = once((symbol: string) =>
    merged(optionFiles.filter((f) => f.symbol === symbol || underlying(f) === symbol).map((f) => book(f.file))),
  );
  const minutes = once((symbol: string) => minuteFiles.filter((f) => f.symbol === symbol).flatMap((f) => rows(f.file)));
  return {
    block,
    underlyings: () => sorted(optionFiles.map(underlying)),
    dailySymbols,
    minuteSymbols: sorted(minuteFiles.map((f) => f.symbol)),
    options,
    daily: once((symbol: string) => {
      const file = dailyFileFor(files, symbol, first, last);
      return file === undefined ? undefined : dailySeries(file, actions('all').splits);
    }),
    minutes,
    index: once((symbol: string) => indexFiles.filter((f) => f.symbol === symbol).flatMap((f) => readDaily(f.file))),
    levels: once((symbol: string) =>
      [
        ...minutes(symbol).flatMap((row) => (row.bar === null ? [] : [{ at: knownAt(row), price: row.bar.close }])),
        ...options(symbol).spots.filter((spot) => spot.symbol === symbol),
      ].sort((a, b) => a.at - b.at),
    ),
    isIndex: (symbol) => indexFiles.some((f) => f.symbol === symbol),
    actions: () => actions('all'),
    rate: once((day: TradingDay) => rates('all').findLast((r) => r.day < day)?.rate),
    splitAdjusted(symbol) {
      const file = dailyFileFor(files, symbol, first, last);
      return file !== undefined && isSplitAdjusted(file);
    },
  };
}

/** Several files' contracts as one book; a contract in two of them has the points of both. */
function merged(books: readonly OptionBook[]): OptionBook {
  const [only] = books;
  if (books.length === 1 && only !== undefined) return only;
  const contracts = new Map(only?.contracts ?? []);
  for (const book of books.slice(1)) {
    for (const [symbol, contract] of book.contracts) {
      const found = contracts.get(symbol);
      const points = [...(found?.points ?? []), ...contract.points].sort((a, b) => a.at - b.at);
      contracts.set(symbol, { ...contract, since: Math.min(contract.since, found?.since ?? contract.since), points });
    }
  }
  return {
    contracts,
    spots: books.flatMap((b) => b.spots).sort((a, b) => a.at - b.at),
    pennyProgram: new Set(books.flatMap((b) => [...b.pennyProgram])),
  };
}
