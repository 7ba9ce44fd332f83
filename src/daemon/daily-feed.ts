// Daily bars on the board: the whole history once, then the days that have passed, and all anew when a split was taken out of it.
import type { Symbol } from '../domain/ids.ts';
import type { MonoMs, TradingDay } from '../domain/time.ts';
import { groupBy } from '../market/group.ts';
import type { Bar } from '../market/quote.ts';
import type { DataNeeds } from '../strategies/strategy.ts';
import { ASK_AGAIN_MS, type FeedOptions, kept, oneAtATime } from './feed.ts';

type Need = DataNeeds['dailyBars'][number];

/** What was last asked of the source about a name: how far back ever, and up to which closed session. */
interface Asked {
  readonly from: TradingDay;
  readonly last: TradingDay;
  readonly at: MonoMs;
}

interface Request {
  readonly symbol: Symbol;
  readonly from: TradingDay;
  /** Set when only the days since a known bar are asked for, that bar included. */
  readonly overlap: Bar | null;
}

/** One need for each name: the longest. */
const longest = (needs: readonly Need[]): readonly Need[] =>
  [...groupBy(needs, (n) => n.symbol)].map(([symbol, group]) => ({ symbol, sessions: Math.max(...group.map((n) => n.sessions)) }));

export function dailyFeed(options: FeedOptions): (needs: readonly Need[]) => Promise<void> {
  const { board, data, calendar, clock } = options;
  const asked = new Map<Symbol, Asked>();
  const turn = oneAtATime();

  const requestFor = ({ symbol, sessions }: Need, last: TradingDay): Request | undefined => {
    const wanted = calendar.offset(last, -sessions).day;
    const before = asked.get(symbol);
    const bars = board.dailyBars(symbol)?.bars ?? [];
    if (before === undefined || before.from > wanted) return { symbol, from: wanted, overlap: null };
    // A bar of the last session that was read while it ran is only a part of it.
    const whole = before.last === last && (bars.at(-1)?.day ?? '') >= last;
    if (whole || (before.last === last && clock.now().mono - before.at < ASK_AGAIN_MS)) return undefined;
    // The last session that was closed then has the last bar that should not have changed since.
    const overlap = bars.findLast((bar) => bar.day <= before.last) ?? null;
    return { symbol, from: overlap?.day ?? before.from, overlap };
  };

  /** Asks for names that begin on one day; those whose known bars have changed in the meantime are returned. */
  const fetch = async (requests: readonly Request[], from: TradingDay, last: TradingDay): Promise<readonly Symbol[]> => {
    const changed: Symbol[] = [];
    const names = requests.map((r) => r.symbol);
    const answer = await data.dailyBars(names, from, calendar.dayOf(clock.now().exchange));
    const { mono } = clock.now();
    kept(options, 'daily bars', answer, (found) => {
      for (const { symbol, overlap } of requests) {
        const bars = found.get(symbol) ?? [];
        const same = overlap === null || bars.find((bar) => bar.day === overlap.day)?.close === overlap.close;
        if (!same) {
          changed.push(symbol);
          continue;
        }
        const earliest = asked.get(symbol)?.from;
        asked.set(symbol, { from: earliest !== undefined && earliest < from ? earliest : from, last, at: mono });
        const known = overlap === null ? [] : (board.dailyBars(symbol)?.bars ?? []).filter((bar) => bar.day < from);
        if (bars.length > 0) board.setDailyBars(symbol, [...known, ...bars], mono);
      }
    });
    return changed;
  };

  return (needs) =>
    turn(async () => {
      const last = calendar.lastClosed(clock.now().exchange).day;
      const requests = longest(needs).flatMap((need) => requestFor(need, last) ?? []);
      const again: Request[] = [];
      for (const [from, group] of groupBy(requests, (r) => r.from)) {
        for (const symbol of await fetch(group, from, last)) again.push({ symbol, from: asked.get(symbol)?.from ?? from, overlap: null });
      }
      for (const [from, group] of groupBy(again, (r) => r.from)) await fetch(group, from, last);
    });
}
