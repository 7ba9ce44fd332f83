// What the contract reads of a broker, path by path: the shape of each answer, and the adapter's own reading of it where it has one.
import { z } from 'zod';
import {
  accountWire,
  activitiesWire,
  assetWire,
  barsPageWire,
  calendarWire,
  clockWire,
  contractsPageWire,
  contractWire,
  dividendsPageWire,
  newsPageWire,
  ordersWire,
  positionsWire,
  quotesPageWire,
  snapshotsPageWire,
} from '../../../src/alpaca/wire.ts';
import { listOf, type Shape } from './shape.ts';
import * as shapes from './shapes.ts';

/** Dates the paths are filled with. */
export interface Dates {
  readonly today: string;
  readonly weekAgo: string;
  readonly monthAgo: string;
  readonly soon: string;
  /** A contract that is listed. */
  readonly contract: string;
}

export interface Read {
  readonly path: (dates: Dates) => string;
  readonly shape: Shape;
  readonly decodes?: z.ZodType;
}

const at =
  (path: string): Read['path'] =>
  () =>
    path;
const window = ({ monthAgo, today }: Dates): string => `start=${monthAgo}&end=${today}`;

export const reads: Readonly<Record<string, Read>> = {
  account: { path: at('/v2/account'), shape: shapes.account, decodes: accountWire },
  'account configurations': { path: at('/v2/account/configurations'), shape: shapes.configurations },
  activities: { path: at('/v2/account/activities'), shape: listOf(shapes.activity), decodes: activitiesWire },
  executions: { path: at('/v2/account/activities/FILL?page_size=5'), shape: shapes.fills, decodes: activitiesWire },
  'activities by category': {
    path: at('/v2/account/activities?category=non_trade_activity&direction=asc'),
    shape: listOf(shapes.activity),
    decodes: activitiesWire,
  },
  'portfolio history': { path: at('/v2/account/portfolio/history'), shape: shapes.history },
  'portfolio history of a day': { path: at('/v2/account/portfolio/history?period=1D&timeframe=15Min'), shape: shapes.history },
  clock: { path: at('/v2/clock'), shape: shapes.clock, decodes: clockWire },
  calendar: {
    path: ({ monthAgo, today }) => `/v2/calendar?start=${monthAgo}T00:00:00.000Z&end=${today}`,
    shape: listOf(shapes.calendarDay),
    decodes: calendarWire,
  },
  'clocks of markets': { path: at('/v3/clock?markets=NYSE,OPRA'), shape: shapes.clocks },
  'calendar of a market': { path: ({ weekAgo, today }) => `/v3/calendar/NYSE?start=${weekAgo}&end=${today}`, shape: shapes.marketCalendar },
  'calendar of options': { path: ({ weekAgo, today }) => `/v3/calendar/OPRA?start=${weekAgo}&end=${today}`, shape: shapes.marketCalendar },
  asset: { path: at('/v2/assets/SPY'), shape: shapes.asset, decodes: assetWire },
  'option contracts': {
    path: ({ today, soon }) =>
      `/v2/options/contracts?underlying_symbols=SPY&expiration_date_gte=${today}&expiration_date_lte=${soon}&limit=50`,
    shape: shapes.contracts,
    decodes: contractsPageWire.extend({ option_contracts: z.array(contractWire).min(1) }),
  },
  'option contract': { path: ({ contract }) => `/v2/options/contracts/${contract}`, shape: shapes.contract, decodes: contractWire },
  'open orders': { path: at('/v2/orders?status=open&nested=true'), shape: listOf(shapes.order), decodes: ordersWire },
  'all orders': {
    path: ({ weekAgo }) => `/v2/orders?status=all&after=${weekAgo}T00:00:00Z&limit=500`,
    shape: listOf(shapes.order),
    decodes: ordersWire,
  },
  positions: { path: at('/v2/positions'), shape: listOf(shapes.position), decodes: positionsWire },
  watchlists: { path: at('/v2/watchlists'), shape: shapes.watchlists },
  'daily bars': {
    path: (dates) => `/v2/stocks/bars?symbols=SPY,AAPL&timeframe=1Day&adjustment=split&feed=iex&limit=7&${window(dates)}`,
    shape: shapes.barsPage,
    decodes: barsPageWire,
  },
  'bars of minutes': {
    path: ({ weekAgo, today }) => `/v2/stocks/bars?symbols=SPY&timeframe=15Min&feed=iex&start=${weekAgo}&end=${today}&sort=desc`,
    shape: shapes.barsPage,
    decodes: barsPageWire,
  },
  'latest bars': { path: at('/v2/stocks/bars/latest?symbols=SPY&feed=iex'), shape: shapes.latestBars },
  'latest quotes': { path: at('/v2/stocks/quotes/latest?symbols=SPY,AAPL&feed=iex'), shape: shapes.latestQuotes, decodes: quotesPageWire },
  'latest trades': { path: at('/v2/stocks/trades/latest?symbols=SPY&feed=iex'), shape: shapes.latestTrades },
  quotes: { path: ({ weekAgo }) => `/v2/stocks/quotes?symbols=SPY&feed=iex&limit=20&start=${weekAgo}`, shape: shapes.quotesPage },
  trades: { path: ({ weekAgo }) => `/v2/stocks/trades?symbols=SPY&feed=iex&limit=20&start=${weekAgo}`, shape: shapes.tradesPage },
  snapshot: { path: at('/v2/stocks/SPY/snapshot?feed=iex'), shape: shapes.stockSnapshot },
  'stock venues': { path: at('/v2/stocks/meta/exchanges'), shape: shapes.names },
  'stock conditions': { path: at('/v2/stocks/meta/conditions/trade?tape=A'), shape: shapes.names },
  'option chain': {
    path: ({ soon }) => `/v1beta1/options/snapshots/SPY?feed=indicative&limit=50&expiration_date_lte=${soon}`,
    shape: shapes.chain,
    decodes: snapshotsPageWire,
  },
  'option snapshots': {
    path: ({ contract }) => `/v1beta1/options/snapshots?feed=indicative&symbols=${contract}`,
    shape: shapes.chain,
    decodes: snapshotsPageWire,
  },
  'latest option quotes': {
    path: ({ contract }) => `/v1beta1/options/quotes/latest?feed=indicative&symbols=${contract}`,
    shape: shapes.latestQuotes,
    decodes: quotesPageWire,
  },
  'latest option trades': {
    path: ({ contract }) => `/v1beta1/options/trades/latest?feed=indicative&symbols=${contract}`,
    shape: shapes.latestTrades,
  },
  'option bars': {
    path: (dates) => `/v1beta1/options/bars?symbols=${dates.contract}&timeframe=1Day&${window(dates)}`,
    shape: shapes.barsPage,
    decodes: barsPageWire,
  },
  'option bars of minutes': {
    path: ({ contract, weekAgo }) => `/v1beta1/options/bars?symbols=${contract}&timeframe=15Min&start=${weekAgo}&limit=50`,
    shape: shapes.barsPage,
    decodes: barsPageWire,
  },
  'option trades': {
    path: ({ contract, weekAgo }) => `/v1beta1/options/trades?symbols=${contract}&start=${weekAgo}&limit=20`,
    shape: shapes.tradesPage,
  },
  'option venues': { path: at('/v1beta1/options/meta/exchanges'), shape: shapes.names },
  news: { path: at('/v1beta1/news?symbols=SPY&limit=5'), shape: shapes.news, decodes: newsPageWire },
  'most actives': { path: at('/v1beta1/screener/stocks/most-actives?by=volume&top=5'), shape: shapes.mostActives },
  movers: { path: at('/v1beta1/screener/stocks/movers?top=5'), shape: shapes.movers },
  'corporate actions': {
    path: (dates) => `/v1/corporate-actions?types=cash_dividend&${window(dates)}`,
    shape: shapes.corporateActions,
    decodes: dividendsPageWire,
  },
};

/** Requests a broker refuses: status, code where it gives one, and nothing else that the contract knows of. */
export const refusals: readonly (readonly [string, string, unknown, number, number | null])[] = [
  ['GET', '/v2/nothing', undefined, 404, 40410000],
  ['GET', '/v2/orders/00000000-0000-4000-8000-000000000000', undefined, 404, 40410000],
  ['GET', '/v2/orders:by_client_order_id?client_order_id=no-such-order', undefined, 404, 40410000],
  ['GET', '/v2/positions/ZZZZZ', undefined, 404, 40410000],
  ['GET', '/v2/assets/NOSUCHASSET', undefined, 404, 40410000],
  ['POST', '/v2/orders', { symbol: 'SPY', side: 'buy', type: 'market', time_in_force: 'day' }, 422, 40010001],
  ['POST', '/v2/orders', { symbol: 'SPY', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day' }, 422, 40010001],
  [
    'POST',
    '/v2/orders',
    { symbol: 'SPY', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '1.001' },
    422,
    42210000,
  ],
  [
    'POST',
    '/v2/orders',
    { symbol: 'SPXW301220C06000000', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '1' },
    422,
    42210000,
  ],
  ['GET', '/v2/account/activities?activity_types=NOSUCHTYPE', undefined, 422, 40010001],
  ['GET', '/v2/stocks/bars?symbols=SPY&timeframe=7Parsec', undefined, 400, null],
];
