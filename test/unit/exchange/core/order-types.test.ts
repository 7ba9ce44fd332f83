// Order types and times in force beyond market and limit: stops with limits, trails, auctions, longer hours, fractions, short sales.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import { openExchangeCore } from '../../../../src/exchange/core/core.ts';
import type { ExchangeMarket } from '../../../../src/exchange/market.ts';
import type { XOrder, XOrderRequest } from '../../../../src/exchange/types.ts';
import {
  allActivities,
  at,
  type Bench,
  bench,
  CALL105,
  calendar,
  held,
  limit,
  MONDAY,
  market,
  placed,
  quiet,
  type Script,
  scriptedMarket,
  stop,
  usd,
} from './scripted-market.ts';

const ten = at(MONDAY, 10);
const TUESDAY = '2026-03-03';

/** ACME's bid from ten on, minute by minute; the ask is two cents above it. */
const path = (...bids: readonly number[]): Script => ({
  quotes: {
    ...quiet.quotes,
    ACME: [[0, 99.98, 100] as const, ...bids.map((bid, i) => [at(MONDAY, 10, i + 1), bid, bid + 0.02] as const)],
  },
});
const order = ({ core }: Bench, id: string): XOrder => {
  const found = core.order('a', id);
  if (found === undefined) throw new Error(`no order ${id}`);
  return found;
};
const withShares = (script: Script): Bench => {
  const b = bench(script);
  placed(b.core, market('buy', 'ACME', 10), ten);
  b.core.advance(ten + 100);
  return b;
};

describe('a stop with a limit', () => {
  const request = (at_: number, worst: number): XOrderRequest =>
    stop('sell', 'ACME', 10, at_, { type: 'stop_limit', limitPrice: usd(worst) });

  it('sleeps until its stop, then takes no less than its limit', () => {
    const b = withShares(path(97, 96, 94, 95.5));
    const near = placed(b.core, request(98, 96.5), ten + 200);
    b.core.advance(at(MONDAY, 10, 1, 1));
    expect(order(b, near)).toMatchObject({ status: 'filled', filledCash: usd(970) });
  });

  it('is left behind by a gap, and waits at its limit', () => {
    const b = withShares(path(94, 95.5));
    const id = placed(b.core, request(98, 95.2), ten + 200);
    b.core.advance(at(MONDAY, 10, 1, 30));
    expect(order(b, id)).toMatchObject({ status: 'new', triggered: true });
    b.core.advance(at(MONDAY, 10, 2, 1));
    expect(order(b, id)).toMatchObject({ status: 'filled', filledCash: usd(952) });
  });

  it('is served on one option too', () => {
    const b = bench({
      quotes: {
        ...quiet.quotes,
        [CALL105]: [
          [0, 1.1, 1.15],
          [at(MONDAY, 10, 1), 0.8, 0.85],
        ],
      },
    });
    placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
    const id = placed(b.core, stop('sell', CALL105, 1, 0.9, { timeInForce: 'day' }), ten + 100);
    b.core.advance(at(MONDAY, 10, 1, 1));
    expect(order(b, id)).toMatchObject({ status: 'filled', filledCash: usd(80) });
  });
});

it('a stop to buy follows a gap only as far as its collar', () => {
  const b = bench(path(105));
  const id = placed(b.core, stop('buy', 'ACME', 10, 102), ten);
  b.core.advance(at(MONDAY, 10, 2));
  expect(order(b, id)).toMatchObject({ status: 'new', triggered: true, filledQty: 0 });
});

describe('a trailing stop', () => {
  const trailing = (kind: 'price' | 'percent', amount: number): XOrderRequest =>
    stop('sell', 'ACME', 10, 1, { type: 'trailing_stop', stopPrice: null, trail: { kind, amount: usd(amount) } });

  it.each([
    ['price', 2, 103],
    ['percent', 2, 102.9],
  ] as const)('follows the best bid by its %s and never goes back', (kind, amount, ends) => {
    const b = withShares(path(105, 104, 102.5));
    const id = placed(b.core, trailing(kind, amount), ten + 200);
    expect(order(b, id)).toMatchObject({ hwm: usd(99.98), stopPrice: usd(97.98) });
    b.core.advance(at(MONDAY, 10, 2, 30));
    expect(order(b, id)).toMatchObject({ status: 'new', hwm: usd(105), stopPrice: usd(ends) });
    b.core.advance(at(MONDAY, 10, 3, 1));
    expect(order(b, id)).toMatchObject({ status: 'filled', filledCash: usd(1025) });
  });

  it('that buys follows the ask down', () => {
    const b = bench(path(95, 96, 97.5));
    const id = placed(b.core, { ...trailing('price', 2), side: 'buy' }, ten);
    b.core.advance(at(MONDAY, 10, 2, 30));
    expect(order(b, id)).toMatchObject({ status: 'new', hwm: usd(95.02), stopPrice: usd(97.02) });
    b.core.advance(at(MONDAY, 10, 3, 1));
    expect(order(b, id)).toMatchObject({ status: 'filled', filledCash: usd(975.2) });
  });

  it.each([
    ['trailing stop orders require one of trail_price and trail_percent', { trail: null }],
    ['trailing stop orders require no stop or limit price', { stopPrice: usd(90) }],
    ['trail_percent must be < 100', { trail: { kind: 'percent', amount: usd(100) } }],
    ['trail_price must be > 0', { trail: { kind: 'price', amount: 0 } }],
    ['trailing_stop orders must be day or gtc', { timeInForce: 'ioc' }],
  ] as const)('is refused: %s', (message, more) => {
    const b = withShares(quiet);
    expect(b.core.submit('a', { ...trailing('price', 1), ...more }, ten + 200)).toMatchObject({ status: 422, message });
  });
});

describe('an auction', () => {
  const opening = (price: number): XOrderRequest => limit('buy', 'ACME', 10, price, { timeInForce: 'opg' });

  it.each([
    ['fills at the touch of the open', 101, 'filled', ['new', 'fill']],
    ['cancels what the open does not fill', 99, 'canceled', ['new', 'canceled']],
  ] as const)('%s', (_, price, status, told) => {
    const b = bench();
    const id = placed(b.core, opening(price), at(MONDAY, 19));
    expect(order(b, id).status).toBe('accepted');
    b.core.advance(at(TUESDAY, 9, 31));
    expect([order(b, id).status, b.events.map((e) => e.event)]).toEqual([status, told]);
  });

  it.each([
    ['opg', at(TUESDAY, 9, 27), true],
    ['opg', at(TUESDAY, 9, 28), false],
    ['opg', at(MONDAY, 18, 59), false],
    ['cls', at(MONDAY, 15, 49), true],
    ['cls', at(MONDAY, 15, 50), false],
    ['cls', at(MONDAY, 19), true],
    ['opg', at('2026-03-07', 12), true],
  ] as const)('takes orders in its window only: %s at %d is %s', (timeInForce, instant, ok) => {
    const answer = bench().core.submit('a', limit('buy', 'ACME', 1, 99, { timeInForce }), instant);
    expect(answer.ok).toBe(ok);
    if (!answer.ok) expect(answer).toMatchObject({ status: 403, code: 40310000 });
  });

  it('of the close prints the official close, and nothing before it', () => {
    const b = bench({ ...quiet, closes: { [`ACME ${MONDAY}`]: 101.25 } });
    const bought = placed(b.core, market('buy', 'ACME', 10, { timeInForce: 'cls' }), ten);
    const low = placed(b.core, limit('buy', 'ACME', 10, 101, { timeInForce: 'cls' }), ten);
    b.core.advance(at(MONDAY, 15, 59, 59));
    expect([order(b, bought).status, order(b, low).status]).toEqual(['new', 'new']);
    b.core.advance(at(MONDAY, 16));
    expect(order(b, bought)).toMatchObject({ status: 'filled', filledCash: usd(1012.5), filledAt: at(MONDAY, 16) });
    expect(order(b, low).status).toBe('canceled');
  });
});

describe('longer hours', () => {
  const early = limit('buy', 'ACME', 10, 101, { extendedHours: true });

  it('last from 04:00 to 20:00, and a day order ends with them', () => {
    const b = bench();
    const id = placed(b.core, limit('buy', 'ACME', 1, 90, { extendedHours: true }), at(MONDAY, 17));
    expect(order(b, id)).toMatchObject({ extendedHours: true, expiresAt: at(MONDAY, 20) });
    b.core.advance(at(MONDAY, 17, 1));
    expect(order(b, id).status).toBe('new');
    b.core.advance(at(MONDAY, 20, 1));
    expect(order(b, id)).toMatchObject({ status: 'expired', expiredAt: at(MONDAY, 20) });
    const next = placed(b.core, limit('buy', 'ACME', 1, 90, { extendedHours: true }), at(MONDAY, 21));
    expect(order(b, next)).toMatchObject({ status: 'accepted', expiresAt: at(TUESDAY, 20) });
    b.core.advance(at(TUESDAY, 4, 1));
    expect(order(b, next).status).toBe('new');
  });

  it('are traded where the market quotes in them, by orders that ask for it alone', () => {
    const allDay: ExchangeMarket = {
      ...scriptedMarket(quiet),
      quote: (_, instant) => ({ bid: usd(99.98), ask: usd(100), bidSize: null, askSize: null, at: instant, mark: 'live' }),
    };
    const core = openExchangeCore({
      file: ':memory:',
      market: allDay,
      calendar,
      keys: [{ id: 'k', secret: 's', account: 'a' }],
      seed: 7,
      start: ten,
    });
    const plain = placed(core, limit('buy', 'ACME', 10, 101), at(MONDAY, 17));
    const id = placed(core, early, at(MONDAY, 17));
    core.advance(at(MONDAY, 17, 1));
    expect([core.order('a', id)?.status, core.order('a', plain)?.status]).toEqual(['filled', 'accepted']);
  });

  it.each([
    [market('buy', 'ACME', 1, { extendedHours: true })],
    [limit('buy', 'ACME', 1, 90, { extendedHours: true, timeInForce: 'ioc' })],
    [stop('buy', 'ACME', 1, 110, { extendedHours: true })],
  ])('are for limit orders of the day or longer', (request) => {
    expect(bench().core.submit('a', request, ten)).toMatchObject({
      status: 422,
      code: 40010001,
      message: 'extended hours order must be DAY or GTC limit orders',
    });
  });
});

describe('a fraction', () => {
  it('of a share is bought and sold to nine decimals, to the last one', () => {
    const b = bench();
    placed(b.core, market('buy', 'ACME', 0.1), ten);
    placed(b.core, market('buy', 'ACME', 0.2), ten + 100);
    b.core.advance(ten + 200);
    expect(b.core.positions('a', b.core.at)).toMatchObject([{ qty: 0.3, available: 0.3, cost: usd(30) }]);
    expect(b.core.submit('a', market('sell', 'ACME', 0.300000001), ten + 300)).toMatchObject({
      message: 'insufficient qty available for order (requested: 0.300000001, available: 0.3)',
    });
    placed(b.core, limit('sell', 'ACME', 0.3, 99), ten + 300);
    b.core.advance(ten + 400);
    expect([held(b.core), b.core.account('a', b.core.at).cash]).toEqual([{}, usd(100_000 - 30 + 0.3 * 99.98)]);
  });

  it('of a share is paid its fraction of a dividend, to the micro', () => {
    const exDay = tradingDay(TUESDAY);
    const b = bench({ ...quiet, dividends: [{ symbol: 'ACME', exDay, payDay: exDay, perShare: usd(0.31) }] });
    placed(b.core, market('buy', 'ACME', 0.333333333), ten);
    b.core.advance(at(TUESDAY, 6));
    expect(allActivities(b.core, b.core.at).at(-1)).toMatchObject({ type: 'DIV', qty: 0.333333333, netAmount: usd(0.103333) });
  });

  it('for an amount buys what the amount pays for, and not a cent more', () => {
    const b = bench({ quotes: { ...quiet.quotes, ACME: [[0, 29.98, 30]] } });
    const id = placed(b.core, market('buy', 'ACME', 0, { notional: usd(100) }), ten);
    expect(order(b, id).held).toBe(usd(100));
    b.core.advance(ten + 100);
    expect(order(b, id)).toMatchObject({ status: 'filled', notional: usd(100), qty: 3.333333333, filledQty: 3.333333333 });
    expect(b.core.account('a', b.core.at).cash).toBeGreaterThanOrEqual(usd(99_900));
    const sale = placed(b.core, market('sell', 'ACME', 0, { notional: usd(99.9) }), ten + 200);
    b.core.advance(ten + 300);
    expect(order(b, sale)).toMatchObject({ status: 'filled' });
    expect(held(b.core).ACME).toBeGreaterThan(0);
  });

  it('for an amount sells no more than is held when the price has fallen', () => {
    const b = bench(path(50));
    placed(b.core, market('buy', 'ACME', 1.5), ten);
    const id = placed(b.core, limit('sell', 'ACME', 0, 49, { notional: usd(73.5) }), at(MONDAY, 10, 0, 59));
    b.core.advance(at(MONDAY, 10, 1, 1));
    expect([order(b, id).status, held(b.core)]).toEqual(['filled', { ACME: expect.any(Number) as number }]);
    expect(held(b.core).ACME).toBeGreaterThan(0);
  });

  it.each([
    ['fractional orders must be DAY orders', limit('buy', 'ACME', 1.5, 90, { timeInForce: 'gtc' }), 42210000],
    ['qty must be integer', limit('buy', CALL105, 1.5, 1), 42210000],
    ['cost basis must be >= minimal amount of order 1', market('buy', 'ACME', 0.009), 42210000],
    ['cost basis must be >= minimal amount of order 1', market('buy', 'ACME', 0, { notional: usd(0.99) }), 42210000],
    ['notional must be limited to 2 decimal places', market('buy', 'ACME', 0, { notional: usd(10.001) }), 42210000],
    ['notional orders must be market or limit orders', stop('buy', 'ACME', 0, 110, { notional: usd(10) }), 42210000],
    ['notional not supported', limit('buy', CALL105, 0, 1, { notional: usd(10) }), 42210000],
  ] as const)('is refused: %s', (message, request, code) => {
    expect(bench().core.submit('a', request, ten)).toEqual({ ok: false, status: 422, code, message });
  });
});

describe('a short sale', () => {
  const short = (script: Script = quiet, cash = 100_000): Bench => bench(script, { lends: true, startingCash: usd(cash) });

  it('borrows, is covered, and is never more than is owed', () => {
    const b = short(path(90));
    placed(b.core, market('sell', 'ACME', 100), ten);
    b.core.advance(ten + 100);
    expect(held(b.core)).toEqual({ ACME: -100 });
    expect(allActivities(b.core, b.core.at)[0]?.fill?.side).toBe('sell_short');
    expect(b.core.account('a', b.core.at).optionsBuyingPower).toBe(usd(100_000 + 9_998 - 1.5 * 9_999));
    expect(b.core.submit('a', limit('buy', 'ACME', 101, 90), ten + 200)).toMatchObject({ status: 403 });
    placed(b.core, limit('buy', 'ACME', 100, 91), ten + 300);
    b.core.advance(at(MONDAY, 10, 2));
    expect([held(b.core), b.core.account('a', b.core.at).cash]).toEqual([{}, usd(100_000 + 9_998 - 9_100)]);
  });

  it('reserves its price, or the ask and three hundredths', () => {
    const b = short();
    const id = placed(b.core, limit('sell', 'ACME', 100, 101), ten);
    expect(order(b, id).held).toBe(usd(103 * 100));
  });

  it.each([
    ['account is not allowed to short', short(quiet, 1_999), market('sell', 'ACME', 1), 403],
    ['account is not allowed to short', bench(), market('sell', 'ACME', 1), 403],
    ['fractional orders cannot be sold short', short(), market('sell', 'ACME', 1.5), 422],
    ['insufficient buying power', short(), market('sell', 'ACME', 1_942), 403],
  ] as const)('is refused: %s', (message, b, request, status) => {
    expect(b.core.submit('a', request, ten)).toMatchObject({ ok: false, status, message });
  });

  it('and a long buy do not stand open side by side', () => {
    const b = short();
    placed(b.core, limit('buy', 'ACME', 1, 90), ten);
    expect(b.core.submit('a', limit('sell', 'ACME', 1, 110), ten)).toMatchObject({
      message: 'cannot open a short sell while a long buy order is open',
    });
    placed(b.core, limit('sell', 'FUND', 1, 60), ten);
    expect(b.core.submit('a', limit('buy', 'FUND', 1, 40), ten)).toMatchObject({
      message: 'cannot open a long buy while a short sell order is open',
    });
  });

  it('does not turn a long position around', () => {
    const b = short();
    placed(b.core, market('buy', 'ACME', 10), ten);
    b.core.advance(ten + 100);
    expect(b.core.submit('a', market('sell', 'ACME', 11), ten + 200)).toMatchObject({
      message: 'insufficient qty available for order (requested: 11, available: 10)',
    });
  });
});

it('tells every step to who asks for it', () => {
  const b = bench(quiet, { everyStep: true });
  placed(b.core, limit('buy', 'ACME', 1, 90, { timeInForce: 'gtc' }), ten);
  b.core.advance(at(TUESDAY, 9, 31));
  const raced = placed(b.core, limit('buy', CALL105, 1, 1.15), at(TUESDAY, 10));
  b.core.cancel('a', raced, at(TUESDAY, 10) + 15);
  b.core.advance(at(TUESDAY, 10, 1));
  expect(b.events.map((e) => e.event)).toEqual([
    'accepted',
    'new',
    'done_for_day',
    'new',
    'pending_new',
    'new',
    'pending_cancel',
    'fill',
    'order_cancel_rejected',
  ]);
});
