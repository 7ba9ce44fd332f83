// Trades of options over a window, as the market knows them: each last trade, and then the last one before it.
import { addDays, type EpochMs, MINUTE } from '../../domain/time.ts';
import type { Session } from '../../market/calendar.ts';
import type { MarketBar } from '../market.ts';
import { isOptionSymbol } from './listing.ts';
import type { OptionTrade } from './market-json.ts';
import { type Call, sessionsBetween } from './route.ts';
import type { TimeWindow } from './series.ts';

/** How far back the trades of a contract are looked for, in calendar days. */
const OPTION_DAYS = 400;

/** The sessions in which a window's trades lie; of a window that is longer than `OPTION_DAYS`, its end. */
export function tradedSessions(call: Call, { start, end }: TimeWindow): readonly Session[] {
  const { calendar } = call;
  const lastDay = calendar.dayOf(end as EpochMs);
  const earliest = Math.max(start, calendar.instant(addDays(lastDay, -OPTION_DAYS), 0, 0));
  return sessionsBetween(call, calendar.dayOf(earliest as EpochMs), lastDay);
}

/** The trades of one session that lie in a window, oldest first. */
export function optionTradesIn(call: Call, symbol: string, session: Session, { start, end }: TimeWindow): readonly OptionTrade[] {
  if (!isOptionSymbol(symbol)) return [];
  const first = Math.max(start, session.open);
  const trades: OptionTrade[] = [];
  let at = Math.min(end, session.close);
  while (at >= first) {
    const { last } = call.market.optionStats(symbol, at);
    if (last === null || last.at < first || last.at > at) break;
    trades.push(last);
    at = last.at - 1;
  }
  return trades.reverse();
}

/** The minutes of one session in which something traded, oldest first; trades of unknown size make no bar. */
export function optionMinutes(call: Call, symbol: string, session: Session, window: TimeWindow): readonly MarketBar[] {
  const bars: MarketBar[] = [];
  for (const { at, price, size } of optionTradesIn(call, symbol, session, window)) {
    if (size === null) continue;
    const minute = at - (at % MINUTE);
    const open = bars.at(-1);
    if (open?.at !== minute) bars.push({ at: minute, day: session.day, open: price, high: price, low: price, close: price, volume: size });
    else {
      const [high, low] = [Math.max(open.high, price), Math.min(open.low, price)];
      bars[bars.length - 1] = { ...open, high, low, close: price, volume: open.volume + size };
    }
  }
  return bars;
}
