// One contract, two brokers: the same assertions on the embedded exchange and, with paper keys in the environment, on Alpaca's paper host.
// docs/fidelity.md lists what is known to differ.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWire, positionsWire, tradeFrameWire, tradeUpdateWire } from '../../../src/alpaca/wire.ts';
import { clientOrderId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty } from '../../../src/domain/money.ts';
import { addDays, epochMs, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { Answer } from '../../../src/ports/broker.ts';
import { order as orderOf } from '../../unit/alpaca/helpers.ts';
import { brokers, expectRequired, expectShape } from './brokers.ts';
import { type Dates, reads, refusals } from './reads.ts';
import * as shapes from './shapes.ts';
import type { BrokerVenue } from './venues.ts';

type Fields = Readonly<Record<string, unknown>>;

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(answer.why);
  return answer.value;
};
const FAR: Fields = { symbol: 'SPY', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '1.00' };

describe.each(brokers)('the contract with %s', (_name, isThere, open) => {
  describe.skipIf(!isThere)('as it is kept', { timeout: 60_000 }, () => {
    let venue: BrokerVenue;
    let dates: Dates;
    let isOpen: boolean;
    const get = async (path: string): Promise<unknown> => {
      const { status, json } = await venue.call('GET', path);
      expect([status, path]).toEqual([200, path]);
      return json;
    };

    beforeAll(async () => {
      venue = await open();
      const clock = (await get('/v2/clock')) as { timestamp: string; is_open: boolean };
      isOpen = clock.is_open;
      const today: TradingDay = tradingDay(clock.timestamp.slice(0, 10));
      const soon = addDays(today, 20);
      const found = (await get(
        `/v2/options/contracts?underlying_symbols=SPY&expiration_date_gte=${addDays(today, 3)}&expiration_date_lte=${soon}&limit=1`,
      )) as { option_contracts: { symbol: string }[] };
      const contract = found.option_contracts[0]?.symbol ?? '';
      dates = { today, soon, weekAgo: addDays(today, -7), monthAgo: addDays(today, -30), contract };
    });
    afterAll(async () => {
      await venue.close();
      expect(venue.faults).toEqual([]);
    });

    it.each(Object.entries(reads))('answers with %s', async (_what, read) => {
      const json = await get(read.path(dates));
      expectShape(read.shape, json);
      if (read.decodes !== undefined) expect(read.decodes.safeParse(json)).toMatchObject({ success: true });
    });

    it('gives the Python client what its models require', async () => {
      expectRequired(shapes.required.account, await get('/v2/account'));
      expectRequired(shapes.required.configurations, await get('/v2/account/configurations'));
      expectRequired(shapes.required.asset, await get('/v2/assets/SPY'));
      expectRequired(shapes.required.contract, await get(`/v2/options/contracts/${dates.contract}`));
      expectRequired(shapes.required.clock, await get('/v2/clock'));
      const [firstDay] = (await get(`/v2/calendar?start=${dates.monthAgo}&end=${dates.today}`)) as unknown[];
      expectRequired(shapes.required.calendarDay, firstDay);
    });

    it('pages bars and contracts to an end', async () => {
      const pages = async (path: string, count: (json: Fields) => number): Promise<readonly number[]> => {
        const counts: number[] = [];
        let token: string | null = '';
        while (token !== null && counts.length < 50) {
          const json = (await get(`${path}${token === '' ? '' : `&page_token=${encodeURIComponent(token)}`}`)) as Fields;
          counts.push(count(json));
          token = (json['next_page_token'] as string | null | undefined) ?? null;
        }
        expect(token).toBeNull();
        return counts;
      };
      const all = (json: Fields): number => Object.values(json['bars'] as Record<string, unknown[]>).flat().length;
      const bars = await pages(
        `/v2/stocks/bars?symbols=SPY,AAPL&timeframe=1Day&feed=iex&limit=15&start=${dates.monthAgo}&end=${dates.today}`,
        all,
      );
      expect(bars.length).toBeGreaterThan(1);
      expect(Math.max(...bars)).toBeLessThanOrEqual(15);
      const window = `expiration_date_gte=${dates.today}&expiration_date_lte=${dates.soon}`;
      const contracts = await pages(
        `/v2/options/contracts?underlying_symbols=SPY&${window}&limit=1000`,
        (json) => (json['option_contracts'] as unknown[]).length,
      );
      expect(contracts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(50);
    });

    it.each(refusals)('refuses %s %s %j with %i and %s', async (method, path, body, status, code) => {
      const reply = await venue.call(method, path, body);
      expect(reply.status).toBe(status);
      expectShape(shapes.refusal, reply.json);
      if (code !== null) expect((reply.json as Fields)['code']).toBe(code);
    });

    it('refuses a wrong secret with 401', async () => {
      const reply = await venue.call('GET', '/v2/account', undefined, { 'APCA-API-KEY-ID': 'PKNOSUCHKEY', 'APCA-API-SECRET-KEY': 'wrong' });
      expect([401, 403]).toContain(reply.status);
    });

    it('tells the request budget and an id with its answers', async () => {
      const { headers } = await venue.call('GET', '/v2/account');
      expect(headers.get('X-Request-ID')).toMatch(/^[0-9a-f]+$/);
      expect(Number(headers.get('X-RateLimit-Limit'))).toBeGreaterThanOrEqual(200);
      expect(headers.get('X-RateLimit-Remaining')).toMatch(/^\d+$/);
      expect(headers.get('X-RateLimit-Reset')).toMatch(/^\d{10}$/);
      expect(headers.get('Content-Type')).toMatch(/^application\/json/);
    });

    it('keeps a watchlist from its making to its end', async () => {
      const name = `contract ${randomUUID()}`;
      const made = await venue.call('POST', '/v2/watchlists', { name, symbols: ['SPY'] });
      expect(made.status).toBe(200);
      expectShape(shapes.watchlist, made.json);
      const { id } = made.json as { id: string };
      expect((await venue.call('DELETE', `/v2/watchlists/${id}`)).status).toBe(204);
      expect((await venue.call('GET', `/v2/watchlists/${id}`)).status).toBe(404);
    });

    it('takes an order, tells of it in three ways, lets it go, and never takes its client id again', async () => {
      const frames: Fields[] = [];
      const stop = await venue.listen((frame) => frames.push(frame as Fields));
      const id = `contract-${randomUUID()}`;
      const sent = await venue.call('POST', '/v2/orders', { ...FAR, client_order_id: id });
      expect(sent.status).toBe(200);
      expectShape(shapes.order, sent.json);
      expectRequired(shapes.required.order, sent.json);
      expect(orderWire.safeParse(sent.json)).toMatchObject({ success: true });
      const { id: brokerId } = sent.json as { id: string };
      for (const path of [`/v2/orders/${brokerId}`, `/v2/orders:by_client_order_id?client_order_id=${id}`]) {
        const found = await get(path);
        expectShape(shapes.order, found);
        expect(found).toMatchObject({ id: brokerId, client_order_id: id, limit_price: expect.stringMatching(/^1(\.0*)?$/) as string });
      }
      expect((await venue.call('DELETE', `/v2/orders/${brokerId}`)).status).toBe(204);
      const status = async (): Promise<unknown> => ((await get(`/v2/orders/${brokerId}`)) as Fields)['status'];
      await expect.poll(status, { timeout: 20_000, interval: 200 }).toBe('canceled');
      const again = await venue.call('DELETE', `/v2/orders/${brokerId}`);
      expect(again).toMatchObject({ status: 422, json: { code: 42210000 } });
      const twin = await venue.call('POST', '/v2/orders', { ...FAR, client_order_id: id });
      expect(twin).toMatchObject({ status: 422, json: { code: 40010001, message: expect.stringContaining('client_order_id') as string } });
      await expect.poll(() => frames.map((frame) => (frame['data'] as Fields)['event']), { timeout: 20_000 }).toContain('canceled');
      stop();
      for (const frame of frames) {
        expectShape(shapes.tradeUpdate, frame);
        expectRequired(shapes.required.tradeUpdate, frame['data']);
        const { data } = tradeFrameWire.parse(frame);
        expect(tradeUpdateWire.safeParse(data)).toMatchObject({ success: true });
      }
    });

    it('executes an order, shows the position, and closes it', async (context) => {
      if (!isOpen) context.skip('the market is closed');
      const frames: Fields[] = [];
      const stop = await venue.listen((frame) => frames.push(frame as Fields));
      const bought = await venue.call('POST', '/v2/orders', { symbol: 'F', qty: 1, side: 'buy', type: 'market', time_in_force: 'day' });
      expect(bought.status).toBe(200);
      const filled = (): Fields | undefined => frames.find((frame) => (frame['data'] as Fields)['event'] === 'fill');
      await expect.poll(filled, { timeout: 30_000 }).toBeDefined();
      expectShape(shapes.fillUpdate, filled());
      const position = async (): Promise<number> => (await venue.call('GET', '/v2/positions/F')).status;
      await expect.poll(position, { timeout: 10_000 }).toBe(200);
      const held = await get('/v2/positions/F');
      expectShape(shapes.position, held);
      expectRequired(shapes.required.position, held);
      expect(positionsWire.safeParse([held])).toMatchObject({ success: true });
      const closed = await venue.call('DELETE', '/v2/positions/F?qty=1');
      expect(closed.status).toBe(200);
      expectShape(shapes.order, closed.json);
      await expect.poll(() => frames.filter((frame) => (frame['data'] as Fields)['event'] === 'fill').length, { timeout: 30_000 }).toBe(2);
      stop();
      const executions = await get('/v2/account/activities/FILL?page_size=2');
      expectShape(shapes.fills, executions);
      expect(executions).toHaveLength(2);
    });

    it('is read and traded on by the adapter', async () => {
      const { broker, data } = venue.adapter;
      const spy = symbol('SPY');
      expect(value(await broker.account()).status).toBe('ACTIVE');
      expect(value(await broker.clock()).isOpen).toBe(isOpen);
      expect(value(await broker.sessions(dates.monthAgo, dates.today)).length).toBeGreaterThan(15);
      expect(value(await data.assets([spy, symbol('NOSUCH')])).get(spy)).toEqual({ tradable: true, options: true });
      expect(value(await data.dailyBars([spy], tradingDay(dates.monthAgo), tradingDay(dates.today))).get(spy)?.length).toBeGreaterThan(15);
      const chain = value(await data.chain(spy, tradingDay(dates.today), addDays(tradingDay(dates.today), 10)));
      expect(chain.rows.length).toBeGreaterThan(20);
      const own = orderOf({
        id: clientOrderId(`contract-${randomUUID().slice(0, 20)}`),
        legs: legs(leg(equity(spy), 'buy', 'open')),
        qty: qty(1),
        limit: price(1_000_000),
      });
      expect((await broker.submit(own, () => true)).kind).toBe('accepted');
      const found = await broker.find(own.id);
      if (found.kind !== 'found') throw new Error(`the order was ${found.kind}`);
      expect(found.report).toMatchObject({ id: own.id, status: 'working', cumQty: 0 });
      expect(await broker.cancel({ ...own, state: 'working', brokerId: found.report.brokerId })).toBe('requested');
      const after = async (): Promise<string> => {
        const now = await broker.find(own.id);
        return now.kind === 'found' ? now.report.status : now.kind;
      };
      await expect.poll(after, { timeout: 20_000, interval: 200 }).toBe('canceled');
      const from = epochMs(Date.parse(`${dates.weekAgo}T00:00:00Z`));
      const snapshot = value(await broker.snapshot({ ordersAfter: from, activitiesAfter: from }));
      expect(snapshot.orders.some((report) => report.id === own.id)).toBe(true);
    });
  });
});
