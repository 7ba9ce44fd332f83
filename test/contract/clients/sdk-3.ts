// The story's steps in the words of the Node SDK 3, whose market data streams speak TLS only.
import { createRequire } from 'node:module';
import type { StoryClient, Where } from './story.ts';

interface TradeStream {
  onConnect(fn: () => void): void;
  onOrderUpdate(fn: (update: { event: string; order: { id: string; side: string } }) => void): void;
  subscribe(streams: readonly string[]): void;
  connect(): void;
  disconnect(): void;
}
interface DataStream {
  onConnect(fn: () => void): void;
  connect(): void;
  disconnect(): void;
  getSubscriptions(): Readonly<Record<string, readonly string[]>>;
}
interface QuoteStream extends DataStream {
  subscribeForQuotes(symbols: readonly string[]): void;
}
interface Quote {
  readonly Symbol: string;
  readonly AskPrice: number;
}
/** The part of the SDK that the story uses; its own declarations leave most of it open. */
interface Sdk3 {
  readonly trade_ws: TradeStream;
  readonly data_stream_v2: QuoteStream & { onStockQuote(fn: (quote: Quote) => void): void };
  readonly option_stream: QuoteStream & { onOptionQuote(fn: (quote: Quote) => void): void };
  readonly news_stream: DataStream & { subscribeForNews(symbols: readonly string[]): void };
  getAccount(): Promise<{ status: string; cash: string }>;
  getCalendar(window: { start: Date; end: Date }): Promise<readonly { date: string }[]>;
  getAsset(symbol: string): Promise<{ symbol: string; tradable: boolean }>;
  getOptionChain(underlying: string, options: { pageLimit?: number }): Promise<readonly { Symbol: string }[]>;
  createOrder(order: object): Promise<{ id: string }>;
  replaceOrder(id: string, order: object): Promise<{ id: string }>;
  cancelOrder(id: string): Promise<unknown>;
  getPosition(symbol: string): Promise<{ qty: string }>;
  getPositions(): Promise<readonly { symbol: string }[]>;
  getAccountActivities(filter: { activityTypes: string }): Promise<readonly { order_id: string }[]>;
  closeAllPositions(): Promise<unknown>;
}
const Sdk = createRequire(import.meta.url)('alpaca-v3') as new (config: object) => Sdk3;

const once = <T>(start: (resolve: (value: T) => void) => void): Promise<T> => new Promise(start);

export function sdk3({ url, tlsUrl, key, secret }: Where): StoryClient {
  const sdk = new Sdk({ keyId: key, secretKey: secret, baseUrl: url, dataBaseUrl: url, dataStreamUrl: tlsUrl });
  const open: { disconnect(): void }[] = [];
  const started = (stream: TradeStream | DataStream, connected: () => void): void => {
    open.push(stream);
    stream.onConnect(connected);
    stream.connect();
  };
  const quote = (stream: QuoteStream, on: (hear: (quote: Quote) => void) => void, symbol: string): Promise<number> =>
    once((resolve) => {
      on((one) => resolve(one.AskPrice));
      started(stream, () => stream.subscribeForQuotes([symbol]));
    });
  return {
    async account() {
      const { status, cash } = await sdk.getAccount();
      return { status, cash: Number(cash) };
    },
    calendar: async (from, to) => (await sdk.getCalendar({ start: new Date(from), end: new Date(to) })).map((one) => one.date),
    asset: (symbol) => sdk.getAsset(symbol),
    chain: async (underlying) => (await sdk.getOptionChain(underlying, {})).map((one) => one.Symbol),
    // The SDK does not tell when a listen is acknowledged; orders follow on other connections, later.
    listen: (hear) =>
      once((resolve) => {
        sdk.trade_ws.onOrderUpdate(({ event, order }) => hear({ event, orderId: order.id, side: order.side }));
        started(sdk.trade_ws, () => {
          sdk.trade_ws.subscribe(['trade_updates']);
          resolve();
        });
      }),
    stockQuote: (symbol) => quote(sdk.data_stream_v2, (hear) => sdk.data_stream_v2.onStockQuote(hear), symbol),
    optionQuote: (contract) => quote(sdk.option_stream, (hear) => sdk.option_stream.onOptionQuote(hear), contract),
    news: () =>
      once((resolve) => {
        started(sdk.news_stream, () => {
          sdk.news_stream.subscribeForNews(['*']);
          // What was asked for stands in the list already; what is acknowledged replaces it with a list of its own.
          const asked = sdk.news_stream.getSubscriptions()['news'];
          const look = setInterval(() => {
            const listed = sdk.news_stream.getSubscriptions()['news'];
            if (listed === asked || listed === undefined) return;
            clearInterval(look);
            resolve(listed);
          }, 20);
        });
      }),
    async buy(symbol, { clientOrderId, qty, limitPrice }) {
      const terms = { side: 'buy', type: 'limit', time_in_force: 'day', limit_price: limitPrice, client_order_id: clientOrderId };
      return (await sdk.createOrder({ symbol, qty, ...terms })).id;
    },
    position: async (symbol) => Number((await sdk.getPosition(symbol)).qty),
    replace: async (orderId, limitPrice) => (await sdk.replaceOrder(orderId, { limit_price: limitPrice })).id,
    async cancel(orderId) {
      await sdk.cancelOrder(orderId);
    },
    executions: async () => (await sdk.getAccountActivities({ activityTypes: 'FILL' })).map((row) => row.order_id),
    async closeAll() {
      await sdk.closeAllPositions();
    },
    positions: async () => (await sdk.getPositions()).map((one) => one.symbol),
    end() {
      for (const stream of open) stream.disconnect();
    },
  };
}
