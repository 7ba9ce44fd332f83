import { afterEach, expect, it } from 'vitest';
import { epochMs } from '../../../src/domain/time.ts';
import { accountJson, type Json, json, orderJson, type Request, type Rig, refusal, rig, whileTicking } from './helpers.ts';

let open: Rig | undefined;
afterEach(async () => {
  await open?.alpaca.broker.close();
  open?.end();
  open = undefined;
});

interface World {
  open: Json[];
  closed: Json[];
  activities: Json[];
  positions: Json[];
  account: Json;
}
const world = (over: Partial<World> = {}): World => ({
  open: [],
  closed: [],
  activities: [],
  positions: [],
  account: accountJson,
  ...over,
});

/** The reads of a broker with pages as Alpaca cuts them. */
function answer(w: World, { url }: Request): Response {
  const q = url.searchParams;
  if (url.pathname === '/v2/account') return json(w.account);
  if (url.pathname === '/v2/positions') return json(w.positions);
  if (url.pathname === '/v2/account/activities') {
    const from = q.has('page_token') ? w.activities.findIndex((a) => a['id'] === q.get('page_token')) + 1 : 0;
    return json(w.activities.slice(from, from + Number(q.get('page_size'))));
  }
  const list = q.get('status') === 'open' ? w.open : w.closed;
  const from = q.has('after_order_id') ? list.findIndex((o) => o['id'] === q.get('after_order_id')) + 1 : 0;
  return json(list.slice(from, from + Number(q.get('limit'))));
}
const since = { ordersAfter: epochMs(Date.parse('2026-11-19T00:00:00Z')), activitiesAfter: epochMs(Date.parse('2026-11-19T00:00:00Z')) };
const take = (of: Rig, request: Parameters<Rig['alpaca']['broker']['snapshot']>[0] = since) =>
  whileTicking(of.timers, of.alpaca.broker.snapshot(request));
const many = (n: number, status: string): Json[] =>
  Array.from({ length: n }, (_, i) => orderJson({ id: `${status}-${String(i)}`, client_order_id: `c-${status}-${String(i)}`, status }));
const fill = (i: number): Json => ({
  id: `20261120153012345::${String(i)}`,
  activity_type: 'FILL',
  type: 'partial_fill',
  transaction_time: '2026-11-20T20:30:12.345678Z',
  order_id: 'b-1',
  symbol: 'SPY261218P00594000',
  side: 'sell',
  price: '3.10',
  qty: '2',
  cum_qty: '2',
  leaves_qty: '0',
});

it('reads everything, and every page of it', async () => {
  const w = world({
    open: many(501, 'new'),
    closed: many(1000, 'canceled'),
    activities: Array.from({ length: 250 }, (_, i) => fill(i)),
    positions: [
      { symbol: 'SPY', qty: '10', cost_basis: '2310.5', current_price: '231.05', extra: 1 },
      { symbol: 'SPY261218P00594000', qty: '-2', cost_basis: '-620', current_price: null },
      { symbol: 'QQQ', qty: '0.25', cost_basis: '120.1', current_price: '480.4' },
    ],
  });
  open = rig((request) => answer(w, request));
  const got = await take(open);
  if (!got.ok) throw new Error(got.why);
  expect(got.value.orders).toHaveLength(1501);
  expect(got.value.activities).toHaveLength(250);
  expect(got.value.activities[0]).toMatchObject({
    type: 'FILL',
    day: '2026-11-20',
    qty: -2,
    netAmount: 620_000_000,
    order: { brokerId: 'b-1', cumQty: 2, side: 'sell' },
  });
  expect(got.value.positions).toEqual([
    { symbol: 'SPY', net: 10, cost: 2_310_500_000, mark: 231_050_000 },
    { symbol: 'SPY261218P00594000', net: -2, cost: -620_000_000, mark: null },
    { symbol: 'QQQ', net: { fractional: '0.25' }, cost: 120_100_000, mark: 480_400_000 },
  ]);
  expect(got.value.account).toMatchObject({ number: 'PA3SIM0001', cash: 83_250_120_000, optionsLevel: 3 });
  for (const { url } of open.requests.filter((r) => r.url.pathname === '/v2/orders')) {
    expect(url.searchParams.get('nested')).toBe('true');
    expect(url.searchParams.has('after') && url.searchParams.has('after_order_id')).toBe(false);
  }
});

it('reads open orders only without a watermark', async () => {
  open = rig((request) => answer(world({ open: many(1, 'new'), closed: many(1, 'canceled') }), request));
  const got = await take(open, { ...since, ordersAfter: null });
  expect(got.ok && got.value.orders.map((o) => o.brokerId)).toEqual(['new-0']);
});

it('takes what was read last of an order that closed between two lists', async () => {
  const both = orderJson({ id: 'b-9', status: 'new' });
  open = rig((request) => answer(world({ open: [both], closed: [{ ...both, status: 'canceled' }] }), request));
  const got = await take(open);
  expect(got.ok && got.value.orders).toMatchObject([{ brokerId: 'b-9', status: 'canceled' }]);
});

it('reads again while orders move, and takes the first quiet picture', async () => {
  let orderReads = 0;
  open = rig((request) => {
    if (request.url.pathname !== '/v2/orders' || request.url.searchParams.get('status') !== 'open') return answer(world(), request);
    orderReads += 1;
    const filled = Math.min(orderReads, 4); // the fourth read on says the same
    return json([orderJson({ status: 'partially_filled', filled_qty: String(filled), filled_avg_price: '231' })]);
  });
  const got = await take(open);
  expect(got.ok && got.value.orders).toMatchObject([{ cumQty: 4 }]);
  expect(orderReads).toBe(6);
});

it('gives up after five pictures that never hold still: no evidence', async () => {
  let n = 0;
  open = rig((request) => {
    if (request.url.searchParams.get('status') !== 'open') return answer(world(), request);
    n += 1;
    return json([orderJson({ status: n % 2 === 0 ? 'new' : 'pending_cancel' })]);
  });
  expect(await take(open)).toMatchObject({ ok: false, fault: 'ALPACA_UNSTABLE', auth: false });
  expect(n).toBe(10);
});

it.each<[string, (request: Request) => Response | null, string, boolean]>([
  ['positions fail', (r) => (r.url.pathname === '/v2/positions' ? refusal(500, 50010000, 'x') : null), 'ALPACA_SERVER', false],
  [
    'one row of positions is unreadable',
    (r) => (r.url.pathname === '/v2/positions' ? json([{ symbol: 'SPY', qty: 5, cost_basis: '1' }]) : null),
    'ALPACA_SHAPE',
    false,
  ],
  [
    'the account lacks its cash',
    (r) => (r.url.pathname === '/v2/account' ? json({ ...accountJson, cash: null }) : null),
    'ALPACA_SHAPE',
    false,
  ],
  [
    'a fill lacks its price',
    (r) => (r.url.pathname === '/v2/account/activities' ? json([{ ...fill(1), price: null }]) : null),
    'ALPACA_SHAPE',
    false,
  ],
  [
    'a page token repeats',
    (r) => (r.url.pathname === '/v2/account/activities' ? json(Array.from({ length: 100 }, () => fill(7))) : null),
    'ALPACA_SHAPE',
    false,
  ],
  ['the keys are refused', () => refusal(401, 40110000, 'request is not authorized'), 'ALPACA_AUTH', true],
])('is no evidence when %s', async (_name, fault, code, auth) => {
  open = rig((request) => fault(request) ?? answer(world(), request));
  expect(await take(open)).toMatchObject({ ok: false, fault: code, auth });
});

it('reads the other rows of the record as they stand', async () => {
  const row = (over: Json): Json => ({
    id: '20261121000000000::x',
    activity_type: 'OPASN',
    date: '2026-11-20',
    symbol: 'SPY261120P00594000',
    qty: '1',
    price: '0',
    net_amount: '0',
    status: 'executed',
    group_id: 'g',
    created_at: '2026-11-21T02:14:55.104Z',
    ...over,
  });
  const activities = [
    row({}),
    row({ id: '2', activity_type: 'DIV', qty: null, price: null, net_amount: '17.35', symbol: 'SPY', status: null, group_id: null }),
    row({ id: '3', activity_type: 'FEE', symbol: null, qty: null, net_amount: '-0.02', status: 'correct' }),
  ];
  open = rig((request) => answer(world({ activities }), request));
  const got = await take(open);
  expect(got.ok && got.value.activities).toMatchObject([
    { type: 'OPASN', day: '2026-11-20', qty: 1, price: 0, netAmount: 0, groupId: 'g', status: 'executed', order: null },
    { type: 'DIV', qty: 0, price: null, netAmount: 17_350_000, symbol: 'SPY', status: 'executed' },
    { type: 'FEE', symbol: null, netAmount: -20_000, status: 'correct' },
  ]);
});
