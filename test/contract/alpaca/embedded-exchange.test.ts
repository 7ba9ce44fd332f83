// The adapter against the embedded exchange over real loopback sockets: two programs that share no code but the wire.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlpaca } from '../../../src/alpaca/create-alpaca.ts';
import { clientOrderId, symbol } from '../../../src/domain/ids.ts';
import { equity, parseOcc } from '../../../src/domain/instrument.ts';
import { type Leg, leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { OrderReport } from '../../../src/domain/order-report.ts';
import { addDays, epochMs } from '../../../src/domain/time.ts';
import { completedBars } from '../../../src/market/intraday.ts';
import type { Bar, Chain, Quote } from '../../../src/market/quote.ts';
import { networkTransport } from '../../../src/net/network-transport.ts';
import type { Answer } from '../../../src/ports/broker.ts';
import { order } from '../../unit/alpaca/helpers.ts';
import { calendar, type ServedAlpaca, serveAlpaca } from './served-alpaca.ts';

const spy = symbol('SPY');

let exchange: ServedAlpaca['exchange'];
let server: ServedAlpaca['server'];
let clock: ServedAlpaca['clock'];
let alpaca: ServedAlpaca['alpaca'];
let served: ServedAlpaca;
let reports: OrderReport[];
let links: string[];
let logged: string[];

beforeEach(async () => {
  [reports, links, logged] = [[], [], []];
  served = await serveAlpaca(60, 'indicative', (event, fields) => logged.push(`${event} ${JSON.stringify(fields)}`));
  ({ exchange, server, clock, alpaca } = served);
});
afterEach(async () => {
  await served.close();
  expect(served.faults).toEqual([]);
});

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(answer.why);
  return answer.value;
};
const connected = async (): Promise<void> => {
  alpaca.broker.connect({
    report: (r) => reports.push(r),
    link: (up, why) => links.push(`${up ? 'up' : 'down'} ${why}`),
    breaker: () => undefined,
  });
  await expect.poll(() => links.at(-1), { timeout: 5_000 }).toBe('up listening');
};
const reported = async (id: string, status: string): Promise<OrderReport> => {
  const find = (): OrderReport | undefined => reports.find((r) => r.id === id && r.status === status);
  await expect.poll(find, { timeout: 10_000 }).toBeDefined();
  return find() as OrderReport;
};
const buy = (id: string, limit: number, over: Partial<Order> = {}): Order =>
  order({ id: clientOrderId(id), legs: legs(leg(equity(spy), 'buy', 'open')), qty: qty(3), limit: price(limit), ...over });
const last = async (): Promise<Quote> => {
  const quote = value(await alpaca.data.quotes([spy])).get(spy);
  if (quote === undefined) throw new Error('no quote of SPY');
  return quote;
};
const yes = () => true;

it('follows the time of the exchange, its speed and its jumps', async () => {
  expect(clock.now().speed).toBe(60);
  expect(Math.abs(clock.now().exchange - exchange.clock.now())).toBeLessThan(60_000);
  const told = value(await alpaca.broker.clock());
  expect(Math.abs(told.at - clock.now().exchange)).toBeLessThan(60_000);
  exchange.clock.jumpTo(exchange.clock.now() + 3_600_000);
  exchange.clock.setSpeed(1);
  await expect.poll(() => clock.now().speed).toBe(1);
  expect(Math.abs(clock.now().exchange - exchange.clock.now())).toBeLessThan(2_000);
  const [session] = value(await alpaca.broker.sessions(calendar.dayOf(told.at), calendar.dayOf(told.at)));
  expect(session).toEqual(calendar.session(calendar.dayOf(told.at)));
});

describe('an order', () => {
  it('fills, moves cash and position to the micro, and all three ways of hearing of it agree', async () => {
    await connected();
    const before = value(await alpaca.broker.account());
    const ask = (await last()).ask;
    const outcome = await alpaca.broker.submit(buy('t1-fill', ask + 5_000_000), yes);
    expect(outcome.kind).toBe('accepted');
    const fill = await reported('t1-fill', 'filled');
    const found = await alpaca.broker.find(clientOrderId('t1-fill'));
    const snapshot = value(
      await alpaca.broker.snapshot({
        ordersAfter: epochMs(clock.now().exchange - 86_400_000),
        activitiesAfter: epochMs(clock.now().exchange - 86_400_000),
      }),
    );
    expect(found).toEqual({ kind: 'found', report: fill });
    expect(snapshot.orders).toEqual([fill]);
    expect(fill.fills).toEqual([{ legNo: 0, symbol: 'SPY', cumQty: 3, cumCash: fill.cumCash }]);
    expect(snapshot.account.cash - before.cash).toBe(fill.cumCash);
    expect(snapshot.positions).toMatchObject([{ symbol: 'SPY', net: 3, cost: -fill.cumCash }]);
    const booked = snapshot.activities.filter((a) => a.type === 'FILL');
    expect(booked.reduce((sum, a) => sum + a.netAmount, 0)).toBe(fill.cumCash);
    expect(booked.at(-1)).toMatchObject({
      order: { brokerId: fill.brokerId, cumQty: 3, side: 'buy' },
      day: calendar.dayOf(clock.now().exchange),
    });
  });

  it('rests, is refused a twin, is cancelled once, and is then too late to cancel', async () => {
    await connected();
    const resting = buy('t1-rest', 1_000_000);
    const outcome = await alpaca.broker.submit(resting, yes);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    expect((await alpaca.broker.submit(resting, yes)).kind).toBe('duplicate');
    const live = { ...resting, brokerId: outcome.report.brokerId };
    expect(await alpaca.broker.cancel(live)).toBe('requested');
    await reported('t1-rest', 'canceled');
    expect(await alpaca.broker.cancel(live)).toBe('too_late');
    expect(await alpaca.broker.find(clientOrderId('t1-never'))).toEqual({ kind: 'absent' });
    expect(await alpaca.broker.cancel(buy('t1-never', 1_000_000))).toBe('absent');
  });

  it('beyond our means is refused, with the broker’s words', async () => {
    const outcome = await alpaca.broker.submit(buy('t1-rich', (await last()).ask, { qty: qty(100_000) }), yes);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'ALPACA_REFUSED', message: expect.stringContaining('buying power') });
  });

  it('protects as a stop that stays', async () => {
    await connected();
    await alpaca.broker.submit(buy('t1-base', (await last()).ask + 5_000_000), yes);
    await reported('t1-base', 'filled');
    const stop = order({
      id: clientOrderId('t1-stop'),
      purpose: 'P',
      legs: legs(leg(equity(spy), 'sell', 'close')),
      qty: qty(3),
      type: 'stop',
      tif: 'gtc',
      limit: null,
      stop: price(100_000_000),
    });
    expect(await alpaca.broker.submit(stop, yes)).toMatchObject({
      kind: 'accepted',
      report: { type: 'stop', side: 'sell', limit: null, qty: 3 },
    });
  });
});

describe('options', () => {
  const optionable = () => symbol(exchange.market.equities().find((e) => e.optionable && e.symbol !== 'SPY')?.symbol ?? '');
  const chainOf = async (): Promise<Chain> => {
    const today = calendar.dayOf(clock.now().exchange);
    return value(await alpaca.data.chain(optionable(), addDays(today, 25), addDays(today, 50)));
  };
  const puts = (chain: Chain) => {
    const expiry = chain.rows[0]?.contract.option.expiry;
    return chain.rows
      .filter((r) => r.contract.option.right === 'put' && r.contract.option.expiry === expiry && (r.quote?.bid ?? 0) > 0)
      .sort((a, b) => b.contract.option.strike - a.contract.option.strike);
  };

  it('are listed whole: each contract standard, quoted, and named by its OCC symbol', async () => {
    const chain = await chainOf();
    expect(chain.rows.length).toBeGreaterThan(10);
    for (const { contract, quote } of chain.rows) {
      expect(parseOcc(contract.option.symbol)).toMatchObject({ strike: contract.option.strike, expiry: contract.option.expiry });
      expect(contract.standard && contract.tradable).toBe(true);
      expect(quote?.ask).toBeGreaterThan(0);
    }
    expect(logged.filter((line) => line.startsWith('alpaca.row_dropped'))).toEqual([]);
  });

  it('trade as a package whose legs, cash and numbering are ours', async () => {
    await connected();
    const rows = puts(await chainOf());
    const [high, low] = [rows[0], rows[1]];
    if (!high?.quote || !low?.quote) throw new Error('no two puts');
    // Bought as a debit, listed with the lower strike first: the numbering must follow our legs, not the wire's.
    const package_: readonly [Leg, Leg] = [leg(low.contract.option, 'sell', 'open'), leg(high.contract.option, 'buy', 'open')];
    const limit = price(high.quote.ask - low.quote.bid + 500_000);
    const spread = order({ id: clientOrderId('t1-spread'), legs: legs(package_[0], package_[1]), qty: qty(2), limit });
    expect((await alpaca.broker.submit(spread, yes)).kind).toBe('accepted');
    const fill = await reported('t1-spread', 'filled');
    expect(fill.fills.map((f) => [f.legNo, f.symbol, f.cumQty, Math.sign(f.cumCash)])).toEqual([
      [0, low.contract.option.symbol, 2, 1],
      [1, high.contract.option.symbol, 2, -1],
    ]);
    expect(fill.cumCash).toBeGreaterThanOrEqual(-limit * 200);
    const after = value(await alpaca.broker.account());
    expect(after.cash).toBe(usd(100_000_000_000 + fill.cumCash));
    expect(await alpaca.broker.find(clientOrderId('t1-spread'))).toEqual({ kind: 'found', report: fill });
  });

  it('sell a put against cash, and show the short position', async () => {
    await connected();
    const row = puts(await chainOf()).at(-1);
    if (!row?.quote) throw new Error('no put');
    const sell = order({
      id: clientOrderId('t1-put'),
      legs: legs(leg(row.contract.option, 'sell', 'open')),
      qty: qty(1),
      limit: price(-10_000),
    });
    expect((await alpaca.broker.submit(sell, yes)).kind).toBe('accepted');
    const fill = await reported('t1-put', 'filled');
    expect(fill.cumCash).toBeGreaterThan(0);
    const { positions } = value(
      await alpaca.broker.snapshot({ ordersAfter: null, activitiesAfter: epochMs(clock.now().exchange - 86_400_000) }),
    );
    expect(positions).toMatchObject([{ symbol: row.contract.option.symbol, net: -1, cost: -fill.cumCash }]);
  });
});

describe('data', () => {
  it('has a year of daily bars, oldest first, one a session', async () => {
    const today = calendar.dayOf(clock.now().exchange);
    const bars = value(await alpaca.data.dailyBars([spy], addDays(today, -365), addDays(today, -1))).get(spy) ?? [];
    expect(bars.map((b) => b.day)).toEqual(calendar.between(addDays(today, -365), addDays(today, -1)).map((s) => s.day));
  });
  it('knows its assets, and that there is no other', async () => {
    expect([...value(await alpaca.data.assets([spy, symbol('NOSUCH')]))]).toEqual([['SPY', { tradable: true, options: true }]]);
  });
  it('has three weeks of bars of five and fifteen minutes, and of today’s minutes, whole and none ahead of its time', async () => {
    const now = clock.now().exchange;
    const present = calendar.currentOrNext(now);
    const first = calendar.offset(present.day, -20);
    for (const [minutes, from] of [
      [5, first.open],
      [15, first.open],
      [1, present.open],
    ] as const) {
      const found = value(await alpaca.data.intradayBars([spy, symbol('NVDA')], minutes, from, now));
      for (const name of [spy, symbol('NVDA')]) {
        const bars = completedBars(found.get(name) ?? [], minutes, calendar, now);
        const starts = calendar
          .between(calendar.dayOf(from), present.day)
          .flatMap((s) => Array.from({ length: (s.close - s.open) / (minutes * 60_000) }, (_, i) => s.open + i * minutes * 60_000))
          .filter((start) => start + minutes * 60_000 <= now);
        expect(bars.map((b) => b.at)).toEqual(starts);
        expect(bars.every((b) => b.low <= b.close && b.close <= b.high && b.volume > 0)).toBe(true);
      }
    }
  });
  it('has more than fifteen hundred days of bars where they are asked for', async () => {
    const today = calendar.dayOf(clock.now().exchange);
    const from = calendar.offset(today, -1_600).day;
    const bars = value(await alpaca.data.dailyBars([spy], from, addDays(today, -1))).get(spy) ?? [];
    expect(bars.length).toBe(1_600);
  });
  it('knows the volatility index of the moment, and no other index', async () => {
    const levels = value(await alpaca.data.indexValues([symbol('VIX'), symbol('NOPE')]));
    expect([...levels.keys()]).toEqual(['VIX']);
    expect(levels.get(symbol('VIX'))?.value).toBeGreaterThan(8);
    expect(levels.get(symbol('VIX'))?.value).toBeLessThan(80);
    expect(levels.get(symbol('VIX'))?.ageAtSightMs).toBeLessThan(1_000);
  });
  it('tells headlines of the last days, none of them from the future', async () => {
    const since = epochMs(clock.now().exchange - 30 * 86_400_000);
    const news = value(await alpaca.data.news([spy, symbol('AAPL')], since));
    expect(news.length).toBeGreaterThan(20);
    expect(news.every((n) => n.at >= since && n.at <= clock.now().exchange)).toBe(true);
    expect(new Set(news.flatMap((n) => n.symbols.filter((s) => s === spy || s === 'AAPL')))).toEqual(new Set(['SPY', 'AAPL']));
    expect(value(await alpaca.data.news([symbol('NOSUCH')], since))).toEqual([]);
  });
  it('streams minutes as they end, beside quotes', async () => {
    const bars: Bar[] = [];
    const nvda = symbol('NVDA');
    alpaca.data.subscribe([spy], {
      quote: () => undefined,
      link: () => undefined,
      minuteBars: { symbols: [nvda], bar: (name, bar) => (name === nvda ? bars.push(bar) : undefined) },
    });
    await expect.poll(() => bars.length, { timeout: 10_000 }).toBeGreaterThan(1);
    const [first] = bars;
    if (first === undefined) throw new Error('no bar');
    const again = value(await alpaca.data.intradayBars([nvda], 1, first.at, first.at)).get(nvda);
    expect(again).toEqual([first]);
  });
  it('streams quotes, and follows a change of the set', async () => {
    const quotes: Quote[] = [];
    const up: boolean[] = [];
    const on = { quote: (q: Quote) => quotes.push(q), link: (is: boolean) => up.push(is) };
    const other = symbol(exchange.market.equities().find((e) => e.symbol !== 'SPY')?.symbol ?? '');
    alpaca.data.subscribe([spy], on);
    await expect.poll(() => quotes.some((q) => q.symbol === spy), { timeout: 10_000 }).toBe(true);
    expect(up).toEqual([true]);
    expect(quotes[0]?.ask).toBeGreaterThan(quotes[0]?.bid ?? 0);
    alpaca.data.subscribe([other], on);
    await expect.poll(() => quotes.some((q) => q.symbol === other), { timeout: 10_000 }).toBe(true);
  });
});

it('comes back by itself when every line is cut, and hears of orders again', async () => {
  await connected();
  exchange.cut();
  await expect.poll(() => links.filter((l) => l.startsWith('down')).length, { timeout: 5_000 }).toBe(1);
  await expect.poll(() => links.at(-1), { timeout: 10_000 }).toBe('up listening');
  expect((await alpaca.broker.submit(buy('t1-after', 1_000_000), yes)).kind).toBe('accepted');
  await reported('t1-after', 'working');
  expect(alpaca.broker.health().stream).toMatchObject({ up: true, reconnects: 1 });
});

it('says that the keys are wrong', async () => {
  const transport = networkTransport({ allowHosts: ['127.0.0.1'] });
  const stranger = createAlpaca({
    trading: { basePath: server.url },
    data: { basePath: server.url },
    streamUrl: `${server.url.replace('http', 'ws')}/stream`,
    stockStreamUrl: 'ws://127.0.0.1:1',
    keys: { id: 'key', secret: 'wrong' },
    transport,
    clock,
    feed: 'iex',
    optionFeed: 'indicative',
    random: () => 0,
    log: () => undefined,
  });
  const heard: string[] = [];
  stranger.broker.connect({ report: () => undefined, link: (is, why) => heard.push(`${String(is)} ${why}`), breaker: () => undefined });
  expect(await stranger.broker.account()).toMatchObject({ ok: false, fault: 'ALPACA_AUTH', auth: true });
  await expect.poll(() => heard).toEqual(['false ALPACA_AUTH: auth failed']);
  await stranger.broker.close();
});
