// The whole exchange, its own core and market behind its own wire: an order's life as the reference client lives it.
import { streaming } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { pacedClock } from '../../../src/exchange/paced-clock.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { collector } from './collector.ts';
import { type Carried, clients, overLoopback, overMemory, rawJson, realAfter, tradingStream } from './rig.ts';

const calendar = usCalendar();

function whole(faults: unknown[]): Exchange {
  const market = syntheticMarket({ seed: 7, calendar });
  const start = market.firstInstant;
  const clock = pacedClock({ start, speed: 60, wallNow: () => performance.now(), calendar });
  const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start });
  return openExchange({ core, market, calendar, clock, after: realAfter, onFault: (error) => faults.push(error) });
}

describe.each([
  ['loopback sockets', overLoopback],
  ['memory', overMemory],
] as const)('the whole exchange over %s', (_name, carry) => {
  let exchange: Exchange;
  let carried: Carried;
  let faults: unknown[];
  beforeEach(async () => {
    faults = [];
    exchange = whole(faults);
    carried = await carry(exchange);
  });
  afterEach(async () => {
    await carried.close();
    exchange.close();
    expect(faults).toEqual([]);
  });

  it('fills a market order, moves cash and position, and books the execution', async () => {
    const api = clients(carried);
    const updates = collector<streaming.TradeUpdate>();
    const stream = tradingStream(carried).onTradeUpdate((update) => updates.push(update));
    const listening = new Promise((resolve) => stream.on(streaming.EVENT.SUBSCRIPTION, resolve));
    stream.subscribeTradeUpdates();
    stream.connect();
    await listening;
    expect((await api.clock.legacyClock()).isOpen).toBe(true);
    const before = await api.account.getAccount();
    expect(before).toMatchObject({ cash: '100000.00', equity: '100000.00', status: 'ACTIVE' });
    const order = await api.orders.market({ symbol: 'SPY', qty: 3, side: 'buy', clientOrderId: 'whole-1' });
    const fill = await updates.find((update) => update.event === 'fill');
    expect(fill.order).toMatchObject({ id: order.id, status: 'filled', filledQty: '3' });
    const positions = await api.positions.getAllOpenPositions();
    expect(positions).toMatchObject([{ symbol: 'SPY', qty: '3', side: 'long', avgEntryPrice: fill.order.filledAvgPrice }]);
    const after = await api.account.getAccount();
    const paid = Math.round((100_000 - Number(after.cash)) * 1e6);
    expect(paid).toBe(Math.round(Number(fill.order.filledAvgPrice) * 3 * 1e6));
    const rows = await api.activities.getAccountActivities({ activityTypes: ['FILL'], direction: 'asc' });
    expect(rows).toMatchObject([{ orderId: order.id, cum_qty: '3' }]);
    stream.disconnect();
  });

  it('takes a far limit order, finds it by its client id, and cancels it', async () => {
    const { orders } = clients(carried);
    await orders.limit({ symbol: 'SPY', qty: 1, side: 'buy', limitPrice: '1.00', clientOrderId: 'whole-2' });
    const found = await orders.getOrderByClientOrderId({ clientOrderId: 'whole-2' });
    expect(await rawJson<unknown[]>(orders.getAllOrdersRaw({ status: 'open', nested: true }))).toHaveLength(1);
    await orders.deleteOrderByOrderID({ orderId: found.id ?? '' });
    await expect.poll(async () => (await orders.getOrderByOrderID({ orderId: found.id ?? '' })).status).toBe('canceled');
    const twin = orders.limit({ symbol: 'SPY', qty: 1, side: 'buy', limitPrice: '1.00', clientOrderId: 'whole-2' });
    await expect(twin).rejects.toMatchObject({ status: 422, code: 40010001 });
  });

  it('lists a chain whose every contract is quoted and known, and a year of bars', async () => {
    const api = clients(carried);
    const today = calendar.dayOf(exchange.clock.now() as never);
    const window = { expirationDateGte: new Date(addDays(today, 25)), expirationDateLte: new Date(addDays(today, 50)) };
    const underlying = exchange.market.equities().find((equity) => equity.optionable && equity.symbol !== 'SPY')?.symbol ?? '';
    const contracts = await api.assets.getOptionsContracts({ underlyingSymbols: underlying, ...window, limit: 10_000 });
    expect(contracts.optionContracts.length).toBeGreaterThan(10);
    const seen: string[] = [];
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const paging = { limit: 1000, ...(token === undefined ? {} : { pageToken: token }) };
      const page = await api.options.optionChain({ underlyingSymbol: underlying, ...window, ...paging });
      seen.push(...Object.keys(page.snapshots));
      token = page.nextPageToken ?? undefined;
      for (const snapshot of Object.values(page.snapshots)) expect(snapshot.latestQuote?.ap).toBeGreaterThan(0);
    }
    expect(seen.sort()).toEqual(contracts.optionContracts.map((contract) => contract.symbol).sort());
    const bars = await api.stocks.stockBars({ symbols: 'SPY', timeframe: '1Day', start: new Date(addDays(today, -365)), limit: 10_000 });
    expect(bars.bars['SPY']?.length).toBeGreaterThan(245);
  });
});
