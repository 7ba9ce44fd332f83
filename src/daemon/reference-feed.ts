// What stands beside prices on the board: dividends, assets, index levels, headlines and macro events, each at its own pace.
import type { Symbol } from '../domain/ids.ts';
import { addDays, after, DAY, type EpochMs, epochMs, HOUR, MINUTE, type MonoMs, type Now } from '../domain/time.ts';
import type { MacroCalendar } from '../market/macro.ts';
import { mergeNews } from '../market/news.ts';
import type { Answer } from '../ports/broker.ts';
import { ASK_AGAIN_MS, type FeedOptions, kept, oneAtATime } from './feed.ts';

/** Where macro events come from: the operator's file or an exchange that keeps a calendar. */
export type MacroSource = () => Promise<Answer<MacroCalendar>>;

export interface ReferenceFeed {
  dividends(symbols: readonly Symbol[]): Promise<void>;
  assets(symbols: readonly Symbol[]): Promise<void>;
  indexValues(symbols: readonly Symbol[]): Promise<void>;
  news(symbols: readonly Symbol[]): Promise<void>;
  macro(): Promise<void>;
}

const DIVIDENDS_EVERY_MS = 12 * HOUR;
/** Announced ex-days are known some months ahead; the record must reach past the longest option a strategy may hold. */
const DIVIDENDS_BACK_DAYS = 5;
const DIVIDENDS_AHEAD_DAYS = 120;
const ASSETS_EVERY_MS = 20 * HOUR;
/** Exchange time between two looks at the headlines, how far the first look goes back, and how long they are kept. */
const NEWS_EVERY_MS = MINUTE;
const NEWS_BACK_MS = 25 * HOUR;
const NEWS_KEPT_MS = 3 * DAY;
/** Items may be filed some time after the instant they carry. */
const NEWS_OVERLAP_MS = 10 * MINUTE;
/** A file may have been corrected a moment ago; an exchange's calendar is renewed with each of its days. */
const MACRO_EVERY_WALL_MS = 5 * MINUTE;
const MACRO_EVERY_MS = 12 * HOUR;

function dividendFeed(options: FeedOptions): ReferenceFeed['dividends'] {
  const { board, data, calendar, clock } = options;
  const failed = new Map<Symbol, MonoMs>();
  return async (symbols) => {
    const { exchange: now, mono } = clock.now();
    const stale = symbols.filter(
      (s) =>
        now - (board.dividends(s)?.seen.exchange ?? -Infinity) > DIVIDENDS_EVERY_MS && mono - (failed.get(s) ?? -Infinity) >= ASK_AGAIN_MS,
    );
    if (stale.length === 0) return;
    const from = addDays(calendar.dayOf(now), -DIVIDENDS_BACK_DAYS);
    const to = addDays(calendar.dayOf(now), DIVIDENDS_AHEAD_DAYS);
    const ok = kept(options, 'dividends', await data.dividends(stale, from, to), (found) => {
      for (const symbol of stale)
        board.setDividends(symbol, { from, to, dividends: found.filter((d) => d.symbol === symbol), seen: clock.now() });
    });
    for (const symbol of stale) {
      if (ok) failed.delete(symbol);
      else failed.set(symbol, clock.now().mono);
    }
  };
}

function assetFeed(options: FeedOptions): ReferenceFeed['assets'] {
  const { board, data, clock } = options;
  const assetsAt = new Map<Symbol, Now>();
  return async (symbols) => {
    const now = clock.now().exchange;
    const stale = [...new Set(symbols)].filter(
      (s) => board.asset(s) === undefined || now - (assetsAt.get(s)?.exchange ?? -Infinity) > ASSETS_EVERY_MS,
    );
    if (stale.length === 0) return;
    kept(options, 'assets', await data.assets(stale), (found) => {
      for (const [symbol, asset] of found) {
        board.setAsset(symbol, asset);
        assetsAt.set(symbol, clock.now());
      }
    });
  };
}

function newsFeed(options: FeedOptions): ReferenceFeed['news'] {
  const { board, data, clock } = options;
  const turn = oneAtATime();
  let failed: MonoMs | null = null;
  const fetch = async (symbols: readonly Symbol[], since: EpochMs): Promise<void> => {
    if (symbols.length === 0) return;
    const asked = clock.now();
    const answer = await data.news(symbols, since);
    const ok = kept(options, 'news', answer, (found) => {
      for (const symbol of symbols) {
        const before = board.news(symbol);
        const from = epochMs(Math.max(before?.from ?? since, asked.exchange - NEWS_KEPT_MS));
        const own = found.filter((item) => item.symbols.includes(symbol));
        board.setNews(symbol, { items: mergeNews(before?.items ?? [], own, from), from, seen: asked });
      }
    });
    failed = ok ? null : clock.now().mono;
  };
  return (symbols) =>
    turn(async () => {
      const now = clock.now();
      if (failed !== null && now.mono - failed < ASK_AGAIN_MS) return;
      const seenAt = (s: Symbol): number => board.news(s)?.seen.exchange ?? -Infinity;
      const stale = [...new Set(symbols)].filter((s) => now.exchange - seenAt(s) > NEWS_EVERY_MS);
      const known = stale.filter((s) => board.news(s) !== undefined);
      await fetch(
        stale.filter((s) => !known.includes(s)),
        after(now.exchange, -NEWS_BACK_MS),
      );
      await fetch(known, epochMs(Math.min(...known.map(seenAt), now.exchange) - NEWS_OVERLAP_MS));
    });
}

function macroFeed(options: FeedOptions, source: MacroSource | null): ReferenceFeed['macro'] {
  const { board, clock } = options;
  const turn = oneAtATime();
  let read: Now | null = null;
  return () =>
    turn(async () => {
      const now = clock.now();
      const young = read !== null && now.mono - read.mono < MACRO_EVERY_WALL_MS && now.exchange - read.exchange < MACRO_EVERY_MS;
      if (source === null || young) return;
      read = now;
      kept(options, 'macro events', await source(), (calendar) => board.setMacro(calendar));
    });
}

export function referenceFeed(options: FeedOptions, macro: MacroSource | null): ReferenceFeed {
  const { board, data } = options;
  return {
    dividends: dividendFeed(options),
    assets: assetFeed(options),
    indexValues: async (symbols) => {
      if (symbols.length === 0) return;
      kept(options, 'index values', await data.indexValues(symbols), (found) => {
        for (const [symbol, level] of found) board.setIndexLevel(symbol, level);
      });
    },
    news: newsFeed(options),
    macro: macroFeed(options, macro),
  };
}
