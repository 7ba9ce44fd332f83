// The contract of orders: each class and kind as it is taken, replaced, canceled and closed, and as our adapter reads it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { orderWire, positionsWire } from '../../../src/alpaca/wire.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import { brokers, expectRequired, expectShape } from './brokers.ts';
import type { Shape } from './shape.ts';
import * as shapes from './shapes.ts';
import type { BrokerVenue, Reply } from './venues.ts';

type Fields = Readonly<Record<string, unknown>>;
interface Order {
  readonly id: string;
  readonly status: string;
}

const SHARE = 'F';
const POLL = { timeout: 20_000, interval: 50 };
/** Bought far below the market, so that it rests. */
const FAR: Fields = { symbol: SHARE, qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '1.00' };
const resting: Readonly<Record<string, readonly [Fields, Shape]>> = {
  'an order at a limit': [FAR, shapes.taken.simple],
  'an order for an amount': [{ ...FAR, qty: undefined, notional: '5.00' }, shapes.taken.notional],
  'a trailing stop': [
    { symbol: SHARE, qty: '1', side: 'buy', type: 'trailing_stop', time_in_force: 'day', trail_percent: '25' },
    shapes.taken.trailing,
  ],
  'a bracket': [
    {
      ...FAR,
      time_in_force: 'gtc',
      order_class: 'bracket',
      take_profit: { limit_price: '2.00' },
      stop_loss: { stop_price: '0.60', limit_price: '0.50' },
    },
    shapes.taken.bracket,
  ],
  'an order that triggers another': [{ ...FAR, order_class: 'oto', stop_loss: { stop_price: '0.60' } }, shapes.taken.oto],
};

describe.each(brokers)('the contract of orders with %s', (_name, isThere, open) => {
  describe.skipIf(!isThere)('as it is kept', { timeout: 60_000 }, () => {
    let venue: BrokerVenue;
    let isOpen: boolean;
    let today: string;
    const json = async (path: string): Promise<Fields> => (await venue.call('GET', path)).json as Fields;
    const order = async (id: string): Promise<Order> => (await venue.call('GET', `/v2/orders/${id}`)).json as Order;
    const reaches = (id: string, status: string): Promise<void> => expect.poll(async () => (await order(id)).status, POLL).toBe(status);
    const send = async (body: Fields): Promise<Reply & { readonly json: Order }> => {
      const reply = await venue.call('POST', '/v2/orders', { client_order_id: `contract-${randomUUID()}`, ...body });
      expect([reply.status, reply.json]).toEqual([200, expect.anything()]);
      expectRequired(shapes.required.order, reply.json);
      expect(orderWire.safeParse(reply.json)).toMatchObject({ success: true });
      return reply as Reply & { readonly json: Order };
    };
    const cancel = async (id: string): Promise<void> => {
      expect((await venue.call('DELETE', `/v2/orders/${id}`)).status).toBe(204);
      await reaches(id, 'canceled');
    };
    const buy = async (symbol: string, qty = '1'): Promise<void> => {
      const { json: bought } = await send({ symbol, qty, side: 'buy', type: 'market', time_in_force: 'day' });
      await reaches(bought.id, 'filled');
    };
    const needsMarket = (context: TestContext): void => {
      if (!isOpen) context.skip('the market is closed');
    };
    /** What ends all orders or positions is not done to an account that has others. */
    const needsEmpty = async (context: TestContext, path: string): Promise<void> => {
      if (((await venue.call('GET', path)).json as unknown[]).length > 0) context.skip('the account holds what is not this suite’s');
    };

    beforeAll(async () => {
      venue = await open();
      const clock = (await json('/v2/clock')) as { timestamp: string; is_open: boolean };
      isOpen = clock.is_open;
      today = clock.timestamp.slice(0, 10);
    });
    afterAll(async () => {
      await venue.close();
      expect(venue.faults).toEqual([]);
    });

    it.each(Object.entries(resting))('takes %s, shows it nested, and lets it go', async (_what, [body, shape]) => {
      const { json: sent } = await send(body);
      expectShape(shape, sent);
      const found = ((await venue.call('GET', '/v2/orders?status=open&nested=true')).json as Order[]).find((one) => one.id === sent.id);
      expectShape(shape, found);
      await cancel(sent.id);
    });

    it('takes a package of options', async () => {
      const window = `expiration_date_gte=${addDays(tradingDay(today), 3)}&expiration_date_lte=${addDays(tradingDay(today), 20)}`;
      const { option_contracts: found } = (await json(
        `/v2/options/contracts?underlying_symbols=SPY&type=call&${window}&limit=2`,
      )) as unknown as {
        option_contracts: { symbol: string }[];
      };
      const leg = (i: number, side: 'buy' | 'sell') => ({
        symbol: found[i]?.symbol,
        ratio_qty: '1',
        side,
        position_intent: `${side}_to_open`,
      });
      const body = { order_class: 'mleg', qty: '1', type: 'limit', time_in_force: 'day', limit_price: '0.01' };
      const { json: sent } = await send({ ...body, legs: [leg(0, 'buy'), leg(1, 'sell')] });
      expectShape(shapes.taken.package, sent);
      expectShape(shapes.taken.package, (await venue.call('GET', `/v2/orders/${sent.id}?nested=true`)).json);
      await cancel(sent.id);
    });

    it('replaces an order by a new one, and links the two', async (context) => {
      needsMarket(context);
      const { json: sent } = await send(FAR);
      await reaches(sent.id, 'new');
      const answer = await venue.call('PATCH', `/v2/orders/${sent.id}`, { limit_price: '1.01' });
      expect(answer.status).toBe(200);
      expectShape(shapes.replacement, answer.json);
      expect(orderWire.safeParse(answer.json)).toMatchObject({ success: true });
      const { id } = answer.json as Order;
      expect(answer.json).toMatchObject({ replaces: sent.id, limit_price: '1.01' });
      await reaches(sent.id, 'replaced');
      expect(await order(sent.id)).toMatchObject({ replaced_by: id, replaced_at: expect.any(String) as string });
      await reaches(id, 'new');
      await cancel(id);
    });

    it('refuses to replace an order that is not as it was, and to change nothing', async (context) => {
      needsMarket(context);
      const { json: sent } = await send(FAR);
      await reaches(sent.id, 'new');
      const same = await venue.call('PATCH', `/v2/orders/${sent.id}`, { limit_price: '1.00' });
      expect(same).toMatchObject({ status: 422, json: { code: 42210000 } });
      await cancel(sent.id);
      const late = await venue.call('PATCH', `/v2/orders/${sent.id}`, { limit_price: '1.02' });
      expect(late).toMatchObject({ status: 422, json: { code: 42210000 } });
      expectShape(shapes.refusal, late.json);
    });

    it('cancels all orders, and answers for each', async (context) => {
      await needsEmpty(context, '/v2/orders?status=open');
      const ids = [(await send(FAR)).json.id, (await send({ ...FAR, limit_price: '1.02' })).json.id];
      const answer = await venue.call('DELETE', '/v2/orders');
      expect(answer.status).toBe(207);
      expectShape(shapes.bulkCancel, answer.json);
      expect(new Set((answer.json as Order[]).map((one) => one.id))).toEqual(new Set(ids));
      for (const id of ids) await reaches(id, 'canceled');
    });

    it('lets one of two exits guard a position, and refuses to sell it twice', async (context) => {
      needsMarket(context);
      await needsEmpty(context, '/v2/positions');
      await buy(SHARE);
      const exits = { symbol: SHARE, qty: '1', side: 'sell', type: 'limit', time_in_force: 'gtc', order_class: 'oco' };
      const { json: sent } = await send({ ...exits, take_profit: { limit_price: '900.00' }, stop_loss: { stop_price: '1.00' } });
      expectShape(shapes.taken.oco, sent);
      const again = { symbol: SHARE, qty: '1', side: 'sell', type: 'limit', time_in_force: 'day', limit_price: '900.00' };
      const refused = await venue.call('POST', '/v2/orders', again);
      expect(refused).toMatchObject({ status: 403, json: { code: 40310000 } });
      expectShape(shapes.insufficient, refused.json);
      await cancel(sent.id);
      const closed = await venue.call('DELETE', `/v2/positions/${SHARE}?percentage=100`);
      expect(closed.status).toBe(200);
      expectShape(shapes.order, closed.json);
      await reaches((closed.json as Order).id, 'filled');
    });

    it('closes all positions, and answers for each', async (context) => {
      needsMarket(context);
      await needsEmpty(context, '/v2/positions');
      await buy(SHARE);
      const answer = await venue.call('DELETE', '/v2/positions?cancel_orders=true');
      expect(answer.status).toBe(207);
      expectShape(shapes.bulkClose, answer.json);
      expect(answer.json).toMatchObject([{ symbol: SHARE, status: 200, body: { side: 'sell', type: 'market' } }]);
      await expect.poll(async () => (await venue.call('GET', '/v2/positions')).json, POLL).toEqual([]);
    });

    it('exercises an option into shares', async (context) => {
      // An exercise cannot be taken back, and leaves a hundred shares behind: not on an account of somebody's.
      if (!venue.own) context.skip('only where the account is this suite’s own');
      const soon = addDays(tradingDay(today), 3);
      const window = `expiration_date_gte=${soon}&expiration_date_lte=${addDays(soon, 17)}`;
      const { option_contracts: found } = (await json(
        `/v2/options/contracts?underlying_symbols=${SHARE}&type=call&${window}&limit=1`,
      )) as unknown as { option_contracts: { symbol: string; strike_price: string }[] };
      const contract = found[0]?.symbol ?? '';
      await buy(contract);
      const held = await json(`/v2/positions/${contract}`);
      expectShape(shapes.position, held);
      expectRequired(shapes.required.position, held);
      expect(positionsWire.safeParse([held])).toMatchObject({ success: true });
      expect((await venue.call('POST', `/v2/positions/${contract}/exercise`)).status).toBe(200);
      expect((await venue.call('POST', `/v2/positions/${contract}/exercise`)).status).not.toBe(200);
      expect(await json(`/v2/positions/${SHARE}`)).toMatchObject({ qty: '100', side: 'long', avg_entry_price: found[0]?.strike_price });
    });

    it('keeps a watchlist by its id and by its name', async () => {
      const listed = `contract ${randomUUID()}`;
      const { json: made } = await venue.call('POST', '/v2/watchlists', { name: listed, symbols: ['SPY'] });
      const { id } = made as { id: string };
      const byName = `/v2/watchlists:by_name?name=${encodeURIComponent(listed)}`;
      for (const answer of [
        await venue.call('POST', `/v2/watchlists/${id}`, { symbol: SHARE }),
        await venue.call('GET', byName),
        await venue.call('DELETE', `/v2/watchlists/${id}/${SHARE}`),
        await venue.call('PUT', `/v2/watchlists/${id}`, { name: listed, symbols: [SHARE, 'SPY'] }),
      ]) {
        expect(answer.status).toBe(200);
        expectShape(shapes.watchlist, answer.json);
      }
      expect((await venue.call('DELETE', byName)).status).toBe(204);
    });
  });
});
