// Bars of a few minutes on the board: each session's whole history once, then only what has ended since.
import type { Symbol } from '../domain/ids.ts';
import { after, type EpochMs, epochMs, MINUTE, type TradingDay } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';
import { groupBy } from '../market/group.ts';
import { type BarMinutes, barEnd, completedBars, mergeBars, presentSession } from '../market/intraday.ts';
import type { Bar } from '../market/quote.ts';
import type { DataNeeds } from '../strategies/strategy.ts';
import { ASK_AGAIN_MS, type FeedOptions, kept, oneAtATime } from './feed.ts';

type Need = DataNeeds['intradayBars'][number];

export interface IntradayFeed {
  fetch(needs: readonly Need[]): Promise<void>;
  /** A minute that a stream has just told of: taken when it follows the last one known, else left to the next request. */
  streamed(symbol: Symbol, bar: Bar): void;
}

interface Request {
  readonly symbol: Symbol;
  readonly minutes: BarMinutes;
  readonly from: EpochMs;
}

interface History {
  /** The session in which the whole of it was fetched: over night splits may have been taken out. */
  readonly day: TradingDay;
  readonly sessions: number;
}

/** Has a bar ended that is not on the board yet? */
function isBehind(last: Bar, minutes: BarMinutes, present: Session, now: EpochMs): boolean {
  const begins = last.day === present.day ? barEnd(last, minutes) : present.open;
  return after(begins, minutes * MINUTE) <= Math.min(now, present.close);
}

export function intradayFeed(options: FeedOptions): IntradayFeed {
  const { board, data, calendar, clock } = options;
  const histories = new Map<string, History>();
  const turn = oneAtATime();
  const keyOf = (symbol: Symbol, minutes: BarMinutes): string => `${symbol} ${String(minutes)}`;

  const requestFor = ({ symbol, minutes, sessions }: Need, present: Session, now: EpochMs): Request | undefined => {
    const first = calendar.offset(present.day, 1 - sessions).open;
    const record = board.intradayBars(symbol, minutes);
    if (record === undefined || record.from > first || histories.get(keyOf(symbol, minutes))?.day !== present.day)
      return { symbol, minutes, from: first };
    const last = record.bars.at(-1);
    if (last === undefined) return clock.now().mono - record.seen < ASK_AGAIN_MS ? undefined : { symbol, minutes, from: record.from };
    // The last bar is read once more: late trades may have changed it.
    return isBehind(last, minutes, present, now) ? { symbol, minutes, from: last.at } : undefined;
  };

  const keep = ({ symbol, minutes, from }: Request, found: readonly Bar[], present: Session, now: EpochMs): void => {
    const key = keyOf(symbol, minutes);
    const record = board.intradayBars(symbol, minutes);
    const whole = record === undefined || from <= record.from || histories.get(key)?.day !== present.day;
    const bars = mergeBars(whole ? [] : record.bars, completedBars(found, minutes, calendar, now));
    board.setIntradayBars(symbol, minutes, { bars, from: whole ? from : record.from, seen: clock.now().mono });
  };

  const fetch = async (needs: readonly Need[]): Promise<void> => {
    const now = clock.now().exchange;
    const present = presentSession(calendar, now);
    const longest = [...groupBy(needs, (n) => keyOf(n.symbol, n.minutes))].flatMap(([key, group]): readonly Need[] => {
      const [first] = group;
      const sessions = Math.max(histories.get(key)?.sessions ?? 0, ...group.map((n) => n.sessions));
      return first === undefined ? [] : [{ ...first, sessions }];
    });
    const requests = longest.flatMap((need) => requestFor(need, present, now) ?? []);
    for (const group of groupBy(requests, (r) => `${String(r.minutes)} ${String(r.from)}`).values()) {
      const [head] = group;
      if (head === undefined) continue;
      const { minutes, from } = head;
      const names = group.map((r) => r.symbol);
      // The present instant is the one before asking: what ended while the answer was on its way may not be whole in it.
      const answer = await data.intradayBars(names, minutes, from, epochMs(Math.max(from, now)));
      kept(options, `${String(minutes)}-minute bars`, answer, (found) => {
        for (const request of group) {
          keep(request, found.get(request.symbol) ?? [], present, now);
          const key = keyOf(request.symbol, minutes);
          const sessions = longest.find((n) => keyOf(n.symbol, n.minutes) === key)?.sessions ?? 1;
          histories.set(key, { day: present.day, sessions });
        }
      });
    }
  };

  return {
    fetch: (needs) => turn(() => fetch(needs)),
    streamed(symbol, bar) {
      const record = board.intradayBars(symbol, 1);
      const last = record?.bars.at(-1);
      if (record === undefined || last === undefined || last.day !== bar.day || barEnd(last, 1) !== bar.at) return;
      const added = completedBars([bar], 1, calendar, barEnd(bar, 1));
      board.setIntradayBars(symbol, 1, { ...record, bars: mergeBars(record.bars, added) });
    },
  };
}
