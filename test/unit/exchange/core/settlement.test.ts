// Nights: expiry, exercise, assignment, dividends, and the statement rows they leave.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import type { XActivity } from '../../../../src/exchange/types.ts';
import {
  allActivities,
  at,
  type Bench,
  bench,
  CALL105,
  CALL110,
  held,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  placed,
  quiet,
  type Script,
  shown,
  stop,
  usd,
} from './scripted-market.ts';

const FRIDAY = '2026-03-06';
const ten = at(MONDAY, 10);
const night = at(FRIDAY, 16, 30);
const morning = at('2026-03-07', 6);

const closing = (price: number, more: Partial<Script> = {}): Script => ({ ...quiet, closes: { [`ACME ${FRIDAY}`]: price }, ...more });
const brief = (row: XActivity): unknown[] => [
  row.type,
  row.symbol,
  row.qty,
  row.price === null ? null : shown(row.price),
  shown(row.netAmount),
];
const nightRows = (b: Bench, instant: number): unknown[] =>
  allActivities(b.core, instant)
    .filter((row) => row.type !== 'FILL')
    .map(brief);

describe('a short put', () => {
  it('is assigned when it ends a cent in the money: shares in, strike out, rows the next morning', () => {
    const b = bench(closing(94.99));
    placed(b.core, limit('sell', PUT95, 2, 1.1), ten);
    b.core.advance(night - 1);
    expect(held(b.core)).toEqual({ [PUT95]: -2 });
    const streamed = b.events.length;
    b.core.advance(night);
    expect(held(b.core)).toEqual({ ACME: 200 });
    expect(b.core.account('a', night).cash).toBe(usd(100_000 + 240 - 19_000));
    expect(b.core.positions('a', night)[0]?.cost).toBe(usd(19_000));
    expect(b.events).toHaveLength(streamed);
    expect(nightRows(b, morning - 1)).toEqual([]);
    b.core.advance(morning);
    expect(nightRows(b, morning)).toEqual([
      ['OPASN', PUT95, 2, 0, 0],
      ['OPTRD', 'ACME', 200, 95, -19_000],
    ]);
    const rows = allActivities(b.core, morning).slice(-2);
    expect(rows.map((row) => row.id.slice(0, 19))).toEqual(['20260307000000000::', '20260307000000000::']);
    expect(new Set(rows.map((row) => row.groupId)).size).toBe(1);
    expect(rows.map((row) => row.day)).toEqual([FRIDAY, FRIDAY]);
  });

  it('expires when it ends at the strike', () => {
    const b = bench(closing(95));
    placed(b.core, limit('sell', PUT95, 2, 1.1), ten);
    b.core.advance(morning);
    expect([held(b.core), nightRows(b, morning)]).toEqual([{}, [['OPEXP', PUT95, 2, 0, 0]]]);
    expect(b.core.account('a', morning).optionsBuyingPower).toBe(usd(100_240));
  });

  it('waits for a close that is not known yet', () => {
    const b = bench(quiet);
    placed(b.core, limit('sell', PUT95, 1, 1.1), ten);
    b.core.advance(at('2026-03-09', 9));
    expect(held(b.core)).toEqual({ [PUT95]: -1 });
  });
});

describe('a call', () => {
  it('that is covered is assigned against the shares', () => {
    const b = bench(closing(106));
    placed(b.core, market('buy', 'ACME', 150), ten);
    placed(b.core, limit('sell', CALL105, 1, 1), ten + 100);
    b.core.advance(morning);
    expect([held(b.core), nightRows(b, morning)]).toEqual([
      { ACME: 50 },
      [
        ['OPASN', CALL105, 1, 0, 0],
        ['OPTRD', 'ACME', -100, 105, 10_500],
      ],
    ]);
    expect(b.core.positions('a', morning)[0]?.cost).toBe(usd(5_000));
  });

  it('that is long is exercised as far as cash reaches, and the rest expires', () => {
    const b = bench(closing(106), { startingCash: usd(15_000) });
    placed(b.core, limit('buy', CALL105, 2, 1.15), ten);
    b.core.advance(morning);
    expect(nightRows(b, morning)).toEqual([
      ['OPEXC', CALL105, -1, 0, 0],
      ['OPTRD', 'ACME', 100, 105, -10_500],
      ['OPEXP', CALL105, -1, 0, 0],
    ]);
  });

  it('spread wholly in the money loses its width and leaves no shares', () => {
    const b = bench(closing(120));
    placed(b.core, mleg([`sto ${CALL105}`, `bto ${CALL110}`], 1, -0.75), ten);
    b.core.advance(morning);
    expect(held(b.core)).toEqual({});
    expect(b.core.account('a', morning).cash).toBe(usd(100_000 + 75 - 500));
  });
});

it('a put spread wholly in the money delivers the assigned shares into the long put', () => {
  const b = bench(closing(80), { startingCash: usd(1_000) });
  placed(b.core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7), ten);
  b.core.advance(morning);
  expect([held(b.core), b.core.account('a', morning).cash]).toEqual([{}, usd(1_000 + 75 - 500)]);
});

it('a cash-settled contract pays its intrinsic value', () => {
  const b = bench(closing(92.5, { cashSettled: [PUT95] }));
  placed(b.core, limit('buy', PUT95, 3, 1.25), ten);
  b.core.advance(morning);
  expect(nightRows(b, morning)).toEqual([['OPCSH', PUT95, -3, 2.5, 750]]);
  expect(b.core.account('a', morning).cash).toBe(usd(100_000 - 375 + 750));
});

describe('early assignment', () => {
  const spent: Script = {
    quotes: { ...quiet.quotes, ACME: [[0, 79.98, 80]], [PUT95]: [[0, 15, 15.02]] },
    closes: { [`ACME ${MONDAY}`]: 79.99 },
  };
  it.each([
    [{ numerator: 1, denominator: 1 }, { ACME: 100 }],
    [{ numerator: 0, denominator: 1 }, { [PUT95]: -1 }],
  ])('of a put without time value follows the chance given: %o', (earlyPerNight, expected) => {
    const b = bench(spent, { assignment: { earlyPerNight } });
    placed(b.core, limit('sell', PUT95, 1, 15), ten);
    b.core.advance(at(MONDAY, 17));
    expect(held(b.core)).toEqual(expected);
  });

  it('cancels the order that would have closed what is gone', () => {
    const b = bench(spent, { assignment: { earlyPerNight: { numerator: 1, denominator: 1 } } });
    placed(b.core, limit('sell', PUT95, 1, 15), ten);
    const id = placed(b.core, limit('buy', PUT95, 1, 5, { timeInForce: 'gtc' }), ten + 1_000);
    b.core.advance(at(MONDAY, 17));
    expect(b.core.order('a', id)).toMatchObject({ status: 'canceled', canceledAt: at(MONDAY, 16, 30) });
  });

  it('does not strike a put that still has time value', () => {
    const b = bench(
      { ...spent, quotes: { ...spent.quotes, [PUT95]: [[0, 15.5, 15.6]] } },
      { assignment: { earlyPerNight: { numerator: 1, denominator: 1 } } },
    );
    placed(b.core, limit('sell', PUT95, 1, 15), ten);
    b.core.advance(at(MONDAY, 17));
    expect(held(b.core)).toEqual({ [PUT95]: -1 });
  });

  it.each([
    [2, {}],
    [0.5, { ACME: 100, [CALL105]: -1 }],
  ])('takes a call before an ex-date when the dividend of %d exceeds its time value', (perShare, expected) => {
    const exDay = tradingDay('2026-03-03');
    const b = bench({
      quotes: { ...quiet.quotes, ACME: [[0, 109.98, 110]], [CALL105]: [[0, 6, 6.05]] },
      closes: { [`ACME ${MONDAY}`]: 110 },
      dividends: [{ symbol: 'ACME', exDay, payDay: exDay, perShare: usd(perShare) }],
    });
    placed(b.core, market('buy', 'ACME', 100), ten);
    placed(b.core, limit('sell', CALL105, 1, 6), ten + 100);
    b.core.advance(at(MONDAY, 17));
    expect(held(b.core)).toEqual(expected);
  });
});

it('a dividend is paid to who holds the shares as its ex-date begins', () => {
  const exDay = tradingDay('2026-03-03');
  const b = bench({ ...quiet, dividends: [{ symbol: 'ACME', exDay, payDay: exDay, perShare: usd(0.25) }] });
  placed(b.core, market('buy', 'ACME', 10), ten);
  b.core.advance(at('2026-03-03', 6));
  expect(nightRows(b, b.core.at)).toEqual([['DIV', 'ACME', 10, 0.25, 2.5]]);
  expect(b.core.account('a', b.core.at).cash).toBe(usd(100_000 - 1_000 + 2.5));
});

it('equity of the close becomes last equity at midnight', () => {
  const b = bench({
    quotes: {
      ...quiet.quotes,
      ACME: [
        [0, 99.98, 100],
        [at(MONDAY, 15), 110, 110.02],
      ],
    },
  });
  placed(b.core, market('buy', 'ACME', 100), ten);
  b.core.advance(at(MONDAY, 23, 59));
  expect(b.core.account('a', b.core.at).lastEquity).toBe(usd(100_000));
  b.core.advance(at('2026-03-03', 0));
  expect(b.core.account('a', b.core.at).lastEquity).toBe(usd(100_000 - 10_000 + 11_001));
  expect(b.core.positions('a', b.core.at)[0]?.lastDayPrice).toBe(usd(110.01));
});

it('a resting sale of shares ends when the shares are called away under it', () => {
  const b = bench(closing(106));
  placed(b.core, market('buy', 'ACME', 100), ten);
  const id = placed(b.core, stop('sell', 'ACME', 100, 85), ten + 100);
  placed(b.core, mleg([`sto ${CALL105}`, `bto ${CALL110}`], 1, -0.7), ten + 200);
  b.core.advance(morning);
  expect([b.core.order('a', id)?.status, held(b.core)]).toEqual(['canceled', {}]);
  expect(b.core.account('a', morning).cash).toBe(usd(100_000 - 10_000 + 75 + 10_500));
});
