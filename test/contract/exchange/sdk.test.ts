// The reference client against the exchange's wire, over real loopback sockets and over the memory transport alike.
import type { marketData } from '@alpacahq/alpaca-trade-api';
import { streaming } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collector } from './collector.ts';
import { type Carried, clients, overLoopback, overMemory, type Rig, rawJson, rig, stockStream, tradingStream } from './rig.ts';
import { CALL, PUT, START } from './scripted.ts';

const transports = [
  ['loopback sockets', overLoopback],
  ['memory', overMemory],
] as const;

/** JSON as it came: a tree of objects and lists. */
interface Raw {
  readonly [key: string]: Raw;
}
const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
interface Refused {
  readonly status?: number;
  readonly code?: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}
const statusOf = async (promise: Promise<unknown>): Promise<Refused> =>
  promise.then(
    () => ({ message: 'resolved' }),
    (error: unknown) => error as Refused,
  );

describe.each(transports)('the reference client over %s', (_name, carry) => {
  let made: Rig;
  let carried: Carried;
  const opened: { disconnect(): void }[] = [];
  beforeEach(async () => {
    made = rig();
    carried = await carry(made.exchange);
  });
  afterEach(async () => {
    for (const stream of opened.splice(0)) stream.disconnect();
    await carried.close();
    made.exchange.close();
    expect(made.faults).toEqual([]);
  });

  it('reads the account as exact decimal text', async () => {
    const account = await clients(carried).account.getAccount();
    expect(account).toMatchObject({
      accountNumber: 'PA3SIM0001',
      status: 'ACTIVE',
      cash: '83250.12',
      equity: '101240.37',
      lastEquity: '100980.00',
      shortMarketValue: '-450.00',
      optionsTradingLevel: 3,
      tradingBlocked: false,
      transfersBlocked: false,
      multiplier: '2',
      balanceAsof: '2026-11-19',
    });
  });

  it('reads the clock in New York time and the calendar with its half day', async () => {
    const api = clients(carried);
    const clock = await rawJson<unknown>(api.clock.legacyClockRaw());
    expect(clock).toEqual({
      timestamp: '2026-11-20T15:05:00-05:00',
      is_open: true,
      next_open: '2026-11-23T09:30:00-05:00',
      next_close: '2026-11-20T16:00:00-05:00',
    });
    const days = await rawJson<unknown>(api.calendar.legacyCalendarRaw({ start: day('2026-11-25'), end: day('2026-11-30') }));
    expect(days).toEqual([
      { date: '2026-11-25', open: '09:30', close: '16:00', session_open: '0400', session_close: '2000', settlement_date: '2026-11-27' },
      { date: '2026-11-27', open: '09:30', close: '13:00', session_open: '0400', session_close: '1700', settlement_date: '2026-11-30' },
      { date: '2026-11-30', open: '09:30', close: '16:00', session_open: '0400', session_close: '2000', settlement_date: '2026-12-01' },
    ]);
  });

  it('finds an asset by symbol and by its id', async () => {
    const api = clients(carried);
    const asset = await api.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'F' });
    expect(asset).toMatchObject({ symbol: 'F', exchange: 'NYSE', tradable: true, status: 'active', attributes: ['has_options'] });
    expect((await api.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: asset.id })).symbol).toBe('F');
    expect((await api.assets.getV2Assets({ status: 'active' })).map((asset) => asset.symbol)).toEqual(['AAPL', 'F', 'SPY']);
    const unknown = await statusOf(api.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'NOPE' }));
    expect(unknown).toMatchObject({ status: 404, code: 40410000 });
    expect(unknown.message).toContain('asset not found for NOPE');
  });

  it('lists contracts with strings, pages, and a default window that ends with the weekend', async () => {
    const api = clients(carried);
    const near = await api.assets.getOptionsContracts({ underlyingSymbols: 'F' });
    expect(near.optionContracts.map((c) => c.symbol)).toEqual(['F261120C00012000']);
    const window = { underlyingSymbols: 'F', expirationDateGte: day('2026-12-01'), expirationDateLte: day('2026-12-31'), limit: 1 };
    const first = await api.assets.getOptionsContracts(window);
    expect(first.nextPageToken).toBe('MQ==');
    const second = await api.assets.getOptionsContracts({ ...window, pageToken: first.nextPageToken ?? '' });
    expect(second.nextPageToken ?? null).toBeNull();
    expect([...first.optionContracts, ...second.optionContracts].map((c) => c.symbol)).toEqual([CALL, PUT]);
    expect(second.optionContracts[0]).toMatchObject({
      strikePrice: '10',
      size: '100',
      multiplier: '100',
      type: 'put',
      style: 'american',
      openInterest: '4821',
      rootSymbol: 'F',
    });
    const gone = await api.assets.getOptionsContracts({ underlyingSymbols: 'F', status: 'inactive' });
    expect(gone.optionContracts.map((c) => [c.symbol, c.tradable])).toEqual([['F261113P00010000', false]]);
  });

  it('reads the chain: quotes with their marks, greeks only where solved, volume where nothing else is known', async () => {
    const { options } = clients(carried);
    const chain = await rawJson<Raw>(options.optionChainRaw({ underlyingSymbol: 'F', expirationDateGte: day('2026-12-01') }));
    expect(chain['next_page_token']).toBeNull();
    expect(Object.keys(chain['snapshots'] ?? {})).toEqual([CALL, PUT]);
    expect(chain['snapshots']?.[PUT]).toEqual({
      latestQuote: { t: '2026-11-20T20:04:59Z', bp: 0.35, bs: 41, bx: 'C', ap: 0.37, as: 18, ax: 'C', c: ' ' },
      latestTrade: { t: '2026-11-20T20:04:00Z', p: 0.36, s: 5, x: 'C', c: ' ' },
      dailyBar: { t: '2026-11-20T05:00:00Z', o: 0.8, h: 1.1, l: 0.6, c: 0.9, v: 120 },
      prevDailyBar: { t: '2026-11-19T05:00:00Z', o: 0.8, h: 1.1, l: 0.6, c: 0.9, v: 41230 },
      greeks: { delta: -0.21, gamma: 0.02, theta: -0.09, vega: 0.2, rho: -0.01 },
      impliedVolatility: 0.2471,
    });
    expect(chain['snapshots']?.[CALL]).toEqual({
      latestQuote: { t: '2026-11-20T20:05:00Z', bp: 0, bs: 0, bx: 'C', ap: 0.05, as: 5, ax: 'C', c: 'assumed' },
      dailyBar: { t: '2026-11-20T05:00:00Z', v: 7 },
    });
    const quotes = await options.optionLatestQuotes({ symbols: `${PUT},${CALL},NOPE` });
    expect(Object.keys(quotes.quotes)).toEqual([CALL, PUT]);
  });

  it('reads daily bars over pages that count all symbols, and a held quote as held', async () => {
    const { stocks } = clients(carried);
    const ask = { symbols: 'SPY,F,NOPE', timeframe: '1Day', start: day('2026-11-16'), limit: 7 };
    const first = await stocks.stockBars(ask);
    const second = await stocks.stockBars({ ...ask, pageToken: first.nextPageToken ?? '' });
    const count = (page: marketData.StockBarsResp): Record<string, number> =>
      Object.fromEntries(Object.entries(page.bars).map(([symbol, bars]) => [symbol, bars.length]));
    expect([count(first), count(second)]).toEqual([{ F: 5, SPY: 2 }, { SPY: 3 }]);
    expect(second.nextPageToken).toBeNull();
    expect(first.bars['F']?.[0]).toEqual({ t: '2026-11-16T05:00:00Z', o: 589.9, h: 590.2, l: 589.7, c: 590, v: 41230 });
    const minutes = await stocks.stockBars({ symbols: 'SPY', timeframe: '2Min', start: new Date(START - 600_000) });
    expect(minutes.bars['SPY']?.map((b) => [b.t, b.v])).toEqual([
      ['2026-11-20T20:00:00Z', 82460],
      ['2026-11-20T20:02:00Z', 82460],
      ['2026-11-20T20:04:00Z', 41230],
    ]);
    const latest = await rawJson<Raw>(stocks.stockLatestQuotesRaw({ symbols: 'SPY,F,AAPL' }));
    expect(latest['quotes']).toEqual({
      F: { t: '2026-11-20T20:05:00Z', ax: 'V', ap: 11.03, as: null, bx: 'V', bp: 11.02, bs: null, c: ['held'], z: 'A' },
      SPY: { t: '2026-11-20T20:04:59.750Z', ax: 'V', ap: 594.05, as: 200, bx: 'V', bp: 594.03, bs: 300, c: ['R'], z: 'B' },
    });
    const snapshot = await stocks.stockSnapshotSingle({ symbol: 'SPY' });
    expect(snapshot).toMatchObject({ symbol: 'SPY', dailyBar: { c: 594 }, prevDailyBar: { c: 593 }, latestQuote: { ap: 594.05 } });
  });

  it('reads option bars, dividends by process date, and index values', async () => {
    const api = clients(carried);
    const bars = await api.options.optionBars({ symbols: PUT, timeframe: '1Day', start: day('2026-11-19') });
    expect(bars.bars[PUT]?.length).toBe(2);
    const actions = await api.corporate.corporateActions({ symbols: 'SPY,F', start: day('2026-10-01'), end: day('2026-10-31') });
    expect(actions.corporateActions.cashDividends).toMatchObject([{ symbol: 'SPY', rate: 1.7455 }]);
    expect((await api.indices.indexLatestValues({ symbols: 'VIX,NOPE' })).values).toEqual({ VIX: { t: new Date(START), v: 19.25 } });
    const values = await api.indices.indexValues({ symbols: 'VIX', start: day('2026-11-20') });
    expect(values.values['VIX']).toEqual([
      { t: '2026-11-20T14:30:00Z', v: 18.5 },
      { t: '2026-11-20T14:33:00Z', v: 19.25 },
    ]);
  });

  it('submits a limit order, hears of it and of its fills, and finds it again', async () => {
    const api = clients(carried);
    const updates = collector<streaming.TradeUpdate>();
    const stream = tradingStream(carried).onTradeUpdate((update) => updates.push(update));
    opened.push(stream);
    stream.subscribeTradeUpdates();
    const listening = new Promise((resolve) => stream.on(streaming.EVENT.SUBSCRIPTION, resolve));
    stream.connect();
    expect(await listening).toEqual(['trade_updates']);
    const order = await api.orders.limit({ symbol: 'SPY', qty: 3, side: 'buy', limitPrice: '594.05', clientOrderId: 'wsb1-test' });
    expect(order).toMatchObject({
      clientOrderId: 'wsb1-test',
      status: 'new',
      qty: '3',
      filledQty: '0',
      limitPrice: '594.05',
      orderClass: '',
      type: 'limit',
      orderType: 'limit',
    });
    await updates.find((u) => u.event === 'new');
    made.core.fill(order.id ?? '', 1, 594_040_000);
    made.core.fill(order.id ?? '', 2, 594_050_000);
    const filled = await updates.find((u) => u.event === 'fill');
    expect(filled).toMatchObject({ price: '594.05', qty: '2', positionQty: '3' });
    expect(filled.order).toMatchObject({ status: 'filled', filledAvgPrice: '594.046666666667' });
    expect(updates.seen.map((u) => u.event)).toEqual(['new', 'partial_fill', 'fill']);
    expect((await api.orders.getOrderByClientOrderId({ clientOrderId: 'wsb1-test' })).id).toBe(order.id);
    const rows = await api.activities.getAccountActivities({ activityTypes: ['FILL'], direction: 'asc', after: new Date(START - 1) });
    expect(rows).toMatchObject([
      { orderId: order.id, cum_qty: '1', leaves_qty: '2', type: 'partial_fill' },
      { cum_qty: '3', leaves_qty: '0', type: 'fill', price: '594.05', side: 'buy' },
    ]);
  });

  it('submits a market and a multi-leg order; the credit is negative and each leg is a whole order', async () => {
    const api = clients(carried);
    expect(await api.orders.market({ symbol: 'SPY', qty: 1, side: 'buy' })).toMatchObject({ type: 'market', limitPrice: undefined });
    const leg = { ratioQty: '1' };
    const spread = await api.orders.submit({
      type: 'limit',
      orderClass: 'mleg',
      qty: 2,
      limitPrice: '-0.25',
      timeInForce: 'day',
      legs: [
        { ...leg, symbol: PUT, side: 'sell', positionIntent: 'sell_to_open' },
        { ...leg, symbol: CALL, side: 'buy', positionIntent: 'buy_to_open' },
      ],
    } as never);
    made.core.fill(spread.id ?? '', 2, -250_000);
    const raw = await rawJson<Raw>(api.orders.getOrderByOrderIDRaw({ orderId: spread.id ?? '', nested: true }));
    expect(raw).toMatchObject({
      symbol: '',
      side: '',
      asset_class: '',
      asset_id: '',
      order_class: 'mleg',
      qty: '2',
      filled_avg_price: '-0.25',
      status: 'filled',
    });
    expect(raw['legs']).toHaveLength(2);
    expect(raw['legs']?.['0']).toMatchObject({
      symbol: PUT,
      qty: '2',
      ratio_qty: '1',
      filled_qty: '2',
      filled_avg_price: '0.25',
      side: 'sell',
      position_intent: 'sell_to_open',
      type: '',
      legs: null,
      limit_price: null,
    });
    expect((await rawJson<Raw>(api.orders.getOrderByOrderIDRaw({ orderId: spread.id ?? '' })))['legs']).toBeNull();
    const open = await api.orders.getAllOrders({ status: 'all', nested: true, assetClass: ['us_option', 'us_equity'] });
    expect(open.map((o) => o.legs?.length ?? 0)).toEqual([2, 0]);
    const options = await api.orders.getAllOrders({ status: 'all', nested: true, symbols: 'F', assetClass: ['us_option'] });
    expect(options.map((o) => o.id)).toEqual([spread.id]);
  });

  it('cancels once; a second cancel and an unknown id are refused by code', async () => {
    const { orders } = clients(carried);
    const order = await orders.limit({ symbol: 'F', qty: 1, side: 'buy', limitPrice: '10' });
    await orders.deleteOrderByOrderID({ orderId: order.id ?? '' });
    expect(await statusOf(orders.deleteOrderByOrderID({ orderId: order.id ?? '' }))).toMatchObject({ status: 422, code: 42210000 });
    const unknown = await statusOf(orders.deleteOrderByOrderID({ orderId: '2f7c9a10-63d4-4e1b-8c55-7b1d90aa41e2' }));
    expect(unknown).toMatchObject({ status: 404, code: 40410000 });
    const refused = await statusOf(orders.limit({ symbol: 'AAPL', qty: 1, side: 'buy', limitPrice: '10' }));
    expect(refused).toMatchObject({ status: 403, code: 40310000 });
  });

  it('reads positions: signed, and null where there is no price', async () => {
    const { positions } = clients(carried);
    const raw = await rawJson<Raw>(positions.getAllOpenPositionsRaw());
    expect(raw['0']).toMatchObject({
      symbol: 'SPY',
      qty: '3',
      side: 'long',
      exchange: 'ARCA',
      avg_entry_price: '594.033333333333',
      cost_basis: '1782.1',
      current_price: '594.04',
      market_value: '1782.12',
      unrealized_pl: '0.02',
      lastday_price: '592',
      change_today: '0.0034459459459459',
    });
    expect(raw['1']).toMatchObject({
      symbol: PUT,
      qty: '-2',
      side: 'short',
      avg_entry_price: '0.35',
      cost_basis: '-70',
      current_price: null,
      market_value: null,
      exchange: '',
    });
    expect(await statusOf(positions.getOpenPosition({ symbolOrAssetId: 'AAPL' }))).toMatchObject({ status: 404, code: 40410000 });
  });

  it('refuses a wrong key with 401 on REST, and for good on both streams', async () => {
    const wrong = { id: 'key', secret: 'nonsense' };
    expect(await statusOf(clients(carried, wrong).account.getAccount())).toMatchObject({ status: 401, code: 40110000 });
    for (const stream of [tradingStream(carried, wrong), stockStream(carried, wrong)]) {
      opened.push(stream);
      stream.connect();
      expect(await stream.waitForAuthenticationResult()).toMatchObject({ status: 'server_rejected' });
    }
  });

  it('streams quotes as they change and minute bars as they end', async () => {
    const quotes = collector<{ symbol: string; bidPrice: number; conditions: string[]; timestamp: Date }>();
    const bars = collector<{ symbol: string; close: number; timestamp: Date }>();
    const stream = stockStream(carried)
      .onQuote((q) => quotes.push(q))
      .onBar((b) => bars.push(b));
    opened.push(stream);
    const subscribed = collector<{ quotes: string[] }>();
    stream.on(streaming.EVENT.SUBSCRIPTION, (set: { quotes: string[] }) => subscribed.push(set));
    stream.subscribeForQuotes(['SPY', 'F']);
    stream.subscribeForBars(['SPY']);
    stream.connect();
    expect((await subscribed.find(() => true)).quotes).toEqual(['SPY', 'F']);
    expect(await quotes.find((q) => q.symbol === 'F')).toMatchObject({ conditions: ['held'], bidPrice: 11.02 });
    made.market.setQuote('SPY', { bid: 595_000_000, ask: 595_010_000, bidSize: 1, askSize: 1, at: START, mark: 'live' });
    expect(await quotes.find((q) => q.bidPrice === 595)).toMatchObject({ symbol: 'SPY', timestamp: new Date(START), conditions: ['R'] });
    made.clock.set(START + 61_000);
    expect(await bars.find(() => true)).toMatchObject({ symbol: 'SPY', close: 594, timestamp: new Date(START) });
  });

  it('loses every socket in a cut, and the client comes back, authenticated and subscribed', async () => {
    const updates = collector<{ event: string }>();
    const acks = collector<unknown>();
    const stream = tradingStream(carried).onTradeUpdate((update) => updates.push(update));
    opened.push(stream);
    stream.on(streaming.EVENT.SUBSCRIPTION, (set) => acks.push(set));
    stream.subscribeTradeUpdates();
    stream.connect();
    await acks.find(() => true);
    const gone = new Promise<void>((resolve) => stream.onDisconnect(resolve));
    const back = new Promise<void>((resolve) => stream.onReconnected(resolve));
    const { fetchApi } = carried.transport;
    const headers = { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' };
    const cut = await fetchApi(`${carried.http}/sim/v1/faults/cut`, { method: 'POST', headers });
    expect(cut.status).toBe(200);
    await gone;
    await back;
    await clients(carried).orders.limit({ symbol: 'F', qty: 1, side: 'buy', limitPrice: '10' });
    await updates.find((u) => u.event === 'new');
  });
});

describe('the request budget', () => {
  it('is 200 a minute of exchange time; beyond it 429 with Retry-After, and time refills it', async () => {
    const made = rig();
    const carried = await overMemory(made.exchange);
    const { account } = clients(carried);
    await Promise.all(Array.from({ length: 200 }, () => account.getAccount()));
    const refused = await statusOf(account.getAccount());
    expect(refused).toMatchObject({ status: 429, code: 42910000, retryAfterMs: 1000 });
    made.clock.set(START + 300);
    const { raw } = await account.getAccountRaw();
    expect([raw.headers.get('x-ratelimit-limit'), raw.headers.get('x-ratelimit-remaining')]).toEqual(['200', '0']);
    expect(raw.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    await carried.close();
    made.exchange.close();
  });
});
