import { afterEach, describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import {
  accountJson,
  acked,
  clockJson,
  type Json,
  json,
  legJson,
  networkError,
  never,
  option,
  order,
  orderJson,
  type Request,
  type Rig,
  refusal,
  rig,
  settle,
  spread,
  whileTicking,
} from './helpers.ts';

let open: Rig | undefined;
afterEach(async () => {
  await open?.alpaca.broker.close();
  open?.end();
  open = undefined;
});

/** A broker that answers the probe's questions, and orders by `post`. */
const over = (post: (request: Request) => Response | Promise<Response>): Rig => {
  open = rig((request) => {
    if (request.url.pathname === '/v2/clock') return json(clockJson);
    if (request.url.pathname === '/v2/account') return json(accountJson);
    return post(request);
  });
  return open;
};
const yes = () => true;
const posts = (of: Rig): Request[] => of.requests.filter((r) => r.method === 'POST');
const echo = ({ body }: Request, over_: Json = {}): Response => json(orderJson({ ...(body as Json), ...over_ }));
const submit = async (of: Rig, what: Order, mayLeave: () => boolean = yes) =>
  whileTicking(of.timers, of.alpaca.broker.submit(what, mayLeave));
/** A sale: its limit is a credit, so net and negative. */
const exit = (of: Partial<Order> = {}): Order =>
  order({ purpose: 'C', legs: legs(leg(equity(symbol('SPY')), 'sell', 'close')), limit: price(-231_050_000), ...of });

describe('the request body', () => {
  it.each<[string, Order, Json]>([
    [
      'a limit on shares',
      order(),
      {
        client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
        limit_price: '231.05',
        qty: '10',
        side: 'buy',
        symbol: 'SPY',
        time_in_force: 'day',
        type: 'limit',
      },
    ],
    [
      'shares at the market',
      exit({ type: 'market', limit: null }),
      { client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa', qty: '10', side: 'sell', symbol: 'SPY', time_in_force: 'day', type: 'market' },
    ],
    [
      'a protective stop',
      exit({ purpose: 'P', type: 'stop', limit: null, stop: price(196_392_500), tif: 'gtc' }),
      {
        client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
        qty: '10',
        side: 'sell',
        stop_price: '196.3925',
        symbol: 'SPY',
        time_in_force: 'gtc',
        type: 'stop',
      },
    ],
    [
      'an option with its intent',
      order({ legs: legs(leg(option('put', 585.5), 'sell', 'open')), limit: price(-3_150_000) }),
      {
        client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
        limit_price: '3.15',
        position_intent: 'sell_to_open',
        qty: '10',
        side: 'sell',
        symbol: 'SPY261218P00585500',
        time_in_force: 'day',
        type: 'limit',
      },
    ],
    [
      'a spread for a credit',
      spread(),
      {
        client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
        limit_price: '-1.60',
        order_class: 'mleg',
        qty: '2',
        time_in_force: 'day',
        type: 'limit',
        legs: [
          { position_intent: 'sell_to_open', ratio_qty: '1', side: 'sell', symbol: 'SPY261218P00594000' },
          { position_intent: 'buy_to_open', ratio_qty: '1', side: 'buy', symbol: 'SPY261218P00589000' },
        ],
      },
    ],
  ])('%s', async (_name, what, body) => {
    const of = over((request) => echo(request, 'legs' in (request.body as Json) ? { legs: null, symbol: '', side: '' } : {}));
    expect((await submit(of, what)).kind).toBe('accepted');
    expect(posts(of).map((r) => r.body)).toEqual([body]);
  });
  it('carries the keys, forbids redirects, and goes to the trading host', async () => {
    const of = over(echo);
    await submit(of, exit());
    const [sent] = posts(of);
    expect(sent?.url.href).toBe('http://trading.test/v2/orders');
    expect(sent?.init.redirect).toBe('error');
    expect(sent?.init.headers).toMatchObject({ 'APCA-API-KEY-ID': 'K', 'APCA-API-SECRET-KEY': 'S' });
  });
});

describe('what an answer proves', () => {
  it.each<[string, () => Response | Promise<Response>, string]>([
    ['a refusal', () => refusal(403, 40310000, 'insufficient buying power'), 'refused'],
    ['bad keys', () => refusal(401, 40110000, 'request is not authorized'), 'refused'],
    ['an id used before', () => refusal(422, 40010001, 'client_order_id must be unique'), 'duplicate'],
    ['too many requests', () => refusal(429, 42910000, 'rate limit exceeded', { 'Retry-After': '1' }), 'unknown'],
    ['a failing broker', () => refusal(503, null, 'down'), 'unknown'],
    ['a page of HTML with 200', () => new Response('<html>'), 'unknown'],
    ['half an answer', () => new Response('{"id":"b-1","client_order'), 'unknown'],
    ['an answer of the wrong shape', () => json(orderJson({ qty: 10 })), 'unknown'],
    ['a reset', () => Promise.reject(networkError('ECONNRESET')), 'unknown'],
    ['a refused connection', () => Promise.reject(networkError('ECONNREFUSED', 'connect')), 'unsent'],
  ])('%s, after exactly one request', async (_name, post, kind) => {
    const of = over(post);
    expect((await submit(of, exit())).kind).toBe(kind);
    expect(posts(of)).toHaveLength(1);
  });
  it('an order hung for ever is one request, aborted after ten seconds, and unknown', async () => {
    const of = over(never);
    const pending = of.alpaca.broker.submit(exit(), yes);
    await settle(of.timers);
    await of.timers.tickAsync(9_900);
    expect(posts(of).map((r) => r.init.signal?.aborted)).toEqual([false]);
    expect(await whileTicking(of.timers, pending)).toMatchObject({ kind: 'unknown', because: expect.stringContaining('ALPACA_TIMEOUT') });
    await of.timers.tickAsync(60_000);
    expect(posts(of).map((r) => r.init.signal?.aborted)).toEqual([true]);
  });
  it('a body that trickles for ever is unknown too', async () => {
    const of = over(() => new Response(new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode('{"id":')) })));
    expect(await submit(of, exit())).toMatchObject({ kind: 'unknown', because: expect.stringContaining('ALPACA_TIMEOUT') });
  });
  it.each<[string, Json]>([
    ['another id', { client_order_id: 'x' }],
    ['another quantity', { qty: '11' }],
    ['the other side', { side: 'buy' }],
    ['another symbol', { symbol: 'QQQ' }],
    ['another limit', { limit_price: '231.06' }],
  ])('%s in the answer is a mismatch', async (_name, wrong) => {
    const of = over((request) => echo(request, wrong));
    expect(await submit(of, exit())).toMatchObject({ kind: 'mismatch', report: { brokerId: 'b-1' } });
  });
  it('a package with a leg turned round is a mismatch', async () => {
    const of = over((request) =>
      echo(request, { symbol: '', side: '', legs: [legJson('SPY261218P00594000', 'buy'), legJson('SPY261218P00589000', 'buy')] }),
    );
    expect((await submit(of, spread())).kind).toBe('mismatch');
  });
});

describe('the last look', () => {
  it('holds an order back in the step in which it would leave', async () => {
    const of = over(echo);
    expect(await submit(of, exit(), () => false)).toMatchObject({ kind: 'unsent', because: expect.stringContaining('ALPACA_WITHHELD') });
    expect(posts(of)).toHaveLength(0);
  });
  it('is taken after every wait, so what was allowed at first may still be held back', async () => {
    let allowed = true;
    const of = over((request) => echo(request));
    const pending = of.alpaca.broker.submit(exit(), () => allowed);
    allowed = false;
    expect((await whileTicking(of.timers, pending)).kind).toBe('unsent');
    expect(posts(of)).toHaveLength(0);
  });
  it('is asked in the same synchronous step as the network is', async () => {
    const steps: string[] = [];
    const of = over((request) => {
      steps.push('network');
      return echo(request);
    });
    await submit(of, exit(), () => {
      steps.push('asked');
      queueMicrotask(() => steps.push('later'));
      return true;
    });
    expect(steps.slice(0, 2)).toEqual(['asked', 'network']);
  });
});

describe('entries after trouble', () => {
  const lane = (of: Rig, name: string) => of.alpaca.broker.health().lanes.find((l) => l.lane === name);

  it('begin half-open: clock and account are asked before the first order', async () => {
    const of = over(echo);
    expect(lane(of, 'entry')?.breaker).toBe('half_open');
    await submit(of, order());
    await submit(of, order());
    expect(of.requests.map((r) => `${r.method} ${r.url.pathname}`)).toEqual([
      'GET /v2/clock',
      'GET /v2/account',
      'POST /v2/orders',
      'POST /v2/orders',
    ]);
    expect(lane(of, 'entry')?.breaker).toBe('closed');
  });
  it('stop after three ambiguous outcomes, and come back through the probe', async () => {
    let down = false;
    const of = over((request) => (down ? refusal(503, null, 'down') : echo(request)));
    const changes: string[] = [];
    await submit(of, order());
    of.alpaca.broker.connect({
      report: () => undefined,
      link: () => undefined,
      breaker: (name, state) => changes.push(`${name} ${state}`),
    });
    down = true;
    for (let i = 0; i < 3; i++) expect((await submit(of, order())).kind).toBe('unknown');
    expect(lane(of, 'entry')?.breaker).toBe('open');
    expect(await submit(of, order())).toMatchObject({ kind: 'unsent', because: expect.stringContaining('ALPACA_BREAKER_OPEN') });
    expect(posts(of)).toHaveLength(4);
    expect((await submit(of, exit())).kind).toBe('unknown'); // an exit is not held back
    down = false;
    await of.timers.tickAsync(30_000);
    const before = of.requests.length;
    expect((await submit(of, order())).kind).toBe('accepted');
    expect(of.requests.slice(before).map((r) => r.url.pathname)).toEqual(['/v2/clock', '/v2/account', '/v2/orders']);
    expect(changes).toEqual(['entry open', 'entry half_open', 'entry closed']);
  });
  it('stay held back when the probe fails, and no order is sent to find out', async () => {
    open = rig(() => refusal(500, 50010000, 'internal server error occurred'));
    expect(await submit(open, order())).toMatchObject({ kind: 'unsent', because: expect.stringContaining('probe') });
    expect(posts(open)).toHaveLength(0);
    expect(lane(open, 'entry')?.breaker).toBe('open');
  });
  it('do not count refusals', async () => {
    const of = over(() => refusal(403, 40310000, 'insufficient buying power'));
    for (let i = 0; i < 8; i++) expect((await submit(of, order())).kind).toBe('refused');
    expect(lane(of, 'entry')?.breaker).toBe('closed');
  });
});

describe('cancelling', () => {
  const cancel = (of: Rig, what: Order) => whileTicking(of.timers, of.alpaca.broker.cancel(what));
  it.each<[string, () => Response, string, number]>([
    ['taken', () => json(null, 204), 'requested', 1],
    ['over already', () => refusal(422, 42210000, 'order is already in "filled" state'), 'too_late', 1],
    ['unknown there', () => refusal(404, 40410000, 'order not found'), 'absent', 1],
    ['failing throughout', () => refusal(500, 50010000, 'internal server error occurred'), 'unknown', 5],
    ['keys refused', () => refusal(401, null, 'no'), 'unknown', 1],
  ])('%s', async (_name, answer, expected, calls) => {
    const of = over(answer);
    expect(await cancel(of, acked(order()))).toBe(expected);
    expect(of.requests.map((r) => `${r.method} ${r.url.pathname}`)).toEqual(Array(calls).fill('DELETE /v2/orders/b-1'));
  });
  it('asks for the broker id first when we never had it', async () => {
    const of = over((request) => (request.method === 'DELETE' ? json(null, 204) : json(orderJson())));
    expect(await cancel(of, order())).toBe('requested');
    expect(of.requests.map((r) => `${r.method} ${r.url.pathname}`)).toEqual(['GET /v2/orders:by_client_order_id', 'DELETE /v2/orders/b-1']);
  });
});

describe('finding', () => {
  const find = (of: Rig) => whileTicking(of.timers, of.alpaca.broker.find(order().id));
  it('finds', async () => expect(await find(over(() => json(orderJson())))).toMatchObject({ kind: 'found', report: { brokerId: 'b-1' } }));
  it.each<[string, () => Response | Promise<Response>, string]>([
    ['a clean 404 is absent', () => refusal(404, 40410000, 'order not found'), 'absent'],
    ['a 404 of a proxy is no evidence', () => new Response('<html>', { status: 404 }), 'unknown'],
    ['a wrong path is no evidence', () => refusal(404, 40410000, 'endpoint not found.'), 'unknown'],
    ['an answer about another order is no evidence', () => json(orderJson({ client_order_id: 'other' })), 'unknown'],
    ['a failing broker is no evidence', () => refusal(502, null, '<html>'), 'unknown'],
    ['a broken line is no evidence', () => Promise.reject(networkError('ECONNRESET')), 'unknown'],
  ])('%s', async (_name, answer, kind) => expect((await find(over(answer))).kind).toBe(kind));
  it('asks again, nested, for a package that claims fills without legs', async () => {
    const filled: Json = { order_class: 'mleg', symbol: '', side: '', qty: '2', filled_qty: '2', filled_avg_price: '-1.6' };
    const legs_ = [
      legJson('SPY261218P00594000', 'sell', { filled_qty: '2', filled_avg_price: '3.1' }),
      legJson('SPY261218P00589000', 'buy', { filled_qty: '2', filled_avg_price: '1.5' }),
    ];
    const of = over((request) => json(orderJson(request.url.searchParams.has('nested') ? { ...filled, legs: legs_ } : filled)));
    expect(await find(of)).toMatchObject({ kind: 'found', report: { cumQty: 2, cumCash: 320_000_000 } });
  });
});
