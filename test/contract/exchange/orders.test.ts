// Orders over the wire, from the bodies that clients send to the objects they read, on the exchange's own core.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { at, CALL105, calendar, MONDAY, PUT90, PUT95, quiet, scriptedMarket } from '../../unit/exchange/core/scripted-market.ts';
import { realAfter } from './rig.ts';
import { type ManualClock, manualClock } from './scripted.ts';

const ten = at(MONDAY, 10);
const headers = { 'apca-api-key-id': 'key', 'apca-api-secret-key': 'secret' };
let exchange: Exchange;
let clock: ManualClock;

beforeEach(() => {
  const market = scriptedMarket(quiet);
  const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
  clock = manualClock(ten);
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start: ten, lends: true });
  const onFault = (error: unknown): void => {
    throw error;
  };
  exchange = openExchange({ core, market, calendar, clock, after: realAfter, onFault });
});
afterEach(() => exchange.close());

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly list: readonly Readonly<Record<string, unknown>>[];
}

function ask(method: string, url: string, body: object | null = null): Answer {
  const answer = exchange.handle({ method, url, headers, body: body === null ? null : JSON.stringify(body) });
  const parsed: unknown = answer.body === null ? null : JSON.parse(answer.body);
  return { status: answer.status, json: parsed as Answer['json'], list: parsed as Answer['list'] };
}
const wait = (ms: number): void => {
  clock.set(clock.now() + ms);
  exchange.tick();
};
const order = (body: object): Answer => ask('POST', '/v2/orders', { symbol: 'ACME', time_in_force: 'day', ...body });
const idOf = ({ json }: Answer): string => String(json['id']);
const legsOf = ({ json }: Answer): readonly Readonly<Record<string, unknown>>[] => json['legs'] as never;

function holding(qty: string): void {
  order({ qty, side: 'buy', type: 'market' });
  wait(100);
}

const bracket = {
  order_class: 'bracket',
  qty: '2',
  side: 'buy',
  type: 'market',
  stop_loss: { limit_price: '89', stop_price: '90' },
  take_profit: { limit_price: '110' },
};

describe('a body as clients send it', () => {
  it('for an amount gives an order without a quantity, and fills a fraction', () => {
    const taken = order({ notional: '55.5', side: 'buy', type: 'market' });
    expect(taken).toMatchObject({ status: 200, json: { qty: null, notional: '55.5', filled_qty: '0' } });
    wait(100);
    expect(ask('GET', `/v2/orders/${idOf(taken)}`).json).toMatchObject({ status: 'filled', filled_qty: '0.555', filled_avg_price: '100' });
    expect(ask('GET', '/v2/positions').list).toMatchObject([
      { qty: '0.555', qty_available: '0.555', avg_entry_price: '100', cost_basis: '55.5' },
    ]);
  });

  it('for a trailing stop gives its trail, its mark and where its stop stands', () => {
    holding('2');
    const taken = order({ qty: '2', side: 'sell', trail_percent: '1', type: 'trailing_stop' });
    expect(taken.json).toMatchObject({ type: 'trailing_stop', trail_percent: '1', trail_price: null, hwm: '99.98', stop_price: '98.98' });
  });

  it('for a bracket gives its legs, held, each a whole order', () => {
    const taken = order(bracket);
    expect(taken.json).toMatchObject({ order_class: 'bracket', type: 'market', status: 'accepted' });
    const shared = { order_class: 'bracket', side: 'sell', status: 'held', legs: null, qty: '2', position_intent: 'sell_to_close' };
    expect(legsOf(taken)).toMatchObject([
      { ...shared, type: 'limit', limit_price: '110', stop_price: null },
      { ...shared, type: 'stop_limit', limit_price: '89', stop_price: '90' },
    ]);
    expect(new Set([taken.json, ...legsOf(taken)].map((one) => one['client_order_id'])).size).toBe(3);
    expect(Object.keys(legsOf(taken)[0] ?? {}).sort()).toEqual(Object.keys(taken.json).sort());
  });

  it.each([
    ['its take profit', { take_profit: { limit_price: '110' } }],
    ['a limit price', { limit_price: '110' }],
    ['both', { limit_price: '110', take_profit: { limit_price: '110' } }],
  ])('for an oco may say its gain as %s', (_, gain) => {
    holding('2');
    const taken = order({ order_class: 'oco', qty: '2', side: 'sell', type: 'limit', stop_loss: { stop_price: '90' }, ...gain });
    expect(taken.json).toMatchObject({ order_class: 'oco', type: 'limit', limit_price: '110' });
    expect(legsOf(taken)).toMatchObject([{ type: 'stop', stop_price: '90', status: 'held' }]);
  });
});

describe('a list', () => {
  it('folds legs into their order when it is nested, and shows them as rows when it is not', () => {
    const id = idOf(order(bracket));
    wait(100);
    const nested = ask('GET', '/v2/orders?nested=true').list;
    expect(nested.map((one) => [one['id'], one['status'], (one['legs'] as readonly unknown[]).length])).toEqual([[id, 'filled', 2]]);
    expect(ask('GET', '/v2/orders').list.map((one) => [one['type'], one['status'], one['legs']])).toEqual([
      ['stop_limit', 'new', null],
      ['limit', 'new', null],
    ]);
    expect(ask('GET', `/v2/orders/${id}`).json['legs']).toBeNull();
    expect(legsOf(ask('GET', `/v2/orders/${id}?nested=true`))).toHaveLength(2);
  });
});

describe('a replacement', () => {
  const limit = { qty: '10', side: 'buy', type: 'limit', limit_price: '90' };

  it('answers with the new order, and links the chain both ways', () => {
    const id = idOf(order(limit));
    wait(100);
    const next = ask('PATCH', `/v2/orders/${id}`, { limit_price: 91, qty: '12', client_order_id: 'second' });
    expect(next).toMatchObject({ status: 200, json: { replaces: id, client_order_id: 'second', status: 'pending_new', qty: '12' } });
    expect(ask('GET', `/v2/orders/${id}`).json).toMatchObject({ status: 'pending_replace', replaced_by: null });
    wait(100);
    expect(ask('GET', `/v2/orders/${id}`).json).toMatchObject({
      status: 'replaced',
      replaced_by: idOf(next),
      replaced_at: expect.any(String) as string,
    });
    expect(ask('GET', '/v2/orders').list).toMatchObject([{ id: idOf(next), status: 'new', limit_price: '91' }]);
  });

  it.each([
    ['an order nobody has', 'nobody', {}, 404, 40410000],
    ['nothing', '', {}, 422, 42210000],
    ['a price that is no number', '', { limit_price: 'high' }, 422, 40010001],
    ['a quantity that is none', '', { qty: '-3' }, 422, 40010001],
    ['an amount', '', { notional: '5' }, 422, 42210000],
  ])('is refused for %s', (_, name, body, status, code) => {
    const id = idOf(order(limit));
    wait(100);
    expect(ask('PATCH', `/v2/orders/${name === '' ? id : name}`, body)).toMatchObject({ status, json: { code } });
  });
});

it('cancelling all answers order by order, groups and packages among them', () => {
  order({ ...bracket, type: 'limit', limit_price: '95' });
  const leg = (symbol: string, side: string) => ({ symbol, ratio_qty: '1', side, position_intent: `${side}_to_open` });
  const legs = [leg(PUT95, 'sell'), leg(PUT90, 'buy')];
  ask('POST', '/v2/orders', { order_class: 'mleg', qty: '1', type: 'limit', time_in_force: 'day', limit_price: '-0.90', legs });
  wait(100);
  const answer = ask('DELETE', '/v2/orders');
  expect([answer.status, answer.list.map((one) => one['status'])]).toEqual([207, [200, 200, 200, 200]]);
  wait(100);
  expect(ask('GET', '/v2/orders?status=all').list.every((one) => one['status'] === 'canceled')).toBe(true);
});

describe('a position', () => {
  it('is closed by fraction only where a fraction is held', () => {
    holding('3');
    expect(ask('DELETE', '/v2/positions/ACME?percentage=50').json).toMatchObject({ qty: '1' });
    wait(100);
    holding('0.5');
    expect(ask('DELETE', '/v2/positions/ACME?percentage=50').json).toMatchObject({ qty: '1.25' });
    expect(ask('DELETE', '/v2/positions/ACME?percentage=101')).toMatchObject({ status: 422 });
    expect(ask('DELETE', '/v2/positions/ACME?qty=0')).toMatchObject({ status: 422 });
  });

  it('that orders lock is closed with them, when that is asked for', () => {
    holding('5');
    order({ qty: '5', side: 'sell', type: 'limit', limit_price: '110' });
    wait(100);
    expect(ask('DELETE', '/v2/positions').list).toMatchObject([
      { symbol: 'ACME', status: 403, body: { code: 40310000, held_for_orders: '5' } },
    ]);
    expect(ask('DELETE', '/v2/positions?cancel_orders=true').list).toMatchObject([
      { symbol: 'ACME', status: 200, body: { side: 'sell', qty: '5' } },
    ]);
    wait(100);
    expect(ask('GET', '/v2/positions').list).toEqual([]);
  });

  it('is exercised and left to lapse by symbol or by id, with a body or without', () => {
    ask('POST', '/v2/orders', { symbol: CALL105, qty: 1, side: 'buy', type: 'market', time_in_force: 'day' });
    wait(100);
    const id = String(ask('GET', `/v2/positions/${CALL105}`).json['asset_id']);
    for (const name of [CALL105, id]) {
      expect(ask('POST', `/v2/positions/${name}/exercise`, {})).toMatchObject({ status: 403, json: { code: 40310000 } });
      expect(ask('POST', `/v2/positions/${name}/do-not-exercise`)).toMatchObject({ status: 403, json: { code: 40310000 } });
    }
    expect(ask('POST', '/v2/positions/NOPE/exercise')).toMatchObject({
      status: 404,
      json: { code: 40410000, message: 'position does not exist' },
    });
    clock.set(at('2026-03-06', 12));
    expect(ask('POST', `/v2/positions/${CALL105}/do-not-exercise`)).toMatchObject({ status: 200 });
  });

  it('that is short is negative, and its sale is a short one on the statement', () => {
    order({ qty: '2', side: 'sell', type: 'market' });
    wait(100);
    expect(ask('GET', '/v2/positions').list).toMatchObject([{ qty: '-2', side: 'short', market_value: '-199.98', cost_basis: '-199.96' }]);
    expect(ask('GET', '/v2/account/activities/FILL').list).toMatchObject([{ side: 'sell_short', qty: '2' }]);
  });
});
