// The story's steps in the words of a client that is not the broker's own. It knows no options and no news stream.
// @ts-expect-error its package has declarations, but its export map hides them
import * as package_ from '@master-chief/alpaca';
import type { StoryClient, Where } from './story.ts';

interface Options {
  readonly endpoints: object;
  readonly credentials: { readonly key: string; readonly secret: string; readonly paper: boolean };
}
interface Order {
  readonly id: string;
  readonly side: string;
}
/** The part of the client that the story uses. */
interface Client {
  getAccount(): Promise<{ readonly status: string; readonly cash: number }>;
  getCalendar(window: { readonly start: Date; readonly end: Date }): Promise<readonly { readonly date: string }[]>;
  getAsset(params: { readonly asset_id_or_symbol: string }): Promise<{ readonly symbol: string; readonly tradable: boolean }>;
  placeOrder(order: object): Promise<Order>;
  replaceOrder(params: { readonly order_id: string; readonly limit_price: number }): Promise<Order>;
  cancelOrder(params: { readonly order_id: string }): Promise<boolean>;
  getPosition(params: { readonly symbol: string }): Promise<{ readonly qty: number }>;
  getPositions(): Promise<readonly { readonly symbol: string }[]>;
  closePositions(params: { readonly cancel_orders: boolean }): Promise<unknown>;
  getAccountActivities(params: { readonly activity_type: string }): Promise<readonly { readonly order_id?: string }[]>;
}
interface Stream {
  once(event: 'authenticated', hear: () => void): this;
  on(event: 'trade_updates', hear: (update: { readonly event: string; readonly order: Order }) => void): this;
  on(event: 'message', hear: (message: { readonly stream?: string }) => void): this;
  on(event: 'quote', hear: (quote: { readonly ap: number }) => void): this;
  subscribe(channel: string, symbols?: readonly string[]): this;
  getConnection(): { close(): void };
}
const { AlpacaClient, AlpacaStream } = package_ as {
  readonly AlpacaClient: new (options: Options) => Client;
  readonly AlpacaStream: new (options: Options & { readonly type: 'account' | 'market_data'; readonly source?: string }) => Stream;
};

const once = <T>(start: (resolve: (value: T) => void) => void): Promise<T> => new Promise(start);
const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);

export function independent({ url, key, secret }: Where): StoryClient {
  const ws = url.replace('http', 'ws');
  const endpoints = {
    rest: { beta: `${url}/v1beta1`, account: `${url}/v2`, market_data_v2: `${url}/v2`, market_data_v1: `${url}/v1` },
    websocket: { account: `${ws}/stream`, market_data: (source = 'iex') => `${ws}/v2/${source}` },
  };
  const credentials = { key, secret, paper: true };
  const client = new AlpacaClient({ endpoints, credentials });
  const open: Stream[] = [];
  const started = (type: 'account' | 'market_data', authenticated: (stream: Stream) => void): void => {
    const stream = new AlpacaStream({ endpoints, credentials, type, ...(type === 'market_data' ? { source: 'iex' } : {}) });
    open.push(stream);
    stream.once('authenticated', () => authenticated(stream));
  };
  return {
    async account() {
      const { status, cash } = await client.getAccount();
      return { status, cash };
    },
    calendar: async (from, to) => (await client.getCalendar({ start: noon(from), end: noon(to) })).map((one) => one.date),
    asset: (symbol) => client.getAsset({ asset_id_or_symbol: symbol }),
    listen: (hear) =>
      once((resolve) => {
        started('account', (stream) => {
          stream.on('trade_updates', ({ event, order }) => hear({ event, orderId: order.id, side: order.side }));
          stream.on('message', (message) => {
            if (message.stream === 'listening') resolve();
          });
          stream.subscribe('trade_updates');
        });
      }),
    stockQuote: (symbol) =>
      once((resolve) => {
        started('market_data', (stream) => {
          stream.on('quote', (quote) => resolve(quote.ap));
          stream.subscribe('quotes', [symbol]);
        });
      }),
    async buy(symbol, { clientOrderId, qty, limitPrice }) {
      const terms = { side: 'buy', type: 'limit', time_in_force: 'day', limit_price: limitPrice, client_order_id: clientOrderId } as const;
      return (await client.placeOrder({ symbol, qty, ...terms })).id;
    },
    position: async (symbol) => (await client.getPosition({ symbol })).qty,
    replace: async (orderId, limitPrice) => (await client.replaceOrder({ order_id: orderId, limit_price: limitPrice })).id,
    async cancel(orderId) {
      await client.cancelOrder({ order_id: orderId });
    },
    executions: async () => (await client.getAccountActivities({ activity_type: 'FILL' })).map((row) => String(row.order_id)),
    async closeAll() {
      await client.closePositions({ cancel_orders: true });
    },
    positions: async () => (await client.getPositions()).map((one) => one.symbol),
    end() {
      for (const stream of open) stream.getConnection().close();
    },
  };
}
