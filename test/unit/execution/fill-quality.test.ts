// S-25: slippage is what the cash says against the market an order was sent into, with its sign; it cannot be zero by construction.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price } from '../../../src/domain/money.ts';
import { fillQuality, packageFills } from '../../../src/execution/fill-quality.ts';
import { executed, instant, LONG_PUT, placed, putSpread, quoted, SHORT_PUT, unquoted } from './placed.ts';

const HEARD = instant(13, 1_105.5);
/** One execution of all of it. */
const of = (order: ReturnType<typeof placed>, units: number, ...prices: readonly number[]) =>
  fillQuality({ ...order, executions: prices.map((dollars, legNo) => executed(order, legNo, units, dollars, HEARD)) })[0];

describe('an execution against the mid at which it was sent', () => {
  // SPY 500.00 to 500.04, so the mid is 500.02, the half spread two cents; ten shares.
  it.each([
    ['a buy at the ask pays the half spread', 'buy', 500.04, -0.2, -0.4, 1, 0],
    ['a buy above the ask pays more than that', 'buy', 500.1, -0.8, -1.6, 4, -0.6],
    ['a buy at the mid pays nothing', 'buy', 500.02, 0, 0, 0, 0.2],
    ['a buy at the bid is paid it', 'buy', 500, 0.2, 0.4, -1, 0.4],
    ['a sale at the bid pays the half spread', 'sell', 500, -0.2, -0.4, 1, 0],
    ['a sale below the bid pays more than that', 'sell', 499.9, -1.2, -2.4, 6, -1],
    ['a sale at the ask is paid it', 'sell', 500.04, 0.2, 0.4, -1, 0.4],
  ] as const)('%s', (_name, side, paid, slippage, bps, part, improvement) => {
    const found = of(placed({ side }), 10, paid);
    expect(found).toMatchObject({
      units: 10,
      against: 'arrival',
      arrivalMid: side === 'buy' ? 500_020_000 : -500_020_000,
      spread: 40_000,
      why: null,
    });
    expect((found?.slippage ?? Number.NaN) / 1e6).toBeCloseTo(slippage, 9);
    expect(found?.slippageBps).toBeCloseTo((bps * 500) / 500.02, 9);
    expect(found?.spreadPaid).toBeCloseTo(part, 9);
    expect((found?.improvement ?? Number.NaN) / 1e6).toBeCloseTo(improvement, 9);
    expect(found?.price).toBeCloseTo((side === 'buy' ? 1 : -1) * paid * 1e6, 3);
  });

  it('of a package is its net price against its net mid', () => {
    // Sold 3.00 to 3.10, bought 2.00 to 2.08: a credit of 1.01 at the mids, of 0.92 when the market is taken. Two of them at 0.95.
    const quotes = [quoted('SPY', 500, 500.04), quoted(SHORT_PUT, 3, 3.1, 10), quoted(LONG_PUT, 2, 2.08, 90)];
    const found = of(placed({ legs: putSpread, quotes, firstQuotes: quotes }), 2, 3.01, 2.06);
    expect(found).toMatchObject({ units: 2, price: -950_000, arrivalMid: -1_010_000, spread: 180_000, quoteAgeMs: 90 });
    expect((found?.slippage ?? Number.NaN) / 1e6).toBeCloseTo(-(1.01 - 0.95) * 200, 9);
    expect(found?.slippageBps).toBeCloseTo((-10_000 * 0.06) / 1.01, 9);
    expect(found?.spreadPaid).toBeCloseTo(0.06 / 0.09, 9);
    expect((found?.improvement ?? Number.NaN) / 1e6).toBeCloseTo((0.95 - 0.92) * 200, 9);
  });

  it('of a debit package costs where more was paid than the mids', () => {
    const quotes = [quoted(SHORT_PUT, 3, 3.1), quoted(LONG_PUT, 2, 2.08)];
    const back = putSpread.map((l) => ({ ...l, side: l.side === 'buy' ? 'sell' : 'buy' })) as unknown as typeof putSpread;
    const found = of(placed({ legs: back, quotes, firstQuotes: quotes }), 1, 3.08, 2.02);
    expect(found).toMatchObject({ price: 1_060_000, arrivalMid: 1_010_000 });
    expect((found?.slippage ?? Number.NaN) / 1e6).toBeCloseTo(-5, 9);
  });

  it('counts each leg as often as its ratio says', () => {
    const [sold, bought] = putSpread;
    const legs = [sold, { ...(bought ?? sold), ratio: 2 }] as const;
    const quotes = [quoted(SHORT_PUT, 3, 3.1), quoted(LONG_PUT, 2, 2.08)];
    const order = placed({ legs, quotes });
    const executions = [executed(order, 0, 1, 3, HEARD), executed(order, 1, 2, 2.08, HEARD)];
    expect(fillQuality({ ...order, executions })).toMatchObject([
      { units: 1, arrivalMid: 1_030_000, price: 1_160_000, slippage: -13_000_000, improvement: 0 },
    ]);
  });

  it('of a stop is measured by the price that set it off, not by the market of days before', () => {
    const order = placed({ side: 'sell', type: 'stop', stop: price(450_000_000), purpose: 'P' });
    expect(of(order, 4, 449.25)).toMatchObject({
      against: 'stop',
      slippage: -3_000_000,
      arrivalMid: null,
      decisionMid: null,
      spread: null,
      spreadPaid: null,
      improvement: null,
      why: null,
    });
  });

  it('tells the mid of its own rung from that of the decision', () => {
    const found = of(placed({ firstQuotes: [quoted('SPY', 499, 499.02)] }), 1, 500.04);
    expect(found).toMatchObject({ decisionMid: 499_010_000, arrivalMid: 500_020_000, slippage: -20_000 });
  });

  it.each([
    ['a side was missing', [unquoted('SPY')], 'SPY had no market when it was decided'],
    ['the market of another name alone was kept', [quoted('QQQ', 1, 2)], 'SPY is not in the market of the decision'],
    ['nothing was kept', null, 'the market of the decision was not kept'],
  ] as const)('is not known where %s, and is not zero', (_name, quotes, why) => {
    expect(of(placed({ quotes }), 1, 500)).toMatchObject({
      slippage: null,
      slippageBps: null,
      spreadPaid: null,
      improvement: null,
      arrivalMid: null,
      why,
    });
  });

  it('has no part of the value where the mid is nothing, nor of the spread where there is none', () => {
    const even = [quoted(SHORT_PUT, 2, 2.1), quoted(LONG_PUT, 2, 2.1)];
    expect(of(placed({ legs: putSpread, quotes: even }), 1, 2, 2.05)).toMatchObject({
      arrivalMid: 0,
      slippage: -5_000_000,
      slippageBps: null,
    });
    expect(of(placed({ quotes: [quoted('SPY', 500, 500)] }), 1, 500.01)).toMatchObject({ slippage: -10_000, spreadPaid: null });
  });

  it('is the same for a buyer and a seller of the same error, whatever the market', () => {
    const cents = fc.integer({ min: 1, max: 50_000 });
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: 1, max: 500 }),
        (bid, width, off, n) => {
          const mid = (2 * bid + width) / 200;
          fc.pre(mid + off / 100 > 0);
          const quotes = [quoted('SPY', bid / 100, (bid + width) / 100)];
          const [buy, sell] = (['buy', 'sell'] as const).map((side) =>
            of(placed({ side, quotes }), n, mid + ((side === 'buy' ? 1 : -1) * off) / 100),
          );
          expect(buy?.slippage).toBe(off === 0 ? 0 : Math.round(-off * n * 10_000));
          if (mid - off / 100 > 0) expect(sell?.slippage).toBe(buy?.slippage);
        },
      ),
    );
  });
});

describe('the way of an order', () => {
  it('is timed by the clock of the machine: decided, sent, acknowledged, filled', () => {
    expect(of(placed(), 1, 500)).toMatchObject({ decideToSubmitMs: 4, submitToAckMs: 41, ackToFillMs: 60.5 });
  });
  it('has no duration over a restart, nor where one end is not known', () => {
    const order = placed({ acknowledged: instant(12, 3, 2), decided: null });
    expect(of(order, 1, 500)).toMatchObject({ decideToSubmitMs: null, submitToAckMs: null, ackToFillMs: null });
  });
});

describe('executions of a package', () => {
  it('are one for each turn that completed some', () => {
    const order = placed();
    const executions = [executed(order, 0, 2, 500, instant(13, 1_100)), executed(order, 0, 3, 501, instant(14, 1_200))];
    expect(packageFills({ ...order, executions })).toEqual([
      { heard: instant(13, 1_100), units: 2, cash: -1_000_000_000 },
      { heard: instant(14, 1_200), units: 3, cash: -1_503_000_000 },
    ]);
  });
  it('wait for all legs, and take their cash together', () => {
    const order = placed({ legs: putSpread });
    const first = executed(order, 0, 1, 3, instant(13, 1_100));
    expect(packageFills({ ...order, executions: [first] })).toEqual([]);
    const executions = [first, executed(order, 1, 1, 2, instant(14, 1_200))];
    expect(packageFills({ ...order, executions })).toEqual([{ heard: instant(14, 1_200), units: 1, cash: 100_000_000 }]);
  });
});
