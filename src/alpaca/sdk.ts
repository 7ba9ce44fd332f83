// The official SDK's request classes over our network hook, with its own retries, limiter and deadline off.
import { marketData, trading } from '@alpacahq/alpaca-trade-api';
import type { FetchApi } from '../ports/transport.ts';

export interface Keys {
  readonly id: string;
  readonly secret: string;
}

export interface Sdk {
  readonly orders: trading.OrdersApi;
  readonly account: trading.AccountsApi;
  readonly positions: trading.PositionsApi;
  readonly activities: trading.AccountActivitiesApi;
  readonly clock: trading.ClockApi;
  readonly calendar: trading.CalendarApi;
  readonly assets: trading.AssetsApi;
  readonly stocks: marketData.StockApi;
  readonly options: marketData.OptionApi;
  readonly corporate: marketData.CorporateActionsApi;
  readonly indices: marketData.IndexApi;
  readonly news: marketData.NewsApi;
}

export interface SdkOptions {
  /** Origins without path or trailing slash, e.g. `https://paper-api.alpaca.markets`. */
  readonly tradingBase: string;
  readonly dataBase: string;
  readonly keys: Keys;
  readonly fetchApi: FetchApi;
}

const origin = (base: string): string => base.replace(/\/+$/, '');

export function createSdk(options: SdkOptions): Sdk {
  const shared = {
    keyId: options.keys.id,
    secret: options.keys.secret,
    fetchApi: options.fetchApi,
    timeoutMs: 0, // every call brings its own deadline
    redirect: 'error' as const,
  };
  const t = new trading.Configuration({ ...shared, basePath: origin(options.tradingBase) });
  const d = new marketData.Configuration({ ...shared, basePath: origin(options.dataBase) });
  return {
    orders: new trading.OrdersApi(t),
    account: new trading.AccountsApi(t),
    positions: new trading.PositionsApi(t),
    activities: new trading.AccountActivitiesApi(t),
    clock: new trading.ClockApi(t),
    calendar: new trading.CalendarApi(t),
    assets: new trading.AssetsApi(t),
    stocks: new marketData.StockApi(d),
    options: new marketData.OptionApi(d),
    corporate: new marketData.CorporateActionsApi(d),
    indices: new marketData.IndexApi(d),
    news: new marketData.NewsApi(d),
  };
}
