// Orders that belong together: when their legs wake, which of them may trade, and what ends with what.
import { describe, expect, it } from 'vitest';
import type { XOrder, XOrderRequest } from '../../../../src/exchange/types.ts';
import { at, type Bench, bench, CALL105, held, limit, MONDAY, market, placed, quiet, type Script, stop, usd } from './scripted-market.ts';

const ten = at(MONDAY, 10);
const five = at(MONDAY, 10, 5);

/** ACME at 99.98 x 100 until 10:05, then where it is told to be. */
const moving = (bid: number, more: Partial<Script> = {}): Script => ({
  quotes: {
    ...quiet.quotes,
    ACME: [
      [0, 99.98, 100],
      [five, bid, bid + 0.02],
    ],
  },
  ...more,
});
const bracket = (more: Partial<XOrderRequest> = {}): XOrderRequest =>
  limit('buy', 'ACME', 10, 100, {
    orderClass: 'bracket',
    takeProfit: usd(110),
    stopLoss: { stopPrice: usd(95), limitPrice: null },
    ...more,
  });
const oco = (more: Partial<XOrderRequest> = {}): XOrderRequest =>
  limit('sell', 'ACME', 10, 110, { orderClass: 'oco', stopLoss: { stopPrice: usd(95), limitPrice: null }, ...more });

const order = ({ core }: Bench, id: string | undefined): XOrder => {
  const found = core.order('a', id ?? '');
  if (found === undefined) throw new Error(`no order ${String(id)}`);
  return found;
};
const legs = (b: Bench, id: string): readonly XOrder[] => order(b, id).children;
const statuses = (b: Bench, id: string): readonly string[] => [order(b, id), ...legs(b, id)].map((one) => one.status);
const told = ({ events }: Bench): readonly string[] => events.map((e) => `${e.event} ${e.order.type}`);

describe('a bracket', () => {
  it('holds both legs until the entry is filled whole, then sends both', () => {
    const b = bench();
    const answer = b.core.submit('a', bracket(), ten);
    expect(answer.ok && answer.value.children.map((leg) => [leg.type, leg.side, leg.intent, leg.status, leg.held])).toEqual([
      ['limit', 'sell', 'sell_to_close', 'held', 0],
      ['stop', 'sell', 'sell_to_close', 'held', 0],
    ]);
    b.core.advance(ten + 100);
    expect(told(b)).toEqual(['new limit', 'fill limit', 'new limit', 'new stop']);
    expect(statuses(b, b.events[0]?.order.id ?? '')).toEqual(['filled', 'new', 'new']);
  });

  it('reserves its entry once, and its shares once', () => {
    const b = bench();
    const id = placed(b.core, bracket({ limitPrice: usd(99), takeProfit: usd(110) }), ten);
    expect(b.core.account('a', ten).buyingPower).toBe(usd(200_000 - 990));
    b.core.cancel('a', id, ten + 100);
    b.core.advance(ten + 200);
    expect(b.core.account('a', b.core.at).buyingPower).toBe(usd(200_000));
    placed(b.core, bracket(), ten + 300);
    b.core.advance(ten + 400);
    expect(b.core.positions('a', b.core.at)).toMatchObject([{ qty: 10, available: 0 }]);
    expect(b.core.submit('a', market('sell', 'ACME', 1), ten + 500)).toMatchObject({ ok: false, status: 403 });
  });

  it.each([
    ['its gain, and the stop ends', 110, 'filled', 'canceled', 1100],
    ['its loss, and the gain ends', 94, 'canceled', 'filled', 940],
  ] as const)('takes %s', (_, bid, gain, loss, cash) => {
    const b = bench(moving(bid));
    const id = placed(b.core, bracket(), ten);
    b.core.advance(five + 1_000);
    expect(statuses(b, id)).toEqual(['filled', gain, loss]);
    expect(held(b.core)).toEqual({});
    expect(legs(b, id).find((leg) => leg.status === 'filled')?.filledCash).toBe(usd(cash));
  });

  it('takes as much off the stop as a part of the gain has sold', () => {
    const script = moving(110, { sizes: { ACME: [[0, 4, 500]] } });
    const b = bench(script, { displayedSizes: true });
    const id = placed(b.core, bracket(), ten);
    b.core.advance(five + 500);
    expect(legs(b, id).map((leg) => [leg.status, leg.qty, leg.filledQty])).toEqual([
      ['partially_filled', 10, 4],
      ['new', 6, 0],
    ]);
    expect(b.core.positions('a', b.core.at)).toMatchObject([{ qty: 6, available: 0 }]);
  });

  it('ends whole when any member is cancelled', () => {
    const waiting = bench();
    const entry = placed(waiting.core, bracket({ limitPrice: usd(99) }), ten);
    waiting.core.advance(ten + 50);
    expect(waiting.core.cancel('a', legs(waiting, entry)[1]?.id ?? '', ten + 100).ok).toBe(true);
    waiting.core.advance(ten + 200);
    expect(statuses(waiting, entry)).toEqual(['canceled', 'canceled', 'canceled']);
    const working = bench();
    const id = placed(working.core, bracket(), ten);
    working.core.advance(ten + 100);
    working.core.cancel('a', legs(working, id)[0]?.id ?? '', ten + 200);
    working.core.advance(ten + 300);
    expect([statuses(working, id), held(working.core)]).toEqual([['filled', 'canceled', 'canceled'], { ACME: 10 }]);
  });

  it('leaves a part of an entry unprotected when the rest of it is cancelled', () => {
    const b = bench({ ...quiet, sizes: { ACME: [[0, 500, 4]] } }, { displayedSizes: true });
    const id = placed(b.core, bracket(), ten);
    b.core.advance(ten + 100);
    expect(statuses(b, id)).toEqual(['partially_filled', 'held', 'held']);
    b.core.cancel('a', id, ten + 200);
    b.core.advance(ten + 300);
    expect([statuses(b, id), held(b.core)]).toEqual([['canceled', 'canceled', 'canceled'], { ACME: 4 }]);
  });

  it('expires with its day, all of it', () => {
    const b = bench();
    const id = placed(b.core, bracket({ limitPrice: usd(90), stopLoss: { stopPrice: usd(80), limitPrice: null } }), ten);
    const filled = placed(b.core, bracket({ timeInForce: 'gtc' }), ten + 1_000);
    b.core.advance(at(MONDAY, 16, 1));
    expect(statuses(b, id)).toEqual(['expired', 'expired', 'expired']);
    expect(statuses(b, filled)).toEqual(['filled', 'new', 'new']);
  });

  it('is open in a nested list while a leg is, and a row of its own in a flat one', () => {
    const b = bench();
    const id = placed(b.core, bracket(), ten);
    b.core.advance(ten + 100);
    const filter = { limit: 50, after: null, until: null, direction: 'asc', symbols: null, side: null } as const;
    const listed = (status: 'open' | 'closed' | 'all', nested: boolean): readonly string[] =>
      b.core.orders('a', { ...filter, status, nested, afterOrderId: null, beforeOrderId: null }).map((one) => one.type);
    expect([listed('open', true), listed('open', false), listed('all', true), listed('all', false)]).toEqual([
      ['limit'],
      ['limit', 'stop'],
      ['limit'],
      ['limit', 'limit', 'stop'],
    ]);
    expect(b.core.orders('a', { ...filter, status: 'open', nested: true, afterOrderId: null, beforeOrderId: null })[0]?.id).toBe(id);
  });
});

describe('an oco', () => {
  const holding = (script: Script = quiet): Bench => {
    const b = bench(script);
    placed(b.core, market('buy', 'ACME', 10), ten);
    b.core.advance(ten + 100);
    return b;
  };

  it('is its take-profit order, with the stop held beside it for the same shares', () => {
    const b = holding();
    const id = placed(b.core, oco(), ten + 200);
    b.core.advance(ten + 300);
    expect(statuses(b, id)).toEqual(['new', 'held']);
    expect(b.core.positions('a', b.core.at)).toMatchObject([{ available: 0 }]);
  });

  it('gives its shares to the stop when that is reached', () => {
    const b = holding(moving(94));
    const id = placed(b.core, oco(), ten + 200);
    b.core.advance(five + 1_000);
    expect(statuses(b, id)).toEqual(['canceled', 'filled']);
    expect(told(b).slice(2)).toEqual(['new limit', 'canceled limit', 'new stop', 'fill stop']);
    expect(held(b.core)).toEqual({});
  });

  it('ends its stop when the gain is taken, and when it is cancelled by either member', () => {
    const gained = holding(moving(111));
    const id = placed(gained.core, oco(), ten + 200);
    gained.core.advance(five + 1_000);
    expect(statuses(gained, id)).toEqual(['filled', 'canceled']);
    for (const member of [0, 1]) {
      const b = holding();
      const pair = placed(b.core, oco(), ten + 200);
      b.core.advance(ten + 300);
      b.core.cancel('a', [pair, legs(b, pair)[0]?.id ?? ''][member] ?? '', ten + 400);
      b.core.advance(ten + 500);
      expect(statuses(b, pair)).toEqual(['canceled', 'canceled']);
    }
  });

  it('covers a short position as well, the other way round', () => {
    const b = bench(moving(89.97), { lends: true });
    placed(b.core, market('sell', 'ACME', 10), ten);
    const pair = limit('buy', 'ACME', 10, 90, { orderClass: 'oco', stopLoss: { stopPrice: usd(105), limitPrice: null } });
    const id = placed(b.core, pair, ten + 200);
    b.core.advance(five + 1_000);
    expect([statuses(b, id), held(b.core)]).toEqual([['filled', 'canceled'], {}]);
  });
});

it('an oto sends its one leg after the entry, and a stop with a limit waits at it', () => {
  const b = bench(moving(94));
  const loss = { stopPrice: usd(95), limitPrice: usd(94.5) };
  const id = placed(b.core, bracket({ orderClass: 'oto', takeProfit: null, stopLoss: loss }), ten);
  b.core.advance(five + 1_000);
  expect(legs(b, id)).toMatchObject([{ type: 'stop_limit', status: 'new', triggered: true, filledQty: 0 }]);
});

it('members of a group may stand against each other, others may not', () => {
  const b = bench();
  placed(b.core, bracket(), ten);
  b.core.advance(ten + 100);
  expect(b.core.submit('a', limit('buy', 'ACME', 1, 99), ten + 200)).toMatchObject({
    message: 'potential wash trade detected. use complex orders',
    extra: { reject_reason: 'opposite side stop order exists' },
  });
  expect(b.core.submit('a', bracket(), ten + 200).ok).toBe(true);
});

describe('a group is refused', () => {
  const base = '(base_price: 100.00)';
  const rows: readonly (readonly [string, XOrderRequest, number])[] = [
    ['bracket orders require take_profit.limit_price', bracket({ takeProfit: null }), 40010001],
    ['bracket orders require stop_loss.stop_price', bracket({ stopLoss: null }), 40010001],
    ['oto orders require one of take_profit and stop_loss', bracket({ orderClass: 'oto' }), 40010001],
    ['oco orders require stop_loss.stop_price', oco({ stopLoss: null }), 40010001],
    ['oco orders must be exit orders', oco({ side: 'buy' }), 42210000],
    ['bracket orders must be day or gtc', bracket({ timeInForce: 'ioc' }), 40010001],
    ['fractional orders must be simple orders', bracket({ qty: 1.5 }), 42210000],
    ['extended hours are not supported on bracket orders', bracket({ extendedHours: true }), 40010001],
    [`take_profit.limit_price must be >= base_price + 0.01 ${base}`, bracket({ takeProfit: usd(100) }), 42210000],
    [
      `stop_loss.stop_price must be <= base_price - 0.01 ${base}`,
      bracket({ stopLoss: { stopPrice: usd(100), limitPrice: null } }),
      42210000,
    ],
    [
      'invalid stop_loss.limit_price 94.999. sub-penny increment does not fulfill minimum pricing criteria',
      bracket({ stopLoss: { stopPrice: usd(95), limitPrice: usd(94.999) } }),
      42210000,
    ],
    ['take_profit and stop_loss are only allowed on bracket, oco and oto orders', bracket({ orderClass: 'simple' }), 40010001],
    [
      'complex orders not supported for options trading',
      limit('buy', CALL105, 1, 1, { orderClass: 'bracket', takeProfit: usd(2), stopLoss: { stopPrice: usd(0.5), limitPrice: null } }),
      42210000,
    ],
  ];
  it.each(rows)('%s', (message, request, code) => {
    expect(bench().core.submit('a', request, ten)).toEqual({ ok: false, status: 422, code, message });
  });

  it('when an exit is asked for as an entry, or its stop lies beyond its gain', () => {
    const { core } = bench();
    placed(core, market('buy', 'ACME', 10), ten);
    core.advance(ten + 100);
    expect(core.submit('a', bracket({ side: 'sell' }), ten + 200)).toMatchObject({ message: 'bracket orders must be entry orders' });
    expect(core.submit('a', oco({ limitPrice: usd(94) }), ten + 200)).toMatchObject({
      message: 'take_profit.limit_price must be > stop_loss.stop_price',
    });
    expect(core.submit('a', oco({ qty: 11 }), ten + 200)).toMatchObject({ status: 403 });
    expect(core.submit('a', stop('sell', 'ACME', 10, 95), ten + 200).ok).toBe(true);
  });
});
