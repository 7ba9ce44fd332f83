// The feeds over a source that is written down by the test: what they ask for, what they keep, and what they never take.
import { describe, expect, it } from 'vitest';
import { dailyFeed } from '../../../src/daemon/daily-feed.ts';
import type { FeedOptions } from '../../../src/daemon/feed.ts';
import { intradayFeed } from '../../../src/daemon/intraday-feed.ts';
import { referenceFeed } from '../../../src/daemon/reference-feed.ts';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import {
  type EpochMs,
  epochMs,
  HOUR,
  after as later,
  MINUTE,
  monoMs,
  SECOND,
  type TradingDay,
  tradingDay,
} from '../../../src/domain/time.ts';
import { createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { BarMinutes } from '../../../src/market/intraday.ts';
import type { NewsItem } from '../../../src/market/news.ts';
import type { Bar } from '../../../src/market/quote.ts';
import type { Answer } from '../../../src/ports/broker.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { MarketData } from '../../../src/ports/market-data.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const [spy, nvda] = [symbol('SPY'), symbol('NVDA')];
const mon = tradingDay('2026-11-23');
const tue = tradingDay('2026-11-24');
const down: Answer<never> = { ok: false, fault: 'ALPACA_SERVER', auth: false, why: 'down' };
const unasked = (): never => {
  throw new Error('this test asks for nothing of the kind');
};

interface Source {
  split: number;
  down: boolean;
  news: readonly NewsItem[];
  /** Symbols the source has nothing of. */
  readonly without: Set<Symbol>;
  readonly asked: string[];
}

/** Bars of every session: daily closes are the day's number of sessions since 2026, minutes carry a volume of their own. */
function world(start: EpochMs) {
  const clock = { at: start as number, mono: 0 };
  const time: Clock = {
    now: () => ({ exchange: epochMs(clock.at), mono: monoMs(clock.mono), speed: 1 }),
    after: () => () => undefined,
    wallUntil: () => 0,
  };
  const source: Source = { split: 1, down: false, news: [], without: new Set(), asked: [] };
  const answer = <T>(value: T): Promise<Answer<T>> => Promise.resolve(source.down ? down : { ok: true, value });
  const each = <T>(symbols: readonly Symbol[], make: () => T): ReadonlyMap<Symbol, T> =>
    new Map(symbols.filter((s) => !source.without.has(s)).map((s) => [s, make()]));
  const bar = (at: EpochMs, day: TradingDay, close: number, volume: number): Bar => {
    const p = price(Math.round((close * 1_000_000) / source.split));
    return { at, day, open: p, high: p, low: p, close: p, volume };
  };
  const days = (from: TradingDay, to: TradingDay): readonly Bar[] =>
    calendar
      .between(from, to)
      .filter((s) => s.open <= clock.at)
      .map((s) => bar(calendar.instant(s.day, 0, 0), s.day, s.close <= clock.at ? 100 : 99, 1_000));
  const minutes = (length: BarMinutes, from: EpochMs, to: EpochMs): readonly Bar[] => {
    const out: Bar[] = [];
    for (let at = from; at <= to; at = later(at, length * MINUTE)) {
      const partial = at + length * MINUTE > clock.at;
      out.push(bar(at, calendar.dayOf(at), 100, partial ? 1 : 500));
    }
    return out;
  };
  const data: MarketData = {
    quotes: unasked,
    chain: unasked,
    contracts: unasked,
    optionBars: unasked,
    dividends: unasked,
    assets: unasked,
    subscribe: unasked,
    close: unasked,
    indexValues: (symbols) =>
      answer(each(symbols, () => ({ value: 17, at: epochMs(clock.at), seen: monoMs(clock.mono), ageAtSightMs: 0 }))),
    dailyBars: (symbols, from, to) => {
      source.asked.push(`${symbols.join(' ')} ${from}..${to}`);
      return answer(each(symbols, () => days(from, to)));
    },
    intradayBars: (symbols, length, from, to) => {
      source.asked.push(`${symbols.join(' ')} ${String(length)}m ${new Date(from).toISOString()}..${new Date(to).toISOString()}`);
      return answer(each(symbols, () => minutes(length, from, to)));
    },
    news: (symbols, since) => {
      source.asked.push(`${symbols.join(' ')} since ${new Date(since).toISOString()}`);
      return answer(source.news.filter((n) => n.at >= since));
    },
  };
  const board = createBoard();
  const missing: string[] = [];
  const options: FeedOptions = { board, data, calendar, clock: time, missing: (what, why) => missing.push(`${what}: ${why}`) };
  const said = (): readonly string[] => source.asked.splice(0);
  const pass = (ms: number): void => {
    clock.at += ms;
    clock.mono += ms;
  };
  const goTo = (at: EpochMs): void => pass(at - clock.at);
  return { board, options, source, missing, said, pass, goTo };
}

describe('daily bars', () => {
  const at = (day: TradingDay, hour: number, minute = 0) => calendar.instant(day, hour, minute);

  it('are fetched whole once, then only from the last closed day that is known', async () => {
    const w = world(at(mon, 10));
    const feed = dailyFeed(w.options);
    await feed([{ symbol: spy, sessions: 5 }]);
    expect(w.said()).toEqual(['SPY 2026-11-13..2026-11-23']);
    await feed([{ symbol: spy, sessions: 3 }]);
    expect(w.said()).toEqual([]);
    w.goTo(at(tue, 10));
    await feed([{ symbol: spy, sessions: 5 }]);
    expect(w.said()).toEqual(['SPY 2026-11-20..2026-11-24']);
    const bars = w.board.dailyBars(spy)?.bars ?? [];
    expect(bars.map((b) => b.day)).toEqual(calendar.between(tradingDay('2026-11-13'), tue).map((s) => s.day));
    expect(bars.map((b) => b.close / 1e6)).toEqual([100, 100, 100, 100, 100, 100, 100, 99]);
  });

  it('of a long need are not lost to a short one on the next day', async () => {
    const w = world(at(mon, 10));
    const feed = dailyFeed(w.options);
    await Promise.all([feed([{ symbol: spy, sessions: 260 }]), feed([{ symbol: spy, sessions: 20 }])]);
    expect(w.said()).toHaveLength(1);
    w.goTo(at(tue, 10));
    await feed([{ symbol: spy, sessions: 20 }]);
    await feed([{ symbol: spy, sessions: 260 }]);
    expect(w.said()).toHaveLength(1);
    expect(w.board.dailyBars(spy)?.bars.length).toBeGreaterThan(260);
  });

  it('are fetched anew when a split has been taken out of them', async () => {
    const w = world(at(mon, 10));
    const feed = dailyFeed(w.options);
    await feed([{ symbol: spy, sessions: 5 }]);
    w.said();
    w.source.split = 4;
    w.goTo(at(tue, 10));
    await feed([{ symbol: spy, sessions: 5 }]);
    expect(w.said()).toEqual(['SPY 2026-11-20..2026-11-24', 'SPY 2026-11-13..2026-11-24']);
    expect(
      new Set(
        w.board
          .dailyBars(spy)
          ?.bars.slice(0, -1)
          .map((b) => b.close),
      ),
    ).toEqual(new Set([25_000_000]));
  });

  it('that the source does not have are asked for again, but not at once', async () => {
    const w = world(at(mon, 10));
    const feed = dailyFeed(w.options);
    w.source.without.add(nvda);
    await feed([{ symbol: nvda, sessions: 5 }]);
    await feed([{ symbol: nvda, sessions: 5 }]);
    expect(w.said()).toHaveLength(1);
    w.pass(30 * SECOND);
    await feed([{ symbol: nvda, sessions: 5 }]);
    expect(w.said()).toHaveLength(1);
  });

  it('that could not be read are said to be missing, and asked for with the next tick', async () => {
    const w = world(at(mon, 10));
    const feed = dailyFeed(w.options);
    w.source.down = true;
    await feed([{ symbol: spy, sessions: 5 }]);
    expect(w.missing).toEqual(['daily bars: down']);
    w.source.down = false;
    await feed([{ symbol: spy, sessions: 5 }]);
    expect(w.board.dailyBars(spy)?.bars.length).toBe(7);
  });
});

describe('bars of a few minutes', () => {
  const at = (day: TradingDay, hour: number, minute = 0, second = 0) => calendar.instant(day, hour, minute, second);
  const starts = (w: ReturnType<typeof world>, name: Symbol, minutes: BarMinutes): readonly EpochMs[] =>
    (w.board.intradayBars(name, minutes)?.bars ?? []).map((b) => b.at);

  it('are fetched whole once, then from the last one on, and only when another has ended', async () => {
    const w = world(at(mon, 9, 52, 30));
    const feed = intradayFeed(w.options);
    const need = [{ symbol: spy, minutes: 5 as const, sessions: 2 }];
    await feed.fetch(need);
    expect(w.said()).toEqual(['SPY 5m 2026-11-20T14:30:00.000Z..2026-11-23T14:52:30.000Z']);
    expect(starts(w, spy, 5).at(-1)).toBe(at(mon, 9, 45));
    await feed.fetch(need);
    w.goTo(at(mon, 9, 54, 59));
    await feed.fetch(need);
    expect(w.said()).toEqual([]);
    w.goTo(at(mon, 9, 55));
    await feed.fetch(need);
    expect(w.said()).toEqual(['SPY 5m 2026-11-23T14:45:00.000Z..2026-11-23T14:55:00.000Z']);
    expect(starts(w, spy, 5).slice(-2)).toEqual([at(mon, 9, 45), at(mon, 9, 50)]);
  });

  it('hold neither the running bar nor anything outside of regular hours', async () => {
    const w = world(at(mon, 9, 52, 30));
    await intradayFeed(w.options).fetch([{ symbol: spy, minutes: 5, sessions: 2 }]);
    const bars = w.board.intradayBars(spy, 5)?.bars ?? [];
    expect(bars).toHaveLength(78 + 4);
    expect(bars.every((b) => b.volume === 500)).toBe(true);
  });

  it('of several names are asked for together, of another length apart', async () => {
    const w = world(at(mon, 9, 52));
    await intradayFeed(w.options).fetch([
      { symbol: spy, minutes: 5, sessions: 1 },
      { symbol: nvda, minutes: 5, sessions: 1 },
      { symbol: spy, minutes: 15, sessions: 1 },
      { symbol: spy, minutes: 5, sessions: 1 },
    ]);
    expect(w.said().map((s) => s.split(' 2026')[0])).toEqual(['SPY NVDA 5m', 'SPY 15m']);
  });

  it('begin anew with each session, because a split may have been taken out over night', async () => {
    const w = world(at(mon, 15, 30));
    const feed = intradayFeed(w.options);
    const need = [{ symbol: spy, minutes: 15 as const, sessions: 3 }];
    await feed.fetch(need);
    w.said();
    w.goTo(at(mon, 20));
    await feed.fetch(need);
    w.goTo(at(tue, 10));
    await feed.fetch(need);
    expect(w.said()).toEqual([
      'SPY 15m 2026-11-23T20:15:00.000Z..2026-11-24T01:00:00.000Z',
      'SPY 15m 2026-11-20T14:30:00.000Z..2026-11-24T15:00:00.000Z',
    ]);
    expect(starts(w, spy, 15)[0]).toBe(at(tradingDay('2026-11-20'), 9, 30));
  });

  it('take a streamed minute that follows the last one, and leave a later one to the next request', async () => {
    const w = world(at(mon, 9, 40));
    const feed = intradayFeed(w.options);
    const bar = (minute: number): Bar => ({
      at: at(mon, 9, minute),
      day: mon,
      open: price(1),
      high: price(1),
      low: price(1),
      close: price(1),
      volume: 9,
    });
    feed.streamed(spy, bar(40));
    expect(w.board.intradayBars(spy, 1)).toBeUndefined();
    await feed.fetch([{ symbol: spy, minutes: 1, sessions: 1 }]);
    feed.streamed(spy, bar(40));
    feed.streamed(spy, bar(42));
    expect(starts(w, spy, 1).at(-1)).toBe(at(mon, 9, 40));
    w.said();
    w.goTo(at(mon, 9, 43));
    await feed.fetch([{ symbol: spy, minutes: 1, sessions: 1 }]);
    expect(w.said()).toEqual(['SPY 1m 2026-11-23T14:40:00.000Z..2026-11-23T14:43:00.000Z']);
    expect(starts(w, spy, 1).at(-1)).toBe(at(mon, 9, 42));
  });
});

describe('headlines', () => {
  const noon = calendar.instant(mon, 12, 0);
  const item = (id: string, at: EpochMs, ...names: readonly Symbol[]): NewsItem => ({ id, at, headline: id, symbols: names });

  it('are fetched a day back once, then from a little before the last look, at most once a minute', async () => {
    const w = world(noon);
    const { news } = referenceFeed(w.options, null);
    w.source.news = [item('a', later(noon, -HOUR), spy, nvda), item('b', later(noon, -2 * HOUR), nvda)];
    await news([spy, nvda]);
    await news([spy, nvda]);
    expect(w.said()).toEqual(['SPY NVDA since 2026-11-22T16:00:00.000Z']);
    expect(w.board.news(spy)?.items.map((n) => n.id)).toEqual(['a']);
    expect(w.board.news(nvda)?.items.map((n) => n.id)).toEqual(['b', 'a']);
    w.pass(61 * SECOND);
    w.source.news = [...w.source.news, item('c', later(noon, MINUTE), spy)];
    await news([spy]);
    expect(w.said()).toEqual(['SPY since 2026-11-23T16:50:00.000Z']);
    expect(w.board.news(spy)?.items.map((n) => n.id)).toEqual(['a', 'c']);
  });

  it('stay unknown where there is no source, which is not asked at every tick', async () => {
    const w = world(noon);
    const { news } = referenceFeed(w.options, null);
    w.source.down = true;
    await news([spy]);
    await news([spy]);
    expect(w.said()).toHaveLength(1);
    expect(w.board.news(spy)).toBeUndefined();
    expect(w.missing).toEqual(['news: down']);
  });
});

describe('macro events', () => {
  it('are read again after five minutes of ours or half a day of the exchange’s', async () => {
    const w = world(calendar.instant(mon, 12, 0));
    let reads = 0;
    const feed = referenceFeed(w.options, () => {
      reads++;
      return Promise.resolve({ ok: true, value: { events: [], confirmed: mon, complete: null } });
    });
    await feed.macro();
    await feed.macro();
    expect(reads).toBe(1);
    w.pass(5 * MINUTE);
    await feed.macro();
    expect(reads).toBe(2);
    expect(w.board.macro()?.confirmed).toBe(mon);
  });

  it('stay unknown where nobody keeps them', async () => {
    const w = world(calendar.instant(mon, 12, 0));
    await referenceFeed(w.options, null).macro();
    expect([w.board.macro(), w.missing]).toEqual([undefined, []]);
  });
});

it('index levels come onto the board as they are', async () => {
  const w = world(calendar.instant(mon, 12, 0));
  await referenceFeed(w.options, null).indexValues([symbol('VIX')]);
  expect(w.board.indexLevel(symbol('VIX'))?.value).toBe(17);
});
