// Recorded minute bars of shares and indices.
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import { eachRow } from './csv.ts';

export interface MinuteRow {
  /** Start of the minute; what the row says is known when it ends. */
  readonly start: number;
  readonly day: TradingDay;
  /** Null where nothing traded in the minute. Micros. */
  readonly bar: {
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly volume: number | null;
  } | null;
  /** Last quote of the minute; null where none is recorded. */
  readonly quote: { readonly bid: number; readonly ask: number; readonly bidSize: number | null; readonly askSize: number | null } | null;
}

const COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume', 'bid', 'ask', 'bid_size', 'ask_size'];

/** Rows with day in [first, last], in order of time. */
export function readMinuteBars(file: string, first: TradingDay, last: TradingDay): readonly MinuteRow[] {
  const rows: MinuteRow[] = [];
  eachRow(file, COLUMNS, (cells) => {
    const start = cells.instant('ts');
    const day = cells.text('ts').slice(0, 10) as TradingDay;
    if (day < first || day > last) return;
    const open = cells.micros('open');
    const high = cells.micros('high');
    const low = cells.micros('low');
    const close = cells.micros('close');
    const bid = cells.micros('bid');
    const ask = cells.micros('ask');
    const whole = open !== null && high !== null && low !== null && close !== null;
    rows.push({
      start,
      day,
      bar: whole ? { open, high, low, close, volume: cells.number('volume') } : null,
      quote: bid === null || ask === null ? null : { bid, ask, bidSize: cells.number('bid_size'), askSize: cells.number('ask_size') },
    });
  });
  return rows.sort((a, b) => a.start - b.start);
}

/** When a minute row becomes known. */
export const knownAt = (row: MinuteRow): number => row.start + MINUTE;
