// The REST surface as any client sees it: forms of input, exactness of output, refusals, and the owner's own paths.
import { describe, expect, it } from 'vitest';
import { AUTH, ask } from './ask.ts';
import { rig } from './rig.ts';
import { CALL, PUT, START } from './scripted.ts';

const LIMIT = { symbol: 'F', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '11.02' };
const LEGS = [
  { symbol: PUT, ratio_qty: '1', side: 'sell', position_intent: 'sell_to_open' },
  { symbol: CALL, ratio_qty: '1', side: 'buy', position_intent: 'buy_to_open' },
];

describe('the REST surface', () => {
  it.each([
    ['no key', {}, 401],
    ['a wrong secret', { ...AUTH, 'apca-api-secret-key': 'x' }, 401],
    ['basic authentication', { authorization: `Basic ${Buffer.from('key:secret').toString('base64')}` }, 200],
    ['an empty content type on a GET', { ...AUTH, 'content-type': '' }, 200],
  ])('answers a request with %s', (_name, headers, status) => {
    const answer = ask(rig(), 'GET', '/v2/account', null, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['X-Request-ID']).toMatch(/^[0-9a-f]{32}$/);
    if (status === 401) expect(answer.json).toEqual({ code: 40110000, message: 'request is not authorized' });
  });

  it.each([
    ['GET', '/v2/nothing'],
    ['PUT', '/v2/orders/x'],
    ['GET', '/v2/orders/a/b'],
    ['POST', '/v2/account'],
    ['GET', '/'],
    ['GET', '//'],
  ])('has no endpoint %s %s', (method, path) => {
    const answer = ask(rig(), method, path);
    expect([answer.status, answer.json]).toEqual([404, { code: 40410000, message: 'endpoint not found.' }]);
  });

  it('advances the core to the present before it answers', () => {
    const made = rig();
    made.clock.set(START + 5_000);
    ask(made, 'GET', '/v2/positions');
    expect(made.core.advancedTo).toEqual([START + 5_000]);
  });

  it('keeps the order books of two accounts apart', () => {
    const made = rig();
    const order = ask(made, 'POST', '/v2/orders', LIMIT).json as { id: string };
    const other = { 'apca-api-key-id': 'key2', 'apca-api-secret-key': 'secret2' };
    expect(ask(made, 'GET', `/v2/orders/${order.id}`, null, other).status).toBe(404);
    expect(ask(made, 'GET', '/v2/orders', null, other).json).toEqual([]);
  });

  it('writes an order with every field, explicit nulls and exact text', () => {
    const made = rig();
    const body = { ...LIMIT, qty: 1, limit_price: 11.02, client_order_id: 'c-1', unknown: [1], stop_price: null };
    const order = ask(made, 'POST', '/v2/orders', body);
    const at = '2026-11-20T20:05:00Z';
    expect(order.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
      client_order_id: 'c-1',
      created_at: at,
      updated_at: at,
      submitted_at: at,
      filled_at: null,
      expired_at: null,
      expires_at: '2026-11-20T21:00:00Z',
      canceled_at: null,
      failed_at: null,
      replaced_at: null,
      replaced_by: null,
      replaces: null,
      asset_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      symbol: 'F',
      asset_class: 'us_equity',
      notional: null,
      qty: '1',
      filled_qty: '0',
      filled_avg_price: null,
      order_class: '',
      order_type: 'limit',
      type: 'limit',
      side: 'buy',
      position_intent: null,
      time_in_force: 'day',
      limit_price: '11.02',
      stop_price: null,
      trail_percent: null,
      trail_price: null,
      hwm: null,
      status: 'new',
      extended_hours: false,
      legs: null,
      ratio_qty: null,
      subtag: null,
      source: null,
    });
  });

  it.each([
    ['no JSON', '{', 400, 40010000],
    ['a list', '[]', 400, 40010000],
    ['no qty', { ...LIMIT, qty: null }, 422, 40010001],
    ['a fraction of a package', { ...LIMIT, order_class: 'mleg', legs: LEGS, qty: '1.5' }, 422, 42210000],
    ['a fraction finer than nine decimals', { ...LIMIT, qty: '1.0000000001' }, 422, 40010001],
    ['a negative qty', { ...LIMIT, qty: '-1' }, 422, 40010001],
    ['an amount and a quantity', { ...LIMIT, notional: '55.5' }, 422, 40010001],
    ['an amount that is no number', { ...LIMIT, qty: null, notional: 'much' }, 422, 40010001],
    ['a type nobody knows', { ...LIMIT, type: 'iceberg' }, 422, 40010001],
    ['two trails', { ...LIMIT, type: 'trailing_stop', limit_price: null, trail_price: '1', trail_percent: '1' }, 422, 40010001],
    ['instructions for an algorithm', { ...LIMIT, advanced_instructions: { algorithm: 'DMA' } }, 422, 42210000],
    ['a class nobody knows', { ...LIMIT, order_class: 'ladder' }, 422, 40010001],
    ['no type', { ...LIMIT, type: undefined }, 422, 40010001],
    ['no side', { ...LIMIT, side: undefined }, 422, 40010001],
    ['an unknown side', { ...LIMIT, side: 'short' }, 422, 40010001],
    ['an unknown time in force', { ...LIMIT, time_in_force: 'never' }, 422, 40010001],
    ['a price finer than a micro', { ...LIMIT, limit_price: '11.0000001' }, 422, 42210000],
    ['a price that is no number', { ...LIMIT, limit_price: 'NaN' }, 422, 40010001],
    ['a take profit that is no object', { ...LIMIT, order_class: 'bracket', take_profit: '12' }, 422, 40010001],
    ['a take profit without a price', { ...LIMIT, order_class: 'bracket', take_profit: {} }, 422, 40010001],
    ['a stop loss without a stop', { ...LIMIT, order_class: 'oto', stop_loss: { limit_price: '9' } }, 422, 40010001],
    ['an oco of two gains', { ...LIMIT, order_class: 'oco', take_profit: { limit_price: '12' } }, 422, 42210000],
    ['an oco without a gain', { ...LIMIT, order_class: 'oco', limit_price: null, stop_loss: { stop_price: '9' } }, 422, 40010001],
    ['a client order id that is too long', { ...LIMIT, client_order_id: 'x'.repeat(129) }, 422, 40010001],
    ['a leg without intent', { ...LIMIT, order_class: 'mleg', legs: [{ ...LEGS[0], position_intent: undefined }, LEGS[1]] }, 422, 42210000],
    ['a leg of a side against its intent', { ...LIMIT, order_class: 'mleg', legs: [{ ...LEGS[0], side: 'buy' }, LEGS[1]] }, 422, 42210000],
    ['a refusal of the core with its own keys', { ...LIMIT, symbol: 'AAPL' }, 403, 40310000],
  ])('refuses an order body with %s', (_name, body, status, code) => {
    const made = rig();
    expect(ask(made, 'POST', '/v2/orders', body)).toMatchObject({ status, json: { code } });
    expect(ask(made, 'GET', '/v2/orders?status=all').json).toEqual([]);
  });

  it('passes the extra keys of a refusal on', () => {
    expect(ask(rig(), 'POST', '/v2/orders', { ...LIMIT, symbol: 'AAPL' }).json).toEqual({
      code: 40310000,
      message: 'insufficient buying power',
      buying_power: '812.44',
      cost_basis: '1204.00',
    });
  });

  it('lists legs as rows of their own unless nested, and counts them against the limit', () => {
    const made = rig();
    ask(made, 'POST', '/v2/orders', { ...LIMIT, symbol: null, side: null, order_class: 'mleg', limit_price: '-0.25', legs: LEGS });
    const rows = ask(made, 'GET', '/v2/orders').json as { symbol: string; legs: unknown }[];
    expect(rows.map((row) => [row.symbol, row.legs])).toEqual([
      ['', null],
      [PUT, null],
      [CALL, null],
    ]);
    expect(ask(made, 'GET', '/v2/orders?nested=true').json).toHaveLength(1);
    expect(ask(made, 'GET', '/v2/orders?limit=2').json).toHaveLength(2);
  });

  it('answers bulk cancels and closes item by item with 207', () => {
    const made = rig();
    const first = ask(made, 'POST', '/v2/orders', LIMIT).json as { id: string };
    const second = ask(made, 'POST', '/v2/orders', LIMIT).json as { id: string };
    made.core.fill(first.id, 1, 11_020_000);
    const cancelled = ask(made, 'DELETE', '/v2/orders');
    expect([cancelled.status, cancelled.json]).toEqual([
      207,
      [
        { id: first.id, status: 422, body: { code: 42210000, message: 'order is already in "filled" state' } },
        { id: second.id, status: 200 },
      ],
    ]);
    const closed = ask(made, 'DELETE', '/v2/positions');
    expect(closed).toMatchObject({
      status: 207,
      json: [
        { symbol: 'SPY', status: 200, body: { side: 'sell', qty: '3', type: 'market' } },
        { symbol: PUT, status: 200, body: { side: 'buy', qty: '2', position_intent: 'buy_to_close' } },
      ],
    });
    expect(ask(made, 'DELETE', '/v2/positions/SPY?percentage=50').json).toMatchObject({ qty: '1' });
  });

  it.each([
    ['/v2/stocks/bars?timeframe=1Day', 400], // symbols are missing
    ['/v2/stocks/bars?symbols=SPY', 400],
    ['/v2/stocks/bars?symbols=SPY&timeframe=60Min', 400],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&adjustment=nope', 400],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2026-02-30', 422],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2026-11-20&end=2026-11-19', 400],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&feed=nope', 422],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&page_token=???', 422],
    ['/v1beta1/options/bars?symbols=F261218P00010000&timeframe=60Min', 400],
    [`/v1beta1/options/quotes/latest?symbols=${Array.from({ length: 101 }, (_, i) => `F${String(i)}`).join(',')}`, 400],
    ['/v2/orders?limit=501', 422],
    ['/v2/orders?status=sleeping', 422],
    ['/v2/orders?after=2026-01-01&after_order_id=x', 422],
    ['/v2/account/activities?page_size=101', 422],
    ['/v2/account/activities?activity_types=FILL,NOPE', 422],
    ['/v2/account/activities?activity_types=FILL&category=trade_activity', 422],
    ['/v2/calendar?start=1970-01-01&end=1970-02-01', 422],
    ['/v2/positions/SPY%', 404],
  ])('refuses %s with %i', (path, status) => {
    const made = rig();
    const answer = ask(made, 'GET', path);
    expect(answer.status).toBe(status);
    expect(made.faults).toEqual([]);
  });

  it.each([
    ['a plain date', '2026-11-19', 2],
    ['an offset', '2026-11-18T19:00:00-05:00', 2],
    ['an offset whose plus came as a space', '2026-11-19T01:00:00 01:00', 2],
    ['nine digits of a second', '2026-11-19T05:00:00.000000001Z', 2],
    ['milliseconds past the bar', '2026-11-19T05:00:00.001Z', 1],
  ])('reads a start in the form of %s', (_name, start, count) => {
    const path = `/v2/stocks/SPY/bars?timeframe=1D&start=${start.replace(' ', '%20')}`;
    expect((ask(rig(), 'GET', path).json as { bars: unknown[] }).bars).toHaveLength(count);
  });

  it('reads symbols as a comma list and as repeated keys alike', () => {
    const quotes = (query: string): readonly string[] =>
      Object.keys((ask(rig(), 'GET', `/v2/stocks/quotes/latest?${query}`).json as { quotes: object }).quotes);
    for (const query of ['symbols=SPY,F', 'symbols=SPY%2CF', 'symbols=SPY&symbols=F']) expect(quotes(query)).toEqual(['F', 'SPY']);
  });

  it('gathers weeks and hours from days and minutes', () => {
    const bars = (query: string): unknown[] => (ask(rig(), 'GET', `/v2/stocks/SPY/bars?${query}`).json as { bars: unknown[] }).bars;
    expect(bars('timeframe=1Week&start=2026-11-09')).toMatchObject([
      { t: '2026-11-09T05:00:00Z', c: 587 },
      { t: '2026-11-16T05:00:00Z', o: 589.9, h: 594.2, c: 594 },
    ]);
    expect(bars('timeframe=1Hour')).toMatchObject([{ t: '2026-11-20T20:00:00Z', v: 5 * 41_230 }]);
    expect(bars('timeframe=1Month&start=2026-11-01')).toMatchObject([{ t: '2026-11-01T04:00:00Z', c: 594 }]);
  });
});

describe("the owner's paths", () => {
  it('reads and sets the clock, forward only', () => {
    const made = rig();
    expect(ask(made, 'GET', '/sim/v1/clock').json).toEqual({ exchange: START, speed: 60 });
    const set = ask(made, 'POST', '/sim/v1/clock', { speed: 1, jumpTo: '2026-11-23T09:30:00-05:00' });
    expect(set.json).toEqual({ exchange: START + 239_100_000, speed: 1 });
    expect(made.core.advancedTo.at(-1)).toBe(START + 239_100_000);
    expect(ask(made, 'POST', '/sim/v1/clock', { jumpTo: START }).status).toBe(422);
    expect(ask(made, 'POST', '/sim/v1/clock', { speed: 0 }).status).toBe(422);
    expect(ask(made, 'POST', '/sim/v1/clock', {}).status).toBe(422);
    expect(ask(made, 'GET', '/sim/v1/clock', null, {}).status).toBe(401);
  });

  it('gives the report dates as CSV, an unknown time left empty', () => {
    expect(ask(rig(), 'GET', '/sim/v1/macro').body).toBe(
      '# confirmed: 2026-11-20\n# complete: 2026-01-01..2026-12-31\ndate,event,time\n2026-12-04,NFP,\n2026-12-09,FOMC,14:00\n',
    );
    expect(ask(rig(), 'GET', '/sim/v1/earnings').body).toBe('symbol,date,session\nAAPL,2027-01-28,\nF,2027-02-03,amc\n');
  });

  it('reports what the market stood in for, and the fills that rest on it', () => {
    const made = rig();
    const order = ask(made, 'POST', '/v2/orders', LIMIT).json as { id: string };
    made.core.fill(order.id, 1, 11_020_000);
    expect(ask(made, 'GET', '/sim/v1/report').json).toEqual({
      market: 'scripted',
      exchange: START,
      speed: 60,
      heldQuotes: 3,
      assumedQuotes: 1,
      assumptions: ['equity spread'],
      fills: { live: 0, held: 1, assumed: 0 },
    });
  });

  it('does not count against the request budget', () => {
    const made = rig({ requestsPerMinute: 1 });
    expect([1, 2, 3].map(() => ask(made, 'GET', '/sim/v1/clock').status)).toEqual([200, 200, 200]);
    expect([1, 2].map(() => ask(made, 'GET', '/v2/clock').status)).toEqual([200, 429]);
    expect(ask(made, 'GET', '/v2/stocks/quotes/latest?symbols=SPY').status).toBe(200);
  });

  it('answers a fault of its own with 500 and says it where it belongs', () => {
    const made = rig();
    const broken = rig({
      market: {
        ...made.market,
        quote: () => {
          throw new Error('no tape');
        },
      },
    });
    expect(ask(broken, 'GET', '/v2/stocks/quotes/latest?symbols=SPY')).toMatchObject({ status: 500, json: { code: 50010000 } });
    expect(broken.faults).toHaveLength(1);
  });
});
