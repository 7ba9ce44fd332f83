// An exchange for tests, carried by either transport, and the reference client on top of it.
import { marketData, OrdersApi, streaming, trading } from '@alpacahq/alpaca-trade-api';
import { WebSocket } from 'ws';
import { type Exchange, type ExchangeParts, openExchange } from '../../../src/exchange/exchange.ts';
import { type MemoryOptions, type MemoryTransport, memoryTransport } from '../../../src/exchange/wire/memory.ts';
import { startServer } from '../../../src/exchange/wire/server.ts';
import type { After } from '../../../src/exchange/wire/stream.ts';
import type { SocketFactory, Transport } from '../../../src/ports/transport.ts';
import {
  calendar,
  type ManualClock,
  manualClock,
  type ScriptedCore,
  type ScriptedMarket,
  scriptedCore,
  scriptedMarket,
} from './scripted.ts';

export const realAfter: After = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

export interface Rig {
  readonly exchange: Exchange;
  readonly core: ScriptedCore;
  readonly market: ScriptedMarket;
  readonly clock: ManualClock;
  readonly faults: unknown[];
}

export function rig(parts: Partial<ExchangeParts> = {}): Rig {
  const core = scriptedCore();
  const market = scriptedMarket();
  const clock = manualClock();
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const exchange = openExchange({ core, market, calendar, clock, after: realAfter, onFault, ...parts });
  return { exchange, core, market, clock, faults };
}

export interface Carried {
  readonly transport: Transport;
  readonly http: string;
  readonly ws: string;
  close(): Promise<void>;
}

const wsSocket: SocketFactory = (url, codec) => {
  const headers = codec === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {};
  return new WebSocket(url, { perMessageDeflate: false, headers });
};

/** Real loopback sockets. */
export async function overLoopback(exchange: Exchange): Promise<Carried> {
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: 10 });
  return {
    transport: { fetchApi: (url, init) => fetch(url, init), socketFactory: wsSocket },
    http: server.url,
    ws: server.url.replace('http', 'ws'),
    close: () => server.close(),
  };
}

/** No network at all; deliveries on real timers. */
export async function overMemory(
  exchange: Exchange,
  options: MemoryOptions = {},
): Promise<Carried & { readonly transport: MemoryTransport }> {
  const transport = memoryTransport(exchange, { after: realAfter }, options);
  const ticking = setInterval(() => exchange.tick(), 10);
  return {
    transport,
    http: 'http://exchange',
    ws: 'ws://exchange',
    async close() {
      clearInterval(ticking);
      transport.close();
    },
  };
}

export interface Keys {
  readonly id: string;
  readonly secret: string;
}
export const KEYS: Keys = { id: 'key', secret: 'secret' };

/** The API classes of the reference client on a transport. */
export function clients({ transport, http }: Carried, keys: Keys = KEYS) {
  const fetchApi = transport.fetchApi as typeof fetch;
  const rest = { keyId: keys.id, secret: keys.secret, basePath: http, timeoutMs: 5_000, fetchApi };
  const t = new trading.Configuration(rest);
  const d = new marketData.Configuration(rest);
  return {
    account: new trading.AccountsApi(t),
    clock: new trading.ClockApi(t),
    calendar: new trading.CalendarApi(t),
    assets: new trading.AssetsApi(t),
    orders: new OrdersApi(t),
    positions: new trading.PositionsApi(t),
    activities: new trading.AccountActivitiesApi(t),
    stocks: new marketData.StockApi(d),
    options: new marketData.OptionApi(d),
    corporate: new marketData.CorporateActionsApi(d),
    indices: new marketData.IndexApi(d),
    news: new marketData.NewsApi(d),
  };
}

const streamOptions = (carried: Carried, keys: Keys) => ({
  credentials: { keyId: keys.id, secret: keys.secret },
  wsFactory: carried.transport.socketFactory,
  initialReconnectMs: 20,
  maxReconnectMs: 50,
});

export const tradingStream = (carried: Carried, keys: Keys = KEYS): streaming.TradingStream =>
  new streaming.TradingStream({ ...streamOptions(carried, keys), url: `${carried.ws}/stream` });
export const stockStream = (carried: Carried, keys: Keys = KEYS): streaming.StockDataStream =>
  new streaming.StockDataStream({ ...streamOptions(carried, keys), url: `${carried.ws}/v2/iex` });

/** The JSON of an answer as it came, before any client's model of it. */
export const rawJson = async <T>(answer: Promise<{ readonly raw: Response }>): Promise<T> => (await (await answer).raw.json()) as T;
