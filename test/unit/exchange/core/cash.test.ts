// Cash that moves without a trade: fees, interest, deposits and withdrawals, and the dividend of who is short.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import { type FeeSchedule, publishedFees } from '../../../../src/exchange/core/fee-rates.ts';
import { ratesOn } from '../../../../src/exchange/core/fees.ts';
import { allActivities, at, type Bench, bench, held, limit, MONDAY, market, PUT95, placed, quiet, shown, usd } from './scripted-market.ts';

const ten = at(MONDAY, 10);
const tuesday = at('2026-03-03', 0);
const rows = (b: Bench): unknown[] =>
  allActivities(b.core, b.core.at)
    .filter((row) => row.type !== 'FILL')
    .map((row) => [row.type, row.subType, shown(row.netAmount)]);
const cash = (b: Bench): number => shown(b.core.account('a', b.core.at).cash);
const schedule = (more: Partial<FeeSchedule>): FeeSchedule => ({ rates: [], interest: { debit: 0, credit: 0 }, ...more });

describe('fees', () => {
  it('of a day are booked as the next begins, each kind once, rounded up to the cent', () => {
    const b = bench(quiet, {
      fees: { ...publishedFees, rates: publishedFees.rates.map((r) => (r.fee === 'REG' ? { ...r, rate: 27_800 } : r)) },
    });
    placed(b.core, market('buy', 'ACME', 100), ten);
    placed(b.core, market('sell', 'ACME', 60), ten + 60_000);
    placed(b.core, market('sell', 'ACME', 40), ten + 120_000);
    placed(b.core, limit('sell', PUT95, 3, 1.2), ten + 180_000);
    b.core.advance(tuesday - 1);
    const before = cash(b);
    expect(rows(b)).toEqual([]);
    b.core.advance(tuesday);
    // Section 31: 27.80 a million of 9,998 + 360. TAF: 100 shares, 3 contracts. ORF and OCC: 3 contracts each.
    expect(rows(b)).toEqual([
      ['FEE', 'REG', -0.29],
      ['FEE', 'TAF', -0.03],
      ['FEE', 'ORF', -0.08],
      ['FEE', 'OCC', -0.08],
    ]);
    expect(cash(b)).toBeCloseTo(before - 0.48, 6);
    b.core.advance(at('2026-03-05', 12));
    expect(rows(b)).toHaveLength(4);
  });

  it('are capped for each execution, and none is charged for what is bought', () => {
    const b = bench(quiet, { fees: publishedFees, startingCash: usd(100_000_000) });
    placed(b.core, market('buy', 'ACME', 200_000), ten);
    b.core.advance(tuesday);
    expect(rows(b)).toEqual([]);
    placed(b.core, market('sell', 'ACME', 200_000), at('2026-03-03', 10));
    b.core.advance(at('2026-03-04', 0));
    expect(rows(b)).toContainEqual(['FEE', 'TAF', -9.79]);
  });

  it('are those of the day', () => {
    const on = (day: string, fee: string, of: string): number | undefined =>
      ratesOn(publishedFees, tradingDay(day)).find((rate) => rate.fee === fee && rate.of === of)?.rate;
    expect([on('2025-05-13', 'REG', 'shares'), on('2025-05-14', 'REG', 'shares')]).toEqual([27_800, 0]);
    expect([on('2025-12-31', 'TAF', 'contracts'), on('2026-01-01', 'TAF', 'contracts')]).toEqual([2_790_000, 3_290_000]);
    expect(on('2011-01-03', 'TAF', 'shares')).toBeUndefined();
  });

  it('are not charged unless they are asked for', () => {
    const b = bench();
    placed(b.core, market('buy', 'ACME', 10), ten);
    placed(b.core, market('sell', 'ACME', 10), ten + 60_000);
    b.core.advance(tuesday);
    expect(rows(b)).toEqual([]);
  });
});

describe('interest', () => {
  it('on borrowed cash runs up each night and is booked as the next month begins', () => {
    const b = bench(quiet, { fees: schedule({ interest: { debit: 72_000, credit: 36_000 } }) });
    placed(b.core, market('buy', 'ACME', 1_500), ten);
    b.core.advance(at('2026-03-31', 23));
    expect(rows(b)).toEqual([]);
    b.core.advance(at('2026-04-01', 0));
    // 50,000 borrowed at 7.2 % of 360 days: 10 a night, 30 nights.
    expect(rows(b)).toEqual([['INT', 'MGN', -300]]);
    expect(cash(b)).toBe(-50_300);
  });

  it('on cash leaves out what a short sale brought in', () => {
    // 109,998 less 9,999 owed in shares, at 3.6 % of 360 days, 30 nights: 299.997, of which whole cents are booked.
    const b = bench(quiet, { fees: schedule({ interest: { debit: 72_000, credit: 36_000 } }), lends: true });
    placed(b.core, market('sell', 'ACME', 100), ten);
    b.core.advance(at('2026-04-01', 0));
    expect(rows(b)).toEqual([['INT', 'CDT', 299.99]]);
  });

  it('survives in the account row until it is booked', () => {
    const b = bench(quiet, { fees: schedule({ interest: { debit: 100, credit: 0 } }) });
    placed(b.core, market('buy', 'ACME', 1_010), ten);
    b.core.advance(at('2026-04-01', 0));
    expect(rows(b)).toEqual([]);
    b.core.advance(at('2026-05-01', 0));
    expect(rows(b)).toEqual([['INT', 'MGN', -0.01]]);
  });
});

describe('a transfer', () => {
  it('moves cash at once and is shown at once', () => {
    const b = bench();
    expect(b.core.transfer('a', usd(2_500), ten)).toEqual({ ok: true, value: null });
    expect(b.core.transfer('a', -usd(1_000.5), ten + 1_000)).toEqual({ ok: true, value: null });
    expect(cash(b)).toBe(101_499.5);
    expect(rows(b)).toEqual([
      ['CSD', undefined, 2_500],
      ['CSW', undefined, -1_000.5],
    ]);
    expect(b.core.account('a', b.core.at).equity).toBe(usd(101_499.5));
  });

  it('takes out no more than is free of positions, collateral and orders', () => {
    const b = bench();
    placed(b.core, limit('sell', PUT95, 2, 1.2), ten);
    placed(b.core, limit('buy', 'ACME', 100, 90), ten + 1_000);
    const free = 100_000 + 240 - 19_000 - 9_000;
    expect(b.core.transfer('a', -usd(free + 0.01), ten + 2_000)).toMatchObject({
      ok: false,
      status: 403,
      message: 'insufficient cash to withdraw',
      extra: { available: free.toFixed(2) },
    });
    expect(b.core.transfer('a', -usd(free), ten + 3_000).ok).toBe(true);
  });

  it.each([0, 0.5, Number.NaN, 1e16])('of %d is refused', (amount) => {
    const b = bench();
    expect(b.core.transfer('a', amount, ten)).toMatchObject({ ok: false, status: 422 });
  });
});

describe('a dividend', () => {
  const day = tradingDay('2026-03-04');
  const script = { ...quiet, dividends: [{ symbol: 'ACME', exDay: day, payDay: day, perShare: usd(0.31) }] };
  it('is paid by who is short', () => {
    const b = bench(script, { lends: true });
    placed(b.core, market('sell', 'ACME', 100), ten);
    b.core.advance(at('2026-03-04', 6));
    expect([held(b.core), rows(b)]).toEqual([{ ACME: -100 }, [['DIV', undefined, -31]]]);
    expect(cash(b)).toBe(100_000 + 9_998 - 31);
  });
});
