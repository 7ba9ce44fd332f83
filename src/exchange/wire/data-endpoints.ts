// The market data streams there are: path, channels, limits, and what each has to say.
import { MINUTE } from '../../domain/time.ts';
import type { ExchangeCore } from '../types.ts';
import { type DataFeed, delayedFeed, silentFeed } from './data-feed.ts';
import type { DataPlan } from './data-plan.ts';
import { type DataStream, type DataStreamOptions, dataStream } from './data-stream.ts';
import type { Channel, ChannelRules } from './data-subscriptions.ts';
import { newsFeed } from './news-feed.ts';
import { optionFeed } from './option-feed.ts';
import { type StockFeedParts, stockFeed } from './stock-feed.ts';
import type { After } from './stream.ts';
import { testFeed } from './test-feed.ts';

export interface DataEndpointParts extends StockFeedParts {
  readonly core: ExchangeCore;
  readonly after: After;
  readonly onFault: (error: unknown, where: string) => void;
  readonly plan: DataPlan;
}

/** How late the delayed tape is. */
const DELAY = 15 * MINUTE;

const stockChannels: readonly Channel[] = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'corrections',
  'cancelErrors',
];

const stockRules = ({ stockSymbols }: DataPlan): ChannelRules => ({
  channels: stockChannels,
  unlisted: ['imbalances'],
  limit: { channels: ['trades', 'quotes'], symbols: stockSymbols },
  noWildcard: {},
});
const optionRules = ({ optionQuotes }: DataPlan): ChannelRules => ({
  channels: ['trades', 'quotes'],
  unlisted: [],
  limit: { channels: ['quotes'], symbols: optionQuotes },
  // All trades of options would be those of more contracts than a stream may hold.
  noWildcard: { quotes: 413, trades: 405 },
});
const newsRules: ChannelRules = {
  channels: ['news'],
  unlisted: [],
  limit: { channels: [], symbols: 0 },
  noWildcard: {},
};

/** The streams by path. One market answers for all feeds of shares; a stream of hours in which nobody trades here is silent. */
export function dataEndpoints(parts: DataEndpointParts): ReadonlyMap<string, DataStream> {
  const { market, clock, core, after, onFault, plan } = parts;
  const made = (path: string, feed: DataFeed, rules: ChannelRules, own: Partial<DataStreamOptions> = {}): readonly [string, DataStream] => {
    const withheld = plan.withheld.some((name) => path.endsWith(`/${name}`));
    const common = {
      core,
      after,
      feed,
      rules,
      withheld,
      msgpackOnly: false,
      onFault: (error: unknown) => onFault(error, `stream ${path}`),
    };
    return [path, dataStream({ ...common, ...own })];
  };
  const stock = (path: string, feed: DataFeed): readonly [string, DataStream] => made(path, feed, stockRules(plan));
  const option = (path: string): readonly [string, DataStream] =>
    made(path, optionFeed(market, clock), optionRules(plan), { msgpackOnly: true });
  return new Map([
    stock('/v2/iex', stockFeed(parts)),
    stock('/v2/sip', stockFeed(parts)),
    stock('/v2/delayed_sip', delayedFeed(stockFeed(parts), DELAY)),
    stock('/v2/test', testFeed(clock)),
    stock('/v1beta1/boats', silentFeed),
    stock('/v1beta1/overnight', silentFeed),
    option('/v1beta1/indicative'),
    option('/v1beta1/opra'),
    made('/v1beta1/news', newsFeed(market, clock), newsRules),
  ]);
}
