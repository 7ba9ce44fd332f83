// The morning of a split: shares, orders, contracts, marks and the rows that say so.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import type { ShareSplit } from '../../../../src/exchange/market.ts';
import {
  allActivities,
  at,
  type Bench,
  bench,
  CALL105,
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
  usd,
} from './scripted-market.ts';

const EX = tradingDay('2026-03-04');
const ten = at(MONDAY, 10);
const midnight = at(EX, 0);
const halves: ShareSplit = { symbol: 'ACME', exDay: EX, from: 1, to: 2 };
const tenth: ShareSplit = { symbol: 'ACME', exDay: EX, from: 10, to: 1 };
const odd: ShareSplit = { symbol: 'ACME', exDay: EX, from: 2, to: 3 };
const [HALF_PUT, HALF_CALL] = ['ACME260306P00047500', 'ACME260306C00052500'];
const [PUT1, CALL1] = [PUT95.replace('ACME', 'ACME1'), CALL105.replace('ACME', 'ACME1')];

const splitting = (split: ShareSplit, more: Partial<Script> = {}): Script => {
  const ratio = split.to / split.from;
  const quotes = { ...quiet.quotes, ACME: [...(quiet.quotes['ACME'] ?? []), [midnight, 99.98 / ratio, 100 / ratio] as const] };
  const contracts = {
    [HALF_PUT]: [[midnight, 0.6, 0.63] as const],
    [HALF_CALL]: [[midnight, 0.5, 0.55] as const],
    [PUT1]: [[midnight, 1.2, 1.25] as const],
    [CALL1]: [[midnight, 1.1, 1.15] as const],
  };
  return { ...quiet, quotes: { ...quotes, ...contracts }, splits: [split], ...more };
};
const rows = (b: Bench): unknown[] =>
  allActivities(b.core, b.core.at)
    .filter((row) => row.type !== 'FILL')
    .map((row) => [row.type, row.subType, row.symbol, row.qty, shown(row.netAmount)]);
const figures = (b: Bench): readonly number[] => {
  const { cash, equity } = b.core.account('a', b.core.at);
  return [cash, equity];
};

describe('shares', () => {
  it('are multiplied at midnight, at the same cost and worth', () => {
    const b = bench(splitting(halves));
    placed(b.core, market('buy', 'ACME', 101), ten);
    b.core.advance(midnight - 1);
    const [cash, equity] = figures(b);
    const cost = b.core.positions('a', b.core.at)[0]?.cost;
    b.core.advance(midnight);
    expect([held(b.core), b.core.positions('a', midnight)[0]?.cost]).toEqual([{ ACME: 202 }, cost]);
    expect(figures(b)).toEqual([cash, equity]);
    expect(rows(b)).toEqual([['SPLIT', 'FSPLIT', 'ACME', 101, 0]]);
    expect(b.core.positions('a', midnight)[0]?.lastDayPrice).toBe(usd(49.995));
  });

  it('that are merged leave whole ones, and the fraction is paid at the last close', () => {
    const b = bench(splitting(tenth));
    placed(b.core, market('buy', 'ACME', 105), ten);
    b.core.advance(midnight - 1);
    const [cash = 0, equity] = figures(b);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ ACME: 10 });
    expect(figures(b)).toEqual([cash + usd(0.5 * 999.9), equity]);
    expect(rows(b)).toEqual([['SPLIT', 'RSPLIT', 'ACME', -95, 499.95]]);
    expect(b.core.positions('a', midnight)[0]?.cost).toBe(usd(10_000));
  });

  it('sold short are bought in for the fraction', () => {
    const b = bench(splitting(tenth), { lends: true });
    placed(b.core, market('sell', 'ACME', 15), ten);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ ACME: -1 });
    expect(rows(b)).toEqual([['SPLIT', 'RSPLIT', 'ACME', 14, -499.95]]);
  });

  it('that come to less than one are paid out', () => {
    const b = bench(splitting(tenth));
    placed(b.core, market('buy', 'ACME', 4), ten);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({});
    expect(b.core.account('a', midnight).cash).toBe(usd(100_000 - 400 + 399.96));
  });

  it('held as a fraction stay one, to nine decimals', () => {
    const b = bench(splitting({ ...odd, from: 3, to: 1 }));
    placed(b.core, market('buy', 'ACME', 0.5), ten);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ ACME: 0.166666666 });
  });
});

describe('open orders', () => {
  it('in the name and in its contracts are canceled; others live on', () => {
    const b = bench(splitting(halves));
    const share = placed(b.core, limit('buy', 'ACME', 10, 90, { timeInForce: 'gtc' }), ten);
    const put = placed(b.core, limit('sell', PUT95, 1, 3, { timeInForce: 'gtc' }), ten);
    const spread = placed(b.core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -3, { timeInForce: 'gtc' }), ten);
    const other = placed(b.core, limit('buy', 'FUND', 10, 40, { timeInForce: 'gtc' }), ten);
    const queued = placed(b.core, limit('buy', 'ACME', 10, 91), at('2026-03-03', 17));
    b.core.advance(midnight);
    const statuses = [share, put, spread, queued, other].map((id) => b.core.order('a', id)?.status);
    expect(statuses).toEqual(['canceled', 'canceled', 'canceled', 'canceled', 'new']);
    expect(b.core.account('a', midnight).buyingPower).toBe(2 * usd(100_000) - usd(400));
  });
});

describe('contracts', () => {
  it('become twice as many at half the strike', () => {
    const b = bench(splitting(halves));
    placed(b.core, market('buy', 'ACME', 200), ten);
    placed(b.core, limit('sell', PUT95, 1, 1.2), ten);
    placed(b.core, limit('sell', CALL105, 2, 1.1), ten + 1_000);
    b.core.advance(at('2026-03-03', 17));
    const before = b.core.account('a', b.core.at);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ ACME: 400, [HALF_PUT]: -2, [HALF_CALL]: -4 });
    const { cash, optionsBuyingPower } = b.core.account('a', midnight);
    expect([cash, optionsBuyingPower]).toEqual([before.cash, before.optionsBuyingPower]);
    expect(b.core.positions('a', midnight)[0]?.available).toBe(0);
    expect(rows(b)).toEqual(
      expect.arrayContaining([
        ['OPCA', 'SPLIT.FSPLIT', CALL105, 2, 0],
        ['OPCA', 'SPLIT.FSPLIT', HALF_CALL, -4, 0],
        ['OPCA', 'SPLIT.FSPLIT', PUT95, 1, 0],
        ['OPCA', 'SPLIT.FSPLIT', HALF_PUT, -2, 0],
        ['SPLIT', 'FSPLIT', 'ACME', 200, 0],
      ]),
    );
    expect(rows(b)).toHaveLength(5);
  });

  it('whose neighbour takes their old name are not mixed up', () => {
    const LOW = 'ACME260306P00045000';
    const LOWER = 'ACME260306P00022500';
    const script = splitting(halves);
    const quotes = { ...script.quotes, [LOW]: [[0, 0.1, 0.12] as const], [LOWER]: [[midnight, 0.01, 0.02] as const] };
    const b = bench({ ...script, quotes });
    placed(b.core, limit('buy', PUT90, 3, 0.45), ten);
    placed(b.core, limit('buy', LOW, 5, 0.12), ten);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ [LOW]: 6, [LOWER]: 10 });
  });

  it('keep count and strike otherwise, deliver other shares, and can only be closed', () => {
    const b = bench(splitting(tenth, { closes: { 'ACME 2026-03-06': 900 } }));
    placed(b.core, limit('sell', PUT95, 2, 1.2), ten);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ [PUT1]: -2 });
    // Ten new shares at most 950 dollars each stand behind a contract.
    expect(b.core.account('a', midnight).optionsBuyingPower).toBe(usd(100_000 + 240 - 19_000));
    const more = b.core.submit('a', limit('sell', PUT1, 1, 1.2), at(EX, 10));
    expect(more).toMatchObject({ ok: false, status: 403, message: `contract "${PUT1}" is adjusted: positions in it can only be closed` });
    placed(b.core, limit('buy', PUT1, 1, 1.25), at(EX, 10));
    b.core.advance(at('2026-03-07', 6));
    expect(held(b.core)).toEqual({ ACME: 10 });
    expect(b.core.account('a', b.core.at).cash).toBe(usd(100_000 + 240 - 125 - 9_500));
  });

  it('that cover one another still do, and shares that covered them', () => {
    const b = bench(splitting(odd));
    placed(b.core, market('buy', 'ACME', 100), ten);
    placed(b.core, limit('sell', CALL105, 1, 1.1), ten + 1_000);
    b.core.advance(midnight);
    expect(held(b.core)).toEqual({ ACME: 150, [CALL1]: -1 });
    expect(b.core.positions('a', midnight).find((p) => p.symbol === 'ACME')?.available).toBe(0);
    expect(b.core.account('a', midnight).optionsBuyingPower).toBe(b.core.account('a', midnight).cash);
  });

  it('are exercised for what they deliver', () => {
    const b = bench(splitting(tenth, { closes: { 'ACME 2026-03-06': 1_100 } }));
    placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
    b.core.advance(at('2026-03-07', 6));
    expect(held(b.core)).toEqual({ ACME: 10 });
    expect(b.core.account('a', b.core.at).cash).toBe(usd(100_000 - 115 - 10_500));
  });
});
