// What `wsb report calibration --market` judges by, read from the embedded exchange over real loopback sockets.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlpaca } from '../../../src/alpaca/create-alpaca.ts';
import { type Foreteller, outcomeOf } from '../../../src/cli/report/outcome.ts';
import { readPrices } from '../../../src/cli/report/prices.ts';
import type { Foretold } from '../../../src/domain/forecast.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { dollars } from '../../../src/domain/money.ts';
import { epochMs, MINUTE, tradingDay } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { pacedClock } from '../../../src/exchange/paced-clock.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { type ExchangeServer, startServer } from '../../../src/exchange/wire/server.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { exchangeClock, type FollowedClock } from '../../../src/net/exchange-clock.ts';
import { networkTransport } from '../../../src/net/network-transport.ts';
import { alarm, systemClock } from '../../../src/net/system-clock.ts';

const calendar = usCalendar();
const keys = { id: 'key', secret: 'secret' };
const SPY = symbol('SPY');
/** A session before the exchange's first instant: it remembers those, too. */
const day = tradingDay('2026-11-19');
const ten = calendar.instant(day, 10, 0);
const noon = calendar.instant(day, 12, 0);
const seed = 7;

let exchange: Exchange;
let server: ExchangeServer;
let clock: FollowedClock;
let alpaca: ReturnType<typeof createAlpaca>;

beforeEach(async () => {
  const market = syntheticMarket({ seed, calendar });
  const start = market.firstInstant;
  const paced = pacedClock({ start, speed: 1, wallNow: () => performance.now(), calendar });
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys: [{ ...keys, account: 'main' }], seed, start });
  exchange = openExchange({ core, market, calendar, clock: paced, after: alarm, onFault: () => {} });
  server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: 10 });
  const ws = server.url.replace('http', 'ws');
  const transport = networkTransport({ allowHosts: [`127.0.0.1:${String(server.port)}`] });
  clock = exchangeClock({ url: `${ws}/sim/v1/clock`, keys, socketFactory: transport.socketFactory, fallback: systemClock() });
  await clock.ready(5_000);
  alpaca = createAlpaca({
    trading: { basePath: server.url },
    data: { basePath: server.url },
    streamUrl: `${ws}/stream`,
    stockStreamUrl: `${ws}/v2/iex`,
    keys,
    transport,
    clock,
    feed: 'iex',
    optionFeed: 'indicative',
    random: () => 0,
    log: () => {},
  });
});
afterEach(async () => {
  await alpaca.data.close();
  await alpaca.broker.close();
  clock.close();
  await server.close();
  exchange.close();
});

const about = (event: Foretold, spot: number): Foreteller => ({
  underlying: SPY,
  saidAt: ten,
  forecast: { name: 'gain_at_expiry', method: 'quoted_smile', probability: 0.5, spot, event },
});

describe('the prices that forecasts are judged by', () => {
  it("are the exchange's own: its close of the day, and the extremes of its minutes between decision and deadline", async () => {
    const daily = await alpaca.data.dailyBars([SPY], day, day);
    const minutes = await alpaca.data.intradayBars([SPY], 1, ten, noon);
    if (!daily.ok || !minutes.ok) throw new Error('no bars');
    const close = dollars(daily.value.get(SPY)?.[0]?.close ?? expect.fail('a daily bar'));
    const inside = (minutes.value.get(SPY) ?? []).filter((bar) => bar.at >= ten && bar.at + MINUTE <= noon);
    const top = Math.max(...inside.map((bar) => dollars(bar.high)));
    expect(inside).toHaveLength(120);

    const ends = (from: number): Foretold => ({ kind: 'ends', day, within: [{ from, to: null }] });
    const touches = (level: number): Foretold => ({ kind: 'touches', side: 'above', level, by: noon });
    const stands: Foretold = { kind: 'stands', side: 'above', level: close / 2, at: noon };
    const foretold = [ends(close - 0.01), ends(close + 0.01), touches(top), touches(top + 0.01), stands].map((e) => about(e, close));
    const now = clock.now().exchange;
    const prices = await readPrices(alpaca.data, foretold, calendar, now);
    const judged = foretold.map((one) => outcomeOf(one, { calendar, ends: new Map(), prices, asOf: now }));
    expect(judged).toEqual([true, false, true, false, true].map((happened) => ({ kind: 'known', happened, from: 'market' })));
  });
  it('are none of a day that is not over', async () => {
    const now = clock.now().exchange;
    const today = calendar.dayOf(now);
    const foretold = [{ ...about({ kind: 'ends', day: today, within: [{ from: 1, to: null }] }, 600), saidAt: epochMs(now - MINUTE) }];
    const prices = await readPrices(alpaca.data, foretold, calendar, now);
    expect(prices.close(SPY, today)).toBeUndefined();
  });
  it('need no question where nothing was foretold', async () => {
    const prices = await readPrices(alpaca.data, [], calendar, clock.now().exchange);
    expect(prices.close(SPY, day)).toBeUndefined();
    expect(prices.bars(SPY, ten, noon)).toEqual([]);
  });
});
