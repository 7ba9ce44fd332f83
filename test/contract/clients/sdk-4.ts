// The story's steps in the words of the Node SDK 4.
import { marketData, OrdersApi, streaming, trading } from '@alpacahq/alpaca-trade-api';
import type { StoryClient, Where } from './story.ts';

const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);
const once = <T>(start: (resolve: (value: T) => void) => void): Promise<T> => new Promise(start);

export function sdk4({ url, key, secret }: Where): StoryClient {
  // The SDK's alarm of a call whose answer has no body goes on until it rings: a short one lets the process end soon.
  const rest = { keyId: key, secret, basePath: url, timeoutMs: 3_000 };
  const t = new trading.Configuration(rest);
  const d = new marketData.Configuration(rest);
  const [orders, positions, assets] = [new OrdersApi(t), new trading.PositionsApi(t), new trading.AssetsApi(t)];
  const open: { disconnect(): void }[] = [];
  const at = (path: string) => ({ credentials: { keyId: key, secret }, url: `${url.replace('http', 'ws')}${path}` });
  const started = <T extends { connect(): void; disconnect(): void }>(stream: T): T => {
    open.push(stream);
    stream.connect();
    return stream;
  };
  const quote = (stream: streaming.StockDataStream | streaming.OptionDataStream, symbol: string): Promise<number> =>
    once((resolve) => {
      stream.onQuote((one) => resolve(one.askPrice));
      stream.subscribeForQuotes([symbol]);
      started(stream);
    });
  return {
    async account() {
      const { status, cash } = await new trading.AccountsApi(t).getAccount();
      return { status: String(status), cash: Number(cash) };
    },
    async calendar(from, to) {
      const days = await new trading.CalendarApi(t).legacyCalendar({ start: noon(from), end: noon(to) });
      return days.map((one) => String(one.date instanceof Date ? one.date.toISOString() : one.date).slice(0, 10));
    },
    async asset(symbol) {
      const found = await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: symbol });
      return { symbol: found.symbol, tradable: found.tradable };
    },
    async chain(underlying) {
      const { snapshots } = await new marketData.OptionApi(d).optionChain({ underlyingSymbol: underlying, limit: 1000 });
      return Object.keys(snapshots);
    },
    listen: (hear) =>
      once((resolve) => {
        const stream = new streaming.TradingStream(at('/stream'));
        stream.onTradeUpdate(({ event, order }) => hear({ event, orderId: order.id ?? '', side: String(order.side) }));
        stream.on(streaming.EVENT.SUBSCRIPTION, () => resolve());
        stream.subscribeTradeUpdates();
        started(stream);
      }),
    stockQuote: (symbol) => quote(new streaming.StockDataStream(at('/v2/iex')), symbol),
    optionQuote: (contract) => quote(new streaming.OptionDataStream(at('/v1beta1/indicative')), contract),
    news: () =>
      once((resolve) => {
        const stream = new streaming.NewsStream(at('/v1beta1/news'));
        stream.on(streaming.EVENT.SUBSCRIPTION, ({ news }: { readonly news: readonly string[] }) => resolve(news));
        stream.subscribeForNews(['*']);
        started(stream);
      }),
    async buy(symbol, { clientOrderId, qty, limitPrice }) {
      const order = await orders.limit({ symbol, qty, side: 'buy', limitPrice: String(limitPrice), clientOrderId });
      return order.id ?? '';
    },
    position: async (symbol) => Number((await positions.getOpenPosition({ symbolOrAssetId: symbol })).qty),
    async replace(orderId, limitPrice) {
      const order = await orders.patchOrderByOrderId({ orderId, patchOrderRequest: { limitPrice: String(limitPrice) } });
      return order.id ?? '';
    },
    cancel: (orderId) => orders.deleteOrderByOrderID({ orderId }),
    async executions() {
      const rows = await new trading.AccountActivitiesApi(t).getAccountActivities({ activityTypes: ['FILL'] });
      return rows.map((row) => String((row as { readonly orderId?: string }).orderId));
    },
    async closeAll() {
      await positions.deleteAllOpenPositions({ cancelOrders: true });
    },
    positions: async () => (await positions.getAllOpenPositions()).map((one) => one.symbol),
    end() {
      for (const stream of open) stream.disconnect();
    },
  };
}
