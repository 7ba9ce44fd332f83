// The life of orders on the exchange: when they are acknowledged, at what price they fill, and how they end.
import { describe, expect, it } from 'vitest';
import type { XOrderRequest } from '../../../../src/exchange/types.ts';
import { at, bench, CALL105, held, limit, MONDAY, market, mleg, PUT90, PUT95, placed, quiet, shown, stop, usd } from './scripted-market.ts';

const ten = at(MONDAY, 10);

describe('an order the touch can fill', () => {
  const rows: readonly (readonly [string, XOrderRequest, string, number])[] = [
    ['a market buy of shares pays the ask', market('buy', 'ACME', 10), 'accepted', 100],
    ['a limit buy above the ask pays the ask', limit('buy', 'ACME', 10, 101), 'accepted', 100],
    ['a market buy of an option pays the ask', market('buy', CALL105, 2), 'pending_new', 1.15],
    ['a sale of a secured put gets the bid', limit('sell', PUT95, 2, 1.1), 'pending_new', 1.2],
  ];
  it.each(rows)('%s', (_, request, first, price) => {
    const { core, events } = bench();
    const answer = core.submit('a', request, ten);
    expect(answer.ok && [answer.value.status, answer.value.filledQty]).toEqual([first, 0]);
    core.advance(ten + 50);
    expect(events.map((e) => [e.event, e.at - ten])).toEqual([
      ['new', 10],
      ['fill', 30],
    ]);
    expect(shown(events[1]?.execution?.price ?? 0)).toBe(price);
    const multiplier = request.symbol === 'ACME' ? 1 : 100;
    expect(core.account('a', ten + 50).cash).toBe(
      100_000_000_000 - (request.side === 'buy' ? 1 : -1) * usd(price) * request.qty * multiplier,
    );
    expect(events[1]?.execution?.positionQty).toBe(request.side === 'buy' ? request.qty : -request.qty);
  });
});

describe('an order that waits', () => {
  const moving = {
    quotes: {
      ...quiet.quotes,
      ACME: [
        [0, 99.98, 100],
        [at(MONDAY, 10, 5), 98.4, 98.42],
        [at(MONDAY, 11), 103, 103.02],
      ],
    },
  } as const;

  it('fills at its own limit when the touch comes down to it', () => {
    const { core, events } = bench(moving);
    placed(core, limit('buy', 'ACME', 10, 98.5), ten);
    core.advance(at(MONDAY, 10, 4, 59));
    expect(events.map((e) => e.event)).toEqual(['new']);
    core.advance(at(MONDAY, 10, 5));
    expect(events.at(-1)).toMatchObject({ event: 'fill', at: at(MONDAY, 10, 5), execution: { price: usd(98.5) } });
  });

  it('triggers a sell stop on the bid and then takes it', () => {
    const { core, events } = bench(moving);
    placed(core, market('buy', 'ACME', 10), ten);
    const id = placed(core, stop('sell', 'ACME', 10, 99), ten + 100);
    core.advance(at(MONDAY, 10, 6));
    expect(core.order('a', id)).toMatchObject({ status: 'filled', triggered: true, filledCash: usd(984) });
    expect(events.at(-1)?.at).toBe(at(MONDAY, 10, 5));
  });

  it('triggers a buy stop on the ask', () => {
    const { core } = bench(moving);
    const id = placed(core, stop('buy', 'ACME', 10, 102), ten);
    core.advance(at(MONDAY, 10, 59));
    expect(core.order('a', id)?.triggered).toBe(false);
    core.advance(at(MONDAY, 11));
    expect(core.order('a', id)).toMatchObject({ status: 'filled', filledCash: usd(1030.2) });
  });

  it.each([
    ['ACME', limit('buy', 'ACME', 1, 90)],
    [PUT95, limit('sell', PUT95, 1, 3)],
  ] as const)('expires at the close when it is for the day: %s', (_, request) => {
    const { core, events } = bench();
    const id = placed(core, request, ten);
    core.advance(at(MONDAY, 16, 1));
    expect(core.order('a', id)).toMatchObject({ status: 'expired', expiredAt: at(MONDAY, 16), held: 0 });
    expect(events.map((e) => e.event)).toEqual(['new', 'expired']);
  });

  it('lives on when it is good till cancelled, and takes the next open at the touch', () => {
    const { core } = bench({
      quotes: {
        ...quiet.quotes,
        ACME: [
          [0, 99.98, 100],
          [at('2026-03-03', 9, 30), 95, 95.02],
        ],
      },
    });
    const id = placed(core, limit('buy', 'ACME', 10, 97, { timeInForce: 'gtc' }), ten);
    core.advance(at('2026-03-03', 9, 31));
    expect(core.order('a', id)).toMatchObject({ status: 'filled', filledAt: at('2026-03-03', 9, 30), filledCash: usd(950.2) });
  });

  it('queues for the next session when it is sent after the close', () => {
    const { core, events } = bench();
    const answer = core.submit('a', limit('buy', 'ACME', 1, 101), at(MONDAY, 18));
    expect(answer.ok && [answer.value.status, answer.value.expiresAt]).toEqual(['accepted', at('2026-03-03', 16)]);
    core.advance(at('2026-03-03', 9, 29, 59));
    expect(events).toEqual([]);
    core.advance(at('2026-03-03', 9, 30, 1));
    expect(events.map((e) => e.event)).toEqual(['new', 'fill']);
  });

  it.each(['ioc', 'fok'] as const)('is cancelled at once when it is %s', (timeInForce) => {
    const { core, events } = bench();
    placed(core, limit('buy', 'ACME', 1, 90, { timeInForce }), ten);
    core.advance(ten + 50);
    expect(events.map((e) => e.event)).toEqual(['new', 'canceled']);
  });
});

describe('a cancel', () => {
  it('is confirmed a moment after it was asked for', () => {
    const { core, events } = bench();
    const id = placed(core, limit('buy', 'ACME', 1, 90), ten);
    expect(core.cancel('a', id, ten + 1_000)).toEqual({ ok: true, value: null });
    expect(core.order('a', id)?.status).toBe('pending_cancel');
    core.advance(ten + 1_020);
    expect(events.map((e) => e.event)).toEqual(['new', 'pending_cancel', 'canceled']);
  });

  it('loses the race against a fill that comes first', () => {
    const { core, events } = bench();
    const id = placed(core, limit('buy', 'ACME', 1, 101), ten);
    core.cancel('a', id, ten + 15);
    core.advance(ten + 100);
    expect(events.map((e) => e.event)).toEqual(['new', 'pending_cancel', 'fill']);
    expect(core.cancel('a', id, ten + 100)).toMatchObject({
      ok: false,
      status: 422,
      code: 42210000,
      message: 'order is already in "filled" state',
    });
  });

  it('shows after the acknowledgement when it was asked for before it', () => {
    const { core, events } = bench();
    const id = placed(core, limit('sell', PUT95, 1, 3), ten);
    core.cancel('a', id, ten + 5);
    core.advance(ten + 100);
    expect(events.map((e) => e.event)).toEqual(['new', 'pending_cancel', 'canceled']);
  });

  it('of an order nobody knows is not found', () => {
    expect(bench().core.cancel('a', 'no-such-id', ten)).toMatchObject({
      ok: false,
      status: 404,
      code: 40410000,
      message: 'order not found',
    });
  });

  it('of all orders asks for each open one', () => {
    const { core } = bench();
    const ids = [placed(core, limit('buy', 'ACME', 1, 90), ten), placed(core, limit('buy', 'FUND', 1, 40), ten)];
    expect(core.cancelAll('a', ten + 100)).toEqual(ids.map((id) => ({ id, result: { ok: true, value: null } })));
    core.advance(ten + 200);
    expect(ids.map((id) => core.order('a', id)?.status)).toEqual(['canceled', 'canceled']);
  });
});

describe('a package', () => {
  it('fills for a credit at the net of bids and asks, as a negative price', () => {
    const { core, events } = bench();
    const id = placed(core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 2, -0.7), ten);
    core.advance(ten + 50);
    expect(core.order('a', id)).toMatchObject({ status: 'filled', assetClass: '', symbol: '', side: '', filledCash: usd(-150) });
    expect(events.at(-1)?.execution).toMatchObject({ price: usd(-0.75), qty: 2, positionQtys: { [PUT95]: -2, [PUT90]: 2 } });
    expect(core.order('a', id)?.legs.map((leg) => [leg.filledQty, leg.filledCash])).toEqual([
      [2, usd(240)],
      [2, usd(90)],
    ]);
    expect(core.account('a', ten + 50).cash).toBe(usd(100_150));
  });

  it('does not fill for less credit than it asks', () => {
    const { core, events } = bench();
    placed(core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.8), ten);
    core.advance(ten + 60_000);
    expect(events.map((e) => e.event)).toEqual(['new']);
  });

  it('fills for a debit and closes again, leaving the spread of the market as the loss', () => {
    const { core } = bench();
    placed(core, mleg([`bto ${PUT95}`, `sto ${PUT90}`], 1, 0.85), ten);
    core.advance(ten + 50);
    expect(core.account('a', core.at).cash).toBe(usd(100_000 - 85));
    placed(core, mleg([`stc ${PUT95}`, `btc ${PUT90}`], 1, -0.75), ten + 100);
    core.advance(ten + 200);
    expect([core.account('a', core.at).cash, held(core)]).toEqual([usd(100_000 - 85 + 75), {}]);
  });
});

describe('time', () => {
  it('never goes back', () => {
    const { core } = bench();
    core.advance(ten + 500);
    core.advance(ten);
    expect(core.at).toBe(ten + 500);
    expect(core.submit('a', limit('buy', 'ACME', 1, 90), ten)).toMatchObject({ value: { submittedAt: ten + 500 } });
  });

  it('stops at own steps of orders, at open, close, night run and midnight', () => {
    const { core } = bench();
    placed(core, limit('buy', 'ACME', 1, 90), ten);
    const stops: number[] = [ten];
    for (let i = 0; i < 7; i++) stops.push(core.nextEvent(stops.at(-1) ?? 0));
    expect(stops.slice(1)).toEqual([
      ten + 10,
      at(MONDAY, 16),
      at(MONDAY, 16, 30),
      at('2026-03-03', 0),
      at('2026-03-03', 9, 30),
      at('2026-03-03', 16),
      at('2026-03-03', 16, 30),
    ]);
  });

  it('gives the same truth twice for the same calls', () => {
    const run = (): unknown => {
      const { core, events } = bench(quiet, { partialFills: true });
      for (let i = 0; i < 40; i++) core.submit('a', limit('buy', 'FUND', 10, 51), ten + i * 1_000);
      core.advance(at(MONDAY, 12));
      return [events, core.account('a', core.at)];
    };
    expect(run()).toEqual(run());
  });
});

describe('partial fills', () => {
  it('split about one order in ten, and the rest follows', () => {
    const { core, events } = bench(quiet, { partialFills: true, startingCash: usd(10_000_000) });
    for (let i = 0; i < 200; i++) placed(core, limit('buy', 'FUND', 10, 51), ten + i * 1_000);
    core.advance(at(MONDAY, 12));
    const parts = events.filter((e) => e.event === 'partial_fill');
    expect(parts.length).toBeGreaterThan(8);
    expect(parts.length).toBeLessThan(35);
    expect(parts.every((e) => e.order.filledQty > 0 && e.order.filledQty < 10)).toBe(true);
    expect(events.filter((e) => e.event === 'fill')).toHaveLength(200);
    expect(held(core)).toEqual({ FUND: 2_000 });
  });
});
