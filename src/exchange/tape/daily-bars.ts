// Daily bars of a tape: as traded, or with the splits known by an instant taken out.
import type { TradingDay } from '../../domain/time.ts';
import { eachRow } from './csv.ts';
import { isDailyBars, type TapeFile } from './manifest.ts';

/** Prices in micros; `volume` null where the record has none. */
export interface DailyRow {
  readonly day: TradingDay;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
}

export interface Split {
  readonly symbol: string;
  readonly exDay: TradingDay;
  /** New shares for one old. */
  readonly ratio: number;
}

export interface DailySeries {
  /** Prices as they were traded on the day; undefined when the day has no bar. */
  traded(day: TradingDay): DailyRow | undefined;
  /** Bars with day in [from, to], oldest first, in shares as of `asOf`: splits that came later are not known yet; null: as traded. */
  adjusted(from: TradingDay, to: TradingDay, asOf: TradingDay | null): readonly DailyRow[];
}

const COLUMNS = ['date', 'open', 'high', 'low', 'close', 'volume'];

/** Rows of a daily file, sorted by day; rows without all four prices are left out. */
export function readDaily(file: string): readonly DailyRow[] {
  const rows: DailyRow[] = [];
  eachRow(file, COLUMNS, (cells) => {
    const day = cells.day('date');
    const open = cells.micros('open');
    const high = cells.micros('high');
    const low = cells.micros('low');
    const close = cells.micros('close');
    if (open === null || high === null || low === null || close === null) return;
    const before = rows[rows.length - 1];
    if (before !== undefined && before.day >= day)
      cells.fail('date', `${day} does not come after ${before.day}: the file must be sorted by day`);
    rows.push({ day, open, high, low, close, volume: cells.number('volume') });
  });
  return rows;
}

function scaled(row: DailyRow, factor: number): DailyRow {
  if (factor === 1) return row;
  const by = (micros: number): number => Math.round(micros * factor);
  return {
    day: row.day,
    open: by(row.open),
    high: by(row.high),
    low: by(row.low),
    close: by(row.close),
    volume: row.volume === null ? null : Math.round(row.volume / factor),
  };
}

/** Product of the ratios of splits with ex-day after `after` and up to `upTo`. */
const ratioBetween = (splits: readonly Split[], after: TradingDay, upTo: TradingDay): number =>
  splits.reduce((product, s) => (s.exDay > after && s.exDay <= upTo ? product * s.ratio : product), 1);

/**
 * One symbol's series. A `.splitadj` file has every split up to its last day taken out already; those recorded are put back first,
 * so that both kinds of file start from prices as traded.
 */
export function dailySeries(file: TapeFile, splits: readonly Split[]): DailySeries {
  const own = splits.filter((s) => s.symbol === file.symbol);
  const undo = isSplitAdjusted(file);
  const rows = readDaily(file.file).map((row) => (undo ? scaled(row, ratioBetween(own, row.day, file.to)) : row));
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return {
    traded: (day) => byDay.get(day),
    adjusted: (from, to, asOf) =>
      rows
        .filter((row) => row.day >= from && row.day <= to)
        .map((row) => (asOf === null ? row : scaled(row, 1 / ratioBetween(own, row.day, asOf)))),
  };
}

export const isSplitAdjusted = (file: TapeFile): boolean => file.path.includes('.splitadj.');

/** The daily file that covers [first, last] for a symbol: one as traded, else a split-adjusted one; undefined when there is none. */
export function dailyFileFor(files: readonly TapeFile[], symbol: string, first: TradingDay, last: TradingDay): TapeFile | undefined {
  const fit = files.filter((f) => isDailyBars(f) && f.symbol === symbol && f.from <= first && f.to >= last);
  return fit.find((f) => !isSplitAdjusted(f)) ?? fit[0];
}
