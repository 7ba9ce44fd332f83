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
function startOf(bar: MarketBar, frame: Timeframe, calendar: Calendar): number {
  if (frame.unit !== 'minute') return calendar.instant(firstDay(bar.day, frame), 0, 0);
  const midnight = calendar.instant(bar.day, 0, 0);
  const length = frame.count * 60_000;
  return midnight + Math.floor((bar.at - midnight) / length) * length;
}

const joined = (a: MarketBar, b: MarketBar): MarketBar => ({
  ...a,
  high: Math.max(a.high, b.high),
  low: Math.min(a.low, b.low),
  close: b.close,
  volume: a.volume + b.volume,
});

/** Ascending bars of a minute or a day gathered into a longer frame. */
export function gather(bars: readonly MarketBar[], frame: Timeframe, calendar: Calendar): readonly MarketBar[] {
  if (frame.count === 1 && (frame.unit === 'minute' || frame.unit === 'day')) return bars;
  const out: MarketBar[] = [];
  for (const bar of bars) {
    const at = startOf(bar, frame, calendar);
    const last = out.at(-1);
    if (last !== undefined && last.at === at) out[out.length - 1] = joined(last, bar);
    else out.push({ ...bar, at });
  }
  return out;
}
