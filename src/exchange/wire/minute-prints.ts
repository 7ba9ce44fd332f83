// Trades of shares as a market of minutes knows them: each minute that has ended is one print of its whole volume at its close.
import { addDays, type EpochMs, MINUTE } from '../../domain/time.ts';
import type { MarketBar } from '../market.ts';
import { instant, real } from './encode.ts';
import { tapeOf } from './market-json.ts';
import type { Call } from './route.ts';

/** How far back the newest minute is looked for, in calendar days. */
const LOOK_BACK_DAYS = 7;

/** The newest minute that has ended; none in the last week means there is none. */
export function latestMinute(call: Call, symbol: string): MarketBar | undefined {
  const today = call.calendar.dayOf(call.now as EpochMs);
  for (let back = 0; back < LOOK_BACK_DAYS; back++) {
    const day = addDays(today, -back);
    if (call.calendar.session(day) === undefined) continue;
    const bar = call.market.minuteBars(symbol, call.calendar.instant(day, 0, 0), call.now, call.now).at(-1);
    if (bar !== undefined) return bar;
  }
  return undefined;
}

/** The last millisecond of a minute: when its print is dated. */
export const printedAt = (bar: MarketBar): number => bar.at + MINUTE - 1;

/** The minutes of a window whose prints lie in it; a minute without volume printed nothing. */
export const printedMinutes = (call: Call, symbol: string, start: number, end: number): readonly MarketBar[] =>
  call.market
    .minuteBars(symbol, start - MINUTE, end, call.now)
    .filter((bar) => bar.volume > 0 && printedAt(bar) >= start && printedAt(bar) <= end);

/** A print but for its instant; its condition says that it stands for all the trades of its minute. */
export const printFields = (bar: Pick<MarketBar, 'at' | 'close' | 'volume'>, tape: string): Readonly<Record<string, unknown>> => ({
  x: 'V',
  p: real(bar.close),
  s: bar.volume,
  c: ['B'],
  i: Math.floor(bar.at / MINUTE),
  z: tape,
});
export const printJson = (call: Call, bar: MarketBar, symbol: string): Readonly<Record<string, unknown>> => ({
  t: instant(printedAt(bar)),
  ...printFields(bar, tapeOf(symbol, call.listing)),
});
