// What stands beside prices on the data host: index levels and headlines.
import { type Symbol, symbol } from '../domain/ids.ts';
import type { EpochMs } from '../domain/time.ts';
import type { IndexLevel } from '../market/index-level.ts';
import type { NewsItem } from '../market/news.ts';
import type { Answer } from '../ports/broker.ts';
import type { MarketData } from '../ports/market-data.ts';
import { answered } from './answer.ts';
import { type DataOptions, legible, MOST_STOCKS } from './data-options.ts';
import { AlpacaFault } from './faults.ts';
import { ageAtSight, newsOf } from './market-codec.ts';
import { allPages, chunks } from './pages.ts';
import { indexValuesWire, indexValueWire, newsPageWire, newsWire } from './wire.ts';

/** The most that the news endpoint gives on a page. */
const NEWS_PAGE = 50;

/** Index levels; a source without them, or without our right to them, has none. */
async function levelsOf(options: DataOptions, symbols: readonly Symbol[]): Promise<ReadonlyMap<Symbol, IndexLevel>> {
  const { sdk, resilience, clock, log } = options;
  const levels = new Map<Symbol, IndexLevel>();
  try {
    const query = { symbols: symbols.join(',') };
    const page = await resilience.data((init) => sdk.indices.indexLatestValuesRaw(query, init), indexValuesWire);
    const now = clock.now();
    for (const [name, raw] of Object.entries(page.values)) {
      const wire = legible(log, indexValueWire, raw, `index ${name}`);
      if (wire === undefined) continue;
      levels.set(symbol(name), { value: wire.v, at: wire.t, seen: now.mono, ageAtSightMs: ageAtSight(wire.t, now) });
    }
  } catch (error) {
    if (!(error instanceof AlpacaFault) || (error.kind !== 'refused' && error.kind !== 'not_found')) throw error;
    log('alpaca.no_index_values', { why: error.line });
  }
  return levels;
}

/** The source finds items by the day they were last changed; what was published earlier than asked for is left out here. */
async function newsSince(options: DataOptions, symbols: readonly Symbol[], since: EpochMs): Promise<readonly NewsItem[]> {
  const { sdk, resilience, log } = options;
  const items = new Map<string, NewsItem>();
  for (const part of chunks(symbols, MOST_STOCKS)) {
    const rows = await allPages(async (token) => {
      const query = {
        symbols: part.join(','),
        start: new Date(since),
        sort: 'asc' as const,
        limit: NEWS_PAGE,
        includeContent: false,
        ...(token === null ? {} : { pageToken: token }),
      };
      const page = await resilience.data((init) => sdk.news.newsRaw(query, init), newsPageWire);
      return { rows: page.news ?? [], next: page.next_page_token ?? null };
    });
    for (const raw of rows) {
      const wire = legible(log, newsWire, raw, 'news');
      if (wire !== undefined && wire.created_at >= since) items.set(String(wire.id), newsOf(wire));
    }
  }
  return [...items.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export function referenceReads(options: DataOptions): Pick<MarketData, 'indexValues' | 'news'> {
  const nothing = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
  return {
    indexValues: (symbols) => (symbols.length === 0 ? nothing(new Map()) : answered(() => levelsOf(options, symbols))),
    news: (symbols, since) => (symbols.length === 0 ? nothing([]) : answered(() => newsSince(options, symbols, since))),
  };
}
