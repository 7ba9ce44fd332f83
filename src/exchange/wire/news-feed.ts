// What a stream of news has to say: headlines as they are published.
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket, MarketNews } from '../market.ts';
import { type DataFeed, type DataFrame, paced } from './data-feed.ts';
import { newsFields } from './market-json.ts';

const frameOf = (item: MarketNews): DataFrame => ({
  channel: 'news',
  symbols: item.symbols,
  fields: { T: 'n', ...newsFields(item) },
  stamps: { created_at: item.at, updated_at: item.at },
});

/** A market that keeps no news has nothing to say. */
export function newsFeed(market: ExchangeMarket, clock: ExchangeClock): DataFeed {
  const due = paced(() => clock.speed);
  let told: number | undefined;
  return {
    next(now, asked) {
      if (!due(now)) return [];
      const from = told ?? now;
      told = now;
      const { names, all } = asked('news');
      if (from >= now || (names.length === 0 && !all)) return [];
      return (market.news(all ? undefined : names, from + 1, now, now) ?? []).map(frameOf);
    },
  };
}
