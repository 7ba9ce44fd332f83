// Bar lengths as clients name them, and bars of any length from those of a minute or a day.
import { dayNumber, dayOfNumber, type TradingDay, weekday } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { MarketBar } from '../market.ts';
import { badRequest } from './message.ts';

export interface Timeframe {
  readonly unit: 'minute' | 'day' | 'week' | 'month';
  readonly count: number;
}

const form = /^(\d{0,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;

/** `1Min` or `1T` to `59Min`, `1Hour` or `1H` to `23Hour`, `1Day`, `1Week`, and 1, 2, 3, 4, 6 or 12 `Month`. */
export function parseTimeframe(text: string): Timeframe {
  const match = form.exec(text);
  const count = match === null || match[1] === '' ? 1 : Number(match[1]);
  const bad = (): Error => badRequest(400, 40010001, `invalid timeframe: ${text}`);
  if (match === null) throw bad();
  switch (match[2]) {
    case 'Min':
    case 'T':
      if (count < 1 || count > 59) throw bad();
      return { unit: 'minute', count };
    case 'Hour':
    case 'H':
      if (count < 1 || count > 23) throw bad();
      return { unit: 'minute', count: count * 60 };
    case 'Day':
    case 'D':
      if (count !== 1) throw bad();
      return { unit: 'day', count };
    case 'Week':
    case 'W':
      if (count !== 1) throw bad();
      return { unit: 'week', count };
    default:
      if (![1, 2, 3, 4, 6, 12].includes(count)) throw bad();
      return { unit: 'month', count };
  }
}

/** The day an interval of days begins: Monday for weeks, the first of the month (of its group in the year) for months. */
function firstDay(day: TradingDay, frame: Timeframe): TradingDay {
  if (frame.unit === 'week') return dayOfNumber(dayNumber(day) - ((weekday(day) + 6) % 7));
  const month = Number(day.slice(5, 7)) - 1;
  return `${day.slice(0, 5)}${String(month - (month % frame.count) + 1).padStart(2, '0')}-01` as TradingDay;
}

/** Where the interval holding a bar begins. Intraday intervals are counted from New York midnight. */
function startsOf(frame: Timeframe, calendar: Calendar): (bar: MarketBar) => number {
  const length = frame.count * 60_000;
  // Bars come day by day, and New York's midnight is looked up once for each.
  let day: TradingDay | null = null;
  let midnight = 0;
  return (bar) => {
    if (bar.day !== day) {
      day = bar.day;
      midnight = calendar.instant(frame.unit === 'minute' ? day : firstDay(day, frame), 0, 0);
    }
    return frame.unit === 'minute' ? midnight + Math.floor((bar.at - midnight) / length) * length : midnight;
  };
}

/** Ascending bars of a minute or a day gathered into a longer frame. */
export function gather(bars: readonly MarketBar[], frame: Timeframe, calendar: Calendar): readonly MarketBar[] {
  if (frame.count === 1 && (frame.unit === 'minute' || frame.unit === 'day')) return bars;
  const startOf = startsOf(frame, calendar);
  const out: { -readonly [K in keyof MarketBar]: MarketBar[K] }[] = [];
  for (const bar of bars) {
    const at = startOf(bar);
    const last = out.at(-1);
    if (last === undefined || last.at !== at) {
      out.push({ ...bar, at });
      continue;
    }
    last.high = Math.max(last.high, bar.high);
    last.low = Math.min(last.low, bar.low);
    last.close = bar.close;
    last.volume += bar.volume;
  }
  return out;
}
