// What the exchange refuses, with the status, code, words and keys a client meets.
import { describe, expect, it } from 'vitest';
import type { XOrderRequest } from '../../../../src/exchange/types.ts';
import {
  at,
  type Bench,
  bench,
  CALL105,
  CALL110,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  placed,
  stop,
  usd,
} from './scripted-market.ts';

const ten = at(MONDAY, 10);
const noon = at(MONDAY, 12);

/** Puts the account where a check can be seen: each order must fill before noon. */
function prepared(orders: readonly XOrderRequest[], open: readonly XOrderRequest[] = []): Bench {
  const made = bench();
  for (const [i, order] of orders.entries()) placed(made.core, order, ten + i * 1_000);
  made.core.advance(noon - 1_000);
  for (const order of open) placed(made.core, order, noon - 1_000);
  return made;
}

describe('a request of the wrong form', () => {
  const rows: readonly (readonly [string, XOrderRequest, number, number])[] = [
    ['market orders require no stop or limit price', market('buy', 'ACME', 1, { limitPrice: usd(1) }), 422, 40010001],
    ['limit orders require a limit price', limit('buy', 'ACME', 1, 1, { limitPrice: null }), 422, 40010001],
    ['stop orders require a stop price', stop('buy', 'ACME', 1, 1, { stopPrice: null }), 422, 40010001],
    ['side is required', limit('buy', 'ACME', 1, 1, { side: null }), 422, 40010001],
    ['qty must be > 0', limit('buy', 'ACME', 0, 1), 422, 40010001],
    ['client_order_id must be no more than 128 characters', limit('buy', 'ACME', 1, 1, { clientOrderId: 'x'.repeat(129) }), 422, 40010001],
    [
      'invalid limit_price 99.995. sub-penny increment does not fulfill minimum pricing criteria',
      limit('buy', 'ACME', 1, 99.995),
      422,
      42210000,
    ],
    ['could not find asset "NOPE"', limit('buy', 'NOPE', 1, 1), 422, 42210000],
    ['opg orders must be submitted after 7:00pm and before 9:28am', limit('buy', 'ACME', 1, 99, { timeInForce: 'opg' }), 403, 40310000],
    ['extended hours not supported', limit('buy', CALL105, 1, 1, { extendedHours: true }), 422, 42210000],
    ['order_time_in_force provided not supported for options trading', limit('buy', CALL105, 1, 1, { timeInForce: 'ioc' }), 422, 42210000],
    ['stop price must be below the current price', stop('sell', 'ACME', 1, 120), 422, 42210000],
    [
      'leg ratios must have a greatest common divisor of 1',
      mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7, {
        legs: mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7).legs.map((leg) => ({ ...leg, ratioQty: 2 })),
      }),
      422,
      42210000,
    ],
    ['multi-leg orders take 2 to 4 legs, not 1', mleg([`bto ${PUT90}`], 1, 1), 422, 42210000],
    ['leg symbols must be unique', mleg([`bto ${PUT90}`, `bto ${PUT90}`], 1, 1), 422, 42210000],
  ];
  it.each(rows)('is refused: %s', (message, request, status, code) => {
    const { core } = prepared([market('buy', 'ACME', 10)]);
    expect(core.submit('a', request, noon)).toEqual({ ok: false, status, code, message });
  });
});

describe('a request the account may not make', () => {
  const rows: readonly (readonly [string, readonly XOrderRequest[], readonly XOrderRequest[], XOrderRequest, object])[] = [
    [
      'buying beyond buying power',
      [],
      [],
      limit('buy', 'ACME', 2_001, 100),
      {
        status: 403,
        code: 40310000,
        message: 'insufficient buying power',
        extra: { buying_power: '200000.00', cost_basis: '200100.00' },
      },
    ],
    ['selling shares it does not hold', [], [], limit('sell', 'ACME', 1, 100), { status: 403, message: 'account is not allowed to short' }],
    [
      'selling more than is free',
      [market('buy', 'ACME', 10)],
      [limit('sell', 'ACME', 6, 110)],
      limit('sell', 'ACME', 5, 110),
      {
        status: 403,
        message: 'insufficient qty available for order (requested: 5, available: 4)',
        extra: { symbol: 'ACME', existing_qty: '10', available: '4', held_for_orders: '6', related_orders: [expect.any(String)] },
      },
    ],
    [
      'selling shares that cover a call',
      [market('buy', 'ACME', 100), limit('sell', CALL105, 1, 1)],
      [],
      market('sell', 'ACME', 1),
      {
        status: 403,
        message: 'insufficient qty available for order (requested: 1, available: 0)',
      },
    ],
    [
      'selling an uncovered call',
      [market('buy', 'ACME', 99)],
      [],
      limit('sell', CALL105, 1, 1),
      {
        status: 403,
        message: 'insufficient underlying qty available for covered call (required: 100, available: 99)',
        extra: { required_qty: '100', available_qty: '99', symbol: 'ACME' },
      },
    ],
    [
      'covering two calls with the same shares',
      [market('buy', 'ACME', 100)],
      [limit('sell', CALL105, 1, 3)],
      limit('sell', CALL110, 1, 3),
      {
        status: 403,
        message: 'insufficient underlying qty available for covered call (required: 100, available: 0)',
      },
    ],
    [
      'securing more puts than there is cash for',
      [limit('sell', PUT95, 10, 1.1)],
      [],
      limit('sell', PUT90, 1, 0.4),
      {
        status: 403,
        message: 'insufficient options buying power for cash-secured put (required: 9000.00, available: 6200.00)',
        extra: { required_options_buying_power: '9000.00', buying_power: '6200.00' },
      },
    ],
    [
      'paying more premium than there is cash',
      [],
      [],
      limit('buy', CALL105, 1_000, 1.15),
      {
        status: 403,
        message: 'insufficient options buying power',
        extra: { options_buying_power: '100000.00', cost_basis: '115000.00' },
      },
    ],
    [
      'a package with a naked leg',
      [],
      [],
      mleg([`sto ${PUT95}`, `sto ${CALL105}`], 1, -2),
      {
        status: 403,
        message: 'account not eligible to trade uncovered option contracts',
      },
    ],
    [
      'buying against an open sale',
      [market('buy', 'ACME', 10)],
      [stop('sell', 'ACME', 10, 90)],
      limit('buy', 'ACME', 1, 95),
      {
        status: 403,
        message: 'potential wash trade detected. use complex orders',
        extra: { reject_reason: 'opposite side stop order exists' },
      },
    ],
    [
      'an intent that contradicts what is held',
      [],
      [],
      limit('sell', PUT95, 1, 1.1, { intent: 'sell_to_close' }),
      {
        status: 422,
        code: 42210000,
        message: 'position intent mismatch, inferred: sell_to_open, specified: sell_to_close',
      },
    ],
    [
      'closing more contracts than are held',
      [limit('buy', CALL105, 2, 1.15)],
      [],
      limit('sell', CALL105, 3, 1),
      {
        status: 403,
        message: 'insufficient qty available for order (requested: 3, available: 2)',
      },
    ],
  ];
  it.each(rows)('%s', (_, orders, open, request, refusal) => {
    const { core } = prepared(orders, open);
    expect(core.submit('a', request, noon)).toMatchObject({ ok: false, ...refusal });
  });
});

describe('what stays allowed', () => {
  it('limits on both sides that cannot meet', () => {
    const { core } = prepared([market('buy', 'ACME', 10)], [limit('sell', 'ACME', 10, 110)]);
    expect(core.submit('a', limit('buy', 'ACME', 1, 95), noon).ok).toBe(true);
  });
  it('buying back a secured put with all cash pledged', () => {
    const { core } = prepared([limit('sell', PUT95, 10, 1.1)]);
    expect(core.submit('a', limit('buy', PUT95, 10, 1.3), noon)).toMatchObject({ ok: true, value: { held: 0, intent: 'buy_to_close' } });
  });
  it('a call sold against a longer call bought before: a spread built leg by leg', () => {
    const { core } = prepared([limit('buy', CALL105, 1, 1.15)]);
    expect(core.submit('a', limit('sell', CALL110, 1, 0.3), noon)).toMatchObject({ ok: true, value: { held: 0 } });
    expect(core.submit('a', limit('sell', CALL105, 1, 1), noon)).toMatchObject({
      message: 'account not eligible to trade uncovered option contracts',
    });
  });
  it('holding for a credit spread what it can lose less what it brings', () => {
    const { core } = prepared([], [mleg([`sto ${PUT95}`, `bto ${PUT90}`], 2, -0.8)]);
    expect(core.account('a', noon).optionsBuyingPower).toBe(usd(100_000 - (5 - 0.8) * 200));
  });
});

describe('times of day', () => {
  it('refuse option market orders outside the session', () => {
    const message = 'options market orders are only allowed during market hours';
    expect(bench().core.submit('a', market('buy', CALL105, 1), at(MONDAY, 17))).toMatchObject({ status: 422, message });
  });
  it.each([
    ['before', 14, true],
    ['after', 16, false],
  ] as const)('let expiring contracts be opened only %s 15:15', (_, minute, ok) => {
    expect(bench().core.submit('a', limit('buy', CALL105, 1, 1), at('2026-03-06', 15, minute)).ok).toBe(ok);
  });
  it('refuse a contract after its last close', () => {
    expect(bench().core.submit('a', limit('buy', CALL105, 1, 1), at('2026-03-06', 16))).toMatchObject({
      message: `option contract "${CALL105}" has expired`,
    });
  });
});

it('keeps client order ids unique for ever', () => {
  const { core } = bench();
  const id = placed(core, limit('buy', 'ACME', 1, 90, { clientOrderId: 'mine' }), ten);
  core.cancel('a', id, ten + 100);
  core.advance(noon);
  expect(core.submit('a', limit('buy', 'ACME', 1, 90, { clientOrderId: 'mine' }), noon)).toEqual({
    ok: false,
    status: 422,
    code: 40010001,
    message: 'client_order_id must be unique',
  });
});

it('lets the venue reject an option price off its tick', () => {
  const { core, events } = bench();
  placed(core, limit('sell', PUT95, 1, 3.01), ten);
  core.advance(ten + 50);
  expect(events.map((e) => [e.event, e.order.rejectReason])).toEqual([['rejected', 'limit price 3.01 is not a multiple of 0.05']]);
});

it('opens an account only to its own key pair', () => {
  const { core } = bench();
  expect([core.authenticate('k', 's'), core.authenticate('k', 'x'), core.authenticate('x', 's')]).toEqual(['a', undefined, undefined]);
});
